"""A correction as a labelled example, for whoever learns from it or measures with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from eakte.domain.facts import FactKind
from eakte.domain.pages import PageText


class ExampleKind(StrEnum):
    """What was corrected of a document as a whole; facts have their own kinds (`FactKind`)."""

    SCHLAGWORT = "schlagwort"
    CASE_FILE = "case_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledExample:
    """A document as a person labelled it, with nothing in it that names anybody.

    ``label`` is right, ``suggested`` what the machine said with ``score`` (0..1). Of a case file
    both are places among the candidates (``1``, ``2``, ``other``, ``none``), never a number. Of a
    fact they say whether there is one; ``places`` where on the pages the machine saw it (with rule
    and score) and where the right one stands (``right``), in fractions of the page.
    ``rule_version`` are the rules that suggested it, None where they had no version yet.
    """

    id: str
    kind: ExampleKind | FactKind
    pages: tuple[PageText, ...]
    label: str
    suggested: str
    score: float
    rule_version: int | None
    delete_after: date
    places: tuple[dict[str, Any], ...] = ()

"""What is made of a file before and after its pages are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eakte.domain.pages import Remark

MAIL_BODY = "E-Mail"
"""Name of the first part of a source that is a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of a source: a mail's body, an attachment, a member of an archive.

    ``first_page`` and ``last_page`` count the reading copy's pages from 1; None where the part has
    no pages there.  ``sha256`` is that of the part's own bytes, None where they are not at hand.
    ``problem`` is the sentence that says why it could not be shown.
    """

    name: str
    first_page: int | None = None
    last_page: int | None = None
    sha256: str | None = None
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``sources.parts`` keeps it."""
        return {
            "name": self.name,
            "first_page": self.first_page,
            "last_page": self.last_page,
            "sha256": self.sha256,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file made ready for reading.

    ``reading`` is the PDF that is read in its place, None where the file itself has pages.
    """

    page_count: int
    reading: Path | None = None
    parts: tuple[Part, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file out of an archive: where its bytes lie, or (code, sentence) why they do not.

    ``name`` is what the archive calls it, for showing only.
    """

    name: str
    size: int
    path: Path | None = None
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """The members of an archive in its order, and what was left out of it."""

    members: tuple[Member, ...]
    remarks: tuple[Remark, ...] = ()

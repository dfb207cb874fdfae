"""A finding is a suggestion with its evidence; nothing is decided without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from eakte.domain.pages import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why: the rule, the words it saw, and where.

    ``page`` counts the document's kept pages from 1; ``boxes`` has one box a line of text.
    """

    rule: str
    page: int
    words: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchlagwortFinding:
    """A suggested Schlagwort with a score (0..1) and the pages (from 1) it was seen on."""

    schlagwort: str
    score: float
    pages: tuple[int, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileCandidate:
    """A case file that fits, with the facts that agree.

    ``facts`` are the independent kinds that agree (``number``, ``customer_number``, ``name``,
    ``birth_date``, ``address``, ...); ``contradictions`` are sentences for the desk.
    """

    case_file_id: str
    aktenzeichen: str
    score: float
    facts: frozenset[str]
    evidence: tuple[Evidence, ...]
    person_ids: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileFinding:
    """Whose it is: ``chosen`` is None below certainty; then the desk sees the candidates.

    ``overruled`` are case files that it named and out of which a person took the document
    (Fehlablage); they are neither chosen nor among the candidates any more.
    """

    chosen: CaseFileCandidate | None
    candidates: tuple[CaseFileCandidate, ...] = ()
    reason: str = ""
    overruled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFinding:
    """A period that the document starts; ``reason`` explains the computation in words.

    ``ours``: the authority has something to do by its end, so that it is worth a reminder.
    """

    rule: str
    starts: date
    ends: date
    reason: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFinding:
    """A receipt stamp: the day it shows, and whether it is this authority's (``here``).

    It only proposes; the day of receipt is changed by a person.
    """

    day: date
    here: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Name and address as read from an application form, for a provisional file."""

    first_name: str
    last_name: str
    postcode: str
    street: str = ""
    city: str = ""
    birth_date: date | None = None
    evidence: tuple[Evidence, ...] = field(default=())

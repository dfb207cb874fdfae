"""What the screens of misfiled documents are handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RightFile:
    """The file where it belongs, by two facts: its number, and somebody's surname or birth date."""

    aktenzeichen: str
    last_name: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MisfiledForm:
    """What is about to be taken out of where."""

    document_id: str
    version: int
    title: str
    aktenzeichen: str
    received: date
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """Somebody who opened the document while it stood in the wrong file."""

    login: str
    name: str
    first: datetime
    last: datetime
    times: int
    downloads: int
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MisfiledLine:
    """A report in the list; ``left`` is the time until ``report_until``."""

    id: str
    title: str
    aktenzeichen: str
    found_at: datetime
    report_until: datetime
    left: timedelta
    reported_by: str
    seen_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MisfiledReport:
    """All that the notice to the data-protection officer says; no client's name.

    ``right_number`` is empty while it lies at the clearing desk. ``closed`` marks data of special
    categories (a closed SubFile). ``undone`` counts what went with it by kind.
    """

    id: str
    document_id: str
    title: str
    sub_file: str
    closed: bool
    pages: int
    aktenzeichen: str
    right_number: str
    since: datetime
    found_at: datetime
    report_until: datetime
    left: timedelta
    reported_by: str
    reason: str
    seen: tuple[SeenBy, ...]
    lay_with: tuple[str, ...]
    undone: Mapping[str, int] = field(default_factory=dict)

"""Wiedervorlagen as rows: overdue, due today, coming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.views import ReminderView
from web.presenters import german


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """One Wiedervorlage: what comes back, when, on whose desk."""

    id: str
    version: int
    url: str
    document_id: str
    title: str
    whose: str
    number: str
    due: str
    due_iso: str
    when: str
    overdue: bool
    is_due: bool
    note: str
    made_by: str
    desk: str
    deputy_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderGroup:
    """Those that are overdue, due today or coming."""

    title: str
    rows: tuple[ReminderRow, ...]


def row(one: ReminderView, *, desk: bool = True) -> ReminderRow:
    """A row; ``desk``: says whose it is where it is not the reader's own."""
    return ReminderRow(
        id=one.id,
        version=one.version,
        url=f"/postkorb/{quote(one.desk)}?dokument={one.document_id}",
        document_id=one.document_id,
        title=one.title,
        whose="; ".join(one.people) or "ohne Person",
        number=one.aktenzeichen or "noch ohne Akte",
        due=german.day(one.due),
        due_iso=one.due.isoformat(),
        when=_when(one.days),
        overdue=one.days < 0,
        is_due=one.days <= 0,
        note=one.note,
        made_by=one.made_by,
        desk="" if one.own or one.deputy_for or not desk else one.desk_title,
        deputy_for=one.deputy_for or "",
    )


def _when(days: int) -> str:
    if days == 0:
        return "heute"
    if days == -1:
        return "seit gestern"
    if days == 1:
        return "morgen"
    return f"seit {-days} Tagen" if days < 0 else f"in {days} Tagen"


def groups(listed: Iterable[ReminderView]) -> tuple[ReminderGroup, ...]:
    """Overdue first, then today's, then what comes; without empty ones."""
    known = list(listed)
    parts = (
        ("Überfällig", [one for one in known if one.days < 0]),
        ("Heute fällig", [one for one in known if one.days == 0]),
        ("Später", [one for one in known if one.days > 0]),
    )
    return tuple(
        ReminderGroup(title=title, rows=tuple(row(one) for one in part))
        for title, part in parts
        if part
    )

"""Who is away when: rows of absences, for those who may know and enter them.

Everybody their own; a lead (and who stands in for the lead) those of the teams' members; the
administration everybody's.  That somebody is away today is no secret and asked elsewhere
(``Organisation``); the dates of all absences are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eakte.domain.absences import Span
from eakte.domain.rights import Reader, Role
from eakte.models import Absence, Caseworker


def cares_for(reader: Reader, login: str) -> bool:
    """Whether ``reader`` may see and enter the absences of ``login``."""
    return (
        reader.login == login
        or reader.has_role(Role.ADMINISTRATOR)
        or any(login in point.colleagues for point in reader.standpoints)
    )


def led_by(reader: Reader) -> frozenset[str]:
    """The members of the teams that ``reader`` leads today."""
    return frozenset(login for point in reader.standpoints for login in point.colleagues)


def in_whose_place(reader: Reader, login: str) -> str | None:
    """The absent lead whose right it is that ``reader`` uses; None where it is the reader's own."""
    if reader.login == login or reader.has_role(Role.ADMINISTRATOR):
        return None
    leads = [point.login for point in reader.standpoints if login in point.colleagues]
    return None if not leads or reader.login in leads else leads[0]


class Absences:
    """Rows of ``absences`` within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(self, reader: Reader, logins: Iterable[str], since: date) -> Sequence[Absence]:
        """What is not over before ``since``, of those of ``logins`` that ``reader`` cares for."""
        known = [login for login in dict.fromkeys(logins) if cares_for(reader, login)]
        return self.session.scalars(
            select(Absence)
            .where(Absence.login.in_(known), or_(Absence.ends.is_(None), Absence.ends >= since))
            .order_by(Absence.login, Absence.starts, Absence.origin)
        ).all()

    def spans(
        self, reader: Reader, logins: Iterable[str], since: date
    ) -> dict[str, tuple[Span, ...]]:
        """The same as spans by login, as they stand in the rows."""
        answer: dict[str, list[Span]] = {}
        for row in self.rows(reader, logins, since):
            answer.setdefault(row.login, []).append(Span(row.starts, row.ends))
        return {login: tuple(spans) for login, spans in answer.items()}

    def beginning(self, reader: Reader, today: date) -> Sequence[Absence]:
        """Absences that last today and whose beginning nobody noted yet (for the worker)."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Absence)
            .where(
                Absence.begun_on.is_(None),
                Absence.starts <= today,
                or_(Absence.ends.is_(None), Absence.ends >= today),
            )
            .order_by(Absence.login, Absence.starts)
        ).all()

    def lock(self, reader: Reader, login: str) -> Caseworker | None:
        """The caseworker, locked until the transaction ends; None where it is none of ours.

        Two who enter an absence for the same person at the same moment follow each other.
        """
        if not cares_for(reader, login):
            return None
        return self.session.scalar(
            select(Caseworker).where(Caseworker.login == login).with_for_update()
        )

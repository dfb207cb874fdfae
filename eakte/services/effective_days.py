"""What is planned to count from a day on, and is made to count when that day has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotPermitted
from eakte.repositories.database import Database, EakteSession

FAR_OFF = timedelta(days=366)
"""Nobody plans further ahead."""
_CALENDAR = system_reader("responsibilities")

Plan = TypeVar("Plan")
Plan_co = TypeVar("Plan_co", covariant=True)


class Plans(Protocol[Plan_co]):
    """Rows of plans; `due` gives those whose day has come, locked where they are to be applied."""

    def due(self, reader: Reader, today: date, *, lock: bool = False) -> Sequence[Plan_co]:
        """For the system alone, in the order in which they count."""
        ...


def require_worker(reader: Reader) -> None:
    """Raises ``NotPermitted`` for people: the change of the day is the worker's alone."""
    if not reader.is_system:
        raise NotPermitted("Das tut nur die Verarbeitung.")


def apply_due(
    database: Database,
    reader: Reader,
    plans: Callable[[EakteSession], Plans[Plan]],
    apply: Callable[[EakteSession, Reader, Plan], None],
) -> int:
    """The worker's part at the day's change: what is due counts from now on; how many.

    A day on which nothing is due costs no writing. Raises ``NotPermitted`` for people.
    """
    require_worker(reader)
    today = database.clock.today()
    with database.read() as session:
        if not plans(session).due(_CALENDAR, today):
            return 0
    with database.write() as session:
        due = plans(session).due(_CALENDAR, today, lock=True)
        for plan in due:
            apply(session, reader, plan)
        return len(due)

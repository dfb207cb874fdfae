"""Who answers for which files: counted for those who lead, changed by services that ask who may.

Numbers, ids and logins; no names of clients leave here but to the system itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    ExcludedLogin,
    Handover,
    LocalChange,
    Membership,
    PersonRow,
    PostboxEntry,
    Responsibility,
)
from eakte.repositories.absences import cares_for
from eakte.repositories.local_changes import RESPONSIBLE, LocalChanges, Said, responsible_key
from eakte.repositories.outbox import Outbox

CHUNK = 1000
"""Ids that one statement names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody answers for a file, or one person in it, in a function.

    ``shut``: the one who is to take it over may never see the file.
    """

    id: str
    case_file_id: str
    person_id: str | None
    function: str
    protected: bool
    shut: bool


class Responsibilities:
    """Rows of ``responsibilities`` and ``handovers`` within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def counts(self, reader: Reader, logins: Iterable[str]) -> dict[str, int]:
        """How many files each of those answers for whom ``reader`` cares for."""
        known = [login for login in logins if cares_for(reader, login)]
        rows = self.session.execute(
            select(Responsibility.login, func.count(func.distinct(Responsibility.case_file_id)))
            .where(Responsibility.login.in_(known))
            .group_by(Responsibility.login)
        )
        return dict(rows.all())

    def waiting(self, reader: Reader, logins: Iterable[str]) -> dict[str, int]:
        """How many open tasks lie in the postboxes of those whom ``reader`` cares for."""
        known = [login for login in logins if cares_for(reader, login)]
        rows = self.session.execute(
            select(PostboxEntry.login, func.count())
            .where(
                PostboxEntry.login.in_(known), PostboxEntry.done_at.is_(None), ~PostboxEntry.copy
            )
            .group_by(PostboxEntry.login)
        )
        return {str(login): count for login, count in rows}

    def unnamed(self, reader: Reader, function: str) -> Sequence[tuple[str, str, int]]:
        """Open files in which nobody is named in ``function``, by site and applicant's surname.

        Protected ones aside: ranges and teams do not count there. For the system.
        """
        if not reader.is_system:
            return []
        named = aliased(Responsibility)
        someone = exists().where(
            named.case_file_id == CaseFile.id,
            named.function == function,
            or_(named.person_id.is_(None), named.person_id == PersonRow.id),
        )
        rows = self.session.execute(
            select(CaseFile.site_id, PersonRow.last_name, func.count())
            .join(Membership, and_(Membership.case_file_id == CaseFile.id, Membership.applicant))
            .join(PersonRow, PersonRow.id == Membership.person_id)
            .where(~CaseFile.protected, CaseFile.closed.is_(None), ~someone)
            .group_by(CaseFile.site_id, PersonRow.last_name)
        )
        return [(site, surname, count) for site, surname, count in rows]

    def held_by(
        self, reader: Reader, login: str, to: str, functions: Collection[str] | None
    ) -> list[Held]:
        """All that ``login`` answers for (in ``functions``), to be taken over by ``to``.

        For the system, since protected files are among it.
        """
        if not reader.is_system:
            return []
        shut = exists().where(
            ExcludedLogin.case_file_id == Responsibility.case_file_id, ExcludedLogin.login == to
        )
        wanted = select(Responsibility, CaseFile.protected, shut).join(
            CaseFile, CaseFile.id == Responsibility.case_file_id
        )
        wanted = wanted.where(Responsibility.login == login)
        if functions is not None:
            wanted = wanted.where(Responsibility.function.in_(functions))
        return [
            Held(
                id=row.id,
                case_file_id=row.case_file_id,
                person_id=row.person_id,
                function=row.function,
                protected=protected,
                shut=is_shut,
            )
            for row, protected, is_shut in self.session.execute(wanted)
        ]

    def give(
        self, reader: Reader, rows: Sequence[Held], before: str, to: str, now: datetime
    ) -> None:
        """``to`` answers for them from now on; what the register had said is kept beside it."""
        for some in _chunks(rows):
            said = {
                responsible_key(one.case_file_id, one.person_id, one.function): [before]
                for one in some
            }
            self._remember(reader, said, to, now)
            self.session.execute(
                update(Responsibility)
                .where(Responsibility.id.in_([one.id for one in some]))
                .values(login=to)
                .execution_options(synchronize_session=False)
            )
            Outbox(self.session).put_case_files({one.case_file_id for one in some}, (), now)
        self.session.expire_all()

    def put_one(
        self,
        reader: Reader,
        place: tuple[str, str | None, str],
        row: Responsibility | None,
        login: str | None,
        now: datetime,
    ) -> None:
        """``login`` (None: nobody) answers for that place: file, person or None, function."""
        case_file_id, person_id, function = place
        before = row.login if row is not None else None
        self._remember(reader, {responsible_key(*place): [before]}, login, now)
        if row is not None and login is None:
            self.session.delete(row)
        elif row is not None and login is not None:
            row.login = login
        elif login is not None:
            self.session.add(
                Responsibility(
                    id=new_id(),
                    case_file_id=case_file_id,
                    person_id=person_id,
                    function=function,
                    login=login,
                )
            )
        self.session.flush()
        Outbox(self.session).put_case_files({case_file_id}, (), now)

    def _remember(
        self, reader: Reader, said: Mapping[str, Said], now_is: str | None, now: datetime
    ) -> None:
        """What the register had said; forgotten where it is that again."""
        local = LocalChanges(self.session)
        known = select(LocalChange.key, LocalChange.said).where(
            LocalChange.kind == RESPONSIBLE, LocalChange.key.in_(list(said))
        )
        first: dict[str, Said] = dict(self.session.execute(known).all())
        local.forget(RESPONSIBLE, [key for key, value in first.items() if value == [now_is]])
        fresh = {key: value for key, value in said.items() if key not in first}
        local.note(reader, RESPONSIBLE, fresh, now)

    # -- handovers --------------------------------------------------------------------------

    def handovers(self, reader: Reader, since: datetime) -> Sequence[Handover]:
        """Those to come and those done since then, of whom ``reader`` cares for."""
        found = self.session.scalars(
            select(Handover)
            .where(or_(Handover.done_at.is_(None), Handover.done_at >= since))
            .order_by(Handover.effective, Handover.made_at)
        )
        return [
            one
            for one in found
            if cares_for(reader, one.from_login) and cares_for(reader, one.to_login)
        ]

    def handover(self, reader: Reader, handover_id: str) -> Handover | None:
        """One of them, locked."""
        row = self.session.scalar(
            select(Handover).where(Handover.id == handover_id).with_for_update()
        )
        if row is None or not cares_for(reader, row.from_login):
            return None
        return row if cares_for(reader, row.to_login) else None

    def due(self, reader: Reader, today: date, *, lock: bool = False) -> Sequence[Handover]:
        """Handovers whose day has come; for the system, which locks them to apply them."""
        if not reader.is_system:
            return []
        wanted = (
            select(Handover)
            .where(Handover.done_at.is_(None), Handover.effective <= today)
            .order_by(Handover.effective, Handover.made_at)
        )
        return self.session.scalars(wanted.with_for_update() if lock else wanted).all()


def files_of(rows: Iterable[Held]) -> dict[str, list[Held]]:
    """The rows by case file."""
    answer: dict[str, list[Held]] = defaultdict(list)
    for row in rows:
        answer[row.case_file_id].append(row)
    return answer


def _chunks(rows: Sequence[Held]) -> Iterator[Sequence[Held]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

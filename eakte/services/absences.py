"""Absences entered: everybody their own, a lead the team's, the administration everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eakte.domain.absences import DAY, Span, joined
from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import Absence
from eakte.repositories.absences import Absences as AbsenceRows
from eakte.repositories.absences import cares_for, in_whose_place, led_by
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.local_changes import ABSENCE, DEPUTIES, LocalChanges, absence_key
from eakte.repositories.organisation import Organisation
from eakte.repositories.staff_lists import StaffLists
from eakte.repositories.waiting_post import WaitingPost as WaitingRows
from eakte.services.absence_lists import SYSTEM, may_hand_back, nobody, sets_deputies, stand_of
from eakte.services.effective_days import require_worker
from eakte.services.forwarding import Forwarding
from eakte.services.leading import stands_in
from eakte.services.waiting_post import Settled, WaitingPost
from eakte.services.who_did_what import who_was_quicker

LONG_AGO = timedelta(days=92)
FAR_OFF = timedelta(days=3 * 366)
DONE = {
    "absence.enter": "eine Abwesenheit eingetragen",
    "absence.end": "eine Abwesenheit beendet",
    "absence.remove": "eine Abwesenheit gelöscht",
    "deputies.set": "die Vertretung geändert",
}
_ASK_ANOTHER = "Die Teamleitung oder eine zweite Person der Administration bitten."


@dataclass(frozen=True, slots=True)
class Absences:
    """Changes of absences; each is one transaction with its audit row."""

    database: Database
    policy: AccessPolicy

    # -- entering ---------------------------------------------------------------------------

    def enter(
        self, reader: Reader, login: str, stand: str, starts: date, ends: date | None
    ) -> Span:
        """Away from ``starts`` to ``ends``; what overlaps or touches becomes one entry.

        Returns the span that now stands. Raises ``NotFound``, ``Conflict``, ``NotPermitted`` for
        the administration where it would stand in itself, and ``Unusable`` for days that make no
        sense or are entered already.
        """
        today = self.database.clock.today()
        _check_days(starts, ends, today)
        with self.database.write() as session:
            rows = self._take(session, reader, login, stand, starts - DAY)
            if stands_in(session, reader, login):
                raise NotPermitted(
                    "Sie vertreten diese Person und sähen dann ihre Akten.",
                    remedy=_ASK_ANOTHER,
                )
            known = joined(Span(row.starts, row.ends) for row in rows)
            for span in known:
                if span.covers(starts) and (span.ends is None or (ends and ends <= span.ends)):
                    raise Unusable(
                        f"Vom {_said(span)} steht schon eine Abwesenheit; sie schließt diese ein.",
                        remedy="Zum Verkürzen jene Abwesenheit beenden.",
                    )
            wanted, begun_on = Span(starts, ends), None
            for row in [row for row in rows if row.origin == "desk"]:
                both = joined((wanted, Span(row.starts, row.ends)))
                if len(both) == 1:
                    wanted, begun_on = both[0], begun_on or row.begun_on
                    session.delete(row)
            session.flush()
            session.add(
                Absence(
                    id=new_id(),
                    login=login,
                    starts=wanted.starts,
                    ends=wanted.ends,
                    origin="desk",
                    entered_by=reader.login,
                    begun_on=begun_on,
                )
            )
            self._note(session, reader, "absence.enter", login, wanted)
            self._settle(session)
        return wanted

    def end(self, reader: Reader, login: str, stand: str, starts: date, last_day: date) -> Settled:
        """The absence that began on ``starts`` lasts until ``last_day`` only.

        A last day before its first takes it away altogether. What a deputy got meanwhile and did
        not begin goes back at once. Raises ``NotFound``, ``Conflict``, ``Unusable``.
        """
        with self.database.write() as session:
            rows = self._take(session, reader, login, stand, self.database.clock.today())
            span = _span_from(rows, starts)
            if span.ends is not None and last_day >= span.ends:
                raise Unusable(
                    "Der neue letzte Tag liegt nicht vor dem bisherigen.",
                    remedy="Eine längere Abwesenheit neu eintragen; sie wird zusammengefasst.",
                )
            self._cut(session, reader, rows, span, last_day)
            action = "absence.remove" if last_day < starts else "absence.end"
            self._note(session, reader, action, login, Span(starts, last_day))
            return self._settle(session)

    def remove(self, reader: Reader, login: str, stand: str, starts: date) -> None:
        """Take a future absence away; one that began is ended. Raises as ``end`` does."""
        if not cares_for(reader, login):
            raise nobody()
        if starts <= self.database.clock.today():
            raise Unusable(
                "Die Abwesenheit hat schon begonnen.",
                remedy="Sie beenden; die vergangenen Tage bleiben stehen.",
            )
        self.end(reader, login, stand, starts, starts - DAY)

    def set_deputies(self, reader: Reader, login: str, stand: str, deputies: Sequence[str]) -> None:
        """Who stands in, in this order. For leads and the administration.

        Deputies see all that the absent one sees, so that nobody chooses their own.
        Raises ``NotPermitted``, ``NotFound`` for somebody without a postbox, ``Conflict``.
        """
        if cares_for(reader, login) and not sets_deputies(reader, login):
            raise NotPermitted(
                "Die Vertretung legt die Teamleitung fest.",
                remedy="Die Teamleitung um die Änderung bitten.",
            )
        with self.database.write() as session:
            self._take(session, reader, login, stand, self.database.clock.today())
            able = Forwarding(session, self.policy, self.database.clock.today()).able()
            wanted = list(dict.fromkeys(deputies))
            fresh = set(wanted) - set(Organisation(session).deputies_of(login))
            if reader.login in fresh and login not in led_by(reader):
                raise NotPermitted(
                    "Zur Vertretung bestimmt sich niemand selbst: Sie sähen dann diese Akten.",
                    remedy=_ASK_ANOTHER,
                )
            for one in wanted:
                if one not in able or one == login:
                    raise NotFound(f"„{one}“ kann hier nicht vertreten.")
            rows = [{"deputy_login": one} for one in wanted]
            now = self.database.clock.now()
            if StaffLists(session).put(reader, DEPUTIES, login, rows, now):
                AuditLog(session).note(
                    reader,
                    "deputies.set",
                    "caseworker",
                    login,
                    on_behalf_of=in_whose_place(reader, login),
                    details={"deputies": wanted},
                )

    # -- waiting post -----------------------------------------------------------------------

    def hand_back(self, reader: Reader, postbox: str, login: str) -> int:
        """What lies in ``postbox`` in the place of ``login`` goes back, begun or not.

        For who has it there and for the one to whom it belongs; returns how many entries.
        Raises ``NotFound`` for everybody else, ``Conflict`` while ``login`` is away.
        """
        with self.database.write() as session:
            if not may_hand_back(session, reader, postbox, login):
                raise NotFound("Hier liegt nichts, was zurückgegeben werden kann.")
            today = self.database.clock.today()
            if Organisation(session).is_away(login, today):
                raise Conflict("Die Abwesenheit dauert noch an.", remedy="Die Seite neu laden.")
            waiting = WaitingPost(session, today=today, now=self.database.clock.now())
            rows = WaitingRows(session)
            entries = [
                entry
                for entry in rows.held_by(SYSTEM, postbox, login)
                if rows.may_lie_with(SYSTEM, entry.document_id, login)
            ]
            for entry in entries:
                waiting.give_back(reader, entry)
            return len(entries)

    def keep_up(self, reader: Reader) -> Settled:
        """The worker's part at the day's change: note what began, send back what belongs back.

        Does nothing where nothing is due, however often and however late it is called.
        """
        require_worker(reader)
        with self.database.read() as session:
            if not self._waiting(session).is_due():
                return Settled()
        with self.database.write() as session:
            return self._settle(session)

    # -- the pieces -------------------------------------------------------------------------

    def _waiting(self, session: EakteSession) -> WaitingPost:
        clock = self.database.clock
        return WaitingPost(session, today=clock.today(), now=clock.now())

    def _settle(self, session: EakteSession) -> Settled:
        session.flush()
        return self._waiting(session).settle()

    def _take(
        self, session: EakteSession, reader: Reader, login: str, stand: str, since: date
    ) -> list[Absence]:
        """The rows of ``login``, locked; raises ``NotFound`` and ``Conflict``."""
        if AbsenceRows(session).lock(reader, login) is None:
            raise nobody()
        if stand != stand_of(session, login):
            raise _changed(session, login)
        since = min(since, self.database.clock.today())
        return list(AbsenceRows(session).rows(reader, [login], since))

    def _cut(
        self, session: EakteSession, reader: Reader, rows: Iterable[Absence], span: Span, last: date
    ) -> None:
        """Nothing of ``span`` is left after ``last``; the register's word is kept beside it."""
        said = {}
        for row in rows:
            if not span.meets(row.starts, row.ends) or (row.ends and row.ends <= last):
                continue
            if row.origin == "register":
                until = row.ends.isoformat() if row.ends else None
                said[absence_key(row.login, row.starts)] = [until]
            if row.starts > last:
                session.delete(row)
            else:
                row.ends, row.entered_by = last, reader.login
        LocalChanges(session).note(reader, ABSENCE, said, self.database.clock.now())
        session.flush()

    @staticmethod
    def _note(session: EakteSession, reader: Reader, action: str, login: str, span: Span) -> None:
        until = span.ends.isoformat() if span.ends else None
        AuditLog(session).note(
            reader,
            action,
            "caseworker",
            login,
            on_behalf_of=in_whose_place(reader, login),
            details={"from": span.starts.isoformat(), "to": until},
        )


def _span_from(rows: Iterable[Absence], starts: date) -> Span:
    for span in joined(Span(row.starts, row.ends) for row in rows):
        if span.starts == starts:
            return span
    raise NotFound("Diese Abwesenheit gibt es nicht mehr.", remedy="Die Seite neu laden.")


def _check_days(starts: date, ends: date | None, today: date) -> None:
    if ends is not None and ends < starts:
        raise Unusable("Der letzte Tag liegt vor dem ersten.", remedy="Die Tage berichtigen.")
    if ends is not None and ends < today:
        raise Unusable(
            "Diese Tage sind schon vorbei.",
            remedy="Nur Abwesenheiten eintragen, die noch dauern oder kommen.",
        )
    if starts < today - LONG_AGO or starts > today + FAR_OFF:
        raise Unusable("Der erste Tag liegt zu weit weg.", remedy="Das Jahr prüfen.")


def _changed(session: EakteSession, login: str) -> Conflict:
    who, action = who_was_quicker(session, "caseworker", login, DONE)
    what = DONE.get(action, "hier etwas geändert")
    return Conflict(f"{who} hat inzwischen {what}.", remedy="Die Seite neu laden und prüfen.")


def _said(span: Span) -> str:
    until = f"bis {span.ends:%d.%m.%Y}" if span.ends else "bis auf Weiteres"
    return f"{span.starts:%d.%m.%Y} {until}"

"""Absences as they are looked at: one's own, and the weeks of a team with who stands in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eakte.domain.absences import WEEK, Span, covered_by, joined, monday_of
from eakte.domain.rights import AccessPolicy, Reader, Role, system_reader
from eakte.errors import NotFound
from eakte.repositories.absences import Absences as AbsenceRows
from eakte.repositories.absences import cares_for, led_by
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.waiting_post import WaitingPost as WaitingRows
from eakte.services.absence_views import (
    DeputyView,
    HeldView,
    PersonView,
    SpanView,
    TeamView,
    WeekRow,
    WeekView,
)
from eakte.services.forwarding import Forwarding
from eakte.services.views import Choice

SYSTEM = system_reader("absences")
LOOK_AHEAD = timedelta(weeks=12)
"""So far a span without an end is looked at."""


@dataclass(frozen=True, slots=True)
class AbsenceLists:
    """What the screen „Abwesenheit“ shows; nothing here changes anything."""

    database: Database
    policy: AccessPolicy

    def person(self, reader: Reader, login: str) -> PersonView:
        """The absences of ``login`` that are not over, and who stands in.

        Raises ``NotFound`` where ``reader`` does not care for them.
        """
        with self.database.read() as session:
            organisation = Organisation(session)
            if not (cares_for(reader, login) and organisation.knows_login(login)):
                raise nobody()
            today = self.database.clock.today()
            listed = organisation.deputies_of(login)
            away = _Away(session, (login, *listed), today)
            held = self._held(session, reader, login) if reader.login == login else ()
            names = organisation.names([login, *listed, *(one.login for one in held)])
            deputies = tuple(
                DeputyView(login=one, name=names[one], away=away.on(one, today)) for one in listed
            )
            spans = self._spans(session, login, listed, away)
            return PersonView(
                login=login,
                name=names[login],
                stand=stand_of(session, login),
                today=today,
                spans=spans,
                deputies=deputies,
                away=away.on(login, today),
                stands_in=next((one for one in deputies if not one.away), None),
                own=reader.login == login,
                may_set_deputies=sets_deputies(reader, login),
                held=held,
                names=names,
            )

    def team(self, reader: Reader, first: date, weeks: int) -> TeamView:
        """Week after week who of the reader's people is away, from the week of ``first`` on."""
        with self.database.read() as session:
            organisation = Organisation(session)
            logins = self._people(session, reader)
            first = monday_of(first)
            last = first + timedelta(days=WEEK * weeks - 1)
            listed = organisation.deputies_of_all(logins)
            everyone = {*logins, *(one for several in listed.values() for one in several)}
            away = _Away(session, everyone, first)
            names = organisation.names(everyone)
            today = self.database.clock.today()
            return TeamView(
                first=first,
                weeks=tuple(
                    self._week(monday, logins, listed, away, names)
                    for monday in (first + timedelta(days=WEEK * n) for n in range(weeks))
                    if monday <= last
                ),
                people=tuple(
                    DeputyView(login=one, name=names[one], away=away.on(one, today))
                    for one in logins
                ),
                names=names,
            )

    def today(self, reader: Reader) -> date:
        """The desk's day; the same for everybody."""
        del reader
        return self.database.clock.today()

    def leads(self, reader: Reader) -> bool:
        """Whether the reader cares for anybody but themself."""
        return reader.has_role(Role.ADMINISTRATOR) or bool(led_by(reader) - {reader.login})

    def possible_deputies(self, reader: Reader, login: str) -> tuple[Choice, ...]:
        """Everybody with a postbox, to choose the deputies of ``login`` from."""
        with self.database.read() as session:
            able = Forwarding(session, self.policy, self.database.clock.today()).able()
            return tuple(
                Choice(id=worker.login, title=worker.name, detail=worker.login)
                for worker in Organisation(session).all_caseworkers()
                if worker.login in able and worker.login != login and sets_deputies(reader, login)
            )

    # -- the pieces -------------------------------------------------------------------------

    def _people(self, session: EakteSession, reader: Reader) -> list[str]:
        if reader.has_role(Role.ADMINISTRATOR):
            return [worker.login for worker in Organisation(session).all_caseworkers()]
        led = led_by(reader) | {reader.login}
        return [one.login for one in Organisation(session).all_caseworkers() if one.login in led]

    def _spans(
        self, session: EakteSession, login: str, deputies: Sequence[str], away: _Away
    ) -> tuple[SpanView, ...]:
        today = self.database.clock.today()
        rows = AbsenceRows(session).rows(SYSTEM, [login], today)
        return tuple(
            SpanView(
                starts=span.starts,
                ends=span.ends,
                current=span.covers(today),
                from_register=any(
                    row.origin == "register" and span.meets(row.starts, row.ends) for row in rows
                ),
                covers=covered_by(span, today, today + LOOK_AHEAD, deputies, away.on),
            )
            for span in joined(Span(row.starts, row.ends) for row in rows)
        )

    def _week(
        self,
        monday: date,
        logins: Iterable[str],
        listed: Mapping[str, Sequence[str]],
        away: _Away,
        names: Mapping[str, str],
    ) -> WeekView:
        sunday = monday + timedelta(days=WEEK - 1)
        rows = [
            WeekRow(
                login=login,
                name=names[login],
                starts=max(span.starts, monday),
                ends=min(span.ends or sunday, sunday),
                covers=covered_by(span, monday, sunday, listed.get(login, ()), away.on),
            )
            for login in logins
            for span in away.spans.get(login, ())
            if span.meets(monday, sunday)
        ]
        return WeekView(monday=monday, rows=tuple(rows))

    def _held(self, session: EakteSession, reader: Reader, login: str) -> tuple[HeldView, ...]:
        """What lies with others in the place of ``login``, and with ``login`` for others."""
        rows, organisation = WaitingRows(session), Organisation(session)
        today = self.database.clock.today()
        boxes = {login, *(team.id for team in organisation.teams_of(login))}
        found: dict[tuple[str, str], int] = {}
        mine, others = rows.held_by(SYSTEM, None, login), rows.held_in(SYSTEM, boxes)
        for entry in {one.id: one for one in (*mine, *others)}.values():
            key = (entry.postbox, str(entry.deputy_for))
            if may_hand_back(session, reader, *key):
                found[key] = found.get(key, 0) + 1
        titles = organisation.names([one for one, _ in found])
        titles |= {one: organisation.team_names([one])[one] for one in titles if one == titles[one]}
        names = organisation.names([one for _, one in found])
        return tuple(
            HeldView(
                postbox=postbox, title=titles[postbox], login=one, name=names[one], entries=count
            )
            for (postbox, one), count in sorted(found.items())
            if not organisation.is_away(one, today)
        )


class _Away:
    """Who is away when, of some people, read once."""

    def __init__(self, session: EakteSession, logins: Iterable[str], since: date) -> None:
        spans = AbsenceRows(session).spans(SYSTEM, logins, since)
        self.spans = {login: joined(found) for login, found in spans.items()}

    def on(self, login: str, day: date) -> bool:
        return any(span.covers(day) for span in self.spans.get(login, ()))


def sets_deputies(reader: Reader, login: str) -> bool:
    """Whether ``reader`` says who stands in for ``login``: leads and the administration."""
    return reader.has_role(Role.ADMINISTRATOR) or login in led_by(reader)


def may_hand_back(session: EakteSession, reader: Reader, postbox: str, login: str) -> bool:
    """Whether ``reader`` has it there, or is the one to whom it belongs."""
    teams = {team.id for team in Organisation(session).teams_of(reader.login)}
    return reader.login in (postbox, login) or postbox in teams


def stand_of(session: EakteSession, login: str) -> str:
    """A short word that changes with the absences and the deputies of ``login``."""
    rows = AbsenceRows(session).rows(SYSTEM, [login], date.min)
    said = [(row.id, row.starts, row.ends, row.version) for row in rows]
    deputies = tuple(Organisation(session).deputies_of(login))
    return hashlib.sha256(repr((said, deputies)).encode()).hexdigest()[:16]


def nobody() -> NotFound:
    """Unknown, or none of the reader's people: the same from outside."""
    return NotFound("Für diese Person können Sie keine Abwesenheit eintragen.")

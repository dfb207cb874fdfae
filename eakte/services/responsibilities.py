"""Teams and surname ranges on screen, and what a change would do before it counts.

Changes take effect at once for new post. Waiting post stays where it lies, unless it is told to
go along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.routing import CLEARING_DESK, Case, Receiver
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.surname_ranges import NoRange, parsed
from eakte.models import Document, PostboxEntry
from eakte.repositories.absences import Absences as AbsenceRows
from eakte.repositories.absences import in_whose_place
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.local_changes import RANGES, TEAMS
from eakte.repositories.organisation import Organisation
from eakte.repositories.responsibilities import Responsibilities as ResponsibilityRows
from eakte.repositories.staff_lists import StaffLists
from eakte.repositories.staff_picture import StaffPicture, TeamValue
from eakte.repositories.waiting_post import WaitingPost as WaitingRows
from eakte.services.delivery import Delivery
from eakte.services.explaining import Names, function_title, receiver_title
from eakte.services.leading import led_teams, may_join, require_lead, require_led
from eakte.services.responsibility_views import (
    Effect,
    FunctionRanges,
    MemberView,
    StaffView,
    TeamView,
)
from eakte.services.routing import Router
from eakte.services.staff_changes import (
    Rows,
    coverage,
    names_in,
    shifts_of,
    stand_of,
    team_rows,
    touched,
    written_of,
)
from eakte.services.views import Choice
from eakte.services.waiting_post import REROUTED, WaitingPost
from eakte.services.who_did_what import who_was_quicker

SYSTEM = system_reader("responsibilities")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """Another list of a person: ``ranges`` in one function as text, or ``teams`` by id."""

    login: str
    function: str = ""
    ranges: str | None = None
    teams: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """A waiting entry that the changed rule gives to another."""

    entry: PostboxEntry
    document: Document
    before: Receiver
    after: Receiver


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """Looking, trying and changing; each change is one transaction with its audit row."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy

    # -- looking ----------------------------------------------------------------------------

    def teams(self, reader: Reader) -> tuple[TeamView, ...]:
        """The teams that the reader leads, with gaps and overlaps of surname ranges.

        Raises ``NotPermitted`` for who leads none.
        """
        require_lead(reader)
        with self.database.read() as session:
            picture = StaffPicture.load(session)
            rows, organisation = ResponsibilityRows(session), Organisation(session)
            files, tasks = rows.counts(reader, picture.people), rows.waiting(reader, picture.people)
            today = self.database.clock.today()
            away = AbsenceRows(session).spans(SYSTEM, picture.people, today)
            sites = {site.id: site.name for site in organisation.all_sites()}

            def member(login: str, team: TeamValue) -> MemberView:
                return MemberView(
                    login=login,
                    name=picture.people[login],
                    ranges=written_of(picture, login, team.function),
                    files=files.get(login, 0),
                    tasks=tasks.get(login, 0),
                    away=any(span.covers(today) for span in away.get(login, ())),
                )

            return tuple(
                TeamView(
                    id=team.id,
                    name=team.name,
                    site=team.site,
                    site_name=sites[team.site] if team.site else "zentral",
                    function=team.function,
                    function_title=function_title(team.function),
                    members=tuple(member(login, team) for login in picture.members_of(team.id)),
                    **coverage(picture, team),
                )
                for team in led_teams(reader, picture)
            )

    def person(self, reader: Reader, login: str) -> StaffView:
        """One person's teams and ranges, to be changed. Raises ``NotFound``, ``NotPermitted``."""
        require_lead(reader)
        with self.database.read() as session:
            picture = StaffPicture.load(session)
            require_led(reader, login, picture)
            return _staff_view(session, reader, login, picture)

    def newcomer(self, reader: Reader, login: str) -> StaffView:
        """The same of somebody who may yet join a team of the reader's. Raises ``NotFound``."""
        require_lead(reader)
        with self.database.read() as session:
            picture = StaffPicture.load(session)
            if login not in picture.people or not may_join(reader, login, picture):
                raise NotFound("Diese Person können Sie in kein Team aufnehmen.")
            return _staff_view(session, reader, login, picture)

    def colleagues(self, reader: Reader) -> tuple[Choice, ...]:
        """Those whom the reader leads, and those who may yet join; ``detail`` tells which."""
        require_lead(reader)
        with self.database.read() as session:
            picture = StaffPicture.load(session)
            led = {team.id for team in led_teams(reader, picture)}
            return tuple(
                Choice(
                    id=login,
                    title=name,
                    detail="" if led.intersection(picture.members.get(login, ())) else "neu",
                )
                for login, name in picture.people.items()
                if may_join(reader, login, picture)
                or led.intersection(picture.members.get(login, ()))
            )

    def effect(self, reader: Reader, change: ListChange) -> Effect:
        """What the change would do; nothing is changed.

        Raises as ``put`` does, but for ``Conflict``.
        """
        require_lead(reader)
        with self.database.read() as session:
            before = StaffPicture.load(session)
            kind, rows = self._checked(session, reader, change, before)
            after = before.changed(kind, change.login, rows)
            names = names_in(before)
            files: Counter[tuple[str, str]] = Counter()
            for function in sorted(touched(before, after, change.login)):
                files += self._shifts(session, before, after, function, names)
            moves = self._moves(session, before, after, change.login)
            tasks = Counter(
                (receiver_title(one.before, names), receiver_title(one.after, names))
                for one in moves
            )
            then = [coverage(after, team) for team in before.teams_of(change.login)]
            return Effect(
                files=shifts_of(files),
                tasks=shifts_of(tasks),
                gaps=tuple(dict.fromkeys(gap for one in then for gap in one["gaps"])),
                shared=tuple(dict.fromkeys(line for one in then for line in one["shared"])),
            )

    # -- changing ---------------------------------------------------------------------------

    def put(self, reader: Reader, change: ListChange, stand: str, *, with_post: bool) -> int:
        """Let the change count; returns how many waiting entries went along.

        Raises ``NotPermitted``, ``NotFound``, ``Unusable`` for what is no range, ``Conflict``.
        """
        require_lead(reader)
        with self.database.write() as session:
            AbsenceRows(session).lock(SYSTEM, change.login)
            before = StaffPicture.load(session)
            kind, rows = self._checked(session, reader, change, before)
            if stand != stand_of(before, change.login):
                raise _changed(session, change.login)
            after = before.changed(kind, change.login, rows)
            now = self.database.clock.now()
            moves = self._moves(session, before, after, change.login) if with_post else []
            if not StaffLists(session).put(reader, kind, change.login, rows, now):
                return 0
            details = {"teams": list(change.teams)} if change.teams is not None else {
                "function": change.function,
                "ranges": written_of(after, change.login, change.function),
            }  # fmt: skip
            AuditLog(session).note(
                reader,
                f"{kind}.set",
                "caseworker",
                change.login,
                on_behalf_of=in_whose_place(reader, change.login),
                details=details | {"with_post": with_post},
            )
            self._deliver(session, reader, moves)
            return len(moves)

    # -- the pieces -------------------------------------------------------------------------

    def _checked(
        self, session: EakteSession, reader: Reader, change: ListChange, picture: StaffPicture
    ) -> tuple[str, Rows]:
        """The kind of list and its new rows, if ``reader`` may have it so."""
        if change.teams is not None:
            return TEAMS, team_rows(reader, change.login, change.teams, picture)
        require_led(reader, change.login, picture)
        functions = {team.function for team in led_teams(reader, picture)}
        if change.function not in functions:
            raise NotPermitted("In dieser Funktion leiten Sie kein Team.")
        before = StaffLists(session).rows(RANGES, change.login)
        others = [row for row in before if row["function"] != change.function]
        try:
            wanted = parsed(change.ranges or "")
        except NoRange as error:
            raise Unusable(
                f"„{error}“ ist kein Bereich von Nachnamen.",
                remedy="Bereiche wie „A–Kz, St–Sz“ angeben, mehrere durch Komma getrennt.",
            ) from error
        mine: Rows = [
            {"function": change.function, "from_name": low, "to_name": high} for low, high in wanted
        ]
        for row in others:
            row.pop("position")
        return RANGES, [*others, *mine]

    def _router(self, session: EakteSession, picture: StaffPicture) -> Router:
        today = self.database.clock.today()
        return Router(picture, CaseFiles(session), self.policy.protected_postbox, today)

    def _shifts(
        self,
        session: EakteSession,
        before: StaffPicture,
        after: StaffPicture,
        function: str,
        names: Names,
    ) -> Counter[tuple[str, str]]:
        was, will = self._router(session, before), self._router(session, after)
        answer: Counter[tuple[str, str]] = Counter()
        for site, surname, count in ResponsibilityRows(session).unnamed(SYSTEM, function):
            case = Case(site=site, surname=surname)
            old, new = was.receiver(case, function), will.receiver(case, function)
            if old.postbox != new.postbox:
                answer[receiver_title(old, names), receiver_title(new, names)] += count
        return answer

    def _moves(
        self, session: EakteSession, before: StaffPicture, after: StaffPicture, login: str
    ) -> list[_Move]:
        """Waiting tasks that lie where the rule put them, and that it would now put elsewhere."""
        was, will = self._router(session, before), self._router(session, after)
        teams = {team.id for team in (*before.teams_of(login), *after.teams_of(login))}
        boxes = teams | {one for team in teams for one in before.members_of(team)} | {login}
        answer = []
        case_files = CaseFiles(session)
        for entry, document, case_file_id in WaitingRows(session).open_in_postboxes(SYSTEM, boxes):
            cover = case_files.get(SYSTEM, case_file_id)
            word = self.schlagworte.get(document.schlagwort or "")
            if cover is None or word is None or entry.copy:
                continue
            case = was.case(SYSTEM, cover, WaitingRows(session).people_of(SYSTEM, document.id))
            old, new = was.receiver(case, word.function), will.receiver(case, word.function)
            lies_there = old.postbox in {entry.postbox, entry.deputy_for}
            if lies_there and old.postbox != new.postbox and new != CLEARING_DESK:
                answer.append(_Move(entry=entry, document=document, before=old, after=new))
        return answer

    def _deliver(self, session: EakteSession, reader: Reader, moves: Iterable[_Move]) -> None:
        clock = self.database.clock
        delivery = Delivery.at(session, self.schlagworte, self.policy, clock)
        waiting = WaitingPost(session, today=clock.today(), now=clock.now())
        case_files = CaseFiles(session)
        for one in moves:
            for case_file_id in WaitingRows(session).files_of(SYSTEM, one.document.id):
                cover = case_files.get(SYSTEM, case_file_id)
                people = WaitingRows(session).people_of(SYSTEM, one.document.id)
                main, _ = delivery.receivers(SYSTEM, one.document, cover, people)
                waiting.lay(reader, one.entry, main, REROUTED)
                break


def _staff_view(
    session: EakteSession, reader: Reader, login: str, picture: StaffPicture
) -> StaffView:
    own, led = picture.teams_of(login), led_teams(reader, picture)
    functions = dict.fromkeys(team.function for team in own if team in led)
    rows = ResponsibilityRows(session)
    return StaffView(
        login=login,
        name=picture.people[login],
        stand=stand_of(picture, login),
        teams=tuple((team.id, team.name) for team in own),
        other_teams=tuple((team.id, team.name) for team in led if team not in own),
        ranges=tuple(
            FunctionRanges(
                function=one, title=function_title(one), ranges=written_of(picture, login, one)
            )
            for one in functions
        ),
        files=rows.counts(reader, [login]).get(login, 0),
        tasks=rows.waiting(reader, [login]).get(login, 0),
    )


def _changed(session: EakteSession, login: str) -> Conflict:
    who, _ = who_was_quicker(session, "caseworker", login, [f"{RANGES}.set", f"{TEAMS}.set"])
    return Conflict(
        f"{who} hat Teams oder Nachnamen dieser Person inzwischen geändert.",
        remedy="Die Seite neu laden und prüfen.",
    )

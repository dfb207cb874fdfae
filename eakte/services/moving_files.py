"""Change of responsibility: one case file goes to another caseworker or site on a day.

Its open post, its Wiedervorlagen and the rights go along; named Vorgänge may stay with a team of
the old site, which goes on getting their post.  All files of one person: ``handovers.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eakte.domain.ids import derived_id, new_id
from eakte.domain.rights import AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, FileMove, KeptVorgang, PostboxEntry, Responsibility
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.file_moves import FileMoves as Rows
from eakte.repositories.local_changes import SITE, LocalChanges
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.responsibilities import Responsibilities
from eakte.repositories.staff_picture import StaffPicture
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.services.by_number import FILE_GONE, by_number, noted_by_number
from eakte.services.carrying import SYSTEM, Carrying
from eakte.services.delivery import Delivery
from eakte.services.effective_days import FAR_OFF, apply_due
from eakte.services.explaining import function_title
from eakte.services.forwarding import Forwarding
from eakte.services.leading import (
    LOOKED_UP,
    is_administrator,
    led_functions,
    opened_by_lead,
    require_another,
    require_function,
    require_lead,
    require_led,
    seen_by,
)
from eakte.services.moving_views import MoveForm, MovePlan, MoveView
from eakte.services.views import Choice

KEPT = "kept"
"""How an entry is done by which the keeping team goes on seeing what it had."""


@dataclass(frozen=True, slots=True)
class MovingFiles:
    """Planning, making and giving up moves; each is one transaction with its audit row."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy
    pattern: AktenzeichenPattern

    def form(self, reader: Reader, aktenzeichen: str) -> MoveForm:
        """What may be chosen for a file. Raises ``NotPermitted``, ``NotFound`` (audited)."""
        with opened_by_lead(self.database, reader, self.pattern, aktenzeichen) as (session, cover):
            return self._form(session, reader, cover)

    def plan(self, reader: Reader, plan: MovePlan) -> bool:
        """Make it count on its day; whether that is today, so that it is done.

        Raises ``NotPermitted``, ``NotFound``, ``Unusable`` for what can't be, ``Conflict`` where
        a move of this file waits already.
        """
        require_lead(reader)
        self._check_open(reader, plan.aktenzeichen)
        with self.database.write() as session:
            cover = self._checked(session, reader, plan)
            move = FileMove(
                id=new_id(),
                case_file_id=cover.id,
                to_site=plan.to_site or None,
                function=plan.function or None,
                to_login=plan.to_login or None,
                keep=list(plan.keep),
                keep_team=plan.keep_team or None,
                effective=plan.effective,
                made_by=reader.login,
                made_at=self.database.clock.now(),
            )
            Rows(session).add(move)
            AuditLog(session).note(
                reader,
                "case_file.plan_move",
                "case_file",
                cover.id,
                details={
                    "move": move.id,
                    "site": move.to_site,
                    "function": move.function,
                    "login": move.to_login,
                    "keep": move.keep,
                    "effective": plan.effective.isoformat(),
                },
            )
            today = plan.effective <= self.database.clock.today()
            if today:
                self._apply(session, reader, move)
            return today

    def take_back(self, reader: Reader, move_id: str, version: int) -> str:
        """Give up a move that waits; the file's number.

        Raises ``NotFound`` (audited), ``Conflict``, and ``NotPermitted`` for what another function
        planned.
        """
        require_lead(reader)
        with self.database.write() as session:
            move = Rows(session).get(SYSTEM, move_id)
            cover = CaseFiles(session).get(seen_by(reader), move.case_file_id) if move else None
            if move is not None and cover is not None:
                _give_up(session, reader, move, cover, version)
                return cover.aktenzeichen
            asked = move.case_file_id if move is not None else "unknown"
            AuditLog(session).note(reader, "case_file.refused", "case_file", asked)
        raise NotFound("Diesen Umzug gibt es nicht.", remedy="Die Seite neu laden.")

    def apply_due(self, reader: Reader) -> int:
        """The worker's part at the day's change: what is due counts from now on; how many."""
        return apply_due(self.database, reader, Rows, self._apply)

    def _check_open(self, reader: Reader, aktenzeichen: str) -> None:
        """Raises ``NotFound`` for a file that is closed to the reader, with the attempt noted."""
        rights = seen_by(reader)
        with self.database.read() as session:
            if by_number(session, rights, self.pattern, aktenzeichen) is not None:
                return
        with self.database.write() as session:
            noted_by_number(session, reader, self.pattern, aktenzeichen, LOOKED_UP, rights)
        raise NotFound(FILE_GONE)

    # -- what may be chosen -----------------------------------------------------------------

    def _form(self, session: EakteSession, reader: Reader, cover: CaseFile) -> MoveForm:
        organisation, picture = Organisation(session), StaffPicture.load(session)
        mine = led_functions(reader, picture)
        functions = sorted({team.function for team in picture.teams} if mine is None else mine)
        vorgaenge = Vorgaenge(session)
        held = [] if is_administrator(reader) else vorgaenge.of_case_file(reader, cover.id)
        numbers = vorgaenge.numbers(reader, [one.id for one in held])
        moves = Rows(session).of_file(SYSTEM, cover.id)
        names = organisation.names(
            login for one in moves for login in (one.to_login or "", one.made_by)
        )
        return MoveForm(
            aktenzeichen=cover.aktenzeichen,
            site=organisation.site_name(cover.site_id),
            protected=cover.protected,
            sites=tuple(
                Choice(id=one, title=organisation.site_name(one))
                for one in sorted({team.site for team in picture.teams if team.site})
                if one != cover.site_id
            ),
            functions=tuple(Choice(id=one, title=function_title(one)) for one in functions),
            teams=tuple(
                Choice(id=team.id, title=team.name)
                for team in picture.teams
                if team.site == cover.site_id
            ),
            vorgaenge=tuple(
                Choice(
                    id=one.id,
                    title=self.schlagworte[one.kind].title
                    if one.kind in self.schlagworte
                    else one.kind,
                    detail=", ".join(number.written for number in numbers[one.id]),
                )
                for one in held
            ),
            planned=tuple(
                MoveView(
                    id=one.id,
                    version=one.version,
                    effective=one.effective,
                    site=organisation.site_name(one.to_site) if one.to_site else "",
                    function=function_title(one.function) if one.function else "",
                    name=names[one.to_login] if one.to_login else "",
                    kept=len(one.keep),
                    made_by=names[one.made_by],
                )
                for one in moves
            ),
        )

    def _checked(self, session: EakteSession, reader: Reader, plan: MovePlan) -> CaseFile:
        """The file that may go as it is planned; raises what forbids it."""
        cover = by_number(session, seen_by(reader), self.pattern, plan.aktenzeichen)
        if cover is None:
            raise NotFound(FILE_GONE)
        if Rows(session).of_file(SYSTEM, cover.id):
            raise Conflict(
                "Für diese Akte ist schon ein Umzug vorgemerkt.",
                remedy="Zuerst den vorgemerkten zurücknehmen.",
            )
        today = self.database.clock.today()
        if not today <= plan.effective <= today + FAR_OFF:
            raise Unusable("Der Tag liegt nicht im kommenden Jahr.", remedy="Den Tag berichtigen.")
        if plan.to_site == cover.site_id or not (plan.to_site or plan.to_login):
            raise Unusable(
                "Es fehlt, wohin die Akte geht.", remedy="Einen anderen Standort oder Namen wählen."
            )
        if plan.to_site and not Organisation(session).knows_site(plan.to_site):
            raise NotFound(f"Den Standort „{plan.to_site}“ gibt es nicht.")
        self._check_people(session, reader, cover, plan)
        self._check_kept(session, reader, cover, plan)
        return cover

    def _check_people(
        self, session: EakteSession, reader: Reader, cover: CaseFile, plan: MovePlan
    ) -> None:
        """A lead moves what their people answer for, and names somebody among them."""
        picture = StaffPicture.load(session)
        mine = led_functions(reader, picture)
        held = CaseFiles(session).responsible(SYSTEM, cover.id)
        if mine is not None:
            if plan.to_site and not any(
                team.site == cover.site_id and team.function in mine for team in picture.teams
            ):
                raise NotPermitted("An diesem Standort leiten Sie kein Team.")
            if plan.to_login:
                require_function(mine, plan.function)
            if plan.to_site and plan.to_login:
                raise NotPermitted(
                    "Wer am neuen Standort zuständig wird, bestimmt dessen Leitung.",
                    remedy="Den Namen weglassen; der Nachnamensbereich entscheidet.",
                )
        if not plan.to_login:
            return
        if not plan.function:
            raise Unusable("Es fehlt die Funktion.", remedy="Eine Funktion wählen.")
        require_led(reader, plan.to_login, picture)
        require_another(session, reader, plan.to_login)
        there = next((one.login for one in held if _is_file(one, plan.function)), None)
        if there is not None:
            require_led(reader, there, picture)
        today = self.database.clock.today()
        Forwarding(session, self.policy, today).require_able(plan.to_login, cover.id)

    @staticmethod
    def _check_kept(session: EakteSession, reader: Reader, cover: CaseFile, plan: MovePlan) -> None:
        if not plan.keep:
            return
        if cover.protected:
            raise NotPermitted(
                "Bei einer geschützten Akte bleibt kein Vorgang bei einem Team.",
                remedy="Eine Person für die Funktion benennen.",
            )
        teams = {one.id: one for one in StaffPicture.load(session).teams}
        if plan.keep_team not in teams or teams[plan.keep_team].site != cover.site_id:
            raise Unusable(
                "Es fehlt das Team, das die Vorgänge behält.",
                remedy="Ein Team des bisherigen Standorts wählen.",
            )
        known = {one.id for one in Vorgaenge(session).of_case_file(reader, cover.id)}
        if not known.issuperset(plan.keep):
            raise NotFound("Diesen Vorgang gibt es in der Akte nicht.")

    # -- doing it ---------------------------------------------------------------------------

    def _apply(self, session: EakteSession, reader: Reader, move: FileMove) -> None:
        now = self.database.clock.now()
        cover = session.get_one(CaseFile, move.case_file_id, with_for_update=True)
        picture = StaffPicture.load(session)
        old_site, moves = cover.site_id, bool(move.to_site and move.to_site != cover.site_id)
        losers = self._name(session, reader, cover, move, picture, leaves=moves)
        if moves:
            cover.site_id = move.to_site or old_site
            _remember_site(session, reader, cover, old_site, now)
            losers |= {team.id for team in picture.teams if team.site == old_site}
        session.flush()
        if move.keep and move.keep_team:
            self._keep(session, move, move.keep_team, now)
        delivery = Delivery.at(session, self.schlagworte, self.policy, self.database.clock)
        carried = Carrying(session, reader, delivery, cover, losers)
        move.entries, move.reminders = carried.entries(), carried.reminders()
        move.done_at = now
        Outbox(session).put_case_files({cover.id}, (), now)
        AuditLog(session).note(
            reader,
            "case_file.move",
            "case_file",
            cover.id,
            details={
                "move": move.id,
                "from": old_site,
                "to": cover.site_id,
                "entries": move.entries,
                "reminders": move.reminders,
            },
        )
        session.flush()

    def _name(
        self,
        session: EakteSession,
        reader: Reader,
        cover: CaseFile,
        move: FileMove,
        picture: StaffPicture,
        *,
        leaves: bool,
    ) -> set[str]:
        """Put who answers from now on; the logins that no longer do.

        Whom the file has come to exclude since the plan is not named.
        """
        shut = CaseFiles(session).excluded(SYSTEM, cover.id)
        taker = move.to_login if move.to_login not in shut else None
        now, rows = self.database.clock.now(), Responsibilities(session)
        sites = {team.id: team.site for team in picture.teams}
        losers, named = set(), False
        for row in CaseFiles(session).responsible(SYSTEM, cover.id):
            place = (cover.id, row.person_id, row.function)
            before = row.login
            if taker and move.function and _is_file(row, move.function):
                rows.put_one(reader, place, row, taker, now)
                named = True
            elif leaves and cover.site_id in {
                sites[team] for team in picture.members.get(before, ())
            }:
                rows.put_one(reader, place, row, None, now)
            else:
                continue
            losers.add(before)
        if taker and move.function and not named:
            whole = (cover.id, None, move.function)
            rows.put_one(reader, whole, None, taker, now)
        return losers - {taker or ""}

    @staticmethod
    def _keep(session: EakteSession, move: FileMove, team: str, now: datetime) -> None:
        """The team goes on seeing what the Vorgänge hold, as if it had come to its postbox."""
        rows = Rows(session)
        rows.keep(
            KeptVorgang(vorgang_id=one, team_id=team, kept_by=move.made_by, kept_at=now)
            for one in move.keep
        )
        for document_id in rows.documents_of(SYSTEM, move.keep):
            Postboxes(session).add(
                PostboxEntry(
                    id=derived_id("entry", document_id, f"{KEPT}:{move.id}", team),
                    document_id=document_id,
                    postbox=team,
                    team_id=team,
                    copy=True,
                    sent_by=move.made_by,
                    arrived_at=now,
                    done_at=now,
                    done_by=move.made_by,
                    done_how=KEPT,
                )
            )


def _give_up(
    session: EakteSession, reader: Reader, move: FileMove, cover: CaseFile, version: int
) -> None:
    mine = led_functions(reader, StaffPicture.load(session))
    others = mine is not None and move.function and move.function not in mine
    if others and move.made_by != reader.login:
        raise NotPermitted("In dieser Funktion leiten Sie kein Team.")
    if move.done_at is not None or move.version != version:
        raise Conflict("Der Umzug ist schon geschehen.", remedy="Die Seite neu laden.")
    Rows(session).remove(move)
    details = {"move": move.id}
    AuditLog(session).note(reader, "case_file.keep_place", "case_file", cover.id, details=details)


def _remember_site(
    session: EakteSession, reader: Reader, cover: CaseFile, before: str, now: datetime
) -> None:
    """What the register had said about the site; forgotten where the file is there again."""
    local = LocalChanges(session)
    if local.of(SITE).get(cover.id) == [cover.site_id]:
        local.forget(SITE, [cover.id])
    else:
        local.note(reader, SITE, {cover.id: [before]}, now)


def _is_file(row: Responsibility, function: str) -> bool:
    """Whether the row is about the whole file in that function."""
    return row.person_id is None and row.function == function

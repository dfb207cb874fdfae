"""Change of responsibility: one case file goes to another caseworker or site on a day.

Its open post, its Wiedervorlagen and the rights go along; named Vorgänge may stay with a team of
the old site, which goes on getting their post.  All files of one person: ``handovers.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eakte.domain.ids import new_id
from eakte.domain.rights import AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile, FileMove
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.file_moves import FileMoves as Rows
from eakte.repositories.organisation import Organisation
from eakte.repositories.staff_picture import StaffPicture
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.services.by_number import FILE_GONE, by_number, noted_by_number
from eakte.services.carrying import SYSTEM
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
from eakte.services.making_moves import MakingMoves, is_about_the_file
from eakte.services.moving_views import MoveForm, MovePlan, MoveView
from eakte.services.views import Choice


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
                self._making().apply(session, reader, move)
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
        return apply_due(self.database, reader, Rows, self._making().apply)

    def _making(self) -> MakingMoves:
        return MakingMoves(self.database, self.schlagworte, self.policy)

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
        there = next((one.login for one in held if is_about_the_file(one, plan.function)), None)
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

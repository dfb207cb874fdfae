"""What happens on the day of a move: the file, its open post and its rights go along.

Planning a move and giving it up: ``moving_files.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eakte.domain.ids import derived_id
from eakte.domain.rights import AccessPolicy, Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import CaseFile, FileMove, KeptVorgang, PostboxEntry, Responsibility
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.file_moves import FileMoves as Rows
from eakte.repositories.local_changes import SITE, LocalChanges
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.responsibilities import Responsibilities
from eakte.repositories.staff_picture import StaffPicture
from eakte.services.carrying import SYSTEM, Carrying
from eakte.services.delivery import Delivery

KEPT = "kept"
"""How an entry is done by which the keeping team goes on seeing what it had."""


@dataclass(frozen=True, slots=True)
class MakingMoves:
    """Makes moves whose day has come, within the transaction of whoever asks for it."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    policy: AccessPolicy

    def apply(self, session: EakteSession, reader: Reader, move: FileMove) -> None:
        """Make the move count now, with its row in the trail."""
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
            if taker and move.function and is_about_the_file(row, move.function):
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


def _remember_site(
    session: EakteSession, reader: Reader, cover: CaseFile, before: str, now: datetime
) -> None:
    """What the register had said about the site; forgotten where the file is there again."""
    local = LocalChanges(session)
    if local.of(SITE).get(cover.id) == [cover.site_id]:
        local.forget(SITE, [cover.id])
    else:
        local.note(reader, SITE, {cover.id: [before]}, now)


def is_about_the_file(row: Responsibility, function: str) -> bool:
    """Whether the row is about the whole file in that function."""
    return row.person_id is None and row.function == function

"""Who may be given a document by hand: whose postbox can be opened, whom the file allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from eakte.domain.rights import CLEARING, AccessPolicy, Reader, system_reader
from eakte.errors import NotFound, NotPermitted
from eakte.models import CaseFile, Document
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.services.routing import Receiver
from eakte.services.views import Choice

STEP = system_reader("forward")


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Destinations within the caller's transaction, on one day."""

    session: EakteSession
    policy: AccessPolicy
    today: date

    def destinations(self, reader: Reader) -> tuple[Choice, ...]:
        """Teams and people whose postbox somebody can open; oneself left out."""
        organisation = Organisation(self.session)
        able = self.able()
        people = tuple(
            Choice(id=worker.login, title=worker.name, detail=worker.login)
            for worker in organisation.all_caseworkers()
            if worker.login in able and worker.login != reader.login
        )
        teams = tuple(
            Choice(id=team.id, title=team.name, detail="Team") for team in organisation.all_teams()
        )
        return (*teams, *people)

    def receiver(
        self,
        reader: Reader,  # noqa: ARG002  that it goes there is no secret of the file's place
        document: Document,
        postbox: str,
    ) -> Receiver:
        """Where a document sent to ``postbox`` goes; an absent receiver's deputy gets it.

        Raises ``NotFound`` for an unknown postbox, ``NotPermitted`` where its owner may not see
        the case file.
        """
        organisation = Organisation(self.session)
        if postbox == CLEARING:
            return Receiver(postbox=CLEARING, rule="hand")
        filings = Documents(self.session).filings(STEP, [document.id])[document.id]
        cover = filings[0][1] if filings else None
        if organisation.knows_team(postbox):
            if cover is not None and cover.protected:
                raise _protected()
            return Receiver(postbox=postbox, team=postbox, rule="hand")
        if postbox not in self.able():
            raise NotFound(f"Den Postkorb „{postbox}“ gibt es nicht.")
        return self._present(cover, Receiver(postbox=postbox, login=postbox, rule="hand"))

    def _present(self, cover: CaseFile | None, receiver: Receiver) -> Receiver:
        """The receiver, or the first deputy present who may see the file."""
        organisation, absent = Organisation(self.session), str(receiver.login)
        candidates = [absent]
        if organisation.is_away(absent, self.today):
            present = [
                one
                for one in organisation.deputies_of(absent)
                if not organisation.is_away(one, self.today)
            ]
            candidates = [*present, absent]
        excluded, named = self._closed_to(cover)
        for login in candidates:
            if login not in excluded and (named is None or login in named):
                away_for = absent if login != absent else None
                return replace(receiver, postbox=login, login=login, deputy_for=away_for)
        if named is not None:
            raise _protected()
        raise NotPermitted(
            "Diese Akte ist für den Empfänger nicht offen.",
            remedy="An jemand anderen oder an die Klärung weiterleiten.",
        )

    def _closed_to(self, cover: CaseFile | None) -> tuple[frozenset[str], frozenset[str] | None]:
        """Who never sees the file; and, for a protected one, who alone does."""
        if cover is None:
            return frozenset(), None
        case_files = CaseFiles(self.session)
        excluded = case_files.excluded(STEP, cover.id)
        if not cover.protected:
            return excluded, None
        return excluded, frozenset(row.login for row in case_files.responsible(STEP, cover.id))

    def require_able(self, login: str, case_file_id: str | None = None) -> None:
        """Raises ``NotFound`` for who has no postbox, ``NotPermitted`` for whom the file excludes.

        ``case_file_id`` None: no file in particular.
        """
        if login not in self.able():
            raise NotFound(f"„{login}“ hat keinen Postkorb.")
        if case_file_id and login in CaseFiles(self.session).excluded(STEP, case_file_id):
            raise NotPermitted("Diese Person kommt für diese Akte nicht in Betracht.")

    def able(self) -> frozenset[str]:
        """Logins that have a postbox: whoever holds a role that opens contents."""
        roles = [
            name
            for name, role in self.policy.roles.items()
            if role.team_scopes or role.team_members or role.all_files or role.clearing
        ]
        return Organisation(self.session).logins_with(roles)


def _protected() -> NotPermitted:
    return NotPermitted(
        "Diese Akte ist geschützt und für den Empfänger nicht offen.",
        remedy="An eine der zuständigen Personen oder an die Klärung weiterleiten.",
    )

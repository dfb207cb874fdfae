"""Putting a document into its case file and onto the right desks.

Shared by the pipeline's steps and by people who decide (clearing desk, forwarding), so that a
delivery means the same whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from eakte.domain.ids import derived_id
from eakte.domain.rights import CLEARING, AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import CaseFile, Document, PostboxEntry
from eakte.ports import Clock
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts
from eakte.repositories.file_moves import FileMoves
from eakte.repositories.joins import Joins
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes
from eakte.services.deadlines import plan_wiedervorlagen, reckon_with_its_kin
from eakte.services.remembering import forget, remember
from eakte.services.routing import CLEARING_DESK, Receiver, Router
from eakte.services.vorgaenge import attach

PLACE = system_reader("delivery")

PERSONAL_SUBFILES = frozenset({"vermittlung", "medizin"})
"""SubFiles of which every person has their own."""


class Delivery:
    """Files, routes and delivers within the caller's transaction."""

    def __init__(
        self,
        session: EakteSession,
        schlagworte: Mapping[str, Schlagwort],
        protected_postbox: str,
        *,
        today: date,
        now: datetime,
    ) -> None:
        self.session = session
        self.schlagworte = schlagworte
        self.now = now
        self.today = today
        self.documents = Documents(session)
        self.postboxes = Postboxes(session)
        self.organisation = Organisation(session)
        self.case_files = CaseFiles(session)
        self.router = Router(self.organisation, self.case_files, protected_postbox, today)

    @classmethod
    def at(
        cls,
        session: EakteSession,
        schlagworte: Mapping[str, Schlagwort],
        policy: AccessPolicy,
        clock: Clock,
    ) -> Delivery:
        """Today, where ``policy`` says who gets protected post."""
        return cls(
            session, schlagworte, policy.protected_postbox, today=clock.today(), now=clock.now()
        )

    def file_into(
        self,
        reader: Reader,
        document: Document,
        cover: CaseFile | None,
        person_ids: Iterable[str],
        sub_file: str | None = None,
    ) -> None:
        """Set the document's place: case file and SubFile (None: by its primary Schlagwort).

        Its Vorgang and its periods follow.
        """
        schlagwort = self.schlagworte[document.schlagwort or "sonstiges"]
        if cover is not None and cover.provisional:
            Joins(self.session).locked(PLACE, [cover.id])  # not joined before this stands in it
        cover, people = self._as_joined(cover, person_ids)
        filing = None
        place = sub_file or schlagwort.subfile
        if cover is not None and place is not None:
            filing = (cover.id, place, self._person_of(reader, cover, place, people))
        self.documents.set_people(document, people)
        self.documents.set_filing(
            document, filing, schlagwort.copies if filing is not None else (), self.now
        )
        if filing is not None:
            remember(self.session, document, people)
        else:
            forget(self.session, document)
        facts = Facts(self.session).of_document(PLACE, document.id)
        filed = cover if filing is not None else None
        attach(self.session, document, filed, facts, self.now)
        reckon_with_its_kin(self.session, document, self.now, facts=facts, cover=filed)

    def _as_joined(
        self, cover: CaseFile | None, person_ids: Iterable[str]
    ) -> tuple[CaseFile | None, list[str]]:
        """The real file where a provisional one was joined with it while a letter was on its way.

        Of the people those who are its members.
        """
        people = list(person_ids)
        if cover is None or cover.joined_into is None:
            return cover, people
        real = self.case_files.get(PLACE, cover.joined_into)
        members = self.case_files.people(PLACE, [cover.joined_into])[cover.joined_into]
        known = {person.id for person, _ in members}
        return real, [one for one in people if one in known]

    def _person_of(
        self, reader: Reader, cover: CaseFile, sub_file: str, people: list[str]
    ) -> str | None:
        if sub_file not in PERSONAL_SUBFILES:
            return None
        if len(people) == 1:
            return people[0]
        members = self.case_files.people(reader, [cover.id])[cover.id]
        return next((person.id for person, member in members if member.applicant), None)

    def receivers(
        self,
        reader: Reader,
        document: Document,
        cover: CaseFile | None,
        person_ids: Iterable[str],
    ) -> tuple[Receiver, tuple[Receiver, ...]]:
        """Who gets the task and who gets it zur Kenntnis.

        Where a team of the old site keeps the document's Vorgang, it has the task, and whoever
        answers for the file now gets to see it.
        """
        main, copies = self.receivers_under(reader, document.schlagwort, cover, person_ids)
        team = None if cover is None else FileMoves(self.session).keeper(PLACE, document.id)
        if cover is None or team is None or cover.protected:
            return main, copies
        others = tuple(one for one in copies if one.postbox != team)
        also = () if main.postbox in {CLEARING, team} else (main,)
        return Receiver(postbox=team, team=team, rule="kept"), (*also, *others)

    def receivers_under(
        self,
        reader: Reader,
        label: str | None,
        cover: CaseFile | None,
        person_ids: Iterable[str],
    ) -> tuple[Receiver, tuple[Receiver, ...]]:
        """The same for a document of this Schlagwort: who would get it; changes nothing."""
        schlagwort = self.schlagworte[label or "sonstiges"]
        cover, people = self._as_joined(cover, person_ids)
        if cover is not None:
            return self.router.route(reader, cover, people, schlagwort.function, schlagwort.copies)
        for team in self.organisation.teams_for(schlagwort.function, None):
            return Receiver(postbox=team.id, team=team.id, rule="3"), ()
        return CLEARING_DESK, ()

    def deliver(
        self,
        reader: Reader,
        document: Document,
        main: Receiver | None,
        copies: Iterable[Receiver],
        *,
        round_key: str,
        note: str = "",
    ) -> None:
        """Make the postbox entries; the same ``round_key`` again makes no second ones.

        Without ``main`` only copies are handed on: the task stays where it is. A copy that already
        lies in a postbox is not put there twice.
        """
        urgent = self.schlagworte[document.schlagwort or "sonstiges"].urgent
        audit = AuditLog(self.session)
        open_ones = self.postboxes.all_open_of(PLACE, document.id)
        lying = {entry.postbox for entry in open_ones if entry.copy}
        # What a person split at the clearing desk lies there while it is read.
        there = any(entry.postbox == CLEARING and not entry.copy for entry in open_ones)
        stays = main is not None and main.postbox == CLEARING and there
        tasks = ((main, False),) if main is not None and not stays else ()
        fresh = ((one, True) for one in copies if one.postbox not in lying)
        for receiver, copy in (*tasks, *fresh):
            entry_id = derived_id("entry", document.id, round_key, receiver.postbox, str(copy))
            self.postboxes.add(
                PostboxEntry(
                    id=entry_id,
                    document_id=document.id,
                    postbox=receiver.postbox,
                    login=receiver.login,
                    team_id=receiver.team,
                    copy=copy,
                    urgent=urgent and not copy,
                    deputy_for=receiver.deputy_for,
                    note=note,
                    sent_by=reader.login,
                    arrived_at=self.now,
                )
            )
            audit.note(
                reader,
                "document.deliver",
                "document",
                document.id,
                on_behalf_of=receiver.deputy_for,
                details={"postbox": receiver.postbox, "copy": copy, "rule": receiver.rule},
            )
        if main is not None:
            document.state = "clearing" if main.postbox == CLEARING else "delivered"
            plan_wiedervorlagen(self.session, document, self.now, self.today)


def receiver_to_json(receiver: Receiver) -> dict[str, Any]:
    """A receiver as it is kept between the steps route and deliver."""
    return {
        "postbox": receiver.postbox,
        "rule": receiver.rule,
        "login": receiver.login,
        "team": receiver.team,
        "deputy_for": receiver.deputy_for,
    }


def receiver_from_json(value: dict[str, Any]) -> Receiver:
    """The reverse of ``receiver_to_json``."""
    return Receiver(**value)

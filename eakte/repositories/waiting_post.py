"""Open postbox entries seen from absences and responsibilities: for the worker and the services.

System readers only: who may cause a move is decided by the service that asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import (
    Absence,
    AuditRow,
    CaseFile,
    Document,
    DocumentPerson,
    ExcludedLogin,
    Filing,
    PostboxEntry,
    Responsibility,
    TeamMember,
)
from eakte.repositories.organisation import away_on

LOOKS = ("document.open", "document.download", "document.text", "document.refused")
"""What leaves a trace and begins nothing: the preview opens every letter that one passes."""


class WaitingPost:
    """What lies where, and in whose place."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def held_for_present(self, reader: Reader, today: date) -> Sequence[PostboxEntry]:
        """Open entries with a deputy, or the deputy's team, for somebody who is back."""
        away = select(Absence.id).where(Absence.login == PostboxEntry.deputy_for, away_on(today))
        return self._held(reader, ~exists(away))

    def held_by(self, reader: Reader, postbox: str | None, login: str) -> Sequence[PostboxEntry]:
        """Open entries that lie in ``postbox`` (None: in anybody's) in the place of ``login``."""
        where = PostboxEntry.deputy_for == login
        if postbox is not None:
            where = and_(where, PostboxEntry.postbox == postbox)
        return self._held(reader, where)

    def held_in(self, reader: Reader, postboxes: Collection[str]) -> Sequence[PostboxEntry]:
        """Open entries that lie in one of ``postboxes`` in somebody else's place."""
        return self._held(reader, PostboxEntry.postbox.in_(postboxes))

    def _held(self, reader: Reader, where: ColumnElement[bool]) -> Sequence[PostboxEntry]:
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(PostboxEntry)
            .where(
                PostboxEntry.done_at.is_(None),
                PostboxEntry.deputy_for.is_not(None),
                PostboxEntry.deputy_for != PostboxEntry.postbox,
                PostboxEntry.postbox != CLEARING,
                where,
            )
            .order_by(PostboxEntry.arrived_at, PostboxEntry.id)
        ).all()

    def begun(self, reader: Reader, entry: PostboxEntry) -> bool:
        """Whether whoever has it there did something with the document beyond looking at it."""
        if not reader.is_system:
            return False
        if entry.login is not None:
            who: ColumnElement[bool] = AuditRow.actor == entry.login
        else:
            who = AuditRow.actor.in_(
                select(TeamMember.login).where(
                    TeamMember.team_id == entry.team_id, TeamMember.login != entry.deputy_for
                )
            )
        return (
            self.session.scalar(
                select(AuditRow.seq)
                .where(
                    AuditRow.subject_type == "document",
                    AuditRow.subject_id == entry.document_id,
                    AuditRow.at >= entry.arrived_at,
                    AuditRow.action.not_in(LOOKS),
                    who,
                )
                .limit(1)
            )
            is not None
        )

    def counts(self, reader: Reader, login: str) -> tuple[int, int]:
        """Open tasks in the postbox of ``login``, and how many of them are urgent."""
        if not reader.is_system:
            return 0, 0
        tasks, urgent = self.session.execute(
            select(func.count(), func.sum(case((PostboxEntry.urgent, 1), else_=0))).where(
                PostboxEntry.login == login, PostboxEntry.done_at.is_(None), ~PostboxEntry.copy
            )
        ).one()
        return int(tasks), int(urgent or 0)

    def may_lie_with(self, reader: Reader, document_id: str, login: str) -> bool:
        """Whether the file that the document stands in is open to ``login`` as a receiver."""
        if not reader.is_system:
            return False
        filed = select(Filing.case_file_id).where(Filing.document_id == document_id)
        shut = select(ExcludedLogin.login).where(
            ExcludedLogin.case_file_id.in_(filed), ExcludedLogin.login == login
        )
        named = select(Responsibility.id).where(
            Responsibility.case_file_id == CaseFile.id, Responsibility.login == login
        )
        closed = select(CaseFile.id).where(
            CaseFile.id.in_(filed), CaseFile.protected, ~exists(named)
        )
        return not self.session.scalar(select(exists(shut) | exists(closed)))

    def open_in_postboxes(
        self, reader: Reader, postboxes: Collection[str]
    ) -> list[tuple[PostboxEntry, Document, str]]:
        """Open entries about case files in those postboxes, or in the place of their owners.

        With the case file's id; a document in several files stands there once.
        """
        answer: list[tuple[PostboxEntry, Document, str]] = []
        if not reader.is_system:
            return answer
        rows = self.session.execute(
            select(PostboxEntry, Document, Filing.case_file_id)
            .join(Document, Document.id == PostboxEntry.document_id)
            .join(Filing, Filing.document_id == Document.id)
            .where(
                PostboxEntry.done_at.is_(None),
                PostboxEntry.postbox.in_(postboxes) | PostboxEntry.deputy_for.in_(postboxes),
            )
            .order_by(PostboxEntry.arrived_at, PostboxEntry.id, Filing.id)
        )
        seen: set[str] = set()
        for entry, document, case_file_id in rows:
            if entry.id not in seen:
                seen.add(entry.id)
                answer.append((entry, document, case_file_id))
        return answer

    def files_of(self, reader: Reader, document_id: str) -> Sequence[str]:
        """The case files that a document stands in."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Filing.case_file_id).where(Filing.document_id == document_id).order_by(Filing.id)
        ).all()

    def people_of(self, reader: Reader, document_id: str) -> Sequence[str]:
        """Whom a document concerns."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(DocumentPerson.person_id).where(DocumentPerson.document_id == document_id)
        ).all()

"""Trials of proposed rules: the work itself, and what it found, within each reader's rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, defer

from eakte.domain.rights import Reader
from eakte.models import Document, DocumentSchlagwort, RuleTrial, RuleTrialChange
from eakte.repositories.rights import UNDELIVERED, document_visible

UNDER_WAY = ("waiting", "running")
NEVER_TRIED = ("cut", "merged", "unopened")
"""Not classified yet, gone into another document, or an envelope that nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDocument:
    """A document to try: its id, its place in the order, and what a person chose for it."""

    id: str
    created_at: datetime
    chosen: str | None


class RuleTrials:
    """Trials by id, and the documents that they look at."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- trials; they name no document ------------------------------------------------------

    def add(self, trial: RuleTrial) -> None:
        """Keep a new trial."""
        self.session.add(trial)
        self.session.flush()

    def get(self, trial_id: str, *, lock: bool = False) -> RuleTrial | None:
        """The trial of that id."""
        query = select(RuleTrial).where(RuleTrial.id == trial_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return self.session.scalar(query)

    def newest(self, digest: str | None = None, limit: int = 20) -> Sequence[RuleTrial]:
        """The newest trials, of the rules with that digest where one is given."""
        query = select(RuleTrial).options(defer(RuleTrial.files))
        if digest is not None:
            query = query.where(RuleTrial.digest == digest)
        return self.session.scalars(
            query.order_by(RuleTrial.asked_at.desc(), RuleTrial.id.desc()).limit(limit)
        ).all()

    def claim(self, who: str, now: datetime, until: datetime) -> str | None:
        """The oldest trial that nobody works on, now ``who``'s until ``until``; its id."""
        free = or_(
            RuleTrial.claimed_until.is_(None),
            RuleTrial.claimed_until < now,
            RuleTrial.claimed_by == who,
        )
        found = self.session.scalar(
            select(RuleTrial.id)
            .where(RuleTrial.state.in_(UNDER_WAY), free)
            .order_by(RuleTrial.asked_at, RuleTrial.id)
            .limit(1)
        )
        if found is None:
            return None
        taken = self.session.execute(
            update(RuleTrial)
            .where(RuleTrial.id == found, RuleTrial.state.in_(UNDER_WAY), free)
            .values(claimed_by=who, claimed_until=until, state="running")
        )
        return found if taken.rowcount == 1 else None  # type: ignore[attr-defined]

    def forget_before(self, moment: datetime) -> int:
        """Delete what ended trials found before ``moment``; the trials themselves stay."""
        old = select(RuleTrial.id).where(RuleTrial.ended_at < moment)
        gone = self.session.execute(
            delete(RuleTrialChange).where(RuleTrialChange.trial_id.in_(old))
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]

    # -- documents --------------------------------------------------------------------------

    def count(self, reader: Reader, trial: RuleTrial) -> int:
        """How many documents the trial looks at (a step's question)."""
        if not reader.is_system:
            return 0
        query = select(func.count()).select_from(Document).where(self._tried(trial))
        return min(self.session.scalar(query) or 0, trial.last_documents)

    def following(self, reader: Reader, trial: RuleTrial, limit: int) -> list[TrialDocument]:
        """The next documents after the trial's cursor, newest first (a step's question)."""
        if not reader.is_system:
            return []
        query = select(Document.id, Document.created_at).where(self._tried(trial))
        if trial.cursor_id is not None:
            query = query.where(
                or_(
                    Document.created_at < trial.cursor_at,
                    and_(Document.created_at == trial.cursor_at, Document.id < trial.cursor_id),
                )
            )
        rows = self.session.execute(
            query.order_by(Document.created_at.desc(), Document.id.desc()).limit(limit)
        ).all()
        chosen = dict(
            self.session.execute(
                select(DocumentSchlagwort.document_id, DocumentSchlagwort.schlagwort).where(
                    DocumentSchlagwort.document_id.in_([row.id for row in rows]),
                    DocumentSchlagwort.position == 0,
                    DocumentSchlagwort.given_by != "rules",
                )
            ).all()
        )
        return [
            TrialDocument(id=row.id, created_at=row.created_at, chosen=chosen.get(row.id))
            for row in rows
        ]

    @staticmethod
    def _tried(trial: RuleTrial) -> ColumnElement[bool]:
        classified = Document.state.not_in(NEVER_TRIED)
        if trial.since is None:
            return classified
        return and_(classified, Document.received_here >= trial.since)

    def intake_is_busy(self, reader: Reader) -> bool:
        """Whether documents are on their way just now (a step's question)."""
        if not reader.is_system:
            return False
        found = select(Document.id).where(Document.state.in_(UNDELIVERED)).limit(1)
        return self.session.scalar(found) is not None

    def add_changes(self, changes: Iterable[RuleTrialChange]) -> None:
        """Keep what was found about documents."""
        self.session.add_all(changes)
        self.session.flush()

    def changes(
        self, reader: Reader, trial_id: str, *, limit: int = 500, offset: int = 0
    ) -> list[tuple[RuleTrialChange, Document]]:
        """What was found about documents that are open to ``reader``, in the trial's order."""
        rows = self.session.execute(
            select(RuleTrialChange, Document)
            .join(Document, Document.id == RuleTrialChange.document_id)
            .where(RuleTrialChange.trial_id == trial_id, document_visible(reader))
            .order_by(RuleTrialChange.position)
            .limit(limit)
            .offset(offset)
        )
        return [(change, document) for change, document in rows]

    def open_changes(self, reader: Reader, trial_id: str) -> int:
        """About how many documents that are open to ``reader`` something was found."""
        query = (
            select(func.count())
            .select_from(RuleTrialChange)
            .join(Document, Document.id == RuleTrialChange.document_id)
            .where(RuleTrialChange.trial_id == trial_id, document_visible(reader))
        )
        return self.session.scalar(query) or 0

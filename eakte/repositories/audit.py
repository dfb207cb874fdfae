"""The audit chain: written with the change it tells of, verified by ``eakte check``.

Every row's MAC covers its predecessor's, so an edit or a missing row breaks the chain; a sealed
head in a row of its own shows a cut-off end.  The key never enters the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.errors import Damaged
from eakte.models import AuditHead, AuditRow
from eakte.ports import Clock
from eakte.repositories.rights import document_visible

GENESIS = "0" * 64
HEAD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAudit:
    """An audit row that waits for its transaction to commit."""

    actor: str
    action: str
    subject_type: str
    subject_id: str
    on_behalf_of: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProblem:
    """A place where the chain doesn't hold: ``subject`` names the row."""

    subject: str
    problem: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Appends to and verifies the chain with a secret ``key`` (32 bytes or more)."""

    key: bytes
    clock: Clock

    def found(self, session: Session) -> None:
        """Make the head of an empty chain (``eakte init``); a chain that has rows is left alone."""
        if session.get(AuditHead, HEAD) is None and self.mac_at(session, 1) is None:
            session.add(AuditHead(id=HEAD, seq=0, mac=GENESIS, seal=self._seal(0, GENESIS)))

    def append(self, session: Session, rows: Iterable[PendingAudit]) -> None:
        """Chain ``rows`` behind the head; locks the head until the transaction ends."""
        head = session.get(AuditHead, HEAD, with_for_update=True, populate_existing=True)
        if head is None:
            raise Damaged(
                "Der Kopf des Protokolls fehlt; ohne Protokoll wird nichts geändert.",
                remedy="Die Datenbank aus der Datensicherung zurückholen.",
            )
        for pending in rows:
            row = AuditRow(
                seq=head.seq + 1,
                at=self.clock.now(),
                actor=pending.actor,
                on_behalf_of=pending.on_behalf_of,
                action=pending.action,
                subject_type=pending.subject_type,
                subject_id=pending.subject_id,
                details=pending.details,
                mac="",
            )
            row.mac = self._mac(head.mac, row)
            session.add(row)
            head.seq, head.mac = row.seq, row.mac
        head.seal = self._seal(head.seq, head.mac)

    def verify(self, session: Session) -> Iterator[ChainProblem]:
        """Walk the whole chain; yields nothing where it holds."""
        previous, expected = GENESIS, 1
        for row in session.scalars(
            select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
        ):
            if row.seq != expected:
                yield ChainProblem(
                    subject=f"{expected}–{row.seq - 1}", problem="Protokollzeilen fehlen."
                )
            elif not hmac.compare_digest(row.mac, self._mac(previous, row)):
                yield ChainProblem(
                    subject=str(row.seq), problem="Die Protokollzeile wurde verändert."
                )
            previous, expected = row.mac, row.seq + 1
        head = session.get(AuditHead, HEAD)
        if head is None:
            yield ChainProblem(subject="Kopf", problem="Der Kopf des Protokolls fehlt.")
            return
        if not hmac.compare_digest(head.seal, self._seal(head.seq, head.mac)):
            yield ChainProblem(subject="Kopf", problem="Der Kopf des Protokolls wurde verändert.")
        elif (head.seq, head.mac) != (expected - 1, previous):
            yield ChainProblem(
                subject=str(head.seq), problem="Das Ende des Protokolls fehlt oder passt nicht."
            )

    def head(self, session: Session) -> tuple[int, str]:
        """Number and MAC of the last row, to be written down elsewhere."""
        head = session.get(AuditHead, HEAD)
        return (0, GENESIS) if head is None else (head.seq, head.mac)

    def began(self, session: Session) -> datetime | None:
        """When the first row was written; None for an empty chain."""
        return session.scalar(select(AuditRow.at).order_by(AuditRow.seq).limit(1))

    def mac_at(self, session: Session, seq: int) -> str | None:
        """The MAC of row ``seq`` as it stands now; None where it is gone."""
        return session.scalar(select(AuditRow.mac).where(AuditRow.seq == seq))

    def _mac(self, previous: str, row: AuditRow) -> str:
        content = json.dumps(
            [
                previous,
                row.seq,
                _instant(row.at),
                row.actor,
                row.on_behalf_of,
                row.action,
                row.subject_type,
                row.subject_id,
                row.details,
            ],
            sort_keys=True,
            ensure_ascii=True,
            separators=(",", ":"),
        )
        return hmac.new(self.key, content.encode(), hashlib.sha256).hexdigest()

    def _seal(self, seq: int, mac: str) -> str:
        return hmac.new(self.key, f"head:{seq}:{mac}".encode(), hashlib.sha256).hexdigest()


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


class AuditLog:
    """What a session notes down, and what may be read of it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def note(
        self,
        reader: Reader,
        action: str,
        subject_type: str,
        subject_id: str,
        *,
        on_behalf_of: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down that ``reader`` did ``action``; committed with the change itself.

        ``details`` hold ids and codes, never names or text of documents.
        """
        pending: list[PendingAudit] = self.session.pending  # type: ignore[attr-defined]
        pending.append(
            PendingAudit(
                actor=reader.login,
                action=action,
                subject_type=subject_type,
                subject_id=subject_id,
                on_behalf_of=on_behalf_of,
                details=dict(details or {}),
            )
        )

    def opened_since(
        self,
        reader: Reader,
        subject_id: str,
        since: datetime,
        *,
        subject_type: str = "document",
        action: str = "document.open",
    ) -> bool:
        """Whether ``reader`` opened the document since then, and the trail says so.

        The same for another thing and the ``action`` that stands for a look at it.
        """
        return (
            self.session.scalar(
                select(AuditRow.seq)
                .where(
                    AuditRow.subject_type == subject_type,
                    AuditRow.subject_id == subject_id,
                    AuditRow.actor == reader.login,
                    AuditRow.action == action,
                    AuditRow.at >= since,
                )
                .limit(1)
            )
            is not None
        )

    def moved_since(
        self, reader: Reader, document_ids: Iterable[str], change_id: str, moves: Iterable[str]
    ) -> AuditRow | None:
        """The newest of the actions ``moves`` on any of the documents since the page desk's change.

        For steps and services, which ask before they take the change back.
        """
        if not reader.is_system:
            return None
        about = (AuditRow.subject_type == "document", AuditRow.subject_id.in_(list(document_ids)))
        newest = self.session.scalar(
            select(AuditRow)
            .where(*about, AuditRow.action.in_(list(moves)))
            .order_by(AuditRow.seq.desc())
            .limit(1)
        )
        if newest is None:
            return None
        later = self.session.scalars(select(AuditRow).where(*about, AuditRow.seq > newest.seq))
        came_first = any(row.details.get("change") == change_id for row in later)
        return None if came_first else newest

    def newest(
        self, reader: Reader, subject_type: str, subject_id: str, actions: Iterable[str]
    ) -> AuditRow | None:
        """The last of these things done to something; for services, which tell who was quicker."""
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(AuditRow)
            .where(
                AuditRow.subject_type == subject_type,
                AuditRow.subject_id == subject_id,
                AuditRow.action.in_(list(actions)),
            )
            .order_by(AuditRow.seq.desc())
            .limit(1)
        )

    def of_document(self, reader: Reader, document_id: str, limit: int = 50) -> list[AuditRow]:
        """The newest rows about a document that ``reader`` may see, newest first."""
        return list(
            self.session.scalars(
                select(AuditRow)
                .where(
                    AuditRow.subject_type == "document",
                    AuditRow.subject_id == document_id,
                    document_visible(reader, document_id),
                )
                .order_by(AuditRow.seq.desc())
                .limit(limit)
            )
        )

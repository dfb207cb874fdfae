"""What replaces the paper: transfer notes, quality checks, releases, bad scans (TR-03138)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login, UuidText


class TransferNote(Base):
    """The Transfervermerk of a scan (TR-03138, A.SC.7): who, with what, anomalies, when, quality.

    ``note`` is the note as it stands in the archive copy's XMP; a later one (after the quality
    check, say) is a row with the next ``number``, the earlier ones stay.
    """

    __tablename__ = "transfer_notes"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    made_by: Mapped[Login]
    note: Mapped[dict[str, Any]]


class QualityCheck(Base):
    """A page drawn for the check by eye (TR-03138, A.SC.9), and what the check said.

    ``reason`` is why it was drawn: sample, full (high protection need), remark. ``result``: None
    until checked, then good or bad; nobody checks what they scanned themselves.
    """

    __tablename__ = "quality_checks"
    __table_args__ = (Index("ix_quality_checks_batch_id", "batch_id", "result"),)

    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"))
    reason: Mapped[str] = mapped_column(String(12))
    drawn_at: Mapped[datetime]
    result: Mapped[str | None] = mapped_column(String(8))
    remark: Mapped[str | None] = mapped_column(Text)
    checked_by: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[datetime | None]


class BatchDecision(Base):
    """What was decided about a batch: its count, its check, its release or rejection.

    ``kind``: counted, checked, rejected, released, withdrawn (one document from a release, with the
    reason); ``details`` holds the figures and, for a
    release, the list of documents and the SHA-256 of the list that was signed off.
    """

    __tablename__ = "batch_decisions"

    id: Mapped[IdKey]
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    decided_at: Mapped[datetime]
    decided_by: Mapped[Login]
    details: Mapped[dict[str, Any]]


class BadScan(Base):
    """A reader's report that a page can't be read; it waits at the scan centre until rescanned."""

    __tablename__ = "bad_scans"

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    page_id: Mapped[str | None] = mapped_column(ForeignKey("pages.id"))
    reported_at: Mapped[datetime]
    reported_by: Mapped[Login]
    reason: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(Text)
    rescan_id: Mapped[str | None] = mapped_column(UuidText)

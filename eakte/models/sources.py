"""What came in: batches, sources and their pages.  Nothing here changes after recognition."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Sha256, ShortText


class Batch(Base):
    """What one scanner run (or one folder of the inbox on one day) delivered."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("channel", "name", "received_here"),)

    id: Mapped[IdKey]
    channel: Mapped[str] = mapped_column(String(20))
    name: Mapped[ShortText]
    received_here: Mapped[date]
    opened_at: Mapped[datetime]


class Source(Base):
    """One file as it came in, immutable.

    ``arrival_key`` names one arrival, so that taking the same file again after a crash makes no
    second source. ``state``: received, recognised, cut, quarantined, duplicate.
    """

    __tablename__ = "sources"
    __table_args__ = (
        Index("ix_sources_sha256", "sha256"),
        Index("ix_sources_state", "state", "arrived_at"),
        Index("ix_sources_arrived_at", "arrived_at"),
    )

    id: Mapped[IdKey]
    arrival_key: Mapped[str] = mapped_column(String(64), unique=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Sha256]
    size: Mapped[int]
    arrived_at: Mapped[datetime]
    received_here: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime]
    page_count: Mapped[int | None]
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    archive_sha256: Mapped[str | None] = mapped_column(String(64))


class Page(Base):
    """One page of a source. ``turn`` is how far it was turned clockwise to stand upright."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("source_id", "number"),)

    id: Mapped[IdKey]
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    number: Mapped[int]
    width_mm: Mapped[float]
    height_mm: Mapped[float]
    dpi: Mapped[int]
    turn: Mapped[int]
    text_source: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float]
    word_count: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40))
    preview_sha256: Mapped[Sha256]
    thumbnail_sha256: Mapped[Sha256]


class PageWords(Base):
    """The words of a page with their boxes, one compressed blob, loaded only by page."""

    __tablename__ = "page_words"

    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)

"""What came in: batches, sources and their pages.

Nothing here changes after recognition but the words of a page that is read again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Sha256, ShortText


class Batch(Base):
    """What one scanner run (or one folder of the inbox on one day) delivered.

    ``profile`` names the inbox's profile; ``operator`` and ``device`` who scanned with what, and
    ``sheets_reported`` how many sheets the scanner counted (None: it did not say). ``state``: open,
    checked, rejected, released (its paper may be destroyed).
    """

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("channel", "name", "received_here"),)

    id: Mapped[IdKey]
    channel: Mapped[str] = mapped_column(String(20))
    name: Mapped[ShortText]
    received_here: Mapped[date]
    opened_at: Mapped[datetime]
    profile: Mapped[str | None] = mapped_column(String(64))
    site_id: Mapped[str | None] = mapped_column(ForeignKey("sites.id"))
    operator: Mapped[str | None] = mapped_column(String(200))
    device: Mapped[str | None] = mapped_column(String(200))
    sheets_reported: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default="open", server_default="open")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Source(Base):
    """One file as it came in, immutable.

    ``arrival_key`` names one arrival, so that taking the same file again after a crash makes no
    second source. ``state``: received, recognised, waiting (for cuts at the desk), cut,
    quarantined, duplicate, unfolded (its members are sources of their own, with ``parent_id``),
    unopened (post that is not to be read: its picture alone is kept).

    ``form`` is how it arrived at the authority (paper, fax, mail, court_mail, upload, interface,
    note, online). ``reading_sha256`` is the PDF made of a source that has no pages of its own
    (office files, mails), ``parts`` which of its pages come from what. ``given`` holds what the
    channel said about it, ``remarks`` what was out of the ordinary (code, message, page).
    """

    __tablename__ = "sources"
    __table_args__ = (
        Index("ix_sources_sha256", "sha256"),
        Index("ix_sources_state", "state", "arrived_at"),
        Index("ix_sources_arrived_at", "arrived_at"),
        Index("ix_sources_changed_at", "changed_at"),
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
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"), index=True)
    form: Mapped[str] = mapped_column(String(20), default="paper", server_default="paper")
    reading_sha256: Mapped[str | None] = mapped_column(String(64))
    parts: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    given: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    remarks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class Page(Base):
    """One page of a source. ``turn`` is how far it was turned clockwise to stand upright.

    ``kind``: page, blank, separator, cover. ``skew`` is how far it lay askew in degrees, ``ink``
    the share of its area that is written on; ``codes`` are the QR and bar codes on it, ``remarks``
    what was out of the ordinary (code, message).

    Boxes and pictures are those of the page turned by ``turn``, always.  ``read_turn`` is how far
    beyond that it was turned (clockwise, by the page desk) when its words were read;
    ``asked_turn`` how far it is to be turned to be read again, None: nothing waits.
    """

    __tablename__ = "pages"
    __table_args__ = (
        UniqueConstraint("source_id", "number"),
        Index(
            "ix_pages_asked_turn",
            "asked_turn",
            sqlite_where=text("asked_turn IS NOT NULL"),
            postgresql_where=text("asked_turn IS NOT NULL"),
        ),
    )

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
    kind: Mapped[str] = mapped_column(String(12), default="page", server_default="page")
    skew: Mapped[float] = mapped_column(default=0.0, server_default="0")
    ink: Mapped[float | None]
    codes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    remarks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    read_turn: Mapped[int] = mapped_column(default=0, server_default="0")
    asked_turn: Mapped[int | None]


class PageWords(Base):
    """The words of a page with their boxes, one compressed blob, loaded only by page."""

    __tablename__ = "page_words"

    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)


class CutProposal(Base):
    """A place in a source where a new document may begin: ``before`` its page of that number.

    ``score`` is 0..1 with its ``reasons`` (code, words); ``state``: proposed (waits at the desk),
    made, refused. ``decided_by`` is ``rules`` or a login.
    """

    __tablename__ = "cut_proposals"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    before: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[float]
    reasons: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]

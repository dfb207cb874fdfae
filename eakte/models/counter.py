"""Receipts for papers handed in at the counter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login


class CounterReceipt(Base):
    """Papers that somebody handed in for a case file, and the scan that they became.

    ``number`` is what is printed and stands in the code of the sheet that goes with the papers.
    ``what`` is in the words of who took them. Open until ``found_at`` (the first document of the
    scan, ``document_id``) or ``closed_at`` (a person's word: ``closed_why``).
    """

    __tablename__ = "counter_receipts"
    __table_args__ = (
        Index(
            "ix_counter_receipts_open",
            "made_at",
            postgresql_where=text("found_at IS NULL AND closed_at IS NULL"),
            sqlite_where=text("found_at IS NULL AND closed_at IS NULL"),
        ),
    )

    id: Mapped[IdKey]
    number: Mapped[str] = mapped_column(String(12), unique=True)
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), index=True)
    what: Mapped[str] = mapped_column(String(400))
    sheets: Mapped[int | None]
    day: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    found_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_why: Mapped[str | None] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

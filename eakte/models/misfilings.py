"""Documents that stood in a wrong case file, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Json, Login


class Misfiling(Base):
    """A document taken out of a wrong case file, with all that a notice about it has to say.

    ``since`` is when its pages first left the clearing desk, or came into the wrong file later, and
    ``found_at`` when it was noticed: between the two it could be seen. ``seen`` says who opened it
    in that time (login, first, last, times, downloads, on whose behalf), ``lay_with`` in whose
    postboxes it lay; ``undone`` counts what went with it. ``right_file_id`` is where it stands now;
    None: it went to the clearing desk.
    """

    __tablename__ = "misfilings"
    __table_args__ = (
        Index("ix_misfilings_found_at", "found_at"),
        Index("ix_misfilings_case_file_id", "case_file_id", "found_at"),
    )

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"))
    right_file_id: Mapped[str | None] = mapped_column(ForeignKey("case_files.id"))
    sub_file: Mapped[str] = mapped_column(String(40))
    schlagwort: Mapped[str | None] = mapped_column(String(60))
    pages: Mapped[int]
    since: Mapped[datetime]
    found_at: Mapped[datetime]
    reported_by: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    reason: Mapped[str] = mapped_column(Text)
    seen: Mapped[list[Any]] = mapped_column(Json)
    lay_with: Mapped[list[Any]] = mapped_column(Json)
    undone: Mapped[dict[str, Any]] = mapped_column(Json)

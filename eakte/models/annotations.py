"""Notes, highlights and stamps on pages: a layer of its own, never in the original."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey


class Annotation(Base):
    """Something that somebody put on a page.

    ``kind``: note, highlight, stamp. The box are fractions from the top left of the upright page.
    One that was removed stays with who did it and when; ``version`` guards the removal.
    ``case_file_id`` is the file in which the document stood when it was made; None where it stood
    in none, and with those made before that was kept.
    """

    __tablename__ = "annotations"

    id: Mapped[IdKey]
    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    x0: Mapped[float]
    y0: Mapped[float]
    x1: Mapped[float]
    y1: Mapped[float]
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    case_file_id: Mapped[str | None] = mapped_column(ForeignKey("case_files.id"), index=True)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

"""What the clearing desk needs of its own: who looks at what, the register's words, corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey


class DeskLook(Base):
    """Which waiting document somebody has before them at the clearing desk; one row a login.

    ``seen_at`` moves on while the screen is open; a look that did not for a minute is over.
    """

    __tablename__ = "desk_looks"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class RegisterTerm(Base):
    """A folded word, a number or a birth date by which a case file is found while one types.

    Derived from the register's rows and made anew whenever they change.
    """

    __tablename__ = "register_terms"

    term: Mapped[str] = mapped_column(
        String(64).with_variant(String(64, collation="C"), "postgresql"), primary_key=True
    )
    case_file_id: Mapped[str] = mapped_column(
        ForeignKey("case_files.id"), primary_key=True, index=True
    )


class Example(Base):
    """A correction kept as a labelled example, pseudonymised, with the day of its deletion.

    ``kind``: ``schlagwort`` (``label`` is the right one) or ``case_file`` (``label`` is the place
    of the right one among the candidates, ``other`` or ``none``; never a number). ``pages`` is the
    text in the format of ``eakte rules test``, compressed; None until the worker has made it.
    ``document_id`` stays so that the erasure of the document finds it.
    """

    __tablename__ = "examples"
    __table_args__ = (
        UniqueConstraint("document_id", "kind"),
        Index("ix_examples_delete_after", "delete_after"),
    )

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[str] = mapped_column(String(20))
    suggested: Mapped[str] = mapped_column(String(100))
    score: Mapped[float]
    label: Mapped[str] = mapped_column(String(100))
    findings: Mapped[list[Any]]
    rule_version: Mapped[int | None]
    pages: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    delete_after: Mapped[date]

"""Corrections of facts, and Vorgänge: the matters inside a case file that documents belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, Counter, IdKey, UuidText


class FactCorrection(Base):
    """A person's word about a fact; what the machine read stays among the findings (``fact``).

    ``value`` is what is right (empty: there is none), ``replaces`` what was wrong (empty: it was
    missing). All of a document's corrections are applied in their order.
    """

    __tablename__ = "fact_corrections"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(300))
    replaces: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]


class Vorgang(Base):
    """One matter inside a case file: an objection, a lawsuit, an application for interim relief.

    ``kind`` is the Schlagwort of the letter that opened it.
    """

    __tablename__ = "vorgaenge"

    id: Mapped[IdKey]
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_with: Mapped[str] = mapped_column(UuidText)


class VorgangNumber(Base):
    """A court's or the authority's own number of a Vorgang; ``number_key`` in one spelling."""

    __tablename__ = "vorgang_numbers"
    __table_args__ = (Index("ix_vorgang_numbers_number_key", "number_key"),)

    vorgang_id: Mapped[str] = mapped_column(ForeignKey("vorgaenge.id"), primary_key=True)
    number_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    written: Mapped[str] = mapped_column(String(64))


class VorgangDocument(Base):
    """A document belongs to a Vorgang, and why.

    A person who takes it out leaves the row with ``vorgang_id`` None, so that no later reading puts
    it back. ``payload`` explains: the sentence, and the evidence on the page.
    """

    __tablename__ = "vorgang_documents"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    vorgang_id: Mapped[str | None] = mapped_column(ForeignKey("vorgaenge.id"), index=True)
    attached_by: Mapped[str] = mapped_column(String(64))
    attached_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]

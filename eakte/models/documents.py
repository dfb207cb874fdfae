"""The document: a versioned list of pages, what was found about it, and where it is filed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, UuidText


class Document(Base):
    """One letter with its enclosures.

    ``state``: cut, classified, identified, routed (the pipeline's own states), then delivered,
    clearing, filed. ``received_here`` is the legal arrival at this authority, changed only by a
    person; ``received_elsewhere`` another authority's stamp. ``schlagwort`` is the primary one;
    ``pages_version`` says which list of pages counts. A document whose pages all went into another
    is in state ``merged`` with ``merged_into``.

    ``paper`` is what becomes of the sheets (destroy, keep, return, forward; None: undecided),
    ``paper_place`` where they are kept or went to, ``paper_by`` who decided (``rules`` or a login).
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_source_id", "source_id"),
        Index("ix_documents_state", "state"),
    )

    id: Mapped[IdKey]
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    received_here: Mapped[date]
    received_elsewhere: Mapped[date | None]
    schlagwort: Mapped[str | None] = mapped_column(String(60), index=True)
    score: Mapped[float] = mapped_column(default=0.0)
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[str | None] = mapped_column(String(64))
    clearing_reason: Mapped[str | None] = mapped_column(Text)
    shares_bytes_with: Mapped[str | None] = mapped_column(UuidText)
    pages_version: Mapped[int] = mapped_column(default=1)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    paper: Mapped[str | None] = mapped_column(String(12))
    paper_place: Mapped[str | None] = mapped_column(String(200))
    paper_by: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DocumentVersion(Base):
    """One state of the list of pages; cutting, merging, turning and removing make a new one.

    ``action``: cut, split, merge, move, turn, remove, restore, undo, redo. Versions of several
    documents that one action made share its ``change_id``, so that undo takes them all back;
    ``undoes`` is the change that an undo or redo takes back.
    """

    __tablename__ = "document_versions"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(20), default="cut", server_default="cut")
    change_id: Mapped[str | None] = mapped_column(UuidText, index=True)
    undoes: Mapped[str | None] = mapped_column(UuidText)


class DocumentPage(Base):
    """A page in a version of a document; a removed page (a blank back) stays visible.

    ``turn`` is how far it is turned clockwise beyond the upright page; ``reason`` why it was
    removed (blank, duplicate, elsewhere; None on a removed page: blank).
    """

    __tablename__ = "document_pages"
    __table_args__ = (Index("ix_document_pages_page_id", "page_id"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"))
    turn: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(12))


class DocumentPerson(Base):
    """A person whom the document concerns."""

    __tablename__ = "document_people"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class DocumentSchlagwort(Base):
    """A Schlagwort of the document with its page range; position 0 is the primary one.

    ``given_by`` is ``rules`` or the login of the person who decided.
    """

    __tablename__ = "document_schlagworte"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    schlagwort: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
    pages: Mapped[list[Any]]
    given_by: Mapped[str] = mapped_column(String(64))


class FindingRow(Base):
    """A suggestion with its evidence as it was made (``schlagwort``, ``case_file``, ``deadline``).

    ``payload`` is the finding as JSON (``eakte/repositories/codec.py``); rank 0 came first. Its
    page numbers count the kept pages of the list ``pages_version``, the one that was read.
    ``rules_version`` is the version of the rules that made it (kind ``schlagwort``).
    """

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("document_id", "kind", "rank"),)

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int]
    value: Mapped[str] = mapped_column(String(100))
    score: Mapped[float]
    payload: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
    pages_version: Mapped[int] = mapped_column(default=1, server_default="1")
    rules_version: Mapped[int | None]


class Filing(Base):
    """The document stands in a case file, in a SubFile, with a page range where it is a part.

    Rights hang on these rows: site and protection come from the case file.
    """

    __tablename__ = "filings"
    __table_args__ = (
        UniqueConstraint("document_id", "case_file_id"),
        Index("ix_filings_case_file_id", "case_file_id", "sub_file"),
    )

    id: Mapped[IdKey]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"))
    sub_file: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    first_page: Mapped[int | None]
    last_page: Mapped[int | None]
    filed_at: Mapped[datetime]


class RelevantFunction(Base):
    """A further function for which the document is marked relevant (zur Kenntnis by rule)."""

    __tablename__ = "relevant_functions"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    function: Mapped[str] = mapped_column(String(40), primary_key=True)

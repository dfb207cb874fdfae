"""What proves that the scan stands for the paper: batches, checks, releases, bad scans, notes.

The scan centre asks here for what it needs to check and to scan again.  It sees a page only while
a check or a report about it is open, and never one of a file that is shut to the reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from eakte.domain.page_lists import Removal
from eakte.domain.rights import Reader
from eakte.models import (
    BadScan,
    Base,
    Batch,
    BatchDecision,
    Document,
    DocumentPage,
    DocumentSchlagwort,
    Page,
    QualityCheck,
    Source,
    TransferNote,
)
from eakte.repositories.current_list import in_current_list
from eakte.repositories.rights import UNDELIVERED, document_visible, page_shut_to

SCANNED = ("paper", "fax")
"""Forms of arrival of which paper is left."""

UNSETTLED = ("received", "recognised", "waiting")
"""States of a source that is still on its way, or waits for a person."""

IN_CHECK = ("open",)
"""States of a batch whose drawn pages may be looked at."""

CHECKED = "Sichtprüfung: "
"""How the reason of a report begins that a check by eye made."""

_first = aliased(Source)


class Proof:
    """Batches and what is known of their paper; for the scan centre, unless a method says more."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- batches ----------------------------------------------------------------------------

    def batches(self, reader: Reader, limit: int = 100) -> Sequence[Batch]:
        """The newest batches that hold paper, newest first."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Batch)
            .where(exists(select(Source.id).where(Source.batch_id == Batch.id, _is_scan())))
            .order_by(Batch.opened_at.desc(), Batch.id)
            .limit(limit)
        ).all()

    def batch(self, reader: Reader, batch_id: str, *, lock: bool = False) -> Batch | None:
        """A batch by id."""
        if not reader.at_clearing_desk:
            return None
        query = select(Batch).where(Batch.id == batch_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return self.session.scalar(query)

    def sources(self, reader: Reader, batch_id: str) -> Sequence[Source]:
        """The files of a batch as they arrived."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Source)
            .where(Source.batch_id == batch_id, _is_scan())
            .order_by(Source.arrived_at, Source.id)
        ).all()

    def page_counts(self, reader: Reader, batch_ids: Sequence[str]) -> dict[str, int]:
        """How many pages the files of each batch have; a duplicate has those of its first."""
        if not reader.at_clearing_desk:
            return {}
        rows = self.session.execute(
            select(
                Source.batch_id,
                func.sum(func.coalesce(Source.page_count, _first.page_count, 0)),
            )
            .outerjoin(_first, and_(_first.id == Source.duplicate_of, Source.state == "duplicate"))
            .where(Source.batch_id.in_(batch_ids), _is_scan())
            .group_by(Source.batch_id)
        )
        return {batch_id: int(pages) for batch_id, pages in rows}

    def kinds(self, reader: Reader, batch_id: str) -> dict[str, int]:
        """How many recognised pages of each kind the batch has."""
        if not reader.at_clearing_desk:
            return {}
        rows = self.session.execute(
            select(Page.kind, func.count())
            .join(Source, Source.id == Page.source_id)
            .where(Source.batch_id == batch_id)
            .group_by(Page.kind)
        )
        return {kind: int(count) for kind, count in rows}

    def unsettled(self, reader: Reader, batch_id: str) -> int:
        """How many files and documents of the batch are still on their way."""
        if not reader.at_clearing_desk:
            return 0
        sources = select(func.count()).where(
            Source.batch_id == batch_id, Source.state.in_(UNSETTLED)
        )
        documents = (
            select(func.count())
            .select_from(Document)
            .join(Source, Source.id == Document.source_id)
            .where(Source.batch_id == batch_id, Document.state.in_(UNDELIVERED))
        )
        return (self.session.scalar(sources) or 0) + (self.session.scalar(documents) or 0)

    def decisions(self, reader: Reader, batch_id: str) -> Sequence[BatchDecision]:
        """What was decided about a batch, oldest first."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(BatchDecision)
            .where(BatchDecision.batch_id == batch_id)
            .order_by(BatchDecision.decided_at, BatchDecision.id)
        ).all()

    def decision(self, reader: Reader, decision_id: str) -> BatchDecision | None:
        """One decision."""
        if not reader.at_clearing_desk:
            return None
        return self.session.get(BatchDecision, decision_id)

    # -- the check by eye -------------------------------------------------------------------

    def drawable(self, reader: Reader, batch_id: str) -> Sequence[Page]:
        """The pages of a batch that a check can be about: no separators, nothing unopened."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Page)
            .join(Source, Source.id == Page.source_id)
            .where(
                Source.batch_id == batch_id,
                Source.state == "cut",
                Page.kind.in_(("page", "blank")),
                ~_is_closed(),
                _is_scan(),
            )
            .order_by(Source.arrived_at, Source.id, Page.number)
        ).all()

    def schlagworte_of_pages(self, reader: Reader, batch_id: str) -> dict[str, frozenset[str]]:
        """The Schlagworte of the documents that each page of a batch stands in."""
        if not reader.at_clearing_desk:
            return {}
        found: dict[str, set[str]] = defaultdict(set)
        for page_id, schlagwort in self.session.execute(
            select(DocumentPage.page_id, DocumentSchlagwort.schlagwort)
            .join(Document, in_current_list())
            .join(DocumentSchlagwort, DocumentSchlagwort.document_id == Document.id)
            .join(Page, Page.id == DocumentPage.page_id)
            .join(Source, Source.id == Page.source_id)
            .where(Source.batch_id == batch_id)
        ):
            found[page_id].add(schlagwort)
        return {page_id: frozenset(all_of_it) for page_id, all_of_it in found.items()}

    def checks(
        self, reader: Reader, batch_id: str
    ) -> list[tuple[QualityCheck, Page, Source, bool]]:
        """The drawn pages in the order of the paper, each with whether it is shut to ``reader``."""
        if not reader.at_clearing_desk:
            return []
        rows = self.session.execute(
            select(QualityCheck, Page, Source, page_shut_to(reader, Page.id))
            .join(Page, Page.id == QualityCheck.page_id)
            .join(Source, Source.id == Page.source_id)
            .where(QualityCheck.batch_id == batch_id)
            .order_by(Source.arrived_at, Source.id, Page.number)
        )
        return [(check, page, source, bool(shut)) for check, page, source, shut in rows]

    def check(self, reader: Reader, page_id: str) -> QualityCheck | None:
        """Why a page was drawn and what was said of it."""
        return self.session.get(QualityCheck, page_id) if reader.at_clearing_desk else None

    def check_page(self, reader: Reader, page_id: str) -> Page | None:
        """A drawn page, to be looked at while its batch is in check."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(
            select(Page)
            .join(QualityCheck, QualityCheck.page_id == Page.id)
            .join(Batch, Batch.id == QualityCheck.batch_id)
            .where(Page.id == page_id, Batch.state.in_(IN_CHECK), ~page_shut_to(reader, Page.id))
        )

    # -- bad scans --------------------------------------------------------------------------

    def open_bad_scans(self, reader: Reader) -> list[tuple[BadScan, Page | None, Source, bool]]:
        """Reports that wait, oldest first; whether the page is shut to ``reader``."""
        if not reader.at_clearing_desk:
            return []
        rows = self.session.execute(
            select(BadScan, Page, Source, page_shut_to(reader, Page.id))
            .join(Document, Document.id == BadScan.document_id)
            .outerjoin(Page, Page.id == BadScan.page_id)
            .join(Source, Source.id == func.coalesce(Page.source_id, Document.source_id))
            .where(BadScan.closed_at.is_(None))
            .order_by(BadScan.reported_at, BadScan.id)
        )
        return [(report, page, source, bool(shut)) for report, page, source, shut in rows]

    def bad_scan(self, reader: Reader, report_id: str, *, lock: bool = False) -> BadScan | None:
        """A report by id."""
        if not reader.at_clearing_desk:
            return None
        return self.session.get(BadScan, report_id, with_for_update=lock or None)

    def bad_scan_page(self, reader: Reader, report_id: str) -> Page | None:
        """The reported page, to be looked at while the report is open."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(
            select(Page)
            .join(BadScan, BadScan.page_id == Page.id)
            .where(
                BadScan.id == report_id,
                BadScan.closed_at.is_(None),
                ~page_shut_to(reader, Page.id),
            )
        )

    def bad_scans_of(self, reader: Reader, document_id: str) -> Sequence[BadScan]:
        """The reports about a document, for those who may open it; newest first."""
        return self.session.scalars(
            select(BadScan)
            .where(
                BadScan.document_id == document_id,
                document_visible(reader, BadScan.document_id),
            )
            .order_by(BadScan.reported_at.desc(), BadScan.id)
        ).all()

    def reports_of_check(self, reader: Reader, page_id: str) -> Sequence[BadScan]:
        """Open reports that a check by eye made of a page."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(BadScan).where(
                BadScan.page_id == page_id,
                BadScan.closed_at.is_(None),
                BadScan.reason.startswith(CHECKED, autoescape=True),
            )
        ).all()

    def document_of_page(self, reader: Reader, page_id: str) -> str | None:
        """The id of the document that the page stands in now."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(
            select(Document.id)
            .join(DocumentPage, in_current_list())
            .where(DocumentPage.page_id == page_id, Document.state != "merged")
            .order_by(Document.id)
            .limit(1)
        )

    def paper_of(self, reader: Reader, report: BadScan) -> tuple[Page | None, Source] | None:
        """The reported page (None: the whole document), and the file in which its paper came."""
        if not reader.at_clearing_desk:
            return None
        row = self.session.execute(
            select(Source, Page)
            .select_from(Document)
            .outerjoin(Page, Page.id == report.page_id)
            .join(Source, Source.id == func.coalesce(Page.source_id, Document.source_id))
            .where(Document.id == report.document_id)
        ).first()
        return None if row is None else (row[1], row[0])

    def bad_scans_in(self, reader: Reader, batch_id: str) -> int:
        """How many reports about paper of the batch are open."""
        if not reader.at_clearing_desk:
            return 0
        return len(
            {
                report.id
                for report, _, source, _ in self.open_bad_scans(reader)
                if source.batch_id == batch_id
            }
        )

    # -- paper ------------------------------------------------------------------------------

    def documents(self, reader: Reader, batch_id: str) -> list[tuple[Document, Source, list[int]]]:
        """The documents that hold pages of the batch, and which pages of which file.

        Ids and numbers for the paper's sake; what the documents say is not told. Pages that were
        taken out because they belong elsewhere are no pages of theirs, see :meth:`misplaced`.
        """
        if not reader.at_clearing_desk:
            return []
        rows = self.session.execute(
            select(Document, Source, Page.number)
            .join(DocumentPage, in_current_list())
            .join(Page, Page.id == DocumentPage.page_id)
            .join(Source, Source.id == Page.source_id)
            .where(
                Source.batch_id == batch_id,
                Document.state != "merged",
                ~_misplaced(),
                _is_scan(),
            )
            .order_by(Source.arrived_at, Source.id, Page.number)
        )
        found: dict[tuple[str, str], tuple[Document, Source, list[int]]] = {}
        for document, source, number in rows:
            found.setdefault((document.id, source.id), (document, source, []))[2].append(number)
        return list(found.values())

    def misplaced(self, reader: Reader, batch_id: str) -> int:
        """How many pages of the batch were taken out as belonging elsewhere, and wait."""
        if not reader.at_clearing_desk:
            return 0
        return (
            self.session.scalar(
                select(func.count(Page.id.distinct()))
                .join(DocumentPage, DocumentPage.page_id == Page.id)
                .join(Document, in_current_list())
                .join(Source, Source.id == Page.source_id)
                .where(Source.batch_id == batch_id, Document.state != "merged", _misplaced())
            )
            or 0
        )

    def found_bad(self, reader: Reader, batch_id: str) -> frozenset[str]:
        """The documents with a page that the check found bad and nobody scanned again."""
        if not reader.at_clearing_desk:
            return frozenset()
        again = exists(
            select(BadScan.id).where(
                BadScan.page_id == QualityCheck.page_id, BadScan.rescan_id.is_not(None)
            )
        )
        return frozenset(
            self.session.scalars(
                select(Document.id)
                .join(DocumentPage, in_current_list())
                .join(QualityCheck, QualityCheck.page_id == DocumentPage.page_id)
                .where(QualityCheck.batch_id == batch_id, QualityCheck.result == "bad", ~again)
            )
        )

    def stood_in(
        self, reader: Reader, document_ids: Iterable[str]
    ) -> dict[str, dict[str, str | None]]:
        """In which documents the pages of each document ever stood, and those papers' fate.

        For the rules about paper: a page that came out of a deed is a page of a deed.
        """
        if not reader.at_clearing_desk:
            return {}
        here, once = aliased(DocumentPage), aliased(DocumentPage)
        holder, other = aliased(Document), aliased(Document)
        found: dict[str, dict[str, str | None]] = defaultdict(dict)
        for document_id, other_id, paper in self.session.execute(
            select(holder.id, other.id, other.paper)
            .join(
                here,
                and_(here.document_id == holder.id, here.version == holder.pages_version),
            )
            .join(once, once.page_id == here.page_id)
            .join(other, other.id == once.document_id)
            .where(holder.id.in_(list(document_ids)))
            .distinct()
        ):
            found[document_id][other_id] = paper
        return dict(found)

    def schlagworte_of(
        self, reader: Reader, document_ids: Iterable[str]
    ) -> dict[str, frozenset[str]]:
        """All Schlagworte of the documents: for the rules about their paper."""
        if not reader.at_clearing_desk:
            return {}
        found: dict[str, set[str]] = defaultdict(set)
        for document_id, schlagwort in self.session.execute(
            select(DocumentSchlagwort.document_id, DocumentSchlagwort.schlagwort).where(
                DocumentSchlagwort.document_id.in_(list(document_ids))
            )
        ):
            found[document_id].add(schlagwort)
        return {document_id: frozenset(all_of_it) for document_id, all_of_it in found.items()}

    # -- transfer notes ---------------------------------------------------------------------

    def notes(self, reader: Reader, source_id: str) -> Sequence[TransferNote]:
        """The notes of a scan in order: for the system, and who opens a document of it."""
        allowed = (
            Source.id.is_not(None)
            if reader.is_system
            else exists(
                select(Document.id).where(
                    Document.source_id == Source.id, document_visible(reader, Document.id)
                )
            )
        )
        return self.session.scalars(
            select(TransferNote)
            .join(Source, Source.id == TransferNote.source_id)
            .where(TransferNote.source_id == source_id, allowed)
            .order_by(TransferNote.number)
        ).all()

    def add(self, *rows: Base) -> None:
        """Keep new rows."""
        self.session.add_all(rows)
        self.session.flush()


def _misplaced() -> ColumnElement[bool]:
    return and_(DocumentPage.removed, func.coalesce(DocumentPage.reason, "") == Removal.ELSEWHERE)


def _is_closed() -> ColumnElement[bool]:
    """True for a ``Page`` of the enclosing SELECT that stands in a document nobody may read."""
    return exists(
        select(DocumentPage.page_id)
        .join(Document, in_current_list())
        .where(DocumentPage.page_id == Page.id, Document.state == "unopened")
    )


def _is_scan() -> ColumnElement[bool]:
    return or_(Source.channel == "scanner", Source.form.in_(SCANNED))

"""Documents: their pages, Schlagworte, findings, filings and people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from eakte.domain.findings import (
    CaseFileFinding,
    DeadlineFinding,
    ReceiptFinding,
    SchlagwortFinding,
)
from eakte.domain.ids import derived_id
from eakte.domain.page_lists import ListedPage, Removal, renumbering
from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    Document,
    DocumentPage,
    DocumentPerson,
    DocumentSchlagwort,
    DocumentVersion,
    Filing,
    FindingRow,
    Page,
    PersonRow,
    RelevantFunction,
    Source,
)
from eakte.repositories import codec, once
from eakte.repositories.current_list import in_current_list
from eakte.repositories.rights import document_visible, place_visible


class Documents:
    """Reads documents within a reader's rights; writing is for steps and services."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- reading ----------------------------------------------------------------------------

    def get(self, reader: Reader, document_id: str, *, lock: bool = False) -> Document | None:
        """The document, or None where it is unknown or not open to ``reader``."""
        known: Document | None = once.held(self.session, ("document", document_id))
        if reader.is_system and known is not None:
            return known
        if reader.is_system and not lock:
            return self.session.get(Document, document_id)
        query = select(Document).where(Document.id == document_id, document_visible(reader))
        if lock:
            query = query.with_for_update(of=Document).execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if lock and reader.is_system:
            once.tell(self.session, ("document", document_id), found)
        return found

    def many(self, reader: Reader, ids: Iterable[str]) -> dict[str, Document]:
        """Those of ``ids`` that are open to ``reader``."""
        return {
            document.id: document
            for document in self.session.scalars(
                select(Document).where(Document.id.in_(list(ids)), document_visible(reader))
            )
        }

    def of_source(self, reader: Reader, source_id: str) -> Sequence[Document]:
        """The documents made of a source, without those whose pages went into another."""
        return self.session.scalars(
            select(Document)
            .where(
                Document.source_id == source_id,
                Document.state != "merged",
                document_visible(reader),
            )
            .order_by(Document.id)
        ).all()

    def of_sources(
        self, reader: Reader, source_ids: Sequence[str]
    ) -> dict[str, list[tuple[Document, bool]]]:
        """The documents of many sources, each with whether ``reader`` may open it.

        For the scan centre's list: it learns where a sheet went, never what is in it.
        """
        answer: dict[str, list[tuple[Document, bool]]] = defaultdict(list)
        if not reader.at_clearing_desk:
            return answer
        for document, visible in self.session.execute(
            select(Document, document_visible(reader))
            .where(Document.source_id.in_(source_ids), Document.state != "merged")
            .order_by(Document.created_at, Document.id)
        ):
            answer[document.source_id].append((document, bool(visible)))
        return answer

    def in_state(self, reader: Reader, *states: str) -> Sequence[str]:
        """Ids of documents in one of ``states``, oldest first."""
        return self.session.scalars(
            select(Document.id)
            .where(Document.state.in_(states), document_visible(reader))
            .order_by(Document.created_at, Document.id)
        ).all()

    def split_and_unread(self, reader: Reader) -> Sequence[str]:
        """Ids of documents whose pages the desk ordered and that are to be read anew (a step's)."""
        if not reader.is_system:
            return []
        ordered = exists(
            select(DocumentVersion.number).where(
                DocumentVersion.document_id == Document.id, DocumentVersion.change_id.is_not(None)
            )
        )
        return self.session.scalars(
            select(Document.id).where(Document.state == "cut", ordered).order_by(Document.id)
        ).all()

    def waiting_to_be_read(self, reader: Reader) -> Sequence[str]:
        """Ids of documents with pages that are to be read again as they were turned (a step's)."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Document.id)
            .join(DocumentPage, in_current_list())
            .join(Page, Page.id == DocumentPage.page_id)
            .where(Page.asked_turn.is_not(None), Document.state != "unopened")
            .order_by(Document.id)
            .distinct()
        ).all()

    def pages(self, reader: Reader, document_id: str) -> list[tuple[DocumentPage, Page]]:
        """The current list of pages, removed ones included."""
        if reader.is_system:
            return once.once(
                self.session,
                ("pages", document_id),
                lambda: self._pages(reader, document_id),
            )
        return self._pages(reader, document_id)

    def _pages(self, reader: Reader, document_id: str) -> list[tuple[DocumentPage, Page]]:
        rows = self.session.execute(
            select(DocumentPage, Page)
            .join(Page, Page.id == DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(
                Document.id == document_id,
                document_visible(reader),
            )
            .order_by(DocumentPage.position)
        )
        return [(listed, page) for listed, page in rows]

    def page(self, reader: Reader, document_id: str, page_id: str) -> Page | None:
        """One page of the document's current list, removed or kept."""
        return self.session.scalar(
            select(Page)
            .join(DocumentPage, DocumentPage.page_id == Page.id)
            .join(Document, in_current_list())
            .where(
                Page.id == page_id,
                Document.id == document_id,
                document_visible(reader),
            )
        )

    def holding(self, reader: Reader, page_id: str) -> str | None:
        """The document on whose current list the page stands; one that keeps it goes before."""
        return self.session.scalar(
            select(Document.id)
            .join(DocumentPage, in_current_list())
            .where(
                DocumentPage.page_id == page_id,
                Document.state != "merged",
                document_visible(reader),
            )
            .order_by(DocumentPage.removed, Document.id)
            .limit(1)
        )

    def kept_page_ids(self, reader: Reader, ids: Iterable[str]) -> dict[str, list[str]]:
        """The kept pages of many documents in order, by document id."""
        answer: dict[str, list[str]] = defaultdict(list)
        for document_id, page_id in self.session.execute(
            select(DocumentPage.document_id, DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(
                Document.id.in_(list(ids)),
                ~DocumentPage.removed,
                document_visible(reader),
            )
            .order_by(DocumentPage.document_id, DocumentPage.position)
        ):
            answer[document_id].append(page_id)
        return answer

    def page_counts(self, reader: Reader, ids: Iterable[str]) -> dict[str, int]:
        """How many kept pages each document has."""
        rows = self.session.execute(
            select(DocumentPage.document_id, func.count())
            .join(Document, in_current_list())
            .where(
                Document.id.in_(list(ids)),
                ~DocumentPage.removed,
                document_visible(reader),
            )
            .group_by(DocumentPage.document_id)
        )
        return dict(rows.all())

    def without_text(self, reader: Reader, ids: Iterable[str]) -> frozenset[str]:
        """Those of ``ids`` on whose kept pages not a single word was read."""
        rows = self.session.scalars(
            select(DocumentPage.document_id)
            .join(Document, in_current_list())
            .join(Page, Page.id == DocumentPage.page_id)
            .where(
                Document.id.in_(list(ids)),
                ~DocumentPage.removed,
                document_visible(reader),
            )
            .group_by(DocumentPage.document_id)
            .having(func.sum(Page.word_count) == 0)
        )
        return frozenset(rows)

    def given_titles(self, reader: Reader, ids: Iterable[str]) -> dict[str, str]:
        """What documents were called where they come from, for those that were (a backfile)."""
        rows = self.session.execute(
            select(Document.id, Source.given)
            .join(Source, Source.id == Document.source_id)
            .where(
                Document.id.in_(list(ids)),
                Source.channel == "backfile",
                document_visible(reader),
            )
        )
        return {document_id: given["title"] for document_id, given in rows if given.get("title")}

    def source(self, reader: Reader, document_id: str) -> Source | None:
        """The source that the document was cut from."""
        return self.session.scalar(
            select(Source)
            .join(Document, Document.source_id == Source.id)
            .where(Document.id == document_id, document_visible(reader))
        )

    def schlagworte(self, reader: Reader, document_id: str) -> Sequence[DocumentSchlagwort]:
        """The document's Schlagworte, the primary one first."""
        return self.session.scalars(
            select(DocumentSchlagwort)
            .join(Document, Document.id == DocumentSchlagwort.document_id)
            .where(Document.id == document_id, document_visible(reader))
            .order_by(DocumentSchlagwort.position)
        ).all()

    def filings(
        self, reader: Reader, ids: Iterable[str]
    ) -> dict[str, list[tuple[Filing, CaseFile]]]:
        """Where each of the documents stands, as far as ``reader`` may open that case file's cover.

        Whoever changes where a document stands asks as the system: what is hidden from them is
        there all the same.
        """
        answer: dict[str, list[tuple[Filing, CaseFile]]] = defaultdict(list)
        for filing, cover in self.session.execute(
            select(Filing, CaseFile)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .join(Document, Document.id == Filing.document_id)
            .where(Document.id.in_(list(ids)), document_visible(reader), place_visible(reader))
            .order_by(Filing.filed_at, Filing.id)
        ):
            answer[filing.document_id].append((filing, cover))
        return answer

    def people(self, reader: Reader, ids: Iterable[str]) -> dict[str, list[PersonRow]]:
        """The people whom each of the documents concerns."""
        answer: dict[str, list[PersonRow]] = defaultdict(list)
        for document_id, person in self.session.execute(
            select(DocumentPerson.document_id, PersonRow)
            .join(PersonRow, PersonRow.id == DocumentPerson.person_id)
            .join(Document, Document.id == DocumentPerson.document_id)
            .where(Document.id.in_(list(ids)), document_visible(reader))
            .order_by(PersonRow.last_name, PersonRow.first_name)
        ):
            answer[document_id].append(person)
        return answer

    def _findings(self, reader: Reader, document_id: str, kind: str) -> list[dict[str, Any]]:
        if not reader.is_system:
            return self._asked_findings(reader, document_id, kind)
        key = ("findings", document_id, kind)
        found = once.once(
            self.session, key, lambda: self._asked_findings(reader, document_id, kind)
        )
        return [dict(one) for one in found]

    def _asked_findings(self, reader: Reader, document_id: str, kind: str) -> list[dict[str, Any]]:
        rows = self.session.execute(
            select(FindingRow.payload, FindingRow.pages_version, Document.pages_version)
            .join(Document, Document.id == FindingRow.document_id)
            .where(
                Document.id == document_id,
                FindingRow.kind == kind,
                document_visible(reader),
            )
            .order_by(FindingRow.rank)
        ).all()
        # What was found stays as it was found; the numbers shown are those of the present list.
        places = {
            old: renumbering(self._listed(document_id, old), self._listed(document_id, new))
            for old, new in {(old, new) for _, old, new in rows}
            if old != new
        }
        return [
            codec.renumbered(payload, places[old]) if old in places else payload
            for payload, old, _ in rows
        ]

    def _listed(self, document_id: str, version: int) -> list[ListedPage]:
        rows = self.session.execute(
            select(DocumentPage.page_id, DocumentPage.removed)
            .where(DocumentPage.document_id == document_id, DocumentPage.version == version)
            .order_by(DocumentPage.position)
        )
        return [
            ListedPage(page_id=page_id, removed=Removal.BLANK if removed else None)
            for page_id, removed in rows
        ]

    def schlagwort_findings(
        self, reader: Reader, document_id: str
    ) -> tuple[SchlagwortFinding, ...]:
        """What the rules suggested, best first."""
        rows = self._findings(reader, document_id, "schlagwort")
        return tuple(codec.schlagwort_from_json(row) for row in rows)

    def case_finding(self, reader: Reader, document_id: str) -> CaseFileFinding | None:
        """Whose the system thought it was; None before that step."""
        rows = self._findings(reader, document_id, "case_file")
        return codec.case_finding_from_json(rows[0]) if rows else None

    def deadlines(self, reader: Reader, document_id: str) -> tuple[DeadlineFinding, ...]:
        """The periods that the document starts."""
        rows = self._findings(reader, document_id, "deadline")
        return tuple(codec.deadline_from_json(row) for row in rows)

    def receipts(self, reader: Reader, document_id: str) -> tuple[ReceiptFinding, ...]:
        """The receipt stamps that were seen on it."""
        rows = self._findings(reader, document_id, "receipt")
        return tuple(codec.receipt_from_json(row) for row in rows)

    def twins(
        self, reader: Reader, ids: Iterable[str]
    ) -> dict[str, tuple[tuple[Document, float], ...]]:
        """By id: documents that say the same, the likest first, as far as ``reader`` may open them.

        Each with how alike they are: 1.0 is word for word.  A document that was put together with
        its twin has none any more.
        """
        rows = self.session.execute(
            select(FindingRow.document_id, FindingRow.payload)
            .join(Document, Document.id == FindingRow.document_id)
            .where(
                Document.id.in_(list(ids)),
                FindingRow.kind == "likeness",
                document_visible(reader),
            )
            .order_by(FindingRow.rank)
        ).all()
        others = self.many(reader, {payload["document_id"] for _, payload in rows}) if rows else {}
        answer: dict[str, tuple[tuple[Document, float], ...]] = {}
        for document_id, payload in rows:
            other = others.get(payload["document_id"])
            if other is not None and other.state != "merged":
                twin = (other, payload["score"])
                answer[document_id] = (*answer.get(document_id, ()), twin)
        return answer

    def fingerprints_near(
        self, reader: Reader, document: Document, since: date
    ) -> list[tuple[str, dict[str, Any]]]:
        """Fingerprints of other documents received since then in the same case file (a step's).

        Of a document in no file those of the others in none.
        """
        if not reader.is_system:
            return []
        mine = select(Filing.case_file_id).where(Filing.document_id == document.id)
        same_file = select(Filing.document_id).where(Filing.case_file_id.in_(mine))
        in_none = ~exists().where(Filing.document_id == Document.id)
        filed = self.session.scalar(mine.limit(1)) is not None
        rows = self.session.execute(
            select(FindingRow.document_id, FindingRow.payload)
            .join(Document, Document.id == FindingRow.document_id)
            .where(
                FindingRow.kind == "fingerprint",
                Document.id != document.id,
                Document.received_here >= since,
                Document.id.in_(same_file) if filed else in_none,
            )
            .order_by(Document.created_at.desc())
            .limit(500)
        )
        return [(document_id, dict(payload)) for document_id, payload in rows]

    def route(self, reader: Reader, document_id: str) -> list[dict[str, Any]]:
        """The receivers that the step ``route`` decided on, the task's first."""
        return self.kept(reader, document_id, "route")

    def kept(self, reader: Reader, document_id: str, kind: str) -> list[dict[str, Any]]:
        """The findings of ``kind`` as they were kept, best first."""
        return [dict(row) for row in self._findings(reader, document_id, kind)]

    # -- writing ----------------------------------------------------------------------------

    def cut(
        self,
        reader: Reader,
        source: Source,
        pages: Sequence[Page],
        now: datetime,
        *,
        removed: Mapping[str, Removal] = MappingProxyType({}),
        ordinal: int = 1,
    ) -> Document:
        """The ``ordinal``-th document of ``source``, of ``pages`` in their order.

        ``removed`` are ids of pages that are not kept (blank sides, a cover sheet), and why.  The
        same call again finds the same document.
        """
        document_id = derived_id("document", source.id, str(ordinal))
        found = self.session.get(Document, document_id)
        if found is not None:
            return found
        document = Document(
            id=document_id,
            source_id=source.id,
            state="cut",
            created_at=now,
            received_here=source.received_here,
            shares_bytes_with=source.duplicate_of,
        )
        self.session.add(document)
        self.session.flush()
        self.session.add(
            DocumentVersion(document_id=document_id, number=1, made_at=now, made_by=reader.login)
        )
        self.session.flush()
        self.session.add_all(
            DocumentPage(
                document_id=document_id,
                version=1,
                position=position,
                page_id=page.id,
                removed=page.id in removed,
                reason=removed.get(page.id),
            )
            for position, page in enumerate(pages, start=1)
        )
        self.session.flush()
        return document

    def keep_findings(
        self,
        document: Document,
        kind: str,
        findings: Sequence[tuple[str, float, dict[str, Any]]],
        now: datetime,
        *,
        rules_version: int | None = None,
    ) -> None:
        """Replace the findings of ``kind`` by (value, score, payload) rows, best first.

        ``rules_version`` is the version of the rules that made them, if rules did.
        """
        before = self._kinds_found(document.id)
        if before is None or kind in before:
            self.session.execute(
                delete(FindingRow).where(
                    FindingRow.document_id == document.id, FindingRow.kind == kind
                )
            )
        if before is not None:
            payloads = [json.loads(json.dumps(payload)) for _, _, payload in findings]
            once.tell(self.session, ("findings", document.id, kind), payloads)
            once.tell(self.session, ("kinds", document.id), before | {kind})
        if not findings:
            return
        self.session.add_all(
            FindingRow(
                id=derived_id("finding", document.id, kind, str(rank)),
                document_id=document.id,
                kind=kind,
                rank=rank,
                value=value,
                score=score,
                payload=payload,
                found_at=now,
                pages_version=document.pages_version,
                rules_version=rules_version,
            )
            for rank, (value, score, payload) in enumerate(findings)
        )
        if before is None:
            self.session.flush()

    def _kinds_found(self, document_id: str) -> frozenset[str] | None:
        """Of which kinds there are findings; None where answers are not held."""
        if not once.holds(self.session):
            return None
        kinds = select(FindingRow.kind).where(FindingRow.document_id == document_id).distinct()
        return once.once(
            self.session,
            ("kinds", document_id),
            lambda: frozenset(self.session.scalars(kinds)),
        )

    def set_schlagworte(
        self,
        document: Document,
        schlagworte: Sequence[tuple[str, Sequence[int]]],
        given_by: str,
    ) -> None:
        """Replace the document's Schlagworte by (id, pages), the primary one first."""
        self.session.execute(
            delete(DocumentSchlagwort).where(DocumentSchlagwort.document_id == document.id)
        )
        self.session.add_all(
            DocumentSchlagwort(
                document_id=document.id,
                schlagwort=schlagwort,
                position=position,
                pages=list(pages),
                given_by=given_by,
            )
            for position, (schlagwort, pages) in enumerate(schlagworte)
        )
        self.session.flush()

    def set_people(self, document: Document, person_ids: Iterable[str]) -> None:
        """Replace the people whom the document concerns."""
        people = list(dict.fromkeys(person_ids))
        if once.held(self.session, ("people", document.id)) == people:
            return
        once.tell(self.session, ("people", document.id), people)
        self.session.execute(
            delete(DocumentPerson).where(DocumentPerson.document_id == document.id)
        )
        self.session.add_all(
            DocumentPerson(document_id=document.id, person_id=person_id) for person_id in people
        )
        self.session.flush()

    def set_filing(
        self,
        document: Document,
        filing: tuple[str, str, str | None] | None,
        relevant: Iterable[str],
        now: datetime,
    ) -> None:
        """File it under (case file, SubFile, person), or nowhere; ``relevant``: functions."""
        self.session.execute(delete(Filing).where(Filing.document_id == document.id))
        self.session.execute(
            delete(RelevantFunction).where(RelevantFunction.document_id == document.id)
        )
        if filing is not None:
            case_file_id, sub_file, person_id = filing
            self.session.add(
                Filing(
                    id=derived_id("filing", document.id, case_file_id),
                    document_id=document.id,
                    case_file_id=case_file_id,
                    sub_file=sub_file,
                    person_id=person_id,
                    filed_at=now,
                )
            )
        self.session.add_all(
            RelevantFunction(document_id=document.id, function=function)
            for function in sorted(set(relevant))
        )
        self.session.flush()

"""A document taken out of a wrong case file: what hangs on it there, and the reports of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby, zip_longest
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, true
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader
from eakte.models import (
    Annotation,
    AuditRow,
    CaseFile,
    Document,
    DocumentPage,
    DocumentVersion,
    Filing,
    FindingRow,
    Misfiling,
    PostboxEntry,
    Wiedervorlage,
)
from eakte.repositories.absences import led_by
from eakte.repositories.codec import OVERRULED
from eakte.repositories.current_list import in_current_list

SEEN = ("document.open", "document.download", "document.text")
"""What the trail notes of somebody who had the document's pages before them."""
IDENTIFIED, JOINED = "document.identify", "document.join"
_PLACED = {
    IDENTIFIED: "case_file",
    "document.assign": "case_file",
    "document.misfiled": "right",
    JOINED: "case_file",
}
"""What puts a document into a file, and which of its details names that file."""


class Misfilings:
    """Reports within a reader's rights; the rest for the one service that takes documents out."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- reports ----------------------------------------------------------------------------

    def get(self, reader: Reader, misfiling_id: str) -> Misfiling | None:
        """A report, for whoever wrote it and whoever may see such reports."""
        return self.session.scalar(
            select(Misfiling).where(Misfiling.id == misfiling_id, _shown_to(reader))
        )

    def newest(self, reader: Reader, limit: int) -> Sequence[Misfiling]:
        """The last reports that the reader may see."""
        return self.session.scalars(
            select(Misfiling)
            .where(_shown_to(reader))
            .order_by(Misfiling.found_at.desc(), Misfiling.id)
            .limit(limit)
        ).all()

    def taken_out(self, reader: Reader, case_file_id: str, since: datetime) -> frozenset[str]:
        """Documents that were taken out of the file since then; the system's alone.

        For whoever gathers a file's documents over some time (an export in preparation): what is
        named here must not be handed out.
        """
        if not reader.is_system:
            return frozenset()
        return frozenset(
            self.session.scalars(
                select(Misfiling.document_id).where(
                    Misfiling.case_file_id == case_file_id, Misfiling.found_at >= since
                )
            )
        )

    def numbers(self, reader: Reader, case_file_ids: Collection[str]) -> dict[str, str]:
        """The file numbers of reports, whatever file it is; for the service that shows them."""
        if not reader.is_system:
            return {}
        rows = self.session.execute(
            select(CaseFile.id, CaseFile.aktenzeichen).where(CaseFile.id.in_(list(case_file_ids)))
        )
        return dict(rows.all())

    # -- who saw it -------------------------------------------------------------------------

    def first_delivery(self, reader: Reader, document_id: str) -> datetime | None:
        """When its pages first came into a postbox beyond the clearing desk; the system's alone.

        Also in another document, from which they were split off or moved.
        """
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(func.min(PostboxEntry.arrived_at)).where(
                PostboxEntry.document_id.in_(self._held(document_id)),
                PostboxEntry.postbox != CLEARING,
            )
        )

    def came_into(self, reader: Reader, document_id: str, case_file_id: str) -> datetime | None:
        """When its pages first came into that file; the system's alone.

        By the trail, which names the file for every way but a joining.  None where it does not
        say that they did not stand there before: what is in doubt counts as seen there.
        """
        if not reader.is_system:
            return None
        rows = self.session.scalars(
            select(AuditRow)
            .where(
                AuditRow.subject_type == "document",
                AuditRow.subject_id.in_(self._held(document_id)),
                AuditRow.action.in_(_PLACED),
            )
            .order_by(AuditRow.seq)
        ).all()
        if not rows or rows[0].action != IDENTIFIED or any(row.action == JOINED for row in rows):
            return None
        there = [row.at for row in rows if row.details.get(_PLACED[row.action]) == case_file_id]
        begins_there = rows[0].details.get("case_file") == case_file_id
        return there[0] if there and not begins_there else None

    def looks(self, reader: Reader, document_id: str, since: datetime) -> Sequence[AuditRow]:
        """Every opening of its pages since then, oldest first; the system's alone.

        Openings of another document count for the time in which it had one of these pages.
        """
        if not reader.is_system:
            return []
        rows = self.session.scalars(
            select(AuditRow)
            .where(
                AuditRow.subject_type == "document",
                AuditRow.subject_id.in_(self._held(document_id)),
                AuditRow.action.in_(SEEN),
                AuditRow.at >= since,
            )
            .order_by(AuditRow.seq)
        ).all()
        times = self._times(document_id)
        return [
            row
            for row in rows
            if row.subject_id == document_id
            or any(
                start <= row.at and (end is None or row.at <= end)
                for start, end in times[row.subject_id]
            )
        ]

    def _times(self, document_id: str) -> dict[str, list[tuple[datetime, datetime | None]]]:
        """From when to when (None: still) each document had one of these pages in its list."""
        had = set(
            self.session.execute(
                select(DocumentPage.document_id, DocumentPage.version).where(
                    DocumentPage.page_id.in_(self._pages(document_id))
                )
            ).all()
        )
        made = self.session.execute(
            select(DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.made_at)
            .where(DocumentVersion.document_id.in_(self._held(document_id)))
            .order_by(DocumentVersion.document_id, DocumentVersion.number)
        ).all()
        found: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
        for one, versions in groupby(made, key=itemgetter(0)):
            steps = list(versions)
            for (_, number, start), following in zip_longest(steps, steps[1:]):
                if (one, number) in had:
                    found[one].append((start, following[2] if following else None))
        return found

    @staticmethod
    def _pages(document_id: str) -> Select[str]:
        """The pages of its present list, removed ones too: they can be looked at."""
        return (
            select(DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(Document.id == document_id)
        )

    def _held(self, document_id: str) -> list[str]:
        """Every document that ever listed one of its pages; itself as well."""
        held = self.session.scalars(
            select(DocumentPage.document_id)
            .where(DocumentPage.page_id.in_(self._pages(document_id)))
            .distinct()
        )
        return sorted({document_id, *held})

    # -- taking out -------------------------------------------------------------------------

    def add(self, misfiling: Misfiling) -> None:
        """Keep a report."""
        self.session.add(misfiling)
        self.session.flush()

    def drop_entries(self, document: Document) -> list[str]:
        """Take every entry away, done ones too; the postboxes beyond the clearing desk.

        A done entry would go on opening the document to those to whom it came by mistake. What
        was delivered and done stays in the trail.
        """
        entries = self.session.scalars(
            select(PostboxEntry)
            .where(PostboxEntry.document_id == document.id)
            .order_by(PostboxEntry.arrived_at)
        ).all()
        for entry in entries:
            self.session.delete(entry)
        self.session.flush()
        return list(dict.fromkeys(one.postbox for one in entries if one.postbox != CLEARING))

    def drop_wiedervorlagen(self, document: Document) -> int:
        """Take its open Wiedervorlagen off every desk; how many."""
        rows = self.session.scalars(
            select(Wiedervorlage).where(
                Wiedervorlage.document_id == document.id, Wiedervorlage.done_at.is_(None)
            )
        ).all()
        for row in rows:
            self.session.delete(row)
        self.session.flush()
        return len(rows)

    def overrule(self, document: Document, case_file_id: str) -> bool:
        """Mark what the machine thought of that file as overruled; whether it had named it.

        The finding stays as it was made, so that the wrong place can still be explained; nobody is
        shown that file any more and nothing is learnt from it (``codec.case_finding_from_json``).
        """
        row = self.session.scalar(
            select(FindingRow).where(
                FindingRow.document_id == document.id, FindingRow.kind == "case_file"
            )
        )
        if row is None:
            return False
        chosen = row.payload["chosen"]
        named = [*row.payload["candidates"], *([] if chosen is None else [chosen])]
        if case_file_id not in {one["case_file_id"] for one in named}:
            return False
        overruled = {*row.payload.get(OVERRULED, ()), case_file_id}
        row.payload = {**row.payload, OVERRULED: sorted(overruled)}
        if chosen is not None and chosen["case_file_id"] == case_file_id:
            row.value, row.score = "", 0.0
        self.session.flush()
        return True

    def drop_annotations(self, document: Document, report: Misfiling) -> list[str]:
        """Take what was put on its pages in the wrong file from the layer; the ids of what went.

        It may speak of the other person; what was made in another file stays.  Of one whose file
        was not kept the time decides.  They stay among the rows as removed, like those that their
        author took away.
        """
        rows = self.session.scalars(
            select(Annotation)
            .join(DocumentPage, DocumentPage.page_id == Annotation.page_id)
            .join(Document, in_current_list())
            .where(
                Document.id == document.id,
                Annotation.removed_at.is_(None),
                or_(
                    Annotation.case_file_id == report.case_file_id,
                    and_(Annotation.case_file_id.is_(None), Annotation.made_at >= report.since),
                ),
            )
        ).all()
        for row in rows:
            row.removed_at, row.removed_by = report.found_at, report.reported_by
        self.session.flush()
        return sorted(row.id for row in rows)

    def drop_findings(self, document: Document, case_file_id: str, kinds: Collection[str]) -> None:
        """Forget what was found because it stood in that file, and what others there found in it.

        ``likeness`` holds between two documents of one file: it goes on both sides.
        """
        self.session.execute(
            delete(FindingRow).where(
                FindingRow.document_id == document.id, FindingRow.kind.in_(sorted(kinds))
            )
        )
        beside = select(Filing.document_id).where(Filing.case_file_id == case_file_id)
        self.session.execute(
            delete(FindingRow).where(
                FindingRow.document_id.in_(beside),
                FindingRow.kind == "likeness",
                FindingRow.value == document.id,
            )
        )
        self.session.flush()


def _shown_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_system or (reader.breaches and reader.settings):
        return true()
    ways: list[ColumnElement[bool]] = [Misfiling.reported_by == reader.login]
    if reader.breaches:
        ways.append(Misfiling.reported_by.in_(sorted(led_by(reader))))
    return or_(*ways)

"""The questions of ``eakte check``: what cannot be right in the rows.  System reader only."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from eakte.domain.rights import Reader
from eakte.errors import NotPermitted
from eakte.models import (
    Document,
    DocumentPage,
    ExcludedLogin,
    Filing,
    Page,
    PageWords,
    PostboxEntry,
    Source,
)
from eakte.repositories.codec import unpack_words
from eakte.repositories.current_list import in_current_list, stands_in_a_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that cannot be right: which check found it, on what, and what to do."""

    check: str
    subject: str
    problem: str
    remedy: str


_RESTORE = "Aus der Datensicherung zurückholen und prüfen, wer Zugriff auf die Daten hatte."


_separator = aliased(Page)
_HAS_SEPARATOR = exists(
    select(_separator.id).where(_separator.source_id == Source.id, _separator.kind == "separator")
)


def _is_no_letter() -> ColumnElement[bool]:
    """A recorded separator sheet, or its blank back where nothing else came."""
    has_document = exists(select(Document.id).where(Document.source_id == Source.id))
    return or_(Page.kind == "separator", and_(Page.kind == "blank", ~has_document, _HAS_SEPARATOR))


class Checks:
    """Custody of every sheet, by SQL; the bytes themselves are checked by the service."""

    def __init__(self, session: Session, reader: Reader) -> None:
        if not reader.is_system:
            raise NotPermitted("Die Prüfung läuft nur als Systemdienst.")
        self.session = session

    def blobs(self) -> Iterator[tuple[str, str]]:
        """Every hash that a row refers to, with what refers to it."""
        for source_id, sha256, archive in self.session.execute(
            select(Source.id, Source.sha256, Source.archive_sha256)
        ):
            yield f"source {source_id}", sha256
            if archive is not None:
                yield f"archive copy {source_id}", archive
        for source_id, given in self.session.execute(select(Source.id, Source.given)):
            for file in given.get("files", ()):  # side-cars, court messages, signature reports
                yield f"companion of {source_id}", file["sha256"]
        for source_id, reading in self.session.execute(select(Source.id, Source.reading_sha256)):
            if reading is not None:
                yield f"reading copy {source_id}", reading
        for page_id, preview, thumbnail in self.session.execute(
            select(Page.id, Page.preview_sha256, Page.thumbnail_sha256)
        ):
            yield f"page {page_id}", preview
            yield f"page {page_id}", thumbnail

    def custody(self) -> Iterator[Problem]:
        """Every sheet that came in is accounted for."""
        yield from self._missing_pages()
        yield from self._pages_without_words()
        yield from self._stray_pages()
        yield from self._pages_twice()
        yield from self._sources_without_documents()
        yield from self._missing_members()
        yield from self._quarantine_without_reason()
        yield from self._dangling_duplicates()
        yield from self._lost_documents()
        yield from self._stranded_tasks()

    def _missing_pages(self) -> Iterator[Problem]:
        rows = self.session.execute(
            select(Source.id, Source.page_count, func.count(Page.id))
            .outerjoin(Page, Page.source_id == Source.id)
            .where(Source.state.in_(("recognised", "cut")))
            .group_by(Source.id, Source.page_count)
            .having(
                or_(
                    Source.page_count.is_(None),
                    func.count(Page.id) != func.coalesce(Source.page_count, -1),
                )
            )
        )
        for source_id, expected, present in rows:
            yield Problem(
                check="custody",
                subject=f"source {source_id}",
                problem=f"Von {expected} Seiten sind {present} vorhanden.",
                remedy=_RESTORE,
            )

    def _pages_without_words(self) -> Iterator[Problem]:
        for page_id in self.session.scalars(
            select(Page.id).where(
                ~exists(select(PageWords.page_id).where(PageWords.page_id == Page.id))
            )
        ):
            yield Problem(
                check="custody",
                subject=f"page {page_id}",
                problem="Die Wörter der Seite fehlen.",
                remedy=_RESTORE,
            )

    def words(self) -> Iterator[Problem]:
        """Every page's words can be read, and are as many as were counted."""
        rows = self.session.execute(
            select(Page.id, Page.word_count, PageWords.words)
            .join(PageWords, PageWords.page_id == Page.id)
            .execution_options(yield_per=500)
        )
        for page_id, count, blob in rows:
            try:
                sound = len(unpack_words(blob)) == count
            except (ValueError, TypeError, zlib.error):
                sound = False
            if not sound:
                yield Problem(
                    check="custody",
                    subject=f"page {page_id}",
                    problem="Die Wörter der Seite sind nicht lesbar oder unvollständig.",
                    remedy=_RESTORE,
                )

    def _stray_pages(self) -> Iterator[Problem]:
        for page_id in self.session.scalars(
            select(Page.id)
            .join(Source, Source.id == Page.source_id)
            .where(Source.state == "cut", ~stands_in_a_document(), ~_is_no_letter())
        ):
            yield Problem(
                check="custody",
                subject=f"page {page_id}",
                problem="Die Seite steht in keinem Dokument.",
                remedy=_RESTORE,
            )

    def _pages_twice(self) -> Iterator[Problem]:
        """Every page stands in one document at most."""
        rows = self.session.scalars(
            select(DocumentPage.page_id)
            .join(Document, in_current_list())
            .group_by(DocumentPage.page_id)
            .having(func.count() > 1)
        )
        for page_id in rows:
            yield Problem(
                check="custody",
                subject=f"page {page_id}",
                problem="Die Seite steht in mehreren Dokumenten.",
                remedy="Am Seitentisch aus einem der Dokumente nehmen.",
            )

    def _sources_without_documents(self) -> Iterator[Problem]:
        has_document = exists(select(Document.id).where(Document.source_id == Source.id))
        for source_id in self.session.scalars(
            select(Source.id).where(Source.state == "cut", ~has_document, ~_HAS_SEPARATOR)
        ):
            yield Problem(
                check="custody",
                subject=f"source {source_id}",
                problem="Aus der Quelle ist kein Dokument geworden.",
                remedy=_RESTORE,
            )

    def _missing_members(self) -> Iterator[Problem]:
        """An archive's members are sources of their own, as many as were counted."""
        member = aliased(Source)
        rows = self.session.execute(
            select(Source.id, Source.parts, func.count(member.id))
            .outerjoin(member, member.parent_id == Source.id)
            .where(Source.state == "unfolded")
            .group_by(Source.id)
        )
        for source_id, parts, present in rows:
            if present == 0 or present != len(parts):
                yield Problem(
                    check="custody",
                    subject=f"source {source_id}",
                    problem=f"Von {len(parts)} Dateien des Archivs sind {present} vorhanden.",
                    remedy=_RESTORE,
                )

    def _quarantine_without_reason(self) -> Iterator[Problem]:
        for source_id in self.session.scalars(
            select(Source.id).where(
                Source.state == "quarantined",
                or_(Source.reason.is_(None), Source.reason == ""),
            )
        ):
            yield Problem(
                check="custody",
                subject=f"source {source_id}",
                problem="Die Quelle liegt ohne Grund in der Quarantäne.",
                remedy="Die Quelle noch einmal einlesen.",
            )

    def _dangling_duplicates(self) -> Iterator[Problem]:
        for source_id in self.session.scalars(
            select(Source.id).where(Source.state == "duplicate", Source.duplicate_of.is_(None))
        ):
            yield Problem(
                check="custody",
                subject=f"source {source_id}",
                problem="Das Duplikat verweist auf keine erste Datei.",
                remedy=_RESTORE,
            )

    def _lost_documents(self) -> Iterator[Problem]:
        """Delivered, yet on nobody's desk and not filed; or filed twice on one desk."""
        lies = exists(
            select(PostboxEntry.id).where(
                PostboxEntry.document_id == Document.id,
                PostboxEntry.done_at.is_(None),
                ~PostboxEntry.copy,
            )
        )
        for document_id in self.session.scalars(
            select(Document.id).where(Document.state.in_(("delivered", "clearing")), ~lies)
        ):
            yield Problem(
                check="custody",
                subject=f"document {document_id}",
                problem="Das Dokument liegt in keinem Postkorb und ist nicht abgelegt.",
                remedy="Der Klärung zuleiten.",
            )
        twice = (
            select(PostboxEntry.document_id, PostboxEntry.postbox)
            .where(PostboxEntry.done_at.is_(None))
            .group_by(PostboxEntry.document_id, PostboxEntry.postbox, PostboxEntry.copy)
            .having(and_(func.count() > 1))
        )
        for document_id, postbox in self.session.execute(twice):
            yield Problem(
                check="custody",
                subject=f"document {document_id}",
                problem=f"Das Dokument liegt mehrfach im Postkorb {postbox}.",
                remedy="Einen der Einträge erledigen.",
            )

    def _stranded_tasks(self) -> Iterator[Problem]:
        """Open tasks of somebody whom a change of the register has shut out meanwhile."""
        shut = exists(
            select(ExcludedLogin.login).where(
                ExcludedLogin.case_file_id == Filing.case_file_id,
                ExcludedLogin.login == PostboxEntry.login,
            )
        )
        rows = self.session.execute(
            select(PostboxEntry.document_id, PostboxEntry.postbox)
            .join(Filing, Filing.document_id == PostboxEntry.document_id)
            .where(PostboxEntry.done_at.is_(None), ~PostboxEntry.copy, shut)
        )
        for document_id, postbox in rows:
            yield Problem(
                check="custody",
                subject=f"document {document_id}",
                problem=f"Die Aufgabe liegt bei {postbox}; für {postbox} ist die Akte gesperrt.",
                remedy="Die Teamleitung leitet das Dokument weiter.",
            )

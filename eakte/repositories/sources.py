"""Sources, their pages and words: what came in and what was read on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from eakte.domain.ids import derived_id
from eakte.domain.pages import PageText, RecognisedPage, Remark, SheetKind, TextSource, Word
from eakte.domain.proof import operators_together
from eakte.domain.rights import Reader
from eakte.models import Batch, Document, DocumentPage, Page, PageWords, Site, Source
from eakte.repositories import once
from eakte.repositories.codec import pack_words, unpack_words
from eakte.repositories.current_list import in_current_list, stands_in_a_document
from eakte.repositories.rights import document_visible
from eakte.repositories.sheets import codes_to_json, remarks_to_json

_TEXTS_HELD = 50
"""So many pages' words are held for a document's steps; longer documents are read each time."""
_TEXTS_AT_ONCE = 50


class Sources:
    """Reads and writes sources. The scan centre sees all of them, others none."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- arrival ----------------------------------------------------------------------------

    def by_arrival(self, reader: Reader, arrival_key: str) -> Source | None:
        """The source that this very arrival made, if it was taken before."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(select(Source).where(Source.arrival_key == arrival_key))

    def lock_bytes(self, sha256: str) -> None:
        """Let no other transaction receive the same bytes meanwhile.

        SQLite has one writer anyway; PostgreSQL takes an advisory lock that ends with the
        transaction.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            key = int(sha256[:15], 16)
            self.session.execute(select(func.pg_advisory_xact_lock(key)))

    def first_with_bytes(
        self, reader: Reader, sha256: str, *, quarantined: bool = False
    ) -> Source | None:
        """The oldest source of these bytes; among those in quarantine only where asked for."""
        if not reader.at_clearing_desk:
            return None
        aside = ("duplicate",) if quarantined else ("quarantined", "duplicate")
        return self.session.scalar(
            select(Source)
            .where(Source.sha256 == sha256, Source.state.not_in(aside))
            .order_by(Source.arrived_at, Source.id)
            .limit(1)
        )

    def batch(self, reader: Reader, channel: str, name: str, received: date, now: datetime) -> str:
        """The id of the batch that a file of this channel, folder and day belongs to."""
        batch_id = derived_id("batch", channel, name, received.isoformat())
        if reader.at_clearing_desk and self.session.get(Batch, batch_id) is None:
            self.session.add(
                Batch(
                    id=batch_id, channel=channel, name=name, received_here=received, opened_at=now
                )
            )
            self.session.flush()
        return batch_id

    def note_run(self, reader: Reader, batch_id: str, run: Mapping[str, Any]) -> None:
        """Keep what the scanner told of the batch; ``sheets`` and operators of its files add up."""
        batch = self.session.get(Batch, batch_id, with_for_update=True)
        if batch is None or not reader.at_clearing_desk:
            return
        if run["operator"]:
            batch.operator = operators_together(batch.operator, run["operator"])
        for name in ("profile", "site_id", "device"):
            if run[name] is not None:
                setattr(batch, name, run[name])
        if run["sheets"] is not None:
            batch.sheets_reported = (batch.sheets_reported or 0) + run["sheets"]
        self.session.flush()

    def add(self, source: Source) -> None:
        """Keep a new source."""
        self.session.add(source)
        self.session.flush()

    # -- reading ----------------------------------------------------------------------------

    def get(self, reader: Reader, source_id: str) -> Source | None:
        """A source by id; also for those who may open a document made of it."""
        if reader.is_system:
            return once.once(
                self.session,
                ("source", source_id),  # the session itself forgets what nobody holds
                lambda: self.session.get(Source, source_id),
            )
        return self.session.scalar(
            select(Source).where(Source.id == source_id, self._visible(reader))
        )

    def sent_by(self, reader: Reader, source_id: str, sender: str) -> Source | None:
        """A source that ``sender`` (a login, ``token:NAME``) handed in; for the sender alone.

        ``reader`` is the sender, or who a programme acts as: others learn nothing from it.
        """
        if not (reader.is_system or sender == reader.login or sender.startswith("token:")):
            return None
        source = self.session.scalar(select(Source).where(Source.id == source_id))
        if source is None or source.given.get("sent_by") != sender:
            return None
        return source

    def knows_companion(self, reader: Reader, sha256: str) -> bool:
        """Whether a source came with a file of these bytes (its side-car): a step's question."""
        if not reader.is_system:
            return False
        first = Source.given["files"][0]["sha256"].as_string()
        return self.session.scalar(select(Source.id).where(first == sha256).limit(1)) is not None

    def members(self, reader: Reader, source_id: str) -> Sequence[Source]:
        """What an archive unfolded into, in its order; for steps and the scan centre."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Source)
            .where(Source.parent_id == source_id)
            .order_by(Source.arrived_at, Source.name, Source.id)
        ).all()

    def depth(self, reader: Reader, source_id: str) -> int:
        """How many archives the source lay in, one within the other: a step's question."""
        depth = 0
        inner = self.get(reader, source_id) if reader.is_system else None
        while inner is not None and inner.parent_id is not None:
            inner = self.session.get(Source, inner.parent_id)
            depth += 1
        return depth

    def recent(
        self, reader: Reader, limit: int = 100, *, state: str | None = None
    ) -> Sequence[Source]:
        """The newest arrivals, newest first; for the scan centre.

        With ``state`` those alone that are in it, or of which a document is.
        """
        if not reader.at_clearing_desk:
            return []
        newest = (Source.arrived_at.desc(), Source.id.desc())
        query = select(Source).order_by(*newest).limit(limit)
        if state is not None:
            # Each way through an index, for which the first needs its order: an "or" would go
            # through all that ever arrived.
            itself = select(Source.id).where(Source.state == state).order_by(*newest).limit(limit)
            of_document = select(Document.source_id).where(Document.state == state)
            found = select(itself.subquery().c.id).union(of_document)
            query = query.where(Source.id.in_(found))
        return self.session.scalars(query).all()

    def in_state(self, reader: Reader, *states: str) -> Sequence[Source]:
        """Sources in one of ``states``, oldest first; for steps and the scan centre."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Source).where(Source.state.in_(states)).order_by(Source.arrived_at, Source.id)
        ).all()

    def waiting_in(self, reader: Reader, channels: Iterable[str]) -> Sequence[str]:
        """Ids of sources of these channels that were received and not read yet (a step's)."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Source.id)
            .where(Source.state == "received", Source.channel.in_(sorted(channels)))
            .order_by(Source.arrived_at)
        ).all()

    def last_change(self, reader: Reader) -> datetime | None:
        """When any source changed last; cheap enough to ask every second."""
        if not reader.at_clearing_desk:
            return None
        return self.session.scalar(select(func.max(Source.changed_at)))

    # -- pages ------------------------------------------------------------------------------

    def pages(self, reader: Reader, source_id: str) -> Sequence[Page]:
        """The recognised pages of a source, in their order."""
        if self.get(reader, source_id) is None:
            return []
        return self.session.scalars(
            select(Page).where(Page.source_id == source_id).order_by(Page.number)
        ).all()

    def separators(self, reader: Reader, source_id: str) -> Sequence[int]:
        """Numbers of the pages of a cut source that belong to no document: separator sheets.

        Their blank backs too where the source holds nothing else. For the scan centre.
        """
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(Page.number)
            .join(Source, Source.id == Page.source_id)
            .where(Source.id == source_id, Source.state == "cut", ~stands_in_a_document())
            .order_by(Page.number)
        ).all()

    def pages_done(self, reader: Reader, source_ids: Sequence[str]) -> dict[str, int]:
        """How many pages of each source are recognised."""
        if not reader.at_clearing_desk:
            return {}
        rows = self.session.execute(
            select(Page.source_id, func.count())
            .where(Page.source_id.in_(source_ids))
            .group_by(Page.source_id)
        )
        return dict(rows.all())

    def sheets(self, reader: Reader, source_ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """Recognised pages by source and kind (page, blank, separator, cover), counted."""
        if not reader.at_clearing_desk:
            return {}
        rows = self.session.execute(
            select(Page.source_id, Page.kind, func.count())
            .where(Page.source_id.in_(source_ids))
            .group_by(Page.source_id, Page.kind)
        )
        found: dict[str, dict[str, int]] = {}
        for source_id, kind, count in rows:
            found.setdefault(source_id, {})[kind] = count
        return found

    def sites(self, reader: Reader, source_ids: Sequence[str]) -> dict[str, str]:
        """By source: the name of the site that its batch's profile named."""
        if not reader.at_clearing_desk:
            return {}
        rows = self.session.execute(
            select(Source.id, Site.name)
            .join(Batch, Batch.id == Source.batch_id)
            .join(Site, Site.id == Batch.site_id)
            .where(Source.id.in_(source_ids))
        )
        return dict(rows.all())

    def add_page(
        self,
        reader: Reader,
        source_id: str,
        page: RecognisedPage,
        preview_sha256: str,
        thumbnail_sha256: str,
    ) -> None:
        """Keep a recognised page with its words; a second time changes nothing."""
        page_id = derived_id("page", source_id, str(page.number))
        if not reader.is_system or self.session.get(Page, page_id) is not None:
            return
        self.session.add(
            Page(
                id=page_id,
                source_id=source_id,
                number=page.number,
                width_mm=page.text.width_mm,
                height_mm=page.text.height_mm,
                dpi=page.dpi,
                turn=page.turn,
                text_source=page.text.source,
                confidence=page.text.confidence,
                word_count=len(page.text.words),
                media_type=page.media_type,
                preview_sha256=preview_sha256,
                thumbnail_sha256=thumbnail_sha256,
                kind=page.sheet.kind,
                skew=page.sheet.skew,
                ink=page.sheet.ink,
                codes=codes_to_json(page.sheet.codes),
                remarks=remarks_to_json(page.sheet.remarks),
            )
        )
        self.session.flush()
        self.session.add(PageWords(page_id=page_id, words=pack_words(page.text.words)))
        self.session.flush()

    def words(self, reader: Reader, page_id: str) -> tuple[Word, ...] | None:
        """The words of a page; None where the reader may not see it."""
        blob = self.session.scalar(
            select(PageWords.words)
            .join(Page, Page.id == PageWords.page_id)
            .join(Source, Source.id == Page.source_id)
            .where(PageWords.page_id == page_id, self._page_visible(reader))
        )
        return None if blob is None else unpack_words(blob)

    def forget_words(
        self,
        reader: Reader,
        source_id: str,
        page_ids: Collection[str] | None = None,
        remark: Remark | None = None,
    ) -> None:
        """Delete what was read on the pages of a source: it was not meant for us.

        On ``page_ids`` alone where they are named; ``remark`` is left on each.
        """
        if not reader.is_system:
            return
        for page in self.pages(reader, source_id):
            if page_ids is not None and page.id not in page_ids:
                continue
            if remark is not None:
                page.remarks = [*page.remarks, *remarks_to_json((remark,))]
            page.word_count, page.confidence, page.text_source = 0, 0.0, TextSource.NONE
            page.codes = []
            words = self.session.get(PageWords, page.id)
            if words is not None:
                words.words = pack_words(())
        self.session.flush()

    def ask_again(self, reader: Reader, turns: Mapping[str, int]) -> None:
        """Have pages (by id) read as the page desk turned them, in degrees beyond their own turn.

        Text that came with a page stays; words that were read that way round wait for nothing.
        """
        if not reader.is_system:
            return
        for page in self.session.scalars(
            select(Page)
            .where(Page.id.in_(sorted(turns)), Page.text_source != TextSource.EMBEDDED)
            .execution_options(populate_existing=True)
        ):
            asked = turns[page.id]
            page.asked_turn = None if asked == page.read_turn else asked
        self.session.flush()

    def read_after_all(self, reader: Reader, page_id: str, page: RecognisedPage) -> None:
        """Keep what was read now; ``page`` lies as its row says, words and codes with it.

        Blank or written on may have been told wrongly before; what our own sheets are stays.
        """
        row, words = self.session.get(Page, page_id), self.session.get(PageWords, page_id)
        if not reader.is_system or row is None or words is None:
            return
        row.text_source, row.confidence = page.text.source, page.text.confidence
        row.word_count, row.codes = len(page.text.words), codes_to_json(page.sheet.codes)
        row.dpi, row.skew, row.ink = page.dpi, page.sheet.skew, page.sheet.ink
        row.remarks = remarks_to_json(page.sheet.remarks)
        if {row.kind, page.sheet.kind} <= {SheetKind.PAGE, SheetKind.BLANK}:
            row.kind = page.sheet.kind
        row.read_turn, row.asked_turn = page.text.turn, None
        words.words = pack_words(page.text.words)
        self.session.flush()

    def read_no_more(self, reader: Reader, page_ids: Iterable[str], remark: Remark) -> bool:
        """Leave pages that wait to be read again as they are, with ``remark``; False: none did."""
        if not reader.is_system:
            return False
        waiting = self.session.scalars(
            select(Page).where(Page.id.in_(list(page_ids)), Page.asked_turn.is_not(None))
        ).all()
        for page in waiting:
            page.asked_turn = None
            page.remarks = [*page.remarks, *remarks_to_json((remark,))]
        self.session.flush()
        return bool(waiting)

    def read_again(self, reader: Reader, source_id: str) -> Source | None:
        """Forget the pages of post that was not opened, so that they are read anew.

        For the scan centre; None for any other source.  The row is locked until the end.
        """
        if not reader.at_clearing_desk:
            return None
        source = self.session.get(Source, source_id, with_for_update=True, populate_existing=True)
        if source is None or source.state != "unopened":
            return None
        ids = select(Page.id).where(Page.source_id == source_id)
        self.session.execute(delete(PageWords).where(PageWords.page_id.in_(ids)))
        self.session.execute(delete(Page).where(Page.source_id == source_id))
        return source

    def envelope(self, reader: Reader, closed_id: str) -> Page | None:
        """The envelope of post that was not opened: its written page, for the scan centre.

        ``closed_id`` names a source that is nothing else, or a document that was cut from a stack.
        """
        if not reader.at_clearing_desk:
            return None
        of_document = (
            select(DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(Document.id == closed_id, Document.state == "unopened", ~DocumentPage.removed)
        )
        return self.session.scalar(
            select(Page)
            .join(Source, Source.id == Page.source_id)
            .where(
                or_(
                    and_(Source.id == closed_id, Source.state == "unopened"),
                    Page.id.in_(of_document),
                ),
                Page.kind == "page",
            )
            .order_by(Page.number)
            .limit(1)
        )

    def texts(self, reader: Reader, page_ids: Sequence[str]) -> dict[str, PageText]:
        """The text of many pages at once, by page id; invisible pages are left out."""
        if not reader.is_system or len(page_ids) > _TEXTS_HELD:
            return self._texts(reader, page_ids)
        missing = [one for one in page_ids if once.held(self.session, ("text", one)) is None]
        found = self._texts(reader, missing) if missing else {}
        for page_id, text in found.items():
            once.tell(self.session, ("text", page_id), text)
        known = {one: once.held(self.session, ("text", one)) for one in page_ids}
        return found | {one: text for one, text in known.items() if text is not None}

    def _texts(self, reader: Reader, page_ids: Sequence[str]) -> dict[str, PageText]:
        rows = self.session.execute(
            select(Page, PageWords.words)
            .join(PageWords, PageWords.page_id == Page.id)
            .join(Source, Source.id == Page.source_id)
            .where(Page.id.in_(page_ids), self._page_visible(reader))
        )
        return {
            page.id: PageText(
                words=unpack_words(blob),
                width_mm=page.width_mm,
                height_mm=page.height_mm,
                source=TextSource(page.text_source),
                turn=page.read_turn,
            )
            for page, blob in rows
        }

    def each_text(self, reader: Reader, page_ids: Sequence[str]) -> Iterator[tuple[str, PageText]]:
        """As :meth:`texts`, one after the other in the order of ``page_ids``.

        The words of a run of a thousand pages are never in memory all at once.
        """
        for start in range(0, len(page_ids), _TEXTS_AT_ONCE):
            part = page_ids[start : start + _TEXTS_AT_ONCE]
            texts = self.texts(reader, part)
            yield from ((page_id, texts[page_id]) for page_id in part if page_id in texts)

    @staticmethod
    def _visible(reader: Reader) -> ColumnElement[bool]:
        return or_(
            exists(
                select(Document.id).where(
                    Document.source_id == Source.id, document_visible(reader, Document.id)
                )
            ),
            Source.state.in_(("received", "recognised", "waiting", "quarantined"))
            if reader.at_clearing_desk
            else Source.id.is_(None),
        )

    @staticmethod
    def _page_visible(reader: Reader) -> ColumnElement[bool]:
        if reader.is_system:
            return Page.id.is_not(None)
        return exists(
            select(DocumentPage.page_id)
            .join(Document, in_current_list())
            .where(
                DocumentPage.page_id == Page.id,
                document_visible(reader, DocumentPage.document_id),
            )
        )

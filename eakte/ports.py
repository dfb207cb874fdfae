"""What the house asks of its engines.

Each port names who calls it and what it may raise.  Only ``eakte/bootstrap.py`` knows the concrete
classes; every class behind a port passes that port's contract suite in ``tests/contract``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

    from eakte.domain.examples import LabelledExample
    from eakte.domain.findings import SchlagwortFinding
    from eakte.domain.pages import PageText, RecognisedPage, Remark, Word
    from eakte.domain.proof import TransferNote
    from eakte.domain.register import CaseFileFacts
    from eakte.domain.search import Facets, IndexDocument, SearchAnswer, SearchQuery
    from eakte.language.references import FoundReference


class Clock(Protocol):
    """Time, so that tests can set it.  Instants are UTC; the desk's day is Europe/Berlin."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def today(self) -> date:
        """The desk's day in Europe/Berlin."""
        ...


class OcrEngine(Protocol):
    """Words of an upright page image.  Called in OCR processes only, never in the web process."""

    name: str

    def recognise(self, image: Image, dpi: int) -> tuple[Word, ...]:
        """The words of ``image`` in reading order; empty for a page without text.

        Raises ``EngineError`` where the engine fails, ``ServiceMissing`` where it or its language
        model is not installed.
        """
        ...

    def orientation(self, image: Image) -> int:
        """Clockwise degrees (0, 90, 180, 270) that turn ``image`` upright; 0 where unsure."""
        ...


class PageReader(Protocol):
    """Pages of a source file.  Called by the ``recognise`` step."""

    def page_count(self, path: Path) -> int:
        """How many pages ``path`` has.

        Raises ``IntakeError`` with a ``reason`` (``empty``, ``unknown_format``, ``encrypted``,
        ``damaged``, ``too_large``) where it is no document that can be read.
        """
        ...

    def read_page(self, path: Path, number: int) -> RecognisedPage:
        """Recognise page ``number`` (from 1): embedded text where it is sound, else OCR.

        Raises ``IntakeError`` where that page can't be read within the time and memory limits.
        """
        ...


class PageRenderer(Protocol):
    """Archive copies.  Called by the ``recognise`` step once every page is recognised."""

    def archive_copy(
        self, path: Path, pages: Iterable[RecognisedPage], into: Path, note: TransferNote | None
    ) -> tuple[Remark, ...]:
        """Write ``path`` as PDF/A-2b to ``into``, with the words of every page and the note.

        Returns what had to be changed for it; the note tells that too.
        """
        ...


class Register(Protocol):
    """Look-ups that the case-file match makes.  Answers are facts, never a decision.

    Every question is an exact key look-up, so that an index answers it at 40,000 files and 70,000
    people.  A page asks once for each kind: at most about a dozen numbers and dates, and some
    hundred name keys in one call.  Case files come whole, with all their present people.
    """

    def by_number(self, aktenzeichen: str) -> tuple[CaseFileFacts, ...]:
        """Case files whose present or former number is ``aktenzeichen`` (canonical form)."""
        ...

    def by_customer_number(self, number: str) -> tuple[CaseFileFacts, ...]:
        """Case files with a member of that customer number."""
        ...

    def by_names(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member one of whose name keys is in ``keys``.

        The keys pair a first with a last name: ``eakte.language.names.name_keys`` makes those
        stored with each person, ``text_name_keys`` those of a text.
        """
        ...

    def by_birth_dates(self, dates: Iterable[date]) -> tuple[CaseFileFacts, ...]:
        """Case files with a member born on one of ``dates``."""
        ...

    def by_addresses(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        """Case files at one of the addresses (``eakte.language.addresses.address_key``)."""
        ...

    def by_references(
        self, references: Iterable[FoundReference]
    ) -> Mapping[str, tuple[CaseFileFacts, ...]]:
        """By the reference's value, the case file whose filed documents bear it.

        A reference that is borne in several case files says nothing and is left out.
        """
        ...

    def person_of(self, reference: FoundReference) -> str | None:
        """The id of the person whose insurance number this is, as filed documents tell."""
        ...

    def known_words(self, words: Iterable[str]) -> frozenset[str]:
        """Those of the folded ``words`` that are somebody's name in the register."""
        ...


class Classifier(Protocol):
    """What a document is.  Called by the ``classify`` step; made once, used by many threads."""

    def classify(self, pages: tuple[PageText, ...]) -> tuple[SchlagwortFinding, ...]:
        """The Schlagworte of a document, best first, each with its evidence; never empty.

        ``pages`` are the kept pages, lines upright.  Scores are calibrated: of documents at 0.9,
        nine in ten are right.
        """
        ...


class Learner(Protocol):
    """Makes a classifier of corrections.  The product ships none (docs/adr/0127)."""

    def learn(self, examples: Iterable[LabelledExample]) -> Classifier:
        """A classifier that knows the examples; it keeps none of their text.

        Raises ``EngineError`` where there are too few of them.
        """
        ...


class SearchIndex(Protocol):
    """A full-text index.  One writer at a time; readers in other processes are fine.

    Engines hold nothing that the database could not tell again.  A failing engine raises
    ``Unavailable``; the rest of the product goes on.
    """

    name: str

    @property
    def outdated(self) -> bool:
        """Whether the index wants a ``rebuild``.

        There is none, it can't be opened, or it was made by another schema or analysis.
        """
        ...

    @property
    def stamp(self) -> str:
        """What the last ``rebuild`` was given; empty where there is no index, or nothing was."""
        ...

    def ensure(self) -> None:
        """Lay out an empty index where there is none; ``search`` on none is ``Unavailable``."""
        ...

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """The single writer; leaving the context commits durably, an exception drops all.

        Raises ``Unavailable`` while another process or thread holds the lock.
        """
        ...

    def rebuild(self, stamp: str = "") -> AbstractContextManager[IndexWriter]:
        """Fill an empty index while the present one serves; it takes over at the end.

        ``stamp`` stays with it, to be known again by.

        Holds the writer's lock throughout: changes wait in the outbox and follow afterwards.
        """
        ...

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Documents that match every clause and that one of the query's access groups opens."""
        ...

    def facets(self, query: SearchQuery, fields: Sequence[str], most: int) -> Facets:
        """How many of all documents that match carry which value; counts are exact.

        Of each of ``fields`` (of ``COUNTED``) at most ``most`` values, the most frequent ones.
        The query's limit, offset and order count for nothing.
        """
        ...

    def is_empty(self) -> bool:
        """Whether it holds no document at all; raises ``Unavailable`` where it can't be read."""
        ...

    def seals(self) -> Iterator[tuple[str, str]]:
        """Id and ``IndexDocument.seal`` of every document in the index (``eakte check``)."""
        ...


class IndexWriter(Protocol):
    """Changes within one commit."""

    def put(self, document: IndexDocument) -> None:
        """Add the document, or replace it."""
        ...

    def delete(self, document_id: str) -> None:
        """Remove the document; unknown ids are no error."""
        ...

    def clear(self) -> None:
        """Remove everything."""
        ...


class BlobStore(Protocol):
    """Bytes addressed by their SHA-256, written once, fsynced before ``put`` returns."""

    def put(self, data: bytes) -> str:
        """Store ``data``; returns its SHA-256 in hex.  The same bytes twice are stored once."""
        ...

    def put_file(self, path: Path) -> str:
        """Store a copy of the file at ``path`` without reading it into memory at once."""
        ...

    def read(self, sha256: str) -> bytes:
        """The bytes.  Raises ``Damaged`` where they are missing or no longer match."""
        ...

    def local_path(self, sha256: str) -> AbstractContextManager[Path]:
        """A path under which the bytes can be read while the context lasts."""
        ...

    def verify(self, sha256: str) -> None:
        """Raises ``Damaged`` where the stored bytes are missing or do not have this hash."""
        ...

    def hashes(self) -> Iterator[str]:
        """Every hash in the store."""
        ...

"""The pipeline without durable engine and OCR processes: letters are taken in within the test.

Real in everything else: the store, the reader of born-digital pages, rules, routing, index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.conversion import Prepared, Unfolded
from eakte.domain.pages import RecognisedPage, Remark, Word
from eakte.domain.proof import TransferNote
from eakte.intake import classify, cut, deliver, identify, index, route
from eakte.intake.at_once import TakesLonger, at_once
from eakte.intake.pipeline import process_document, process_source
from eakte.intake.read_again import read_again
from eakte.intake.receive import Arrival, receive
from eakte.intake.recognise import recognise
from eakte.intake.tools import Tools
from eakte.intake.unfold import unfold
from eakte.ports import OcrEngine
from eakte.recognition.archive import archived
from eakte.recognition.conversion import archives
from eakte.recognition.conversion.prepare import prepare
from eakte.recognition.limits import Limits
from eakte.recognition.reader import Reader
from scanner_inbox.paper import examine


class UnaskedEngine:
    """An engine that is loaded beside every picture, and has nothing to read here."""

    name = "unasked"

    def recognise(self, _image: Image, _dpi: int) -> tuple[Word, ...]:
        raise AssertionError("these letters need no OCR")

    def orientation(self, _image: Image) -> int:
        raise AssertionError("these letters need no OCR")


class PoolInThisProcess:
    """A ``PagePool`` that reads at once."""

    def __init__(self, engine: Callable[[], OcrEngine] = UnaskedEngine) -> None:
        self._reader = Reader(engine, examine=examine)

    def unfold(self, path: Path, folder: Path) -> Unfolded | None:
        return archives.unfold(path, folder, Limits())

    def prepare(self, path: Path, folder: Path) -> Prepared:
        return prepare(path, folder)

    def read_page(self, path: Path, number: int, turn: int | None = None) -> Future[RecognisedPage]:
        done: Future[RecognisedPage] = Future()
        done.set_result(self._reader.read_page(path, number, turn))
        return done

    def archive_copy(
        self, path: Path, pages: Iterable[RecognisedPage], into: Path, note: TransferNote | None
    ) -> tuple[Remark, ...]:
        return archived(path, tuple(pages), into, note=note)


@dataclass
class PlainSteps:
    """The steps of the pipeline without a durable engine, one after the other."""

    tools: Tools

    def unfold(self, source_id: str) -> list[str]:
        return unfold(self.tools, source_id)

    def start_source(self, source_id: str) -> None:
        process_source(self, source_id)

    def recognise(self, source_id: str) -> bool:
        return recognise(self.tools, source_id)

    def cut(self, source_id: str) -> list[str]:
        with self.tools.database.write() as session:
            return cut.cut(session, self.tools, source_id)

    def start_document(self, document_id: str) -> None:
        try:
            with self.tools.database.write() as session:
                at_once(session, self.tools, document_id)
        except TakesLonger:
            process_document(self, document_id)

    def classify(self, document_id: str) -> bool:
        with self.tools.database.write() as session:
            return classify.classify(session, self.tools, document_id)

    def read_again(self, document_id: str) -> bool:
        return read_again(self.tools, document_id)

    def identify(self, document_id: str) -> None:
        with self.tools.database.write() as session:
            identify.identify(session, self.tools, document_id)

    def route(self, document_id: str) -> None:
        with self.tools.database.write() as session:
            route.route(session, self.tools, document_id)

    def deliver(self, document_id: str) -> None:
        with self.tools.database.write() as session:
            deliver.deliver(session, self.tools, document_id)

    def index(self, document_id: str) -> None:
        with self.tools.database.write() as session:
            index.index(session, self.tools, document_id)


def take_in(product: Product, letters: dict[str, bytes]) -> dict[str, str]:
    """Take every letter through the whole flow; the ids of their sources by name."""
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    taken = {}
    for name, content in letters.items():
        sha256 = product.store.put(content)
        arrival = Arrival(
            key=hashlib.sha256(name.encode()).hexdigest(),
            channel="scanner",
            batch="test",
            name=name,
            sha256=sha256,
            size=len(content),
            received=product.database.clock.today(),
        )
        source = receive(product.database, arrival)
        if source.state == "received":
            process_source(steps, source.source_id)
        taken[name] = source.source_id
    product.indexer.drain()
    return taken

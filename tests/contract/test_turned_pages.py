"""A page that the page desk turned is read again that way round, on both databases."""

from __future__ import annotations

import functools
import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import page as page_validation
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.pages import Box, Remark, Word
from eakte.domain.rights import Reader
from eakte.errors import EngineError
from eakte.intake.durable import Durable, DurableSettings
from eakte.intake.pipeline import process_source
from eakte.intake.receive import Arrival, receive
from eakte.models import AuditRow, Document, Page
from eakte.ports import OcrEngine
from eakte.recognition.tesserocr_engine import TesserocrEngine
from eakte.repositories.codec import laid_back
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.repositories.sources import Sources
from eakte.services.page_desk import Pick
from eakte.services.page_desk_views import DeskPage
from tests.authority import STEP
from tests.letters import objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER
from web.presenters.page_desk import READING, screen

LETTER = objection(MUELLER, "Kranichflug")


class QuietEngine:
    """Reads nothing, as an engine does on a sheet that lies on its side."""

    name = "quiet"

    def recognise(self, _image: Image.Image, _dpi: int) -> tuple[Word, ...]:
        return ()

    def orientation(self, _image: Image.Image) -> int:
        return 0


@functools.cache
def real_engine() -> ReadOnce:
    return ReadOnce()


class ReadOnce:
    """tesserocr, which is asked once for the upright letter, whatever the number of tests."""

    name = "tesserocr"

    def __init__(self) -> None:
        self._engine = TesserocrEngine()
        self._known: dict[bytes, tuple[Word, ...]] = {}

    def recognise(self, image: Image.Image, dpi: int) -> tuple[Word, ...]:
        pixels = image.tobytes()
        if pixels not in self._known:
            self._known[pixels] = self._engine.recognise(image, dpi)
        return self._known[pixels]

    def orientation(self, _image: Image.Image) -> int:
        raise AssertionError("a person said which way up it lies")


class Pool(PoolInThisProcess):
    """What ``happens`` comes between the reading and the first archive copy."""

    def __init__(self, engine: Callable[[], OcrEngine], happens: Callable[[], None]) -> None:
        super().__init__(engine)
        self.happenings = [happens]

    def archive_copy(self, *asked: Any) -> Any:
        if self.happenings:
            self.happenings.pop()()
        return super().archive_copy(*asked)


def interrupt() -> None:
    """Somebody ends the process."""
    raise EngineError("Die Texterkennung wurde von außen unterbrochen.")


def fail() -> None:
    """A fault of the file, or of the program."""
    raise ValueError("seven")


@functools.cache
def lying_sheet() -> bytes:
    """The letter as a picture that lies on its left side."""
    drawn = pypdfium2.PdfDocument(LETTER)[0].render(scale=200 / 72).to_pil().convert("L")
    out = io.BytesIO()
    drawn.transpose(Image.Transpose.ROTATE_90).save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


class Turned:
    """A letter of one page at the page desk of the scan centre."""

    def __init__(self, product: Product, content: bytes) -> None:
        self.product = product
        self.reader = reader_of(product, "s.scan")
        arrival = Arrival(
            key="0" * 64,
            channel="scanner",
            batch="test",
            name="blatt",
            sha256=product.store.put(content),
            size=len(content),
            received=product.database.clock.today(),
        )
        self.source_id = receive(product.database, arrival).source_id
        process_source(self.steps(PoolInThisProcess(QuietEngine)), self.source_id)
        with product.database.read() as session:
            self.id = session.scalars(select(Document.id)).one()

    def steps(self, pool: PoolInThisProcess) -> PlainSteps:
        return PlainSteps(intake_tools(self.product, pool))

    @property
    def page(self) -> DeskPage:
        view = self.product.services.page_desk.open(self.reader, self.id)
        return view.rows[0].pages[0]

    def turn(self, degrees: int) -> None:
        desk = self.product.services.page_desk
        (row,) = desk.open(self.reader, self.id).rows
        pick = Pick(document_id=self.id, pages=(row.pages[0].page_id,), seen={self.id: row.version})
        desk.turn(self.reader, pick, degrees)

    def undo(self) -> None:
        desk = self.product.services.page_desk
        undo = desk.open(self.reader, self.id).undo
        assert undo is not None
        desk.undo(self.reader, self.id, undo.change_id)

    def read(self, pool: PoolInThisProcess) -> None:
        """What the worker does once it has found the document among what waits."""
        assert self.waiting == [self.id]
        self.steps(pool).start_document(self.id)
        self.product.indexer.drain()

    @property
    def waiting(self) -> list[str]:
        with self.product.database.read() as session:
            return list(Documents(session).waiting_to_be_read(STEP))

    @property
    def row(self) -> Page:
        with self.product.database.read() as session:
            return session.scalars(select(Page)).one()

    def hits(self, login: str, words: str) -> int:
        return self.product.services.searching.search(reader_of(self.product, login), words).total


def reader_of(product: Product, login: str) -> Reader:
    clock = product.database.clock
    with product.database.read() as session:
        found = Organisation(session).reader(login, clock.today(), product.settings.access)
    assert found is not None
    return found


def test_a_turned_page_is_read_and_found_and_can_be_placed_by_the_machine(product: Product):
    letter = Turned(product, lying_sheet())
    assert (letter.page.words, letter.waiting) == (0, [])
    letter.turn(90)
    view = product.services.page_desk.open(letter.reader, letter.id)
    assert screen(view).rows[0].pages[0].mark == READING

    pool = Pool(real_engine, interrupt)
    with pytest.raises(EngineError):
        letter.read(pool)
    assert letter.page.waits  # nothing of it was kept; it is taken up again
    letter.read(pool)
    assert (letter.page.waits, letter.waiting, letter.row.read_turn) == (False, [], 90)
    assert letter.page.words > 20
    with product.database.read() as session:
        document = session.get_one(Document, letter.id)
        assert (document.state, document.schlagwort) == ("clearing", "sonstiges")
        noted = session.scalars(select(AuditRow.details).where(AuditRow.action == "document.read"))
        assert list(noted) == [{"pages": 1, "turned": 1}]

    # Nobody decided anything: „Fertig“ has the machine look at the new words.
    assert product.services.page_desk.finish(letter.reader, letter.id) == 1
    letter.steps(pool).start_document(letter.id)
    product.indexer.drain()
    assert letter.hits("m.petersen", "Kranichflug") == 1
    with product.database.read() as session:
        assert session.get_one(Document, letter.id).state == "delivered"
        (found, *_) = Documents(session).schlagwort_findings(STEP, letter.id)
    row = letter.row
    for box in found.evidence[0].boxes:  # a line of text runs down the page as it came
        assert (box.y1 - box.y0) * row.height_mm > 2 * (box.x1 - box.x0) * row.width_mm

    copy, _ = product.services.archive_copies.of_document(
        reader_of(product, "m.petersen"), letter.id
    )
    assert page_validation.validate_pdf_bytes(copy, profile="2b").failures == []
    text = pypdfium2.PdfDocument(copy)[0].get_textpage().get_text_range()
    assert "lege ich Widerspruch" in " ".join(text.split())


def test_an_undo_turns_back_and_reads_that_way_round_again(product: Product):
    letter = Turned(product, lying_sheet())
    letter.turn(90)
    letter.undo()
    assert letter.waiting == []  # it was never read otherwise
    letter.turn(90)
    letter.read(PoolInThisProcess(real_engine))
    letter.undo()
    assert letter.page.waits
    letter.read(PoolInThisProcess(QuietEngine))
    assert (letter.row.read_turn, letter.page.words, letter.waiting) == (0, 0, [])


def test_what_is_turned_while_it_is_read_is_read_as_it_lies_in_the_end(product: Product):
    letter = Turned(product, lying_sheet())
    letter.turn(90)
    letter.read(Pool(QuietEngine, lambda: letter.turn(180)))
    assert (letter.row.read_turn, letter.row.asked_turn, letter.waiting) == (270, None, [])


def test_text_that_came_with_a_page_is_not_read_from_its_picture(product: Product):
    Turned(product, LETTER)
    with product.database.write() as session:
        (page,) = session.scalars(select(Page))
        Sources(session).ask_again(STEP, {page.id: 90})
        assert page.asked_turn is None


def test_only_the_system_asks_for_reading_and_gives_it_up(product: Product):
    letter = Turned(product, lying_sheet())
    remark = Remark(code="no", message="nein")
    with product.database.write() as session:
        Sources(session).ask_again(letter.reader, {letter.row.id: 90})
        assert session.scalars(select(Page.asked_turn)).one() is None
        Sources(session).ask_again(STEP, {letter.row.id: 90})
        assert Documents(session).waiting_to_be_read(letter.reader) == []
        assert not Sources(session).read_no_more(letter.reader, [letter.row.id], remark)
        assert session.scalars(select(Page.asked_turn)).one() == 90


def test_a_worker_takes_it_up_from_the_rows_and_gives_it_up_where_it_fails(product: Product):
    letter = Turned(product, lying_sheet())
    letter.turn(90)
    tools = intake_tools(product, Pool(QuietEngine, fail))
    url = product.settings.durable_url
    durable = Durable(tools, DurableSettings(url=url, executor_id="test", listens=True))
    durable.launch()
    try:
        assert durable.resume_forgotten(timedelta(0)) == 1
        until = time.monotonic() + 60
        while letter.waiting:
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        durable.close(seconds=5)
    assert (letter.page.waits, letter.page.given_up) == (False, True)
    with product.database.read() as session:
        assert session.get_one(Document, letter.id).state == "clearing"


def test_boxes_of_a_finding_go_back_to_where_its_page_lay():
    finding = {
        "evidence": [{"page": 1, "boxes": [[0.0, 0.0, 0.5, 0.25]]}, {"page": 2, "boxes": []}]
    }
    (first, second) = laid_back(finding, {1: 90})["evidence"]
    assert Box(*first["boxes"][0]).turned(90) == Box(0.0, 0.0, 0.5, 0.25)
    assert second == finding["evidence"][1]

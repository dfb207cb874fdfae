"""What is split at the clearing desk is read at once and stays there, with its suggestions."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
import pytest

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.rights import Reader
from eakte.errors import Conflict
from eakte.intake.pick_up import PickUp
from eakte.intake.pipeline import process_document, process_source
from eakte.intake.receive import Arrival, receive
from eakte.models import Document
from eakte.repositories.documents import Documents
from eakte.repositories.misfilings import Misfilings
from eakte.repositories.organisation import Organisation
from eakte.repositories.postboxes import Postboxes
from eakte.services.by_number import by_number
from eakte.services.page_desk import Pick
from tests.authority import STEP
from tests.letters import letter, objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER, SCHMIDT

OTHERS = (
    "Ole Schmidt",
    "geboren am 17.07.1971",
    f"BG-Nummer {SCHMIDT}",
    "",
    "Guten Tag,",
    "anbei der Kontoauszug.",
)


@dataclass
class AtDesk:
    """Two people's letters in one, which waits for clearing; the second is an objection."""

    product: Product
    steps: PlainSteps
    document_id: str

    @property
    def reader(self) -> Reader:
        product = self.product
        with product.database.read() as session:
            today = product.database.clock.today()
            found = Organisation(session).reader("s.scan", today, product.settings.access)
        assert found is not None
        return found

    def row(self, document_id: str = "") -> Document:
        with self.product.database.read() as session:
            return session.get_one(Document, document_id or self.document_id)

    def split(self) -> tuple[str, str]:
        """The id of the part that was split off, and of the change."""
        with self.product.database.read() as session:
            pages = Documents(session).kept_page_ids(STEP, [self.document_id])[self.document_id]
        seen = {self.document_id: self.row().version}
        pick = Pick(document_id=self.document_id, pages=(pages[1],), seen=seen)
        done = self.product.services.page_desk.split(self.reader, pick, read=True)
        with self.product.database.read() as session:
            (part,) = set(Documents(session).split_and_unread(STEP)) - {self.document_id}
        return part, done.change_id or ""

    def read(self) -> int:
        """What the worker does within half a second."""
        begun = PickUp(
            self.product.database,
            lambda _source: None,
            lambda document_id: process_document(self.steps, document_id),
        )
        return begun.look()

    def at_desk(self, document_id: str) -> list[str]:
        with self.product.database.read() as session:
            return [one.postbox for one in Postboxes(session).all_open_of(STEP, document_id)]


@pytest.fixture
def desk(product: Product) -> AtDesk:
    out = io.BytesIO()
    with pikepdf.Pdf.new() as both:
        for content in (letter(*OTHERS), objection(MUELLER, "Teil")):
            with pikepdf.Pdf.open(io.BytesIO(content)) as one:
                both.pages.extend(one.pages)
        both.save(out, deterministic_id=True)
    content = out.getvalue()
    arrival = Arrival(
        key="split",
        channel="upload",
        batch="test",
        name="brief.pdf",
        sha256=product.store.put(content),
        size=len(content),
        received=product.database.clock.today(),
    )
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    source = receive(product.database, arrival)
    process_source(steps, source.source_id)
    with product.database.write() as session:
        (document,) = Documents(session).of_source(STEP, source.source_id)
        if document.state != "clearing":
            held = Postboxes(session).all_open_of(STEP, document.id)
            raise AssertionError(f"{document.state} at {[one.postbox for one in held]}")
        return AtDesk(product, steps, document.id)


def test_the_parts_are_read_at_once_and_wait_where_they_were_split(desk: AtDesk):
    part, _ = desk.split()
    services = desk.product.services
    assert services.clearing_desk.is_being_read(desk.reader, part)
    waiting = [one.document_id for one in services.postboxes.entries(desk.reader, "clearing")]
    assert {desk.document_id, part} <= set(waiting)
    with pytest.raises(Conflict):  # nobody assigns what is not read yet
        services.clearing.assign(
            desk.reader,
            part,
            desk.row(part).version,
            schlagwort="widerspruch",
            aktenzeichen=MUELLER,
        )
    assert desk.read() == 2
    assert not services.clearing_desk.is_being_read(desk.reader, part)
    row = desk.row(part)
    assert (row.state, row.schlagwort) == ("clearing", "widerspruch")
    assert row.clearing_reason == "Nach dem Trennen neu gelesen: bitte Schlagwort und Akte prüfen."
    view = services.documents.open(desk.reader, part)
    assert [one.aktenzeichen for one in view.case_finding.candidates] == [MUELLER]
    assert view.facts
    assert desk.at_desk(part) == desk.at_desk(desk.document_id) == ["clearing"]
    assert desk.read() == 0


def test_a_splitting_taken_back_while_it_is_read_leaves_one_letter_at_the_desk(desk: AtDesk):
    part, change = desk.split()
    desk.product.services.page_desk.undo(desk.reader, desk.document_id, change, read=True)
    desk.read()
    assert desk.row(part).state == "merged"
    assert desk.at_desk(part) == []
    assert (desk.row().state, desk.at_desk(desk.document_id)) == ("clearing", ["clearing"])


def test_read_twice_it_lies_there_once(desk: AtDesk):
    """The step was interrupted after each of its commits."""
    part, _ = desk.split()
    for _ in range(2):
        process_document(desk.steps, part)
    desk.steps.deliver(part)
    assert (desk.row(part).state, desk.at_desk(part)) == ("clearing", ["clearing"])


def test_a_file_out_of_which_it_was_taken_is_not_named_anew(desk: AtDesk):
    with desk.product.database.write() as session:
        document = session.get_one(Document, desk.document_id)
        wrong = by_number(session, STEP, desk.product.services.clearing_desk.pattern, SCHMIDT)
        assert wrong is not None
        assert Misfilings(session).overrule(document, wrong.id)
    desk.split()
    assert desk.read() == 2
    found = desk.product.services.documents.open(desk.reader, desk.document_id).case_finding
    assert found is not None
    assert (found.chosen, found.candidates) == (None, ())

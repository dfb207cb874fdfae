"""What a letter costs the database: statements of its steps, counted where they run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.intake.at_once import at_once
from eakte.intake.pipeline import process_document, process_source
from eakte.intake.receive import Arrival, receive
from eakte.models import Document, FindingRow
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from tests.authority import STEP
from tests.letters import objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER


class Later(PlainSteps):
    """Leaves the documents to whoever counts."""

    def start_document(self, document_id: str) -> None:
        waiting.append(document_id)


waiting: list[str] = []


@contextmanager
def counted(product: Product) -> Iterator[Counter[str]]:
    """Statements by their text; ``flush`` and ``commit`` beside them."""
    found: Counter[str] = Counter()

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found[" ".join(statement.split())] += 1

    def flushed(*_rest: Any) -> None:
        found["flush"] += 1

    def committed(*_rest: Any) -> None:
        found["commit"] += 1

    watched = (
        *((one, "before_cursor_execute", executed) for one in product.database.engines),
        (EakteSession, "after_flush", flushed),
        (EakteSession, "after_commit", committed),
    )
    for target, name, heard in watched:
        event.listen(target, name, heard)
    try:
        yield found
    finally:
        for target, name, heard in watched:
            event.remove(target, name, heard)


def letters(product: Product, count: int) -> tuple[PlainSteps, list[str]]:
    """So many objections of the same person, cut and not yet classified."""
    steps = Later(intake_tools(product, PoolInThisProcess()))
    waiting.clear()
    for number in range(count):
        content = objection(MUELLER, f"Kennwort{number}")
        arrival = Arrival(
            key=f"counted-{number}",
            channel="upload",
            batch="test",
            name=f"{number}.pdf",
            sha256=product.store.put(content),
            size=len(content),
            received=product.database.clock.today(),
        )
        process_source(steps, receive(product.database, arrival).source_id)
    return steps, list(waiting)


def test_the_steps_of_a_letter_ask_for_little(product: Product) -> None:
    """105 statements in 23 flushes before answers were held for the length of the transaction."""
    steps, (first, second) = letters(product, 2)
    with product.database.write() as session:
        at_once(session, steps.tools, first)  # reads rules and calendars
    with counted(product) as found, product.database.write() as session:
        at_once(session, steps.tools, second)
    flushes, commits = found.pop("flush"), found.pop("commit")
    assert commits == 1
    assert flushes <= 22
    assert found.total() <= 75, found.most_common()
    asked_again = {text: many for text, many in found.items() if "page_words" in text and many > 1}
    assert not asked_again


def test_held_answers_leave_what_questions_would(product: Product) -> None:
    """The same letter in one transaction and step by step: the same findings, place and desks."""
    steps, (first, second) = letters(product, 2)
    with product.database.write() as session:
        at_once(session, steps.tools, first)
    process_document(steps, second)
    assert left_by(product, first) == left_by(product, second)


def left_by(product: Product, document_id: str) -> dict[str, Any]:
    """What the steps wrote, without ids and what names another document."""
    with product.database.read() as session:
        document = session.get_one(Document, document_id)
        found = session.scalars(
            select(FindingRow)
            .where(
                FindingRow.document_id == document_id,
                FindingRow.kind.not_in(("fingerprint", "likeness")),
            )
            .order_by(FindingRow.kind, FindingRow.rank)
        )
        rows = DocumentRows(session)
        return {
            "document": (document.state, document.schlagwort, document.score),
            "findings": [(one.kind, one.rank, one.value, one.payload) for one in found],
            "labels": [one.schlagwort for one in rows.schlagworte(STEP, document_id)],
            "people": [one.id for one in rows.people(STEP, [document_id])[document_id]],
            "filed": [
                (one.case_file_id, one.sub_file, one.person_id)
                for one, _ in rows.filings(STEP, [document_id])[document_id]
            ],
            "lies": sorted(
                (one.postbox, one.copy) for one in Postboxes(session).all_open_of(STEP, document_id)
            ),
            "indexed": Outbox(session).is_waiting(STEP, document_id),
        }

"""The day of receipt: a stamp proposes, a person decides; the same letter twice is flagged."""

from __future__ import annotations

from datetime import date

import pytest

from eakte.bootstrap import Product
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotPermitted, Unusable
from eakte.repositories.documents import Documents
from eakte.services.views import DocumentView
from tests.letters import letter, objection
from tests.plain_intake import take_in
from tests.small_authority import MUELLER

STEP = system_reader("test")


def stamped(day: str) -> bytes:
    return letter(
        "Jobcenter Husum",
        "Eingegangen",
        day,
        "Jörg Müller-Lüdenscheidt",
        "Süderstraße 12, 25813 Husum",
        "geboren am 07.03.1984",
        f"BG-Nummer {MUELLER}",
        "Weiterbewilligungsantrag",
        "hiermit beantrage ich die Weiterbewilligung meiner Leistungen ab dem nächsten Monat.",
    )


def documents(product: Product, letters: dict[str, bytes]) -> dict[str, str]:
    sources = take_in(product, letters)
    with product.database.read() as session:
        return {
            name: Documents(session).of_source(STEP, source)[0].id
            for name, source in sources.items()
        }


def reader(product: Product, login: str = "m.petersen") -> Reader:
    return product.services.accounts.reader(login)


def opened(product: Product, document_id: str, login: str = "m.petersen") -> DocumentView:
    return product.services.documents.open(reader(product, login), document_id)


def test_a_stamp_proposes_and_changes_nothing_by_itself(product: Product):
    (one,) = documents(product, {"a.pdf": stamped("02.03.2026")}).values()
    view = opened(product, one)
    assert view.received == product.database.clock.today()
    assert [(stamp.day, stamp.here) for stamp in view.stamps] == [(date(2026, 3, 2), True)]


def test_whoever_has_it_on_the_desk_takes_it_over_and_the_period_follows(product: Product):
    (one,) = documents(product, {"a.pdf": stamped("02.03.2026")}).values()
    view = opened(product, one)
    assert view.may_set_receipt
    day = date(2026, 3, 2)
    product.services.documents.set_receipt(reader(product), one, view.version, day, here=True)
    after = opened(product, one)
    assert after.received == day
    assert [(found.starts, found.ends) for found in after.deadlines] == [(day, date(2026, 9, 2))]
    (row,) = (row for row in after.history if row.action == "document.receipt")
    assert row.actor == "m.petersen"
    assert row.details == {
        "where": "here",
        "before": view.received.isoformat(),
        "after": "2026-03-02",
    }


def test_receipt_elsewhere_is_kept_apart(product: Product):
    (one,) = documents(product, {"a.pdf": stamped("02.03.2026")}).values()
    view = opened(product, one)
    day = date(2026, 2, 27)
    product.services.documents.set_receipt(reader(product), one, view.version, day, here=False)
    after = opened(product, one)
    assert (after.received, after.received_elsewhere) == (view.received, day)


def test_nobody_else_changes_it(product: Product):
    (one,) = documents(product, {"a.pdf": stamped("02.03.2026")}).values()
    version = opened(product, one).version
    day = date(2026, 3, 2)
    colleague = reader(product, "j.hansen")  # may read it, has it not on the desk
    with pytest.raises(NotPermitted):
        product.services.documents.set_receipt(colleague, one, version, day, here=True)
    with pytest.raises(Conflict):
        product.services.documents.set_receipt(reader(product), one, version - 1, day, here=True)
    with pytest.raises(Unusable):
        product.services.documents.set_receipt(
            reader(product), one, version, date(2199, 1, 1), here=True
        )


def test_the_same_letter_scanned_twice_is_flagged_with_a_link_and_both_are_delivered(
    product: Product,
):
    again = objection(MUELLER, "derselbe") + b"\n%another scan"
    made = documents(product, {"a.pdf": objection(MUELLER, "derselbe"), "b.pdf": again})
    first, second = opened(product, made["a.pdf"]), opened(product, made["b.pdf"])
    assert first.twins == ()
    assert [twin.document_id for twin in second.twins] == [first.id]
    assert {first.state, second.state} == {"delivered"}
    assert "document.like" in [row.action for row in second.history]

"""Notes, highlights and stamps: over the page, never in it; going with it, kept when removed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import Annotation
from eakte.services.annotations import AnnotationKind, Annotations, placed
from tests.authority import Authority
from tests.small_authority import MUELLER

BOX = (0.1, 0.2, 0.4, 0.3)


@pytest.fixture
def annotations(authority: Authority) -> Annotations:
    return Annotations(authority.database)


def seen(authority: Authority, login: str, document_id: str) -> list[tuple[str, int, str, bool]]:
    view = authority.documents.open(authority.reader(login), document_id)
    return [(one.kind, one.page, one.text, one.own) for one in view.annotations]


def test_a_note_is_seen_by_all_who_may_open_the_document_and_removed_by_its_author_alone(
    authority: Authority, annotations: Annotations
) -> None:
    letter = authority.letter("kontoauszug", MUELLER, pages=2)
    author, lead = authority.reader("m.petersen"), authority.reader("a.lead")
    note = annotations.add(author, letter, 2, AnnotationKind.NOTE, BOX, " Rückfrage\r\nMiete ")
    assert seen(authority, "m.petersen", letter) == [("note", 2, "Rückfrage\nMiete", True)]
    assert seen(authority, "a.lead", letter) == [("note", 2, "Rückfrage\nMiete", False)]
    with pytest.raises(NotPermitted):
        annotations.remove(lead, letter, note, 1)
    annotations.remove(author, letter, note, 1)
    assert seen(authority, "a.lead", letter) == []
    with pytest.raises(Conflict):
        annotations.remove(author, letter, note, 1)
    with authority.database.read() as session:
        kept = session.get_one(Annotation, note)
        assert (kept.removed_by, kept.text) == ("m.petersen", "Rückfrage\nMiete")
    done = [action for _, action, _ in authority.trail_of(letter) if "annotate" in action]
    assert sorted(done) == ["document.annotate", "document.unannotate"]


def test_whoever_may_not_open_it_may_not_write_on_it_either(
    authority: Authority, annotations: Annotations
) -> None:
    letter = authority.letter("kontoauszug", MUELLER)
    note = annotations.add(authority.reader("m.petersen"), letter, 1, AnnotationKind.NOTE, BOX, "x")
    stranger = authority.reader("d.deputy")
    with pytest.raises(NotFound):
        annotations.add(stranger, letter, 1, AnnotationKind.NOTE, BOX, "x")
    with pytest.raises(NotFound):
        annotations.remove(stranger, letter, note, 1)
    with pytest.raises(NotFound):
        annotations.add(
            authority.reader("m.petersen"), letter, 2, AnnotationKind.NOTE, BOX, "keine zweite"
        )
    for kind, box, text in (
        (AnnotationKind.NOTE, BOX, "  "),
        (AnnotationKind.STAMP, BOX, "x" * 1001),
        (AnnotationKind.HIGHLIGHT, (0.1, 0.2), ""),
        (AnnotationKind.HIGHLIGHT, (0.1, 0.2, float("nan"), 0.3), ""),
    ):
        with pytest.raises(Unusable):
            annotations.add(authority.reader("m.petersen"), letter, 1, kind, box, text)


def test_the_address_of_a_page_leads_to_where_it_stands(authority: Authority) -> None:
    letter = authority.letter("kontoauszug", MUELLER, pages=2)
    view = authority.documents.open(authority.reader("m.petersen"), letter)
    second = view.pages[1].page_id
    place = authority.documents.place_of_page(authority.reader("m.petersen"), second)
    assert place == (letter, 2)
    with pytest.raises(NotFound):
        authority.documents.place_of_page(authority.reader("d.deputy"), second)


side = st.floats(allow_nan=False, allow_infinity=False)


@given(st.tuples(side, side, side, side))
def test_a_box_lies_on_the_page_whatever_was_drawn(box: tuple[float, ...]) -> None:
    left, top, right, bottom = placed(box)
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1

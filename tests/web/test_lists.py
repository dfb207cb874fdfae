"""What lists say beside a title: the site, a twin that came before, a sheet without text."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from eakte.models import Batch, Document, Page, Source
from eakte.repositories.documents import Documents
from tests.web.conftest import Visit
from tests.web.stage import ELSEWHERE, FILE, Stage
from web.presenters.case_files import path_of


def twins(stage: Stage, later: str, earlier: str) -> None:
    """The machine found that the later one says the same."""
    with stage.database.write() as session:
        document = session.get_one(Document, later)
        found = (earlier, 0.97, {"document_id": earlier, "score": 0.97})
        Documents(session).keep_findings(document, "likeness", [found], stage.clock.now())


def mark(document_id: str) -> str:
    return f'href="/dokumente/{document_id}" title='


def unread(stage: Stage, document_id: str) -> str:
    """Nothing was read on its pages; returns its source."""
    with stage.database.write() as session:
        source_id = session.get_one(Document, document_id).source_id
        session.execute(update(Page).where(Page.source_id == source_id).values(word_count=0))
        return source_id


def test_an_arrival_names_the_site_that_its_profile_stands_for(stage: Stage, signed_in: Visit):
    source_id = stage.receive("aus-niebuell.pdf")
    with stage.database.write() as session:
        batch_id = session.get_one(Source, source_id).batch_id
        session.execute(update(Batch).where(Batch.id == batch_id).values(site_id="niebuell"))
    assert "Sozialzentrum Niebüll" in signed_in("s.scan").get("/eingang").text


def test_what_did_not_go_its_way_is_listed_however_much_arrived_since(
    stage: Stage, signed_in: Visit, monkeypatch: pytest.MonkeyPatch
):
    stage.receive("kaputt.pdf", reason="Die Datei ist beschädigt.")
    closed = stage.deliver(file=None, postbox="clearing")
    with stage.database.write() as session:
        document = session.get_one(Document, closed.document_id)
        document.state, document.clearing_reason = "unopened", "Ungeöffnet: Personalrat."
    stage.receive("danach.pdf")
    monkeypatch.setattr("eakte.services.arrivals.MOST", 1)
    client = signed_in("s.scan")
    newest = client.get("/eingang").text
    assert "kaputt.pdf" not in newest
    assert ">Quarantäne <" in newest
    assert 'anzahl--eilig">1<' in newest
    assert "kaputt.pdf" in client.get("/eingang?nur=quarantaene").text
    shown = client.get("/eingang?nur=ungeoeffnet").text
    assert f"/eingang/{closed.document_id}/umschlag" in shown
    assert "danach.pdf" not in shown


def test_a_twin_is_marked_with_a_link_in_postbox_preview_and_case_file(
    stage: Stage, signed_in: Visit
):
    earlier, later = stage.deliver(), stage.deliver()
    twins(stage, later.document_id, earlier.document_id)
    client = signed_in("m.petersen")
    for page in ("/postkorb/m.petersen", f"/akten/{path_of(FILE)}"):
        shown = client.get(page).text
        assert shown.count(mark(earlier.document_id)) == 1
        assert "kam schon am 20.11.2026?" in shown
    shown = client.get(f"/postkorb/m.petersen?dokument={later.document_id}").text
    assert "Kam vielleicht schon einmal" in shown


def test_nobody_learns_of_a_twin_that_is_closed_to_them(stage: Stage, signed_in: Visit):
    closed = stage.deliver(file=ELSEWHERE, postbox="n.jessen")
    later = stage.deliver()
    twins(stage, later.document_id, closed.document_id)
    client = signed_in("m.petersen")
    for page in (
        "/postkorb/m.petersen",
        f"/postkorb/m.petersen?dokument={later.document_id}",
        f"/akten/{path_of(FILE)}",
        f"/dokumente/{later.document_id}",
    ):
        assert closed.document_id not in client.get(page).text


def test_the_clearing_desk_sees_the_twin_while_it_waits_there_too(stage: Stage, signed_in: Visit):
    earlier, later = (stage.deliver(file=None, postbox="clearing") for _ in range(2))
    twins(stage, later.document_id, earlier.document_id)
    client = signed_in("s.scan")
    page = f"/klaerung?dokument={later.document_id}"
    assert mark(earlier.document_id) in client.get(page).text
    assert "Kam vielleicht schon einmal" in client.get(page).text
    delivered = stage.deliver()
    twins(stage, later.document_id, delivered.document_id)
    assert delivered.document_id not in client.get(page).text


def test_a_twin_that_was_put_together_with_it_is_no_twin_any_more(stage: Stage, signed_in: Visit):
    earlier, later = stage.deliver(), stage.deliver()
    twins(stage, later.document_id, earlier.document_id)
    with stage.database.write() as session:
        row = session.get_one(Document, earlier.document_id)
        row.state, row.merged_into = "merged", later.document_id
    shown = signed_in("m.petersen").get("/postkorb/m.petersen").text
    assert mark(earlier.document_id) not in shown


def test_a_sheet_without_a_word_is_called_so_in_every_list(stage: Stage, signed_in: Visit):
    photograph = stage.deliver(file=None, postbox="clearing", schlagwort="sonstiges")
    source_id = unread(stage, photograph.document_id)
    client = signed_in("s.scan")
    row = client.get("/eingang").text.partition(f'id="eingang-{source_id}"')[2].partition("</tr>")
    assert "Kein lesbarer Text" in row[0]
    shown = client.get(f"/klaerung?dokument={photograph.document_id}").text
    assert shown.count("Kein lesbarer Text") == 2  # in the list and above the form
    assert "kein lesbarer Text" in client.get(f"/dokumente/{photograph.document_id}/seiten").text


@pytest.mark.parametrize(("schlagwort", "score"), [("sonstiges", 1.0), ("mietvertrag", 0.9)])
def test_a_label_of_a_person_or_a_sure_one_stands_also_where_nothing_was_read(
    stage: Stage, signed_in: Visit, schlagwort: str, score: float
):
    letter = stage.deliver(schlagwort=schlagwort)
    unread(stage, letter.document_id)
    with stage.database.write() as session:
        session.get_one(Document, letter.document_id).score = score
    shown = signed_in("m.petersen").get(f"/dokumente/{letter.document_id}").text
    assert "Kein lesbarer Text" not in shown
    assert stage.schlagworte[schlagwort].title in shown

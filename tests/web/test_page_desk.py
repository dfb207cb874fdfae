"""Seiten ordnen and Stapel trennen as plain forms."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from eakte.domain.pages import PageText, RecognisedPage
from eakte.models import CutProposal, Source
from eakte.repositories.sources import Sources
from tests.web.conftest import Visit, form_token
from tests.web.stage import LETTER, STEP, Delivered, Stage, drawn


@pytest.fixture
def letter(stage: Stage) -> Delivered:
    return stage.deliver(schlagwort="mieterhoehung", pages=4)


def act(client: TestClient, letter: Delivered, action: str, *sheets: int, **more: str) -> str:
    """Send an action for the pages of these sheets as the form would; the page that follows."""
    desk = f"/dokumente/{letter.document_id}/seiten"
    page = client.get(desk).text
    pages = {
        sheet: page_id
        for page_id, sheet in re.findall(
            r'data-desk-page="([^"]+)".*?Blatt (\d+)', page, flags=re.DOTALL
        )
    }
    data = {
        "csrf": form_token(client),
        "seite": [pages[str(sheet)] for sheet in sheets],
        "stand": re.findall(r'name="stand" value="([^"]+)"', page),
        **more,
    }
    answer = client.post(f"{desk}/{action}", data=data)
    if answer.status_code != 303:
        return f"{answer.status_code} {answer.text}"
    return client.get(answer.headers["location"]).text


def test_splitting_shows_two_rows_and_offers_the_way_back(signed_in: Visit, letter: Delivered):
    client = signed_in("m.petersen")
    page = act(client, letter, "teilen", 3)
    assert page.count("data-desk-row=") == 2
    assert "Das Dokument ist geteilt." in page
    assert "Rückgängig: Teilen (Maike Petersen" in page
    change = re.search(r'name="aenderung" value="([^"]+)"', page)
    assert change
    page = act(client, letter, "rueckgaengig", aenderung=change[1])
    assert page.count("data-desk-row=") == 1
    assert "Zurückgenommen." in page


def test_removing_wants_one_of_three_reasons(signed_in: Visit, letter: Delivered):
    client = signed_in("m.petersen")
    assert act(client, letter, "entfernen", 2, grund="langweilig").startswith("400")
    assert act(client, letter, "entfernen", 2).startswith("400")
    shown = act(client, letter, "entfernen", 2, grund="elsewhere")
    assert '<span class="tisch-marke">gehört woanders hin</span>' in shown
    assert "Blatt 2</a>" in client.get(f"/dokumente/{letter.document_id}").text


def test_nothing_is_done_without_a_page_nor_for_unknown_actions(
    signed_in: Visit, letter: Delivered
):
    client = signed_in("m.petersen")
    assert "Bitte zuerst eine Seite wählen." in act(client, letter, "teilen")
    assert act(client, letter, "falten", 1).startswith("404")


def test_the_desk_opens_from_where_the_document_lies(signed_in: Visit, letter: Delivered):
    desk = f'href="/dokumente/{letter.document_id}/seiten"'
    assert desk in signed_in("m.petersen").get(f"/dokumente/{letter.document_id}").text
    assert desk not in signed_in("r.recht").get(f"/dokumente/{letter.document_id}").text
    assert signed_in("r.recht").get(f"/dokumente/{letter.document_id}/seiten").status_code == 403
    assert signed_in("n.jessen").get(f"/dokumente/{letter.document_id}/seiten").status_code == 404


def test_finished_work_leads_back_to_the_postbox(signed_in: Visit, letter: Delivered):
    client = signed_in("m.petersen")
    answer = client.post(
        f"/dokumente/{letter.document_id}/seiten/fertig", data={"csrf": form_token(client)}
    )
    assert answer.headers["location"] == "/postkorb"


def test_history_tells_what_the_desk_did(signed_in: Visit, letter: Delivered):
    client = signed_in("m.petersen")
    act(client, letter, "rechts", 1)
    assert "Seiten gedreht" in client.get(f"/dokumente/{letter.document_id}").text


@pytest.fixture
def stack(stage: Stage) -> str:
    """Four pages that wait, a cut proposed before the third."""
    source_id = stage.receive("stapel-12.pdf", pages=4)
    preview, thumbnail, words = drawn(LETTER)
    with stage.database.write() as session:
        for number in range(1, 5):
            page = RecognisedPage(
                number=number,
                text=PageText(words=words),
                dpi=200,
                turn=0,
                preview=preview,
                thumbnail=thumbnail,
            )
            stored = stage.store.put(preview), stage.store.put(thumbnail)
            Sources(session).add_page(STEP, source_id, page, *stored)
        session.get_one(Source, source_id).state = "waiting"
        session.add(
            CutProposal(
                source_id=source_id,
                before=3,
                score=0.62,
                reasons=[{"code": "salutation", "words": "Anrede nach Grußformel"}],
                state="proposed",
            )
        )
    return source_id


def test_a_waiting_stack_is_cut_at_the_desk(signed_in: Visit, stack: str):
    client = signed_in("s.scan")
    assert "wartet auf Trennung" in client.get("/eingang").text
    assert "Stapel trennen" in client.get("/klaerung").text
    assert f"/klaerung/stapel/{stack}" in client.get("/klaerung/stapel").text
    page = client.get(f"/klaerung/stapel/{stack}").text
    assert "Beginnt mit Blatt 3 ein neues Dokument?" in page
    assert "Anrede nach Grußformel" in page
    picture = re.search(r'src="([^"]+/miniatur)"', page)
    assert picture
    assert client.get(picture[1]).headers["content-type"].startswith("image/")
    token = form_token(client)
    refused = client.post(f"/klaerung/stapel/{stack}", data={"csrf": token, "schnitt-2": "ja"})
    assert refused.status_code == 403
    answer = client.post(
        f"/klaerung/stapel/{stack}",
        data={"csrf": token, "schnitt-2": "ja", "schnitt-3": "nein"},
    )
    assert "Getrennt in 2 Dokumente" in client.get(answer.headers["location"]).text
    assert client.get(picture[1]).status_code == 404


def test_stacks_are_for_the_scan_centre(signed_in: Visit, stack: str):
    client = signed_in("m.petersen")
    assert client.get("/klaerung/stapel").status_code == 403
    assert client.get(f"/klaerung/stapel/{stack}").status_code == 403

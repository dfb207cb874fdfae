"""Designed answers at the postbox: a second click, another tab, somebody who was quicker."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Visit, form_token
from tests.web.stage import ELSEWHERE, FILE, OTHER, Delivered, Stage
from web.presenters.case_files import path_of
from web.views import postboxes


def boxes(page: str) -> list[str]:
    return re.findall(r'name="eintrag" value="([^"]+)"', page)


def post(client: TestClient, url: str, **data: object):
    return client.post(url, data={"csrf": form_token(client), **data})


def shown(stage: Stage, client: TestClient, letter: Delivered, box: str) -> tuple[str, str]:
    """Address and version of the letter's entry, as an open tab has them."""
    page = client.get(f"/postkorb/{box}?dokument={letter.document_id}").text
    found = re.search(r'action="/postkorb/eintraege/([^/]+)/zu-den-akten"', page)
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert found
    assert version
    return f"/postkorb/eintraege/{found[1]}", version[1]


def test_a_second_click_or_the_back_button_leads_on_and_does_nothing_twice(
    stage: Stage, signed_in: Visit
) -> None:
    letter, client = stage.deliver(schlagwort="kontoauszug"), signed_in("m.petersen")
    entry, version = shown(stage, client, letter, "m.petersen")
    form = {"version": version, "schlagwort": "kontoauszug", "zurueck": "/postkorb/m.petersen"}
    assert "erledigt=akten" in post(client, f"{entry}/zu-den-akten", **form).headers["location"]
    again = post(client, f"{entry}/zu-den-akten", **form)
    assert "erledigt=schon" in again.headers["location"]
    assert "Das war schon geschehen." in client.get(again.headers["location"]).text


def test_of_several_those_that_somebody_else_settled_are_named(
    stage: Stage, signed_in: Visit
) -> None:
    letters = [stage.deliver(schlagwort="kontoauszug", postbox="j.hansen") for _ in range(2)]
    client, lead = signed_in("j.hansen"), stage.services.accounts.reader("t.lead")
    chosen = boxes(client.get("/postkorb/j.hansen").text)
    (entry,) = (
        one
        for one in stage.services.documents.open(lead, letters[0].document_id).entries
        if one.postbox == "j.hansen"
    )
    stage.services.postboxes.file(lead, entry.id, entry.version, "kontoauszug")
    answer = post(client, "/postkorb/j.hansen/mehrere", aktion="akten", eintrag=chosen)
    assert answer.status_code == 200
    assert "1 Eingang erledigt." in answer.text
    assert "Kontoauszug: Telse Lorenzen hat das Dokument schon bearbeitet" in answer.text
    assert boxes(client.get("/postkorb/j.hansen").text) == []


def test_the_long_lists_for_several_come_when_they_are_wanted(
    stage: Stage, signed_in: Visit
) -> None:
    stage.deliver(schlagwort="kontoauszug", postbox="j.hansen")
    client = signed_in("j.hansen")
    page = client.get("/postkorb/j.hansen").text
    offered = re.compile(r'<select[^>]* id="alle-ziel"[^>]*>(.*?)</select>', re.DOTALL)
    assert "m.petersen" not in offered.findall(page)[0]
    by_script = client.get(
        "/postkorb/j.hansen", headers={"HX-Request": "true", "HX-Target": "div#mehrere-listen"}
    )
    assert "m.petersen" in by_script.text
    assert "<html" not in by_script.text
    ticked = boxes(page)[:1]
    without_script = post(client, "/postkorb/j.hansen/mehrere", aktion="listen", eintrag=ticked)
    assert "m.petersen" in offered.findall(without_script.text)[0]
    assert re.search(rf'value="{ticked[0]}"[^>]* checked', without_script.text)
    nobody = client.get(
        "/postkorb/m.petersen", headers={"HX-Request": "true", "HX-Target": "div#mehrere-listen"}
    )
    assert nobody.status_code == 404


def test_without_scripts_a_later_page_keeps_its_ticks_and_what_was_typed(
    stage: Stage, signed_in: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postboxes, "PAGE", 1)
    for _ in range(2):
        stage.deliver(schlagwort="kontoauszug", postbox="j.hansen")
    client = signed_in("j.hansen")
    page = client.get("/postkorb/j.hansen?ab=1").text
    (second,) = boxes(page)
    form = re.search(r'<form id="mehrere".*?</form>', page, re.DOTALL)
    assert form
    back = re.search(r'name="zurueck" value="([^"]+)"', form[0])
    assert back
    wish = {
        "eintrag": [second],
        "zurueck": back[1],
        "vermerk": "Bitte <heute>",
        "tag": "2026-12-01",
        "notiz": "Antwort da?",
    }
    loaded = post(client, "/postkorb/j.hansen/mehrere", aktion="listen", **wish).text
    assert boxes(loaded) == [second]
    assert re.search(rf'value="{second}"[^>]* checked', loaded)
    assert 'name="vermerk" rows="2" maxlength="2000">Bitte &lt;heute&gt;</textarea>' in loaded
    assert 'name="tag" value="2026-12-01"' in loaded
    assert 'name="notiz" value="Antwort da?"' in loaded
    assert 'name="ablegen" value="1">' in loaded, "it was not ticked"
    assert 'name="ablegen" value="1" checked>' in page
    wish["eintrag"] = [f"{second.partition(':')[0]}:99"]
    failed = post(client, "/postkorb/j.hansen/mehrere", aktion="akten", **wish).text
    assert "Nicht erledigt:" in failed
    assert boxes(failed) == [second]


def test_what_was_done_last_is_offered_to_be_taken_back(stage: Stage, signed_in: Visit) -> None:
    letter, client = stage.deliver(schlagwort="lohnabrechnung"), signed_in("m.petersen")
    entry, version = shown(stage, client, letter, "m.petersen")
    post(client, f"{entry}/weiterleiten", version=version, ziel="j.hansen")
    page = client.get("/postkorb/m.petersen").text
    runde = re.search(r'name="runde" value="([^"]+)"', page)
    assert runde
    assert "weitergeleitet" in page[runde.start() :]
    back = {"runde": runde[1], "zurueck": "/postkorb/m.petersen"}
    answer = post(client, "/postkorb/rueckgaengig", **back)
    assert letter.document_id in answer.headers["location"]
    assert "Zurückgenommen." in client.get(answer.headers["location"]).text
    assert post(client, "/postkorb/rueckgaengig", **back).status_code == 409


def test_a_filter_stays_tells_what_it_hides_and_is_taken_away(
    stage: Stage, signed_in: Visit
) -> None:
    stage.deliver(schlagwort="kontoauszug", postbox="r.recht")
    stage.deliver(schlagwort="klage", postbox="r.recht")
    client = signed_in("r.recht")
    post(client, "/postkorb/r.recht/filter", schlagwort="kontoauszug")
    for _ in range(2):
        page = client.get("/postkorb/r.recht").text
        assert "Gefiltert: 1 von 2" in page
        assert "1 eilige ausgeblendet" in page
        assert len(boxes(page)) == 1
    post(client, "/postkorb/r.recht/filter", aufheben="1", schlagwort="kontoauszug")
    assert len(boxes(client.get("/postkorb/r.recht").text)) == 2


def test_who_else_has_the_letter_before_them_is_told_to_those_who_share_it(
    stage: Stage, signed_in: Visit
) -> None:
    letter = stage.deliver(schlagwort="kontoauszug", postbox="n.jessen", file=ELSEWHERE)
    lead = stage.deliver(schlagwort="kontoauszug", postbox="m.petersen")
    client = signed_in("m.petersen")
    url = f"/postkorb/m.petersen?dokument={lead.document_id}"
    assert "hat dieses Dokument seit" not in client.get(url).text
    assert post(signed_in("t.lead"), f"/postkorb/offen/{lead.document_id}").status_code == 204
    assert "Telse Lorenzen hat dieses Dokument seit" in client.get(url).text
    assert "Telse Lorenzen hat es offen" in client.get("/postkorb/m.petersen").text
    assert post(client, f"/postkorb/offen/{letter.document_id}").status_code == 404


def test_a_reminder_that_is_due_stands_on_top_of_the_postbox_and_in_the_navigation(
    stage: Stage, signed_in: Visit
) -> None:
    letter, client = stage.deliver(schlagwort="kontoauszug"), signed_in("m.petersen")
    day = stage.clock.today().isoformat()
    post(client, f"/wiedervorlagen/neu/{letter.document_id}", tag=day, notiz="Antwort da?")
    page = client.get("/postkorb/m.petersen").text
    assert page.index("Antwort da?") < page.index('data-entry="')
    assert re.search(r'data-count="wiedervorlagen">\d', page)
    listed = client.get("/wiedervorlagen").text
    found = re.search(r"/wiedervorlagen/([^/]+)/erledigt", listed)
    assert found
    for what in ("erinnert", "schon"):
        done = post(client, f"/wiedervorlagen/{found[1]}/erledigt", version="1")
        assert done.headers["location"] == f"/wiedervorlagen?erledigt={what}"


def test_a_note_keeps_what_was_typed_where_something_is_missing(
    stage: Stage, signed_in: Visit
) -> None:
    letter, client = stage.deliver(schlagwort="kontoauszug"), signed_in("m.petersen")
    page = client.get(f"/notizen/neu?dokument={letter.document_id}&vorlage=telefonnotiz").text
    assert f'value="{FILE}"' in page
    assert f'data-draft="{letter.document_id}"' in page  # no other note gets its half text
    assert f'data-draft="{FILE}"' in client.get(f"/notizen/neu?akte={FILE}").text
    form = {"vorlage": "telefonnotiz", "akte": FILE, "feld_wer": "Frau <M>"}
    form["entwurf"] = letter.document_id
    answer = post(client, "/notizen", **form)
    assert f'data-draft="{letter.document_id}"' in answer.text
    assert answer.status_code == 422
    assert "„Inhalt“ ist leer." in answer.text
    assert 'value="Frau &lt;M&gt;"' in answer.text
    elsewhere = form | {"akte": OTHER, "dokument": letter.document_id}
    answer = post(client, "/notizen", **elsewhere, feld_inhalt="Rückruf am Montag")
    assert "steht in einer anderen Akte" in answer.text
    answer = post(client, "/notizen", **form, feld_inhalt="Rückruf am Montag")
    assert answer.headers["location"] == f"/akten/{path_of(FILE)}"

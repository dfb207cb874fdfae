"""The screens of the check: what the scan centre sees, and that the forms do it without script."""

from __future__ import annotations

import hashlib
import re

import pytest
from starlette.testclient import TestClient

from eakte.models import Batch
from eakte.services.register_file import parse_register
from tests.web.conftest import Visit, form_token
from tests.web.stage import PASSWORD, STEP, Stage


@pytest.fixture(scope="module")
def batch_id(stage: Stage) -> str:
    """A batch of three letters, scanned by Sönke, with a second person at the scan centre."""
    worker = {"login": "t.scan", "name": "Tade Ipsen", "roles": ["scan"], "teams": ["scan"]}
    stage.services.register.run(STEP, parse_register({"caseworkers": [worker]}))
    stage.services.accounts.set_passwords(["t.scan"], PASSWORD)
    for schlagwort in ("attest", "kontoauszug", "kontoauszug"):
        stage.deliver(schlagwort=schlagwort, phrase="Widerspruch")
    with stage.database.write() as session:
        (batch,) = session.query(Batch).all()
        batch.operator, batch.sheets_reported, batch.device = "s.scan", 1, "fi-7600"
        return batch.id


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def send(client: TestClient, url: str, **data: str) -> str:
    answer = client.post(url, data={"csrf": form_token(client), **data})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("login", ["m.petersen", "t.lead", "r.recht", "a.admin"])
def test_the_check_is_closed_to_everybody_else(signed_in: Visit, batch_id: str, login: str) -> None:
    client = signed_in(login)
    for path in ("", "/nachscannen", f"/{batch_id}"):
        assert client.get(f"/sichtpruefung{path}").status_code == 403
    assert "/sichtpruefung" not in client.get("/kennwort").text


def test_a_batch_goes_from_count_to_signed_list(signed_in: Visit, batch_id: str) -> None:
    soenke, tade = signed_in("s.scan"), signed_in("t.scan")
    here = f"/sichtpruefung/{batch_id}"
    assert here in soenke.get("/sichtpruefung").text
    page = soenke.get(here).text
    assert "1 Seite mehr als der Scanner meldet." in page
    assert f'action="{here}/zaehlung"' not in page
    page = tade.get(here).text
    refused = tade.post(
        f"{here}/zaehlung", data={"csrf": form_token(tade), "version": version(page)}
    )
    assert refused.status_code == 400
    assert "erklären" in refused.text
    send(tade, f"{here}/zaehlung", version=version(page), erklaerung="Zwei einseitige Blätter.")
    page = soenke.get(here).text
    assert "muss ihn jemand anderes" in page
    assert f"{here}/seiten/" not in page
    assert soenke.get(here + "/seiten/" + "0" * 36).status_code == 403

    page = tade.get(here).text
    drawn = re.findall(rf'<a href="({here}/seiten/[^"]+)"', page)
    assert drawn
    assert "Vollprüfung" in page
    assert "Noch " in page
    assert "Liste freigeben" not in page
    where = drawn[0]
    while "/seiten/" in where:
        shown = tade.get(where).text
        image = re.search(r'<img src="([^"]+/bilder/[^"]+)"', shown)
        assert image
        picture = tade.get(image[1])
        assert picture.headers["content-type"].startswith("image/")
        assert picture.headers["cache-control"] == "no-store"
        assert soenke.get(image[1]).status_code == 403
        where = send(tade, where, urteil="gut")

    page = tade.get(here).text
    assert "Papier bleibt bis 19.02.2027" in page
    where = send(tade, f"{here}/freigabe", version=version(page))
    printed = tade.get(where).text
    found = re.search(r"SHA-256 der Liste: ([0-9a-f]{64})", printed)
    assert found
    answer = tade.get(where + "/liste.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert hashlib.sha256(answer.content).hexdigest() == found[1]
    assert "Tade Ipsen" in printed
    assert tade.get(f"{here}/freigaben/unbekannt").status_code == 404


def test_a_page_that_cannot_be_read_goes_to_the_scan_centre_and_back(
    stage: Stage, signed_in: Visit, batch_id: str
) -> None:
    letter = stage.deliver(schlagwort="mieterhoehung", pages=2, phrase="Widerspruch").document_id
    maike, tade = signed_in("m.petersen"), signed_in("t.scan")
    where = send(
        maike, f"/dokumente/{letter}/schlechter-scan", seite="2", grund="Unten abgeschnitten"
    )
    assert "wartet auf die Scanstelle" in maike.get(where).text
    page = tade.get("/sichtpruefung/nachscannen").text
    assert "Unten abgeschnitten" in page
    assert "Seite 2" in page
    assert letter not in page
    image = re.search(r"/sichtpruefung/nachscannen/([^/]+)/bild", page)
    assert image
    assert tade.get(image[0]).status_code == 200
    assert maike.get(image[0]).status_code == 403
    send(tade, f"/sichtpruefung/nachscannen/{image[1]}", ergebnis="Die Vorlage ist so blass.")
    assert tade.get(image[0]).status_code == 404
    assert "Nichts nachzuscannen" in tade.get("/sichtpruefung/nachscannen").text
    page = maike.get(f"/dokumente/{letter}").text
    assert "Die Vorlage ist so blass." in page
    assert "schlecht lesbare Seite gemeldet" in page


def test_paper_is_decided_on_the_document_and_a_deed_cannot_be_destroyed(
    stage: Stage, signed_in: Visit, batch_id: str
) -> None:
    deed = stage.deliver(schlagwort="vollmacht_betreuung", phrase="Widerspruch").document_id
    maike = signed_in("m.petersen")
    page = maike.get(f"/dokumente/{deed}").text
    assert 'value="keep"' in page
    assert 'value="destroy"' not in page
    answer = maike.post(
        f"/dokumente/{deed}/papier", data={"csrf": form_token(maike), "papier": "destroy"}
    )
    assert answer.status_code == 403
    send(maike, f"/dokumente/{deed}/papier", papier="keep", ort="Ordner Urkunden")
    assert "aufbewahren: Ordner Urkunden" in maike.get(f"/dokumente/{deed}").text


def test_an_envelope_is_shown_at_the_scan_centre_alone(
    stage: Stage, signed_in: Visit, batch_id: str
) -> None:
    source_id = stage.unopened()
    tade, maike = signed_in("t.scan"), signed_in("m.petersen")
    page = tade.get("/eingang").text
    assert "nicht geöffnet" in page
    assert "für Personalrat" in page
    assert tade.get(f"/eingang/{source_id}/umschlag").headers["content-type"].startswith("image/")
    assert maike.get(f"/eingang/{source_id}/umschlag").status_code == 403
    assert tade.get(f"/eingang/{'0' * 36}/umschlag").status_code == 404


def test_the_scan_centre_opens_an_envelope_after_all(
    stage: Stage, signed_in: Visit, batch_id: str
) -> None:
    source_id = stage.unopened()
    tade = signed_in("t.scan")
    url = f"/eingang/{source_id}/oeffnen"
    assert url in tade.get("/eingang").text
    data = {"csrf": form_token(tade), "grund": "ist ein Brief"}
    assert tade.post(url, data=data).headers["location"] == "/eingang"
    assert url not in tade.get("/eingang").text

"""What each role sees on each screen, and what the forms do without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from eakte.errors import Unavailable
from eakte.models import Document, Source
from eakte.search.none import NoIndex
from tests.web.conftest import Visit, form_token
from tests.web.stage import ELSEWHERE, FILE, OTHER, Delivered, Stage
from web.views import clearing, postboxes


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def action(page: str, ending: str) -> str:
    found = re.search(rf'action="([^"]*{ending})"', page)
    assert found, ending
    return found[1]


def submit(client: TestClient, page: str, ending: str, **data: str) -> str:
    """Send the form of ``page`` whose address ends so; returns where it leads."""
    data = {"csrf": form_token(client), "version": field(page, "version"), **data}
    answer = client.post(action(page, ending), data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
def letter(stage: Stage) -> Delivered:
    return stage.deliver(schlagwort="mieterhoehung")


# -- Postkorb ------------------------------------------------------------------------------------


def test_the_postbox_lists_a_letter_with_what_one_must_know(
    signed_in: Visit, letter: Delivered
) -> None:
    page = signed_in("m.petersen").get("/postkorb/m.petersen").text
    row = page[page.index(f'data-entry="{letter.document_id}"') :][:900]
    for said in ("Mieterhöhung", "Müller-Lüdenscheidt, Jörg", FILE, "20.11.2026", "1 Seite"):
        assert said in row


def test_an_urgent_letter_is_marked_and_stands_on_top(stage: Stage, signed_in: Visit) -> None:
    stage.deliver(schlagwort="lohnabrechnung", postbox="k.thomsen")
    urgent = stage.deliver(schlagwort="klage", postbox="k.thomsen")
    page = signed_in("k.thomsen").get("/postkorb/k.thomsen").text
    first = re.search(r'data-entry="([^"]+)"', page)
    assert first
    assert first[1] == urgent.document_id
    assert "eilig" in page


def test_the_letter_is_shown_beside_the_list_without_javascript(
    signed_in: Visit, letter: Delivered
) -> None:
    page = signed_in("m.petersen").get(f"/postkorb/m.petersen?dokument={letter.document_id}").text
    assert f"/dokumente/{letter.document_id}/bilder/" in page
    assert "Zu den Akten" in page
    assert "Frist voraussichtlich Fr., 04.12.2026" in page


def test_htmx_gets_the_letter_alone_or_the_list_alone(signed_in: Visit, letter: Delivered) -> None:
    client = signed_in("m.petersen")
    url = f"/postkorb/m.petersen?dokument={letter.document_id}"
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "section#vorschau"}).text
    assert "<html" not in part
    assert "data-viewer" in part
    rows = client.get(url, headers={"HX-Request": "true", "HX-Target": "div#liste"}).text
    assert "<html" not in rows
    assert "data-viewer" not in rows
    assert letter.document_id in rows


def test_filing_takes_the_letter_out_and_leads_to_the_next_one(
    stage: Stage, signed_in: Visit
) -> None:
    first = stage.deliver(schlagwort="kontoauszug", postbox="n.jessen", file=ELSEWHERE)
    second = stage.deliver(schlagwort="lohnabrechnung", postbox="n.jessen", file=ELSEWHERE)
    client = signed_in("n.jessen")
    page = client.get(f"/postkorb/n.jessen?dokument={first.document_id}").text
    target = submit(
        client, page, "zu-den-akten", schlagwort="kontoauszug", zurueck="/postkorb/n.jessen"
    )
    assert target == f"/postkorb/n.jessen?erledigt=akten&dokument={second.document_id}"
    page = client.get(target).text
    assert "Zu den Akten genommen." in page
    assert f'data-entry="{first.document_id}"' not in page


def test_forwarding_carries_the_note_to_the_receiver(signed_in: Visit, letter: Delivered) -> None:
    client = signed_in("m.petersen")
    page = client.get(f"/dokumente/{letter.document_id}").text
    submit(client, page, "weiterleiten", ziel="j.hansen", vermerk="Bitte <b>prüfen</b>")
    listed = signed_in("j.hansen").get("/postkorb/j.hansen").text
    assert letter.document_id in listed
    assert "Bitte &lt;b&gt;prüfen&lt;/b&gt;" in listed


def test_a_copy_can_be_seen_but_not_filed(stage: Stage, signed_in: Visit) -> None:
    copy = stage.deliver(postbox="r.recht", copies=("m.petersen",))
    client = signed_in("m.petersen")
    page = client.get(f"/dokumente/{copy.document_id}").text
    assert "zu-den-akten" not in page
    submit(client, page, "gesehen")
    assert copy.document_id not in client.get("/postkorb/m.petersen").text


def test_a_stale_form_is_a_conflict_that_names_the_other_one(
    signed_in: Visit, letter: Delivered
) -> None:
    client = signed_in("m.petersen")
    page = client.get(f"/dokumente/{letter.document_id}").text
    submit(client, page, "zu-den-akten", schlagwort="mieterhoehung")
    data = {
        "csrf": form_token(client),
        "version": field(page, "version"),
        "schlagwort": "kontoauszug",
    }
    answer = client.post(action(page, "zu-den-akten"), data=data)
    assert answer.status_code == 409
    assert "Maike Petersen hat das Dokument schon bearbeitet" in answer.text


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("m.petersen", "/postkorb/m.petersen?ab=99999999999999999999999"),
        ("m.petersen", "/postkorb/m.petersen?ab=-1"),
        ("m.petersen", "/suche?q=Miete&ab=99999999999999999999999"),
        ("s.scan", "/klaerung?ab=99999999999999999999999"),
    ],
)
def test_a_number_beyond_all_bounds_is_a_mistake_of_the_asker(
    signed_in: Visit, login: str, address: str
) -> None:
    answer = signed_in(login).get(address)
    assert answer.status_code == 400
    assert "Angaben unvollständig" in answer.text


def test_a_version_beyond_all_bounds_is_a_mistake_of_the_asker(
    signed_in: Visit, letter: Delivered
) -> None:
    client = signed_in("m.petersen")
    page = client.get(f"/dokumente/{letter.document_id}").text
    data = {"csrf": form_token(client), "version": "9" * 30, "schlagwort": "mieterhoehung"}
    assert client.post(action(page, "zu-den-akten"), data=data).status_code == 400


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists so short that a few letters fill several pages."""
    monkeypatch.setattr(postboxes, "PAGE", 2)
    monkeypatch.setattr(clearing, "PAGE", 2)


def listed(page: str) -> list[str]:
    return re.findall(r'data-entry="([^"]+)"', page)


@pytest.mark.usefixtures("two_a_page")
def test_the_second_page_of_a_postbox_stays_the_second_page(stage: Stage, signed_in: Visit) -> None:
    letters = [stage.deliver(schlagwort="kontoauszug", postbox="t.lead") for _ in range(5)]
    wanted = [one.document_id for one in letters]
    client = signed_in("t.lead")
    page = client.get("/postkorb/t.lead?ab=2").text
    assert listed(page) == wanted[2:4]
    assert 'hx-get="/postkorb/t.lead?ab=2"' in page
    assert 'href="/postkorb/t.lead?ab=4"' in page
    assert 'href="/postkorb/t.lead"' in page

    page = client.get(f"/postkorb/t.lead?ab=2&dokument={wanted[2]}").text
    target = submit(
        client,
        page,
        "zu-den-akten",
        schlagwort="kontoauszug",
        zurueck=field(page, "zurueck"),
    )
    assert target == f"/postkorb/t.lead?erledigt=akten&dokument={wanted[3]}&ab=2"
    assert listed(client.get(target).text) == wanted[3:5]


@pytest.mark.usefixtures("two_a_page")
def test_a_page_that_ran_empty_gives_way_to_the_first(stage: Stage, signed_in: Visit) -> None:
    stage.deliver(schlagwort="kontoauszug", postbox="r.recht")
    client = signed_in("r.recht")
    first = listed(client.get("/postkorb/r.recht").text)
    page = client.get("/postkorb/r.recht?ab=90").text
    assert first
    assert listed(page) == first
    assert 'hx-get="/postkorb/r.recht"' in page


@pytest.mark.usefixtures("two_a_page")
def test_the_clearing_desk_reaches_everything_that_waits(stage: Stage, signed_in: Visit) -> None:
    for _ in range(5):
        stage.deliver(postbox="clearing", file=None, candidates=(FILE,))
    client = signed_in("s.scan")
    seen, address = [], "/klaerung"
    while address:
        page = client.get(address).text
        seen += listed(page)
        following = re.search(r'<a href="([^"]+)">Weitere Eingänge', page)
        address = following[1] if following else ""
    reader = stage.services.accounts.reader("s.scan")
    waiting = stage.services.postboxes.entries(reader, "clearing")
    assert seen == [one.document_id for one in waiting]

    page = client.get("/klaerung?ab=2").text
    assert field(page, "ab") == "2"
    target = submit(
        client, page, seen[2], schlagwort="kontoauszug", akte=FILE, ab=field(page, "ab")
    )
    assert target == f"/klaerung?erledigt={seen[2]}&dokument={seen[3]}&ab=2"


def test_a_filed_letter_comes_back_to_the_desk_to_be_corrected(
    signed_in: Visit, letter: Delivered
) -> None:
    client = signed_in("m.petersen")
    address = f"/dokumente/{letter.document_id}"
    page = client.get(address).text
    assert "wieder-vorlegen" not in page
    submit(client, page, "zu-den-akten", schlagwort="kontoauszug")

    page = client.get(address).text
    target = submit(client, page, "wieder-vorlegen")
    assert target == f"/postkorb/m.petersen?dokument={letter.document_id}"
    page = client.get(target).text
    submit(client, page, "zu-den-akten", schlagwort="mieterhoehung")
    page = client.get(address).text
    assert "<h1>Mieterhöhung</h1>" in page
    assert "Maike Petersen: wieder vorgelegt" in page


def test_only_what_is_filed_is_put_back_and_only_by_who_may_see_it(
    signed_in: Visit, letter: Delivered
) -> None:
    client, address = signed_in("m.petersen"), f"/dokumente/{letter.document_id}"
    version = field(client.get(address).text, "version")
    for login, status in (("m.petersen", 409), ("n.jessen", 404)):
        visit = signed_in(login)
        data = {"csrf": form_token(visit), "version": version}
        assert visit.post(f"{address}/wieder-vorlegen", data=data).status_code == status


def test_the_postbox_of_somebody_else_does_not_exist(signed_in: Visit) -> None:
    assert signed_in("n.jessen").get("/postkorb/m.petersen").status_code == 404


# -- Dokument ------------------------------------------------------------------------------------


def test_the_document_says_why_it_has_its_schlagwort(signed_in: Visit, letter: Delivered) -> None:
    page = signed_in("m.petersen").get(f"/dokumente/{letter.document_id}").text
    assert "93 %" in page
    assert "lege ich Widerspruch ein" in page
    assert "sonst möglich" in page
    assert "gesetzte Frist" in page
    assert re.search(r"data-evidence='\{(?:&#34;|\")page", page)


def test_case_files_that_were_not_chosen_are_named_at_the_clearing_desk_only(
    stage: Stage, signed_in: Visit
) -> None:
    letter = stage.deliver(schlagwort="mieterhoehung", candidates=(ELSEWHERE,))
    page = signed_in("m.petersen").get(f"/dokumente/{letter.document_id}").text
    assert "Warum diese Akte" in page
    assert ELSEWHERE not in page
    assert "Das Geburtsdatum im Brief passt nicht." not in page


def test_pages_come_as_images_that_the_browser_may_keep(
    signed_in: Visit, letter: Delivered
) -> None:
    client = signed_in("m.petersen")
    page = client.get(f"/dokumente/{letter.document_id}").text
    found = re.search(r'src="(/dokumente/[^"]+/seite)"', page)
    assert found
    answer = client.get(found[1])
    assert answer.headers["content-type"].startswith("image/")
    assert answer.headers["cache-control"].startswith("private")
    again = client.get(found[1], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_words_come_with_boxes_and_the_hits_of_a_search(
    signed_in: Visit, letter: Delivered
) -> None:
    client = signed_in("m.petersen")
    url = f"/dokumente/{letter.document_id}/seiten/1/worte"
    answer = client.get(url, params={"suche": "heizkosten"}).json()
    assert [answer["words"][index][0] for index in answer["hits"]] == ["Heizkosten"]
    _, x0, y0, x1, y1, _ = answer["words"][0]
    assert 0 < x0 < x1 < 1
    assert 0 < y0 < y1 < 1
    assert client.get(url).json()["hits"] == []


def test_a_page_that_is_not_there_is_not_found(signed_in: Visit, letter: Delivered) -> None:
    client = signed_in("m.petersen")
    for number in ("2", "0", "-1", "eins"):
        url = f"/dokumente/{letter.document_id}/seiten/{number}/worte"
        assert client.get(url).status_code == 404


def test_the_archive_copy_opens_in_the_browser_under_a_telling_name(
    signed_in: Visit, letter: Delivered
) -> None:
    answer = signed_in("m.petersen").get(f"/dokumente/{letter.document_id}/archiv.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "2026-11-20_mieterhoehung.pdf" in answer.headers["content-disposition"]


@pytest.mark.parametrize("login", ["n.jessen", "a.admin", "s.scan"])
def test_nothing_of_a_document_opens_to_whom_it_is_closed(
    signed_in: Visit, letter: Delivered, login: str
) -> None:
    mine = signed_in("m.petersen").get(f"/dokumente/{letter.document_id}").text
    image = re.search(r'src="(/dokumente/[^"]+/seite)"', mine)
    assert image
    base = f"/dokumente/{letter.document_id}"
    client = signed_in(login)
    for path in (base, image[1], f"{base}/seiten/1/worte", f"{base}/archiv.pdf"):
        assert client.get(path).status_code == 404, path


# -- Akte ----------------------------------------------------------------------------------------


def test_the_case_file_opens_by_its_number_with_head_and_documents(
    signed_in: Visit, letter: Delivered
) -> None:
    page = signed_in("m.petersen").get("/akten/12345~~0001234").text
    for said in (FILE, "12345//0000077", "Müller-Lüdenscheidt, Ayşe", "antragstellend",
                 "Süderstraße 12", "Maike Petersen", "Sozialzentrum Husum"):  # fmt: skip
        assert said in page
    assert f"/dokumente/{letter.document_id}" in page


def test_the_documents_of_a_case_file_can_be_narrowed(stage: Stage, signed_in: Visit) -> None:
    rent = stage.deliver(schlagwort="mieterhoehung", file=OTHER)
    pay = stage.deliver(schlagwort="lohnabrechnung", file=OTHER)
    client = signed_in("m.petersen")
    address = "/akten/12345~~0004711"
    for filters in ("schlagwort=lohnabrechnung", "text=lohn", "text=20.11.2026+LOHN"):
        page = client.get(f"{address}?{filters}").text
        assert pay.document_id in page
        assert rent.document_id not in page
    assert "Kein Dokument passt" in client.get(f"{address}?text=gibtesnicht").text


def test_an_old_file_shows_what_it_was_called_in_the_backfile(
    stage: Stage, signed_in: Visit
) -> None:
    old, new = (stage.deliver(schlagwort="mieterhoehung", file=OTHER) for _ in range(2))
    with stage.database.write() as session:
        document = session.get(Document, old.document_id)
        assert document is not None
        source = session.get(Source, document.source_id)
        assert source is not None
        source.channel, source.given = "backfile", {"title": "Akte <bis> 2003"}
    client = signed_in("m.petersen")
    assert "Akte &lt;bis&gt; 2003" in client.get(f"/dokumente/{old.document_id}").text
    assert "Akte &lt;bis&gt; 2003" not in client.get(f"/dokumente/{new.document_id}").text
    page = client.get("/akten/12345~~0004711?text=bis+2003").text
    assert "Akte &lt;bis&gt; 2003" not in page.partition("Dokumente nach Eingang")[0]
    assert old.document_id in page
    assert new.document_id not in page


# -- Suche ---------------------------------------------------------------------------------------


def test_a_hit_shows_its_words_marked_and_leads_to_its_page(stage: Stage, signed_in: Visit) -> None:
    found = stage.deliver(
        "Ein Brief über die Wärmedämmung im Dachgeschoss", phrase="über die", schlagwort="umzug"
    )
    stage.index_all()
    page = signed_in("m.petersen").get("/suche?q=Waermedaemmung").text
    assert "<mark>Wärmedämmung</mark>" in page
    link = f"/dokumente/{found.document_id}?seite=1&amp;suche=Waermedaemmung"
    assert link in page


def test_the_search_finds_nothing_for_whom_it_is_closed(stage: Stage, signed_in: Visit) -> None:
    stage.deliver("Geheimnisvoller Sonderfall", phrase="Sonderfall", schlagwort="umzug")
    stage.index_all()
    assert "<mark>" in signed_in("m.petersen").get("/suche?q=Sonderfall").text
    assert "<mark>" not in signed_in("n.jessen").get("/suche?q=Sonderfall").text


def test_a_search_that_is_down_says_so_and_the_rest_works(stage: Stage, signed_in: Visit) -> None:
    with without_search(stage):
        client = signed_in("m.petersen")
        answer = client.get("/suche?q=Miete")
        assert answer.status_code == 503
        assert "Postkorb und Akten funktionieren weiter" in answer.text
        assert client.get("/postkorb/m.petersen").status_code == 200


@contextmanager
def without_search(stage: Stage) -> Iterator[None]:
    searching = stage.services.searching
    before = searching.index
    object.__setattr__(searching, "index", NoIndex())
    try:
        with pytest.raises(Unavailable):
            NoIndex().search(None)  # type: ignore[arg-type]
        yield
    finally:
        object.__setattr__(searching, "index", before)


# -- Klärung -------------------------------------------------------------------------------------


def test_the_clearing_desk_shows_candidates_with_names_and_contradictions(
    stage: Stage, signed_in: Visit
) -> None:
    waiting = stage.deliver(postbox="clearing", file=None, candidates=(FILE, OTHER))
    page = signed_in("s.scan").get(f"/klaerung?dokument={waiting.document_id}").text
    for said in (FILE, OTHER, "Petersen-Ahlmann, Frauke", "Das Geburtsdatum im Brief passt nicht.",
                 "Der Name passt, die Nummer fehlt."):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("choice", "typed", "receiver"),
    [(OTHER, "", "m.petersen"), ("andere", " 12345/0009000 ", "n.jessen")],
)
def test_assigning_delivers_to_the_one_responsible(
    stage: Stage, signed_in: Visit, choice: str, typed: str, receiver: str
) -> None:
    waiting = stage.deliver(
        postbox="clearing", file=None, candidates=(OTHER,), schlagwort="kontoauszug"
    )
    client = signed_in("s.scan")
    page = client.get(f"/klaerung?dokument={waiting.document_id}").text
    data = {"akte": choice, "andere": typed, "schlagwort": "kontoauszug"}
    target = submit(client, page, f"/klaerung/{waiting.document_id}", **data)
    assert target.startswith(f"/klaerung?erledigt={waiting.document_id}")
    shown = client.get(target).text
    assert f'data-entry="{waiting.document_id}"' not in shown
    assert f"/klaerung/{waiting.document_id}/zuruecknehmen" in shown
    assert waiting.document_id in signed_in(receiver).get(f"/postkorb/{receiver}").text


def test_a_letter_without_a_file_goes_to_the_central_team(stage: Stage, signed_in: Visit) -> None:
    waiting = stage.deliver(postbox="clearing", file=None, schlagwort="gerichtspost")
    client = signed_in("s.scan")
    page = client.get(f"/klaerung?dokument={waiting.document_id}").text
    data = {"akte": "keine", "schlagwort": "gerichtspost"}
    submit(client, page, f"/klaerung/{waiting.document_id}", **data)
    assert waiting.document_id in signed_in("r.recht").get("/postkorb/recht").text


def test_an_unknown_number_is_named_and_nothing_changes(stage: Stage, signed_in: Visit) -> None:
    waiting = stage.deliver(postbox="clearing", file=None)
    client = signed_in("s.scan")
    page = client.get(f"/klaerung?dokument={waiting.document_id}").text
    data = {
        "csrf": form_token(client),
        "version": field(page, "version"),
        "akte": "andere",
        "andere": "99999//9999999",
        "schlagwort": "widerspruch",
    }
    answer = client.post(f"/klaerung/{waiting.document_id}", data=data)
    assert answer.status_code == 404
    assert "99999//9999999" in answer.text
    assert waiting.document_id in client.get("/klaerung").text


def test_case_files_are_suggested_while_one_types(signed_in: Visit) -> None:
    part = signed_in("s.scan").get("/klaerung/akten?andere=petersen-ahl").text
    assert OTHER in part
    assert 'name="akte"' in part


@pytest.mark.parametrize("path", ["/klaerung", "/klaerung/akten?andere=petersen", "/eingang"])
@pytest.mark.parametrize("login", ["m.petersen", "r.recht", "a.admin"])
def test_the_clearing_desk_is_for_the_scan_centre_only(
    signed_in: Visit, login: str, path: str
) -> None:
    assert signed_in(login).get(path).status_code == 403


# -- Eingang -------------------------------------------------------------------------------------


def test_arrivals_show_how_far_they_are_and_where_they_went(
    stage: Stage, signed_in: Visit, letter: Delivered
) -> None:
    stage.receive("stapel-09.pdf", pages=4)
    page = signed_in("s.scan").get("/eingang").text
    row = page[page.index("stapel-09.pdf") :][:700]
    assert "0 von 4" in row
    assert "wird gelesen" in row
    assert "→ Maike Petersen" in page
    assert f"/dokumente/{letter.document_id}" not in page  # delivered: closed to the scan centre


def test_the_quarantine_shows_its_reasons(stage: Stage, signed_in: Visit) -> None:
    stage.receive("kaputt.pdf", reason="Die Datei ist beschädigt.")
    page = signed_in("s.scan").get("/eingang?nur=quarantaene").text
    assert "kaputt.pdf" in page
    assert "Die Datei ist beschädigt." in page
    assert "stapel-09.pdf" not in page


# -- Notzugriff ----------------------------------------------------------------------------------


def test_a_file_of_another_site_opens_in_an_emergency_and_is_reported(signed_in: Visit) -> None:
    client = signed_in("n.jessen")
    assert client.get("/akten/12345~~0004711").status_code == 404
    data = {"csrf": form_token(client), "aktenzeichen": OTHER}
    assert client.post("/notzugriff", data={**data, "grund": "kurz"}).status_code == 403
    reason = "Die Kundin steht ohne Geld am Tresen."
    answer = client.post("/notzugriff", data={**data, "grund": reason})
    assert answer.headers["location"] == "/akten/12345~~0004711"
    assert client.get(answer.headers["location"]).status_code == 200
    report = signed_in("t.lead").get("/notzugriff").text
    assert reason in report
    assert "Nis Jessen" in report
    assert reason not in client.get("/notzugriff").text


@pytest.mark.parametrize("login", ["s.scan", "r.recht"])
def test_the_emergency_is_not_for_every_role(signed_in: Visit, login: str) -> None:
    assert signed_in(login).get("/notzugriff").status_code == 403


# -- odd requests --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/wer-bekaeme-das?tag=2026-13-45", 400),
        ("/wer-bekaeme-das?tag=", 200),
        ("/abwesenheit/team?ab=9999-12-31", 400),
        ("/suche?q=%00", 400),
        ("/dokumente/%00", 404),
        ("/akten/12345~~%00", 404),
    ],
)
def test_an_odd_address_is_no_error_of_the_server(
    signed_in: Visit, address: str, status: int
) -> None:
    assert signed_in("t.lead").get(address).status_code == status


@pytest.mark.parametrize(
    ("address", "field_name", "text", "status"),
    [
        ("/abwesenheit/personen/m.petersen/eintragen", "bis", "2026-13-45", 400),
        ("/auskunft", "geboren", "2026-13-45", 200),
        ("/notzugriff", "grund", "a\x00b", 422),
        ("/anmelden", "login", "m.peter\x00sen", 422),
    ],
)
def test_an_odd_field_is_no_error_of_the_server(
    signed_in: Visit, address: str, field_name: str, text: str, status: int
) -> None:
    client = signed_in("m.petersen")
    fields = {"von": "2026-12-01", "stand": "x", "aktenzeichen": OTHER, "kennwort": "x"}
    fields["nachname"] = "Schmidt"
    data = {"csrf": form_token(client), **fields, field_name: text}
    assert client.post(address, data=data).status_code == status


# -- the frame -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "areas"),
    [
        ("m.petersen", {"/postkorb", "/wiedervorlagen", "/auskunft"}),
        ("t.lead", {"/postkorb", "/wiedervorlagen", "/auskunft", "/abwesenheit/team", "/regeln"}),
        ("r.recht", {"/postkorb", "/wiedervorlagen", "/regeln"}),
        ("s.scan", {"/klaerung", "/eingang", "/sichtpruefung"}),
        (
            "a.admin",
            {"/abwesenheit/team", "/regeln", "/verwaltung/konten", "/verwaltung/einstellungen"},
        ),
    ],
)
def test_the_navigation_offers_what_the_role_may_use(
    signed_in: Visit, login: str, areas: set[str]
) -> None:
    page = signed_in(login).get("/kennwort").text
    nav = page[page.index("<nav") : page.index("</nav>")]
    assert set(re.findall(r'href="([^"]+)"', nav)) == areas

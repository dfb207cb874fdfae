"""The search screen: what an address narrows, what a mistake is told, what is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.conftest import Visit, form_token
from tests.web.stage import FILE, OTHER, Stage

BROKEN = """Frauke Petersen-Ahlmann
25813 Husum

Die Therme ist seit gestern ausgefallen, bitte übernehmen Sie die Reparatur."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Three objections and a letter about a heater, indexed."""
    made = Stage(tmp_path_factory.mktemp("stage"))
    for number in (FILE, FILE, OTHER):
        made.deliver(file=number, postbox="m.petersen")
    made.deliver(BROKEN, schlagwort="sonstiges", file=OTHER, postbox="m.petersen", phrase="Therme")
    made.index_all()
    yield made
    made.close()


def test_the_letter_about_the_broken_heater_is_found_without_its_words(signed_in: Visit):
    page = signed_in("m.petersen").get("/suche?q=Heizung+defekt").text
    assert "<mark>Therme</mark>" in page
    assert "gefunden als: Therme, ausgefallen" in page


def test_every_bad_query_gets_an_answer_or_a_sentence(signed_in: Visit):
    client = signed_in("m.petersen")
    for query, said in {
        "x" * 10_000: "sehr lang",
        "der die das": "Dokument",
        '"""': "Anführungszeichen",
        "*scheid": "Platzhalter",
        "\u202e\u200b": "Dokument",
        "((a+)+)+$": "Dokument",
        "aus:stadtwerke": "Das Feld „aus:“ gibt es nicht",
        "schlagwort:widersprch": "Meinten Sie „Widerspruch“?",
        "betrag:viel": "keine Summe",
        "datum:32.13.2026": "wurde nicht verstanden",
        "<script>alert(1)</script>": "&lt;script&gt;",
        'akte:"\' OR 1=1 --"': "Dokument",
    }.items():
        answer = client.get("/suche", params={"q": query})
        assert answer.status_code == 200, query
        assert said in answer.text, query
        assert "<script>alert" not in answer.text


def test_a_wrong_word_is_told_with_the_one_that_is_meant(signed_in: Visit):
    page = signed_in("m.petersen").get("/suche?q=Widerspurch").text
    assert 'Meinten Sie <a href="/suche?q=Widerspruch">Widerspruch</a>?' in page
    assert "ähnlich geschrieben: Widerspruch" in page


def test_filters_are_counted_and_each_takes_itself_away(signed_in: Visit):
    client = signed_in("m.petersen")
    counts = client.get("/suche/filter?q=Husum").text
    assert '<a href="/suche?q=Husum&amp;schlagwort=widerspruch">' in counts
    assert "November 2026" in counts
    assert "Sozialzentrum Husum" in counts
    narrowed = client.get("/suche?q=Husum&schlagwort=widerspruch&zeit=2026-11&neueste=1").text
    assert "3 Dokumente" in narrowed
    assert (
        '<a class="filtermarke" href="/suche?q=Husum&amp;zeit=2026-11&amp;neueste=1">' in narrowed
    )
    assert client.get("/suche?schlagwort=widerspruch").text.count("data-hit-preview") == 3
    assert "widerspruch" in client.get("/suche?q=Husum&filter=1").text  # without scripts


def test_hits_stand_by_case_file(signed_in: Visit):
    page = signed_in("m.petersen").get("/suche?q=Widerspruch&akten=1").text
    assert page.count('class="aktenkopf"') == 2
    assert "1 weitere in dieser Akte" in page


def test_people_are_found_by_birth_date_in_the_same_box(signed_in: Visit):
    page = signed_in("m.petersen").get("/suche?q=07.03.1984").text
    assert "Akten und Personen" in page
    assert "Müller-Lüdenscheidt, Jörg" in page


def test_suggestions_name_files_schlagworte_and_senders(signed_in: Visit):
    client = signed_in("m.petersen")
    assert 'data-href="/akten/12345~~0001234"' in client.get("/suche/vorschlaege?q=Müll").text
    assert "Widerspruch" in client.get("/suche/vorschlaege?q=wid").text
    assert "option" not in client.get("/suche/vorschlaege?q=w").text
    elsewhere = signed_in("n.jessen").get("/suche/vorschlaege?q=Müll").text
    assert "Lüdenscheidt" not in elsewhere


def test_a_hit_is_shown_beside_the_list_to_those_who_may_open_it(signed_in: Visit, stage: Stage):
    found = stage.services.searching.search(stage.services.accounts.reader("m.petersen"), "Therme")
    address = f"/suche/vorschau?dokument={found.hits[0].document_id}&q=Therme"
    shown = signed_in("m.petersen").get(address).text
    assert 'data-words-url="/dokumente/' in shown
    assert "suche=Therme" in shown
    assert signed_in("n.jessen").get(address).status_code == 404


def test_a_search_is_kept_starred_and_forgotten(signed_in: Visit):
    client = signed_in("m.petersen")
    token = form_token(client)
    kept = {"csrf": token, "q": "Heizkosten", "schlagwort": "widerspruch", "name": "Heizung"}
    answer = client.post("/suche/gespeichert", data=kept)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address.startswith("/suche?q=Heizkosten&schlagwort=widerspruch&gespeichert=")
    assert "Gespeicherte Suchen" in client.get(address).text
    one = {"csrf": token, "suche": address.rpartition("=")[2]}
    client.post("/suche/gespeichert/stern", data=one | {"an": "true"})
    assert "★" in client.get("/suche/gespeichert").text
    assert "Heizung" not in signed_in("j.hansen").get("/suche/gespeichert").text
    client.post("/suche/gespeichert/loeschen", data=one)
    assert "Heizung" not in client.get("/suche/gespeichert").text

"""The clearing desk in the browser: going back to what was assigned, a birth date in words."""

from __future__ import annotations

from tests.web.conftest import Visit, form_token
from tests.web.stage import FILE, Delivered, Stage


def waiting(stage: Stage) -> Delivered:
    return stage.deliver(postbox="clearing", file=None, schlagwort="kontoauszug")


def test_going_back_to_an_assigned_letter_tells_where_it_is_and_shows_the_next(
    stage: Stage, signed_in: Visit
) -> None:
    letter, later = waiting(stage).document_id, waiting(stage).document_id
    desk = signed_in("s.scan")
    before = f"/klaerung?dokument={letter}"
    version = desk.get(before).text.split('name="version" value="')[1].split('"')[0]
    done = desk.post(
        f"/klaerung/{letter}",
        data={
            "csrf": form_token(desk),
            "version": version,
            "schlagwort": "kontoauszug",
            "akte": FILE,
        },
    )
    assert done.status_code == 303
    back = desk.get(before)
    assert back.status_code == 200
    assert "Dieses Dokument haben Sie schon zugeordnet: Kontoauszug an Maike Petersen." in back.text
    assert f'data-shown-entry="{letter}"' not in back.text
    assert later in back.text
    assert desk.get("/klaerung?dokument=00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_birth_date_in_words_opens_a_provisional_file(stage: Stage, signed_in: Visit) -> None:
    letter = waiting(stage).document_id
    desk = signed_in("s.scan")
    page = desk.get(f"/klaerung?dokument={letter}").text
    answer = desk.post(
        f"/klaerung/{letter}/vorlaeufig",
        data={
            "csrf": form_token(desk),
            "version": page.split('name="version" value="')[1].split('"')[0],
            "schlagwort": "erstantrag",
            "nachname": "Sommerfeld",
            "vorname": "Silke",
            "plz": "25813",
            "geboren": "30. September 1984",
        },
    )
    assert answer.status_code == 303, answer.text
    (found,) = stage.services.clearing_desk.search(
        stage.services.accounts.reader("s.scan"), "Silke Sommerfeld"
    )
    assert str(found.people[0].birth_date) == "1984-09-30"

"""Fehlablage on the screen: what is asked, and the notice that is drafted."""

from __future__ import annotations

from tests.web.conftest import Visit, form_token
from tests.web.stage import ELSEWHERE, FILE, Stage


def test_a_document_leaves_the_wrong_file_and_the_notice_says_what_happened(
    stage: Stage, signed_in: Visit
) -> None:
    letter = stage.deliver(schlagwort="kontoauszug").document_id
    desk = signed_in("m.petersen")
    page = desk.get(f"/dokumente/{letter}")
    assert f'href="/dokumente/{letter}/fehlablage"' in page.text
    form = desk.get(f"/dokumente/{letter}/fehlablage").text
    assert FILE in form
    version = form.split('name="version" value="')[1].split('"')[0]
    answer = desk.post(
        f"/dokumente/{letter}/fehlablage",
        data={
            "csrf": form_token(desk),
            "version": version,
            "grund": "Im Brief steht eine andere Nummer.",
            "wohin": "akte",
            "akte": ELSEWHERE,
            "nachname": "Christiansen",
        },
    )
    assert answer.status_code == 303
    report = desk.get(answer.headers["location"]).text
    for said in (
        "Art. 33 und 34 DSGVO, § 83a SGB X",
        "Datenschutzaufsichtsbehörde des Landes (Art. 33 Abs. 1 DSGVO)",
        "Rechts- oder Fachaufsichtsbehörde der Behörde (§ 83a SGB X)",
        "Betroffene Person (Art. 34 DSGVO)",
        "den Vorfall dokumentieren (Art. 33 Abs. 5 DSGVO)",
        f"stand in der falschen Akte {FILE}",
        "Erkannt an: Im Brief steht eine andere Nummer.",
        "Maike Petersen: 1 Mal geöffnet",
        f"Es steht jetzt in der Akte {ELSEWHERE}.",
        "steht nicht im Protokoll",
        "noch 7",
    ):
        assert said in report, said
    assert "Müller" not in report
    assert "Christiansen" not in report
    assert desk.get(f"/dokumente/{letter}").status_code == 404
    assert "Kontoauszug" in desk.get("/fehlablagen").text

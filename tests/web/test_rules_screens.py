"""The screens of the rules: what is refused stays typed, and who only looks changes nothing."""

from __future__ import annotations

import html

from tests.web.conftest import Visit, form_token
from tests.web.stage import Stage

FILE = "/regeln/dateien/wohnen.toml"


def test_a_text_that_is_refused_is_still_there_and_overwrites_nobody(
    stage: Stage, signed_in: Visit
) -> None:
    admin = signed_in("a.admin")
    rules, somebody = stage.services.rules, stage.services.accounts.reader("a.admin")
    before = rules.file(somebody, "wohnen.toml")
    form = {"csrf": form_token(admin), "stand": before.fingerprint}
    rules.save_file(somebody, "wohnen.toml", f"{before.text}# schneller\n", before.fingerprint)
    for _ in range(2):
        answer = admin.post(FILE, data={**form, "text": f"{before.text}# mein Satz\n"})
        assert answer.status_code == 422
        assert "# mein Satz" in answer.text
        assert "Anke Matthiesen hat den Vorschlag am" in html.unescape(answer.text)
        assert f'name="stand" value="{before.fingerprint}"' in answer.text
    assert rules.file(somebody, "wohnen.toml").text.endswith("# schneller\n")


def test_a_line_is_marked_in_the_file_that_it_stands_in(stage: Stage, signed_in: Visit) -> None:
    admin = signed_in("a.admin")
    before = stage.services.rules.file(stage.services.accounts.reader("a.admin"), "eigene.toml")
    form = {"csrf": form_token(admin), "stand": before.fingerprint}
    own = '[schlagworte.neu]\ntitle = "Neu"\n'
    twice = '[schlagworte.klage]\ntitle = "Klage"\nfunction = "recht"\n'
    for text, marked in ((own, True), (twice, False)):
        answer = admin.post("/regeln/dateien/eigene.toml", data={**form, "text": text})
        assert answer.status_code == 422
        assert ("data-line=" in answer.text) == marked


def test_who_may_see_trials_reads_the_rules_and_finds_no_button(signed_in: Visit) -> None:
    lead = signed_in("t.lead")
    assert 'href="/regeln"' in lead.get("/postkorb/t.lead").text
    shown = lead.get(FILE)
    assert shown.status_code == 200
    assert "readonly" in shown.text
    assert "Prüfen und als Entwurf" not in shown.text + lead.get("/regeln").text
    assert "Neues Schlagwort" not in lead.get("/regeln").text
    assert 'href="/regeln"' not in signed_in("m.petersen").get("/postkorb/m.petersen").text

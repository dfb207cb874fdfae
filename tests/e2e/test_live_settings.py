"""Settings changed in the browser, with the keyboard, by two administrators."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Sit
from tests.e2e.test_accounts import look, second_administrator
from tests.web.stage import Stage


def test_a_setting_is_changed_contested_and_put_back(
    stage: Stage, sit: Sit, axe_source: str
) -> None:
    page = sit("a.admin")
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    look(page, axe_source)
    page.get_by_role("link", name="Zahlen einzelner Personen").click()
    page.get_by_label("ja", exact=True).check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("wer es entschieden hat")
    look(page, axe_source)
    page.get_by_label("Entschieden von").fill("Personalrat")
    page.get_by_label("Grund").fill("Dienstvereinbarung 7/2026")
    other = sit(second_administrator(stage), "/verwaltung/einstellungen/statistics.per_person")
    page.get_by_label("Grund").press("Enter")
    expect(page.get_by_role("status").filter(has_text="gilt ab sofort")).to_be_visible()
    expect(page.get_by_role("cell", name="nein → ja")).to_be_visible()
    look(page, axe_source)

    other.get_by_label("ja", exact=True).check()
    other.get_by_label("Entschieden von").fill("Landrat")
    other.get_by_label("Grund").fill("Verfügung")
    other.get_by_role("button", name="Speichern").click()
    expect(other.get_by_role("alert")).to_contain_text("Anke Matthiesen hat")
    other.reload()
    other.get_by_role("button", name="Zurück zum Wert der Datei (nein)").click()
    expect(other.get_by_role("cell", name="ja → nein (wie in der Datei)")).to_be_visible()

    lead = sit("t.lead", "/leitung")
    expect(lead.get_by_text("Einzelne Personen werden nicht ausgewertet")).to_be_visible()
    page.get_by_role("link", name="Einstellungen", exact=True).last.click()
    expect(page.get_by_role("heading", name="Frühere Änderungen")).to_be_visible()
    expect(page.get_by_role("row", name="Zahlen einzelner Personen nein nein –")).to_be_visible()

"""axe finds nothing on any screen, in light and in dark; the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Desks, Sit
from tests.web.stage import FILE, OTHER, Stage

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = [
    ("anmelden", None, "/anmelden"),
    ("kennwort", "m.petersen", "/kennwort"),
    ("postkorb", "m.petersen", "/postkorb/m.petersen"),
    ("eingang im postkorb", "m.petersen", "/postkorb/m.petersen?dokument={letter}"),
    ("dokument", "m.petersen", "/dokumente/{letter}"),
    ("dokument mit treffern", "m.petersen", "/dokumente/{letter}?suche=heizkosten"),
    ("akte", "m.petersen", "/akten/12345~~0001234"),
    ("aktenfenster", "m.petersen", "/fenster"),
    ("aufruf", "m.petersen", "/oeffnen"),
    ("aufruf ohne akte", "m.petersen", "/fenster/unbekannt"),
    ("in der akte", "m.petersen", "/akten/12345~~0001234?suche=heizkosten"),
    ("suche", "m.petersen", "/suche"),
    ("treffer", "m.petersen", "/suche?q=heizkosten"),
    ("nichts gefunden", "m.petersen", "/suche?q=gibtesnicht"),
    ("nicht gefunden", "m.petersen", "/gibt/es/nicht"),
    ("nicht erlaubt", "m.petersen", "/klaerung"),
    ("notzugriff", "t.lead", "/notzugriff"),
    ("klaerung", "s.scan", "/klaerung"),
    ("eingang", "s.scan", "/eingang"),
    ("quarantaene", "s.scan", "/eingang?nur=quarantaene"),
    ("verwaltung", "a.admin", "/"),
    ("regeln", "a.admin", "/regeln"),
    ("neues schlagwort", "a.admin", "/regeln/neu"),
]


@pytest.fixture(scope="module")
def letter(stage: Stage) -> str:
    """Every screen has something to show."""
    stage.deliver(schlagwort="klage", postbox="m.petersen")
    stage.deliver(postbox="r.recht", copies=("m.petersen",))
    stage.deliver(postbox="clearing", file=None, candidates=(FILE, OTHER))
    stage.receive("stapel-09.pdf", pages=4)
    stage.receive("kaputt.pdf", reason="Die Datei ist beschädigt.")
    found = stage.deliver(schlagwort="mieterhoehung", pages=3)
    stage.index_all()
    return found.document_id


def problems(page: Page, axe_source: str) -> list[str]:
    """What axe has to say of the page as it is, one line a finding."""
    page.evaluate(axe_source)
    return _violations(page, {"type": "tag", "values": RULES})


def problems_in_the_dark(page: Page) -> list[str]:
    """What axe, which has looked at the page already, says of its colours in the dark."""
    page.emulate_media(color_scheme="dark")
    return _violations(page, {"type": "rule", "values": ["color-contrast"]})


def _violations(page: Page, which: dict[str, object]) -> list[str]:
    result = page.evaluate("which => axe.run(document, {runOnly: which})", which)
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


@pytest.fixture(scope="module")
def desks(browser: Browser, address: str, stage: Stage) -> Iterator[Desks]:
    """One page a login for all screens: they are only looked at."""
    made = Desks(browser, address, stage.services.accounts)
    yield made
    made.close()


@pytest.mark.parametrize("screen", SCREENS, ids=[one[0] for one in SCREENS])
def test_axe_finds_nothing(
    desks: Desks, letter: str, axe_source: str, screen: tuple[str, str | None, str]
) -> None:
    _, login, path = screen
    page = desks.seat(login)
    page.goto(path.format(letter=letter))
    if page.locator("[data-viewer]").count():
        page.wait_for_selector('.viewer[data-viewer=ready] [data-page="1"][data-words]')
    assert problems(page, axe_source) == []
    assert problems_in_the_dark(page) == []
    assert desks.complaints == []


@pytest.mark.parametrize("key", ["a", "w", "k", "?"])
def test_axe_finds_nothing_in_an_open_panel(
    sit: Sit, letter: str, axe_source: str, key: str
) -> None:
    page = sit("m.petersen", f"/postkorb/m.petersen?dokument={letter}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    page.keyboard.press(key)
    page.wait_for_selector("dialog[open]" if key == "?" else "details.aktion[open]")
    if key == "a":
        page.keyboard.type("miet")
    assert problems(page, axe_source) == []


def test_the_first_tab_leads_past_the_navigation(sit: Sit) -> None:
    page = sit("m.petersen", "/kennwort")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_focus_can_be_seen_wherever_it_is(sit: Sit, letter: str) -> None:
    page = sit("m.petersen", f"/postkorb/m.petersen?dokument={letter}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    page.locator("body").click(position={"x": 640, "y": 2})
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              return [e.tagName + '.' + e.className, s.outlineStyle + ' ' + s.outlineWidth]; }"""
        )
        if name.startswith("BODY"):
            break
        seen.add(name)
        assert outline.startswith(("solid", "auto")), name
        assert not outline.endswith(" 0px"), name
    assert len(seen) > 8


def test_escape_closes_a_panel_and_returns_the_focus(sit: Sit, letter: str) -> None:
    page = sit("m.petersen", f"/postkorb/m.petersen?dokument={letter}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    page.keyboard.press("w")
    page.get_by_label("Vermerk").focus()
    page.keyboard.press("Escape")
    expect(page.locator("details.aktion[open]")).to_have_count(0)
    expect(page.locator("summary", has_text="Weiterleiten")).to_be_focused()


def test_single_keys_can_be_switched_off(sit: Sit, letter: str) -> None:
    page = sit("m.petersen", f"/dokumente/{letter}")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    page.keyboard.press("?")
    page.get_by_label("Einzelne Tasten als Kürzel verwenden").uncheck()
    page.get_by_role("button", name="Schließen").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator("details.aktion[open]")).to_have_count(0)
    expect(page.locator("[data-viewer-page]")).to_have_value("1")


def test_every_key_of_the_help_belongs_to_one_action(sit: Sit, letter: str) -> None:
    page = sit("m.petersen")
    for path in (f"/postkorb/m.petersen?dokument={letter}", f"/dokumente/{letter}", "/suche"):
        page.goto(path)
        keys = page.eval_on_selector_all(
            "[data-key]",
            "all => all.filter(e => e.getClientRects().length).map(e => e.dataset.key)",
        )
        assert len(keys) == len(set(keys)), path

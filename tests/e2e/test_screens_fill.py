"""The panes of a screen reach its lower edge, however little lies in them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Sit
from tests.web.stage import FILE, Stage

HEIGHT = 900


def bottom(page: Page, selector: str) -> float:
    """Where the pane ends, in pixels from the top."""
    return float(page.locator(selector).evaluate("pane => pane.getBoundingClientRect().bottom"))


@pytest.fixture(scope="module")
def letter(stage: Stage) -> str:
    stage.deliver(postbox="clearing", file=None, candidates=(FILE,))
    stage.deliver(schlagwort="kontoauszug")
    return stage.deliver(schlagwort="mieterhoehung").document_id


@pytest.mark.parametrize(
    ("login", "path", "panes"),
    [
        ("m.petersen", "/postkorb/m.petersen", (".koerbe", ".liste", "#vorschau")),
        ("m.petersen", "/postkorb/m.petersen?erledigt=akten", (".koerbe", ".liste", "#vorschau")),
        ("m.petersen", "/postkorb/m.petersen?dokument={letter}", (".koerbe", ".liste", ".viewer")),
        ("m.petersen", "/dokumente/{letter}", (".viewer", ".seitenleiste")),
        ("s.scan", "/klaerung", (".liste", ".viewer", ".seitenleiste")),
    ],
)
def test_every_pane_ends_at_the_lower_edge(
    letter: str, sit: Sit, login: str, path: str, panes: tuple[str, ...]
) -> None:
    page = sit(login, path.format(letter=letter), viewport={"width": 1440, "height": HEIGHT})
    assert {pane: bottom(page, pane) for pane in panes} == dict.fromkeys(panes, HEIGHT)

"""The pictures of the user's guide: each has a maker here, and shows the demo's authority.

``script/pictures`` makes them anew; otherwise it is only held that all of them are there.
"""

from __future__ import annotations

import io
import json
import os
import re
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from eakte.bootstrap import Product, open_product, prepare
from eakte.demo.authority import demo_register
from eakte.demo.letters import generate
from eakte.domain.rights import CLEARING, system_reader
from eakte.services import Services
from eakte.services.register_file import parse_register
from eakte.settings import load_settings
from tests.e2e.conftest import SCREEN, Sit
from tests.web.stage import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
GUIDE, FOLDER = ROOT / "docs" / "benutzung.md", ROOT / "docs" / "bilder"
LARGEST = 150 * 1024
COLOURS = 128
LETTERS, MINE, AT_THE_DESK = 60, 5, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The demo's authority with a few letters; who has most of them, and who keeps what."""

    services: Services
    caseworker: str
    scanner: str
    administrator: str


def _postbox(sit: Sit, town: Town) -> Page:
    page = sit(town.caseworker, "/postkorb")
    page.keyboard.press("ArrowDown")
    return _viewed(page)


def _document(sit: Sit, town: Town) -> Page:
    page = sit(town.caseworker, "/postkorb")
    letter = page.locator("[data-entry]").first.get_attribute("data-entry")
    page.goto(f"/dokumente/{letter}")
    return _viewed(page)


def _case_file(sit: Sit, town: Town) -> Page:
    page = _document(sit, town)
    page.goto(page.locator('a[href^="/akten/"]').first.get_attribute("href") or "")
    expect(page.locator('a[href^="/dokumente/"]').first).to_be_visible()
    return page


def _search(sit: Sit, town: Town) -> Page:
    page = sit(town.caseworker, "/suche?q=Jobcenter")
    expect(page.locator(".treffer mark").first).to_be_visible()
    return page


def _clearing(sit: Sit, town: Town) -> Page:
    return _viewed(sit(town.scanner, "/klaerung"))


def _arrivals(sit: Sit, town: Town) -> Page:
    page = sit(town.scanner, "/eingang")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def _accounts(sit: Sit, town: Town) -> Page:
    page = sit(town.administrator, "/verwaltung/konten")
    expect(page.get_by_role("table")).to_be_visible()
    return page


def _settings(sit: Sit, town: Town) -> Page:
    admin = town.services.accounts.reader(town.administrator)
    live = town.services.live_settings
    version = live.get(admin, "quality.sample_percent").version
    live.change(admin, "quality.sample_percent", version, "6", reason="Neue Scanner im November")
    page = sit(town.administrator, "/verwaltung/einstellungen")
    expect(page.get_by_text("Neue Scanner im November")).to_be_visible()
    return page


MAKERS: Mapping[str, Callable[[Sit, Town], Page]] = {
    "postkorb": _postbox,
    "dokument": _document,
    "akte": _case_file,
    "suche": _search,
    "klaerung": _clearing,
    "eingang": _arrivals,
    "konten": _accounts,
    "einstellungen": _settings,
}


def _viewed(page: Page) -> Page:
    """Once the letter's first page stands there with its words."""
    page.wait_for_selector('.viewer[data-viewer=ready] [data-page="1"][data-words]')
    expect(page.locator(".viewer .page img").first).to_have_js_property("complete", value=True)
    return page


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Takes the place of the drawn letters: typeset ones, through the whole flow."""
    home = tmp_path_factory.mktemp("guide")
    settings = load_settings(home=home / "home", config=ROOT / "config")
    prepare(settings)
    product = open_product(settings)
    yield _town(product, home)
    product.database.close()


def _town(product: Product, folder: Path) -> Town:
    today = product.database.clock.today()
    record = demo_register(today=today)
    product.services.register.run(system_reader("operator"), parse_register(record))
    people = record["caseworkers"]
    product.services.accounts.set_passwords([one["login"] for one in people], PASSWORD)
    letters = list(generate(record, count=LETTERS, today=today))
    logins = {one["login"] for one in people}
    counted = Counter(one.truth.receiver for one in letters if one.truth.receiver in logins)
    ((busiest, _),) = counted.most_common(1)
    post = folder / "post"
    post.mkdir()
    for receiver, most in ((busiest, MINE), (CLEARING, AT_THE_DESK)):
        for letter in [one for one in letters if one.truth.receiver == receiver][:most]:
            (post / f"{letter.name}.pdf").write_bytes(letter.pdf)
    _take_in(product, post)

    def holder(role: str) -> str:
        return next(one["login"] for one in people if role in one["roles"])

    return Town(
        services=product.services,
        caseworker=str(busiest),
        scanner=holder("scan"),
        administrator=holder("administrator"),
    )


def _take_in(product: Product, post: Path) -> None:
    places = {
        "EAKTE_HOME": str(product.settings.home),
        "EAKTE_CONFIG": str(product.settings.config),
    }
    command = [sys.executable, "-m", "eakte", "intake", str(post), "--json"]
    done = subprocess.run(
        command, env=os.environ | places, capture_output=True, check=True, text=True
    )
    assert {json.loads(line)["status"] for line in done.stdout.splitlines()} >= {"delivered"}


def make_pictures(sit: Sit, stage: Town) -> None:
    """What ``script/pictures`` runs, as if it were a test."""
    for name, make in MAKERS.items():
        taken = make(sit, stage).screenshot(animations="disabled", caret="hide")
        picture = Image.open(io.BytesIO(taken)).convert("RGB")
        small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(FOLDER / f"{name}.png", optimize=True)
        assert (FOLDER / f"{name}.png").stat().st_size <= LARGEST, name


def named() -> list[str]:
    """The pictures that the guide shows, in its order."""
    return re.findall(r"!\[[^\]]+\]\(bilder/([a-z-]+)\.png\)", GUIDE.read_text("utf-8"))


def test_every_picture_of_the_guide_has_a_maker_and_none_is_left_over() -> None:
    assert sorted(named()) == sorted(MAKERS)
    assert {one.stem for one in FOLDER.iterdir()} == MAKERS.keys()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_picture_is_there_in_the_size_of_all_and_small(name: str) -> None:
    data = (FOLDER / f"{name}.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (SCREEN["width"], SCREEN["height"])
    assert len(data) <= LARGEST

"""A new user's first stack: into the scanner's folder, and every sheet ends where it belongs."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from eakte.bootstrap import Product, open_product
from eakte.demo.authority import DEMO_PASSWORD
from eakte.domain.rights import CLEARING
from eakte.models import CaseFile, Document, DocumentPage, Filing, PostboxEntry, Source
from eakte.models import Page as PageRow
from tests.e2e.conftest import SCREEN
from tests.faults.accounts import all_through, counts, left_in
from tests.faults.house import House, house, impatient_settings, wait_for
from tests.faults.ports import free_port
from tests.prepared import settings_for
from tests.stacks import Stack, What, demo_letters, mixed_stack

SCAN_CENTRE = "h.kloppenburg"
NAME = "stapel-vom-montag.pdf"
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Town:
    """The demo's authority as ``eakte serve`` runs it."""

    house: House
    product: Product
    address: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one document of the run: its pages (from 1), and where it lies."""

    pages: tuple[int, ...]
    removed: tuple[int, ...]
    schlagwort: str | None
    file: str | None
    postboxes: frozenset[str]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    home = tmp_path / "home"
    url = f"sqlite:///{tmp_path / 'eakte.db'}"
    with house(home, impatient_settings(tmp_path / "config"), url, tmp_path / "log.txt") as made:
        assert made.run("init", "--demo").returncode == 0
        port = free_port()
        made.start("serve", "--port", str(port))
        wait_for(lambda: answers(port), PATIENCE, made.log.read_text)
        product = open_product(settings_for(home, url))
        yield Town(made, product, f"http://127.0.0.1:{port}")
        product.database.close()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def printed(town: Town, folder: Path, *arguments: str) -> bytes:
    """What ``eakte covers`` prints."""
    path = folder / "druck.pdf"
    told = town.house.run("covers", *arguments, "--out", str(path))
    assert told.returncode == 0, told.stderr
    return path.read_bytes()


def sit_down(town: Town, browser: Browser, login: str) -> Page:
    context = browser.new_context(base_url=town.address, locale="de-DE", viewport=SCREEN)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto("/anmelden")
    page.get_by_label("Anmeldename").fill(login)
    page.get_by_label("Kennwort").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_selector(".kopf")
    return page


def put_into_the_inbox(town: Town, stack: Stack) -> None:
    part = town.house.inbox / f"{NAME}.part"
    part.write_bytes(stack.pdf())
    part.rename(part.with_suffix(""))


def ended(product: Product) -> list[Ended]:
    """Every document of the only source, in the order of its pages."""
    with product.database.read() as session:
        numbers = {page.id: page.number for page in session.scalars(select(PageRow))}
        found = []
        for document in session.scalars(select(Document)):
            listed = session.scalars(
                select(DocumentPage)
                .where(DocumentPage.document_id == document.id)
                .where(DocumentPage.version == document.pages_version)
                .order_by(DocumentPage.position)
            ).all()
            file = session.scalar(
                select(CaseFile.aktenzeichen)
                .join(Filing, Filing.case_file_id == CaseFile.id)
                .where(Filing.document_id == document.id)
            )
            places = session.scalars(
                select(PostboxEntry.postbox).where(
                    PostboxEntry.document_id == document.id, PostboxEntry.copy.is_(False)
                )
            )
            found.append(
                Ended(
                    pages=tuple(numbers[one.page_id] for one in listed if not one.removed),
                    removed=tuple(numbers[one.page_id] for one in listed if one.removed),
                    schlagwort=document.schlagwort,
                    file=file,
                    postboxes=frozenset(places),
                )
            )
    return sorted(found, key=lambda one: one.pages)


def kinds(product: Product) -> dict[int, tuple[str, int]]:
    """What each page was taken for, and how far it was turned."""
    with product.database.read() as session:
        return {page.number: (page.kind, page.turn) for page in session.scalars(select(PageRow))}


def test_a_mixed_stack_ends_with_every_sheet_where_it_belongs(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    product = town.product
    letters = demo_letters(product.database.clock.today())
    first, second, third = (letter.truth for letter in letters)
    assert second.aktenzeichen
    separator = printed(town, tmp_path, "--copies", "1")
    cover = printed(
        town, tmp_path, "--aktenzeichen", second.aktenzeichen, "--schlagwort", second.schlagwort
    )
    stack = mixed_stack(letters, separator, cover)

    page = sit_down(town, browser, SCAN_CENTRE)
    page.goto("/eingang")
    page.wait_for_selector("body[data-live-state=on]")
    put_into_the_inbox(town, stack)
    row = page.get_by_role("row", name=NAME)
    expect(row).to_contain_text("wird gelesen")
    wait_for(lambda: all_through(product, 1), PATIENCE, town.house.log.read_text)
    expect(row).to_contain_text("in Klärung")

    taken = kinds(product)
    assert {number for number, (kind, _) in taken.items() if kind == "separator"} == {
        *stack.only(What.SEPARATOR)
    }
    assert {number for number, (kind, _) in taken.items() if kind == "cover"} == {
        *stack.only(What.COVER)
    }
    assert {number for number, (kind, _) in taken.items() if kind == "blank"} == {
        *stack.only(What.BLANK)
    }
    upside_down = [n for n, one in enumerate(stack.pages, start=1) if one.turn]
    assert [number for number, (_, turn) in taken.items() if turn == 180] == upside_down

    documents = ended(product)
    kept = [set(stack.numbers(n)) - set(stack.only(What.BLANK)) for n in range(4)]
    assert [set(one.pages) for one in documents] == kept
    blanks = {number for one in documents for number in one.removed}
    assert blanks >= set(stack.only(What.BLANK))
    for truth, one in ((first, documents[0]), (second, documents[1]), (third, documents[3])):
        assert (one.schlagwort, one.file) == (truth.schlagwort, truth.aktenzeichen)
        assert one.postboxes == {truth.receiver}
    assert (documents[2].file, documents[2].postboxes) == (None, {CLEARING})
    assert counts(product).get("quarantined", 0) == 0
    assert left_in(town.house.inbox) == []

    places = row.locator("td").last
    expect(places.locator("div:not(.leise)")).to_have_count(4)
    expect(places).to_contain_text("Kein lesbarer Text → Klärung")  # the photograph
    expect(places).to_contain_text("dazu 3 Trennblätter, 1 Deckblatt, 2 leere Seiten")

    page.goto("/klaerung")
    page.wait_for_selector(".viewer[data-viewer=ready]")
    expect(page.locator("[data-entry]")).to_have_count(1)

    assert second.receiver
    at_desk = sit_down(town, browser, second.receiver)
    with product.database.read() as session:
        document_id = session.scalars(
            select(Document.id)
            .join(DocumentPage, DocumentPage.document_id == Document.id)
            .join(PageRow, PageRow.id == DocumentPage.page_id)
            .where(PageRow.number == documents[1].pages[0])
        ).one()
    at_desk.goto(f"/dokumente/{document_id}")
    at_desk.wait_for_selector(".viewer[data-viewer=ready]")
    expect(at_desk.locator("[data-viewer-thumb]")).to_have_count(3)
    at_desk.get_by_role("link", name=re.compile("Entfernte")).click()
    expect(at_desk.locator(".page--removed")).to_have_count(2)
    expect(at_desk.locator(".seitenleiste")).to_contain_text("Blatt 4 (Deckblatt), Blatt 8 (leer)")

    checked = town.house.run("check", "--json")
    assert (checked.returncode, checked.stdout) == (0, "")
    with product.database.read() as session:
        assert [one.state for one in session.scalars(select(Source))] == ["cut"]

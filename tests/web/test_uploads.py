"""Hochladen as its list tells it: several files at once, archives, and what was not taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.intake.pick_up import PickUp
from eakte.intake.pipeline import process_source
from eakte.models import Source
from tests.letters import objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.prepared import Prepared
from tests.small_authority import MUELLER
from tests.web.conftest import ORIGIN, form_token
from web.app import create_app
from web.limits import Limits

HERE = "/eingang/hochladen"
LETTER = objection(MUELLER, "Upload")


@pytest.fixture
def database_url(tmp_path: Path, prepared: Prepared) -> str:
    """SQLite alone: what differs between the databases is tried below the screens."""
    path = tmp_path / "eakte.db"
    prepared.copy_sqlite(path)
    return f"sqlite:///{path}"


@pytest.fixture
def maike(product: Product) -> Iterator[TestClient]:
    """Signed in, and wherever files go out at most three at once."""
    product.services.accounts.set_passwords(["m.petersen"], "post-und-akte-7")
    app = create_app(product.services, limits=Limits(files=3))
    with TestClient(app, headers=ORIGIN, follow_redirects=False) as client:
        client.post("/anmelden", data={"login": "m.petersen", "kennwort": "post-und-akte-7"})
        yield client


def send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    return client.post(
        HERE,
        data={"csrf": form_token(client), **fields},
        files=[("dateien", file) for file in files],
        headers={"Accept": "application/json"},
    )


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.pdf", data)
    return out.getvalue()


def process(product: Product) -> None:
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    PickUp(product.database, lambda source_id: process_source(steps, source_id)).look()


def count(product: Product) -> int:
    with product.database.read() as session:
        return session.scalar(select(func.count()).select_from(Source)) or 0


def test_of_several_files_each_says_what_became_of_it_and_refused_ones_are_named(
    product: Product, maike: TestClient
):
    taken, refused, last = send(
        maike, ("eins.pdf", LETTER), ("leer.pdf", b""), ("zwei.pdf", LETTER + b"\n")
    ).json()
    assert (taken["name"], taken["text"], taken["done"]) == (
        "eins.pdf",
        "angenommen, wird gelesen",
        False,
    )
    assert (refused["name"], refused["stand"], refused["id"]) == ("leer.pdf", "fehler", "")
    assert refused["text"] == (
        "Nicht angenommen: Die Datei „leer.pdf“ ist leer. Bitte die Datei prüfen."
    )
    assert last["ok"]
    assert count(product) == 2
    process(product)
    told = maike.get(f"{HERE}/stand", params={"id": [taken["id"], last["id"]]}).json()
    assert {one["text"] for one in told.values()} == {"zugestellt"}
    assert all(re.fullmatch(r"/dokumente/[0-9a-f-]{36}", one["url"]) for one in told.values())


def test_without_scripts_the_page_says_the_same(maike: TestClient):
    answer = maike.post(
        HERE,
        data={"csrf": form_token(maike)},
        files=[("dateien", ("a.pdf", LETTER)), ("dateien", ("<b>.pdf", b""))],
    )
    assert "2 Dateien: 1 angenommen, 1 nicht angenommen" in answer.text
    assert '<td data-stand="fehler">Nicht angenommen: Die Datei „&lt;b&gt;.pdf“' in answer.text


def test_an_archive_tells_of_each_of_its_files_by_name(product: Product, maike: TestClient):
    packed = ("unterlagen.zip", zipped(widerspruch=LETTER, leer=b""))
    (handed,) = send(maike, packed).json()
    process(product)
    told = maike.get(f"{HERE}/stand", params={"id": handed["id"]}).json()[handed["id"]]
    assert told["text"] == "entpackt, 2 Dateien, davon 1 in Quarantäne"
    assert (told["stand"], told["url"]) == ("fehler", "")
    by_name = {one["name"]: one for one in told["members"]}
    assert by_name["widerspruch.pdf"]["text"] == "zugestellt"
    assert by_name["widerspruch.pdf"]["url"].startswith("/dokumente/")
    assert by_name["leer.pdf"]["stand"] == "fehler"
    assert by_name["leer.pdf"]["text"].startswith("in Quarantäne: ")


def test_too_many_files_are_refused_together_with_the_number_that_goes(
    product: Product, maike: TestClient
):
    answer = send(maike, *((f"{number}.pdf", LETTER) for number in range(4)))
    assert answer.status_code == 422
    assert "Das sind 4 Dateien; auf einmal gehen höchstens 3." in answer.text
    assert count(product) == 0


def test_facts_that_name_nothing_refuse_every_file_by_its_name(product: Product, maike: TestClient):
    told = send(maike, ("a.pdf", LETTER), ("b.pdf", LETTER), aktenzeichen="99999//9999999").json()
    assert [one["name"] for one in told] == ["a.pdf", "b.pdf"]
    assert {one["text"] for one in told} == {
        "Nicht angenommen: Eine Akte „99999//9999999“ gibt es nicht. Das Aktenzeichen prüfen."
    }
    assert count(product) == 0

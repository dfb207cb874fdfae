"""``eakte intake``: files through the whole flow in the foreground, one object each."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from eakte.bootstrap import Product
from eakte.cli import main
from eakte.errors import IntakeError
from eakte.intake.by_command import take
from eakte.storage.folder import FolderStore
from tests.cli.conftest import Answer
from tests.letters import letters, objection
from tests.small_authority import MUELLER

FIELDS = [
    "source",
    "source_pages",
    "document_id",
    "status",
    "reason",
    "pages",
    "blank_pages",
    "received",
    "schlagworte",
    "case_file",
    "postbox",
    "copies",
    "deputy_for",
    "deadlines",
    "seconds",
]
CASE_FIELDS = ["aktenzeichen", "provisional", "score", "evidence", "candidates"]


@dataclass(frozen=True)
class Told:
    """One call over a folder of good and bad files, and what it told of each by its name."""

    folder: Path
    answer: Answer

    def of(self, name: str) -> dict[str, Any]:
        wanted = str(self.folder / name)
        found = [one for one in self.answer.objects if one["source"] == wanted]
        assert len(found) == 1
        return found[0]


def command(product: Product, *arguments: object) -> Answer:
    """The command over ``product``, in this process."""
    out, err = io.StringIO(), io.StringIO()
    environment = {
        "EAKTE_HOME": str(product.settings.home),
        "EAKTE_CONFIG": str(product.settings.config),
        "EAKTE_DATABASE_URL": product.settings.database_url,
    }
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["eakte", *(str(one) for one in arguments)])
        code = main()
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def told(house: Product, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One call over everything that a folder may hold."""
    folder = tmp_path_factory.mktemp("stapel")
    post = letters(3)
    (folder / "a").mkdir()
    (folder / "a" / "innen.pdf").write_bytes(post["brief-000.pdf"])
    (folder / "Z.pdf").write_bytes(post["brief-001.pdf"])
    (folder / "b.pdf").write_bytes(post["brief-002.pdf"])
    (folder / "noch-einmal.pdf").write_bytes(post["brief-002.pdf"])
    (folder / ".versteckt.pdf").write_bytes(post["brief-001.pdf"])
    (folder / "leer.pdf").write_bytes(b"")
    (folder / "programm.exe").write_bytes(b"MZ\x90\x00" + bytes(200))
    (folder / "kaputt.pdf").write_bytes(post["brief-000.pdf"][:2000])
    (folder / "verschluesselt.pdf").write_bytes(encrypted(post["brief-000.pdf"]))
    bomb(folder / "riesig.png")
    os.mkfifo(folder / "rohr.pdf")
    (folder / "ins-leere.pdf").symlink_to(folder / "gibt-es-nicht.pdf")
    return Told(folder, command(house, "intake", folder, "--received", "2026-11-20", "--json"))


def encrypted(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    return out.getvalue()


def bomb(path: Path) -> None:
    """Few bytes, 400 million pixels."""
    Image.new("1", (20_000, 20_000)).save(path)


def test_it_ends_with_one_because_something_was_quarantined(told: Told):
    assert told.answer.code == 1
    assert "Traceback" not in told.answer.err


def test_files_come_in_byte_order_and_dotfiles_are_passed_over(told: Told):
    names = [
        os.fsencode(os.path.relpath(one["source"], told.folder)) for one in told.answer.objects
    ]
    assert names[:2] == [b"Z.pdf", b"a/innen.pdf"]
    assert names == sorted(names)
    assert b".versteckt.pdf" not in names
    assert len(names) == 11


def test_every_object_has_the_fields_of_the_contract(told: Told):
    for one in told.answer.objects:
        assert list(one) == FIELDS
        assert list(one["case_file"]) == CASE_FIELDS


def test_a_letter_is_delivered_and_told_in_full(told: Told):
    one = told.of("b.pdf")
    assert one["status"] == "delivered"
    assert one["reason"] is None
    assert (one["source_pages"], one["pages"], one["blank_pages"]) == ([1], 1, 0)
    assert one["received"] == "2026-11-20"
    assert one["schlagworte"][0]["schlagwort"] == "widerspruch"
    evidence = one["schlagworte"][0]["evidence"][0]
    assert set(evidence) == {"rule", "page", "words", "boxes"}
    assert all(0 <= edge <= 1 for box in evidence["boxes"] for edge in box)
    assert one["case_file"]["aktenzeichen"] == MUELLER
    assert one["case_file"]["candidates"][0]["aktenzeichen"] == MUELLER
    assert one["postbox"]


def test_the_same_bytes_are_a_duplicate_of_the_first_document(told: Told):
    again = told.of("noch-einmal.pdf")
    assert again["status"] == "duplicate"
    assert again["document_id"] == told.of("b.pdf")["document_id"]
    assert again["reason"]["code"] == "duplicate"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("leer.pdf", "empty"),
        ("programm.exe", "unknown_format"),
        ("kaputt.pdf", "damaged"),
        ("verschluesselt.pdf", "encrypted"),
        ("riesig.png", "too_large"),
        ("rohr.pdf", "not_a_file"),
        ("ins-leere.pdf", "vanished"),
    ],
)
def test_what_is_no_document_is_told_with_its_reason(told: Told, name: str, code: str):
    one = told.of(name)
    assert (one["status"], one["document_id"]) == ("quarantined", None)
    assert one["reason"]["code"] == code
    assert one["reason"]["message"]


def test_sources_stay_where_they_are(told: Told):
    assert len(list(told.folder.rglob("*"))) == 13


def test_what_was_told_can_be_found_and_read(told: Told, house: Product):
    document_id = told.of("Z.pdf")["document_id"]
    hits = command(house, "search", "kennwort001", "--user", "m.petersen", "--json").objects
    assert [one["document_id"] for one in hits] == [document_id]
    assert list(hits[0]) == [
        "document_id",
        "page",
        "score",
        "snippet",
        "schlagwort",
        "aktenzeichen",
        "received",
    ]
    assert "kennwort001" in hits[0]["snippet"]
    text = command(house, "text", document_id)
    assert "Kennwort dieses Briefes: kennwort001." in text.out
    nobodys = command(house, "search", "kennwort001", "--user", "i.clausen", "--json")
    assert (nobodys.code, nobodys.out) == (0, "")


def test_limits_of_a_search_are_kept(told: Told, house: Product):
    assert told.answer.objects
    every = command(house, "search", "Widerspruch", "--user", "m.petersen", "--json").objects
    some = command(house, "search", "Widerspruch", "--user", "m.petersen", "--json", "--limit", 1)
    assert len(every) == 3
    assert some.objects == every[:1]


def test_the_check_is_clean_afterwards_and_says_nothing_on_stdout(told: Told, house: Product):
    assert told.answer.objects
    checked = command(house, "check", "--json")
    assert (checked.code, checked.out) == (0, "")
    spoken = command(house, "check")
    assert (spoken.code, spoken.out) == (0, "Alles in Ordnung.\n")


def test_reindexing_finds_the_same(told: Told, house: Product):
    assert told.answer.objects
    before = command(house, "search", "Widerspruch", "--user", "m.petersen", "--json")
    assert "3 Dokumente" in command(house, "reindex").out
    after = command(house, "search", "Widerspruch", "--user", "m.petersen", "--json")
    assert {one["document_id"] for one in before.objects} == {
        one["document_id"] for one in after.objects
    }


def test_problems_that_a_check_finds_have_stable_fields(product: Product):
    sha256 = product.store.put(b"x")
    with product.index.writer() as writer:
        writer.clear()
    with product.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_log WHERE seq = 1")
    answer = command(product, "check", "--json")
    assert answer.code == 1
    assert [list(one) for one in answer.objects] == [["check", "subject", "problem", "remedy"]]
    assert sha256 not in answer.out


def test_received_is_today_unless_it_is_given(product: Product, tmp_path: Path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(objection(MUELLER, "heute"))
    answer = command(product, "intake", path, "--json")
    assert answer.code == 0
    assert [one["received"] for one in answer.objects] == [
        product.database.clock.today().isoformat()
    ]


def test_an_empty_folder_is_done_at_once(product: Product, tmp_path: Path):
    (tmp_path / "leer").mkdir()
    answer = command(product, "intake", tmp_path / "leer", "--json")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


class StoreDuringWhich(FolderStore):
    """A store that something happens to while it copies."""

    def __init__(self, root: Path, happens: Callable[[], object]) -> None:
        super().__init__(root)
        self._happens = happens

    def put_file(self, path: Path) -> str:
        self._happens()
        return super().put_file(path)


def test_a_file_that_is_still_being_written_is_left_for_later(product: Product, tmp_path: Path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(b"%PDF-1.7 half")

    def grow() -> None:
        with path.open("ab") as file:
            file.write(b" and more")

    store = StoreDuringWhich(tmp_path / "store", grow)
    with pytest.raises(IntakeError, match="noch geschrieben") as left:
        take(path, store, product.database, date(2026, 11, 20))
    assert left.value.reason == "still_written"


def test_a_file_that_vanishes_while_it_is_read_is_taken_all_the_same(
    product: Product, tmp_path: Path
):
    path = tmp_path / "brief.pdf"
    path.write_bytes(b"%PDF-1.7 whole")
    store = StoreDuringWhich(tmp_path / "store", path.unlink)
    assert take(path, store, product.database, date(2026, 11, 20))


def test_a_file_that_cannot_be_read_is_named(product: Product):
    # Opens even for root, and fails when it is read.
    with pytest.raises(IntakeError, match="/proc/self/mem") as left:
        take(Path("/proc/self/mem"), product.store, product.database, date(2026, 11, 20))
    assert left.value.reason == "unreadable"

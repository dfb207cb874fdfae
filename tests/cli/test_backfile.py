"""``eakte backfile``: old files into their case files, without touching postboxes."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.intake.backfile import Backfile
from eakte.intake.backfile_map import MapError, read_map
from eakte.intake.eye import ForTheEye
from eakte.models import AuditRow, Document, Filing, PostboxEntry, Source
from tests.cli.conftest import Answer
from tests.cli.test_intake import command
from tests.letters import letter, objection
from tests.plain_intake import PoolInThisProcess
from tests.small_authority import MUELLER, OTHER_SITE, SCHMIDT

NO_DOCUMENT = bytes(range(256)) * 4


def old_file(*pages: bytes) -> bytes:
    """One PDF of these one-page letters."""
    made = pikepdf.new()
    for page in pages:
        with pikepdf.open(io.BytesIO(page)) as one:
            made.pages.extend(one.pages)
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def of_somebody_else() -> bytes:
    return letter(
        "Fatma Yıldız",
        "Am Hafen 3, 25832 Tönning",
        "geboren am 15.01.1990",
        f"BG-Nummer {OTHER_SITE}",
        "Anbei die Bescheinigung der Krankenkasse.",
    )


@dataclass(frozen=True)
class Archive:
    """A folder of old files with its map."""

    folder: Path
    mapped: Path

    def put(self, **files: bytes) -> None:
        for name, content in files.items():
            (self.folder / f"{name}.pdf").write_bytes(content)

    def map(self, *lines: str, encoding: str = "utf-8") -> None:
        self.mapped.write_bytes("\r\n".join(lines).encode(encoding))

    @property
    def report(self) -> list[dict[str, str]]:
        path = self.mapped.with_name(f"{self.mapped.stem}-bericht.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    (tmp_path / "alt").mkdir()
    return Archive(tmp_path / "alt", tmp_path / "zuordnung.csv")


@pytest.fixture
def not_nice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own process stays as it is."""
    monkeypatch.setattr(os, "nice", lambda _by: 0)


def mistakes(product: Product, archive: Archive) -> list[str]:
    tools = intake_tools(product, PoolInThisProcess())
    return [str(one) for one in read_map(archive.mapped, archive.folder, tools).mistakes]


# -- the map --------------------------------------------------------------------------------------


def test_every_mistake_is_told_with_its_line_before_anything_is_taken(
    product: Product, archive: Archive
):
    archive.put(gut=b"%PDF-1.7", zweimal=b"%PDF-1.7", vergessen=b"%PDF-1.7", leer=b"")
    archive.map(
        "Datei;Aktenzeichen;Teilakte;Schlagwort;Eingang",
        f"gut.pdf;{MUELLER};leistung;sonstiges;31.12.2019",
        "zweimal.pdf;99999//0000000;;;",
        f"zweimal.pdf;{MUELLER};;;",
        f"fehlt.pdf;{MUELLER};keller;unsinn;gestern",
        "",
        f"leer.pdf;{MUELLER};;;",
        f"../zuordnung.csv;{MUELLER};;;",
        f";{MUELLER};;;",
        "gut2.pdf;;;;",
    )
    assert mistakes(product, archive) == [
        "Zeile 3: Das Aktenzeichen 99999//0000000 ist nicht bekannt.",
        "Zeile 4: Die Datei zweimal.pdf steht schon in Zeile 3.",
        "Zeile 5: Die Datei fehlt.pdf gibt es nicht.",
        "Zeile 5: Das Schlagwort „unsinn“ gibt es nicht.",
        "Zeile 5: Die Teilakte „keller“ gibt es nicht.",
        "Zeile 5: „gestern“ ist kein Datum wie 31.12.2019.",
        "Zeile 7: Die Datei leer.pdf ist leer.",
        "Zeile 8: Die Datei ../zuordnung.csv liegt nicht im Ordner.",
        "Zeile 9: Die Datei fehlt.",
        "Zeile 10: Die Datei gut2.pdf gibt es nicht.",
        "Zeile 10: Das Aktenzeichen fehlt.",
        "Die Datei vergessen.pdf steht in keiner Zeile.",
    ]


@pytest.mark.usefixtures("not_nice")
def test_a_map_with_mistakes_is_refused_as_a_whole(product: Product, archive: Archive):
    archive.put(gut=objection(MUELLER, "alt"), fremd=b"%PDF-1.7")
    archive.map("file;aktenzeichen", f"gut.pdf;{MUELLER}", "fremd.pdf;99999//0000000")
    answer = command(product, "backfile", archive.folder, "--map", archive.mapped)
    assert (answer.code, answer.out) == (3, "")
    assert "Zeile 3" in answer.err
    assert "--skip-bad" in answer.err
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_recognised(
    product: Product, archive: Archive, encoding: str, delimiter: str
):
    (archive.folder / "Müßig.pdf").write_bytes(b"%PDF-1.7")
    archive.map(
        delimiter.join(("DATEI", "Az", "Titel")),
        delimiter.join(("Müßig.pdf", "12345//0000999", "Ältere Akte")),
        encoding=encoding,
    )
    found = read_map(archive.mapped, archive.folder, intake_tools(product, PoolInThisProcess()))
    assert [(one.path.name, one.title) for one in found.rows] == [("Müßig.pdf", "Ältere Akte")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Datei;Schlagwort", "„aktenzeichen“ fehlt"),
        ("Datei;Az;Farbe", "„Farbe“ ist unbekannt"),
        ("Datei;File;Az", "„datei“ steht zweimal da"),
        ("", "„datei“ fehlt"),
    ],
)
def test_a_map_without_the_right_columns_is_refused(
    product: Product, archive: Archive, header: str, said: str
):
    archive.map(header)
    with pytest.raises(MapError, match=said):
        mistakes(product, archive)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_ranges_of_pages_name_exactly_the_pages(pages: set[int]):
    told = ForTheEye(code="x", message="", pages=tuple(sorted(pages))).ranges
    named: set[int] = set()
    for part in told.split(", "):
        first, _, last = part.partition("-")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == pages


# -- the whole way --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """One call over an archive of three files, one of them no document at all."""

    product: Product
    archive: Archive
    answer: Answer
    again: Answer

    def document(self, name: str) -> Document:
        with self.product.database.read() as session:
            return session.scalars(
                select(Document)
                .join(Source, Source.id == Document.source_id)
                .where(Source.name == name)
            ).one()

    def ask(self, query: Any) -> list[Any]:
        with self.product.database.read() as session:
            return list(session.scalars(query))


@pytest.fixture(scope="module")
def taken(house: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("archiv")
    (folder / "alt").mkdir()
    archive = Archive(folder / "alt", folder / "zuordnung.csv")
    own = [objection(MUELLER, f"altakte{number}") for number in range(4)]
    archive.put(
        mueller=old_file(*own[:3], of_somebody_else(), own[3], of_somebody_else()),
        schmidt=old_file(letter("Ole Schmidt", "Zwischenzeugnis"), letter("kennwortschmidt")),
        kaputt=NO_DOCUMENT,
    )
    archive.map(
        "Datei;Aktenzeichen;Teilakte;Eingang;Titel",
        f"mueller.pdf;{MUELLER};;01.02.2003;Akte bis 2003",
        f"schmidt.pdf;{SCHMIDT};recht;;",
        f"kaputt.pdf;{SCHMIDT};;;",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "nice", lambda _by: 0)
        call = ("backfile", archive.folder, "--map", archive.mapped)
        yield Taken(house, archive, command(house, *call), command(house, *call))


def test_old_files_are_filed_and_nobody_gets_a_task(taken: Taken):
    assert taken.answer.code == 1  # one of them is in quarantine
    assert "2 von 3 Akten sind abgelegt (8 Seiten)" in taken.answer.out
    for name, number, sub_file in (
        ("mueller.pdf", MUELLER, "leistung"),
        ("schmidt.pdf", SCHMIDT, "recht"),
    ):
        document = taken.document(name)
        assert (document.state, document.filed_by) == ("filed", "operator")
        assert document.schlagwort == "sonstiges"
        filing = taken.ask(select(Filing).where(Filing.document_id == document.id))
        assert [one.sub_file for one in filing] == [sub_file], number
    assert taken.ask(select(PostboxEntry)) == []
    assert taken.document("mueller.pdf").received_here.isoformat() == "2003-02-01"


def test_they_are_found_by_what_stands_in_them(taken: Taken):
    found = command(taken.product, "search", "altakte2", "--user", "m.petersen", "--json")
    assert [one["aktenzeichen"] for one in found.objects] == [MUELLER]


def test_pages_that_lead_to_another_file_are_told_to_a_person(taken: Taken):
    rows = [one for one in taken.archive.report if one["Datei"] == "mueller.pdf"]
    assert [(one["Anlass"], one["Seiten"]) for one in rows] == [("other_case_file", "4, 6")]
    assert OTHER_SITE in rows[0]["Hinweis"]
    assert rows[0]["Dokument"] == taken.document("mueller.pdf").id


def test_a_file_that_cannot_be_read_is_in_quarantine_and_in_the_report(taken: Taken):
    rows = [one for one in taken.archive.report if one["Datei"] == "kaputt.pdf"]
    assert [(one["Zeile"], one["Stand"]) for one in rows] == [("4", "Quarantäne")]
    assert rows[0]["Hinweis"]


def test_the_same_call_takes_nothing_twice_and_reports_the_same(taken: Taken):
    assert taken.again.code == 1
    assert "davon schon früher" in taken.again.out
    assert len(taken.ask(select(Source))) == 3
    looked = taken.ask(select(AuditRow).where(AuditRow.action == "document.look_over"))
    assert len(looked) == 2
    assert len(taken.archive.report) == 2


def test_the_check_is_clean_afterwards(taken: Taken):
    assert taken.again.out
    checked = command(taken.product, "check", "--json")
    assert (checked.code, checked.out) == (0, "")


@pytest.mark.usefixtures("not_nice")
def test_a_name_that_a_spreadsheet_would_run_is_defused(product: Product, archive: Archive):
    (archive.folder / "=cmd.pdf").write_bytes(NO_DOCUMENT)
    archive.map("Datei;Aktenzeichen", f"=cmd.pdf;{MUELLER}")
    answer = command(product, "backfile", archive.folder, "--map", archive.mapped)
    assert answer.code == 1
    assert [one["Datei"] for one in archive.report] == ["'=cmd.pdf"]


@pytest.mark.usefixtures("not_nice")
def test_bad_lines_may_be_left_out(product: Product, archive: Archive):
    archive.put(gut=objection(MUELLER, "alt"), fremd=objection(MUELLER, "fremd"))
    archive.map("file;aktenzeichen", f"gut.pdf;{MUELLER}", "fremd.pdf;99999//0000000")
    call = ("backfile", archive.folder, "--map", archive.mapped, "--skip-bad")
    answer = command(product, *call)
    assert answer.code == 0, answer
    assert "Zeile 3" in answer.err
    with product.database.read() as session:
        assert [one.name for one in session.scalars(select(Source))] == ["gut.pdf"]


@pytest.mark.usefixtures("not_nice")
def test_an_old_file_that_begins_with_an_envelope_is_filed_too(product: Product, archive: Archive):
    archive.put(
        alt=letter("Vertraulich", "", "Jobcenter Husum", "Marktstraße 6", "25813 Husum"),
    )
    archive.map("Datei;Aktenzeichen", f"alt.pdf;{MUELLER}")
    answer = command(product, "backfile", archive.folder, "--map", archive.mapped)
    assert answer.code == 0, answer
    with product.database.read() as session:
        assert [one.state for one in session.scalars(select(Document))] == ["filed"]


@pytest.mark.usefixtures("not_nice")
def test_no_file_is_called_filed_without_a_document(product: Product, archive: Archive):
    archive.put(alt=objection(MUELLER, "alt"))
    archive.map("Datei;Aktenzeichen", f"alt.pdf;{MUELLER}")
    call = ("backfile", archive.folder, "--map", archive.mapped)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Backfile, "_documents", lambda _self, _source_id: [])
        answer = command(product, *call)
    assert answer.code == 1, answer
    assert [one["Anlass"] for one in archive.report] == ["no_document"]

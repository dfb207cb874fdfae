"""The transfer note in the archive copy's metadata stays valid PDF/A-2b, whatever it says."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import page as page_validation
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eakte.domain.pages import Remark
from eakte.domain.proof import TransferNote
from eakte.recognition.archive import archive_copy
from eakte.recognition.excerpt import excerpt
from eakte.recognition.xmp import read_note
from tests.unit.recognition.sheets import saved, scan

NOTE = TransferNote(
    number=1,
    original_sha256="ab" * 32,
    creator="Scan-3",
    environment=(("Gerät", "fi-7600"), ("Programm", "E-Akte 0.1.0")),
    anomalies=(
        Remark(code="repaired", message="Die Datei wurde repariert."),
        Remark(code="straightened", message="um 1,2° gerade gerückt", page=3),
    ),
    scanned_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    quality=("12 Seiten erkannt", "Sichtprüfung steht noch aus"),
    identity="Die Bilder des Scans sind unverändert übernommen.",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("xmp") / "scan.png"
    return archive_copy(saved(scan().convert("1"), path), ())


def problems(document: bytes) -> list[str]:
    """What the independent validator finds, and pikepdf's beside the schema it does not know."""
    report = page_validation.validate_pdf_bytes(document, profile="2b")
    with pikepdf.open(io.BytesIO(document)) as pdf:
        own = [str(one) for one in pikepdf.pdfa.check(pdf, "2b").findings]
    return [one.message for one in report.failures] + [
        one
        for one in own
        if " tv" not in one
        and "pdfaExtension" not in one
        and " pdfaSchema" not in one
        and " pdfaProperty" not in one
    ]


def stamped(archive: bytes, note: TransferNote) -> bytes:
    """The copy as it is handed out, whole and with ``note``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "copy.pdf"
        path.write_bytes(archive)
        return excerpt(path, None, note)


def note_in(document: bytes) -> dict[str, str | tuple[str, ...]]:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return read_note(pdf)


def test_a_copy_with_a_note_is_still_pdf_a(archive: bytes):
    assert note_in(archive) == {}
    assert problems(stamped(archive, NOTE)) == []


def test_without_the_description_of_its_schema_the_note_would_not_be_valid(archive: bytes):
    with pikepdf.open(io.BytesIO(stamped(archive, NOTE))) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        torn = metadata.replace(b"<pdfaProperty:name>Creator<", b"<pdfaProperty:name>Maker<")
        pdf.Root.Metadata = pdf.make_stream(
            torn, pikepdf.Dictionary(Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        )
        out = io.BytesIO()
        pdf.save(out)
    assert torn != metadata
    assert problems(out.getvalue()) != []


def test_every_point_of_the_guideline_is_read_back(archive: bytes):
    found = note_in(stamped(archive, NOTE))
    assert found["Standard"] == "BSI TR-03138 (RESISCAN) 1.5"
    assert found["Creator"] == "Scan-3"
    assert found["Environment"] == ("Gerät: fi-7600", "Programm: E-Akte 0.1.0")
    assert found["Anomalies"] == (
        "Die Datei wurde repariert.",
        "Seite 3: um 1,2° gerade gerückt",
    )
    assert found["ScannedAt"] == "2026-11-20T09:00:00+00:00"
    assert found["Quality"] == NOTE.quality
    assert found["Identity"] == NOTE.identity


def test_a_later_note_takes_the_place_of_the_earlier_one(archive: bytes):
    first = stamped(archive, NOTE)
    second = stamped(first, replace(NOTE, number=2, quality=("geprüft",), anomalies=()))
    assert problems(second) == []
    assert note_in(second)["Number"] == "2"
    assert note_in(second)["Anomalies"] == ("keine",)
    with pikepdf.open(io.BytesIO(second)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
    assert metadata.count(b"<tv:Number>") == 1
    assert metadata.count(b"<pdfaSchema:namespaceURI>urn:eakte:") == 1
    assert b"1,2" not in metadata


def test_the_pages_go_through_untouched_and_the_same_note_gives_the_same_bytes(archive: bytes):
    first, again = stamped(archive, NOTE), stamped(archive, NOTE)
    assert first == again
    with pikepdf.open(io.BytesIO(archive)) as old, pikepdf.open(io.BytesIO(first)) as new:
        (before,), (after,) = old.pages[0].get_images().values(), new.pages[0].get_images().values()
        assert before.read_raw_bytes() == after.read_raw_bytes()
    assert len(first) - len(archive) < 5_000


@pytest.fixture(scope="module")
def stays_valid(archive: bytes) -> Callable[[str, str], bool]:
    def check(said: str, creator: str) -> bool:
        note = replace(NOTE, creator=creator, anomalies=(Remark(code="x", message=said),))
        return problems(stamped(archive, note)) == []

    return check


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(max_size=60), creator=st.text(max_size=60))
def test_whatever_a_scanner_or_a_broken_file_says_the_copy_stays_valid(
    stays_valid: Callable[[str, str], bool], said: str, creator: str
):
    assert stays_valid(said, creator)


@given(st.text(max_size=60), st.integers(1, 9))
def test_a_note_survives_its_row(said: str, number: int):
    note = replace(NOTE, number=number, anomalies=(Remark(code="x", message=said, page=1),))
    assert TransferNote.from_json(note.to_json()) == note


def test_a_note_takes_up_further_anomalies_once():
    more = Remark(code="redrawn", message="neu gezeichnet", page=2)
    assert NOTE.adding([more, more]).anomalies == (*NOTE.anomalies, more)
    assert NOTE.adding(NOTE.anomalies) == NOTE

"""A document's own PDF is some pages of its source's copy: valid, searchable, nothing else."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import page as page_validation
import pikepdf
import pypdfium2
import pytest

from eakte.domain.pages import Box, PageText, RecognisedPage, Remark, Word
from eakte.domain.proof import TransferNote
from eakte.recognition.archive import archived
from eakte.recognition.excerpt import excerpt
from eakte.recognition.xmp import read_note
from tests.unit.recognition.sheets import scan

NOTE = TransferNote(
    number=2,
    original_sha256="ab" * 32,
    creator="Scan-3",
    environment=(("Gerät", "fi-7600"),),
    anomalies=(
        Remark(code="repaired", message="repariert"),
        Remark(code="blank", message="leere Rückseite", page=2),
        Remark(code="redrawn", message="neu gezeichnet", page=3),
    ),
    scanned_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    quality=("4 Seiten erkannt",),
    identity="unverändert",
)


def recognised(number: int) -> RecognisedPage:
    word = Word(text=f"Blatt{number}wort", box=Box(0.1, 0.1, 0.5, 0.13))
    return RecognisedPage(
        number=number, text=PageText((word,)), dpi=200, turn=0, preview=b"", thumbnail=b""
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("excerpt") / "run.tif"
    sheets = [scan().convert("1") for _ in range(4)]
    sheets[0].save(path, save_all=True, append_images=sheets[1:], dpi=(200, 200))
    copy = path.with_name("copy.pdf")
    archived(path, [recognised(number) for number in range(1, 5)], copy)
    return copy


def texts(document: bytes) -> list[str]:
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.get_textpage().get_text_range().strip() for page in pdf]


def test_the_chosen_pages_come_in_order_turned_and_valid(archive: Path):
    made = excerpt(archive, [(3, 90), (1, 0)], NOTE)
    assert texts(made) == ["Blatt3wort", "Blatt1wort"]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [int(page.get("/Rotate", 0)) for page in pdf.pages] == [90, 0]
    report = page_validation.validate_pdf_bytes(made, profile="2b")
    assert [failure.message for failure in report.failures] == []


def test_pages_of_other_documents_leave_no_trace(archive: Path):
    made = excerpt(archive, [(2, 0)], None)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pictures = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" in one
        ]
        assert len(pdf.pages) == len(pictures) == 1
    assert len(made) < archive.stat().st_size


def test_the_note_tells_of_these_pages_and_of_the_whole(archive: Path):
    with pikepdf.open(io.BytesIO(excerpt(archive, [(2, 0)], NOTE))) as pdf:
        told = read_note(pdf)["Anomalies"]
    assert [("repariert" in one, "leere" in one) for one in told] == [(True, False), (False, True)]
    with pikepdf.open(io.BytesIO(excerpt(archive, None, NOTE))) as pdf:
        assert len(read_note(pdf)["Anomalies"]) == 3


def test_the_same_choice_gives_the_same_bytes(archive: Path):
    choice = [(4, 180), (2, 0)]
    assert excerpt(archive, choice, NOTE) == excerpt(archive, choice, NOTE)
    assert excerpt(archive, choice, NOTE) != excerpt(archive, choice, replace(NOTE, number=3))

"""Mails as Outlook keeps them: head, body and every attachment are shown."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import olefile
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eakte.domain.conversion import Prepared
from eakte.errors import IntakeError
from eakte.recognition.conversion.outlook import read_msg
from eakte.recognition.conversion.prepare import prepare
from eakte.recognition.limits import Limits
from tests.outlook import Outlook
from tests.unit.recognition.sheets import pdf

MAIL = Outlook(
    sender=("Jörg Müller-Lüdenscheidt", "joerg@post.example"),
    to=("Jobcenter Nordfriesland", "post@jobcenter.example"),
    subject="Änderung der Bankverbindung",
    sent=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    body="Guten Tag,\r\nmeine Straße heißt jetzt Süderstraße.\r\n",
)


def prepared(folder: Path, data: bytes) -> Prepared:
    path, workshop = folder / "post", folder / "werkstatt"
    path.write_bytes(data)
    workshop.mkdir()
    return prepare(path, workshop)


def texts(made: Prepared) -> list[str]:
    assert made.reading is not None
    with pypdfium2.PdfDocument(made.reading) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_mail_shows_who_wrote_when_and_what_with_umlauts(tmp_path: Path):
    (shown,) = texts(prepared(tmp_path, MAIL.msg()))
    for said in (
        "Jörg Müller-Lüdenscheidt <joerg@post.example>",
        "Jobcenter Nordfriesland <post@jobcenter.example>",
        "Änderung der Bankverbindung",
        "02.11.2026 09:30 UTC",
        "meine Straße heißt jetzt Süderstraße.",
    ):
        assert said in shown


def test_attachments_follow_in_their_order_a_mail_among_them_with_its_own(tmp_path: Path):
    inner = replace(MAIL, subject="Frühere Mail", attachments={"blatt.pdf": pdf(("Blatt 2",))})
    mail = replace(MAIL, attachments={"größe.pdf": pdf(("Blatt 1",)), "Frühere Mail": inner})
    made = prepared(tmp_path, mail.msg())
    first, second, third, fourth = texts(made)
    assert "größe.pdf" in first
    assert (second.strip(), fourth.strip()) == ("Blatt 1", "Blatt 2")
    assert "Frühere Mail" in third
    assert [(part.name, part.first_page) for part in made.parts][:2] == [
        ("E-Mail", 1),
        ("größe.pdf", 2),
    ]
    assert {part.problem for part in made.parts} == {None}


def test_a_mail_that_is_html_alone_is_shown_as_its_text(tmp_path: Path):
    html = "<p>Größe: <b>54 m²</b></p><script>böse()</script>"
    (shown,) = texts(prepared(tmp_path, replace(MAIL, body="", html=html).msg()))
    assert "Größe: 54 m²" in shown
    assert "böse" not in shown


def test_the_files_are_sound_compound_files():
    data = replace(MAIL, attachments={"a.bin": bytes(100_000), "b.bin": b"b"}).msg()
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as file:
        assert file.parsing_issues == []
        assert file.openstream("__attach_version1.0_#00000000/__substg1.0_37010102").size == 100_000


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
@settings(max_examples=40)
def test_a_damaged_mail_is_refused_with_a_sentence_or_read(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
):
    data = bytearray(MAIL.msg())
    at %= len(data)
    data[at : at + len(noise)] = noise
    path = tmp_path_factory.getbasetemp() / "damaged.msg"
    path.write_bytes(data)
    try:
        read_msg(path, Limits())
    except IntakeError as error:
        assert error.message.startswith("Die E-Mail ist ")  # noqa: PT017  either is right

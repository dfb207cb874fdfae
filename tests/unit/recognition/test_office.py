"""Office files become pages through LibreOffice, which gets neither network nor macros."""

from __future__ import annotations

import io
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from eakte.errors import IntakeError
from eakte.recognition.conversion import office
from eakte.recognition.conversion.prepare import prepare
from eakte.recognition.formats import SourceFormat, detect

needs_office = pytest.mark.skipif(
    office.office_program() is None and "EAKTE_REQUIRE_SAMPLES" not in os.environ,
    reason="LibreOffice (soffice) is not installed",
)

_MANIFEST = """<?xml version="1.0"?><manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">
<office:body>{body}</office:body></office:document-content>"""
_TEXT = (
    "<office:text><text:p>Widerspruch gegen den Bescheid nach § 22 SGB II</text:p>{more}"
    "</office:text>"
)
_SHEET = (
    '<office:spreadsheet><table:table table:name="A"><table:table-row><table:table-cell>'
    "<text:p>Miete</text:p></table:table-cell><table:table-cell><text:p>512,40 Euro</text:p>"
    "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
)
_SLIDES = (
    '<office:presentation><draw:page draw:name="1"><draw:frame svg:x="2cm" svg:y="2cm" '
    'svg:width="10cm" svg:height="3cm"><draw:text-box><text:p>Erste Folie</text:p>'
    "</draw:text-box></draw:frame></draw:page></office:presentation>"
)


def open_document(kind: str, body: str) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(kind=media))
        archive.writestr("content.xml", _CONTENT.format(body=body))
    return out.getvalue()


DOCUMENTS = {
    "odt": (open_document("text", _TEXT.format(more="")), "§ 22 SGB II"),
    "ods": (open_document("spreadsheet", _SHEET), "512,40 Euro"),
    "odp": (open_document("presentation", _SLIDES), "Erste Folie"),
    "rtf": (rb"{\rtf1\ansi\ansicpg1252 Gr\'f6\'dfe der Wohnung\par}", "Größe der Wohnung"),
}
SAVED_AS = {
    "docx": ("odt", "§ 22 SGB II"),
    "doc": ("odt", "§ 22 SGB II"),
    "xlsx": ("ods", "512,40 Euro"),
    "xls": ("ods", "512,40 Euro"),
    "pptx": ("odp", "Erste Folie"),
    "ppt": ("odp", "Erste Folie"),
}


def said(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(str(page.get_textpage().get_text_range()) for page in document)
    finally:
        document.close()


def work_folder(tmp_path: Path, name: str = "werkstatt") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


@needs_office
@pytest.mark.parametrize("kind", [*DOCUMENTS, *SAVED_AS])
def test_office_files_become_pages_with_text(tmp_path: Path, kind: str):
    path = tmp_path / f"brief.{kind}"
    if kind in DOCUMENTS:
        data, text = DOCUMENTS[kind]
        path.write_bytes(data)
    else:
        origin, text = SAVED_AS[kind]
        convert(tmp_path, DOCUMENTS[origin][0], origin, kind)
    assert detect(path) is SourceFormat(kind)
    path = path.rename(tmp_path / "ohne-endung")
    made = prepare(path, work_folder(tmp_path))
    assert made.page_count == 1
    assert made.reading is not None
    assert text in said(made.reading)
    assert [remark.code for remark in made.remarks] == ["converted"]


def convert(tmp_path: Path, data: bytes, origin: str, kind: str) -> None:
    """The test's own use of LibreOffice: ``brief.origin`` saved as ``brief.kind``."""
    program = office.office_program()
    assert program is not None, "LibreOffice is not installed; script/setup --tests brings it"
    (tmp_path / f"brief.{origin}").write_bytes(data)
    profile = (tmp_path / "profil").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    office._run([*command, "--outdir", str(tmp_path), f"brief.{origin}"], tmp_path, 60)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server that remembers what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def send_error(self, code: int, *_more: object) -> None:
            asked.append(f"{code} {self.requestline}")  # any method but GET

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


@needs_office
@pytest.mark.parametrize("shut_off", [True, False])
def test_a_picture_from_elsewhere_is_not_fetched(
    tmp_path: Path, server: tuple[str, list[str]], *, shut_off: bool
):
    """Also where the kernel gives us no empty network, by LibreOffice's own settings."""
    address, asked = server
    frame = (
        '<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image '
        f'xlink:href="{address}/spion.png" xlink:type="simple"/></draw:frame></text:p>'
    )
    path = tmp_path / "brief.odt"
    path.write_bytes(open_document("text", _TEXT.format(more=frame)))
    made = office.office_pdf(path, SourceFormat.ODT, work_folder(tmp_path), 60, shut_off=shut_off)
    assert "§ 22 SGB II" in said(made)
    assert asked == []


@needs_office
def test_a_conversion_that_takes_too_long_is_ended(tmp_path: Path):
    path = tmp_path / "brief.odt"
    path.write_bytes(DOCUMENTS["odt"][0])
    with pytest.raises(IntakeError) as raised:
        office.office_pdf(path, SourceFormat.ODT, work_folder(tmp_path), 0.05)
    assert raised.value.reason == "office_timeout"


@needs_office
def test_a_damaged_office_file_is_refused(tmp_path: Path):
    whole = DOCUMENTS["odt"][0]
    path = tmp_path / "brief.odt"
    at = whole.index(b"content.xml") + 30
    path.write_bytes(whole[:at] + b"\xff" * 60 + whole[at + 60 :])
    with pytest.raises(IntakeError) as raised:
        prepare(path, work_folder(tmp_path))
    assert raised.value.reason == "damaged"


def test_without_libreoffice_the_sentence_names_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    path = tmp_path / "brief.odt"
    path.write_bytes(DOCUMENTS["odt"][0])
    with pytest.raises(IntakeError) as raised:
        prepare(path, work_folder(tmp_path))
    assert raised.value.reason == "office_missing"
    assert "libreoffice-writer-nogui" in raised.value.message


@needs_office
def test_pages_of_an_office_file_are_born_digital(tmp_path: Path):
    path = tmp_path / "brief.odt"
    path.write_bytes(DOCUMENTS["odt"][0])
    made = prepare(path, work_folder(tmp_path))
    assert made.reading is not None
    with pikepdf.open(made.reading) as read:
        assert not read.pages[0].get_images()

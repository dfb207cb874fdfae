"""Which kind of file it is, by its content; names and extensions are only claims."""

from __future__ import annotations

import enum
import re
import zipfile
from pathlib import Path

import olefile

from eakte.errors import IntakeError

HEAD_BYTES = 4096
"""``%PDF-`` may start within the first 1,024 (PDF 32000-1, implementation note 13)."""

ACCEPTED = "PDF, Bilder, Office-Dateien, Texte, E-Mails und ZIP-Archive"


class SourceFormat(enum.Enum):
    """The formats that are read; the value is the extension that the format usually has."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    BMP = "bmp"
    GIF = "gif"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    RTF = "rtf"
    TXT = "txt"
    HTML = "html"
    EML = "eml"
    MSG = "msg"
    ZIP = "zip"


IMAGES = frozenset(
    {
        SourceFormat.TIFF,
        SourceFormat.JPEG,
        SourceFormat.PNG,
        SourceFormat.WEBP,
        SourceFormat.BMP,
        SourceFormat.GIF,
    }
)
OFFICE = frozenset(
    {
        SourceFormat.DOCX,
        SourceFormat.XLSX,
        SourceFormat.PPTX,
        SourceFormat.ODT,
        SourceFormat.ODS,
        SourceFormat.ODP,
        SourceFormat.DOC,
        SourceFormat.XLS,
        SourceFormat.PPT,
        SourceFormat.RTF,
    }
)
WITH_PAGES = IMAGES | {SourceFormat.PDF}
"""Formats whose files have pages of their own; the others get a reading copy."""

_MAGIC = (
    (b"II*\x00", SourceFormat.TIFF),
    (b"MM\x00*", SourceFormat.TIFF),
    (b"II+\x00", SourceFormat.TIFF),
    (b"MM\x00+", SourceFormat.TIFF),
    (b"\xff\xd8\xff", SourceFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", SourceFormat.PNG),
    (b"GIF87a", SourceFormat.GIF),
    (b"GIF89a", SourceFormat.GIF),
    (b"{\\rtf", SourceFormat.RTF),
)

_OTHERS = (
    (b"RIFF", "eine Ton- oder Filmdatei"),
    (b"%!PS", "eine PostScript-Datei"),
    (b"<?xml", "eine XML-Datei"),
    (b"\x7fELF", "ein Programm"),
    (b"MZ", "ein Programm"),
    (b"Rar!", "ein RAR-Archiv"),
    (b"7z\xbc\xaf", "ein 7-Zip-Archiv"),
    (b"\x1f\x8b", "ein GZIP-Archiv"),
)

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XHTML = re.compile(rb"<html[\s>]", re.IGNORECASE)
_HEADER = re.compile(rb"([!-9;-~]+):[ \t]?.*(?:\r?\n[ \t].*)*\r?\n")
_MAIL_HEADERS = frozenset(
    b"from to cc subject date received message-id mime-version return-path delivered-to "
    b"reply-to sender x-mailer content-type envelope-to".split()
)
_LETTER_WORDS = frozenset({b"date", b"subject", b"to", b"from", b"cc"})
"""A note may begin with two of these as well."""

_OPEN_XML = (
    ("word/", SourceFormat.DOCX),
    ("xl/", SourceFormat.XLSX),
    ("ppt/", SourceFormat.PPTX),
)
_OPEN_DOCUMENT = {
    b"text": SourceFormat.ODT,
    b"spreadsheet": SourceFormat.ODS,
    b"presentation": SourceFormat.ODP,
}
_OLE_STREAMS = (
    ("__properties_version1.0", SourceFormat.MSG),
    ("WordDocument", SourceFormat.DOC),
    ("Workbook", SourceFormat.XLS),
    ("Book", SourceFormat.XLS),
    ("PowerPoint Document", SourceFormat.PPT),
)
_NOT_WINDOWS = frozenset(b"\x81\x8d\x8f\x90\x9d")
"""Bytes that mean nothing in Windows-1252."""

_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b") | {127}


def detect(path: Path) -> SourceFormat:
    """The format of the file at ``path``.

    Raises ``IntakeError`` (``empty``, ``unknown_format``, ``encrypted``) where it is no document
    that can be read, ``damaged`` where it can't be read at all.
    """
    head = _head(path)
    if not head:
        raise IntakeError(
            "Die Datei ist leer.", remedy="Bitte das Blatt erneut scannen.", reason="empty"
        )
    found = _by_magic(head, path)
    if found is None:
        raise IntakeError(
            f"Die Datei ist {_guess(head)}; gelesen werden {ACCEPTED}.",
            remedy="Bitte als PDF speichern und noch einmal einreichen.",
            reason="unknown_format",
        )
    return found


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise IntakeError(
            f"Die Datei lässt sich nicht lesen: {error.strerror}.",
            remedy="Bitte die Rechte der Datei und den Datenträger prüfen.",
            reason="damaged",
        ) from error


def _by_magic(head: bytes, path: Path) -> SourceFormat | None:
    for magic, source_format in _MAGIC:
        if head.startswith(magic):
            return source_format
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(path)
    return _by_looks(head)


def _by_looks(head: bytes) -> SourceFormat | None:
    """Formats that more than one mark tells apart."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return SourceFormat.WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return SourceFormat.BMP
    if _is_mail(head):  # before PDF: an attachment that is not encoded may begin early
        return SourceFormat.EML
    if b"%PDF-" in head[:1024]:
        return SourceFormat.PDF
    return _written(head)


def _zipped(path: Path) -> SourceFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype")
                for word, source_format in _OPEN_DOCUMENT.items():
                    if kind.startswith(b"application/vnd.oasis.opendocument." + word):
                        return source_format
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return SourceFormat.ZIP  # says more about what is wrong with it
    if "[Content_Types].xml" in names:
        for folder, source_format in _OPEN_XML:
            if any(name.startswith(folder) for name in names):
                return source_format
    return SourceFormat.ZIP


def _compound(path: Path) -> SourceFormat | None:
    """What an OLE file holds: old Office and Outlook share the container."""
    try:
        with olefile.OleFileIO(path) as file:
            if file.exists("EncryptedPackage"):
                raise IntakeError(
                    "Die Office-Datei ist mit einem Kennwort geschützt.",
                    remedy="Bitte um eine ungeschützte Fassung bitten.",
                    reason="encrypted",
                )
            return next((kind for name, kind in _OLE_STREAMS if file.exists(name)), None)
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise IntakeError(
            f"Die Office-Datei ist beschädigt ({error}).",
            remedy="Bitte das Dokument erneut anfordern.",
            reason="damaged",
        ) from error


def _is_mail(head: bytes) -> bool:
    """Two header lines of mail at the very start (RFC 5322), after mbox's own line if any."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n")
    if text.startswith(b"From "):
        text = text.partition(b"\n")[2]
    seen, position = set(), 0
    while found := _HEADER.match(text, position):
        name, position = found[1].lower(), found.end()
        if name in _MAIL_HEADERS:
            seen.add(name)
    return len(seen) >= 3 or (len(seen) == 2 and not seen <= _LETTER_WORDS)


def _written(head: bytes) -> SourceFormat | None:
    """HTML or plain text, None for anything that is not meant to be read as such."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _HTML.match(plain) or (plain.startswith(b"<?xml") and _XHTML.search(plain)):
        return SourceFormat.HTML
    if any(plain.startswith(magic) for magic, _ in _OTHERS):
        return None
    if any(byte in _CONTROL for byte in head) or not plain:
        return None
    return SourceFormat.TXT if _is_language(head) else None


def _is_language(head: bytes) -> bool:
    """UTF-8, or one of the old encodings with letters in plenty."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # a character that the end of the head cuts in two
            return True
        plain = sum(1 for byte in head if byte < 0x80)
        return plain > 0.7 * len(head) and not any(byte in _NOT_WINDOWS for byte in head)
    return True


def _guess(head: bytes) -> str:
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, name in _OTHERS:
        if stripped.startswith(magic):
            return name
    if b"ftypheic" in head[:16] or b"ftypmif1" in head[:16]:
        return "ein HEIC-Foto"
    return "kein Dokument"

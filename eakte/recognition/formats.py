"""Which kind of file it is, by its content; names and extensions are only claims."""

from __future__ import annotations

import enum
from pathlib import Path

from eakte.errors import IntakeError

HEAD_BYTES = 1024
"""How far into a file ``%PDF-`` may start (PDF 32000-1, implementation note 13)."""

ACCEPTED = "PDF, TIFF, JPEG und PNG"


class SourceFormat(enum.Enum):
    """The formats that are read."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


_IMAGE_MAGIC = (
    (b"II*\x00", SourceFormat.TIFF),
    (b"MM\x00*", SourceFormat.TIFF),
    (b"II+\x00", SourceFormat.TIFF),
    (b"MM\x00+", SourceFormat.TIFF),
    (b"\xff\xd8\xff", SourceFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", SourceFormat.PNG),
)

_OTHERS = (
    (b"PK\x03\x04", "eine Office-Datei oder ein ZIP-Archiv"),
    (b"\xd0\xcf\x11\xe0", "eine ältere Office-Datei"),
    (b"GIF8", "ein GIF-Bild"),
    (b"RIFF", "ein WebP-Bild oder eine Tondatei"),
    (b"{\\rtf", "ein RTF-Dokument"),
    (b"%!PS", "eine PostScript-Datei"),
    (b"<!DOCTYPE", "eine Internetseite"),
    (b"<html", "eine Internetseite"),
    (b"<?xml", "eine XML-Datei"),
    (b"BM", "ein Bitmap-Bild"),
    (b"\x7fELF", "ein Programm"),
    (b"MZ", "ein Programm"),
)


def detect(path: Path) -> SourceFormat:
    """The format of the file at ``path``.

    Raises ``IntakeError`` (``empty``, ``unknown_format``) where it is no document, ``damaged``
    where it can't be read at all.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise IntakeError(
            f"Die Datei lässt sich nicht lesen: {error.strerror}.",
            remedy="Bitte die Rechte der Datei und den Datenträger prüfen.",
            reason="damaged",
        ) from error
    if not head:
        raise IntakeError(
            "Die Datei ist leer.", remedy="Bitte das Blatt erneut scannen.", reason="empty"
        )
    for magic, source_format in _IMAGE_MAGIC:
        if head.startswith(magic):
            return source_format
    if b"%PDF-" in head:
        return SourceFormat.PDF
    raise IntakeError(
        f"Die Datei ist {_guess(head)}; gelesen werden {ACCEPTED}.",
        remedy=f"Bitte als PDF speichern und noch einmal einreichen ({ACCEPTED}).",
        reason="unknown_format",
    )


def _guess(head: bytes) -> str:
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, name in _OTHERS:
        if stripped.startswith(magic):
            return name
    if b"ftypheic" in head[:16] or b"ftypmif1" in head[:16]:
        return "ein HEIC-Foto"
    try:
        head.decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return "kein Dokument"
    return "eine Textdatei" if b"\x00" not in head else "kein Dokument"

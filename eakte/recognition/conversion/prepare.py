"""From a file as it came in to what its pages are read from; the entry to this package.

Images and sound PDFs are read as they are.  Everything else gets a reading copy: mails with their
attachments, office files, texts, PDFs that carry files or had to be mended.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from eakte.domain.conversion import Prepared
from eakte.domain.pages import Remark
from eakte.errors import IntakeError
from eakte.recognition.conversion.assembly import Assembly
from eakte.recognition.conversion.pdf_files import examine
from eakte.recognition.formats import IMAGES, SourceFormat, detect
from eakte.recognition.images import ImageSource
from eakte.recognition.limits import Limits, refuse_large
from eakte.recognition.pdfs import PdfSource

ANIMATED = Remark(
    code="animated", message="Das Bild ist bewegt; die Seite zeigt nur das erste Einzelbild."
)


def prepare(path: Path, folder: Path, limits: Limits | None = None) -> Prepared:
    """``path`` made ready for reading; a reading copy lies in ``folder``, which must be empty.

    Raises ``IntakeError`` with the reasons of :class:`eakte.ports.PageReader`, and
    ``office_missing`` or ``office_timeout`` for office files.
    """
    limits = limits or Limits()
    kind = detect(path)
    refuse_large(path, limits)
    if kind in IMAGES:
        return _image(path, limits)
    if kind is SourceFormat.PDF:
        return _pdf(path, folder, limits)
    if kind is SourceFormat.ZIP:
        raise IntakeError(
            "Das ZIP-Archiv liegt zu tief in anderen Archiven.",
            remedy="Bitte die Dateien einzeln einreichen.",
            reason="too_deep",
        )
    assembly = Assembly(folder, limits)
    assembly.add_source(path, kind)
    return _finished(assembly)


def _image(path: Path, limits: Limits) -> Prepared:
    with ImageSource(path, limits) as source:
        count = source.page_count
        remarks = (ANIMATED,) if source.animated else ()
    return Prepared(page_count=count, remarks=remarks)


def _pdf(path: Path, folder: Path, limits: Limits) -> Prepared:
    facts = examine(path, folder, limits)
    own = facts.mended or path
    with PdfSource(own, limits) as source:  # what recognition will open must open now
        if source.page_count != facts.page_count:
            raise IntakeError(
                "Die PDF-Datei ist beschädigt (Seiten lassen sich nicht zählen).",
                remedy="Bitte das Dokument erneut scannen oder anfordern.",
                reason="damaged",
            )
    if not facts.attachments and not facts.form:
        return Prepared(page_count=facts.page_count, reading=facts.mended, remarks=facts.remarks)
    assembly = Assembly(folder, limits)
    assembly.add_pdf_with_files("Hauptdokument", own, facts)
    made = _finished(assembly)
    return dataclasses.replace(made, remarks=(*facts.remarks, *made.remarks))


def _finished(assembly: Assembly) -> Prepared:
    reading = assembly.joined()
    return Prepared(
        page_count=assembly.pages,
        reading=reading,
        parts=tuple(assembly.parts),
        remarks=tuple(assembly.remarks()),
    )

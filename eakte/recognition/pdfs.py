"""PDF files as sources, through pypdfium2.

pdfium renders, tells what is visible and draws the values of filled-in forms; pdfplumber, which
does none of these, is the independent witness in the tests (ADR 0022).
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pypdfium2
import pypdfium2.raw as pdfium

from eakte.errors import IntakeError
from eakte.recognition.images import check_pixels, plain
from eakte.recognition.limits import Limits, too_many_pages
from eakte.recognition.pdf_text import embedded_text, sound, visible_words
from eakte.recognition.sources import MM_PER_INCH, EmbeddedText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from PIL.Image import Image

POINTS_PER_INCH = 72.0
MM_PER_POINT = MM_PER_INCH / POINTS_PER_INCH

_TAIL_BYTES = 65_536
_MAX_FORM_DEPTH = 4


class PdfSource:
    """A PDF file.  Forms are flattened page by page, so that typed values count as text."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        if is_cut_off(path):
            raise damaged_pdf("das Ende der Datei fehlt")
        try:
            self._pdf = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise _why_not(error) from error
        self.page_count = len(self._pdf)
        if self.page_count == 0:
            self._pdf.close()
            raise damaged_pdf("ohne Seiten")
        if self.page_count > limits.pages:
            self._pdf.close()
            raise too_many_pages(limits.pages)
        if self._pdf.get_formtype() != pdfium.FORMTYPE_NONE:
            self._pdf.init_forms()

    def page(self, number: int) -> PdfPage:
        """Page ``number`` from 1."""
        try:
            return PdfPage(self._pdf, number - 1, self._limits)
        except pypdfium2.PdfiumError as error:
            raise damaged_pdf(f"Seite {number}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pdf.close()


class PdfPage:
    """One page, annotations and form values drawn in."""

    def __init__(self, pdf: pypdfium2.PdfDocument, index: int, limits: Limits) -> None:
        self._page = _flattened(pdf, index)
        width, height = self._page.get_size()
        if width < 1 or height < 1:
            raise damaged_pdf(f"Seite {index + 1} hat keine Fläche")
        self.width_mm, self.height_mm = width * MM_PER_POINT, height * MM_PER_POINT
        images = tuple(_images(self._page, limits))
        self._pictures = tuple(share for share, _ in images)
        self.native_dpi = max((dpi for share, dpi in images if share > 0.05), default=0.0)

    def embedded_text(self) -> EmbeddedText | None:
        """See :func:`eakte.recognition.pdf_text.embedded_text`."""
        return embedded_text(self._page, self._pictures)

    @property
    def garbled(self) -> bool:
        """Does the page show text whose characters mean nothing (a broken font table)?"""
        words = visible_words(self._page)
        return bool(words) and not sound(words)

    def render(self, dpi: int) -> Image:
        """The page on white, ``RGB``."""
        return plain(self._page.render(scale=dpi / POINTS_PER_INCH).to_pil())


def _flattened(pdf: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    page = pdf[index]
    if pdfium.FPDFPage_GetAnnotCount(page) == 0:
        return page
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[index]  # flattened content is seen only by a page loaded anew


def _images(page: pypdfium2.PdfPage, limits: Limits) -> Iterator[tuple[float, float]]:
    """Share of the page and resolution of every image on it."""
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_MAX_FORM_DEPTH):
        with contextlib.suppress(pypdfium2.PdfiumError):
            size = image.get_px_size()
            check_pixels(size, limits)
            x0, y0, x1, y1 = image.get_bounds()
            wide = min(x1, right) - max(x0, left)
            high = min(y1, top) - max(y0, bottom)
            if wide <= 0 or high <= 0:
                continue
            dpi = max(size) / max(x1 - x0, y1 - y0, 1.0) * POINTS_PER_INCH
            yield wide * high / area, dpi


def is_cut_off(path: Path) -> bool:
    """Does the file lack its end?  Then it may lack pages that nobody would miss."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    return b"%%EOF" not in tail and b"startxref" not in tail


def _why_not(error: pypdfium2.PdfiumError) -> IntakeError:
    if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return encrypted_pdf()
    return damaged_pdf(str(error))


def encrypted_pdf() -> IntakeError:
    """What to say of a file that opens with a password alone."""
    return IntakeError(
        "Die PDF-Datei ist mit einem Kennwort geschützt.",
        remedy="Bitte die Absenderin oder den Absender um eine ungeschützte Fassung bitten.",
        reason="encrypted",
    )


def damaged_pdf(why: str) -> IntakeError:
    """What to say of a file that cannot be read, because ``why``."""
    return IntakeError(
        f"Die PDF-Datei ist beschädigt ({why}).",
        remedy="Bitte das Dokument erneut scannen oder anfordern.",
        reason="damaged",
    )

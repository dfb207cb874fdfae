"""A page of any source as words and pictures: the one place that decides text or picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eakte.domain.pages import PageText, RecognisedPage, Remark, Sheet, TextSource, Word
from eakte.errors import IntakeError
from eakte.recognition.formats import WITH_PAGES, SourceFormat, detect
from eakte.recognition.geometry import inside_share, turned_size
from eakte.recognition.images import ImageSource
from eakte.recognition.limits import Limits, refuse_large
from eakte.recognition.pdfs import PdfSource
from eakte.recognition.previews import pictures, without_needless_colour
from eakte.recognition.reading import (
    USUAL_DPI,
    Reading,
    read_image,
    turned_image,
    unexamined,
    working_dpi,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eakte.ports import OcrEngine
    from eakte.recognition.reading import Examine
    from eakte.recognition.sources import EmbeddedText, Source, SourcePage

_DRAWN_DPI = 170
"""Resolution at which born-digital pages are drawn for the viewer: 1,400 pixels across A4."""


ASKEW = 3.0
"""Degrees from which on the transfer note tells it."""


def open_source(path: Path, limits: Limits | None = None) -> Source:
    """Open a file by its content.

    Raises ``IntakeError`` with reason ``empty``, ``unknown_format``, ``encrypted``, ``damaged``
    or ``too_large``.
    """
    limits = limits or Limits()
    source_format = detect(path)
    refuse_large(path, limits)
    if source_format not in WITH_PAGES:
        raise IntakeError(
            "Die Datei hat keine eigenen Seiten; gelesen wird ihre Lesefassung.",
            reason="unknown_format",
        )
    if source_format is SourceFormat.PDF:
        return PdfSource(path, limits)
    return ImageSource(path, limits)


class Reader:
    """An :class:`eakte.ports.PageReader` in this process.

    ``engine`` is a callable that loads it once, so that born-digital pages need none; ``examine``
    says of every picture whether it is blank, a separator or a cover.  Run it
    through :class:`eakte.recognition.pool.RecognitionPool` wherever a file comes from outside.
    """

    def __init__(
        self,
        engine: Callable[[], OcrEngine],
        limits: Limits | None = None,
        examine: Examine = unexamined,
    ) -> None:
        self._engine = engine
        self._limits = limits or Limits()
        self._examine = examine

    def page_count(self, path: Path) -> int:
        """How many pages.  Raises ``IntakeError``."""
        with open_source(path, self._limits) as source:
            return source.page_count

    def read_page(self, path: Path, number: int, turn: int | None = None) -> RecognisedPage:
        """Words, preview and thumbnail of page ``number`` (from 1).  Raises ``IntakeError``.

        ``turn``: how far a person turned its picture clockwise (None: see which way up it lies).
        """
        with open_source(path, self._limits) as source:
            if not 1 <= number <= source.page_count:
                raise IntakeError(
                    f"Die Datei hat keine Seite {number}, sondern {source.page_count} Seiten.",
                    reason="damaged",
                )
            if isinstance(source, ImageSource):
                self._engine()  # loading it takes 280 MB for a moment: not beside a page's pixels
            page = source.page(number)
            embedded = page.embedded_text()
            if embedded is not None:
                return self._from_embedded(page, number, embedded)
            return self._from_picture(page, number, turn)

    def _from_picture(self, page: SourcePage, number: int, turn: int | None) -> RecognisedPage:
        self._engine()  # loaded before the picture is there, as above
        reading = read_image(page, self._engine, self._limits, self._examine, turn=turn)
        source = TextSource.OCR if reading.words else TextSource.NONE
        return _page(page, number, reading, source)

    def _from_embedded(
        self, page: SourcePage, number: int, embedded: EmbeddedText
    ) -> RecognisedPage:
        wanted = USUAL_DPI if embedded.pictures else _DRAWN_DPI
        dpi = working_dpi(page, wanted, self._limits)
        image = turned_image(without_needless_colour(page.render(dpi)), embedded.turn)
        words = embedded.words
        if embedded.pictures:
            words = with_words_of_pictures(words, self._engine().recognise(image.convert("L"), dpi))
        sheet = self._examine(image, dpi, words)
        reading = Reading(words=words, turn=embedded.turn, dpi=dpi, image=image, sheet=sheet)
        drawn = not embedded.pictures
        return _page(page, number, reading, TextSource.EMBEDDED, drawn=drawn)


def with_words_of_pictures(own: tuple[Word, ...], seen: tuple[Word, ...]) -> tuple[Word, ...]:
    """The page's own words, followed by those that only its pictures hold.

    Words from pictures have a confidence below 1, by which they can be told apart.
    """
    last_line = max((word.line for word in own), default=-1)
    last_block = max((word.block for word in own), default=-1)
    only_seen = [
        replace(word, line=word.line + last_line + 1, block=word.block + last_block + 1)
        for word in seen
        if word.confidence >= 0.5 and not any(inside_share(word.box, w.box) > 0.3 for w in own)
    ]
    return (*own, *only_seen)


def _page(
    page: SourcePage, number: int, reading: Reading, source: TextSource, *, drawn: bool = False
) -> RecognisedPage:
    width, height = turned_size(page.width_mm, page.height_mm, reading.turn)
    shown = pictures(reading.image, drawn=drawn)
    return RecognisedPage(
        number=number,
        text=PageText(words=reading.words, width_mm=width, height_mm=height, source=source),
        dpi=reading.dpi,
        turn=reading.turn,
        preview=shown.preview,
        thumbnail=shown.thumbnail,
        media_type=shown.media_type,
        sheet=_sheet(reading),
    )


def _sheet(reading: Reading) -> Sheet:
    """What the picture said about the paper, with how askew it lay."""
    sheet = replace(reading.sheet, skew=round(reading.skew, 2))
    if abs(reading.skew) < ASKEW:
        return sheet
    degrees = f"{abs(reading.skew):.1f}".replace(".", ",")
    remark = Remark(code="askew", message=f"Das Blatt lag um {degrees} Grad schief.")
    return replace(sheet, remarks=(*sheet.remarks, remark))

"""Makes scans of letters: what the scanner's folder would hold.

Files appear under their names at once and whole: they are written beside under a name that begins
with a dot and ends in ``.part``, then renamed.
"""

from __future__ import annotations

import enum
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import img2pdf
import pypdfium2
from PIL import Image

from eakte.demo.letters import DemoLetter
from eakte.demo.spoiling import TURNS, Spoil, spoil

DPI = 300
_FAX_DPI = 200


class Medium(enum.StrEnum):
    """In which form a letter arrives."""

    PDF_JPEG = "pdf_jpeg"
    TIFF_G4 = "tiff_g4"
    FAX = "fax"
    JPEG = "jpeg"
    PNG = "png"
    BORN_DIGITAL = "born_digital"


_SUFFIX = {
    Medium.PDF_JPEG: ".pdf",
    Medium.TIFF_G4: ".tif",
    Medium.FAX: ".tif",
    Medium.JPEG: ".jpg",
    Medium.PNG: ".png",
    Medium.BORN_DIGITAL: ".pdf",
}
_WEIGHTS = {
    Medium.PDF_JPEG: 62,
    Medium.TIFF_G4: 8,
    Medium.FAX: 8,
    Medium.JPEG: 7,
    Medium.PNG: 5,
    Medium.BORN_DIGITAL: 10,
}
_ONE_BIT = {
    Medium.FAX: frozenset({Spoil.FAX}),
    Medium.TIFF_G4: frozenset({Spoil.BILEVEL}),
}
# What befalls a whole letter, and what a single page, in so many of 100.
_LETTER_CHANCES = {
    Spoil.NOISE: 85,
    Spoil.HOLES: 30,
    Spoil.FOLD: 35,
    Spoil.SHOW_THROUGH: 12,
    Spoil.LOW_CONTRAST: 5,
}
_PAGE_CHANCES = {Spoil.SKEW: 75, Spoil.COFFEE: 4, Spoil.FADE: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPlan:
    """How a letter will be scanned: medium, colour or grey, and the damage page by page."""

    medium: Medium
    colour: bool
    pages: tuple[frozenset[Spoil], ...]

    @property
    def turns(self) -> tuple[int, ...]:
        """Clockwise degrees by which each sheet lies turned."""
        return tuple(sum(TURNS[kind] for kind in page if kind in TURNS) for page in self.pages)


def plan_scan(letter: DemoLetter, rng: Random) -> ScanPlan:
    """Chooses a medium and damage that go together with the letter's truth."""
    media = dict(_WEIGHTS)
    if letter.truth.stamp is not None:
        del media[Medium.BORN_DIGITAL], media[Medium.FAX]
    if letter.pages > 1:
        media.pop(Medium.JPEG)
        media.pop(Medium.PNG)
    medium = rng.choices(tuple(media), weights=tuple(media.values()))[0]
    if medium is Medium.BORN_DIGITAL:
        return ScanPlan(
            medium=medium, colour=True, pages=tuple(frozenset() for _ in range(letter.pages))
        )
    stack_turn = rng.choice(tuple(TURNS)) if rng.random() < 0.06 else None
    common = _befallen(rng, _LETTER_CHANCES)
    if (sheet := rng.choice((None, None, Spoil.GREY, Spoil.YELLOW))) is not None:
        common.add(sheet)
    pages = []
    for number in range(letter.pages):
        damage = common | _befallen(rng, _PAGE_CHANCES)
        turn = stack_turn or (rng.choice(tuple(TURNS)) if rng.random() < 0.02 else None)
        if turn is not None:
            damage.add(turn)
        if letter.truth.stamp is not None and number == 0:
            damage.add(Spoil.STAMP)
        if medium in _ONE_BIT:
            # One bit does not survive weak ink on dark paper; nobody would file such a sheet.
            damage -= {Spoil.GREY, Spoil.LOW_CONTRAST, Spoil.FADE, Spoil.COFFEE}
        pages.append(frozenset(damage) | _ONE_BIT.get(medium, frozenset()))
    return ScanPlan(medium=medium, colour=rng.random() < 0.35, pages=tuple(pages))


def _befallen(rng: Random, chances: dict[Spoil, int]) -> set[Spoil]:
    return {kind for kind, chance in chances.items() if rng.random() * 100 < chance}


def write_scan(letter: DemoLetter, folder: Path, rng: Random, plan: ScanPlan | None = None) -> Path:
    """Writes ``letter`` as a scan into ``folder`` and returns its path.

    The file appears complete or not at all.  ``plan`` defaults to `plan_scan` with ``rng``.
    """
    plan = plan or plan_scan(letter, rng)
    path = folder / f"{letter.name}{_SUFFIX[plan.medium]}"
    part = folder / f".{path.name}.part"
    part.write_bytes(_encode(letter, plan, rng))
    part.replace(path)
    return path


def render(letter: DemoLetter, *, colour: bool = False, dpi: int = DPI) -> Iterator[Image.Image]:
    """The clean pages of ``letter`` as images, ``RGB`` or ``L``."""
    document = pypdfium2.PdfDocument(letter.pdf)
    try:
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=not colour, rev_byteorder=colour)
            image: Image.Image = bitmap.to_pil()
            yield image.convert("RGB") if colour else image
            page.close()
    finally:
        document.close()


def _encode(letter: DemoLetter, plan: ScanPlan, rng: Random) -> bytes:
    if plan.medium is Medium.BORN_DIGITAL:
        return letter.pdf
    pages = _spoiled(letter, plan, rng)
    match plan.medium:
        case Medium.PDF_JPEG:
            quality = rng.randint(55, 78)
            encoded = [_image_bytes(page, "JPEG", quality=quality) for page in pages]
            return bytes(img2pdf.convert(encoded, nodate=True, engine=img2pdf.Engine.internal))
        case Medium.JPEG:
            return _image_bytes(next(pages), "JPEG", quality=rng.randint(60, 80))
        case Medium.PNG:
            return _image_bytes(next(pages), "PNG", compress_level=2)
        case _:
            first, *others = pages
            dpi = _FAX_DPI if plan.medium is Medium.FAX else DPI
            return _image_bytes(
                first, "TIFF", dpi=dpi, compression="group4", save_all=True, append_images=others
            )


def _spoiled(letter: DemoLetter, plan: ScanPlan, rng: Random) -> Iterator[Image.Image]:
    # Fast scanners grey a sheet themselves; one bit is made of grey anyway.
    colour = plan.colour and plan.medium not in _ONE_BIT
    pages = render(letter, colour=colour)
    one_bit = _ONE_BIT.get(plan.medium, frozenset())
    for image, damage in zip(pages, plan.pages, strict=True):
        yield spoil(image, rng, damage | one_bit, dpi=DPI, stamp=letter.truth.stamp)


def _image_bytes(image: Image.Image, form: str, *, dpi: int = DPI, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, dpi=(dpi, dpi), **options)
    return buffer.getvalue()

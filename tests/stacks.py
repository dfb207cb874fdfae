"""One scanner run of mixed post as one PDF, drawn from the demo's letters, with the truth about it.

The sheets go through a duplex scanner at 200 dpi: every page is a picture, in grey, as JPEG.
"""

from __future__ import annotations

import enum
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

import img2pdf
import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from eakte.demo.authority import demo_register
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.paper import render
from eakte.demo.spoiling import Spoil, spoil

DPI = 200
A4 = (1654, 2339)
ENOUGH = 300
"""So many of the demo's letters are looked through for fitting ones."""


class What(enum.StrEnum):
    """What a page of the run is."""

    LETTER = "letter"
    BLANK = "blank"
    SEPARATOR = "separator"
    COVER = "cover"
    PHOTOGRAPH = "photograph"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPage:
    """A page as it was scanned; ``turn`` is how far it lies turned clockwise, in degrees.

    ``letter`` counts what lies between separators, from 0; None for the sheets between.
    """

    what: What
    letter: int | None
    picture: Image.Image
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A run: its pages in order, and the letters of which it was made."""

    pages: tuple[StackPage, ...]
    letters: tuple[DemoLetter, ...]

    def pdf(self) -> bytes:
        """The file that the scanner writes."""
        encoded = [_jpeg(page.picture) for page in self.pages]
        return bytes(img2pdf.convert(encoded, nodate=True, engine=img2pdf.Engine.internal))

    def numbers(self, letter: int) -> tuple[int, ...]:
        """The pages (from 1) that belong to what lies between two separators."""
        return tuple(n for n, page in enumerate(self.pages, start=1) if page.letter == letter)

    def only(self, what: What) -> tuple[int, ...]:
        """The pages (from 1) of one kind."""
        return tuple(n for n, page in enumerate(self.pages, start=1) if page.what is what)


def demo_letters(today: date) -> tuple[DemoLetter, DemoLetter, DemoLetter]:
    """Two letters of one page and, between them, one of three; a machine can file each of them."""
    found = generate(demo_register(today=today), count=ENOUGH, today=today)
    short: list[DemoLetter] = []
    long: list[DemoLetter] = []
    for letter in found:
        if letter.truth.certain and letter.truth.facts.count("number") and letter.truth.receiver:
            {1: short, 3: long}.get(letter.pages, []).append(letter)
        if len(short) >= 2 and long:
            return short[0], long[0], short[1]
    raise AssertionError(f"the demo's first {ENOUGH} letters have too few pages")


def mixed_stack(letters: tuple[DemoLetter, ...], separator: bytes, between: bytes) -> Stack:
    """Separator, a letter with its empty back; separator or cover (``between``), a letter whose
    second sheet lies upside down, with an empty back; separator, a photograph; separator, a letter.

    ``separator`` and ``between`` are PDFs of one page each.
    """
    rng = Random(20261122)
    first, second, third = letters
    divider = tuple(_drawn(separator, rng))
    what_between = What.SEPARATOR if between == separator else What.COVER
    pages = (
        *_sheets(What.SEPARATOR, None, divider),
        *_written(0, first, rng),
        StackPage(what=What.BLANK, letter=0, picture=back(rng)),
        *_sheets(what_between, None, _drawn(between, rng)),
        *_written(1, second, rng, upside_down=1),
        StackPage(what=What.BLANK, letter=1, picture=back(rng)),
        *_sheets(What.SEPARATOR, None, divider),
        *_sheets(What.PHOTOGRAPH, 2, [photograph(rng)]),
        *_sheets(What.SEPARATOR, None, divider),
        *_written(3, third, rng),
    )
    return Stack(pages=pages, letters=letters)


def back(rng: Random) -> Image.Image:
    """The empty back of a sheet: grain, a grey edge, two punch holes."""
    return spoil(Image.new("L", A4, "white"), rng, {Spoil.NOISE, Spoil.HOLES}, dpi=DPI)


def photograph(rng: Random) -> Image.Image:
    """A photograph that slipped in: hills under a sky, no letter anywhere."""
    width, height = A4
    grain = np.random.default_rng(rng.randrange(2**32))
    across = np.arange(width)
    scene = np.linspace(235, 150, height)[:, None] * np.ones(width)
    for number in range(4):
        swing = 90 * np.sin(across / (310.0 - 60 * number) + number)
        ridge = height * (0.42 + 0.13 * number) + swing
        scene[np.arange(height)[:, None] > ridge] = 130 - 27 * number
    scene += grain.normal(0, 5, scene.shape)
    picture = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(1))


def _written(
    place: int, letter: DemoLetter, rng: Random, upside_down: int | None = None
) -> Iterable[StackPage]:
    for number, clean in enumerate(render(letter, dpi=DPI)):
        turned = number == upside_down
        damage = {Spoil.NOISE} | ({Spoil.TURN_180} if turned else set())
        picture = spoil(clean, rng, damage, dpi=DPI)
        turn = 180 if turned else 0
        yield StackPage(what=What.LETTER, letter=place, picture=picture, turn=turn)


def _sheets(what: What, letter: int | None, pictures: Iterable[Image.Image]) -> Iterable[StackPage]:
    return (StackPage(what=what, letter=letter, picture=picture) for picture in pictures)


def _drawn(pdf: bytes, rng: Random) -> Iterable[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            clean = page.render(scale=DPI / 72, grayscale=True).to_pil()
            yield spoil(clean, rng, {Spoil.NOISE}, dpi=DPI)
    finally:
        document.close()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", dpi=(DPI, DPI), quality=75)
    return out.getvalue()

"""What happens to a clean page on its way through offices, fax machines and scanners.

Pillow's own C routines and small maps that are enlarged once keep a page at 300 dpi at a few tenths
of a CPU second.  ``L`` pages stay grey, ``RGB`` pages get coloured paper and ink.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import date
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_MAP = 12  # one pixel of a shade map stands for so many pixels of the page
_WHITE = 255


class Spoil(enum.StrEnum):
    """One way to spoil a page."""

    SKEW = "skew"
    NOISE = "noise"
    GREY = "grey"
    YELLOW = "yellow"
    FADE = "fade"
    STAMP = "stamp"
    HOLES = "holes"
    COFFEE = "coffee"
    FOLD = "fold"
    SHOW_THROUGH = "show_through"
    LOW_CONTRAST = "low_contrast"
    FAX = "fax"
    BILEVEL = "bilevel"
    TURN_90 = "turn_90"
    TURN_180 = "turn_180"
    TURN_270 = "turn_270"


TURNS = {Spoil.TURN_90: 90, Spoil.TURN_180: 180, Spoil.TURN_270: 270}
"""How far a sheet was turned clockwise."""


def spoil(
    page: Image.Image,
    rng: Random,
    kinds: Collection[Spoil],
    *,
    dpi: int = 300,
    stamp: date | None = None,
    behind: Image.Image | None = None,
) -> Image.Image:
    """``page`` (``L`` or ``RGB``) after ``kinds`` of damage, in the order they happen in life.

    ``stamp`` is the day on the stamp of receipt (needed for ``STAMP``), ``behind`` the page that
    shines through (default: the page itself).  The answer has mode ``1`` after ``FAX`` or
    ``BILEVEL``, else that of ``page``.
    """
    if Spoil.SHOW_THROUGH in kinds:
        page = _show_through(page, behind or page)
    if Spoil.FADE in kinds:
        page = _fade(page, rng)
    if Spoil.LOW_CONTRAST in kinds:
        page = page.point([95 + value * 150 // 255 for value in range(256)] * len(page.getbands()))
    if Spoil.STAMP in kinds and stamp is not None:
        page = _stamp(page, rng, stamp, dpi)
    page = _paper(page, rng, kinds)
    if Spoil.HOLES in kinds:
        page = _holes(page, rng, dpi)
    if Spoil.SKEW in kinds:
        angle = max(-3.0, min(3.0, rng.gauss(0, 0.8)))
        fill = 246 if page.mode == "L" else (246, 245, 242)
        page = page.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=fill)
    if Spoil.NOISE in kinds:
        page = _noise(page, rng)
    if Spoil.FAX in kinds:
        page = _fax(page, rng, dpi)
    elif Spoil.BILEVEL in kinds:
        page = page.convert("L").point(_threshold(rng.randint(135, 165)), mode="1")
    for turn, degrees in TURNS.items():
        if turn in kinds:
            page = page.rotate(-degrees, expand=True)
    return page


def _threshold(level: int) -> list[int]:
    return [0] * level + [_WHITE] * (256 - level)


def _map_size(page: Image.Image) -> tuple[int, int]:
    return max(2, page.width // _MAP), max(2, page.height // _MAP)


def _multiply(page: Image.Image, shade: Image.Image) -> Image.Image:
    full = shade.resize(page.size, Image.Resampling.BILINEAR)
    return ImageChops.multiply(page, full.convert(page.mode))


def _clouds(rng: Random, size: tuple[int, int], low: int, high: int, cells: int) -> Image.Image:
    """A soft random map of values between ``low`` and ``high``."""
    values = np.random.default_rng(rng.getrandbits(64)).integers(
        low, high + 1, (cells * 3 // 2, cells), dtype=np.uint8
    )
    return Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)


def _show_through(page: Image.Image, behind: Image.Image) -> Image.Image:
    small = behind.convert("L").resize((page.width // 4, page.height // 4))
    mirrored = small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    ghost = mirrored.filter(ImageFilter.GaussianBlur(1.2)).point(
        [_WHITE - (_WHITE - value) * 16 // 100 for value in range(256)]
    )
    return _multiply(page, ghost)


def _fade(page: Image.Image, rng: Random) -> Image.Image:
    """A worn ribbon or an empty toner: the ink is weak in places."""
    weak = _clouds(rng, _map_size(page), 20, 125, 7).resize(page.size, Image.Resampling.BILINEAR)
    return ImageChops.screen(page, weak.convert(page.mode))


def _paper(page: Image.Image, rng: Random, kinds: Collection[Spoil]) -> Image.Image:
    """Colour of the paper, shadows of folds, rings of cups: one map, laid on once."""
    if not {Spoil.GREY, Spoil.YELLOW, Spoil.FOLD, Spoil.COFFEE} & set(kinds):
        return page
    size = _map_size(page)
    shade = Image.new("RGB", size, (250, 250, 249))
    if Spoil.GREY in kinds:
        tone = rng.randint(196, 230)
        shade = Image.new("RGB", size, (tone, tone, tone - 1))
    if Spoil.YELLOW in kinds:
        tone = rng.randint(228, 246)
        shade = Image.new(
            "RGB", size, (tone, tone - rng.randint(4, 10), tone - rng.randint(18, 40))
        )
    shade = ImageChops.multiply(shade, _clouds(rng, size, 236, 255, 5).convert("RGB"))
    if Spoil.FOLD in kinds:
        shade = ImageChops.multiply(shade, _folds(rng, size).convert("RGB"))
    if Spoil.COFFEE in kinds:
        shade = ImageChops.multiply(shade, _cup(rng, size))
    return _multiply(page, shade)


def _folds(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Two folds of a letter for a window envelope, lit from one side."""
    width, height = size
    rows = np.full(height, 255.0)
    for place in (0.33, 0.66):
        middle = height * (place + rng.uniform(-0.01, 0.01))
        distance = np.arange(height) - middle
        depth = rng.uniform(14, 34)
        rows -= np.where(distance > 0, depth * np.exp(-np.abs(distance) / 9.0), 0)
        rows -= 1.1 * depth * np.exp(-np.abs(distance) / 0.8)
    column = np.clip(rows, 120, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(column[:, None], width, axis=1))


def _cup(rng: Random, size: tuple[int, int]) -> Image.Image:
    stain = Image.new("RGB", size, (255, 255, 255))
    draw = ImageDraw.Draw(stain)
    radius = size[0] * rng.uniform(0.16, 0.22)
    x = rng.uniform(0.1, 0.9) * size[0]
    y = rng.uniform(0.2, 0.9) * size[1]
    for shrink, width, colour in ((1.0, 2, (196, 160, 116)), (0.96, 1, (214, 184, 146))):
        r = radius * shrink
        draw.arc(
            (x - r, y - r, x + r, y + r), rng.randint(0, 90), rng.randint(240, 350), colour, width
        )
    return stain.filter(ImageFilter.GaussianBlur(0.9))


def _stamp(page: Image.Image, rng: Random, day: date, dpi: int) -> Image.Image:
    """The stamp of receipt, unevenly inked, across whatever stands there."""
    unit = dpi / 300
    size = (int(640 * unit), int(300 * unit))
    tile = Image.new("L", size, 0)
    draw = ImageDraw.Draw(tile)
    edge = int(6 * unit)
    draw.rectangle((edge, edge, size[0] - edge, size[1] - edge), outline=255, width=edge)
    months = "JAN FEB MRZ APR MAI JUN JUL AUG SEP OKT NOV DEZ"
    date_line = f"{day.day:02d}. {months[4 * day.month - 4 : 4 * day.month - 1]}. {day.year}"
    for text, points, y in (
        ("Jobcenter Friesenkoog", 44, 0.2),
        ("EINGEGANGEN", 52, 0.45),
        (date_line, 66, 0.75),
    ):
        font = ImageFont.load_default(size=points * unit)
        draw.text((size[0] / 2, size[1] * y), text, fill=255, font=font, anchor="mm")
    uneven = _clouds(rng, size, 90, 255, 9)
    tile = ImageChops.multiply(tile, uneven)
    turned = tile.rotate(rng.uniform(-9, 9), expand=True, resample=Image.Resampling.BILINEAR)
    x, y = _place_for(turned.size, page, rng)
    ink: int | tuple[int, int, int] = 95
    if page.mode == "RGB":
        ink = rng.choice(((40, 52, 140), (150, 30, 46), (60, 60, 66)))
    colour = Image.new(page.mode, turned.size, ink)
    paper = Image.new(page.mode, turned.size, "white")
    stamped = page.copy()
    region = page.crop((x, y, x + turned.width, y + turned.height))
    stamped.paste(ImageChops.multiply(region, Image.composite(colour, paper, turned)), (x, y))
    return stamped


def _place_for(size: tuple[int, int], page: Image.Image, rng: Random) -> tuple[int, int]:
    """Where the stamp lands: mostly where there is room, now and then without looking."""
    places = []
    for _ in range(1 if rng.random() < 0.25 else 6):
        x = int(page.width * rng.uniform(0.4, 0.75))
        y = int(page.height * rng.uniform(0.02, 0.34))
        places.append((max(0, min(x, page.width - size[0])), y))
    small = page.convert("L").reduce(8)

    def ink(place: tuple[int, int]) -> float:
        x, y = place[0] // 8, place[1] // 8
        region = small.crop((x, y, x + size[0] // 8, y + size[1] // 8))
        return -float(np.asarray(region).mean())

    return min(places, key=ink)


def _holes(page: Image.Image, rng: Random, dpi: int) -> Image.Image:
    """Two punch holes 80 mm apart at the left, at times two more for a second binder."""
    page = page.copy()
    draw = ImageDraw.Draw(page)
    radius = 2.8 / 25.4 * dpi
    for side in (0,) if rng.random() < 0.85 else (0, 1):
        x = (11.5 + 3 * side + rng.uniform(-1, 1)) / 25.4 * dpi
        middle = page.height / 2 + rng.uniform(-30, 30)
        for offset in (-40, 40):
            y = middle + offset / 25.4 * dpi
            tone = rng.randint(20, 90)
            fill = tone if page.mode == "L" else (tone, tone, tone)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return page


def _noise(page: Image.Image, rng: Random) -> Image.Image:
    """Grain of the sensor and specks of dust."""
    source = np.random.default_rng(rng.getrandbits(64))
    grain = source.normal(128, rng.uniform(3, 9), (512, 512)).clip(0, 255).astype(np.uint8)
    repeat = (page.height // 512 + 1, page.width // 512 + 1)
    sheet = np.ascontiguousarray(np.tile(grain, repeat)[: page.height, : page.width])
    layer = Image.fromarray(sheet).convert(page.mode)
    noisy = ImageChops.add(page, layer, scale=1, offset=-128)
    draw = ImageDraw.Draw(noisy)
    for _ in range(rng.randint(10, 120)):
        x, y = rng.randrange(page.width), rng.randrange(page.height)
        tone = rng.randint(40, 170)
        fill = tone if page.mode == "L" else (tone, tone, tone)
        draw.ellipse((x, y, x + rng.randint(0, 3), y + rng.randint(0, 3)), fill=fill)
    return noisy


def _fax(page: Image.Image, rng: Random, dpi: int) -> Image.Image:
    """Fine fax resolution (about 200 dpi), one bit, the sender's line on top, lost lines."""
    scale = 200 / dpi
    small = page.convert("L").resize(
        (int(page.width * scale), int(page.height * scale)), Image.Resampling.BOX
    )
    draw = ImageDraw.Draw(small)
    font = ImageFont.load_default(size=22)
    clock = f"{rng.randint(7, 19):02d}:{rng.randint(0, 59):02d} Uhr"
    header = f"von: 040 66969-{rng.randint(100, 999)}     {clock}"
    draw.text((90, 14), header, fill=0, font=font)
    for _ in range(rng.randint(0, 4)):
        y = rng.randrange(60, small.height)
        draw.line((0, y, small.width, y), fill=rng.choice((0, 255)), width=rng.choice((1, 1, 2)))
    if rng.random() < 0.3:
        x = rng.randrange(small.width)
        draw.line((x, 0, x, small.height), fill=0, width=1)
    return small.point(_threshold(rng.randint(140, 170)), mode="1")

"""Backs of sheets as scanners deliver them: blank ones, and ones with very little on them.

Used by ``pages.py`` here and by the tests of blank pages; every back is repeatable by its seed.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from datetime import date
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from eakte.demo.spoiling import Spoil, spoil

DPI = 300
MM = DPI / 25.4
A4 = (2480, 3508)
STAMP_DAY = date(2026, 11, 20)
SANS = "LiberationSans-Regular.ttf"


def blank_back(seed: int, front: Image.Image) -> tuple[Image.Image, str]:
    """A side with nothing on it after its way through the office, and what befell it."""
    rng = Random(f"blank:{seed}")
    page = Image.new("L", A4, rng.randint(243, 255))
    kinds = _wear(rng, show_through=0.6)
    if rng.random() < 0.35:
        page = stapled(page, rng)
    return _scanned(page, rng, kinds, front)


def sparse_back(seed: int, front: Image.Image) -> tuple[Image.Image, str]:
    """A side with a single small thing on it, worn as the blank ones are; says which."""
    rng = Random(f"sparse:{seed}")
    name = list(SPARSE)[seed % len(SPARSE)]
    page = Image.new("L", A4, rng.randint(243, 255))
    page = SPARSE[name](page, rng)
    if rng.random() < 0.35:
        page = stapled(page, rng)
    kinds = _wear(rng, show_through=0.4)
    if name in WEAK:
        kinds.discard(Spoil.BILEVEL)  # a scanner in black and white has lost it already
    scan, wear = _scanned(page, rng, kinds, front)
    return scan, f"{name}: {wear}"


def written_on_fold(seed: int, front: Image.Image) -> tuple[Image.Image, str]:
    """A side whose only writing stands on a fold, where a fold could hide it."""
    rng = Random(f"fold:{seed}")
    name = list(ON_FOLD)[seed % len(ON_FOLD)]
    page = Image.new("L", A4, rng.randint(243, 255))
    blank = page.copy()
    written = ON_FOLD[name](page.copy(), rng)
    rows = ImageChops.difference(written, blank).point([0] * 12 + [255] * 244).getbbox()
    if rows is not None:
        middle = (rows[1] + rows[3]) / 2
        wanted = A4[1] * rng.choice((0.33, 0.66)) + rng.uniform(-0.01, 0.01) * A4[1]
        written = ImageChops.offset(written, 0, round(wanted - middle))
    kinds = (_wear(rng, show_through=0.4) | {Spoil.FOLD}) - {Spoil.BILEVEL}
    scan, wear = _scanned(written, rng, kinds, front)
    return scan, f"{name}: {wear}"


def _wear(rng: Random, show_through: float) -> set[Spoil]:
    chances = {
        Spoil.SHOW_THROUGH: show_through,
        Spoil.NOISE: 0.85,
        Spoil.HOLES: 0.5,
        Spoil.FOLD: 0.4,
        Spoil.SKEW: 0.7,
        Spoil.GREY: 0.2,
        Spoil.TURN_180: 0.2,
        Spoil.BILEVEL: 0.08,
    }
    return {kind for kind, chance in chances.items() if rng.random() < chance}


def _scanned(
    page: Image.Image, rng: Random, kinds: set[Spoil], front: Image.Image
) -> tuple[Image.Image, str]:
    scan = spoil(page, rng, kinds, dpi=DPI, behind=front)
    wear = sorted(kinds)
    if scan.mode == "L":
        if rng.random() < 0.3:
            scan, wear = with_edge_shadow(scan, rng), [*wear, "edge"]
        scan = as_jpeg(scan, rng.randint(60, 90))
    return scan, " ".join(wear)


def as_jpeg(page: Image.Image, quality: int) -> Image.Image:
    """What is left after the scanner's compression."""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def stapled(page: Image.Image, rng: Random) -> Image.Image:
    """A staple's shadow, or its two pricks, in a corner."""
    page = page.copy()
    draw = ImageDraw.Draw(page)
    x = rng.choice((rng.uniform(6, 18), 210 - rng.uniform(6, 18))) * MM
    y = rng.uniform(6, 18) * MM
    angle = math.radians(rng.choice((0, 45, -45, 90)) + rng.uniform(-8, 8))
    half = rng.uniform(5, 6.2) * MM
    ends = [(x + s * half * math.cos(angle), y + s * half * math.sin(angle)) for s in (-1, 1)]
    if rng.random() < 0.5:
        draw.line(ends, fill=rng.randint(60, 140), width=round(0.6 * MM))
    else:
        for ex, ey in ends:
            r = rng.uniform(0.25, 0.45) * MM
            draw.ellipse((ex - r, ey - r, ex + r, ey + r), fill=rng.randint(40, 150))
    return page.filter(ImageFilter.GaussianBlur(1.5))


def with_edge_shadow(page: Image.Image, rng: Random) -> Image.Image:
    """The gap between sheet and glass: a dark stripe along an edge."""
    page = page.copy()
    draw = ImageDraw.Draw(page)
    tone, a, b = rng.randint(0, 160), rng.uniform(0.2, 3) * MM, rng.uniform(0.2, 3) * MM
    width, height = page.size
    if rng.random() < 0.5:
        draw.polygon([(0, 0), (a, 0), (b, height), (0, height)], fill=tone)
    else:
        draw.polygon([(0, height), (width, height), (width, height - a), (0, height - b)], tone)
    return page


# -- the little that may stand on a back ----------------------------------------------------


def pencil_note(page: Image.Image, rng: Random) -> Image.Image:
    """A few words in faint pencil: thin strokes of a light grey."""
    layer = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(layer)
    tone = rng.randint(165, 205)
    x, y = rng.uniform(25, 110) * MM, rng.uniform(25, 260) * MM
    for _ in range(rng.randint(1, 4)):
        for _ in range(rng.randint(3, 7)):
            points = [
                (x + rng.uniform(-0.3, 2.2) * MM, y + rng.uniform(-1.8, 1.2) * MM)
                for _ in range(rng.randint(4, 6))
            ]
            draw.line(points, fill=tone, width=rng.randint(4, 6), joint="curve")
            x += 2.0 * MM
        x += 3.5 * MM
    layer = layer.filter(ImageFilter.GaussianBlur(0.8))
    return Image.composite(layer, page, layer.point([255] * 235 + [0] * 21))


def _text(page: Image.Image, text: str, xy: tuple[float, float], points: float, tone: int) -> None:
    font = ImageFont.truetype(SANS, round(points / 72 * DPI))
    ImageDraw.Draw(page).text((xy[0] * MM, xy[1] * MM), text, fill=tone, font=font)


def single_line(page: Image.Image, rng: Random) -> Image.Image:
    """One printed line."""
    text = rng.choice(("Bitte wenden!", "Rückseite beachten", "gez. Petersen", "– Ende –"))
    _text(page, text, (rng.uniform(20, 130), rng.uniform(15, 270)), rng.choice((8, 10, 11)), 40)
    return page


def page_number(page: Image.Image, rng: Random) -> Image.Image:
    """Nothing but a page number."""
    text = rng.choice(("2", "– 2 –", "Seite 2", "4", "2/4"))
    x, y = rng.choice(((100, 280), (185, 282), (100, 12), (180, 15), (22, 281)))
    _text(page, text, (x, y), rng.choice((8, 9, 11)), rng.randint(30, 110))
    return page


def small_stamp(page: Image.Image, rng: Random) -> Image.Image:
    """A small stamp with weak ink."""
    tile = Image.new("L", (round(32 * MM), round(11 * MM)), 255)
    draw = ImageDraw.Draw(tile)
    tone = rng.randint(90, 165)
    draw.rectangle((4, 4, tile.width - 5, tile.height - 5), outline=tone, width=5)
    font = ImageFont.truetype(SANS, 60)
    text = rng.choice(("ERLEDIGT", "KOPIE", "GEPRÜFT"))
    draw.text((tile.width / 2, tile.height / 2), text, fill=tone, font=font, anchor="mm")
    tile = tile.rotate(rng.uniform(-12, 12), expand=True, fillcolor=255)
    at = (round(rng.uniform(20, 150) * MM), round(rng.uniform(20, 250) * MM))
    page.paste(tile, at, tile.point([255] * 240 + [0] * 16))
    return page


def initials(page: Image.Image, rng: Random) -> Image.Image:
    """A clerk's initials in ballpoint."""
    draw = ImageDraw.Draw(page)
    x, y = rng.uniform(25, 180) * MM, rng.uniform(25, 270) * MM
    points = [(x + k * 2.2 * MM, y + rng.uniform(-4, 4) * MM) for k in range(5)]
    draw.line(points, fill=rng.randint(50, 130), width=rng.randint(4, 7), joint="curve")
    return page


def tick(page: Image.Image, rng: Random) -> Image.Image:
    """One cross in a box."""
    draw = ImageDraw.Draw(page)
    x, y, side = rng.uniform(32, 170) * MM, rng.uniform(32, 260) * MM, 3.5 * MM
    draw.line((x, y, x + side, y + side), fill=70, width=5)
    draw.line((x, y + side, x + side, y), fill=70, width=5)
    return page


def faint_print(page: Image.Image, rng: Random) -> Image.Image:
    """A line of print from an empty cartridge."""
    text = "Die Bescheinigung liegt dem Antrag bei; Rückfragen an Frau Ohlsen."
    _text(page, text, (25, rng.uniform(20, 270)), 10, rng.randint(150, 180))
    return page


def long_faint_line(page: Image.Image, rng: Random) -> Image.Image:
    """A weak line of print over the whole width: the nearest that writing comes to a fold."""
    text = (
        "Die Bescheinigung des Vermieters liegt dem Antrag bei; Rückfragen bitte an Frau Ohlsen, "
    )
    _text(page, text + "Zimmer 12.", (18, rng.uniform(20, 270)), 10.5, rng.randint(180, 200))
    return page


WEAK = ("long", "pencil", "faint", "stamp")
SPARSE: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "pencil": pencil_note,
    "line": single_line,
    "number": page_number,
    "stamp": small_stamp,
    "initials": initials,
    "tick": tick,
    "faint": faint_print,
    "long": long_faint_line,
}
ON_FOLD = {name: SPARSE[name] for name in ("long", "pencil", "faint", "line", "number")}

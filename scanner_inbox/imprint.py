"""What is printed on our own sheets, and whether anything else stands on one.

The codes on a sheet say where it lies and how it is turned.  So the places of everything that
``covers.typ`` prints are known; they are painted over with paper, and what is left is looked at
as the back of a letter is: dust, holes, staples, folds and shadows are nothing, a note is
something (ADR 0097).  Must not decide what becomes of a sheet that bears more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from eakte.domain.pages import SheetKind
from scanner_inbox.blanks import MM, content
from scanner_inbox.codes import Placed
from scanner_inbox.marks import Mark
from scanner_inbox.payloads import SEPARATOR, read_cover

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres of the sheet."""
Points = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.int16]

QR_MIDDLE = (105.0, 112.9)
QR_WITH_MARGIN = 62.0
"""Millimetres of a QR code's side with four modules of quiet zone around it."""

BAR: Rect = (45.0, 157.0, 165.0, 175.0)
SEPARATOR_LINES: tuple[Rect, ...] = (
    (32.0, 18.5, 178.0, 35.0),
    (64.0, 60.5, 146.0, 68.5),
    (20.0, 267.0, 190.0, 279.5),
)
COVER_LINES: tuple[Rect, ...] = (
    (40.0, 18.5, 170.0, 35.0),
    (40.0, 60.5, 170.0, 68.5),
    (20.0, 267.0, 190.0, 279.5),
)
COVER_ROWS: tuple[Rect, ...] = (
    (20.0, 155.0, 190.0, 161.0),
    (20.0, 161.0, 190.0, 169.5),
    (20.0, 175.0, 190.0, 181.3),
    (20.0, 181.3, 190.0, 191.0),
)
"""Lines of a length that only the print knows: each ends at the first wide gap."""

_GAP_MM = 9.0
_SPARE_MM = 2.5
"""What the places are taken larger by: copiers shrink, feeders stretch."""

_LEAST = 45
"""Pixels at 100 dpi (3 mm²) that a note has at least."""

_LONG = 5.0
"""Pixels that the longer side of a mark has in a note."""

_WEAKEST = 36
"""Grey levels; faint pencil is darker, folds and what shines through are weaker."""

_CORNER = 30 * MM
_INK = 60


def is_written_on(small: Image.Image, found: Iterable[Placed], kind: SheetKind) -> bool:
    """Whether the separator or cover on ``small`` (grey, about 100 dpi) bears more than its print.

    ``found`` are the codes on it, among them one of ours.
    """
    sheet = _Sheet.of(found, kind)
    if sheet is None:
        return False
    pixels = np.asarray(small, dtype=np.int16)
    if kind is SheetKind.SEPARATOR and sheet.is_stuck_over(pixels):
        return True
    _, left = content(_painted_over(small, pixels, sheet.printed(pixels)))
    if left is None:
        return True
    notes = [mark for mark in left if _may_be_note(mark, *small.size)]
    return sum(mark.count for mark in notes) >= _LEAST


def _may_be_note(mark: Mark, width: int, height: int) -> bool:
    """Not a fold that the painting tore apart, nor a staple shorter than those on backs."""
    if mark.depth < _WEAKEST or max(mark.width, mark.height) < _LONG:
        return False
    across = min(mark.x, width - mark.x) < _CORNER
    down = min(mark.y, height - mark.y) < _CORNER
    return not (across and down and mark.thickness <= 1.4 * MM and mark.longest <= 16 * MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet as it lies: ``across`` takes (x, y, 1) in millimetres to pixels."""

    kind: SheetKind
    across: Points
    qr_side: float
    has_qr: bool
    has_bar: bool

    @classmethod
    def of(cls, found: Iterable[Placed], kind: SheetKind) -> _Sheet | None:
        """The sheet that our codes among ``found`` stand on; None where they are crossed."""
        qr, bar = None, None
        for placed in found:
            ours = placed.code.text == SEPARATOR
            if kind is SheetKind.COVER:
                ours = read_cover(placed.code.text) is not None
            if ours and placed.code.symbology == "qr":
                qr = placed
            elif ours and placed.code.symbology == "code128":
                bar = placed
        text = qr.code.text if qr is not None else SEPARATOR
        modules = _modules(text)
        side = QR_WITH_MARGIN * modules / (modules + 8)
        if qr is not None:
            across = _affine(_corners(_square(side)), np.array(qr.corners))
        elif bar is not None:
            across = _along(np.array(bar.corners))
        else:
            return None
        return cls(
            kind=kind,
            across=across,
            qr_side=side,
            has_qr=qr is not None,
            has_bar=bar is not None,
        )

    def printed(self, pixels: Pixels) -> list[Points]:
        """The corners, in pixels, of all that is printed on it."""
        if self.kind is SheetKind.COVER:
            lines = [*COVER_LINES, *(self._row(pixels, row) for row in COVER_ROWS)]
        else:
            lines = [*SEPARATOR_LINES, BAR]
        return [self.place(_larger(one)) for one in (*lines, _square(self.qr_side))]

    def place(self, rect: Rect) -> Points:
        """The corners of ``rect`` in pixels."""
        points = np.column_stack([_corners(rect), np.ones(4)])
        placed: Points = points @ self.across
        return placed

    def is_stuck_over(self, pixels: Pixels) -> bool:
        """Whether something lies where a code that could not be read is printed.

        A worn code still is half black, and a sheet that lost a part bears nothing there.
        """
        unread = [_square(self.qr_side)] * (not self.has_qr) + [BAR] * (not self.has_bar)
        shares = [float(np.mean(self._sample(pixels, rect) > _INK)) for rect in unread]
        return any(0.01 < share < 0.2 for share in shares)

    def _row(self, pixels: Pixels, row: Rect) -> Rect:
        """The part of ``row`` up to its first wide gap."""
        darkest = self._sample(pixels, row).max(axis=0)
        inked = [int(one) > _INK for one in darkest]
        end, gap = row[0], 0.0
        for column, ink in enumerate(inked):
            gap = 0.0 if ink else gap + _STEP
            if ink:
                end = row[0] + (column + 1) * _STEP
            if gap >= _GAP_MM:
                break
        return (row[0], row[1], end, row[3])

    def _sample(self, pixels: Pixels, rect: Rect) -> Pixels:
        """How much darker than the paper the sheet is within ``rect``, at steps of half a mm."""
        xs, ys = np.arange(rect[0], rect[2], _STEP), np.arange(rect[1], rect[3], _STEP)
        grid = np.stack([*np.meshgrid(xs, ys), np.ones((len(ys), len(xs)))], axis=-1)
        places = np.round(grid @ self.across).astype(np.intp)
        rows = np.clip(places[..., 1], 0, pixels.shape[0] - 1)
        columns = np.clip(places[..., 0], 0, pixels.shape[1] - 1)
        paper = np.int16(np.median(pixels[::4, ::4]))
        sampled: Pixels = paper - pixels[rows, columns]
        return sampled


_STEP = 0.5


def _modules(text: str) -> int:
    """How many modules wide the QR code of ``text`` is."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return int(np.array(code.to_image(scale=1, add_quiet_zones=False)).shape[0])


def _square(side: float) -> Rect:
    x, y = QR_MIDDLE
    return (x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def _corners(rect: Rect) -> Points:
    left, top, right, bottom = rect
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _larger(rect: Rect) -> Rect:
    left, top, right, bottom = rect
    return (left - _SPARE_MM, top - _SPARE_MM, right + _SPARE_MM, bottom + _SPARE_MM)


def _affine(sheet: Points, picture: Points) -> Points:
    """What takes points of the sheet to the picture, by least squares."""
    known = np.column_stack([sheet, np.ones(len(sheet))])
    return np.asarray(np.linalg.lstsq(known, picture)[0], dtype=np.float64)


def _along(corners: Points) -> Points:
    """The same from the bar code alone, whose ends are known better than its height."""
    start, end = corners[[0, 3]].mean(axis=0), corners[[1, 2]].mean(axis=0)
    down = np.array([-(end - start)[1], (end - start)[0]]) * (BAR[3] - BAR[1]) / (BAR[2] - BAR[0])
    picture = np.array([start - down / 2, end - down / 2, end + down / 2, start + down / 2])
    return _affine(_corners(BAR), picture)


def _painted_over(small: Image.Image, pixels: Pixels, places: Sequence[Points]) -> Image.Image:
    """The picture with paper where the print is, as light as the paper around it."""
    mask = Image.new("L", small.size, 0)
    draw = ImageDraw.Draw(mask)
    for place in places:
        draw.polygon([(float(x), float(y)) for x, y in place], fill=255)
    over = np.asarray(mask) > 0
    paper = float(np.median(pixels[~over][::16]))
    plain = ~over & (pixels > paper - _INK)
    weight = _blurred(plain.astype(np.float32) * 255)
    lightness = _blurred(np.where(plain, pixels, 0).astype(np.float32))
    around = np.where(weight > 8, lightness * 255 / np.maximum(weight, 1), paper)
    painted = np.where(over, around, pixels)
    return Image.fromarray(np.clip(painted, 0, 255).astype(np.uint8), "L")


def _blurred(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    made = Image.fromarray(values.astype(np.uint8), "L").filter(ImageFilter.BoxBlur(40))
    return np.asarray(made, dtype=np.float32)

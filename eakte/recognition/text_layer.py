"""The invisible words under a page image, so that copies can be searched and copied from.

The font has one glyph, half an em wide, for every character; its ToUnicode map says which
character is meant (the way Tesseract and OCRmyPDF do it).  The glyph is a line without area: it
paints nothing, but has an extent, without which pdfium finds no text on pages turned by 90 degrees.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eakte.domain.pages import Word

FONT_NAME = "EakteWords"

_UNITS = 1000
_ADVANCE = 500
_ASCENT = 800
_DESCENT = -200
_FONT_DATE = 3_786_912_000
"""1 January 2024 in seconds since 1904 (TrueType): any fixed date will do."""

_RESOURCE = "/EakteWords"
_TENTHS = 10
"""Places are whole tenths of a point (0.035 mm): fine enough, and a third fewer bytes."""

_SPECIAL = re.compile(rb"[()\\\r]")
_ESCAPED = {b"(": b"\\(", b")": b"\\)", b"\\": b"\\\\", b"\r": b"\\r"}


def add_words(pdf: Pdf, page: Page, words: Iterable[Word], font: Object, *, turn: int = 0) -> None:
    """Put ``words`` invisibly beneath the page's content.

    Their boxes are on the page as it is displayed, turned clockwise by ``turn`` beyond that.
    Drawn first, so that whatever the page's own content does to the graphics state is no matter.
    """
    left, bottom, right, top = visible_box(page)
    rotation = (int(page.obj.get(Name.Rotate, 0)) + turn) % 360
    width, height = right - left, top - bottom
    wide, high = (height, width) if rotation % 180 else (width, height)
    matrix = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, left + width, bottom),
        180: (-1, 0, 0, -1, left + width, bottom + height),
        270: (0, -1, 1, 0, left, bottom + height),
    }[rotation]
    shown = _shown(words, wide, high)
    if not shown:
        return
    scale = b"%g 0 0 %g 0 0 cm" % (1 / _TENTHS, 1 / _TENTHS)
    head = (b"q", b"%.4f %.4f %.4f %.4f %.4f %.4f cm" % matrix, scale, b"BT", b"3 Tr")
    content = b"\n".join((*head, *shown, b"ET", b"Q", b""))
    _own_fonts(page)[Name(_RESOURCE)] = font
    page.contents_add(pdf.make_stream(content), prepend=True)


def visible_box(page: Page) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what is displayed: crop box within media box (points)."""
    media = [float(value) for value in page.mediabox]
    crop = [float(value) for value in page.cropbox]
    media = [*_ordered(media[0], media[2]), *_ordered(media[1], media[3])]
    crop = [*_ordered(crop[0], crop[2]), *_ordered(crop[1], crop[3])]
    left, right = max(media[0], crop[0]), min(media[1], crop[1])
    bottom, top = max(media[2], crop[2]), min(media[3], crop[3])
    if left >= right or bottom >= top:
        left, right, bottom, top = media
    return left, bottom, right, top


def _ordered(one: float, other: float) -> tuple[float, float]:
    return (one, other) if one <= other else (other, one)


def _shown(words: Iterable[Word], wide: float, high: float) -> list[bytes]:
    """Operators that set ``words`` into their boxes on an upright page of that size in points.

    A size is said where it changes, a place as the way from the word before.
    """
    operators: list[bytes] = []
    last_size, last_x, last_y = 0, 0, 0
    for word in words:
        text = _in_font(word.text)
        width = (word.box.x1 - word.box.x0) * wide * _TENTHS
        size = max(1, round((word.box.y1 - word.box.y0) * high * _TENTHS))
        if not text or width <= 0 or word.box.y1 <= word.box.y0:
            continue
        if size != last_size:
            operators.append(b"%s %d Tf" % (_RESOURCE.encode(), size))
        x = round(word.box.x0 * wide * _TENTHS)
        y = round(high * (1 - word.box.y1) * _TENTHS - size * _DESCENT / _UNITS)
        stretch = 100 * width / (len(text) * size * _ADVANCE / _UNITS)
        operators += [
            b"%.1f Tz" % stretch,
            b"%d %d Td" % (x - last_x, y - last_y),
            b"(%s) Tj" % _escaped((text + " ").encode("utf-16-be")),
        ]
        last_size, last_x, last_y = size, x, y
    return operators


def _in_font(text: str) -> str:
    """What the font can mean: characters beyond the first 65,536 have no code in it."""
    return "".join(char for char in text if ord(char) <= 0xFFFF)


def _escaped(text: bytes) -> bytes:
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)


def _own_fonts(page: Page) -> Object:
    """The page's font resources, its own: shared or inherited ones must not change elsewhere."""
    resources = page.obj.get(Name.Resources)
    page.obj[Name.Resources] = _copied(resources)
    page.obj.Resources[Name.Font] = _copied(page.obj.Resources.get(Name.Font))
    return page.obj.Resources.Font


def _copied(dictionary: Object | None) -> Dictionary:
    if not isinstance(dictionary, Dictionary):
        return Dictionary()
    return Dictionary(dict(dictionary.items()))


def words_font(pdf: Pdf, words: Iterable[Word]) -> Object:
    """The glyphless font as an object of ``pdf``; one a document, which knows what it must say."""
    rows = {ord(char) >> 8 for word in words for char in _in_font(word.text)} | {0}
    program = pdf.make_stream(_font_program())
    program[Name.Length1] = len(_font_program())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{FONT_NAME}"),
        Flags=5,  # fixed pitch, symbolic
        FontBBox=Array([0, _DESCENT, _ADVANCE, _ASCENT]),
        ItalicAngle=0,
        Ascent=_ASCENT,
        Descent=_DESCENT,
        CapHeight=_ASCENT,
        StemV=80,
        FontFile2=program,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{FONT_NAME}"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_ADVANCE,
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 0x10000),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{FONT_NAME}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(frozenset(rows))),
        )
    )


@lru_cache(maxsize=1)
def _font_program() -> bytes:
    """A TrueType font of two glyphs, the same bytes every time."""
    builder = FontBuilder(_UNITS, isTTF=True)
    names = [".notdef", "word"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: "word"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, _DESCENT))
    pen.lineTo((_ADVANCE, _ASCENT))
    pen.closePath()
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "word": pen.glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": FONT_NAME, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    builder.updateHead(created=_FONT_DATE, modified=_FONT_DATE)
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


@lru_cache(maxsize=64)
def _to_unicode(rows: frozenset[int]) -> bytes:
    """A code means the character of the same number; ``rows`` are the high bytes that occur.

    Ranges may not cross a high byte (PDF 32000-1, 9.10.3), and all of them take 1.4 KB.
    """
    head = (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
    )
    ranges = [
        b"<%02X00> <%02XFF> <%02X00>" % (high, high, high)
        for high in sorted(rows)
        if not 0xD8 <= high <= 0xDF
    ]
    blocks = []
    for start in range(0, len(ranges), 100):
        part = ranges[start : start + 100]
        blocks.append(b"%d beginbfrange\n%s\nendbfrange\n" % (len(part), b"\n".join(part)))
    tail = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    return head + b"".join(blocks) + tail

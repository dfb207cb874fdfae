"""The invisible words under a page image, so that copies can be searched and copied from.

The font has one glyph, half an em wide, for every character; its ToUnicode map says which
character is meant (the way Tesseract and OCRmyPDF do it).  The glyph is a line without area: it
paints nothing, but has an extent, without which pdfium finds no text on pages turned by 90 degrees.
"""

from __future__ import annotations

import io
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


def add_words(pdf: Pdf, page: Page, words: Iterable[Word], font: Object) -> None:
    """Put ``words`` (boxes on the page as it is displayed) invisibly beneath the page's content.

    Drawn first, so that whatever the page's own content does to the graphics state is no matter.
    """
    left, bottom, right, top = visible_box(page)
    rotation = int(page.obj.get(Name.Rotate, 0)) % 360
    width, height = right - left, top - bottom
    wide, high = (height, width) if rotation % 180 else (width, height)
    matrix = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, left + width, bottom),
        180: (-1, 0, 0, -1, left + width, bottom + height),
        270: (0, -1, 1, 0, left, bottom + height),
    }[rotation]
    operators = [b"q", b"%.4f %.4f %.4f %.4f %.4f %.4f cm" % matrix, b"BT", b"3 Tr"]
    shown = [operator for word in words for operator in _show(word, wide, high)]
    if not shown:
        return
    content = b"\n".join((*operators, *shown, b"ET", b"Q", b""))
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


def _show(word: Word, wide: float, high: float) -> list[bytes]:
    """Operators that set ``word`` into its box on an upright page of that size in points."""
    text = "".join(char for char in word.text if ord(char) <= 0xFFFF)
    width = (word.box.x1 - word.box.x0) * wide
    size = (word.box.y1 - word.box.y0) * high
    if not text or width <= 0 or size <= 0:
        return []
    stretch = 100 * width / (len(text) * size * _ADVANCE / _UNITS)
    baseline = high * (1 - word.box.y1) - size * _DESCENT / _UNITS
    return [
        b"%s %.3f Tf" % (_RESOURCE.encode(), size),
        b"%.3f Tz" % stretch,
        b"1 0 0 1 %.3f %.3f Tm" % (word.box.x0 * wide, baseline),
        b"<%s> Tj" % (text + " ").encode("utf-16-be").hex().upper().encode(),
    ]


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


def words_font(pdf: Pdf) -> Object:
    """The glyphless font as an object of ``pdf``; one a document."""
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
            ToUnicode=pdf.make_stream(_to_unicode()),
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


@lru_cache(maxsize=1)
def _to_unicode() -> bytes:
    """Every code means the character of the same number (ranges may not cross a high byte)."""
    head = (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
    )
    ranges = [
        b"<%02X00> <%02XFF> <%02X00>" % (high, high, high)
        for high in range(0x100)
        if not 0xD8 <= high <= 0xDF
    ]
    blocks = []
    for start in range(0, len(ranges), 100):
        part = ranges[start : start + 100]
        blocks.append(b"%d beginbfrange\n%s\nendbfrange\n" % (len(part), b"\n".join(part)))
    tail = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    return head + b"".join(blocks) + tail

"""Text set as a born-digital PDF, so that it is read without OCR and can be selected.

typst sets it (ADR 0071).  Characters that no font at hand can draw become ``▯``, and whoever sets
the text is told how many; must not decide what a text says.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import cast

import typst
from fontTools.ttLib import TTFont, TTLibError

FONTS = ("Liberation Sans", "DejaVu Sans", "Libertinus Serif")
MONO = ("Liberation Mono", "DejaVu Sans Mono")
UNKNOWN = "▯"
PER_PIECE = 200_000
"""Characters set at once: typst holds about a kilobyte of layout for each of them."""

_LONGEST_WORD = 60
_LONG_WORDS = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TAB = 8
_NEVER_SHOWN = (0x7F, 0xAD)  # delete, soft hyphen


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of text; ``kind`` is title, heading, paragraph, item, quote, pre, pairs or rule."""

    kind: str = "paragraph"
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """PDFs to be joined in this order; ``unknown`` characters could not be drawn."""

    pieces: tuple[bytes, ...]
    unknown: int


def typeset(blocks: Sequence[Block]) -> Typeset:
    """``blocks`` on A4 sheets.  The same blocks give the same bytes."""
    unknown = 0
    pieces = []
    for run in _runs(blocks):
        cleaned = [_cleaned(block) for block in run]
        unknown += sum(count for _, count in cleaned)
        sheet = {"fonts": FONTS, "mono": MONO, "blocks": [data for data, _ in cleaned]}
        made = _compiler().compile(
            _template(),
            format="pdf",
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
            timestamp=0,
        )
        pieces.append(cast("bytes", made))
    return Typeset(pieces=tuple(pieces), unknown=unknown)


def _runs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks in pieces that typst sets within the memory of an OCR process."""
    run: list[Block] = []
    size = 0
    for block in blocks:
        for piece in _split(block):
            if run and size + len(piece.text) > PER_PIECE:
                yield run
                run, size = [], 0
            run.append(piece)
            size += len(piece.text)
    yield run


def _split(block: Block) -> Iterator[Block]:
    """A block too long for one piece as several, cut at the ends of lines where there are any."""
    text = block.text
    if len(text) <= PER_PIECE:
        yield block
        return
    while text:
        end = len(text) if len(text) <= PER_PIECE else text.rfind("\n", 0, PER_PIECE) + 1
        end = end or PER_PIECE
        yield Block(kind=block.kind, text=text[:end].removesuffix("\n"))
        text = text[end:]


def _cleaned(block: Block) -> tuple[dict[str, object], int]:
    text, unknown = clean(block.text)
    rows = []
    for name, value in block.rows:
        shown, more = clean(value)
        rows.append((name, shown))
        unknown += more
    return {"kind": block.kind, "text": text, "rows": rows}, unknown


def clean(text: str) -> tuple[str, int]:
    """``text`` as it can be drawn, and how many characters can't be.

    Control characters go, tabs become blanks, and words longer than a line may break.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text)).expandtabs(_TAB)
    drawable = _drawable()
    shown: list[str] = []
    unknown = 0
    for char in text:
        if char == "\n" or char in drawable:
            shown.append(char)
        elif unicodedata.category(char) == "Zs":
            shown.append(" ")
        elif unicodedata.category(char)[0] not in "CM":
            shown.append(UNKNOWN)
            unknown += 1
    return _LONG_WORDS.sub(lambda match: match[0] + "\u200b", "".join(shown)), unknown


@functools.cache
def _template() -> bytes:
    return resources.files("eakte.recognition.conversion").joinpath("paper.typ").read_bytes()


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_template())


@functools.cache
def _drawable() -> frozenset[str]:
    """What the first fonts of the lists can draw between them, in the text and in ``pre``."""
    found: set[int] = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
    wanted = {*FONTS, *MONO}
    for info in typst.Fonts().fonts():
        if info.family in wanted and info.path and info.weight == 400 and info.style == "normal":
            found |= _characters(Path(info.path), info.index)
    return frozenset(chr(code) for code in found if code >= 0x20 and code not in _NEVER_SHOWN)


def _characters(path: Path, number: int) -> set[int]:
    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            return set(font.getBestCmap() or {})
    except (OSError, TTLibError, ValueError, KeyError):
        return set()  # a damaged font draws nothing for typst either

"""What stands on a letter: layout, address, blocks.  Values only; ``typeset`` sets them.

A block is a JSON-ready mapping made by one of the helpers below (`p`, `table`, `fields`, ...).
Texts are plain strings, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Block = Mapping[str, object]
Layout = Literal["din", "private", "form", "bare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A letter before typesetting.

    ``info`` is the DIN 5008 information block at the right, ``running`` the line on top of the
    second and later pages, ``footer`` up to four columns of small print.  ``typed`` letters are
    set in a typewriter face.  Sizes are millimetres.
    """

    layout: Layout
    blocks: tuple[Block, ...]
    subject: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    info: tuple[tuple[str, str], ...] = ()
    date: str = ""
    head: str = ""
    claim: str = ""
    return_line: str = ""
    running: str = ""
    footer: tuple[tuple[str, ...], ...] = ()
    width: float = 210.0
    height: float = 297.0
    page_number: bool = False


def p(text: str, *, bold: bool = False, centre: bool = False) -> Block:
    """A paragraph."""
    return {"kind": "p", "text": text, "bold": bold, "centre": centre}


def h(text: str, *, size: float = 12, centre: bool = False, tracking: float = 0) -> Block:
    """A heading of ``size`` points."""
    return {"kind": "h", "text": text, "size": size, "centre": centre, "tracking": tracking}


def lines(*items: str) -> Block:
    """Lines of one paragraph."""
    return {"kind": "lines", "items": list(items)}


def bullets(*items: str, bullet: str = "–") -> Block:
    """A list."""
    return {"kind": "list", "items": list(items), "numbered": False, "bullet": bullet}


def numbered(*items: str) -> Block:
    """A numbered list."""
    return {"kind": "list", "items": list(items), "numbered": True, "bullet": ""}


def pairs(*rows: tuple[str, str], width: float = 45, bold: bool = False) -> Block:
    """Label and value, row by row; the labels take ``width`` millimetres."""
    return {"kind": "pairs", "rows": [list(row) for row in rows], "width": width, "bold": bold}


def fields(widths: Sequence[float], *cells: tuple[str, str], typed: bool = False) -> Block:
    """Boxes of a form with a small label each, filled in by hand unless ``typed``.

    Cells follow row by row; ``widths`` are the shares of the columns.
    """
    made = [{"label": label, "value": value, "typed": typed} for label, value in cells]
    return {"kind": "fields", "widths": list(widths), "cells": made}


def checks(label: str, *items: tuple[str, bool], columns: int = 2) -> Block:
    """Boxes to tick."""
    made = [{"text": text, "checked": checked} for text, checked in items]
    return {"kind": "checks", "label": label, "items": made, "columns": columns}


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[float] | None = None,
    align: str = "",
    size: float = 9,
    ruled: bool = True,
    shaded: bool = True,
    hand: bool = False,
) -> Block:
    """A table; ``align`` has one of l, r, c a column; ``hand`` for entries written by hand."""
    body = [[{"text": text, "hand": hand} for text in row] for row in rows]
    columns = len(head) or len(body[0])
    return {
        "kind": "table",
        "head": list(head),
        "rows": body,
        "widths": list(widths or [1] * columns),
        "align": list(align or "l" * columns),
        "size": size,
        "ruled": ruled,
        "shaded": shaded,
    }


def box(*blocks: Block) -> Block:
    """A frame around blocks."""
    return {"kind": "box", "blocks": list(blocks)}


def space(mm: float) -> Block:
    """White space."""
    return {"kind": "space", "mm": mm}


def page_break() -> Block:
    """Begins a new page."""
    return {"kind": "break"}


def small(text: str, *, size: float = 7.5) -> Block:
    """Small print."""
    return {"kind": "small", "text": text, "size": size}


def write(text: str) -> Block:
    """A paragraph in the hand of whoever filled the form in."""
    return {"kind": "write", "text": text}


def rule() -> Block:
    """A line across the page."""
    return {"kind": "rule"}


def seal(text: str) -> Block:
    """A round seal at the right."""
    return {"kind": "seal", "text": text}


def sign(rng: Random | None, *name: str, place: str = "") -> Block:
    """Place and date, a signature (with ``rng``) or room for one, and the name in type."""
    return {"kind": "sign", "name": list(name), "place": place, "strokes": _scribble(rng)}


def _scribble(rng: Random | None) -> list[list[list[float]]]:
    """A few running loops: first point (x, y), then cubic curves of three points each."""
    if rng is None:
        return []
    strokes: list[list[list[float]]] = []
    x = 2.0
    for _ in range(rng.randint(1, 2)):
        stroke = [[round(x, 2), round(rng.uniform(3, 8), 2)]]
        for _ in range(rng.randint(4, 8)):
            step = rng.uniform(2, 5)
            points = [
                x + step * 0.3,
                rng.uniform(-2, 4),
                x + step * 0.9,
                rng.uniform(7, 13),
                x + step,
                rng.uniform(4, 8),
            ]
            stroke.append([round(value, 2) for value in points])
            x = min(x + step, 38)
        strokes.append(stroke)
    return strokes

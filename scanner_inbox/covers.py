"""Separator and cover sheets to print: large words for people, codes for the scanner.

The template is fixed and everything variable reaches it as JSON (typst, as for all that is set
here).  Must not decide who may print a cover for which file.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import cast

import typst
import zxingcpp

from scanner_inbox.payloads import SEPARATOR, Cover

_SEPARATOR_LEAD = "Hier beginnt ein neuer Brief."
_SEPARATOR_FOOT = (
    "Zwischen zwei Briefe legen, gleich wie herum. Das Blatt wird nicht zur Akte genommen "
    "und kann wieder verwendet werden."
)
_COVER_LEAD = "Dieses Blatt bitte oben auf die Unterlagen legen."
_COVER_FOOT = (
    "Bitte nichts auf dieses Blatt schreiben: Es führt Ihre Unterlagen in die richtige Akte "
    "und wird selbst nicht dazugenommen."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet:
    """A cover as it is printed: the signed ``cover`` and the Schlagwort's title in plain words."""

    cover: Cover
    title: str = ""


_COUNTER_FOOT = (
    "Beleg der Annahmestelle. Das Blatt oben auf die Papiere legen und mit ihnen scannen: Es führt "
    "sie in die Akte. Nichts auf dieses Blatt schreiben."
)
_CLIENT_LEAD = "Sie haben heute diese Unterlagen abgegeben."
_CLIENT_FOOT = (
    "Bitte heben Sie diese Bestätigung auf. Bei Fragen zu diesen Unterlagen nennen Sie die "
    "Belegnummer. Die Bestätigung sagt nichts über den Inhalt der Unterlagen."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterSheet:
    """A receipt: the signed ``cover`` with its number, and what was ``written`` and handed in."""

    cover: Cover
    written: str
    what: str
    sheets: int | None
    day: date
    taken_by: str


def separator_sheets(copies: int) -> bytes:
    """``copies`` separator sheets, a PDF of so many A4 pages."""
    sheet: dict[str, object] = {
        "title": "Trennblatt",
        "lead": _SEPARATOR_LEAD,
        "qr": _svg(SEPARATOR, zxingcpp.BarcodeFormat.QRCode),
        "bar": _svg(SEPARATOR, zxingcpp.BarcodeFormat.Code128),
        "rows": [],
        "foot": _SEPARATOR_FOOT,
    }
    return _typeset("Trennblätter", [sheet] * copies)


def cover_sheets(covers: Sequence[CoverSheet]) -> bytes:
    """One A4 page for every cover, in their order."""
    return _typeset(
        "Deckblätter",
        [
            {
                "title": "Deckblatt",
                "lead": _COVER_LEAD,
                "qr": _svg(one.cover.text, zxingcpp.BarcodeFormat.QRCode),
                "bar": "",
                "rows": [
                    {"label": "Aktenzeichen", "value": one.cover.aktenzeichen},
                    {"label": "Betrifft", "value": one.title or one.cover.schlagwort},
                ],
                "foot": _COVER_FOOT,
            }
            for one in covers
        ],
    )


def counter_sheets(receipt: CounterSheet) -> bytes:
    """Two A4 pages: the one that goes with the papers, and the client's."""
    count = "" if receipt.sheets is None else str(receipt.sheets)
    rows = [
        {"label": "Belegnummer", "value": receipt.cover.receipt},
        {"label": "Aktenzeichen", "value": receipt.written},
        {"label": "Abgegeben am", "value": receipt.day.strftime("%d.%m.%Y")},
        {"label": "Blätter", "value": count},
    ]
    theirs = [
        *rows,
        {"label": "Unterlagen", "value": receipt.what},
        {"label": "Angenommen von", "value": receipt.taken_by},
    ]
    code = _svg(receipt.cover.text, zxingcpp.BarcodeFormat.QRCode)
    with_papers: dict[str, object] = {
        "title": "Deckblatt",
        "lead": _COVER_LEAD,
        "qr": code,
        "bar": "",
        "rows": rows,
        "foot": _COUNTER_FOOT,
    }
    for_client: dict[str, object] = {
        "title": "Bestätigung",
        "lead": _CLIENT_LEAD,
        "qr": "",
        "bar": "",
        "rows": theirs,
        "foot": _CLIENT_FOOT,
    }
    return _typeset(f"Beleg {receipt.cover.receipt}", [with_papers, for_client])


def _svg(text: str, symbology: zxingcpp.BarcodeFormat) -> str:
    return zxingcpp.create_barcode(text, symbology).to_svg(add_quiet_zones=True)


@functools.cache
def _template() -> bytes:
    return resources.files("scanner_inbox").joinpath("covers.typ").read_bytes()


def _typeset(title: str, sheets: Sequence[dict[str, object]]) -> bytes:
    data = json.dumps({"title": title, "sheets": list(sheets)}, ensure_ascii=False)
    made = typst.Compiler(_template()).compile(
        _template(), format="pdf", sys_inputs={"sheets": data}, timestamp=0
    )
    return cast("bytes", made)

"""Separator and cover sheets to print: large words for people, codes for the scanner.

The template is fixed and everything variable reaches it as JSON (typst, as for all that is set
here).  Must not decide who may print a cover for which file.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
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

"""Bytes of text files and mail bodies as text, whatever encoding they were written in."""

from __future__ import annotations

import codecs
import contextlib
import re

from eakte.recognition.conversion.typesetting import Block

_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:\-]{2,30})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CUT = "[Der Text ist länger; das Weitere steht im Original.]"


def decoded(data: bytes, declared: str | None = None) -> str:
    """``data`` by its byte order mark, as UTF-8, as ``declared``, else as Windows-1252.

    UTF-8 goes before the declaration: text in another encoding is hardly ever valid UTF-8, while
    wrong declarations are common.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for claimed in ("utf-8", declared or ""):
        if _is_for_text(claimed):
            with contextlib.suppress(UnicodeError):
                return data.decode(claimed)
    return data.decode("cp1252", "replace")


def decoded_html(data: bytes, declared: str | None = None) -> str:
    """The same for HTML, which may declare its encoding itself."""
    found = _META.search(data[:4096])
    return decoded(data, declared or (found[1].decode("ascii") if found else None))


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Plain text, line by line as it was written."""
    return (Block(kind="pre", text=text.strip("\n")),) if text.strip() else ()


def cut(text: str, most: int) -> tuple[str, bool]:
    """At most ``most`` characters, ending with a sentence that says so; was it cut?"""
    if len(text) <= most:
        return text, False
    return f"{text[:most]}\n\n{CUT}", True


def _is_for_text(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding  # what `bytes.decode` asks too
    except LookupError:
        return False

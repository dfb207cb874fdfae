"""A document's own PDF/A out of the archive copy of its source: chosen pages, in order, turned.

The source's copy was checked when it was made; its pages go through untouched with their words, so
that what is assembled here stays PDF/A-2b.  Takes a few milliseconds, so nothing is stored twice.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name, pdfa

from eakte.recognition.xmp import FLAVOUR, write_note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eakte.domain.proof import TransferNote


def excerpt(
    archive: Path, pages: Sequence[tuple[int, int]] | None, note: TransferNote | None
) -> bytes:
    """``archive`` with ``pages`` as (number from 1, degrees clockwise to turn) and ``note``.

    ``pages`` None: all as they are.  Of the note's anomalies only those of these pages and of the
    whole source go along.  The same input gives the same bytes.
    """
    with pikepdf.open(archive) as pdf:
        if pages is not None:
            _choose(pdf, pages)
        if note is not None:
            write_note(pdf, note if pages is None else _of_pages(note, pages))
        out = io.BytesIO()
        pdf.save(out, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
        return out.getvalue()


def _choose(pdf: pikepdf.Pdf, pages: Sequence[tuple[int, int]]) -> None:
    chosen = [(pdf.pages[number - 1], turn) for number, turn in pages]
    del pdf.pages[:]
    for page, turn in chosen:
        page.obj[Name.Rotate] = (int(page.obj.get(Name.Rotate, 0)) + turn) % 360
        pdf.pages.append(page)


def _of_pages(note: TransferNote, pages: Sequence[tuple[int, int]]) -> TransferNote:
    numbers = {number for number, _ in pages}
    anomalies = tuple(one for one in note.anomalies if one.page is None or one.page in numbers)
    return replace(note, anomalies=anomalies)

"""How much of a file is too much.

The numbers leave room for what job centres really scan (plans up to A0 at 300 dpi, files of several
hundred sheets) and stop what only wants to use up memory.  ``docs/operations.md`` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eakte.errors import IntakeError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds for one source.

    ``source_bytes``: size of the file.  ``pages``: sheets in it.  ``objects``: what a PDF is made
    of (a page of a scan takes about five, of a tagged text a hundred).

    ``page_pixels``: pixels of one page image as it came in (A0 at 300 dpi has 139.5 million).
    ``work_pixels``: pixels of the image handed to recognition (A3 at 300 dpi has 17.4 million); a
    larger page is read at a lower resolution, down to ``lowest_dpi``.

    Of a mail or a PDF with attachments: ``attachments`` that are shown, the rest is listed;
    ``nesting`` of mails in mails and archives in archives; ``mail_bytes`` of the whole message;
    ``text_chars`` of a body or text file that are set; ``office_seconds`` for one office file,
    ``prepare_seconds`` for all parts of a source together.

    Of a ZIP: ``members`` in it, ``unpacked_bytes`` of all of them, ``ratio`` of unpacked to packed
    bytes of one member (checked above a megabyte).
    """

    source_bytes: int = 2_000_000_000
    pages: int = 5_000
    objects: int = 500_000
    page_pixels: int = 160_000_000
    work_pixels: int = 35_000_000
    lowest_dpi: int = 50
    attachments: int = 200
    nesting: int = 3
    mail_bytes: int = 100_000_000
    text_chars: int = 1_000_000
    office_seconds: float = 60.0
    prepare_seconds: float = 300.0
    members: int = 1_000
    unpacked_bytes: int = 2_000_000_000
    ratio: int = 200


def refuse_large(path: Path, limits: Limits) -> None:
    """Raises ``IntakeError`` (``too_large``) for a file of more than ``source_bytes``."""
    size = path.stat().st_size
    if size > limits.source_bytes:
        raise IntakeError(
            f"Die Datei ist mit {size // 1_000_000} MB zu groß.",
            remedy="Bitte in kleineren Stapeln scannen.",
            reason="too_large",
        )


def too_many_pages(most: int) -> IntakeError:
    """What to say of a file of more than ``most`` pages."""
    return IntakeError(
        f"Die Datei hat mehr als {most} Seiten.",
        remedy="Bitte in kleineren Stapeln scannen.",
        reason="too_large",
    )

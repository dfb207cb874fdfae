"""How much of a file is too much.

The numbers leave room for what job centres really scan (plans up to A0 at 300 dpi, files of several
hundred sheets) and stop what only wants to use up memory.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds for one source.

    ``source_bytes``: size of the file.  ``pages``: sheets in it.  ``page_pixels``: pixels of one
    page image as it came in (A0 at 300 dpi has 139.5 million).  ``work_pixels``: pixels of the
    image handed to recognition; a larger page is read at a lower resolution, down to
    ``lowest_dpi``.
    """

    source_bytes: int = 2_000_000_000
    pages: int = 5_000
    page_pixels: int = 160_000_000
    work_pixels: int = 66_000_000
    lowest_dpi: int = 50

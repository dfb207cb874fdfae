"""What a search is narrowed by, beside the words that were typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """All that is given must hold; what is empty asks for nothing.

    ``schlagwort`` is an id, ``sender`` a name as letters spell it, ``site`` and ``sub_file`` are
    ids, ``period`` is the day of receipt as ``2026`` or ``2026-03``.
    """

    schlagwort: str = ""
    sender: str = ""
    period: str = ""
    site: str = ""
    sub_file: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is narrowed."""
        return self == SearchFilters()


NO_FILTERS = SearchFilters()

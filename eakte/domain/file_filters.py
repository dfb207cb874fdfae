"""What somebody wants to see of a case file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """All that is given must hold; what is empty asks for nothing.

    ``words`` must each stand in a row of the list (Schlagwort, person, sender, former title) or be
    its day of receipt; ``sender`` is a part of a sender's name; the period is that of receipt,
    both days included; ``only_new``: filed since the reader's last visit.
    """

    sub_file: str = ""
    schlagwort: str = ""
    vorgang_id: str = ""
    sender: str = ""
    received_from: date | None = None
    received_to: date | None = None
    words: tuple[str, ...] = ()
    only_new: bool = False

    @property
    def is_empty(self) -> bool:
        """Everything is wanted."""
        return self == FileFilter()

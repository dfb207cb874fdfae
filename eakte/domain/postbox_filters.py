"""Which letters of a postbox one wants to see."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

TEXT_LENGTH = 100
OVERDUE = -1
"""As ``within_days``: the end of the period has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostboxFilter:
    """What a letter must have to be listed; empty parts ask for nothing.

    ``schlagwort`` and ``site`` are ids; ``within_days``: a period in which the authority has to
    act ends within so many days, today being 0 (``OVERDUE``: it has ended); ``text`` stands in the
    name of a person, in the sender or in the file's number.
    """

    schlagwort: str = ""
    site: str = ""
    text: str = ""
    urgent: bool = False
    within_days: int | None = None

    def __bool__(self) -> bool:
        """Whether it asks for anything."""
        return self != PostboxFilter()

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> PostboxFilter:
        """The reverse; parts that a later version does not know are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: part for name, part in value.items() if name in known})

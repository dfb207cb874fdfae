"""Templates of notes that are written at the desk."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class NoteFieldKind(enum.StrEnum):
    """How a field is filled in; the words stand in ``config/vorlagen``."""

    LINE = "zeile"
    TEXT = "text"
    CHOICE = "auswahl"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteField:
    """One field; ``values`` are those of a choice."""

    name: str
    title: str
    kind: NoteFieldKind
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTemplate:
    """A kind of note: what it asks for, and the Schlagwort that it is filed under."""

    id: str
    title: str
    schlagwort: str
    fields: tuple[NoteField, ...]

"""A Schlagwort as the catalogue in ``config/schlagworte`` describes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Schlagwort:
    """The label a document is filed under, and what follows from it.

    ``function`` acts on it, ``copies`` are the functions that get it zur Kenntnis, ``subfile`` is
    where it is filed (None: never in a client's file), ``urgent`` puts it on top of the postbox,
    ``incoming`` is false for the authority's own notices and notes.
    """

    id: str
    title: str
    function: str
    copies: tuple[str, ...] = ()
    subfile: str | None = None
    urgent: bool = False
    incoming: bool = True
    description: str = ""

"""A file that moves, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from eakte.services.moving_views import MoveView
from web.presenters import german

HERE = "/zustaendigkeiten/umzug"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A move that waits for its day."""

    text: str
    version: int
    url: str


def url_of(aktenzeichen: str, **more: str) -> str:
    """The screen of one file."""
    return f"{HERE}?{urlencode({'aktenzeichen': aktenzeichen, **more})}"


def lines(moves: Iterable[MoveView]) -> list[MoveLine]:
    """One sentence a move: ``Ab Mo., 23.11.2026 nach Tönning; 1 Vorgang bleibt``."""
    return [
        MoveLine(text=_text(one), version=one.version, url=f"{HERE}/{quote(one.id)}/zuruecknehmen")
        for one in moves
    ]


def _text(one: MoveView) -> str:
    where = f"nach {one.site}" if one.site else ""
    whom = f"an {one.name} ({one.function})" if one.name else ""
    kept = german.plural(one.kept, "Vorgang bleibt", "Vorgänge bleiben") if one.kept else ""
    place = german.joined((where, whom), " ")
    return german.joined((f"Ab {german.weekday(one.effective)} {place}", kept), "; ") + "."

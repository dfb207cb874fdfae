"""Documents that came before, as lists and screens name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.views import TwinView
from web.presenters import german


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another document that says the same: where it is, what and when, how alike (``99 %``)."""

    url: str
    title: str
    day: str
    alike: str


def twins_of(twins: Iterable[TwinView]) -> tuple[Twin, ...]:
    """The likest first; only those that the reader may open come here."""
    return tuple(
        Twin(
            url=f"/dokumente/{quote(twin.document_id)}",
            title=twin.title,
            day=german.day(twin.received),
            alike=german.percent(twin.score),
        )
        for twin in twins
    )

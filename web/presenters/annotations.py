"""What people put on pages, as the viewer draws and the side panel lists it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eakte.services.annotations import AnnotationKind
from web.presenters import german

if TYPE_CHECKING:
    from eakte.services.views import AnnotationView

KINDS = {
    AnnotationKind.NOTE: "Notiz",
    AnnotationKind.HIGHLIGHT: "Hervorhebung",
    AnnotationKind.STAMP: "Stempel",
}
STAMPS = ("geprüft", "berechnet", "Kopie versandt", "Original zurück", "ungültig")
CORNERS = {
    "oben rechts": (0.66, 0.02),
    "oben links": (0.03, 0.02),
    "Mitte": (0.35, 0.45),
    "unten rechts": (0.66, 0.88),
    "unten links": (0.03, 0.88),
}
"""Where something is put without a mouse: its left upper corner, as fractions of the page."""
SIZES = {
    AnnotationKind.NOTE: (0.31, 0.1),
    AnnotationKind.HIGHLIGHT: (0.31, 0.025),
    AnnotationKind.STAMP: (0.28, 0.045),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationRow:
    """One annotation: ``box`` and ``marks`` as the viewer's scripts read them."""

    id: str
    version: int
    page: int
    kind: str
    title: str
    box: str
    marks: str
    text: str
    by: str
    own: bool


def annotation_rows(views: Iterable[AnnotationView]) -> tuple[AnnotationRow, ...]:
    """In the order of the pages."""
    return tuple(
        AnnotationRow(
            id=one.id,
            version=one.version,
            page=one.page,
            kind=one.kind,
            title=KINDS[AnnotationKind(one.kind)],
            box=" ".join(f"{side:.5f}" for side in one.box),
            marks=json.dumps({"page": one.page, "boxes": [list(one.box)]}),
            text=one.text,
            by=f"{one.author}, {german.moment(one.made_at)}",
            own=one.own,
        )
        for one in views
    )


def by_page(rows: Iterable[AnnotationRow]) -> Mapping[int, tuple[AnnotationRow, ...]]:
    """The same by page number."""
    answer: dict[int, tuple[AnnotationRow, ...]] = defaultdict(tuple)
    for row in rows:
        answer[row.page] = (*answer[row.page], row)
    return answer


def box_of(place: str, kind: AnnotationKind) -> tuple[float, ...]:
    """The box that a form names: a corner, or four numbers; empty where it names none."""
    if place in CORNERS:
        left, top = CORNERS[place]
        width, height = SIZES[kind]
        return left, top, left + width, top + height
    try:
        return tuple(float(one) for one in place.split())
    except ValueError:
        return ()

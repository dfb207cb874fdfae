"""Pages as the viewer needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from eakte.domain.page_lists import Removal
from web.presenters.annotations import AnnotationRow, by_page

if TYPE_CHECKING:
    from eakte.services.views import PageView

PREVIEW_WIDTH = 1240
THUMBNAIL_WIDTH = 160
NO_TEXT = "kein lesbarer Text"
"""What a page without a single word is called: a photograph, a drawing."""

REMOVALS = {
    Removal.BLANK: "leer",
    Removal.DUPLICATE: "doppelt",
    Removal.ELSEWHERE: "gehört woanders hin",
    Removal.COVER: "Deckblatt",
}
"""Why a page was taken out of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerPage:
    """One page: where its images are and which shape it has, so that nothing jumps on loading.

    ``aspect`` is width / height; ``width`` and ``height`` are the pixels reserved for the image.
    ``turn`` is how far the page desk turned it (degrees clockwise); words and marks turn with it.
    ``address`` leads to the page wherever it stands later.
    """

    number: int
    image_url: str
    thumbnail_url: str
    width_mm: float
    height_mm: float
    turn: int = 0
    address: str = ""
    annotations: tuple[AnnotationRow, ...] = ()

    @property
    def aspect(self) -> float:
        """Width over height, as CSS wants it."""
        return round(self.width_mm / self.height_mm, 5)

    @property
    def width(self) -> int:
        """Pixels of width reserved for the page image."""
        return PREVIEW_WIDTH

    @property
    def height(self) -> int:
        """Pixels of height reserved for the page image."""
        return round(PREVIEW_WIDTH * self.height_mm / self.width_mm)

    @property
    def thumbnail_height(self) -> int:
        """Pixels of height reserved for the thumbnail."""
        return round(THUMBNAIL_WIDTH * self.height_mm / self.width_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedPage:
    """A page taken out of the document (blank, for instance), which can still be looked at."""

    source_page: int
    image_url: str
    width: int
    height: int
    turn: int
    reason: str


def viewer_pages(
    document_id: str, pages: Iterable[PageView], annotations: Iterable[AnnotationRow] = ()
) -> tuple[ViewerPage, ...]:
    """The kept pages of a document in order, with what people put on them."""
    put_on = by_page(annotations)
    return tuple(
        ViewerPage(
            number=page.number,
            image_url=image_url(document_id, page.page_id, "seite"),
            thumbnail_url=image_url(document_id, page.page_id, "miniatur"),
            width_mm=page.width_mm or 210.0,
            height_mm=page.height_mm or 297.0,
            turn=page.turn,
            address=f"/blatt/{quote(page.page_id)}",
            annotations=put_on.get(page.number, ()),
        )
        for page in pages
        if page.number is not None
    )


def removed_pages(document_id: str, pages: Iterable[PageView]) -> tuple[RemovedPage, ...]:
    """The pages that were taken out."""
    return tuple(
        RemovedPage(
            source_page=page.source_page,
            image_url=image_url(document_id, page.page_id, "seite"),
            width=PREVIEW_WIDTH,
            height=round(PREVIEW_WIDTH * (page.height_mm or 297.0) / (page.width_mm or 210.0)),
            turn=page.turn,
            reason=REMOVALS[page.reason or Removal.BLANK],
        )
        for page in pages
        if page.number is None
    )


def image_url(document_id: str, page_id: str, kind: str) -> str:
    """Where the image of a page is; ``kind`` is ``seite`` or ``miniatur``."""
    return f"/dokumente/{quote(document_id)}/bilder/{quote(page_id)}/{kind}"

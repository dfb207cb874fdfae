"""One way to look at the pages of any source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from PIL.Image import Image

    from eakte.domain.pages import Word

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedText:
    """Sound, visible text that came with a page, boxes on the page after ``turn``.

    ``turn`` is how far the page must be turned clockwise for this text to stand upright.
    ``pictures`` says that the page also shows images large enough to hold text of their own.
    """

    words: tuple[Word, ...]
    turn: int = 0
    pictures: bool = False


class SourcePage(Protocol):
    """A page as a viewer would show it: ``/Rotate`` and EXIF orientation are already applied."""

    width_mm: float
    height_mm: float
    native_dpi: float
    """Resolution of the scan; 0 where the page is drawn and has none."""

    def embedded_text(self) -> EmbeddedText | None:
        """The text that came with the page, None where there is none that can be trusted."""
        ...

    def render(self, dpi: int) -> Image:
        """The page as an ``L`` or ``RGB`` image on white, the same resolution both ways."""
        ...


class Source(Protocol):
    """An open file.  Closed by leaving the context."""

    page_count: int

    def page(self, number: int) -> SourcePage:
        """Page ``number`` (from 1).  Raises ``IntakeError`` where it can't be read."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

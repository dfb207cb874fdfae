"""Lists of pages and what the page desk does to them: split, merge, move, turn, remove, restore.

Pure values.  Whatever is done, every page stays in exactly one list: an action gives back lists
that together hold the very pages that went in (``tests/contract/test_page_desk.py`` holds it).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from eakte.errors import NotFound, NotPermitted


class Removal(enum.StrEnum):
    """Why a page was taken out of a document; it stays visible and can be restored."""

    BLANK = "blank"
    DUPLICATE = "duplicate"
    ELSEWHERE = "elsewhere"
    COVER = "cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page in a document's list; ``turn`` in degrees clockwise beyond the upright page.

    ``removed`` is the reason of a removed page, None for a kept one.
    """

    page_id: str
    turn: int = 0
    removed: Removal | None = None


PageList = tuple[ListedPage, ...]
Stack = Mapping[str, PageList]
"""Lists by document id, in the order in which they stand on the desk."""


def kept(pages: Iterable[ListedPage]) -> list[str]:
    """Ids of the kept pages in their order."""
    return [page.page_id for page in pages if page.removed is None]


def split(pages: PageList, before: Collection[str]) -> list[PageList]:
    """``pages`` in parts, a new one beginning at every kept page of ``before``.

    A removed page stays with what stands before it. Raises ``NotPermitted`` where nothing would be
    cut off.
    """
    parts: list[list[ListedPage]] = [[]]
    for page in pages:
        if page.page_id in before and page.removed is None and kept(parts[-1]):
            parts.append([])
        parts[-1].append(page)
    if len(parts) < 2:
        raise NotPermitted(
            "Vor der ersten Seite gibt es nichts abzutrennen.",
            remedy="Die Seite wählen, mit der das nächste Dokument beginnt.",
        )
    return [tuple(part) for part in parts]


def turn(pages: PageList, chosen: Collection[str], degrees: int) -> PageList:
    """The chosen pages turned clockwise by ``degrees`` (a multiple of 90, negative: back)."""
    return _changed(pages, chosen, lambda one: replace(one, turn=(one.turn + degrees) % 360))


def remove(pages: PageList, chosen: Collection[str], reason: Removal) -> PageList:
    """The chosen pages taken out; raises ``NotPermitted`` where none would be left."""
    made = _changed(pages, chosen, lambda one: replace(one, removed=one.removed or reason))
    if not kept(made):
        raise NotPermitted(
            "Die letzte Seite eines Dokuments kann nicht entfernt werden.",
            remedy="Gehört das ganze Dokument nicht hierher, geben Sie es an die Klärung.",
        )
    return made


def restore(pages: PageList, chosen: Collection[str]) -> PageList:
    """The chosen pages back where they stood."""
    return _changed(pages, chosen, lambda one: replace(one, removed=None))


def merge(stack: Stack, upper: str, lower: str) -> dict[str, PageList]:
    """All pages of ``lower`` behind those of ``upper``; ``lower`` is left empty."""
    return {**stack, upper: stack[upper] + stack[lower], lower: ()}


def move(
    stack: Stack, chosen: Collection[str], target: str, before: str | None
) -> dict[str, PageList]:
    """The chosen pages, in their order, into ``target`` before that page (None: at its end).

    A document that keeps no page gives its removed ones along: it is left empty.
    """
    pages = {page.page_id: page for page in chain.from_iterable(stack.values())}
    if before in chosen:
        raise NotPermitted("Eine Seite kann nicht vor sich selbst rücken.")
    made = {
        name: tuple(page for page in listed if page.page_id not in chosen)
        for name, listed in stack.items()
    }
    moving = tuple(page for one, page in pages.items() if one in chosen)
    for name, listed in made.items():
        if name != target and listed and not kept(listed):
            moving, made[name] = moving + listed, ()
    staying = made[target]
    at = next((at for at, one in enumerate(staying) if one.page_id == before), None)
    if before is not None and at is None:
        raise NotFound("Diese Seite steht nicht mehr in dem Dokument.")
    at = len(staying) if at is None else at
    made[target] = staying[:at] + moving + staying[at:]
    return made


def step(pages: PageList, chosen: Collection[str], forward: int) -> PageList:
    """The chosen pages one place on (``forward`` 1) or back (-1) among the kept ones.

    They keep together; at the end of the list nothing changes. Removed pages follow the kept page
    before them, so that a blank back stays behind its front.
    """
    sheets: list[list[ListedPage]] = [[]]
    for page in pages:
        if page.removed is None or not sheets[-1]:
            sheets.append([])
        sheets[-1].append(page)
    groups = [sheet for sheet in sheets if sheet]
    order = range(len(groups) - 1, -1, -1) if forward > 0 else range(len(groups))
    blocked = len(groups) if forward > 0 else -1
    for at in order:
        if groups[at][0].page_id not in chosen:
            continue
        if at + forward == blocked:
            blocked = at
            continue
        groups[at], groups[at + forward] = groups[at + forward], groups[at]
    return tuple(chain.from_iterable(groups))


def renumbering(before: Iterable[ListedPage], after: Iterable[ListedPage]) -> dict[int, int]:
    """Where the kept pages of ``before`` (from 1) stand in ``after``, without those that left."""
    places = {page_id: number for number, page_id in enumerate(kept(after), start=1)}
    return {
        number: places[page_id]
        for number, page_id in enumerate(kept(before), start=1)
        if page_id in places
    }


def _changed(
    pages: PageList, chosen: Collection[str], change: Callable[[ListedPage], ListedPage]
) -> PageList:
    return tuple(change(page) if page.page_id in chosen else page for page in pages)

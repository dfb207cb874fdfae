"""Which pages of a run make up which letter.  Pure: numbers in, numbers out.

Whatever comes in, every page is in exactly one place: kept or removed in one letter, or among the
separators; and the pages of a letter stand in the order of the run.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from eakte.domain.pages import SheetKind


@dataclass(frozen=True, slots=True)
class Letter:
    """Pages of one letter in their order; ``removed`` are blank sides and the cover sheet."""

    pages: tuple[int, ...]
    removed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Division:
    """The letters of a run, and the sheets that belong to none."""

    letters: tuple[Letter, ...]
    separators: tuple[int, ...]


Run = Sequence[tuple[int, SheetKind]]
"""Page numbers of a source with what sheet each is, in the order in which they are to be read."""


def divide(run: Run, cuts: Collection[int] = (), noted: Collection[int] = ()) -> Division:
    """Cut ``run`` at separators, at covers, and before the pages of ``cuts``.

    ``noted`` are our own sheets with something written on them.  A separator among them, which
    comes as a page, still separates: it is a letter of its own, so that a person sees it.  A cover
    among them is not removed.

    Blank sides are removed, the cover too, except where nothing else would be left: a letter is
    never empty.  Blank sides beside a separator go to the letter next to them; where there is no
    letter at all, they are the separator's own back.
    """
    kinds = dict(run)
    groups, separators = _groups(run, cuts, noted)
    letters = [group for group in groups if any(kinds[one] is not SheetKind.BLANK for one in group)]
    if not letters:
        blank = tuple(number for group in groups for number in group)
        if not blank or separators:
            return Division((), tuple(number for number, _ in run))
        return Division((Letter(blank),), ())
    joined = _with_blanks(groups, kinds)
    letters_made = tuple(_letter(group, kinds, noted) for group in joined)
    return Division(letters_made, tuple(separators))


def proposable(run: Run, noted: Collection[int] = ()) -> list[int]:
    """The pages before which a proposed cut makes sense: content after content, in one group."""
    kinds = dict(run)
    groups, _ = _groups(run, (), noted)
    return [
        number
        for group in groups
        for number in [one for one in group if kinds[one] is SheetKind.PAGE][1:]
    ]


def _groups(
    run: Run, cuts: Collection[int], noted: Collection[int]
) -> tuple[list[list[int]], list[int]]:
    groups: list[list[int]] = [[]]
    separators: list[int] = []
    behind_note = False
    for number, kind in run:
        if kind is SheetKind.SEPARATOR:
            separators.append(number)
            groups.append([])
            behind_note = False
            continue
        separates = kind is SheetKind.PAGE and number in noted
        ends_note = behind_note and kind is not SheetKind.BLANK
        if kind is SheetKind.COVER or separates or ends_note or number in cuts:
            groups.append([])
        behind_note = separates or (behind_note and not ends_note)
        groups[-1].append(number)
    return [group for group in groups if group], separators


def _with_blanks(groups: list[list[int]], kinds: dict[int, SheetKind]) -> list[list[int]]:
    """Groups of blank sides only are joined to the letter before, else to the one after."""
    joined: list[list[int]] = []
    leading: list[int] = []
    for group in groups:
        if any(kinds[one] is not SheetKind.BLANK for one in group):
            joined.append([*leading, *group])
            leading = []
        elif joined:
            joined[-1].extend(group)
        else:
            leading.extend(group)
    return joined


def _letter(group: list[int], kinds: dict[int, SheetKind], noted: Collection[int]) -> Letter:
    pages = [
        one
        for one in group
        if kinds[one] is SheetKind.PAGE or (kinds[one] is SheetKind.COVER and one in noted)
    ]
    if pages:
        return Letter(tuple(group), frozenset(group) - frozenset(pages))
    covers = [one for one in group if kinds[one] is SheetKind.COVER]
    return Letter(tuple(group), frozenset(group) - frozenset(covers))

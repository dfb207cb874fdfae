"""What a letter says of one known case file when damaged facts are read as well.

Asked only where nothing that could be read as it stands settles whose letter it is.  Everything
found here was printed beside a name or a number that led to the file, and was damaged in a way in
which scanners damage print; that the register knows several people of that name does not matter,
since all of them are laid beside the letter, and two that fit are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from classifiers.damaged import Run, dates_seen, number_seen, runs_on
from classifiers.damaged_addresses import Places
from classifiers.identifiers import Identifiers, NumberSeen
from eakte.domain.register import CaseFileFacts

_MOST_DATES = 12
_LATELY = timedelta(days=400)
"""Days so near the newest one of a letter are its own dates, hardly a birth date."""


class Again:
    """One letter, whose damaged facts are laid beside case files."""

    def __init__(self, found: Identifiers) -> None:
        self._found = found
        self._places = Places(found.sheets)

    @cached_property
    def _runs(self) -> tuple[Run, ...]:
        return runs_on(self._found.sheets)

    def of(self, file: CaseFileFacts, *, numbers: bool) -> Identifiers:
        """The letter's facts with those of ``file`` that stand on it damaged.

        ``numbers``: look for its numbers too; not where a number led somewhere as it was read.
        """
        days = {one.birth_date for one in file.people if one.birth_date is not None}
        return replace(
            self._found,
            numbers=(*self._found.numbers, *(_number(file, self._runs) if numbers else ())),
            customer_numbers=(
                *self._found.customer_numbers,
                *(_customer_numbers(file, self._runs) if numbers else ()),
            ),
            dates=(
                *(
                    replace(one, labelled=True) if days & set(one.days) else one
                    for one in self._found.dates
                ),
                *dates_seen(days, self._runs),
            ),
            addresses=(*self._found.addresses, *self._places.of(file)),
        )

    def of_numbered(self, file: CaseFileFacts) -> Identifiers:
        """The same for a file to which its number led, where the name was lost."""
        days = {one.birth_date for one in file.people if one.birth_date is not None}
        return replace(
            self._found,
            dates=(*self._found.dates, *dates_seen(days, self._runs)),
            addresses=(*self._found.addresses, *self._places.of(file, numbered=True)),
        )

    def days(self) -> list[date]:
        """Days that no word calls a birth date, but may be one."""
        newest = max((day for seen in self._found.dates for day in seen.days), default=None)
        if newest is None:
            return []
        days = {
            day
            for seen in self._found.dates
            if not (seen.labelled or seen.initial)
            for day in seen.days
            if newest - day > _LATELY
        }
        return sorted(days)[:_MOST_DATES]


def _number(file: CaseFileFacts, runs: Iterable[Run]) -> Iterator[NumberSeen]:
    evidence = number_seen((file.aktenzeichen, *file.former_numbers), runs, "kennung.aktenzeichen")
    if evidence is not None:
        yield NumberSeen(value=file.aktenzeichen, evidence=evidence, labelled=True, repaired=True)


def _customer_numbers(file: CaseFileFacts, runs: Iterable[Run]) -> Iterator[NumberSeen]:
    for person in file.people:
        number = person.customer_number
        evidence = number and number_seen((number,), runs, "kennung.kundennummer")
        if number and evidence:
            yield NumberSeen(value=number, evidence=evidence, labelled=True, repaired=True)

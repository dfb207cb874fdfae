"""Facts as the search index holds them: words to be found by, and exact values to filter by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from eakte.domain.facts import Fact, FactKind

_SHORTEST = 3
_NUMBERS = frozenset({FactKind.COURT_NUMBER, FactKind.OBJECTION_NUMBER})


def said_in_words(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Texts for the head of an index document: sender, numbers, corrected days and sums.

    What was read stands in the pages' text as well; what a person corrected stands only here.
    """
    said = []
    for one in facts:
        if one.kind in _NUMBERS or one.kind is FactKind.SENDER:
            said.append(one.value)
        elif one.kind is FactKind.AMOUNT:
            said.append(f"{one.value.replace('.', ',')} €")
        elif one.kind is FactKind.DATED and one.given_by is not None:
            said.append(f"{date.fromisoformat(one.value):%d.%m.%Y}")
    return tuple(said)


def exact_facts(facts: Iterable[Fact]) -> dict[str, tuple[str, ...]]:
    """Values of the fields ``von``, ``betrag``, ``az`` and ``datum`` (the letter's own date).

    A sender is found by the whole name and by each of its words.
    """
    fields: dict[str, dict[str, None]] = {"von": {}, "betrag": {}, "az": {}, "datum": {}}
    for one in facts:
        if one.kind is FactKind.SENDER:
            words = [word for word in re.findall(r"\w+", one.value) if len(word) >= _SHORTEST]
            fields["von"].update(dict.fromkeys((one.value, *words)))
        elif one.kind is FactKind.AMOUNT:
            fields["betrag"][one.value] = None
        elif one.kind in _NUMBERS:
            fields["az"][one.value] = None
        elif one.kind is FactKind.DATED:
            fields["datum"][one.value] = None
    return {name: tuple(values) for name, values in fields.items() if values}

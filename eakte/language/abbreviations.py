"""Abbreviations of the field and what they stand for, in both directions.

The table is a setting (``config/suche/abkuerzungen.toml``), since every authority has its own; it
changes what a query asks for, never what the index holds.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from eakte.errors import SettingsError
from eakte.language.analysis import units
from eakte.language.units import Unit

Phrase = tuple[str, ...]
_K = TypeVar("_K")

_SHORTEST_TERM = 2
_SHORTEST_WORD = 7
_MOST_OF_A_WORD = 3
"""Abbreviations that one word of their long forms asks for."""
_WORDS = frozenset(
    {
        *("ab", "ag", "am", "an", "da", "ei", "er", "es", "ob", "im", "in", "ja", "la", "na", "so"),
        *("um", "wo", "zu", "bis", "fur", "mit", "was", "wer", "wie", "der", "die", "das", "den"),
        *("auf", "eur", "km", "kg", "mag", "mal", "nicht", "deutsch", "allgemein"),
    }
)
"""Terms of ordinary words: an abbreviation only in capitals, and never asked for instead."""


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The table as terms: of an abbreviation its long forms, of a long form its abbreviations.

    ``of_words`` has abbreviations by a single word of their long forms of several words: ``KdU``
    says ``Unterkunft`` as well.
    """

    long_forms: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    short_forms: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)
    of_words: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Iterable[str]]) -> Abbreviations:
        """The table of an abbreviation (or word) and its long forms, as people write them."""
        longer: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
        shorter: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
        words: dict[str, dict[Phrase, None]] = defaultdict(dict)
        for written, meant in table.items():
            short = terms(written)
            if not short or len("".join(short)) < _SHORTEST_TERM:
                continue
            for long_form in meant:
                phrase = terms(long_form)
                longer[short][phrase] = None
                if short[0] in _WORDS:
                    continue
                shorter[phrase][short] = None
                for word in phrase if len(phrase) > 1 else ():
                    if len(word) >= _SHORTEST_WORD and word not in _WORDS:
                        words[word][short] = None
        return cls(_tuples(longer), _tuples(shorter), _tuples(words))

    def other_forms(self, phrase: Phrase, written: str = "") -> tuple[Phrase, ...]:
        """What says the same as ``phrase``: long forms of an abbreviation, then abbreviations."""
        if len(phrase) == 1 and phrase[0] in _WORDS and not written.isupper():
            return ()
        return (*self.long_forms.get(phrase, ()), *self.short_forms.get(phrase, ()))

    def saying(self, word: str) -> tuple[Phrase, ...]:
        """Abbreviations with the term ``word`` in their long form."""
        return self.of_words.get(word, ())[:_MOST_OF_A_WORD]


NO_ABBREVIATIONS = Abbreviations()


def terms(text: str) -> Phrase:
    """The terms of ``text`` that take a place in a phrase."""
    found: Iterable[Unit] = units(text)
    return tuple(token.term for unit in found for token in unit.tokens if not token.extra)


def load_abbreviations(path: Path) -> Abbreviations:
    """Read the table; none where the file is missing.

    Raises ``SettingsError`` that names what is wrong in it.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NO_ABBREVIATIONS
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _malformed(path, str(error)) from error
    table: dict[str, list[str]] = {}
    for name, section in tables.items():
        if not isinstance(section, dict):
            raise _malformed(path, f"„{name}“ steht in keinem Abschnitt [ ]")
        for written, meant in section.items():
            if not _is_long_forms(meant):
                raise _malformed(path, f"„{written}“ braucht eine Liste von Langformen")
            table.setdefault(written, []).extend(meant)
    return Abbreviations.of(table)


def _is_long_forms(meant: object) -> bool:
    return (
        isinstance(meant, list)
        and bool(meant)
        and all(isinstance(one, str) and terms(one) for one in meant)
    )


def _malformed(path: Path, problem: str) -> SettingsError:
    return SettingsError(
        f"Die Abkürzungen in {path} sind nicht lesbar: {problem}.",
        remedy='So schreiben: WBA = ["Weiterbewilligungsantrag"], unter einer Zeile [leistung]; '
        'mit Umlaut oder Leerzeichen links in Anführungszeichen: "ÜPA" = ["Überprüfungsantrag"].',
    )


def _tuples(found: Mapping[_K, Iterable[Phrase]]) -> dict[_K, tuple[Phrase, ...]]:
    return {key: tuple(values) for key, values in found.items()}

"""What a person types into the search box, read as clauses.

Words (all must occur), "phrases", -without, ODER, and fields: ``schlagwort:``, ``akte:``,
``person:``, ``von:``, ``betrag:>500``, ``az:``, ``datum:2026-03..2026-05``, ``seit:``, ``vor:``,
``standort:``, ``teilakte:`` (``query_values.py`` knows what may stand behind them).
Nothing that can be typed is an error: what is not understood is searched for as words, and a hint
says so in plain German.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from eakte.domain.search import Clause, Weaker
from eakte.language.amounts import amount_of, canonical
from eakte.language.analysis import Unit, exact_key, units
from eakte.language.folding import fold
from eakte.language.query_parsed import ParsedQuery, bounded
from eakte.language.query_values import (
    DAYS,
    FIELDS,
    LONGEST_VALUE,
    OFFERED,
    Sums,
    days,
    like_field,
    sums,
)
from eakte.language.stems import term_of, typed_so_far
from eakte.language.tax_ids import without_tax_ids

LONGEST_QUERY = 1_000
"""Characters; what stands behind them is left out, with a hint."""
MOST_CLAUSES = 32
_T = TypeVar("_T")
WeakerWays = Callable[[Unit], tuple[Weaker, ...]]
"""The weaker ways to find a unit, the strongest first (``expansion.py``)."""

__all__ = ["LONGEST_QUERY", "MOST_CLAUSES", "ParsedQuery", "WeakerWays", "no_weaker", "parse"]

_QUOTES = str.maketrans("„“”«»‟", '""""""')
_ITEM = re.compile(
    r"(?P<minus>(?:(?<!\S)-)?)"
    r'(?:"(?P<phrase>[^"]*)"'
    r'|(?P<field>[^\W\d_]{2,20}):(?P<value> ?"[^"]*"| ?[^\s"]+|)'
    r"|(?P<or>(?<!\S)(?:ODER|OR|\|\|?)(?!\S))"
    r"|(?P<and>(?<!\S)(?:UND|AND|&&?|\+)(?!\S))"
    r"|(?P<not>(?<!\S)(?:NICHT|NOT)(?!\S)))"
)
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\s-])")
_WORD = re.compile(r'[^\s"]+')
_LEADING_STAR = re.compile(r"(?<!\S)[*?]+(?=\w)|(?<=\w)[*?]+(?=\w)")
_STAR = re.compile(r"(?<=\w)\*(?!\w)")
_SMALL_OR = re.compile(r"\s*\S+\s+oder\s+\S+\s*")
_PARENTHESES = re.compile(r"\([^()]*\s[^()]*\)\s*(?:ODER|OR)\b|\b(?:ODER|OR)\s*\([^()]*\s")
# So frequent that asking for them changes nothing; only left out beside other words.
_FREQUENT = (
    "am an auf aus bei das dem den der des die ein eine einem einen einer eines es für im in ist "
    "mit nach oder und vom von zu zum zur"
)
_STOP_WORDS = frozenset(map(term_of, _FREQUENT.split()))


def no_weaker(_unit: Unit) -> tuple[Weaker, ...]:
    """Only the word itself."""
    return ()


def parse(
    text: str,
    *,
    typing: bool = False,
    today: date | None = None,
    weaker: WeakerWays = no_weaker,
) -> ParsedQuery:
    """Read ``text``; never raises.

    ``typing``: the last word is still being typed and may go on (unless a blank follows it).
    ``today`` makes sense of ``datum:gestern``; ``weaker`` adds to each word what else finds it.
    """
    reading = _Reading(today=today, weaker=weaker)
    text = reading.cleaned(text)
    open_end = typing and bool(text) and not text[-1].isspace()
    position = looked = 0
    while match := _ITEM.search(text, looked):
        if match["field"] is not None and not reading.knows(match["field"], match["value"]):
            looked = max(match.start("value"), match.start() + 1)
            continue
        reading.words(text[position : match.start()])
        position = looked = reading.item(match, open_end=open_end and match.end() == len(text))
    reading.words(text[position:], open_end=open_end)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """What has been understood so far."""

    today: date | None
    weaker: WeakerWays
    clauses: list[Clause] = field(default_factory=list)
    stops: set[int] = field(default_factory=set)
    hints: dict[str, None] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    least: int | None = None
    most: int | None = None
    join: bool = False
    exclude: bool = False

    def hint(self, sentence: str) -> None:
        self.hints[sentence] = None

    def cleaned(self, text: str) -> str:
        if len(text) > LONGEST_QUERY:
            text = text[:LONGEST_QUERY]
            self.hint(f"Die Anfrage ist sehr lang; es zählen die ersten {LONGEST_QUERY} Zeichen.")
        text = _visible(text).translate(_QUOTES)
        if text.count('"') % 2:
            before, _, after = text.rpartition('"')
            text = f"{before} {after}"
            self.hint("Ein Anführungszeichen steht allein und wurde weggelassen.")
        if _LEADING_STAR.search(text):
            text = _LEADING_STAR.sub(" ", text)
            self.hint("Ein Platzhalter (*) ist nur am Ende eines Wortes möglich: Bescheid*.")
        if without_tax_ids(text) != text:
            self.hint(
                "Nach einer Steuer-Identifikationsnummer darf nicht gesucht werden (§ 139b AO)."
            )
        if _SMALL_OR.fullmatch(text):
            self.hint("Soll eines von beiden genügen, schreiben Sie ODER groß.")
        if _PARENTHESES.search(text):
            self.hint("Klammern zählen nicht; ODER verbindet die beiden Wörter neben sich.")
        return text

    def knows(self, name: str, value: str) -> bool:
        """Whether ``name:value`` is a field; else it is a word like any other."""
        if fold(name) in FIELDS:
            return True
        if value and not value.startswith(("//", " ")):
            meant = like_field(name)
            self.hint(
                f"Das Feld „{name}:“ gibt es nicht; gesucht wurde nach den Wörtern. "
                + (f"Meinten Sie „{meant}:“?" if meant else f"Möglich sind {OFFERED}.")
            )
        return False

    def item(self, match: re.Match[str], *, open_end: bool) -> int:
        """Take in what ``match`` is; where the rest of the text begins."""
        self.exclude = self.exclude or bool(match["minus"])
        if match["or"]:
            self.join = bool(self.clauses)
            if not self.join:
                self.hint("ODER braucht links und rechts ein Wort.")
        elif match["not"]:
            self.exclude = True
        elif match["phrase"] is not None:
            self.phrase(match["phrase"])
        elif match["field"] is not None:
            return self.field(match, open_end=open_end)
        return match.end()

    def phrase(self, text: str) -> None:
        terms = tuple(
            token.term for unit in units(text) for token in unit.tokens if not token.extra
        )
        whole = tuple(units(text))
        forms = whole[0].forms if len(whole) == 1 else (terms,)
        self.add(Clause(alternatives=forms) if terms else None)

    def field(self, match: re.Match[str], *, open_end: bool) -> int:
        written, value = match["field"], match["value"].strip().strip('"').strip()
        name = FIELDS[fold(written)]
        if not value:
            if not open_end:
                self.hint(f"Hinter „{written}:“ fehlt ein Wert.")
            self.exclude = self.join = False
            return match.end()
        if name in DAYS:
            period, end = _longest(match, lambda text: days(name, text, self.today))
            self.period(written, value, period)
            return end
        if name == "betrag":
            found, end = _longest(match, sums)
            if found is None:
                self.hint(
                    f"„{written}:{value}“ ist keine Summe. Beispiele: betrag:412,60, "
                    "betrag:>500, betrag:100..200."
                )
                self.exclude = self.join = False
                return end
            if found[0] != found[1]:
                self.amount(found)
                return end
        amount = amount_of(value) if name == "betrag" else None
        key = exact_key(canonical(amount) if amount is not None else value.rstrip("*"))
        if not key:
            self.hint(f"Hinter „{written}:“ fehlt ein Wert.")
        is_open = (open_end or value.endswith("*")) and not match["value"].endswith('"')
        prefixes = ((key,),) if is_open and name != "betrag" else ()
        self.add(Clause(alternatives=((key,),), prefixes=prefixes, field=name) if key else None)
        return match.end()

    def period(self, name: str, value: str, found: tuple[date | None, date | None] | None) -> None:
        if found is None:
            self.hint(
                f"„{name}:{value}“ wurde nicht verstanden. Beispiele: datum:2026, datum:2026-03, "
                "datum:01.03.2026, datum:2026-03..2026-05, seit:gestern."
            )
        elif self.exclude or self.join:
            self.hint("Ein Zeitraum gilt immer für die ganze Anfrage, ohne - und ODER.")
        else:
            start, end = found
            self.start = max(filter(None, (self.start, start)), default=None)
            self.end = min(filter(None, (self.end, end)), default=None)
        self.exclude = self.join = False

    def amount(self, found: Sums) -> None:
        if self.exclude or self.join:
            self.hint("Eine Spanne von Summen gilt immer für die ganze Anfrage, ohne - und ODER.")
        else:
            least, most = found
            self.least = max((s for s in (self.least, least) if s is not None), default=None)
            self.most = min((s for s in (self.most, most) if s is not None), default=None)
        self.exclude = self.join = False

    def words(self, text: str, *, open_end: bool = False) -> None:
        """Plain words; a dash right before one excludes it, a star behind one leaves it open."""
        dashes = [match.end() for match in _EXCLUDED.finditer(text)]
        stars = {match.start() for match in _STAR.finditer(text)}
        for unit in units(_EXCLUDED.sub(" ", text)):
            if dashes and dashes[0] <= unit.start:
                del dashes[0]
                self.exclude = True
            last = open_end and unit.end == len(text.rstrip())
            opened = last or unit.end in stars
            clause = _opened(unit, text) if opened else Clause(alternatives=unit.forms)
            stop = _is_stop_word(unit) and not opened
            if not (opened or stop or self.exclude):
                clause = replace(clause, weaker=self.weaker(unit))
            self.add(clause, stop=stop)

    def add(self, clause: Clause | None, *, stop: bool = False) -> None:
        """Append ``clause``, or join it to the last one where ODER stands between."""
        exclude, self.exclude = self.exclude, False
        join, self.join = self.join, False
        if clause is None:
            return
        if exclude:
            clause = replace(clause, excluded=True, weaker=())
        last = self.clauses[-1] if self.clauses else None
        if join and last is not None:
            if last.excluded == exclude and last.field == clause.field:
                self.clauses[-1] = replace(
                    clause,
                    alternatives=last.alternatives + clause.alternatives,
                    prefixes=last.prefixes + clause.prefixes,
                    weaker=last.weaker + clause.weaker,
                )
                self.stops.discard(len(self.clauses) - 1)
                return
            self.hint("ODER verbindet nur Gleiches: zwei Wörter oder zwei Werte eines Feldes.")
        if stop and not exclude:
            self.stops.add(len(self.clauses))
        self.clauses.append(clause)

    def result(self) -> ParsedQuery:
        if self.join:
            self.hint("ODER braucht links und rechts ein Wort.")
        kept = [c for place, c in enumerate(self.clauses) if place not in self.stops]
        is_bounded = (self.start, self.end, self.least, self.most) != (None,) * 4
        if all(clause.excluded for clause in kept) and not is_bounded:
            kept = self.clauses
        if len(kept) > MOST_CLAUSES:
            kept = kept[:MOST_CLAUSES]
            self.hint(f"Die Anfrage hat sehr viele Wörter; es zählen die ersten {MOST_CLAUSES}.")
        if self.start and self.end and self.start > self.end:
            self.hint("Die Zeiträume der Anfrage überschneiden sich nicht.")
        if self.least is not None and self.most is not None and self.least > self.most:
            self.hint("Die Summen der Anfrage schließen einander aus.")
        if kept and all(clause.excluded for clause in kept) and not is_bounded:
            self.hint("Die Anfrage schließt nur aus; bitte auch angeben, was gesucht wird.")
        return ParsedQuery(
            clauses=bounded(kept),
            received_from=self.start,
            received_to=self.end,
            amount_from=self.least,
            amount_to=self.most,
            hints=tuple(self.hints),
        )


def _visible(text: str) -> str:
    """``text`` without signs that show nothing (zero width, directions); controls are blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if kind in ("Cc", "Zl", "Zp") else char
        for char in text
        if (kind := unicodedata.category(char)) != "Cf" or char == "\u00ad"
    )


def _longest(match: re.Match[str], read: Callable[[str], _T | None]) -> tuple[_T | None, int]:
    """What ``read`` makes of the value and the words behind it, as many as make sense.

    Words in quotation marks are the whole value.
    """
    if match["value"].endswith('"'):
        return read(match["value"].strip().strip('"')), match.end()
    text, start = match.string, match.start("value")
    ends = [word.end() for word in _WORD.finditer(text, start)][:LONGEST_VALUE]
    for end in reversed(ends):
        found = read(text[start:end].strip()) if '"' not in text[start:end] else None
        if found is not None:
            return found, end
    return None, match.end()


def _is_stop_word(unit: Unit) -> bool:
    return len(unit.forms) == 1 and len(unit.forms[0]) == 1 and unit.forms[0][0] in _STOP_WORDS


def _opened(unit: Unit, text: str) -> Clause:
    alternatives = list(unit.forms)
    prefixes: list[tuple[str, ...]] = []
    for form, written in _typed_forms(unit, text):
        exact, prefix = typed_so_far(written)
        alternatives += [(*form, term) for term in sorted(exact)]
        if prefix:
            prefixes.append((*form, prefix))
    return Clause(alternatives=tuple(dict.fromkeys(alternatives)), prefixes=tuple(prefixes))


def _typed_forms(unit: Unit, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The terms before the unfinished word, and that word as written."""
    for form in unit.forms:
        *before, last = form
        token = next((token for token in unit.tokens if token.term == last), None)
        written = text[token.start : token.end] if token else last
        yield tuple(before), written if written.isalpha() else last

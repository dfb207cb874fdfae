"""What a person types into the search box, read as clauses.

Words (all must occur), "phrases", -without, ODER, and fields: ``schlagwort:``, ``akte:``,
``person:``, ``von:``, ``betrag:>500``, ``az:``, ``datum:2026-03..2026-05``, ``seit:``, ``vor:``,
``standort:``, ``teilakte:`` (``query_values.py`` knows what may stand behind them).
Nothing that can be typed is an error: what is not understood is searched for as words, and a hint
says so in plain German.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from eakte.domain.search import Clause, Weaker
from eakte.language.amounts import amount_of, canonical
from eakte.language.analysis import Unit, exact_key, units
from eakte.language.folding import fold
from eakte.language.query_parsed import ParsedQuery, bounded
from eakte.language.query_text import is_stop_word, opened, parted, says_something, visible
from eakte.language.query_values import (
    DAYS,
    FIELDS,
    LONGEST_VALUE,
    OFFERED,
    Sums,
    days,
    like_field,
    name_goes_on,
    number_behind,
    sender_words,
    sums,
)
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
_WORD = re.compile(r'[^\s"]+')
_LEADING_STAR = re.compile(r"(?<!\S)[*?]+(?=\w)|(?<=\w)[*?]+(?=\w)")
_DASHED = re.compile(r"(?<!\S)-\S+")
_STAR = re.compile(r"(?<=\w)\*(?!\w)")
_OR_FOLLOWS = re.compile(r"\s+(?:ODER|OR|\|\|?)(?!\S)")
_SMALL_OR = re.compile(r"\s*\S+\s+oder\s+\S+\s*")
_PARENTHESES = re.compile(r"\([^()]*\s[^()]*\)\s*(?:ODER|OR)\b|\b(?:ODER|OR)\s*\([^()]*\s")


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
        position = looked = reading.item(match, open_end=open_end)
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
        text = visible(text).translate(_QUOTES)
        if text.count('"') % 2:
            before, _, after = text.rpartition('"')
            text = f"{before} {after}"
            self.hint("Ein Anführungszeichen steht allein und wurde weggelassen.")
        if _LEADING_STAR.search(text):
            text = _DASHED.sub(lambda match: _LEADING_STAR.sub(" -", match.group()), text)
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
        if self.joins_a_field and exact_key(text):
            self.value(self.clauses[-1].field or "", text)
            return
        terms = tuple(
            token.term for unit in units(text) for token in unit.tokens if not token.extra
        )
        whole = tuple(units(text))
        forms = whole[0].forms if len(whole) == 1 else (terms,)
        self.add(Clause(alternatives=forms) if terms else None)

    @property
    def joins_a_field(self) -> bool:
        """Whether ODER stands behind a value of a field: what follows is another one."""
        return self.join and bool(self.clauses) and self.clauses[-1].field is not None

    def field(self, match: re.Match[str], *, open_end: bool) -> int:
        """Take in a field; where the rest begins.  ``open_end``: the text may go on."""
        written, value = match["field"], match["value"].strip().strip('"').strip()
        name = FIELDS[fold(written)]
        still_typed = open_end and match.end() == len(match.string)
        if not exact_key(value):
            if value or not still_typed:
                self.hint(f"Hinter „{written}:“ fehlt ein Wert.")
            self.exclude = self.join = False
            return match.end()
        if name in DAYS:
            return self.period(match, name, value, open_end=still_typed)
        if name == "betrag":
            return self.sum(match, value, open_end=still_typed)
        number, end = _longest(match, lambda text: number_behind(name, text))
        is_quoted = match["value"].endswith('"')
        is_open = (open_end and end == len(match.string)) or value.endswith("*")
        is_alone = not (self.exclude or self.join or _OR_FOLLOWS.match(match.string, end))
        words = sender_words(value) if name == "von" and is_quoted else ()
        if is_alone and words:  # each is indexed by itself, so that all of them are asked for
            for word in words:
                self.value(name, word)
            return end
        if name in ("von", "person") and not is_quoted:
            self.hint_at_a_name(written, value, match.string[end:])
        # Not alone, they can only be the beginning of the name.
        self.value(name, number or value, is_open=(is_open and not is_quoted) or bool(words))
        return end

    def sum(self, match: re.Match[str], value: str, *, open_end: bool) -> int:
        found, end = _longest(match, sums)
        if found is None:
            said = "ist keine Summe. Beispiele: betrag:412,60, betrag:>500, betrag:100..200."
            return self.not_understood(match, value, said, open_end=open_end)
        if found[0] != found[1]:
            self.amount(match.string[match.start("field") : end], found)
            return end
        if value.startswith(("-", "–", "−")):
            self.hint("Das Vorzeichen einer Summe zählt nicht; gesucht wurde nach dem Betrag.")
        self.value("betrag", match.string[match.start("value") : end].strip().strip('"'))
        return end

    def value(self, name: str, written: str, *, is_open: bool = False) -> None:
        """Ask for a value of a field; ``is_open``: it may go on."""
        amount = amount_of(written) if name == "betrag" else None
        key = exact_key(canonical(amount) if amount is not None else written.rstrip("*"))
        self.add(
            Clause(alternatives=((key,),), prefixes=((key,),) if is_open else (), field=name)
            if key
            else None
        )

    def hint_at_a_name(self, written: str, value: str, rest: str) -> None:
        if word := name_goes_on(rest):
            self.hint(
                f"„{written}:“ gilt nur für „{value}“. Gehört „{word}“ dazu, schreiben Sie "
                f"{written}:„{value} {word}“."
            )

    def not_understood(self, match: re.Match[str], value: str, said: str, *, open_end: bool) -> int:
        """Search for a value as words; one still being typed may yet be understood."""
        as_words = "" if open_end else " Gesucht wurde nach den Wörtern."
        self.hint(f"„{match['field']}:{value}“ {said}{as_words}")
        if open_end:
            self.exclude = self.join = False
        elif match["value"].endswith('"'):
            self.join = False
            self.phrase(value)
        else:
            self.join = False
            self.words(value)
            self.exclude = False
        return match.end()

    def period(self, match: re.Match[str], name: str, value: str, *, open_end: bool) -> int:
        written = match["field"]
        found, end = _longest(match, lambda text: days(name, text, self.today, said=written))
        if found is None:
            said = (
                "wurde nicht verstanden. Beispiele: datum:2026, datum:2026-03, datum:01.03.2026, "
                "datum:2026-03..2026-05, seit:gestern."
            )
            return self.not_understood(match, value, said, open_end=open_end)
        if not self.left_out(match.string[match.start("field") : end], "Ein Zeitraum"):
            start, last = found
            self.start = max(filter(None, (self.start, start)), default=None)
            self.end = min(filter(None, (self.end, last)), default=None)
        return end

    def amount(self, written: str, found: Sums) -> None:
        if not self.left_out(written, "Eine Spanne von Summen"):
            least, most = found
            self.least = max((s for s in (self.least, least) if s is not None), default=None)
            self.most = min((s for s in (self.most, most) if s is not None), default=None)

    def left_out(self, written: str, what: str) -> bool:
        """Whether a span stands where it can't: behind a dash or ODER."""
        refused = self.exclude or self.join
        if refused:
            self.hint(
                f"{what} gilt immer für die ganze Anfrage, ohne -, NICHT und ODER; "
                f"„{written}“ wurde weggelassen."
            )
        self.exclude = self.join = False
        return refused

    def words(self, text: str, *, open_end: bool = False) -> None:
        """Plain words; a dash right before some excludes them, a star behind one leaves it open."""
        if self.joins_a_field and (first := _WORD.search(text)) and _is_value(first.group()):
            is_open = first.group().endswith("*") or (open_end and first.end() == len(text))
            self.value(self.clauses[-1].field or "", first.group(), is_open=is_open)
            text = " " * first.end() + text[first.end() :]
        stars = {match.start() for match in _STAR.finditer(text)}
        exclude = self.exclude
        if says_something(text):
            self.exclude = False
        for unit, excluded in parted(text, exclude=exclude):
            self.exclude = excluded
            last = open_end and unit.end == len(text.rstrip())
            is_open = last or unit.end in stars
            clause = opened(unit, text) if is_open else Clause(alternatives=unit.forms)
            stop = is_stop_word(unit) and not is_open
            if not (is_open or stop or excluded):
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
            self.hint(
                "ODER wurde weggelassen: Was ausgeschlossen ist, gilt für die ganze Anfrage."
                if last.excluded != exclude
                else "ODER verbindet nur Gleiches: zwei Wörter oder zwei Werte eines Feldes."
            )
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


def _is_value(word: str) -> bool:
    """Whether a word behind ODER can be another value of the field before it."""
    return not word.startswith("-") and bool(exact_key(word))

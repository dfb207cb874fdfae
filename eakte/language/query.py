"""What a person types into the search box, read as clauses.

Words (all must occur), "phrases", -without, ODER, ``schlagwort:``, ``akte:``, ``von:``,
``betrag:``, ``az:`` and ``datum:``.
Nothing that can be typed is an error: what is not understood is searched for as words, and a hint
says so in plain German.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from eakte.domain.search import Clause, SearchQuery
from eakte.language.amounts import amount_of, canonical
from eakte.language.analysis import Unit, exact_key, units
from eakte.language.periods import period
from eakte.language.stems import term_of, typed_so_far
from eakte.language.tax_ids import without_tax_ids

LONGEST_QUERY = 1_000
"""Characters; what stands behind them is left out, with a hint."""
MOST_CLAUSES = 32

_FIELDS = {
    "schlagwort": "schlagwort",
    "akte": "akte",
    "aktenzeichen": "akte",
    "von": "von",
    "betrag": "betrag",
    "az": "az",
    "datum": "datum",
    "eingang": "datum",
}
_QUOTES = str.maketrans("„“”«»‟", '""""""')
_ITEM = re.compile(
    r"(?P<minus>(?:(?<!\S)-)?)"
    r'(?:"(?P<phrase>[^"]*)"'
    r'|(?P<field>[^\W\d_]{2,20}):(?P<value>"[^"]*"|[^\s"]+)'
    r"|(?P<or>(?<!\S)(?:ODER|OR|\|\|?)(?!\S))"
    r"|(?P<and>(?<!\S)(?:UND|AND|&&?|\+)(?!\S))"
    r"|(?P<not>(?<!\S)(?:NICHT|NOT)(?!\S)))"
)
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\s-])")
_FIRST_WORD = re.compile(r"\S+")
_LEADING_STAR = re.compile(r"(?<!\S)[*?]+(?=\w)|(?<=\w)[*?]+(?=\w)")
_STAR = re.compile(r"(?<=\w)\*(?!\w)")
# So frequent that asking for them changes nothing; only left out beside other words.
_FREQUENT = (
    "am an auf aus bei das dem den der des die ein eine einem einen einer eines es für im in ist "
    "mit nach oder und vom von zu zum zur"
)
_STOP_WORDS = frozenset(map(term_of, _FREQUENT.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """A query as understood; ``hints`` are whole German sentences for the person who typed it.

    ``received_from`` and ``received_to`` bound the day of receipt, both included.
    """

    clauses: tuple[Clause, ...] = ()
    received_from: date | None = None
    received_to: date | None = None
    hints: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: neither clause nor period."""
        return not self.clauses and self.received_from is None and self.received_to is None

    def search_query(
        self,
        *,
        allow: frozenset[str],
        deny: frozenset[str] = frozenset(),
        limit: int = 20,
        offset: int = 0,
    ) -> SearchQuery:
        """This query as a reader with these access terms may ask it."""
        return SearchQuery(
            clauses=self.clauses,
            allow=allow,
            deny=deny,
            received_from=self.received_from,
            received_to=self.received_to,
            limit=limit,
            offset=offset,
        )


def parse(text: str, *, typing: bool = False) -> ParsedQuery:
    """Read ``text``; never raises.

    ``typing``: the last word is still being typed and may go on (unless a blank follows it).
    """
    reading = _Reading()
    text = reading.cleaned(text)
    open_end = typing and bool(text) and not text[-1].isspace()
    position = 0
    for match in _ITEM.finditer(text):
        if match["field"] is not None and not reading.knows(match["field"], match["value"]):
            continue
        reading.words(text[position : match.start()])
        reading.item(match)
        position = match.end()
    reading.words(text[position:], open_end=open_end)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """What has been understood so far."""

    clauses: list[Clause] = field(default_factory=list)
    stops: set[int] = field(default_factory=set)
    hints: dict[str, None] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    join: bool = False
    exclude: bool = False

    def hint(self, sentence: str) -> None:
        self.hints[sentence] = None

    def cleaned(self, text: str) -> str:
        text = text.replace("\x00", " ").translate(_QUOTES)
        if len(text) > LONGEST_QUERY:
            text = text[:LONGEST_QUERY]
            self.hint(f"Die Anfrage ist sehr lang; es zählen die ersten {LONGEST_QUERY} Zeichen.")
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
        return text

    def knows(self, name: str, value: str) -> bool:
        """Whether ``name:value`` is a field; else it is a word like any other."""
        if name.lower() in _FIELDS:
            return True
        if not value.startswith("//"):
            self.hint(
                f"Das Feld „{name}:“ gibt es nicht; gesucht wurde nach den Wörtern. "
                "Möglich sind schlagwort:, akte:, von:, betrag:, az: und datum:."
            )
        return False

    def item(self, match: re.Match[str]) -> None:
        if match["or"]:
            self.join = bool(self.clauses)
            if not self.join:
                self.hint("ODER braucht links und rechts ein Wort.")
        elif match["not"]:
            self.exclude = True
        elif match["phrase"] is not None:
            self.exclude = self.exclude or bool(match["minus"])
            self.phrase(match["phrase"])
        elif match["field"] is not None:
            self.exclude = self.exclude or bool(match["minus"])
            self.field(_FIELDS[match["field"].lower()], match["value"].strip('"'))

    def phrase(self, text: str) -> None:
        terms = tuple(
            token.term for unit in units(text) for token in unit.tokens if not token.extra
        )
        whole = tuple(units(text))
        forms = whole[0].forms if len(whole) == 1 else (terms,)
        self.add(Clause(alternatives=forms) if terms else None)

    def field(self, name: str, value: str) -> None:
        if name == "datum":
            self.period(value)
            return
        if name == "betrag" and (amount := amount_of(value)) is not None:
            value = canonical(amount)
        key = exact_key(value)
        if not key:
            self.hint(f"Hinter „{name}:“ fehlt ein Wert.")
        self.add(Clause(alternatives=((key,),), field=name) if key else None)

    def period(self, value: str) -> None:
        found = period(value)
        if found is None:
            self.hint(
                f"„datum:{value}“ wurde nicht verstanden. Beispiele: datum:2026, datum:2026-03, "
                "datum:01.03.2026, datum:2026-03..2026-05."
            )
        elif self.exclude or self.join:
            self.hint("Ein Zeitraum gilt immer für die ganze Anfrage, ohne - und ODER.")
        else:
            start, end = found
            self.start = max(filter(None, (self.start, start)), default=None)
            self.end = min(filter(None, (self.end, end)), default=None)
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
            self.add(_clause(unit, text, opened=opened), stop=_is_stop_word(unit) and not opened)

    def add(self, clause: Clause | None, *, stop: bool = False) -> None:
        """Append ``clause``, or join it to the last one where ODER stands between."""
        exclude, self.exclude = self.exclude, False
        join, self.join = self.join, False
        if clause is None:
            return
        if exclude:
            clause = Clause(
                alternatives=clause.alternatives,
                prefixes=clause.prefixes,
                field=clause.field,
                excluded=True,
            )
        last = self.clauses[-1] if self.clauses else None
        if join and last is not None:
            if last.excluded == exclude and last.field == clause.field:
                self.clauses[-1] = Clause(
                    alternatives=last.alternatives + clause.alternatives,
                    prefixes=last.prefixes + clause.prefixes,
                    excluded=exclude,
                    field=clause.field,
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
        if all(clause.excluded for clause in kept):
            kept = self.clauses
        if len(kept) > MOST_CLAUSES:
            kept = kept[:MOST_CLAUSES]
            self.hint(f"Die Anfrage hat sehr viele Wörter; es zählen die ersten {MOST_CLAUSES}.")
        start, end = self.start, self.end
        if start and end and start > end:
            self.hint("Die Zeiträume der Anfrage überschneiden sich nicht.")
        if kept and all(clause.excluded for clause in kept) and not (start or end):
            self.hint("Die Anfrage schließt nur aus; bitte auch angeben, was gesucht wird.")
        return ParsedQuery(
            clauses=tuple(kept), received_from=start, received_to=end, hints=tuple(self.hints)
        )


def _is_stop_word(unit: Unit) -> bool:
    return len(unit.forms) == 1 and len(unit.forms[0]) == 1 and unit.forms[0][0] in _STOP_WORDS


def _clause(unit: Unit, text: str, *, opened: bool) -> Clause:
    if not opened:
        return Clause(alternatives=unit.forms)
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

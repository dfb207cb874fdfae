"""What the rules see on a page, and what it is worth there.

Every trigger seen adds its weight: more in a subject line or title, less in what is told in passing
or late in a letter, nothing where the sentence denies it.  Weights in the rule files are chosen on
that scale: 5 is "a clerk would file it on these words alone", 3 "probably", 1 "a hint".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.catalogue import Catalogue, Trigger
from classifiers.layout import Line, Zone
from classifiers.phrases import Hit, covered
from classifiers.rule_patterns import LONGEST_LINE
from classifiers.tokens import Token
from eakte.domain.pages import Word

_ZONE_FACTORS = {
    Zone.SUBJECT: 1.5,
    Zone.TITLE: 1.5,
    Zone.HEADER: 1.0,
    Zone.BODY: 1.0,
    Zone.SENDER: 0.7,
    Zone.RECIPIENT: 0.5,
    Zone.FOOTER: 0.0,
    Zone.REMEDIES: 0.0,
}
_UMLAUTS = ("ä", "ö", "ü", "ae", "oe", "ue")
_STRESS = {"aside": 0.5, "request": 1.2}
"""What a sentence weighs in which something is told in passing, or asked for."""
_LATER = (1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""What the first, second, ... sentence of a page's body weighs, and every later one."""
_PAGE_FACTORS = (1.0, 0.7, 0.5)
_MOST_OF_A_FIELD = 4
_CONFIRMED = 0.15
"""What a rule adds that sees only words which a stronger rule has already counted."""
_AGAINST = 0.6
_ADDRESSES = frozenset({Zone.SENDER, Zone.RECIPIENT})
_ABOVE = _ADDRESSES | {Zone.SUBJECT, Zone.TITLE, Zone.HEADER}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A trigger seen on a page: what it is worth there, and the words."""

    trigger: Trigger
    page: int
    value: float
    zone: Zone
    words: tuple[Word, ...]
    phrase: int = -1

    @property
    def counted(self) -> tuple[str, int]:
        """What counts only once: the trigger, or each phrase of a field of words."""
        return self.trigger.id, self.phrase if self.trigger.each else -1


class RuleEye:
    """Sees what the rules of a catalogue look for; made once, it may be used by many threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cue_phrases = frozenset[int]().union(
            *(cue.phrases | cue.unless for cue in catalogue.cues)
        )
        self._with_patterns = tuple(one for one in catalogue.triggers if one.patterns)
        self._worth = {
            one.id: {zone: one.weight * _factor(one, zone) for zone in Zone}
            for one in catalogue.triggers
        }

    def look(
        self, number: int, lines: Sequence[Line], tokens: Sequence[Token]
    ) -> Iterator[Sighting]:
        """Each trigger once a page, where it counts most."""
        best: dict[tuple[str, int], Sighting] = {}
        for sighting in self._sightings(number, lines, tokens):
            counted = sighting.counted
            known = best.get(counted)
            if known is None or abs(sighting.value) > abs(known.value):
                best[counted] = sighting
        yield from best.values()

    def _sightings(
        self, number: int, lines: Sequence[Line], tokens: Sequence[Token]
    ) -> Iterator[Sighting]:
        hits = list(self._catalogue.book.find(tokens))
        cues = [hit for hit in hits if hit.phrase in self._cue_phrases]
        denied = _Denials(self._catalogue, cues, tokens)
        stress = _stress(self._catalogue, cues, tokens)
        for hit in hits:
            for trigger in self._catalogue.by_phrase.get(hit.phrase, ()):
                first = tokens[hit.tokens[0]]
                zone = first.zone
                value = self._worth[trigger.id][zone] * hit.quality
                if zone is Zone.BODY and value > 0:
                    value *= stress.get(first.sentence, 1.0)
                if not value or (
                    trigger.weight > 0 and not trigger.always and denied.covers(hit, tokens)
                ):
                    continue
                passage = tokens[hit.tokens[0] : hit.tokens[-1] + 1]
                words = tuple(word for token in passage for word in token.words)
                yield Sighting(trigger, number, value, zone, words, hit.phrase)
        for trigger in self._with_patterns:
            worth = self._worth[trigger.id]
            for pattern in trigger.patterns:
                for line in lines:
                    value = worth[line.zone]
                    match = pattern.search(line.text, 0, LONGEST_LINE) if value else None
                    if match is not None:
                        words = _words_between(line, *match.span())
                        yield Sighting(trigger, number, value, line.zone, words)


class _Denials:
    """Where a page denies or only mentions what it says."""

    def __init__(self, catalogue: Catalogue, hits: Sequence[Hit], tokens: Sequence[Token]) -> None:
        self._clauses: dict[int, list[frozenset[int]]] = defaultdict(list)
        self._sentences: dict[int, list[frozenset[int]]] = defaultdict(list)
        for cue in catalogue.cues:
            if cue.kind in _STRESS:
                continue
            excused = covered(hit for hit in hits if hit.phrase in cue.unless)
            for hit in hits:
                if hit.phrase not in cue.phrases or excused.issuperset(hit.tokens):
                    continue
                at = tokens[hit.tokens[0]]
                if hit.phrase in cue.with_umlaut and not _has_umlaut(at):
                    continue
                places = frozenset(hit.tokens)
                if cue.scope == "clause":
                    self._clauses[at.clause].append(places)
                else:
                    self._sentences[at.sentence].append(places)

    def covers(self, hit: Hit, tokens: Sequence[Token]) -> bool:
        """Whether ``hit`` is denied by words that are not part of it."""
        own = frozenset(hit.tokens)
        for index in hit.tokens:
            token = tokens[index]
            cues = (*self._clauses.get(token.clause, ()), *self._sentences.get(token.sentence, ()))
            if any(not cue <= own for cue in cues):
                return True
        return False


def _has_umlaut(token: Token) -> bool:
    return any(sign in word.text.lower() for word in token.words for sign in _UMLAUTS)


def _stress(catalogue: Catalogue, hits: Sequence[Hit], tokens: Sequence[Token]) -> dict[int, float]:
    """What the sentences of the body weigh: asides less, requests more, and later ones less."""
    body = sorted({one.sentence for one in tokens if one.zone is Zone.BODY})
    stress = {sentence: _LATER[min(place, len(_LATER) - 1)] for place, sentence in enumerate(body)}
    kinds: dict[int, set[str]] = defaultdict(set)
    for cue in catalogue.cues:
        if cue.kind in _STRESS:
            for hit in hits:
                if hit.phrase in cue.phrases:
                    kinds[tokens[hit.tokens[0]].sentence].add(cue.kind)
    for sentence, said in kinds.items():
        if sentence in stress:
            for kind in said:
                stress[sentence] *= _STRESS[kind]
    return stress


def _factor(trigger: Trigger, zone: Zone) -> float:
    if trigger.zones:
        return 1.0 if zone in trigger.zones else 0.0
    if trigger.each and zone in _ADDRESSES:
        return 0.0  # names and streets are made of common words
    return _ZONE_FACTORS[zone] if trigger.weight > 0 else min(_ZONE_FACTORS[zone], 1.0)


def page_factor(page: int) -> float:
    """What a sighting weighs on the first, second, ... page."""
    return _PAGE_FACTORS[min(page, len(_PAGE_FACTORS)) - 1]


def by_schlagwort(seen: Iterable[Sighting]) -> dict[str, list[Sighting]]:
    """The same, parted by what they speak of."""
    parted: dict[str, list[Sighting]] = defaultdict(list)
    for one in seen:
        parted[one.trigger.schlagwort].append(one)
    return parted


def document_sum(seen: Sequence[Sighting], shift: int = 0) -> float:
    """What speaks for one Schlagwort, each trigger where it counts most.

    ``shift`` pages are not counted.  A word counts once: what several rules see in the same words
    is one piece of evidence, not several; the strongest counts and the others only confirm it
    (``_CONFIRMED``).  Of a field of words only the ``_MOST_OF_A_FIELD`` that count most do: a long
    letter must not win by its length.  What the text says against it takes away ``_AGAINST`` of it
    at most, for a letter may speak of other things in passing; who wrote it may take away all.
    """
    best: dict[tuple[str, int], tuple[float, Sighting]] = {}
    for one in seen:
        value, counted = one.value * page_factor(max(one.page - shift, 1)), one.counted
        if abs(value) > abs(best.get(counted, (0.0,))[0]):
            best[counted] = (value, one)
    total = against = 0.0
    taken: set[int] = set()
    fields: dict[str, int] = defaultdict(int)
    for value, one in sorted(best.values(), key=lambda each: (-abs(each[0]), each[1].trigger.id)):
        words = set(map(id, one.words))  # the page holds them: ids are quick and stay
        known = value > 0 and words <= taken
        if one.trigger.each and not known:
            if fields[one.trigger.id] == _MOST_OF_A_FIELD:
                continue
            fields[one.trigger.id] += 1
        if value > 0:
            total += value * _CONFIRMED if known else value
            taken |= words
        elif one.trigger.zones and one.trigger.zones <= _ABOVE:
            total += value
        else:
            against += value
    return total + max(against, -_AGAINST * total) if total > 0 else total + against


def _words_between(line: Line, start: int, end: int) -> tuple[Word, ...]:
    words: list[Word] = []
    place = 0
    for word in line.words:
        if place < end and place + len(word.text) > start:
            words.append(word)
        place += len(word.text) + 1
    return tuple(words)

"""What is it: the Schlagworte of a document, by the rules of the catalogue.

Every trigger seen adds its weight, more in a subject line or title, less on later pages.  The sum
becomes a score by a logistic curve: a sum of 2.5 is an even chance, 4.7 nine in ten, 6.5 more than
98 in 100; nothing is ever more certain than 0.995.  The primary Schlagwort's score is lowered by
what comes close behind it.  Weights in the rule files are chosen on that scale: 5 is "a clerk would
file it on these words alone", 3 "probably", 1 "a hint".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.catalogue import FALLBACK, Catalogue, Trigger
from classifiers.layout import Line, Zone, evidence_boxes, lines_of
from classifiers.phrases import Hit, covered
from classifiers.rule_patterns import LONGEST_LINE
from classifiers.tokens import Token, tokens_of
from eakte.domain.findings import Evidence, SchlagwortFinding
from eakte.domain.pages import PageText, Word

DEFAULT_THRESHOLD = 0.6
"""Below this score the desk is asked; the setting of the authority goes before it."""

_EVEN = 2.5
_STEEPNESS = 1.0
_RIVALRY = 1.2
_MOST_CERTAIN = 0.995
_GENERAL_SHARE = 0.4
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
_LABEL_FROM = 0.6
_FURTHER_FROM = 0.5
_MOST_FURTHER = 6
_MOST_EVIDENCE = 6
_MOST_OF_A_FIELD = 4
_CONFIRMED = 0.15
"""What a rule adds that sees only words which a stronger rule has already counted."""
_AGAINST = 0.6
_SOMETHING = 1.8
"""From this sum on a weak suggestion is better than none: the desk is asked anyway."""
_FEW_TOKENS = 12
_ADDRESSES = frozenset({Zone.SENDER, Zone.RECIPIENT})
_ABOVE = _ADDRESSES | {Zone.SUBJECT, Zone.TITLE, Zone.HEADER}
_HEADS = frozenset({Zone.SUBJECT, Zone.TITLE, Zone.HEADER})


@dataclass(frozen=True, slots=True)
class _Sighting:
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


class KeywordClassifier:
    """Suggests Schlagworte; made once, it may be used by many threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cue_phrases = frozenset[int]().union(
            *(cue.phrases | cue.unless for cue in catalogue.cues)
        )

    def classify(self, pages: tuple[PageText, ...]) -> tuple[SchlagwortFinding, ...]:
        """The Schlagworte of a document, best first; the first is the primary one.

        Never empty: where nothing fits, ``sonstiges`` stands first.  ``pages`` are the kept pages
        in order; the findings' pages and their evidence count from 1.
        """
        seen, count = self._seen(pages)
        findings = self._findings(seen, len(pages))
        best = findings[0].score if findings else 0.0
        if best < _FURTHER_FROM:
            strength = _document_sum([one for one in seen if _is_of(one, findings[:1])])
            fallback = _fallback(strength, count, len(pages))
            if strength < _SOMETHING:
                findings.insert(0, fallback)
            else:
                findings.append(replace(fallback, score=min(fallback.score, best)))
        return tuple(findings)

    def sums(self, pages: tuple[PageText, ...]) -> dict[str, float]:
        """What the rules say for each Schlagwort that any of them speaks of, before any ranking."""
        by_schlagwort: dict[str, list[_Sighting]] = defaultdict(list)
        for sighting in self._seen(pages)[0]:
            by_schlagwort[sighting.trigger.schlagwort].append(sighting)
        return {name: _document_sum(those) for name, those in by_schlagwort.items()}

    def _seen(self, pages: tuple[PageText, ...]) -> tuple[list[_Sighting], int]:
        """What the rules see on the pages, and how many words there are."""
        seen: list[_Sighting] = []
        count = 0
        for number, page in enumerate(pages, start=1):
            lines = lines_of(page, first=number == 1)
            tokens = tokens_of(lines)
            count += len(tokens)
            seen.extend(self._best_of_page(number, lines, tokens))
        return seen, count

    def _best_of_page(
        self, number: int, lines: Sequence[Line], tokens: Sequence[Token]
    ) -> Iterator[_Sighting]:
        """Each trigger once a page, where it counts most."""
        best: dict[tuple[str, int], _Sighting] = {}
        for sighting in self._sightings(number, lines, tokens):
            known = best.get(sighting.counted)
            if known is None or abs(sighting.value) > abs(known.value):
                best[sighting.counted] = sighting
        yield from best.values()

    def _sightings(
        self, number: int, lines: Sequence[Line], tokens: Sequence[Token]
    ) -> Iterator[_Sighting]:
        hits = list(self._catalogue.book.find(tokens))
        cues = [hit for hit in hits if hit.phrase in self._cue_phrases]
        denied = _Denials(self._catalogue, cues, tokens)
        stress = _stress(self._catalogue, cues, tokens)
        for hit in hits:
            for trigger in self._catalogue.by_phrase.get(hit.phrase, ()):
                first = tokens[hit.tokens[0]]
                zone = first.zone
                value = trigger.weight * _factor(trigger, zone) * hit.quality
                if zone is Zone.BODY and value > 0:
                    value *= stress.get(first.sentence, 1.0)
                if not value or (
                    trigger.weight > 0 and not trigger.always and denied.covers(hit, tokens)
                ):
                    continue
                passage = tokens[hit.tokens[0] : hit.tokens[-1] + 1]
                words = tuple(word for token in passage for word in token.words)
                yield _Sighting(trigger, number, value, zone, words, hit.phrase)
        for trigger in self._catalogue.triggers:
            for pattern in trigger.patterns:
                for line in lines:
                    value = trigger.weight * _factor(trigger, line.zone)
                    match = pattern.search(line.text, 0, LONGEST_LINE) if value else None
                    if match is not None:
                        words = _words_between(line, *match.span())
                        yield _Sighting(trigger, number, value, line.zone, words)

    def _findings(self, seen: Sequence[_Sighting], pages: int) -> list[SchlagwortFinding]:
        by_schlagwort: dict[str, list[_Sighting]] = defaultdict(list)
        for sighting in seen:
            by_schlagwort[sighting.trigger.schlagwort].append(sighting)
        sums = {name: _document_sum(those) for name, those in by_schlagwort.items()}
        by_page = _page_sums(seen) if pages > 1 else {(name, 1): sums[name] for name in sums}
        ranked = self._ranked(sums, by_page)
        if not ranked or sums[ranked[0]] <= 0:
            return []
        labels = _labels(seen, by_page, ranked[0], pages)
        primary = self._primary(ranked[0], labels)
        findings = [self._primary_finding(primary, by_schlagwort, labels, sums)]
        numbers = range(1, pages + 1)
        for name in ranked:
            if name == primary or (name in self._catalogue.general and name not in labels):
                continue
            if name not in labels and max(by_page.get((name, n), 0.0) for n in numbers) < _EVEN:
                continue
            finding = _further_finding(name, by_schlagwort, labels)
            if finding is not None and len(findings) <= _MOST_FURTHER:
                findings.append(finding)
        return [findings[0], *sorted(findings[1:], key=lambda finding: -finding.score)]

    def _ranked(self, sums: dict[str, float], by_page: dict[tuple[str, int], float]) -> list[str]:
        """Best first: what page 1 says goes before enclosures, a general one behind all others."""
        general = self._catalogue.general

        def rank(name: str) -> tuple[bool, bool, float, str]:
            waits = name in general and any(
                total >= max(_EVEN, _GENERAL_SHARE * sums[name])
                for other, total in sums.items()
                if other not in general
            )
            leads = _score(by_page.get((name, 1), 0.0)) >= _LABEL_FROM
            return waits or sums[name] <= 0, not leads, -sums[name], name

        return sorted(sums, key=rank)

    def _primary(self, best: str, labels: Sequence[str]) -> str:
        """The best one, unless it is general and gives way to what the enclosures say."""
        if best in self._catalogue.general:
            for label in labels:
                if label not in self._catalogue.general:
                    return label
        return best

    def _primary_finding(
        self,
        name: str,
        by_schlagwort: dict[str, list[_Sighting]],
        labels: Sequence[str],
        sums: Mapping[str, float],
    ) -> SchlagwortFinding:
        own_pages = tuple(n for n, label in enumerate(labels, start=1) if label == name) or (1,)
        rivals = [
            rival
            for rival in by_schlagwort
            if rival != name and rival not in self._catalogue.general
        ]
        everywhere = len(own_pages) == len(labels)
        on_own_pages = [
            sums[rival]
            if everywhere
            else _document_sum([one for one in by_schlagwort[rival] if one.page in own_pages])
            for rival in rivals
        ]
        first_page_shift = own_pages[0] - 1
        own = _document_sum(by_schlagwort[name], shift=first_page_shift)
        rival = max((*on_own_pages, 0.0))
        score = _logistic(_STEEPNESS * (own - _EVEN)) * _logistic(_RIVALRY * max(own - rival, 0))
        return SchlagwortFinding(
            schlagwort=name,
            score=round(self._catalogue.calibration(min(score, _MOST_CERTAIN)), 4),
            pages=own_pages,
            evidence=_evidence(by_schlagwort[name]),
        )


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


def _page_factor(page: int) -> float:
    return _PAGE_FACTORS[min(page, len(_PAGE_FACTORS)) - 1]


def _document_sum(seen: Sequence[_Sighting], shift: int = 0) -> float:
    """What speaks for one Schlagwort, each trigger where it counts most.

    ``shift`` pages are not counted.  A word counts once: what several rules see in the same words
    is one piece of evidence, not several; the strongest counts and the others only confirm it
    (``_CONFIRMED``).  Of a field of words only the ``_MOST_OF_A_FIELD`` that count most do: a long
    letter must not win by its length.  What the text says against it takes away ``_AGAINST`` of it
    at most, for a letter may speak of other things in passing; who wrote it may take away all.
    """
    best: dict[tuple[str, int], tuple[float, _Sighting]] = {}
    for one in seen:
        value = one.value * _page_factor(max(one.page - shift, 1))
        if abs(value) > abs(best.get(one.counted, (0.0,))[0]):
            best[one.counted] = (value, one)
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


def _is_of(sighting: _Sighting, findings: Sequence[SchlagwortFinding]) -> bool:
    return any(sighting.trigger.schlagwort == one.schlagwort for one in findings)


def _page_sums(seen: Sequence[_Sighting]) -> dict[tuple[str, int], float]:
    by_page: dict[tuple[str, int], list[_Sighting]] = defaultdict(list)
    for one in seen:
        by_page[one.trigger.schlagwort, one.page].append(one)
    return {(name, page): _document_sum(those, page - 1) for (name, page), those in by_page.items()}


def _labels(
    seen: Sequence[_Sighting], by_page: dict[tuple[str, int], float], primary: str, pages: int
) -> list[str]:
    """Which Schlagwort each page belongs to: a page without a head of its own goes on."""
    heads = {(one.trigger.schlagwort, one.page) for one in seen if one.zone in _HEADS}
    labels: list[str] = []
    for page in range(1, pages + 1):
        strong = [
            (total, name)
            for (name, at), total in by_page.items()
            if at == page and (name, at) in heads and _score(total) >= _LABEL_FROM
        ]
        if page == 1:
            first = by_page.get((primary, 1), 0.0)
            labels.append(primary if first > 0 or not strong else max(strong)[1])
        elif strong:
            labels.append(max(strong)[1])
        else:
            labels.append(labels[-1])
    return labels


def _further_finding(
    name: str, by_schlagwort: dict[str, list[_Sighting]], labels: Sequence[str]
) -> SchlagwortFinding | None:
    """``name`` on the pages that are its own, or that say it beside what they are filed under."""
    totals: dict[int, float] = {}
    for page, label in enumerate(labels, start=1):
        here = [one for one in by_schlagwort[name] if one.page == page]
        if label != name:
            here = _said_beside(here, by_schlagwort.get(label, []))
        totals[page] = sum(one.value for one in here)
    pages = tuple(
        page
        for page, label in enumerate(labels, start=1)
        if label == name or _score(totals[page]) >= _FURTHER_FROM
    )
    if not pages:
        return None
    score = max(_score(totals[page]) for page in pages)
    return SchlagwortFinding(
        schlagwort=name,
        score=round(min(score, _MOST_CERTAIN), 4),
        pages=pages,
        evidence=_evidence([one for one in by_schlagwort[name] if one.page in pages]),
    )


def _said_beside(here: list[_Sighting], filed: list[_Sighting]) -> list[_Sighting]:
    """What is seen in other words than those the page is already filed by."""
    taken = {word for one in filed if one.value > 0 for word in one.words}
    return [one for one in here if one.value < 0 or not taken.issuperset(one.words)]


def _fallback(strength: float, tokens: int, pages: int) -> SchlagwortFinding:
    """``sonstiges``: likely where there was enough to read and (next to) nothing fitted."""
    score = 0.3 if tokens < _FEW_TOKENS else 0.7 - 0.08 * max(strength, 0.0) / _SOMETHING
    return SchlagwortFinding(
        schlagwort=FALLBACK,
        score=round(max(score, 0.0), 4),
        pages=tuple(range(1, pages + 1)),
        evidence=(),
    )


def _evidence(seen: Sequence[_Sighting]) -> tuple[Evidence, ...]:
    helpful = [one for one in seen if one.value > 0]
    helpful.sort(key=lambda one: (-one.value * _page_factor(one.page), one.page, one.trigger.id))
    return tuple(
        Evidence(
            rule=one.trigger.id,
            page=one.page,
            words=" ".join(word.text for word in dict.fromkeys(one.words)),
            boxes=evidence_boxes(one.words),
        )
        for one in helpful[:_MOST_EVIDENCE]
    )


def _words_between(line: Line, start: int, end: int) -> tuple[Word, ...]:
    words: list[Word] = []
    place = 0
    for word in line.words:
        if place < end and place + len(word.text) > start:
            words.append(word)
        place += len(word.text) + 1
    return tuple(words)


def _score(total: float) -> float:
    return _logistic(_STEEPNESS * (total - _EVEN))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))

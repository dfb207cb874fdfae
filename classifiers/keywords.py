"""What is it: the Schlagworte of a document, by the rules of the catalogue and by its words.

What the rules see (:mod:`classifiers.rule_sightings`) and what the words of sample letters say
(:mod:`classifiers.sample_words`) is added.  The sum becomes a score by a logistic curve: a sum of
2.5 is an even chance, 4.7 nine in ten, 6.5 more than 98 in 100; nothing is ever more certain than
0.995.  The primary Schlagwort's score is lowered by what comes close behind it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.catalogue import FALLBACK, Catalogue
from classifiers.layout import Zone, evidence_boxes, lines_of
from classifiers.rule_sightings import RuleEye, Sighting, by_schlagwort, document_sum, page_factor
from classifiers.sample_words import NO_SAMPLES, SAMPLES, SampleWords, heard
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
_LABEL_FROM = 0.6
_FURTHER_FROM = 0.5
_MOST_FURTHER = 6
_MOST_EVIDENCE = 6
_MOST_WORDS = 6
_SIGNS = '.,;:!?()"„“»«'
_MOST_OF_RULES = 4.0
"""Up to here rules weigh in full where words speak, too: "a clerk would file it on these"."""
_BEYOND = 0.3
"""What of a sum beyond it counts; a letter that says a thing ten times is not ten times surer."""
_CAUTION = 2.0
"""What an urgent rival is given in advance: rather one letter more at the desk than one overlooked.
"""
_WORTH_OF_WORDS = 12.0
"""What words weigh that say all they can."""
_SOMETHING = 1.8
"""From this sum on a weak suggestion is better than none: the desk is asked anyway."""
_MORE_THAN_NOISE = 3.0
"""The same where words speak: some word of any letter stands in some sample."""
_FEW_TOKENS = 12
_HEADS = frozenset({Zone.SUBJECT, Zone.TITLE, Zone.HEADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A document as rules and words see it.

    ``rules``, ``totals`` and ``said`` are by Schlagwort; ``by_page`` is what the rules say on a
    page.  ``first`` are the words that ``said`` is about, each with its page and where it stands.
    """

    pages: int
    length: int
    seen: Sequence[Sighting]
    by_schlagwort: Mapping[str, Sequence[Sighting]]
    by_page: Mapping[tuple[str, int], float]
    rules: Mapping[str, float]
    totals: Mapping[str, float]
    said: Mapping[str, float]
    first: Sequence[tuple[str, int, tuple[Token, ...]]]


class KeywordClassifier:
    """Suggests Schlagworte; made once, it may be used by many threads.

    Without ``samples`` the rules alone speak.
    """

    def __init__(self, catalogue: Catalogue, samples: SampleWords = NO_SAMPLES) -> None:
        self._catalogue = catalogue
        self._samples = samples
        self._words_speak = bool(samples.schlagworte)
        self._eye = RuleEye(catalogue)

    def classify(self, pages: tuple[PageText, ...]) -> tuple[SchlagwortFinding, ...]:
        """The Schlagworte of a document, best first; the first is the primary one.

        Never empty: where nothing fits, ``sonstiges`` stands first.  ``pages`` are the kept pages
        in order; the findings' pages and their evidence count from 1.
        """
        letter = self._read(pages)
        findings = self._findings(letter)
        best = findings[0].score if findings else 0.0
        if best < _FURTHER_FROM and FALLBACK not in {one.schlagwort for one in findings}:
            strength = letter.totals[findings[0].schlagwort] if findings else 0.0
            fallback = _fallback(strength, letter.length, letter.pages)
            if strength < self._something(findings):
                findings.insert(0, fallback)
            else:
                findings.append(replace(fallback, score=min(fallback.score, best)))
        return tuple(findings)

    def _read(self, pages: tuple[PageText, ...]) -> _Letter:
        """What rules and words see on the pages."""
        seen: list[Sighting] = []
        first: list[tuple[str, int, tuple[Token, ...]]] = []
        length = 0
        for number, page in enumerate(pages, start=1):
            lines = lines_of(page, first=number == 1)
            tokens = tokens_of(lines)
            if length < _FEW_TOKENS:
                first.extend((word, number, at) for word, at in heard(tokens))
            length += len(tokens)
            seen.extend(self._eye.look(number, lines, tokens))
        said = self._samples.said(word for word, _page, _at in first)
        parted = by_schlagwort(seen)
        rules = {name: document_sum(those) for name, those in parted.items()}
        return _Letter(
            pages=len(pages),
            length=length,
            seen=seen,
            by_schlagwort=parted,
            by_page=_page_sums(seen) if len(pages) > 1 else {(n, 1): v for n, v in rules.items()},
            rules=rules,
            totals=self._totals(rules, said),
            said=said,
            first=first,
        )

    def _totals(self, rules: Mapping[str, float], said: Mapping[str, float]) -> dict[str, float]:
        """What rules and words say together; each alone may be wrong.

        Of a Schlagwort without sample letters the words can't speak: as far as its rules are sure,
        they do not speak against it either.
        """
        if not self._words_speak:
            return dict(rules)
        totals, most = {}, max(said.values(), default=0.0)
        for name in {*rules, *said} & self._catalogue.schlagworte.keys():
            told = rules.get(name, 0.0)
            if name in self._samples.schlagworte:
                words = said.get(name, 0.0)
                totals[name] = _damped(told) + _WORTH_OF_WORDS * words
            else:
                sure = min(max(told, 0.0) / _MOST_OF_RULES, 1.0)
                totals[name] = told + _WORTH_OF_WORDS * most * sure
        return totals

    def _findings(self, letter: _Letter) -> list[SchlagwortFinding]:
        ranked = self._ranked(letter)
        if not ranked or letter.totals[ranked[0]] <= 0:
            return []
        labels = _labels(letter, ranked[0])
        primary = self._primary(ranked[0], labels)
        findings = [self._primary_finding(primary, letter, labels)]
        numbers = range(1, letter.pages + 1)
        for name in ranked:
            if name == primary or (name in self._catalogue.general and name not in labels):
                continue
            strongest = max(letter.by_page.get((name, n), 0.0) for n in numbers)
            if name not in labels and strongest < _EVEN:
                continue
            finding = _further_finding(name, letter.by_schlagwort, labels)
            if finding is not None and len(findings) <= _MOST_FURTHER:
                findings.append(finding)
        return [findings[0], *sorted(findings[1:], key=lambda finding: -finding.score)]

    def _ranked(self, letter: _Letter) -> list[str]:
        """Best first; words have only been asked about the first page."""
        if self._words_speak:
            return self._ranked_with_words(letter.totals)
        return self._ranked_by_rules(letter)

    def _ranked_with_words(self, totals: Mapping[str, float]) -> list[str]:
        """Nobody is asked about ``sonstiges``: it must be clear of everything urgent."""
        urgent = any(totals[name] >= _EVEN for name in totals if self._is_urgent(name))

        def rank(name: str) -> tuple[bool, float, str]:
            ahead = _CAUTION if urgent and name == FALLBACK else 0.0
            return totals[name] <= 0, ahead - totals[name], name

        return sorted(totals, key=rank)

    def _ranked_by_rules(self, letter: _Letter) -> list[str]:
        """What rules say of page 1 goes before enclosures, a general Schlagwort behind all."""
        general, rules, totals = self._catalogue.general, letter.rules, letter.totals

        def rank(name: str) -> tuple[bool, bool, float, str]:
            waits = name in general and any(
                total >= max(_EVEN, _GENERAL_SHARE * rules[name])
                for other, total in rules.items()
                if other not in general
            )
            leads = _score(letter.by_page.get((name, 1), 0.0)) >= _LABEL_FROM
            return waits or totals[name] <= 0, not leads, -totals[name], name

        return sorted(totals, key=rank)

    def _primary(self, best: str, labels: Sequence[str]) -> str:
        """The best one, unless it is general and gives way to what the enclosures say."""
        if best in self._catalogue.general:
            for label in labels:
                if label not in self._catalogue.general:
                    return label
        return best

    def _something(self, findings: Sequence[SchlagwortFinding]) -> float:
        """From which sum on a weak suggestion is better than none."""
        if not self._words_speak:
            return _SOMETHING
        return _EVEN if findings and self._is_urgent(findings[0].schlagwort) else _MORE_THAN_NOISE

    def _is_urgent(self, name: str) -> bool:
        return self._catalogue.schlagworte[name].urgent

    def _rival(self, name: str, totals: Mapping[str, float]) -> float:
        """What comes next to ``name``; something urgent counts more, so that a person looks."""
        general = self._catalogue.general
        next_best = urgent = 0.0
        for other, total in totals.items():
            if other == name or other in general:
                continue
            next_best = max(next_best, total)
            if self._is_urgent(other):
                urgent = max(urgent, total)
        next_best = min(next_best, totals.get(name, 0.0))
        if self._is_urgent(name) or urgent < _EVEN or not self._words_speak:
            return next_best
        return max(next_best, urgent + _CAUTION)

    def _primary_finding(
        self, name: str, letter: _Letter, labels: Sequence[str]
    ) -> SchlagwortFinding:
        own_pages = tuple(n for n, label in enumerate(labels, start=1) if label == name) or (1,)
        seen = letter.by_schlagwort.get(name, ())
        totals = letter.totals
        if len(own_pages) < len(labels):
            here = [one for one in letter.seen if one.page in own_pages]
            shift = own_pages[0] - 1
            rules = {
                other: document_sum(those, shift=shift if other == name else 0)
                for other, those in by_schlagwort(here).items()
            }
            rules[name] = document_sum(seen, shift=shift)
            totals = self._totals(rules, letter.said)
        own = totals.get(name, 0.0)
        score = _score(own) * _logistic(_RIVALRY * (own - self._rival(name, totals)))
        return SchlagwortFinding(
            schlagwort=name,
            score=round(self._catalogue.calibration(min(score, _MOST_CERTAIN)), 4),
            pages=own_pages,
            evidence=(*_evidence(seen), *self._words_evidence(name, letter)),
        )

    def _words_evidence(self, name: str, letter: _Letter) -> tuple[Evidence, ...]:
        """The words that say most for ``name``, together as they stand on each page."""
        words = (word for word, _page, _at in letter.first)
        strongest = frozenset(self._samples.strongest(words, name, _MOST_WORDS))
        by_page: dict[int, list[Word]] = defaultdict(list)
        for word, page, tokens in letter.first:
            if word in strongest:
                by_page[page].extend(one for token in tokens for one in token.words)
        return tuple(
            Evidence(
                rule=f"{SAMPLES}.{name}",
                page=page,
                words=", ".join(dict.fromkeys(word.text.strip(_SIGNS) for word in seen)),
                boxes=tuple(word.box for word in dict.fromkeys(seen)),
            )
            for page, seen in by_page.items()
        )


def _page_sums(seen: Sequence[Sighting]) -> dict[tuple[str, int], float]:
    by_page: dict[tuple[str, int], list[Sighting]] = defaultdict(list)
    for one in seen:
        by_page[one.trigger.schlagwort, one.page].append(one)
    return {(name, page): document_sum(those, page - 1) for (name, page), those in by_page.items()}


def _labels(letter: _Letter, primary: str) -> list[str]:
    """Which Schlagwort each page belongs to: a page without a head of its own goes on."""
    heads = {(one.trigger.schlagwort, one.page) for one in letter.seen if one.zone in _HEADS}
    labels: list[str] = []
    for page in range(1, letter.pages + 1):
        strong = [
            (total, name)
            for (name, at), total in letter.by_page.items()
            if at == page and (name, at) in heads and _score(total) >= _LABEL_FROM
        ]
        if page == 1:
            first = letter.by_page.get((primary, 1), 0.0) + letter.said.get(primary, 0.0)
            labels.append(primary if first > 0 or not strong else max(strong)[1])
        elif strong:
            labels.append(max(strong)[1])
        else:
            labels.append(labels[-1])
    return labels


def _further_finding(
    name: str, by_schlagwort: Mapping[str, Sequence[Sighting]], labels: Sequence[str]
) -> SchlagwortFinding | None:
    """``name`` on the pages that are its own, or that say it beside what they are filed under."""
    totals: dict[int, float] = {}
    for page, label in enumerate(labels, start=1):
        here = [one for one in by_schlagwort.get(name, ()) if one.page == page]
        if label != name:
            here = _said_beside(here, by_schlagwort.get(label, ()))
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


def _said_beside(here: list[Sighting], filed: Sequence[Sighting]) -> list[Sighting]:
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


def _evidence(seen: Sequence[Sighting]) -> tuple[Evidence, ...]:
    helpful = [one for one in seen if one.value > 0]
    helpful.sort(key=lambda one: (-one.value * page_factor(one.page), one.page, one.trigger.id))
    return tuple(
        Evidence(
            rule=one.trigger.id,
            page=one.page,
            words=" ".join(word.text for word in dict.fromkeys(one.words)),
            boxes=evidence_boxes(one.words),
        )
        for one in helpful[:_MOST_EVIDENCE]
    )


def _damped(told: float) -> float:
    """What rules weigh beside words."""
    return min(told, _MOST_OF_RULES) + _BEYOND * max(told - _MOST_OF_RULES, 0.0)


def _score(total: float) -> float:
    return _logistic(_STEEPNESS * (total - _EVEN))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))

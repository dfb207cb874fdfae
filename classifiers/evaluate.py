"""How well the rules do on labelled documents: accuracy, calibration, confusion, the worst cases.

Nothing is learnt here: documents are classified and compared with what a person said they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from classifiers.catalogue import FALLBACK
from classifiers.keywords import DEFAULT_THRESHOLD, KeywordClassifier
from classifiers.labelled import Labelled
from eakte.domain.findings import SchlagwortFinding

BANDS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Lower edges of the bands of the score, and 1: narrow where the desk trusts it."""

PRESSING = ("klage", "eilantrag", "mietschulden", "energieschulden")
"""Lawsuit, interim relief, eviction, power cut: what must not be overlooked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document.

    ``others`` are further Schlagworte; ``because`` is what made the primary one, as (rule, words).
    """

    name: str
    right: tuple[str, ...]
    found: str
    score: float
    others: tuple[str, ...]
    because: tuple[tuple[str, str], ...]

    @property
    def hit(self) -> bool:
        """Whether the primary Schlagwort is right."""
        return self.found in self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Documents whose score fell between ``low`` and ``high``.

    ``predicted`` is their mean score, the share that ought to be right; ``hits`` were right.
    """

    low: float
    high: float
    count: int
    hits: int
    predicted: float

    @property
    def share(self) -> float:
        """Which share was right."""
        return self.hits / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What came out, document by document, and the figures over all of them."""

    outcomes: tuple[Outcome, ...]
    threshold: float

    @property
    def documents(self) -> int:
        """How many there were."""
        return len(self.outcomes)

    @property
    def right(self) -> int:
        """How many primary Schlagworte were right."""
        return sum(one.hit for one in self.outcomes)

    @property
    def accuracy(self) -> float:
        """Share of documents whose primary Schlagwort was right; 0 without documents."""
        return self.right / self.documents if self.outcomes else 0.0

    @property
    def sure(self) -> tuple[Outcome, ...]:
        """Those whose score reached the threshold: no desk was asked."""
        return tuple(one for one in self.outcomes if one.score >= self.threshold)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Calibration: the bands in which documents fell."""
        made = []
        for low, high in pairwise(BANDS):
            last = high == BANDS[-1]
            inside = [o for o in self.outcomes if low <= o.score < high or (last and o.score == 1)]
            if inside:
                hits = sum(one.hit for one in inside)
                mean = sum(one.score for one in inside) / len(inside)
                made.append(Band(low=low, high=high, count=len(inside), hits=hits, predicted=mean))
        return tuple(made)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far predicted and right lie apart, over all bands."""
        apart = sum(abs(band.share - band.predicted) * band.count for band in self.bands)
        return apart / self.documents if self.outcomes else 0.0

    @property
    def pressing(self) -> tuple[Outcome, ...]:
        """The pressing ones (``PRESSING``)."""
        return tuple(one for one in self.outcomes if one.right[0] in PRESSING)

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """Those that were wrong, the surest first."""
        wrong = [one for one in self.outcomes if not one.hit]
        return tuple(sorted(wrong, key=lambda one: -one.score))

    @property
    def confusion(self) -> Mapping[tuple[str, str], int]:
        """(expected, found) of those that were wrong, commonest first."""
        return dict(Counter((one.right[0], one.found) for one in self.misses).most_common())

    def overlooked(self, urgent: frozenset[str]) -> tuple[Outcome, ...]:
        """Pressing ones that nothing marks: no Schlagwort of ``urgent`` is the primary one."""
        return tuple(one for one in self.pressing if one.found not in urgent)

    def unseen(self, urgent: frozenset[str]) -> tuple[Outcome, ...]:
        """Those overlooked that no desk was asked about; it never is about ``sonstiges``."""
        return tuple(
            one
            for one in self.overlooked(urgent)
            if one.score >= self.threshold or one.found == FALLBACK
        )

    def by_schlagwort(self) -> Mapping[str, tuple[int, int]]:
        """For each expected Schlagwort how many documents, and how many right."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.outcomes:
            count, hits = found.get(one.right[0], (0, 0))
            found[one.right[0]] = (count + 1, hits + one.hit)
        return found


def evaluate(
    classifier: KeywordClassifier,
    labelled: Iterable[Labelled],
    threshold: float = DEFAULT_THRESHOLD,
) -> Evaluation:
    """Classify every document and compare with its label."""
    outcomes = tuple(outcome(one, classifier.classify(one.pages)) for one in labelled)
    return Evaluation(outcomes=outcomes, threshold=threshold)


def outcome(labelled: Labelled, findings: Sequence[SchlagwortFinding]) -> Outcome:
    """``findings`` (best first, never empty) beside what the document is."""
    first, *others = findings
    return Outcome(
        name=labelled.name,
        right=labelled.right,
        found=first.schlagwort,
        score=first.score,
        others=tuple(one.schlagwort for one in others),
        because=tuple((one.rule, one.words) for one in first.evidence),
    )

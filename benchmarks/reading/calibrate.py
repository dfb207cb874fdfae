"""Fit what a score means: ``calibration`` in ``config/schlagworte/allgemein.toml``.

Which share of scanned letters is right at a score, as two numbers: how far the score's log odds are
stretched and moved.  The letters that the rules were made with are nearly all right and can't tell;
so those of the first control are taken.  Cross-fitting parts them by wording: no letter is judged
by numbers that saw it.  Prints the numbers and what they do; nothing is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from schlagworte import RULES, SAMPLES, documents

from classifiers.catalogue import Calibration, load_catalogue
from classifiers.evaluate import Evaluation, Outcome, evaluate
from classifiers.keywords import KeywordClassifier
from classifiers.sample_words import load_sample_words

FITTED_ON = ("control",)
JUDGED_ON = ("later",)
_FOLDS = 10
_PRIOR = 4.0
"""Held against the fit: as many letters that say the score is right as it stands."""


def fit(outcomes: Sequence[Outcome]) -> Calibration:
    """Slope and offset by Newton's method on the log likelihood."""
    slope, offset = 1.0, 0.0
    points = [(_log_odds(one.score), float(one.hit)) for one in outcomes]
    for _ in range(50):
        g0, g1 = -_PRIOR * offset / 4, -_PRIOR * (slope - 1)
        h00, h01, h11 = _PRIOR / 4, 0.0, _PRIOR
        for odds, hit in points:
            share = 1 / (1 + math.exp(-(offset + slope * odds)))
            weight = share * (1 - share)
            g0 += hit - share
            g1 += (hit - share) * odds
            h00, h01, h11 = h00 + weight, h01 + weight * odds, h11 + weight * odds * odds
        determinant = h00 * h11 - h01 * h01
        offset += (h11 * g0 - h01 * g1) / determinant
        slope += (h00 * g1 - h01 * g0) / determinant
    return Calibration(slope=round(slope, 3), offset=round(offset, 3))


def _log_odds(score: float) -> float:
    return math.log(score / (1 - score))


def _judged(outcomes: Iterable[Outcome], calibration: Calibration) -> tuple[Outcome, ...]:
    return tuple(replace(one, score=calibration(one.score)) for one in outcomes)


def _tell(name: str, outcomes: Sequence[Outcome]) -> None:
    found = Evaluation(outcomes=tuple(outcomes), threshold=0.6)
    print(f"{name}: {found.documents} letters, error {found.calibration_error:.1%}")
    for band in found.bands:
        print(f"  {band.low:.2f}-{band.high:.2f} {band.count:4d}"
              f"  predicted {band.predicted:.1%}  right {band.share:.1%}")  # fmt: skip


def main() -> None:
    """From the command line."""
    plain = replace(load_catalogue(RULES), calibration=Calibration())
    classifier = KeywordClassifier(plain, load_sample_words(SAMPLES))

    def primaries(halves: Sequence[str]) -> list[Outcome]:
        letters = [one for half in halves for one in documents(half, spoiled=True)]
        return [one for one in evaluate(classifier, letters).outcomes if one.because]

    known, unknown = primaries(FITTED_ON), primaries(JUDGED_ON)
    _tell("as it stands, cross-fitted letters", known)
    crossed = []
    for fold in range(_FOLDS):
        others = [one for n, one in enumerate(known) if n % _FOLDS != fold]
        crossed.extend(_judged(known[fold::_FOLDS], fit(others)))
    _tell("cross-fitted", crossed)
    calibration = fit(known)
    print(f"[calibration]\nslope = {calibration.slope}\noffset = {calibration.offset}")
    _tell("as it stands, letters not fitted on", unknown)
    _tell("calibrated, letters not fitted on", _judged(unknown, calibration))


if __name__ == "__main__":
    main()

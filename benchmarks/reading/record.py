"""Record how well the rules do on the labelled letters: ``tests/letters/figures.json``.

To be run after the rules were made better; the test beside it fails when they get worse.  A set
that is not named keeps its figures:

    python benchmarks/reading/record.py                 the sets that rules may be made with
    python benchmarks/reading/record.py --set evening   one put away for measuring
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from classifiers.catalogue import load_catalogue
from classifiers.evaluate import evaluate
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import labelled_documents
from classifiers.sample_words import load_sample_words

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.misread import misread_letter  # noqa: E402  the test's own way of misreading

LETTERS = ROOT / "tests" / "letters"
SETS = ("measured", "control", "later")


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", help="only this one (may be repeated)")
    chosen = parser.parse_args()
    catalogue = load_catalogue(ROOT / "config" / "schlagworte")
    classifier = KeywordClassifier(catalogue, load_sample_words(ROOT / "config" / "musterbriefe"))
    urgent = frozenset(name for name, one in catalogue.schlagworte.items() if one.urgent)
    figures = LETTERS / "figures.json"
    recorded = json.loads(figures.read_text(encoding="utf-8"))
    for half in chosen.set or SETS:
        plain = list(labelled_documents(LETTERS / half, catalogue))
        for how, letters in (("set", plain), ("misread", [misread_letter(one) for one in plain])):
            found = evaluate(classifier, letters)
            recorded[f"{half} {how}"] = {
                "documents": found.documents,
                "right": found.right,
                "overlooked": len(found.overlooked(urgent)),
                "calibration_error": round(found.calibration_error, 4),
            }
            print(f"{half} {how}", recorded[f"{half} {how}"])
    text = json.dumps(recorded, indent=1) + "\n"
    figures.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

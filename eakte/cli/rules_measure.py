"""``eakte rules test DIR``: how well the rules do on labelled documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from classifiers.catalogue import Catalogue, load_catalogue
from classifiers.evaluate import Evaluation, Outcome, evaluate
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import labelled_documents
from classifiers.sample_words import load_sample_words
from eakte.cli.options import ConfigOption, JsonOption, settings_of
from eakte.cli.output import say, say_json

_MOST_PAIRS = 15


def measure(
    folder: Annotated[
        Path, typer.Argument(help="Ordner mit Wortlauten oder DIR/<schlagwort>/*.txt, *.json.")
    ],
    *,
    seed: Annotated[int, typer.Option(help="Womit die Lücken der Wortlaute gefüllt werden.")] = 0,
    fillings: Annotated[
        int, typer.Option(min=1, help="So viele Briefe je Wortlaut, jeder anders gefüllt.")
    ] = 1,
    worst: Annotated[int, typer.Option(min=0, help="So viele falsch erkannte zeigen.")] = 20,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Misst die Regeln an Dokumenten, deren Schlagwort bekannt ist."""
    settings = settings_of(config)
    catalogue = load_catalogue(settings.schlagworte)
    samples = load_sample_words(settings.sample_letters)
    if samples.left_out:
        raise samples.left_out[0]
    found = evaluate(
        KeywordClassifier(catalogue, samples),
        labelled_documents(folder, catalogue, seed=seed, fillings=fillings),
        settings.values.classify.threshold,
    )
    figures = figures_of(found, catalogue)
    if as_json:
        say_json(figures)
    else:
        _tell(found, figures, worst)
    if found.misses:
        raise typer.Exit(1)


def figures_of(found: Evaluation, catalogue: Catalogue) -> dict[str, Any]:
    """What ``--json`` prints, in one object."""
    urgent = frozenset(name for name, one in catalogue.schlagworte.items() if one.urgent)
    return {
        "documents": found.documents,
        "right": found.right,
        "accuracy": round(found.accuracy, 4),
        "threshold": found.threshold,
        "sure": len(found.sure),
        "sure_and_right": sum(one.hit for one in found.sure),
        "calibration_error": round(found.calibration_error, 4),
        "bands": [
            {**asdict(band), "predicted": round(band.predicted, 4), "right": round(band.share, 4)}
            for band in found.bands
        ],
        "pressing": len(found.pressing),
        "overlooked": [one.name for one in found.overlooked(urgent)],
        "confusion": [
            {"expected": expected, "found": other, "count": count}
            for (expected, other), count in found.confusion.items()
        ],
        "schlagworte": {
            name: {"documents": count, "right": hits}
            for name, (count, hits) in found.by_schlagwort().items()
        },
        "misses": [_miss(one) for one in found.misses],
    }


def _miss(one: Outcome) -> dict[str, Any]:
    return {
        "name": one.name,
        "expected": list(one.right),
        "found": one.found,
        "score": one.score,
        "evidence": [{"rule": rule, "words": words} for rule, words in one.because],
    }


def _tell(found: Evaluation, figures: Mapping[str, Any], worst: int) -> None:
    if found.misses[:worst]:
        say("Falsch erkannt, die sichersten zuerst:")
    for one in found.misses[:worst]:
        say(f"  {one.name}: erwartet {one.right[0]}, erkannt {one.found} ({one.score:.2f})")
        for rule, words in one.because[:3]:
            say(f"    {rule}: „{words}“")
    pairs = list(found.confusion.items())[:_MOST_PAIRS]
    if pairs:
        say("Am häufigsten verwechselt:")
    for (expected, other), count in pairs:
        say(f"  {count} × {expected} als {other}")
    say("Sicherheit        Dokumente  vorhergesagt  richtig")
    for band in found.bands:
        say(
            f"  {band.low:.2f}–{band.high:.2f} {band.count:14d} {band.predicted:12.1%}"
            f" {band.share:8.1%}"
        )
    say(f"Mittlerer Abstand von Vorhersage und Wirklichkeit: {found.calibration_error:.1%}")
    say(
        f"Klage, Eilantrag, Räumung, Sperre: {len(found.pressing)},"
        f" davon übersehen {len(figures['overlooked'])}."
    )
    say(f"{found.right} von {found.documents} richtig ({found.accuracy:.1%}).")
    right = figures["sure_and_right"]
    say(f"Ab der Schwelle {found.threshold}: {right} von {len(found.sure)} richtig.")

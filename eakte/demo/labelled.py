"""A labelled set on disk: register, scans, their truth, and the words of the clean pages.

``words/<schlagwort>/<name>.json`` has the form that ``eakte rules test`` reads, so that rules can
be measured apart from recognition.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from random import Random

import pdfplumber

from eakte.demo.authority import demo_register
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.paper import plan_scan, write_scan

_POINT = 25.4 / 72  # millimetres
_SAME_LINE = 3  # points that the tops of words of one line may differ by


def write_set(out: Path, *, count: int, seed: int, today: date) -> int:
    """Writes a set of ``count`` letters into ``out`` and returns how many scans it has.

    ``register.json``, ``truth.jsonl`` (one object a scan: file name, medium, damage, turns and the
    letter's truth), ``scans/`` and ``words/``.
    """
    scans = out / "scans"
    scans.mkdir(parents=True, exist_ok=True)
    register = demo_register(today=today)
    (out / "register.json").write_text(
        json.dumps(register, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for letter in generate(register, count=count, today=today, seed=seed):
            rng = Random(f"scan:{seed}:{letter.name}")
            plan = plan_scan(letter, rng)
            path = write_scan(letter, scans, rng, plan)
            row = {
                "file": path.name,
                "medium": plan.medium,
                "spoiled": [sorted(page) for page in plan.pages],
                "turns": plan.turns,
                **letter.truth.as_json(),
            }
            truths.write(json.dumps(row, ensure_ascii=False) + "\n")
            words = out / "words" / letter.truth.schlagwort / f"{letter.name}.json"
            words.parent.mkdir(parents=True, exist_ok=True)
            words.write_text(
                json.dumps({"pages": page_words(letter)}, ensure_ascii=False), encoding="utf-8"
            )
    return count


def page_words(letter: DemoLetter) -> list[dict[str, object]]:
    """The words of each page with boxes as fractions of the page, and the line they stand in."""
    with pdfplumber.open(io.BytesIO(letter.pdf)) as document:
        return [_words_of(page) for page in document.pages]


def _words_of(page: pdfplumber.page.Page) -> dict[str, object]:
    width, height = float(page.width), float(page.height)
    found: list[list[object]] = []
    line, last_top = -1, float("-inf")
    for word in page.extract_words(x_tolerance=1.5):
        if abs(word["top"] - last_top) > _SAME_LINE:
            line += 1
            last_top = word["top"]
        left, right = word["x0"] / width, word["x1"] / width
        top, bottom = word["top"] / height, word["bottom"] / height
        edges = (min(max(edge, 0.0), 1.0) for edge in (left, top, right, bottom))
        found.append([word["text"], *(round(edge, 4) for edge in edges), line])
    return {
        "width_mm": round(width * _POINT, 1),
        "height_mm": round(height * _POINT, 1),
        "words": found,
    }

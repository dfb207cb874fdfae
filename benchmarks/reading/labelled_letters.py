"""The labelled letters of ``tests/letters`` as PDF, so that they can be scanned like the demo's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random

from classifiers.filling import Letter, filled
from classifiers.wordings import Wording, read_lists, read_wordings
from eakte.demo.letters import DemoLetter, Truth
from eakte.demo.sheet import Block, Sheet, h, p, page_break, pairs, table
from eakte.demo.typeset import page_lines, typeset

LETTERS = Path(__file__).parents[2] / "tests" / "letters"
_A_STAMP = 0.3


def set_letters(half: str, seed: int = 0) -> Iterator[tuple[Wording, DemoLetter]]:
    """Every wording of ``half`` (a folder of ``tests/letters``), filled and set."""
    folder = LETTERS / half
    lists = read_lists(folder)
    for path in sorted(folder.glob("*.txt")):
        for wording in read_wordings(path):
            rng = Random(f"{seed}:{wording.name}")
            yield wording, _set(wording, filled(wording, lists, rng), rng, f"{half}-{seed}")


def _set(wording: Wording, letter: Letter, rng: Random, series: str) -> DemoLetter:
    pdf = typeset(_sheet(letter), rng)
    dated = datetime.strptime(letter.day, "%d.%m.%Y").replace(tzinfo=None).date()  # noqa: DTZ007  a day
    stamped = rng.random() < _A_STAMP and letter.frame not in {"mail", "jc"}
    return DemoLetter(
        name=f"{series}-{wording.name.replace('/', '-')}",
        pdf=pdf,
        truth=_truth(wording, dated, dated if stamped else None, page_lines(pdf)),
    )


def _sheet(letter: Letter) -> Sheet:
    blocks: list[Block] = []
    for number, page in enumerate(letter.body):
        if number:
            blocks.append(page_break())
        blocks.extend(_blocks(page))
    layouts = {"privat": "private", "privat2": "private", "brief": "din", "jc": "din"}
    layout = layouts.get(letter.frame, "bare")
    if letter.frame == "mail":
        heads = (
            ("Von:", letter.sender[0]),
            ("An:", "post@jobcenter.example"),
            ("Gesendet:", f"{letter.day} 09:41"),
            ("Betreff:", " ".join(letter.subject)),
        )
        blocks.insert(0, pairs(*heads, width=25))
    head, *below = letter.sender or ("",)
    return Sheet(
        layout=layout,  # type: ignore[arg-type]  one of the four
        blocks=tuple(blocks),
        subject=letter.subject if layout != "bare" else (),
        sender=letter.sender,
        recipient=letter.recipient,
        info=letter.info,
        date=f"{letter.sender[-1].partition(' ')[2]}, den {letter.day}" if letter.sender else "",
        head=head,
        claim=" · ".join(below[:-1]),
        return_line=f"{head} · {below[-1]}" if below else head,
    )


def _blocks(page: tuple[str, ...]) -> Iterator[Block]:
    rows: list[list[str]] = []
    for line in (*page, ""):
        if " | " in line:
            rows.append([part.strip() for part in line.split(" | ")])
            continue
        if rows:
            columns = max(map(len, rows))
            yield table((), [[*row, *[""] * (columns - len(row))] for row in rows], size=9.5)
            rows = []
        if line.startswith("# "):
            yield h(line[2:], size=15)
        elif line:
            yield p(line)


def _truth(
    wording: Wording, dated: date, stamp: date | None, lines: tuple[tuple[str, ...], ...]
) -> Truth:
    """Only label, stamp and lines matter here; whose letter it is, is measured elsewhere."""
    return Truth(
        kind=wording.name,
        schlagwort=wording.right[0],
        function="",
        copies=(),
        aktenzeichen=None,
        written=None,
        person="",
        birth_date="",
        spelled="",
        facts=(),
        certain=False,
        provisional=False,
        protected=False,
        receiver=None,
        deputy_for=None,
        dated=dated,
        stamp=stamp,
        lines=lines,
    )

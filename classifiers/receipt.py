"""Receipt stamps on a letter: „Eingegangen“, „Eingang“ with a date, and whose stamp it is.

A stamp only proposes: the day of receipt is the channel's until a person takes the stamp's.
Enclosures and letters that came by way of other authorities carry foreign stamps; receipt there
may keep a deadline (§ 16(2) SGB I), so they are told apart, never mixed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from eakte.domain.findings import Evidence, ReceiptFinding
from eakte.domain.pages import PageText, Word, line_boxes

_STAMP = re.compile(r"(?:Post)?[Ee]ingang(?:sstempel)?|EINGANG|POSTEINGANG|EINGEGANGEN|Eingegangen")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan", "feb", "mär,mrz,mar", "apr", "mai", "jun"),
            *("jul", "aug", "sep", "okt", "nov", "dez"),
        ),
        start=1,
    )
    for name in names.split(",")
}
_DATE = re.compile(
    r"\b([0-3]?\d)\s?[.,]\s?(?:([01]?\d)\s?[.,]|([A-Za-zÄä]{3,9})\.?)\s?((?:19|20)\d\d|\d\d)\b"
)
_OURS = re.compile(r"\bjobcenter\b|\bsozialzentrum\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"gericht\b|\bfinanzamt|\bamt\b|\bstadt\b|\bgemeinde|\bkrankenkasse|\bfamilienkasse|"
    r"\bagentur für arbeit|\brentenversicherung|\brathaus|\bbürgerbüro|\bstandesamt|\bkanzlei",
    re.IGNORECASE,
)
_AROUND = 2
"""How many lines above and below the word the date and the owner of the stamp may stand."""
_LONGEST_LINE = 6
"""Words of a stamp's line beside its date: sentences about a receipt are longer."""


def receipt_stamps(pages: tuple[PageText, ...]) -> tuple[ReceiptFinding, ...]:
    """Every stamp with a date that can be read, in the order of the pages; the same day once.

    On the first page a stamp that names nobody is taken for ours, on later ones for another's.
    """
    found: dict[tuple[date, bool], ReceiptFinding] = {}
    for number, page in enumerate(pages, start=1):
        for one in _on_page(page, number):
            found.setdefault((one.day, one.here), one)
    return tuple(found.values())


def _on_page(page: PageText, number: int) -> Iterator[ReceiptFinding]:
    lines = list(page.lines())
    for at, line in enumerate(lines):
        if not _is_stamp(line):
            continue
        around = lines[max(0, at - _AROUND) : at + _AROUND + 1]
        near = (line, *(one for one in around if one is not line))
        dated = next(((one, day) for one in near if (day := _day(one)) is not None), None)
        if dated is None:
            continue
        words, day = dated
        text = " ".join(_text(one) for one in around)
        here = bool(_OURS.search(text)) or (number == 1 and not _THEIRS.search(text))
        shown = line if words is line else (*line, *words)
        yield ReceiptFinding(
            day=day,
            here=here,
            evidence=Evidence(
                rule="eingang.stempel",
                page=number,
                words=" ".join(word.text for word in shown),
                boxes=line_boxes(line) + (() if words is line else line_boxes(words)),
            ),
        )


def _is_stamp(line: tuple[Word, ...]) -> bool:
    text = _text(line)
    if not _STAMP.search(text):
        return False
    return len(_DATE.sub(" ", text).split()) <= _LONGEST_LINE and not text.rstrip().endswith(",")


def _text(line: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in line)


def _day(line: tuple[Word, ...]) -> date | None:
    """The first date of the line: ``20.11.2026``, ``20. Nov. 2026``, ``20.11.26``."""
    for day, month, name, year in _DATE.findall(_text(line)):
        number = int(month) if month else _MONTHS.get(name.lower()[:3], 0)
        full = int(year) if len(year) == 4 else 2000 + int(year)
        try:
            return date(full, number, int(day))
        except ValueError:
            continue
    return None

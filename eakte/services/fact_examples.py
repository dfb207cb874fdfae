"""Corrected facts as labelled examples: where the right one stands on the page, never what it says.

A person's word about a fact is the client's data; what it teaches is its place.  The worker looks
for it on the pages once the text is made nameless; until then an example says only that there is
something to learn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from classifiers.facts_text import Reading, reading
from eakte.domain.facts import DATES, Fact, FactKind, values
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText
from eakte.domain.rights import Reader, system_reader
from eakte.language.amounts import amounts, canonical
from eakte.models import Document, Example
from eakte.repositories.database import EakteSession
from eakte.repositories.facts import Facts
from eakte.services.examples import Corrections

KEEPER = system_reader("examples")
READ, NOT_READ = "read", "none"
ON_PAGE, ELSEWHERE, NONE = "on_page", "elsewhere", "none"
"""Labels: the right one stands on the pages, it does not, there is none."""

_RULE = "angabe"
_DAYS = DATES | {FactKind.SET_DATE}
_MOST = 5


def keep(
    session: EakteSession, corrections: Corrections, reader: Reader, document: Document
) -> None:
    """Note the kinds of facts that people corrected on ``document``; without text and values."""
    said = Facts(session).corrections(KEEPER, [document.id])[document.id]
    if not said:
        return
    read = Facts(session).as_read(KEEPER, document.id)
    now = Facts(session).of_document(KEEPER, document.id)
    for kind in dict.fromkeys(one.kind for one in said):
        before = [one for one in read if one.kind is kind]
        same = set(values(before, kind)) == set(values(now, kind))
        corrections.fact(
            reader,
            document,
            kind,
            suggested=READ if before else NOT_READ,
            score=max((one.score for one in before), default=0.0),
            label=None if same else (ELSEWHERE if values(now, kind) else NONE),
            findings=[_place(one, item) for one in before[:_MOST] for item in one.evidence],
        )


def settle(session: EakteSession, example: Example, pages: Sequence[PageText]) -> None:
    """Say where the right ones stand on ``pages``, which still have their names."""
    if example.kind not in {kind.value for kind in FactKind} or example.label == NONE:
        return
    kind = FactKind(example.kind)
    wanted = values(Facts(session).of_document(KEEPER, example.document_id), kind)
    readings = [reading(page, number) for number, page in enumerate(pages, start=1)]
    found = [item for value in wanted for item in places_of(kind, value, readings)][:_MOST]
    example.label = ON_PAGE if found else ELSEWHERE
    right = [{"right": True, "page": one.page, "boxes": _boxes(one)} for one in found]
    example.findings = [*(one for one in example.findings if not one.get("right")), *right]


def places_of(kind: FactKind, value: str, pages: Iterable[Reading]) -> Iterator[Evidence]:
    """Where ``value`` stands, as it may be written: days and sums by what they mean."""
    for page in pages:
        for start, end in _spans(kind, value, page):
            yield page.evidence(_RULE, start, end)


def _spans(kind: FactKind, value: str, page: Reading) -> Iterator[tuple[int, int]]:
    if kind in _DAYS:
        days = (one for one in page.dates if one.value.isoformat() == value)
        yield from ((one.start, one.end) for one in days)
    elif kind is FactKind.AMOUNT:
        sums = (one for one in amounts(page.text) if canonical(one.value) == value)
        yield from ((one.start, one.end) for one in sums)
    else:
        words = re.findall(r"\w+", value)
        if words:
            pattern = r"\W+".join(map(re.escape, words))
            for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", page.text, re.IGNORECASE):
                yield match.span()


def _place(fact: Fact, item: Evidence) -> dict[str, Any]:
    return {
        "score": round(fact.score, 4),
        "rule": item.rule,
        "page": item.page,
        "boxes": _boxes(item),
    }


def _boxes(item: Evidence) -> list[list[float]]:
    return [box.as_list() for box in item.boxes]

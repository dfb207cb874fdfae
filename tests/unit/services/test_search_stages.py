"""Where few documents hold all words of a query, those that hold some stand behind them."""

from __future__ import annotations

from datetime import date

import pytest

from eakte.domain.pages import Box, PageText, Word
from eakte.domain.search import AccessGroup, IndexDocument
from eakte.language.analysis import document_terms
from eakte.language.query import parse
from eakte.search.tantivy_index import TantivyIndex
from eakte.services.search_stages import FEW, Stages

TEXTS = {
    "both": "Die Heizung ist kaputt",
    "heater": "Abrechnung der Heizung Heizung Heizung",
    "broken": "kaputt kaputt kaputt",
    "neither": "Ein Brief über etwas anderes",
    "closed": "Heizung kaputt",
    "apart": "Kosten sind das eine und die Miete Miete ist das andere bei Kosten",
    "row": "Die Miete Kosten betreffend teilen wir mit was jeder weiß im Hause",
}


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    index = TantivyIndex(tmp_path_factory.mktemp("index"))
    with index.writer() as writer:
        for name, text in TEXTS.items():
            writer.put(
                IndexDocument(
                    id=name,
                    head=(),
                    allow=frozenset({"nobody" if name == "closed" else "all"}),
                    received=date(2026, 11, 2),
                    **document_terms([page(text)])._asdict(),
                )
            )
    return Stages(index=index, access=(AccessGroup(frozenset({"all"})),))


def page(text: str) -> PageText:
    return PageText(tuple(Word(word, Box(0, 0, 1, 1)) for word in text.split()))


def found(stages: Stages, text: str, **options: int) -> list[str]:
    staged = stages.search(parse(text), limit=options.pop("limit", 20), **options)
    return [hit.id for hit in staged.answer.hits]


def test_what_holds_all_words_stands_before_what_holds_some(stages: Stages):
    staged = stages.search(parse("Heizung kaputt"), limit=20)
    assert staged.answer.hits[0].id == "both"
    assert {hit.id for hit in staged.answer.hits} == {"both", "heater", "broken"}
    assert (staged.complete, staged.answer.total) == (1, 3)


def test_pages_of_a_loosened_answer_go_on_where_the_one_before_ended(stages: Stages):
    whole = found(stages, "Heizung kaputt")
    assert [found(stages, "Heizung kaputt", limit=1, offset=at)[0] for at in range(3)] == whole
    assert stages.search(parse("Heizung kaputt"), limit=1).answer.total == len(whole)
    assert found(stages, "Heizung kaputt", offset=3) == []


def test_words_that_stand_nowhere_together_are_found_one_by_one(stages: Stages):
    staged = stages.search(parse("Brief Heizung"), limit=20)
    assert staged.complete == 0
    assert {hit.id for hit in staged.answer.hits} == {"neither", "both", "heater"}


def test_whoever_asks_strictly_gets_what_holds_all_words(stages: Stages):
    staged = stages.search(parse("Heizung kaputt"), limit=20, loosely=False)
    assert [hit.id for hit in staged.answer.hits] == ["both"]


def test_what_is_left_out_stays_left_out(stages: Stages):
    assert "broken" not in found(stages, "Heizung ODER Brief -kaputt Abrechnung")


def test_what_is_counted_is_what_is_found(stages: Stages):
    for text in ("Heizung kaputt", "Brief Heizung", "Heizung", "Heizung -kaputt"):
        counted = stages.index.search(stages.query(parse(text))).total
        assert counted == stages.search(parse(text), limit=FEW).answer.total


def test_words_that_stand_side_by_side_count_more_than_scattered_ones(stages: Stages):
    assert found(stages, "Miete Kosten") == ["row", "apart"]
    assert found(stages, '"Miete Kosten"') == ["row"]

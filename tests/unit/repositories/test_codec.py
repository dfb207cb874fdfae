"""Words and findings come back from the database as they went in."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.findings import (
    CaseFileCandidate,
    CaseFileFinding,
    DeadlineFinding,
    Evidence,
    SchlagwortFinding,
)
from eakte.domain.pages import Box, Word
from eakte.repositories import codec

FRACTIONS = st.integers(0, 10_000).map(lambda units: units / 10_000)
BOXES = st.builds(Box, FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = st.builds(
    Word,
    text=TEXT,
    box=BOXES,
    line=st.integers(0, 200),
    block=st.integers(0, 40),
    confidence=st.integers(0, 100).map(lambda percent: percent / 100),
)
SCORES = st.integers(0, 10_000).map(lambda units: units / 10_000)
EVIDENCE = st.builds(
    Evidence,
    rule=TEXT,
    page=st.integers(1, 500),
    words=TEXT,
    boxes=st.lists(BOXES, max_size=2).map(tuple),
)
CANDIDATES = st.builds(
    CaseFileCandidate,
    case_file_id=TEXT,
    aktenzeichen=TEXT,
    score=SCORES,
    facts=st.frozensets(TEXT, max_size=3),
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    person_ids=st.lists(TEXT, max_size=2).map(tuple),
    contradictions=st.lists(TEXT, max_size=2).map(tuple),
)


@given(st.lists(WORDS, max_size=30).map(tuple))
def test_words_come_back_to_a_ten_thousandth_of_the_page(words: tuple[Word, ...]):
    assert codec.unpack_words(codec.pack_words(words)) == words


def test_a_full_letter_takes_a_few_kilobytes():
    words = tuple(
        Word(text=f"Leistungsbescheid{n % 37}", box=Box(n / 400, 0.1, n / 400, 0.12), line=n // 10)
        for n in range(400)
    )
    assert len(codec.pack_words(words)) < 6_000


@given(st.lists(EVIDENCE, max_size=3).map(tuple), SCORES)
def test_schlagwort_findings_come_back(evidence: tuple[Evidence, ...], score: float):
    finding = SchlagwortFinding(
        schlagwort="widerspruch", score=score, pages=(1, 2), evidence=evidence
    )
    assert codec.schlagwort_from_json(codec.schlagwort_to_json(finding)) == finding


@given(st.none() | CANDIDATES, st.lists(CANDIDATES, max_size=2).map(tuple), TEXT)
def test_case_file_findings_come_back(
    chosen: CaseFileCandidate | None, candidates: tuple[CaseFileCandidate, ...], reason: str
):
    finding = CaseFileFinding(chosen=chosen, candidates=candidates, reason=reason)
    assert codec.case_finding_from_json(codec.case_finding_to_json(finding)) == finding


@given(CANDIDATES, CANDIDATES)
def test_an_overruled_case_file_is_neither_chosen_nor_a_candidate(
    first: CaseFileCandidate, second: CaseFileCandidate
):
    shut = frozenset({first.case_file_id})
    finding = CaseFileFinding(chosen=first, candidates=(first, second), overruled=shut)
    left = codec.case_finding_from_json(codec.case_finding_to_json(finding))
    assert left.chosen is None
    assert left.candidates == tuple(one for one in (second,) if one.case_file_id not in shut)
    assert codec.case_finding_from_json(codec.case_finding_to_json(left)) == left


@given(st.dates(), st.dates())
def test_deadlines_come_back(starts: date, ends: date):
    finding = DeadlineFinding(rule="§ 84 SGG", starts=starts, ends=ends, reason="ein Monat")
    assert codec.deadline_from_json(codec.deadline_to_json(finding)) == finding

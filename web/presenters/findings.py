"""Findings with their evidence: what the rules saw, where, how sure, and what else it could be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eakte.domain.findings import CaseFileCandidate, Evidence, SchlagwortFinding
from web.presenters import german

FACTS = {
    "number": "Aktenzeichen",
    "former_number": "früheres Aktenzeichen",
    "customer_number": "Kundennummer",
    "name": "Name",
    "birth_date": "Geburtsdatum",
    "address": "Anschrift",
    "iban": "Bankverbindung",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """Words on a page; ``marks`` is the JSON that ``js/viewer/marks.js`` draws."""

    words: str
    rule: str
    page: int
    marks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A suggested Schlagwort, how sure (0..1), and why."""

    id: str
    title: str
    score: float
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A case file it could belong to, with what agrees and what contradicts."""

    id: str
    aktenzeichen: str
    score: float
    facts: str
    evidence: tuple[EvidenceRow, ...]
    contradictions: tuple[str, ...]


def evidence_rows(evidence: Iterable[Evidence]) -> tuple[EvidenceRow, ...]:
    """One row a piece of evidence, in the order given."""
    return tuple(
        EvidenceRow(
            words=item.words,
            rule=item.rule,
            page=item.page,
            marks=json.dumps({"page": item.page, "boxes": [box.as_list() for box in item.boxes]}),
        )
        for item in evidence
    )


def finding_rows(
    findings: Iterable[SchlagwortFinding], titles: Mapping[str, str]
) -> tuple[FindingRow, ...]:
    """Suggestions best first; ``titles`` name the Schlagworte."""
    return tuple(
        FindingRow(
            id=finding.schlagwort,
            title=titles.get(finding.schlagwort, finding.schlagwort),
            score=finding.score,
            evidence=evidence_rows(finding.evidence),
        )
        for finding in findings
    )


def candidate_rows(candidates: Iterable[CaseFileCandidate]) -> tuple[CandidateRow, ...]:
    """Case files that fit, best first."""
    return tuple(
        CandidateRow(
            id=candidate.case_file_id,
            aktenzeichen=candidate.aktenzeichen,
            score=candidate.score,
            facts=german.joined(sorted(FACTS.get(fact, fact) for fact in candidate.facts)),
            evidence=evidence_rows(candidate.evidence),
            contradictions=candidate.contradictions,
        )
        for candidate in candidates
    )

"""Findings with their evidence: what the rules saw, where, how sure, and what else it could be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers.sample_words import SAMPLES
from eakte.domain.findings import CaseFileCandidate, Evidence, SchlagwortFinding
from eakte.language.folding import words_with_spans
from web.presenters import german

NO_RULES: Mapping[str, tuple[str, ...]] = {}
SIGHTINGS = {
    "kennung.aktenzeichen": "Aktenzeichen",
    "kennung.kundennummer": "Kundennummer",
    "kennung.name": "Name",
    "kennung.nachname": "Nachname",
    "kennung.geburtsdatum": "Geburtsdatum",
    "kennung.anschrift": "Anschrift",
    "kennung.rentennummer": "Geburtsdatum in der Rentenversicherungsnummer",
    "kennung.versichertennummer": "Versichertennummer aus einem früheren Brief",
    "kennung.zeichen": "Zeichen aus einem früheren Brief",
    "kennung.vertretung": "Vertretung",
    "eingang.stempel": "Eingangsstempel",
}
"""What was recognised, where it was not a rule that an authority can change."""
GIVEN = "angabe"
_GAP = re.compile(r"\.\.\d{0,2}")

FACTS = {
    "number": "Aktenzeichen",
    "former_number": "früheres Aktenzeichen",
    "customer_number": "Kundennummer",
    "name": "Name",
    "birth_date": "Geburtsdatum",
    "address": "Anschrift",
    "iban": "Bankverbindung",
    "surname": "Nachname",
    "near_number": "Aktenzeichen mit einem Lesefehler",
    "insured": "Versichertennummer",
    "reference": "Zeichen aus einem früheren Brief",
    "representative": "Vertretung",
    "application": "Angaben im Antrag",
    "given": "mitgelieferte Angabe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """Words on a page; ``marks`` is the JSON that ``js/viewer/marks.js`` draws.

    ``name`` says which rule it was, for people.
    """

    words: str
    rule: str
    page: int
    marks: str
    name: str


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


def evidence_rows(
    evidence: Iterable[Evidence], written: Mapping[str, tuple[str, ...]] = NO_RULES
) -> tuple[EvidenceRow, ...]:
    """One row a piece of evidence, in the order given; ``written``: phrases by rule."""
    return tuple(
        EvidenceRow(
            words=item.words,
            rule=item.rule,
            page=item.page,
            marks=json.dumps({"page": item.page, "boxes": [box.as_list() for box in item.boxes]}),
            name=rule_name(item, written),
        )
        for item in evidence
    )


def rule_name(item: Evidence, written: Mapping[str, tuple[str, ...]]) -> str:
    """``Regel recht.widerspruch.1: „lege … widerspruch ein“``, or what was recognised.

    Of a rule with several phrases the one that has most in common with the words seen.
    """
    if item.rule in SIGHTINGS:
        return SIGHTINGS[item.rule]
    if item.rule.partition(".")[0] == GIVEN:
        return "Angabe, die mitgeliefert wurde"
    if item.rule.partition(".")[0] == SAMPLES:
        return "Wörter, die in Musterbriefen dazu stehen"
    phrases = written.get(item.rule, ())
    if not phrases:
        return f"Regel {item.rule}"
    seen = {word.text for word in words_with_spans(item.words)}
    best = max(phrases, key=lambda phrase: len(seen & {w.text for w in words_with_spans(phrase)}))
    return f"Regel {item.rule}: „{_GAP.sub('…', best)}“"


def finding_rows(
    findings: Iterable[SchlagwortFinding],
    titles: Mapping[str, str],
    written: Mapping[str, tuple[str, ...]] = NO_RULES,
) -> tuple[FindingRow, ...]:
    """Suggestions best first; ``titles`` name the Schlagworte."""
    return tuple(
        FindingRow(
            id=finding.schlagwort,
            title=titles.get(finding.schlagwort, finding.schlagwort),
            score=finding.score,
            evidence=evidence_rows(finding.evidence, written),
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

"""Values as they are kept in rows: words as compressed blobs, findings as JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from eakte.domain.findings import (
    CaseFileCandidate,
    CaseFileFinding,
    DeadlineFinding,
    Evidence,
    ReceiptFinding,
    SchlagwortFinding,
)
from eakte.domain.pages import Box, Word

BOX_UNITS = 10_000
"""Boxes are kept in ten-thousandths of the page: 0.02 mm on A4, five digits less a number."""


def pack_words(words: tuple[Word, ...]) -> bytes:
    """One blob for all words of a page (about 2.5 KB for a full letter)."""
    rows = [
        [
            word.text,
            *(round(v * BOX_UNITS) for v in (word.box.x0, word.box.y0, word.box.x1, word.box.y1)),
            word.line,
            word.block,
            round(word.confidence * 100),
        ]
        for word in words
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack_words(blob: bytes) -> tuple[Word, ...]:
    """The words that ``pack_words`` was given, boxes to a ten-thousandth of the page."""
    return tuple(
        Word(
            text=text,
            box=Box(x0 / BOX_UNITS, y0 / BOX_UNITS, x1 / BOX_UNITS, y1 / BOX_UNITS),
            line=line,
            block=block,
            confidence=confidence / 100,
        )
        for text, x0, y0, x1, y1, line, block, confidence in json.loads(zlib.decompress(blob))
    )


def renumbered(value: Any, places: Mapping[int, int]) -> Any:  # noqa: ANN401  any finding's JSON
    """A finding's payload with other page numbers; evidence on pages that left is left out."""
    if isinstance(value, dict):
        made = {key: renumbered(one, places) for key, one in value.items()}
        if isinstance(value.get("page"), int):
            made["page"] = places.get(value["page"], value["page"])
        if isinstance(value.get("pages"), list):
            made["pages"] = [places[one] for one in value["pages"] if one in places]
        return made
    if isinstance(value, list):
        return [renumbered(one, places) for one in value if _stands(one, places)]
    return value


def laid_back(value: Any, turns: Mapping[int, int]) -> Any:  # noqa: ANN401  any finding's JSON
    """A finding's payload, its boxes on the pages as they were before they were turned.

    ``turns``: by page number how far each was turned clockwise when the finding was made.
    """
    if isinstance(value, dict):
        made = {key: laid_back(one, turns) for key, one in value.items()}
        turn = turns.get(value["page"], 0) if isinstance(value.get("page"), int) else 0
        if turn and isinstance(value.get("boxes"), list):
            made["boxes"] = [Box(*one).turned(-turn).as_list() for one in value["boxes"]]
        return made
    if isinstance(value, list):
        return [laid_back(one, turns) for one in value]
    return value


def _stands(value: Any, places: Mapping[int, int]) -> bool:  # noqa: ANN401
    page = value.get("page") if isinstance(value, dict) else None
    return not isinstance(page, int) or page in places


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Evidence in the form of ``eakte intake --json``."""
    return {
        "rule": evidence.rule,
        "page": evidence.page,
        "words": evidence.words,
        "boxes": [box.as_list() for box in evidence.boxes],
    }


def evidence_from_json(value: dict[str, Any]) -> Evidence:
    """The reverse of ``evidence_to_json``."""
    return Evidence(
        rule=value["rule"],
        page=value["page"],
        words=value["words"],
        boxes=tuple(Box(*box) for box in value["boxes"]),
    )


def schlagwort_to_json(finding: SchlagwortFinding) -> dict[str, Any]:
    """A Schlagwort finding in the form of ``eakte intake --json``."""
    return {
        "schlagwort": finding.schlagwort,
        "score": round(finding.score, 4),
        "pages": list(finding.pages),
        "evidence": [evidence_to_json(item) for item in finding.evidence],
    }


def schlagwort_from_json(value: dict[str, Any]) -> SchlagwortFinding:
    """The reverse of ``schlagwort_to_json``."""
    return SchlagwortFinding(
        schlagwort=value["schlagwort"],
        score=value["score"],
        pages=tuple(value["pages"]),
        evidence=tuple(evidence_from_json(item) for item in value["evidence"]),
    )


def _candidate_to_json(candidate: CaseFileCandidate) -> dict[str, Any]:
    return {
        "case_file_id": candidate.case_file_id,
        "aktenzeichen": candidate.aktenzeichen,
        "score": round(candidate.score, 4),
        "facts": sorted(candidate.facts),
        "evidence": [evidence_to_json(item) for item in candidate.evidence],
        "person_ids": list(candidate.person_ids),
        "contradictions": list(candidate.contradictions),
    }


def _candidate_from_json(value: dict[str, Any]) -> CaseFileCandidate:
    return CaseFileCandidate(
        case_file_id=value["case_file_id"],
        aktenzeichen=value["aktenzeichen"],
        score=value["score"],
        facts=frozenset(value["facts"]),
        evidence=tuple(evidence_from_json(item) for item in value["evidence"]),
        person_ids=tuple(value["person_ids"]),
        contradictions=tuple(value["contradictions"]),
    )


OVERRULED = "overruled"
"""Where a finding keeps the case files out of which a person took its document."""


def case_finding_to_json(finding: CaseFileFinding) -> dict[str, Any]:
    """Whose it is, with all candidates, best first."""
    chosen = finding.chosen
    kept = {OVERRULED: sorted(finding.overruled)} if finding.overruled else {}
    return {
        "chosen": None if chosen is None else _candidate_to_json(chosen),
        "candidates": [_candidate_to_json(item) for item in finding.candidates],
        "reason": finding.reason,
        **kept,
    }


def case_finding_from_json(value: dict[str, Any]) -> CaseFileFinding:
    """The reverse of ``case_finding_to_json``, without the case files that were overruled."""
    chosen, overruled = value["chosen"], frozenset(value.get(OVERRULED, ()))
    named = (_candidate_from_json(item) for item in value["candidates"])
    return CaseFileFinding(
        chosen=None
        if chosen is None or chosen["case_file_id"] in overruled
        else _candidate_from_json(chosen),
        candidates=tuple(one for one in named if one.case_file_id not in overruled),
        reason=value["reason"],
        overruled=overruled,
    )


def receipt_to_json(finding: ReceiptFinding) -> dict[str, Any]:
    """A receipt stamp."""
    return {
        "day": finding.day.isoformat(),
        "here": finding.here,
        "evidence": evidence_to_json(finding.evidence),
    }


def receipt_from_json(value: dict[str, Any]) -> ReceiptFinding:
    """The reverse of ``receipt_to_json``."""
    return ReceiptFinding(
        day=date.fromisoformat(value["day"]),
        here=value["here"],
        evidence=evidence_from_json(value["evidence"]),
    )


def deadline_to_json(finding: DeadlineFinding) -> dict[str, Any]:
    """A deadline in the form of ``eakte intake --json``."""
    return {
        "rule": finding.rule,
        "starts": finding.starts.isoformat(),
        "ends": finding.ends.isoformat(),
        "reason": finding.reason,
    }


def deadline_from_json(value: dict[str, Any]) -> DeadlineFinding:
    """The reverse of ``deadline_to_json``."""
    return DeadlineFinding(
        rule=value["rule"],
        starts=date.fromisoformat(value["starts"]),
        ends=date.fromisoformat(value["ends"]),
        reason=value["reason"],
        ours=value.get("ours", False),
    )


def kept_deadline(finding: DeadlineFinding) -> tuple[str, float, dict[str, Any]]:
    """A deadline as a finding is kept: its value is the last day where the authority has to act.

    So postboxes can be ordered by it; the value of all others is empty.
    """
    value = finding.ends.isoformat() if finding.ours else ""
    return value, 1.0, {**deadline_to_json(finding), "ours": finding.ours}

"""Two versions of the rules judging one document: what would change, counted without naming it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eakte.domain.findings import SchlagwortFinding
from eakte.domain.rules import Change
from eakte.repositories.codec import schlagwort_to_json

FALLBACK = "sonstiges"
"""Never in doubt by itself: the case file decides whether a person must look."""
_MOST_REASONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the old and the new rules say of one document, where it differs."""

    kind: Change
    old: SchlagwortFinding
    new: SchlagwortFinding
    person: str | None


def judged(
    old: Sequence[SchlagwortFinding],
    new: Sequence[SchlagwortFinding],
    threshold: float,
    chosen: str | None,
) -> Judged | None:
    """What would change, None for nothing that anyone would notice.

    The primary Schlagwort first; then whether it is certain enough not to ask a person; then the
    further ones.  ``chosen`` is what a person decided, whatever the rules said.
    """
    before, after = old[0], new[0]
    if before.schlagwort != after.schlagwort:
        kind = Change.PRIMARY
    elif _sure(before, threshold) != _sure(after, threshold):
        kind = Change.CERTAINTY
    elif _further(old, threshold) != _further(new, threshold):
        kind = Change.FURTHER
        before, after = _differing(old, new, threshold)
    else:
        return None
    person = None
    if chosen is not None:
        agrees = {before.schlagwort: "old", after.schlagwort: "new"}
        person = agrees.get(chosen, "neither") if kind is Change.PRIMARY else None
    return Judged(kind=kind, old=before, new=after, person=person)


def _sure(finding: SchlagwortFinding, threshold: float) -> bool:
    return finding.schlagwort == FALLBACK or finding.score >= threshold


def _further(findings: Sequence[SchlagwortFinding], threshold: float) -> set[str]:
    return {one.schlagwort for one in findings[1:] if one.score >= threshold}


def _differing(
    old: Sequence[SchlagwortFinding], new: Sequence[SchlagwortFinding], threshold: float
) -> tuple[SchlagwortFinding, SchlagwortFinding]:
    """The first further Schlagwort that goes, and the first that comes; none is an empty name."""
    before, after = _further(old, threshold), _further(new, threshold)
    none = SchlagwortFinding(schlagwort="", score=0.0, pages=(), evidence=())
    goes = next((one for one in old[1:] if one.schlagwort in before - after), none)
    comes = next((one for one in new[1:] if one.schlagwort in after - before), none)
    return goes, comes


def reasons(finding: SchlagwortFinding) -> list[dict[str, Any]]:
    """Why: rule, page and boxes.  The words stay on the page, where rights and erasure reach."""
    return [
        {"rule": one["rule"], "page": one["page"], "boxes": one["boxes"]}
        for one in schlagwort_to_json(finding)["evidence"][:_MOST_REASONS]
    ]


def empty_tally() -> dict[str, Any]:
    """Nothing counted yet."""
    return {"before": {}, "after": {}, "shifts": {}, "unread": 0}


def counted(
    tally: Mapping[str, Any],
    each: Sequence[tuple[str, str, Judged | None]],
    unread: int,
) -> dict[str, Any]:
    """``tally`` with further documents: (old, new primary Schlagwort, what changes)."""
    before, after = dict(tally["before"]), dict(tally["after"])
    shifts = {key: _copied(shift) for key, shift in tally["shifts"].items()}
    for old, new, change in each:
        before[old] = before.get(old, 0) + 1
        after[new] = after.get(new, 0) + 1
        if change is not None:
            _add(shifts, change)
    return {
        "before": before,
        "after": after,
        "shifts": shifts,
        "unread": tally["unread"] + unread,
    }


def _add(shifts: dict[str, Any], change: Judged) -> None:
    old, new = change.old.schlagwort, change.new.schlagwort
    shift = shifts.setdefault(
        f"{change.kind}:{old}:{new}",
        {
            "kind": change.kind.value,
            "old": old,
            "new": new,
            "count": 0,
            "old_rules": {},
            "new_rules": {},
            "person": {},
        },
    )
    shift["count"] += 1
    if change.person is not None:
        shift["person"][change.person] = shift["person"].get(change.person, 0) + 1
    for key, finding in (("old_rules", change.old), ("new_rules", change.new)):
        for rule in dict.fromkeys(one.rule for one in finding.evidence):
            shift[key][rule] = shift[key].get(rule, 0) + 1


def _copied(shift: Mapping[str, Any]) -> dict[str, Any]:
    return {key: dict(value) if isinstance(value, dict) else value for key, value in shift.items()}

"""To which Vorgang of its case file a document belongs: by its numbers, or because it opens one.

The same court number, or the authority's own number of an objection, leads to the Vorgang that has
it; an objection to the decision that an open Vorgang is already about leads there as well.  A
lawsuit, an application for interim relief or an objection with none opens one.  What a person
decided, no reading changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eakte.domain.facts import Fact, FactKind, values
from eakte.domain.findings import Evidence
from eakte.domain.rights import Reader, system_reader
from eakte.language.figures import exact_key
from eakte.models import CaseFile, Document, Vorgang
from eakte.repositories.audit import AuditLog
from eakte.repositories.codec import evidence_to_json
from eakte.repositories.database import EakteSession
from eakte.repositories.facts import Facts
from eakte.repositories.vorgaenge import Vorgaenge

PLACE = system_reader("vorgaenge")

OPENING = ("klage", "eilantrag", "widerspruch")
"""Schlagworte whose letters open a Vorgang of their kind."""

_AT_COURT = frozenset({"klage", "eilantrag"})
_NUMBERS = (FactKind.COURT_NUMBER, FactKind.OBJECTION_NUMBER)
_SURE = 0.7


@dataclass(frozen=True, slots=True)
class _Found:
    vorgang: Vorgang
    sentence: str
    evidence: tuple[Evidence, ...] = ()


def attach(
    session: EakteSession,
    document: Document,
    cover: CaseFile | None,
    facts: Sequence[Fact],
    now: datetime,
) -> None:
    """Put the document into the Vorgang that it belongs to; a person's decision stays.

    Called whenever it was filed anew: out of its case file it leaves that file's Vorgang.
    """
    vorgaenge = Vorgaenge(session)
    link = vorgaenge.link(PLACE, document.id)
    there = None if link is None or link.vorgang_id is None else link.vorgang_id
    if there is not None:
        held = session.get_one(Vorgang, there)
        stays = link is not None and (
            link.attached_by != PLACE.login or _still_opens(document, held)
        )
        if stays and cover is not None and held.case_file_id == cover.id:
            return
        vorgaenge.forget(document.id)
        if held.opened_by == PLACE.login:
            vorgaenge.close_if_empty(there)
    elif link is not None:
        return  # a person took it out
    if cover is None:
        return
    sure = [one for one in facts if one.score >= _SURE]
    found = _by_number(session, cover, document, sure) or _by_decision(
        session, cover, document, sure
    )
    found = found or _opened(session, cover, document, now)
    if found is None:
        return
    vorgaenge.add_numbers(found.vorgang.id, _numbers_of(document, sure))
    payload = _payload(found.sentence, found.evidence)
    vorgaenge.attach(document.id, found.vorgang.id, PLACE.login, payload, now)
    AuditLog(session).note(
        PLACE,
        "document.vorgang",
        "document",
        document.id,
        details={"vorgang": found.vorgang.id},
    )


def _still_opens(document: Document, held: Vorgang) -> bool:
    """A Vorgang that this document opened has its kind, unless it was relabelled since."""
    return held.opened_with != document.id or held.kind == document.schlagwort


def _by_number(
    session: EakteSession, cover: CaseFile, document: Document, facts: Sequence[Fact]
) -> _Found | None:
    kinds = _NUMBERS[:1] if document.schlagwort in _AT_COURT else _NUMBERS
    keys = {exact_key(one.value): one for one in facts if one.kind in kinds}
    known = Vorgaenge(session).by_numbers(PLACE, cover.id, keys)
    for key, fact in keys.items():
        if key in known:
            return _Found(known[key], f"Gleiches Aktenzeichen {fact.value}.", fact.evidence)
    return None


def _by_decision(
    session: EakteSession, cover: CaseFile, document: Document, facts: Sequence[Fact]
) -> _Found | None:
    """Reasons that follow an objection name no number, but the same decision."""
    decided = [one for one in facts if one.kind is FactKind.DECISION]
    if document.schlagwort != "widerspruch" or not decided:
        return None
    for fact in decided:
        named = Vorgaenge(session).naming(PLACE, cover.id, "widerspruch", fact.value)
        others = Facts(session).of_documents(PLACE, [one for _, one in named]) if named else {}
        for vorgang, other in named:
            if other != document.id and fact.value in values(others[other], FactKind.DECISION):
                return _Found(vorgang, "Gegen denselben Bescheid.", fact.evidence)
    return None


def _opened(
    session: EakteSession, cover: CaseFile, document: Document, now: datetime
) -> _Found | None:
    if document.schlagwort not in OPENING:
        return None
    vorgang = Vorgaenge(session).open(cover.id, document.schlagwort, document.id, PLACE.login, now)
    return _Found(vorgang, "Mit diesem Dokument eröffnet.")


def _numbers_of(document: Document, facts: Iterable[Fact]) -> dict[str, str]:
    """What the Vorgang learns: a lawsuit does not take over the objection's number."""
    kinds = _NUMBERS[:1] if document.schlagwort in _AT_COURT else _NUMBERS
    return {exact_key(one): one for one in values(facts, *kinds)}


def merge_equal(session: EakteSession, case_file_id: str) -> None:
    """Vorgänge of a case file with the same number become one, the older: two files were joined."""
    vorgaenge = Vorgaenge(session)
    held = vorgaenge.of_case_file(PLACE, case_file_id)
    numbers = vorgaenge.numbers(PLACE, [one.id for one in held])
    first: dict[tuple[str, str], str] = {}
    for one in held:
        keys = [(one.kind, number.number_key) for number in numbers[one.id]]
        into = next((first[key] for key in keys if key in first), one.id)
        for key in keys:
            first.setdefault(key, into)
        if into != one.id:
            vorgaenge.merge(PLACE, one.id, into)


def _payload(sentence: str, evidence: Iterable[Evidence]) -> dict[str, Any]:
    return {"reason": sentence, "evidence": [evidence_to_json(one) for one in evidence]}


def attach_by_hand(
    session: EakteSession,
    reader: Reader,
    document: Document,
    vorgang: Vorgang | None,
    now: datetime,
) -> None:
    """A person's word: this Vorgang, or none; it stays whatever is read later."""
    vorgaenge = Vorgaenge(session)
    before = vorgaenge.link(PLACE, document.id)
    left = before.vorgang_id if before is not None else None
    vorgaenge.attach(
        document.id,
        vorgang.id if vorgang is not None else None,
        reader.login,
        _payload("Von Hand zugeordnet.", ()),
        now,
    )
    if left is not None and left != (vorgang.id if vorgang else None):
        vorgaenge.close_if_empty(left)
    AuditLog(session).note(
        reader,
        "document.vorgang",
        "document",
        document.id,
        details={"vorgang": vorgang.id if vorgang else None, "before": left},
    )

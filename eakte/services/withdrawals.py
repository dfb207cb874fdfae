"""Paper taken back from a signed list for destruction, before its day comes.

A signed list is never changed: what takes a document off it is a decision of its own about the
batch (``withdrawn``), which names the release, the document and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from eakte.domain.ids import new_id
from eakte.domain.proof import PaperFate
from eakte.domain.rights import Reader, system_reader
from eakte.models import BatchDecision, Document
from eakte.ports import Clock
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources

PLACE = system_reader("proof")
BECAME_KEPT = "Das Dokument trägt jetzt ein Schlagwort, dessen Papier aufbewahrt wird."
CAME_TOGETHER = "Das Blatt liegt jetzt bei einem Dokument, dessen Papier bleibt."


def withdrawn_from(decisions: Iterable[BatchDecision], release_id: str) -> dict[str, BatchDecision]:
    """What took documents off that release, by document."""
    return {
        one.details["document"]: one
        for one in decisions
        if one.kind == "withdrawn" and one.details["release"] == release_id
    }


def listed_now(decisions: Iterable[BatchDecision]) -> dict[str, BatchDecision]:
    """The documents that stand on a signed list, each with the release that still holds."""
    known = list(decisions)
    return {
        row["document"]: decision
        for decision in known
        if decision.kind == "released"
        for row in decision.details["list"]
        if row["document"] not in withdrawn_from(known, decision.id)
    }


def releases_of(session: EakteSession, document: Document) -> dict[str, BatchDecision]:
    """The releases that still hold for the document's pages, by the document that they list.

    That is the document itself, or one in which its pages stood when the list was signed.
    """
    source = Sources(session).get(PLACE, document.source_id)
    if source is None:
        return {}
    proof = Proof(session)
    listed = listed_now(proof.decisions(PLACE, source.batch_id))
    if not listed:
        return {}
    ids = {document.id, *proof.stood_in(PLACE, [document.id]).get(document.id, {})}
    return {one: release for one, release in listed.items() if one in ids}


def withdraw(
    session: EakteSession, reader: Reader, document: Document, reason: str, clock: Clock
) -> bool:
    """Take the document's pages off their lists; whether none is left whose day has come.

    Lists of documents in which its pages stood before count too.
    """
    source = Sources(session).get(PLACE, document.source_id)
    if source is None:
        return True
    proof = Proof(session)
    listed = releases_of(session, document)
    in_time = True
    for document_id, release in sorted(listed.items()):
        if clock.today() >= date.fromisoformat(release.details["not_before"]):
            in_time = False
            continue
        decision = BatchDecision(
            id=new_id(),
            batch_id=source.batch_id,
            kind="withdrawn",
            decided_at=clock.now(),
            decided_by=reader.login,
            details={"release": release.id, "document": document_id, "reason": reason},
        )
        proof.add(decision)
        AuditLog(session).note(
            reader,
            "batch.withdrawn",
            "batch",
            source.batch_id,
            details={"decision": decision.id, "document": document_id},
        )
    return in_time


def withdraw_where_kept(
    session: EakteSession,
    reader: Reader,
    document: Document,
    clock: Clock,
    reason: str = BECAME_KEPT,
) -> None:
    """After new Schlagworte or other pages: off the list, where the paper has to stay now.

    It has to, where the document, or one in which its pages ever stood, carries a Schlagwort that
    the list had to keep, or where a person decided to keep, send back or forward the paper.
    """
    releases = releases_of(session, document)
    if not releases:
        return
    proof = Proof(session)
    past = proof.stood_in(PLACE, [document.id]).get(document.id, {})
    carried = proof.schlagworte_of(PLACE, {document.id, *past})
    never = {
        one for release in releases.values() for one in release.details.get("never_destroy", ())
    }
    stays = document.paper not in (None, PaperFate.DESTROY) or PaperFate.KEEP in past.values()
    if stays or any(not never.isdisjoint(schlagworte) for schlagworte in carried.values()):
        withdraw(session, reader, document, reason, clock)

"""The list of paper that may be destroyed: who stands on it, how it is written and signed.

The list names documents by id, file and page, so that the paper can be found; it says nothing of
what stands in them.  The CSV is the list: its SHA-256 is what was signed off.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import update

from eakte.domain.proof import PaperFate, QualityRules
from eakte.domain.rights import Reader, system_reader
from eakte.models import Batch, BatchDecision, Document
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.proof import Proof
from eakte.services.proof_views import ReleaseRow, ReleaseView
from eakte.services.withdrawals import listed_now, withdrawn_from

PLACE = system_reader("proof")
COLUMNS = ("Nr.", "Dokument", "Datei", "Seiten", "Eingang")
SETTLED = ("delivered", "filed")
"""States in which it is known whose a document is; paper of anything else stays."""


def fate_of(
    document: Document, schlagworte: frozenset[str], rules: QualityRules, *, held: bool
) -> PaperFate:
    """What becomes of the paper; a deed is kept, whatever anybody clicked.

    ``held``: its past keeps it, see :func:`held_by_their_past`.
    """
    fate = PaperFate(document.paper) if document.paper else rules.fate(schlagworte)
    if fate is PaperFate.DESTROY and (held or rules.must_be_kept(schlagworte)):
        return PaperFate.KEEP
    return fate


def held_by_their_past(
    session: EakteSession, document_ids: Iterable[str], rules: QualityRules
) -> frozenset[str]:
    """Those of the documents with a page that once stood in another one that is to be kept.

    Kept by the rules or by a person: ordering pages at the desk decides nothing about paper.
    """
    proof = Proof(session)
    past = proof.stood_in(PLACE, document_ids)
    carried = proof.schlagworte_of(PLACE, {one for others in past.values() for one in others})
    return frozenset(
        document_id
        for document_id, others in past.items()
        if any(
            paper == PaperFate.KEEP or rules.must_be_kept(carried.get(one, frozenset()))
            for one, paper in others.items()
            if one != document_id
        )
    )


def rows(
    session: EakteSession, reader: Reader, batch_id: str, rules: QualityRules
) -> tuple[ReleaseRow, ...]:
    """What a release of the batch would list now, without what earlier ones listed."""
    proof = Proof(session)
    found = proof.documents(reader, batch_id)
    ids = {document.id for document, *_ in found}
    carried = proof.schlagworte_of(reader, ids)
    held = held_by_their_past(session, ids, rules)
    bad = proof.found_bad(reader, batch_id)
    before = listed_now(proof.decisions(reader, batch_id))
    return tuple(
        ReleaseRow(
            document_id=document.id,
            file=source.name,
            pages=tuple(numbers),
            received=document.received_here,
        )
        for document, source, numbers in found
        if document.state in SETTLED
        and document.id not in before
        and document.id not in bad
        and _carries(document, carried) is not None
        and fate_of(
            document,
            carried.get(document.id, frozenset()),
            rules,
            held=document.id in held,
        )
        is PaperFate.DESTROY
    )


def _carries(document: Document, carried: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Its Schlagworte; None where it has none yet: nobody knows what it is."""
    return carried.get(document.id) or None


def sign(session: EakteSession, reader: Reader, listed: Sequence[ReleaseRow]) -> None:
    """The signature decides for what only the rules had suggested."""
    ids = sorted({row.document_id for row in listed})
    undecided = update(Document).where(Document.id.in_(ids), Document.paper.is_(None))
    session.execute(
        undecided.values(paper=PaperFate.DESTROY.value, paper_by=reader.login),
        execution_options={"synchronize_session": False},
    )
    for document_id in ids:
        AuditLog(session).note(reader, "document.paper_released", "document", document_id)


def details(
    batch: Batch, listed: Sequence[ReleaseRow], not_before: date, rules: QualityRules
) -> dict[str, object]:
    """What the decision keeps: the list, its hash, and until when the paper stays."""
    kept: dict[str, object] = {
        "list": [
            {
                "document": row.document_id,
                "file": row.file,
                "pages": list(row.pages),
                "received": row.received.isoformat(),
            }
            for row in listed
        ],
        "not_before": not_before.isoformat(),
    }
    return kept | {
        "sha256": hashlib.sha256(as_csv(batch.name, kept)).hexdigest(),
        "never_destroy": sorted(rules.never_destroy),
    }


def as_csv(
    batch_name: str, kept: Mapping[str, Any], withdrawn: Mapping[str, str] | None = None
) -> bytes:
    """The list as CSV for a German spreadsheet: UTF-8 with mark, semicolons.

    What was ``withdrawn`` since (reasons by document) is said in its line; the signature is that of
    the list without.
    """
    withdrawn = withdrawn or {}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Stapel", _harmless(batch_name), "vernichten ab", kept["not_before"], ""])
    writer.writerow(COLUMNS)
    for number, row in enumerate(kept["list"], start=1):
        pages = ", ".join(str(page) for page in row["pages"])
        line = [number, row["document"], _harmless(row["file"]), pages, row["received"]]
        if row["document"] in withdrawn:
            line.append(f"NICHT VERNICHTEN: {withdrawn[row['document']]}")
        writer.writerow(line)
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A spreadsheet must not take the name of a file for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def view(
    batch: Batch,
    decision: BatchDecision,
    signed_by: str,
    decisions: Sequence[BatchDecision] = (),
) -> ReleaseView:
    """The list with the hash that was signed, and what was withdrawn of it since."""
    kept = decision.details
    withdrawn = {
        document_id: str(one.details["reason"])
        for document_id, one in withdrawn_from(decisions, decision.id).items()
    }
    return ReleaseView(
        id=decision.id,
        batch_id=batch.id,
        batch_name=batch.name,
        decided_at=decision.decided_at,
        decided_by=signed_by,
        not_before=date.fromisoformat(kept["not_before"]),
        rows=tuple(
            ReleaseRow(
                document_id=row["document"],
                file=row["file"],
                pages=tuple(row["pages"]),
                received=date.fromisoformat(row["received"]),
            )
            for row in kept["list"]
        ),
        withdrawn=withdrawn,
        csv=as_csv(batch.name, kept, withdrawn),
        sha256=kept["sha256"],
    )

"""Facts of documents: as the machine read them, as people corrected them, as they count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.facts import Correction, Fact, FactKind, settled
from eakte.domain.rights import Reader
from eakte.models import Document, FactCorrection, Filing, FindingRow
from eakte.repositories import once
from eakte.repositories.codec import evidence_from_json, evidence_to_json
from eakte.repositories.documents import Documents
from eakte.repositories.rights import document_visible

FACT = "fact"
"""The kind of finding under which facts are kept as they were read."""

_VALUE_LENGTH = 100


class Facts:
    """Reads within a reader's rights; writing is for steps and services."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_document(self, reader: Reader, document_id: str) -> tuple[Fact, ...]:
        """The facts that count, their evidence on the present list of pages."""
        read = [
            fact_from_json(row) for row in Documents(self.session).kept(reader, document_id, FACT)
        ]
        return settled(read, self.corrections(reader, [document_id])[document_id])

    def as_read(self, reader: Reader, document_id: str) -> tuple[Fact, ...]:
        """The facts as the machine read them, whatever people said since."""
        rows = Documents(self.session).kept(reader, document_id, FACT)
        return tuple(fact_from_json(row) for row in rows)

    def of_documents(self, reader: Reader, ids: Iterable[str]) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that count, by document id, for many; their evidence as it was read."""
        wanted = list(ids)
        read: dict[str, list[Fact]] = defaultdict(list)
        for document_id, payload in self.session.execute(
            select(FindingRow.document_id, FindingRow.payload)
            .join(Document, Document.id == FindingRow.document_id)
            .where(Document.id.in_(wanted), FindingRow.kind == FACT, document_visible(reader))
            .order_by(FindingRow.document_id, FindingRow.rank)
        ):
            read[document_id].append(fact_from_json(payload))
        corrections = self.corrections(reader, wanted)
        return {one: settled(read[one], corrections[one]) for one in wanted}

    def corrections(self, reader: Reader, ids: Iterable[str]) -> Mapping[str, list[Correction]]:
        """What people said, in its order, by document id."""
        wanted = list(ids)
        if not reader.is_system or len(wanted) != 1:
            return self._corrections(reader, wanted) if wanted else defaultdict(list)
        return once.once(
            self.session,
            ("corrections", wanted[0]),
            lambda: self._corrections(reader, wanted),
        )

    def _corrections(self, reader: Reader, ids: list[str]) -> Mapping[str, list[Correction]]:
        answer: dict[str, list[Correction]] = defaultdict(list)
        for row in self.session.scalars(
            select(FactCorrection)
            .join(Document, Document.id == FactCorrection.document_id)
            .where(Document.id.in_(ids), document_visible(reader))
            .order_by(FactCorrection.id)
        ):
            answer[row.document_id].append(
                Correction(
                    kind=FactKind(row.kind),
                    value=row.value,
                    replaces=row.replaces,
                    given_by=row.given_by,
                )
            )
        return answer

    def beside(
        self, reader: Reader, case_file_id: str, schlagworte: Iterable[str]
    ) -> Sequence[Document]:
        """Documents of a case file under these Schlagworte, newest first (for reckoning)."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Document)
            .join(Filing, Filing.document_id == Document.id)
            .where(
                Filing.case_file_id == case_file_id,
                Document.schlagwort.in_(list(schlagworte)),
                Document.state != "merged",
            )
            .order_by(Document.received_here.desc(), Document.id)
        ).all()

    # -- writing ----------------------------------------------------------------------------

    def keep(self, document: Document, payloads: Sequence[dict[str, Any]], now: datetime) -> None:
        """Replace what was read by these facts (``fact_to_json``); corrections stay."""
        Documents(self.session).keep_findings(
            document,
            FACT,
            [(one["value"][:_VALUE_LENGTH], one["score"], one) for one in payloads],
            now,
        )

    def correct(self, document: Document, correction: Correction, now: datetime) -> None:
        """Add a person's word."""
        once.forget(self.session, ("corrections", document.id))
        self.session.add(
            FactCorrection(
                document_id=document.id,
                kind=correction.kind.value,
                value=correction.value,
                replaces=correction.replaces,
                given_by=correction.given_by,
                given_at=now,
            )
        )
        self.session.flush()


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """A fact as it was read."""
    return {
        "kind": fact.kind.value,
        "value": fact.value,
        "score": round(fact.score, 4),
        "evidence": [evidence_to_json(one) for one in fact.evidence],
    }


def fact_from_json(value: dict[str, Any]) -> Fact:
    """The reverse of ``fact_to_json``."""
    return Fact(
        kind=FactKind(value["kind"]),
        value=value["value"],
        score=value["score"],
        evidence=tuple(evidence_from_json(one) for one in value["evidence"]),
    )

"""What filed documents tell of later ones: references and insurance numbers, as keyed hashes.

Nothing is kept of a document that stands in no case file, and the number itself is nowhere: only
who has the key and the number can ask (§ 35 SGB I; ADR 115).  The key is derived from the audit
chain's, which never enters the database.  Pension numbers and tax ids are not kept at all.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.language.references import INSURED, FoundReference
from eakte.models import CaseFile, Document, Filing, KnownReference
from eakte.repositories.database import EakteSession
from eakte.repositories.rights import case_file_visible

_PURPOSE = b"eakte known references 1"
_MOST = 40
"""References of one document; a long list of numbers is a table, not a letter's head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """Where a reference leads: the case file, and for an insurance number the person."""

    value: str
    case_file_id: str
    person_id: str | None


class KnownReferences:
    """Learns from filed documents and answers by exact look-up."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def learn(
        self,
        reader: Reader,
        document_id: str,
        references: Iterable[FoundReference],
        person_id: str | None,
    ) -> None:
        """Keep exactly these references of a document that is filed; the system's alone.

        An insurance number is kept only where the document concerns one person, ``person_id``.
        """
        if not reader.is_system:
            return
        self.forget(reader, document_id)
        wanted = {
            self._hash(one): one.kind
            for one in references
            if one.kind != INSURED or person_id is not None
        }
        self.session.add_all(
            KnownReference(
                key_hash=key,
                document_id=document_id,
                kind=kind,
                person_id=person_id if kind == INSURED else None,
            )
            for key, kind in list(wanted.items())[:_MOST]
        )
        self.session.flush()

    def forget(self, reader: Reader, document_id: str) -> None:
        """Drop what a document told; the system's alone."""
        if reader.is_system:
            self.session.execute(
                delete(KnownReference).where(KnownReference.document_id == document_id)
            )

    def places(self, reader: Reader, references: Iterable[FoundReference]) -> list[KnownPlace]:
        """Where each reference leads; those that lead to several files or people are left out.

        Insurance numbers count once a person put the document zu den Akten.
        """
        asked = {self._hash(one): one for one in list(references)[:_MOST]}
        if not asked:
            return []
        found: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
        for key, case_file_id, person_id, kind, filed_by in self.session.execute(
            select(
                KnownReference.key_hash,
                Filing.case_file_id,
                KnownReference.person_id,
                KnownReference.kind,
                Document.filed_by,
            )
            .join(Filing, Filing.document_id == KnownReference.document_id)
            .join(Document, Document.id == KnownReference.document_id)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .where(
                KnownReference.key_hash.in_(asked),
                Document.state.in_(("delivered", "filed")),
                case_file_visible(reader),
            )
        ):
            if kind != INSURED or filed_by is not None:
                found[key].add((case_file_id, person_id))
        return [
            KnownPlace(value=asked[key].value, case_file_id=file, person_id=person)
            for key, places in found.items()
            if len(places) == 1
            for file, person in places
        ]

    def _hash(self, reference: FoundReference) -> str:
        session = self.session
        if not isinstance(session, EakteSession):
            raise TypeError("known references need the product's own session and its key")
        key = hmac.digest(session.trail.key, _PURPOSE, "sha256")
        told = f"{reference.kind}:{reference.value}".encode()
        return hmac.new(key, told, hashlib.sha256).hexdigest()

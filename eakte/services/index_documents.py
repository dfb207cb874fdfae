"""What the index is told of a document beside its pages: rights, names, facts, values to count by.

The indexer adds the words of the pages; ``eakte check`` compares seals and needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eakte.domain.facts import Fact, FactKind
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import IndexDocument
from eakte.language.analysis import head_parts, head_terms
from eakte.language.fact_terms import exact_facts, said_in_words
from eakte.models import CaseFile, Filing, PersonRow
from eakte.repositories.access_terms import AccessFacts
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts
from eakte.repositories.outbox import INDEXED

_CENTS = 100


@dataclass(frozen=True, slots=True)
class IndexDocuments:
    """Makes index documents of rows, without their pages."""

    schlagworte: Mapping[str, Schlagwort]
    closed_subfiles: frozenset[str]

    def of(
        self, reader: Reader, session: EakteSession, document_ids: Iterable[str]
    ) -> Iterator[IndexDocument]:
        """Those of the documents that belong into the index; for a system reader."""
        ids = list(document_ids)
        documents = Documents(session)
        rows = documents.many(reader, ids)
        people = documents.people(reader, ids)
        filings = documents.filings(reader, ids)
        facts = Facts(session).of_documents(reader, ids)
        access = AccessFacts(session, self.closed_subfiles).terms(reader, ids)
        for document_id, document in rows.items():
            if document.state not in INDEXED:
                continue
            known = self.schlagworte.get(document.schlagwort or "")
            said, filed = facts[document_id], filings[document_id]
            # By id alone: what a Schlagwort is called may change without any document changing.
            named = (document.schlagwort,) if document.schlagwort else ()
            told = self._told(filed)
            of_all = {"schlagwort": named, **_places(told)}
            yield IndexDocument(
                id=document_id,
                body=(),
                head=(
                    *_head(known, people[document_id], told),
                    *head_terms(said_in_words(said)),
                ),
                allow=frozenset(access[document_id].allow),
                deny=frozenset(access[document_id].deny),
                received=document.received_here,
                parts=head_parts([*([known.title] if known else []), *_of(said, FactKind.SENDER)]),
                fields=of_all | {"person": _names(people[document_id])} | exact_facts(said),
                facets=of_all | {"von": _of(said, FactKind.SENDER)},
                amounts=tuple(int(Decimal(sum_) * _CENTS) for sum_ in _of(said, FactKind.AMOUNT)),
            )

    def _told(self, filed: Sequence[tuple[Filing, CaseFile]]) -> Sequence[tuple[Filing, CaseFile]]:
        """The places that the index names.

        Whoever opens the document by one place may not be told of another in a protected file or a
        closed SubFile: such is named only where it is the document's one place.
        """
        if len(filed) == 1:
            return filed
        return [
            (filing, cover)
            for filing, cover in filed
            if not cover.protected and filing.sub_file not in self.closed_subfiles
        ]


def _head(
    known: Schlagwort | None,
    people: Iterable[PersonRow],
    filed: Iterable[tuple[Filing, CaseFile]],
) -> tuple[str, ...]:
    return head_terms(
        [
            *([known.title] if known else []),
            *(f"{one.first_name} {one.last_name}" for one in people),
            *(cover.aktenzeichen for _, cover in filed),
        ]
    )


def _places(filed: Sequence[tuple[Filing, CaseFile]]) -> dict[str, tuple[str, ...]]:
    return {
        "akte": tuple(cover.aktenzeichen for _, cover in filed),
        "site": tuple(cover.site_id for _, cover in filed),
        "subfile": tuple(filing.sub_file for filing, _ in filed),
    }


def _names(people: Iterable[PersonRow]) -> tuple[str, ...]:
    """Each name whole, either way round, and every part of it."""
    said: dict[str, None] = {}
    for one in people:
        said |= dict.fromkeys(
            (f"{one.first_name} {one.last_name}", f"{one.last_name} {one.first_name}")
        )
        said |= dict.fromkeys(
            (one.last_name, *re.findall(r"\w+", f"{one.first_name} {one.last_name}"))
        )
    return tuple(said)


def _of(facts: Iterable[Fact], kind: FactKind) -> tuple[str, ...]:
    return tuple(one.value for one in facts if one.kind is kind)

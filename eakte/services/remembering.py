"""What a filed document tells of later ones: the references and insurance numbers on it.

Called wherever a document gets its place, by the pipeline and by people alike, in the same
transaction; a document that loses its place is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable

from eakte.domain.rights import system_reader
from eakte.language.references import references
from eakte.models import Document
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.known_references import KnownReferences
from eakte.repositories.sources import Sources

REMEMBER = system_reader("remembering")
_PAGES = 3
"""A letter's own references stand on its first pages; enclosures belong to other matters."""


def remember(session: EakteSession, document: Document, people: Iterable[str]) -> None:
    """Keep the references of a document that stands in a case file and concerns ``people``."""
    listed = Documents(session).pages(REMEMBER, document.id)
    ids = [page.id for row, page in listed if not row.removed][:_PAGES]
    texts = Sources(session).texts(REMEMBER, ids)
    found = {
        (one.kind, one.value): one for page_id in ids for one in references(texts[page_id].text)
    }
    concerned = list(people)
    KnownReferences(session).learn(
        REMEMBER,
        document.id,
        found.values(),
        concerned[0] if len(concerned) == 1 else None,
    )


def forget(session: EakteSession, document: Document) -> None:
    """Drop what a document told that stands in no case file any more."""
    KnownReferences(session).forget(REMEMBER, document.id)

"""The letters in the product's index, asked as its search box asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from letters import TODAY, Letter

from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import AccessGroup, IndexDocument
from eakte.domain.search_filters import SearchFilters
from eakte.language.analysis import document_terms, head_terms
from eakte.language.fact_terms import exact_facts, said_in_words
from eakte.language.query import no_weaker
from eakte.language.query_parsed import ParsedQuery
from eakte.search.tantivy_index import TantivyIndex
from eakte.services import search_asking

EVERYBODY = "everybody"
FAR = 50
FEW = 10


def index_documents(
    letters: Iterable[Letter], schlagworte: Mapping[str, Schlagwort]
) -> Iterator[IndexDocument]:
    """Each letter as ``eakte.intake.indexer`` would hand it over."""
    for number, letter in enumerate(letters):
        known = schlagworte[letter.schlagwort]
        case, facts = letter.case_file, letter.facts
        terms = document_terms(letter.read)
        filed = [letter.slots["name"], case["aktenzeichen"]] if letter.filed else []
        yield IndexDocument(
            id=f"{number:032x}",
            body=terms.body,
            loose=terms.loose,
            head=head_terms([known.title, *filed, *said_in_words(facts)]),
            allow=frozenset({EVERYBODY}),
            received=letter.received,
            fields={
                "schlagwort": (known.id, known.title),
                "akte": (case["aktenzeichen"],) if letter.filed else (),
                **exact_facts(facts),
            },
        )


class Box:
    """The search box over an index of its own."""

    def __init__(self, folder: Path, schlagworte: Mapping[str, Schlagwort]) -> None:
        self.index = TantivyIndex(folder / "index")
        self.known = search_asking.known(schlagworte, ())
        self.access = (AccessGroup(frozenset({EVERYBODY})),)

    def fill(self, documents: Iterable[IndexDocument]) -> None:
        """Index these and nothing else."""
        with self.index.rebuild() as writer:
            for document in documents:
                writer.put(document)

    def found(self, text: str) -> Sequence[int]:
        """Letters of the first fifty hits."""
        parsed = search_asking.understood(
            text, SearchFilters(), self.known, today=TODAY, weaker=no_weaker
        )
        found = self._asked(parsed.without_near())
        if len(found) < FEW and parsed.has_near:
            return self._asked(parsed)
        return found

    def _asked(self, parsed: ParsedQuery) -> Sequence[int]:
        answer = self.index.search(parsed.search_query(access=self.access, limit=FAR))
        return [int(hit.id, 16) for hit in answer.hits]

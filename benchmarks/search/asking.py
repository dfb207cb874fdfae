"""The letters in the product's index, asked as its search box asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from letters import ROOT, TODAY, Letter

from eakte.domain.facts import FactKind
from eakte.domain.pages import PageText
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import AccessGroup, IndexDocument
from eakte.domain.search_filters import SearchFilters
from eakte.language.abbreviations import load_abbreviations
from eakte.language.analysis import document_terms, head_parts, head_terms
from eakte.language.expansion import Expansion
from eakte.language.fact_terms import exact_facts, said_in_words
from eakte.search.tantivy_index import TantivyIndex
from eakte.services import search_asking
from eakte.services.search_stages import Stages

EVERYBODY = "everybody"
FAR = 50


def index_documents(
    letters: Iterable[Letter], schlagworte: Mapping[str, Schlagwort]
) -> Iterator[IndexDocument]:
    """Each letter as ``eakte.intake.indexer`` would hand it over."""
    for number, letter in enumerate(letters):
        known = schlagworte[letter.schlagwort]
        case, facts = letter.case_file, letter.facts
        names = [letter.slots["name"]] if letter.filed else []
        filed = [case["aktenzeichen"]] if letter.filed else []
        said = page_terms_of(letter.read)
        senders = [one.value for one in facts if one.kind is FactKind.SENDER]
        said["parts"] += tuple(head_parts([known.title, *senders]))
        yield IndexDocument(
            id=f"{number:032x}",
            head=(*head_terms([known.title, *names, *filed]), *head_terms(said_in_words(facts))),
            allow=frozenset({EVERYBODY}),
            received=letter.received,
            amounts=tuple(
                round(float(one.value) * 100) for one in facts if one.kind is FactKind.AMOUNT
            ),
            fields={
                "schlagwort": (known.id, known.title),
                "person": (*names, letter.person["last_name"]) if names else (),
                "akte": tuple(filed),
                **exact_facts(facts),
            },
            **said,
        )


def page_terms_of(pages: Iterable[PageText]) -> dict[str, tuple[str, ...]]:
    """What an index document takes from its pages, by the name of its field."""
    return document_terms(pages)._asdict()


class Box:
    """The search box over an index of its own."""

    def __init__(self, folder: Path, schlagworte: Mapping[str, Schlagwort]) -> None:
        self.index = TantivyIndex(folder / "index")
        self.known = search_asking.known(schlagworte, ())
        self.weaker = Expansion(load_abbreviations(ROOT / "config/suche/abkuerzungen.toml"))
        self.access = (AccessGroup(frozenset({EVERYBODY})),)

    def fill(self, documents: Iterable[IndexDocument]) -> None:
        """Index these and nothing else."""
        with self.index.rebuild() as writer:
            for document in documents:
                writer.put(document)

    def found(self, text: str) -> Sequence[int]:
        """Letters of the first fifty hits."""
        parsed = search_asking.understood(
            text, SearchFilters(), self.known, today=TODAY, weaker=self.weaker
        )
        stages = Stages(index=self.index, access=self.access)
        return [int(hit.id, 16) for hit in stages.search(parsed, limit=FAR).answer.hits]

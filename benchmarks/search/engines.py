"""Indexing rate and query times of the search engines over synthetic German letters.

    python benchmarks/search/engines.py --engine tantivy --documents 50000
    python benchmarks/search/engines.py --engine whoosh --documents 2000
    python benchmarks/search/engines.py --engine postgresql --documents 20000 --database URL

Letters are drawn by a seed: frequent words as often as in German (Zipf), rare ones made of
syllables, and the figures of a job centre's mail.  Analysis is timed apart from the engine, in CPU
seconds; queries as CPU and wall-clock milliseconds, as one of 400 caseworkers with 40 access
terms.  Beside Tantivy stands bare Tantivy: the same terms of the same pages in one field, without
rights, fields, dates or facets; its queries ask for the same terms.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur

from eakte.domain.pages import Box, PageText, Word
from eakte.domain.search import AccessGroup, Clause, IndexDocument, SearchQuery
from eakte.language.analysis import document_terms, head_terms
from eakte.language.expansion import weaker_of
from eakte.language.query import parse
from eakte.language.snippets import snippet
from eakte.ports import SearchIndex
from eakte.repositories.database import make_engine
from eakte.search.postgresql import PostgresIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.search.whoosh_index import WhooshIndex

ENGINES: dict[str, Callable[[Any], SearchIndex]] = {
    "tantivy": TantivyIndex,
    "whoosh": WhooshIndex,
    "postgresql": lambda url: PostgresIndex(make_engine(url)),
}
FREQUENT = """
die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch
als an nach wie im für Sie Ihr Ihnen wir bitte Bescheid Widerspruch Antrag Leistungen Bewilligung
Kosten Unterkunft Heizung Miete Nebenkosten Einkommen Vermögen Bedarf Jobcenter Unterlagen Frist
Anlage Schreiben Datum Betrag Konto Vermieter Stromrechnung Nachzahlung Arbeitgeber Lohnabrechnung
Kündigung Umzug Kaution Erstausstattung Bildung Teilhabe
"""
SYLLABLES = "ver be ent ab an auf aus haus stadt land werk amt schul kind arbeit zeit geld"
NAMES = "Müller Petersen Hansen Yılmaz Kowalski Schröder Thomsen Nguyen Öztürk Jensen"
QUERIES = (
    "Widerspruch Heizung",
    "Müller",
    "Bewilligung Unterkunft Kosten",
    '"Kosten Unterkunft"',
    "§ 22 SGB II",
    "Stromrechnung ODER Nachzahlung",
    "Miete -Kündigung",
    "Jensen Umzug datum:2026-03..2026-05",
    "schlagwort:widerspruch Frist",
    "12345//0000123",
)
UNFINISHED = ("Wider", "Bewil", "Kosten Hei", "Str", "12345//00001")
FACETS = ("schlagwort", "von", "received", "site", "subfile")
"""What the screen counts; senders are drawn as unevenly as they write."""
NOWHERE = Box(0, 0, 0, 0)


def letters(count: int, seed: int) -> Iterator[tuple[PageText, str, str, date]]:
    """Page, name, file number and day of receipt of each letter; about 220 words a page."""
    rng = random.Random(seed)
    frequent, syllables, names = FREQUENT.split(), SYLLABLES.split(), NAMES.split()
    rare = ["".join(rng.choices(syllables, k=rng.randint(2, 4))).title() for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(frequent))]
    for number in range(count):
        words = rng.choices(frequent, weights, k=180)
        words += [rare[min(int(rng.paretovariate(0.6)), len(rare)) - 1] for _ in range(25)]
        rng.shuffle(words)
        aktenzeichen = f"12345//{number // 6:07d}"
        day = date(2024, 1, 1) + timedelta(days=rng.randint(0, 900))
        words += (
            f"Zeichen {aktenzeichen} vom {day:%d.%m.%Y} über {rng.randint(10, 900)},50 €".split()
        )
        words += f"nach § {rng.randint(7, 44)} Abs. {rng.randint(1, 3)} SGB II".split()
        page = PageText(tuple(Word(word, NOWHERE, line=n // 9) for n, word in enumerate(words)))
        yield page, rng.choice(names), aktenzeichen, day


def made(count: int, seed: int) -> Iterator[IndexDocument]:
    """Letters as the index takes them."""
    drawn = random.Random(seed)
    for number, (page, name, aktenzeichen, day) in enumerate(letters(count, seed)):
        terms = document_terms([page])
        schlagwort = ("widerspruch", "miete", "klage", "sonstiges")[number % 4]
        places = {
            "akte": (aktenzeichen,),
            "site": (f"site-{number % 7}",),
            "subfile": ("leistung",),
        }
        sender = f"{name} & Co {min(int(drawn.paretovariate(0.5)), 3_000)}"
        yield IndexDocument(
            id=f"{number:032x}",
            body=terms.body,
            loose=terms.loose,
            parts=terms.parts,
            rough=terms.rough,
            head=head_terms([name, aktenzeichen]),
            allow=frozenset(
                {f"p:{number % 400}", f"r:{number % 300}", f"s:{number % 7}:leistung"}
                | {"s:*:leistung", "legal", f"f:{number // 6:032x}"}
            ),
            received=day,
            fields={"schlagwort": (schlagwort,), "von": (sender,)} | places,
            facets={"schlagwort": (schlagwort,), "von": (sender,)} | places,
            amounts=(number % 90_000,),
        )


class Bare:
    """Tantivy with one field of the same terms, and nothing else."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("all", tokenizer_name="whitespace", index_option="position")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, str(folder))
        self.writer = self.index.writer(heap_size=50_000_000, num_threads=1)

    def put(self, one: IndexDocument) -> None:
        """Add its terms in one text."""
        terms = (*one.head, *one.body, *one.loose, *one.parts, *one.rough)
        self.writer.add_document(tantivy.Document(id=[one.id], all=[" ".join(terms)]))

    def commit(self) -> None:
        """Write it, merge, and look at it."""
        self.writer.commit()
        self.writer.wait_merging_threads()
        self.index.reload()

    def search(self, query: SearchQuery) -> int:
        """The best twenty and the count, as the product asks for them."""
        clauses = [
            (Occur.MustNot if clause.excluded else Occur.Must, self._any(clause))
            for clause in query.clauses
        ]
        found = self.index.searcher().search(tantivy.Query.boolean_query(clauses), limit=20)
        return len([self.index.searcher().doc(address)["id"] for _, address in found.hits])

    def _any(self, clause: Clause) -> tantivy.Query:
        phrases = [*clause.alternatives, *(one.terms for one in clause.weaker)]
        if clause.field:
            phrases = [(term,) for phrase in clause.alternatives for term in phrase[0].split()]
        asked = [(Occur.Should, self._phrase(phrase)) for phrase in dict.fromkeys(phrases)]
        for *_, last in clause.prefixes:
            prefix = tantivy.Query.fuzzy_term_query(
                self.schema, "all", last, distance=0, prefix=True
            )
            asked.append((Occur.Should, prefix))
        return tantivy.Query.boolean_query(asked)

    def _phrase(self, phrase: tuple[str, ...]) -> tantivy.Query:
        if len(phrase) == 1:
            return tantivy.Query.term_query(self.schema, "all", phrase[0])
        return tantivy.Query.phrase_query(self.schema, "all", list(phrase))


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99, rounded to a hundredth."""
    ordered = sorted(milliseconds)
    return {
        f"p{share}": round(ordered[int(len(ordered) * share / 100)], 2) for share in (50, 95, 99)
    }


def queries(asked: Sequence[str], *, typing: bool, newest: bool = False) -> list[SearchQuery]:
    """As one of 400 caseworkers asks them, who stands in for nobody."""
    allow = frozenset(
        {"p:17", "r:17", *(f"s:{site}:leistung" for site in range(3))}
        | {f"f:{n:032x}" for n in range(35)}
    )
    access = (AccessGroup(allow, frozenset({"x:me"})),)
    parsed = (parse(text, typing=typing, weaker=weaker_of).without_near() for text in asked)
    return [replace(one.search_query(access=access), newest=newest) for one in parsed]


def timed(
    asked: Sequence[SearchQuery], search: Callable[[SearchQuery], object]
) -> dict[str, float]:
    """Every query nine times, without its parsing; CPU of the middle one as well."""
    spent, cpu = [], 0.0
    for query in asked:
        search(query)
        for _ in range(9):
            begun, working = time.perf_counter(), time.process_time()
            search(query)
            spent.append((time.perf_counter() - begun) * 1_000)
            cpu += time.process_time() - working
    return percentiles(spent) | {"cpu_mean": round(cpu / len(spent) * 1_000, 2)}


def anonymous() -> int:
    """Megabytes of memory that this process alone holds."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) // 1024


def snippets(count: int, seed: int) -> dict[str, float]:
    """One snippet a letter of two pages."""
    pages = [page for page, *_ in letters(count * 2, seed)]
    clauses = parse("Widerspruch Heizung Kosten").clauses
    spent = []
    for number in range(count):
        begun = time.perf_counter()
        snippet(pages[2 * number : 2 * number + 2], clauses)
        spent.append((time.perf_counter() - begun) * 1_000)
    return percentiles(spent)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="tantivy")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", help="URL of an empty PostgreSQL database")
    options = parser.parse_args()

    engine = ENGINES[options.engine]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
        index = engine(options.database or Path(folder))
        bare = Bare(Path(beside)) if options.engine == "tantivy" else None
        result = {"engine": options.engine, "documents": options.documents}
        result |= filled(index, bare, options)
        if options.engine != "postgresql":
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            result["index_bytes_per_document"] = round(size / options.documents)
        words, unfinished = queries(QUERIES, typing=False), queries(UNFINISHED, typing=True)
        result["query_ms"] = timed(words, index.search)
        if bare is not None:
            result["bare_query_ms"] = timed(words, bare.search)
            result["each_ms"] = {
                text: [timed([query], side)["p50"] for side in (index.search, bare.search)]
                for text, query in zip(QUERIES, words, strict=True)
            }
        result["newest_ms"] = timed(queries(QUERIES, typing=False, newest=True), index.search)
        result["typing_ms"] = timed(unfinished, index.search)
        result["facets_ms"] = timed(words, lambda query: index.facets(query, FACETS, 60))
        result["snippet_ms"] = snippets(200, options.seed)
    print(json.dumps(result, indent=1))


def filled(index: SearchIndex, bare: Bare | None, options: argparse.Namespace) -> dict[str, float]:
    """Make the index, and bare Tantivy beside it; what it took."""
    thinking = writing = text = most = 0.0
    documents = made(options.documents, options.seed)
    clock = time.perf_counter()
    with index.rebuild() as writer:
        while True:
            begun = time.thread_time()
            document = next(documents, None)
            thinking += time.thread_time() - begun
            if document is None:
                break
            begun = time.thread_time()
            writer.put(document)
            writing += time.thread_time() - begun
            if bare is not None:
                bare.put(document)
            most = max(most, anonymous()) if document.id.endswith("00") else most
    wall = time.perf_counter() - clock
    if bare is not None:
        bare.commit()
    begun = time.thread_time()
    for _ in letters(options.documents, options.seed):
        pass  # what it takes to draw them is no analysis
    thinking -= time.thread_time() - begun
    text = sum(len(page.text.encode()) for page, *_ in letters(500, options.seed)) / 500
    clock = time.perf_counter()
    with index.writer() as writer:
        writer.put(next(made(1, options.seed)))
    return {
        "analysis_documents_per_cpu_second": round(options.documents / thinking),
        "handing_over_documents_per_cpu_second": round(options.documents / writing),
        "indexing_wall_seconds": round(wall, 1),
        "anonymous_megabytes": most,
        "text_bytes_per_document": round(text),
        "commit_of_one_ms": round((time.perf_counter() - clock) * 1_000, 1),
    }


if __name__ == "__main__":
    main()

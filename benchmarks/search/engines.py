"""Indexing rate and query times of the search engines over synthetic German letters.

    python benchmarks/search/engines.py --engine tantivy --documents 20000
    python benchmarks/search/engines.py --engine whoosh --documents 2000

Letters are drawn by a seed: frequent words as often as in German (Zipf), rare ones made of
syllables, and the figures of a job centre's mail.  Analysis is timed apart from the engine, in CPU
seconds; queries in wall-clock milliseconds, as one of 400 caseworkers with 40 access terms.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from eakte.domain.pages import Box, PageText, Word
from eakte.domain.search import AccessGroup, IndexDocument
from eakte.language.analysis import document_terms, head_terms
from eakte.language.query import parse
from eakte.language.snippets import snippet
from eakte.ports import SearchIndex
from eakte.search.tantivy_index import TantivyIndex
from eakte.search.whoosh_index import WhooshIndex

ENGINES: dict[str, Callable[[Path], SearchIndex]] = {"tantivy": TantivyIndex, "whoosh": WhooshIndex}
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


def made(count: int, seed: int) -> list[IndexDocument]:
    """Letters as the index takes them."""
    documents = []
    for number, (page, name, aktenzeichen, day) in enumerate(letters(count, seed)):
        terms = document_terms([page])
        documents.append(
            IndexDocument(
                id=f"{number:032x}",
                body=terms.body,
                loose=terms.loose,
                parts=terms.parts,
                rough=terms.rough,
                head=head_terms([name, aktenzeichen]),
                allow=frozenset({f"u:{number % 400}", f"s:{number % 7}:leistung"}),
                received=day,
                fields={
                    "akte": (aktenzeichen,),
                    "schlagwort": (("widerspruch", "miete")[number % 2],),
                },
            )
        )
    return documents


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50 and p95, rounded to a hundredth."""
    ordered = sorted(milliseconds)
    return {
        "p50": round(ordered[len(ordered) // 2], 2),
        "p95": round(ordered[int(len(ordered) * 0.95)], 2),
    }


def timed(asked: Sequence[str], index: SearchIndex, *, typing: bool) -> dict[str, float]:
    """Every query with its parsing, five times."""
    allow = frozenset(
        {"u:17", *(f"s:{site}:leistung" for site in range(3))} | {f"f:{n}" for n in range(36)}
    )
    spent = []
    for text in asked * 5:
        begun = time.perf_counter()
        index.search(parse(text, typing=typing).search_query(access=(AccessGroup(allow),)))
        spent.append((time.perf_counter() - begun) * 1_000)
    return percentiles(spent)


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
    options = parser.parse_args()

    pages = [page for page, *_ in letters(min(options.documents, 2_000), options.seed)]
    begun = time.process_time()
    for page in pages:
        document_terms([page])
    analysis = len(pages) / (time.process_time() - begun)
    documents = made(options.documents, options.seed)
    text = sum(len(page.text.encode()) for page in pages) / len(pages)

    with tempfile.TemporaryDirectory() as folder:
        index = ENGINES[options.engine](Path(folder))
        begun, clock = time.process_time(), time.perf_counter()
        with index.rebuild() as writer:
            for document in documents:
                writer.put(document)
        cpu, wall = time.process_time() - begun, time.perf_counter() - clock
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        index.search(parse("Miete").search_query(access=(AccessGroup(frozenset({"u:1"})),)))
        clock = time.perf_counter()
        with index.writer() as writer:
            writer.put(documents[0])
        commit = (time.perf_counter() - clock) * 1_000
        result = {
            "engine": options.engine,
            "documents": options.documents,
            "analysis_documents_per_cpu_second": round(analysis),
            "engine_documents_per_cpu_second": round(options.documents / cpu),
            "indexing_wall_seconds": round(wall, 1),
            "bytes_per_document": round(size / options.documents),
            "text_bytes_per_document": round(text),
            "commit_of_one_ms": round(commit, 1),
            "query_ms": timed(QUERIES, index, typing=False),
            "typing_ms": timed(
                ["Wider", "Bewil", "Kosten Hei", "Str", "12345//00001"], index, typing=True
            ),
            "snippet_ms": snippets(200, options.seed),
        }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

"""How well search finds what was meant: nDCG@10, recall@50 and the queries that fail.

    nice python benchmarks/search/relevance.py                 both halves, engine Tantivy
    nice python benchmarks/search/relevance.py --half report --failing 0.6
    nice python benchmarks/search/relevance.py --judgements    every query's letters, to be read

The letters (``letters.py``) are indexed as the product indexes them and asked as the search box
asks, by somebody who may see everything.  Beside it, in the same run, stands plain BM25: bare
Tantivy with its German stemmer over the text as it was read, asked with the same words; once over
the text alone, once with Schlagwort, names and file number before the text.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean

import tantivy
from asking import Box, index_documents
from judging import REPORT, TUNE, Query, queries
from letters import ROOT, Letter, letters

from classifiers.catalogue import load_catalogue
from eakte.domain.schlagworte import Schlagwort

FAR = 50
_FIELD = re.compile(r"\b[a-z]+:(?=\S)")
Found = Callable[[str], Sequence[int]]


class Plain:
    """Bare Tantivy over one text a letter, its own query parser and BM25."""

    def __init__(self, folder: Path, texts: Iterable[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        builder.add_text_field("text", tokenizer_name="german", index_option="position")
        self.index = tantivy.Index(builder.build(), str(folder))
        german = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        german = german.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("german"))
        self.index.register_tokenizer("german", german.build())
        writer = self.index.writer(heap_size=50_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(number=[number], text=[text]))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def found(self, text: str) -> Sequence[int]:
        """Letters of the first fifty hits."""
        query, _ = self.index.parse_query_lenient(_FIELD.sub("", text), ["text"])
        hits = self.searcher.search(query, limit=FAR).hits
        return [self.searcher.doc(address)["number"][0] for _, address in hits]


def as_filed(letter: Letter, schlagworte: Mapping[str, Schlagwort]) -> str:
    """What the case file knows of a letter, before its text as it was read."""
    known = [schlagworte[letter.schlagwort].title]
    if letter.filed:
        known += [letter.slots["name"], letter.case_file["aktenzeichen"]]
    return "\n".join((*known, letter.text_read))


def table(asked: Sequence[Query], engines: Mapping[str, Found]) -> dict[str, dict[str, float]]:
    """Print nDCG@10 and recall@50 by kind of query; give each engine's nDCG by query."""
    scores: dict[str, dict[str, float]] = {name: {} for name in engines}
    recalls: dict[str, dict[str, float]] = {name: {} for name in engines}
    for query in asked:
        for name, found in engines.items():
            numbers = found(query.text)
            scores[name][query.text] = query.ndcg(numbers)
            recalls[name][query.text] = query.recall(numbers)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for query in asked:
        by_kind[query.kind].append(query.text)
    by_kind["all"] = [query.text for query in asked]
    print("| queries | number | " + " | ".join(f"{name}: nDCG@10, recall@50" for name in engines))
    print("|---|---|" + "---|" * len(engines))
    for kind, texts in by_kind.items():
        cells = (
            f"{mean(scores[name][text] for text in texts):.3f}, "
            f"{mean(recalls[name][text] for text in texts):.3f}"
            for name in engines
        )
        print(f"| {kind} | {len(texts)} | " + " | ".join(cells) + " |")
    return scores


def failing(
    asked: Sequence[Query], box: Box, scores: Mapping[str, float], below: float, all_: list[Letter]
) -> None:
    """Print the queries whose nDCG@10 lies below, with what stands first and what is missing."""
    for query in sorted(asked, key=lambda one: scores[one.text]):
        if scores[query.text] >= below:
            break
        found = box.found(query.text)
        print(f"\n{scores[query.text]:.2f}  {query.text!r} ({query.kind}); {len(found)} found")
        for number in found[:5]:
            print(f"      {query.grades.get(number, 0)}  {_told(all_[number])}")
        missing = [one for one in query.grades if one not in found]
        for number in sorted(missing, key=lambda one: -query.grades[one])[:3]:
            print(f"   not {query.grades[number]}  {_told(all_[number])}")


def judgements(asked: Sequence[Query], all_: list[Letter]) -> None:
    """Print each query with the letters that are worth something."""
    for query in asked:
        print(f"\n{query.text}   [{query.kind}, {query.half}]")
        for number, grade in sorted(query.grades.items(), key=lambda one: (-one[1], one[0])):
            print(f"  {grade}  {_told(all_[number])}")


def _told(letter: Letter) -> str:
    name = letter.slots["name"] if letter.filed else f"({letter.slots['name']})"
    return f"{letter.name}: {letter.subject[:60]} · {name} · {letter.received}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=(TUNE, REPORT))
    parser.add_argument("--failing", type=float, default=0.5, help="print queries below this")
    parser.add_argument("--judgements", action="store_true", help="print judgements and stop")
    options = parser.parse_args()
    begun = time.process_time()
    all_ = list(letters())
    asked = [one for one in queries(all_) if options.half in {None, one.half}]
    if options.judgements:
        judgements(asked, all_)
        return
    catalogue = load_catalogue(ROOT / "config" / "schlagworte")
    with tempfile.TemporaryDirectory() as folder:
        box = Box(Path(folder), catalogue.schlagworte)
        box.fill(index_documents(all_, catalogue.schlagworte))
        (raw := Path(folder) / "raw").mkdir()
        (filed := Path(folder) / "filed").mkdir()
        engines: dict[str, Found] = {
            "this": box.found,
            "BM25, text": Plain(raw, (one.text_read for one in all_)).found,
            "BM25, as filed": Plain(
                filed, (as_filed(one, catalogue.schlagworte) for one in all_)
            ).found,
        }
        print(f"{len(all_)} letters, {len(asked)} queries")
        for half in (TUNE, REPORT):
            part = [one for one in asked if one.half == half]
            if part:
                print(f"\n## {half}\n")
                scores = table(part, engines)
                failing(part, box, scores["this"], options.failing, all_)
    print(f"\n{time.process_time() - begun:.0f} s of CPU time")


if __name__ == "__main__":
    main()

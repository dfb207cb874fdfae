"""A data folder with words and an index for a million documents, made once; later runs find it.

    nice python benchmarks/search/large.py --documents 50000
    nice python benchmarks/search/large.py                       1,000,000 documents

The database is a copy of the one of ``benchmarks/web/seed.py`` (40,000 case files, 300 staff, seven
sites), in which every document's first page gets 220 words.  The words are those of the letters
that search is judged on, as they were read: whole lines of letters put together at random to
20,000 pages, so that words are as frequent as in mail.  In the index every document has words of
its own besides, as misread ones are, and names and numbers of its case file; so the index knows
about as many terms as it would.  Rights are those of the database: a sample is compared with them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))

import seed as web
from letters import ROOT, letters
from sqlalchemy.orm import Session

from classifiers.catalogue import load_catalogue
from eakte.domain.pages import Box, PageText, Word
from eakte.domain.rights import system_reader
from eakte.domain.search import IndexDocument
from eakte.language.analysis import Terms, document_terms, head_terms
from eakte.repositories.access_terms import AccessFacts
from eakte.repositories.codec import pack_words
from eakte.repositories.database import make_engine
from eakte.search.tantivy_index import TantivyIndex
from eakte.settings import Settings

PAGES, WORDS, WORDS_A_LINE = 20_000, 220, 9
OWN_WORDS = 3
"""Words that stand in this document alone: misread ones, numbers, names of strangers."""
COMPARED = 300
FORM = "1"
INDEXER = system_reader("indexer")
_SIGNS = "abcdefghiklmnoprstuwz"


@dataclass(frozen=True)
class Texts:
    """The pages that documents share; each document has one of them as its first."""

    count: int = PAGES

    @cached_property
    def pages(self) -> list[PageText]:
        """Whole lines of letters, put together."""
        lines = [line for letter in letters() for line in letter.text_read.split("\n")]
        rng = Random("large")
        return [self._page(lines, rng) for _ in range(self.count)]

    @cached_property
    def terms(self) -> list[Terms]:
        """What the index is handed of each page."""
        return [document_terms([page]) for page in self.pages]

    @cached_property
    def bytes(self) -> float:
        """Of a page's text, on average."""
        return sum(len(page.text.encode()) for page in self.pages) / self.count

    def number(self, page_id: str) -> int:
        """Which of them a page has; ``page_id`` as 32 digits."""
        return int(page_id[:8], 16) % self.count

    def _page(self, lines: list[str], rng: Random) -> PageText:
        words: list[str] = []
        while len(words) < WORDS:
            words += rng.choice(lines).split()
        made = []
        for place, text in enumerate(words[:WORDS]):
            line, column = divmod(place, WORDS_A_LINE)
            box = Box(0.1 + 0.09 * column, 0.05 + 0.035 * line, 0.18 + 0.09 * column,
                      0.07 + 0.035 * line)  # fmt: skip
            made.append(Word(text, box, line))
        return PageText(tuple(made))


def settings_of(documents: int) -> Settings:
    """The shipped settings over the data folder, with the default engine."""
    settings = web.settings_of(documents)
    home = web.cache() / f"search-{documents}-sqlite"
    values = settings.values.model_copy(
        update={
            "data": settings.values.data.model_copy(
                update={"database_url": f"sqlite:///{home / 'eakte.db'}"}
            ),
            "search": settings.values.search.model_copy(update={"engine": "tantivy"}),
        }
    )
    return Settings(home, settings.config, values, settings.access)


def prepared(documents: int) -> Settings:
    """Settings of the data folder, made now where it is not there as it should be."""
    settings = settings_of(documents)
    texts = Texts(min(PAGES, documents))
    home, mark = settings.home, settings.home / "words"
    if not (mark.is_file() and mark.read_text("ascii") == FORM):
        shutil.rmtree(home, ignore_errors=True)
        _copy(web.seeded(documents).home, home)
        _put_words(home / "eakte.db", texts)
        mark.write_text(FORM, "ascii")
    web.brought_up(settings)
    index = TantivyIndex(settings.path(settings.values.data.index) / "tantivy")
    made = settings.home / "index.made"
    if index.outdated or not made.is_file():
        fill(settings, index, texts)
        made.touch()
    return settings


def fill(settings: Settings, index: TantivyIndex, texts: Texts) -> None:
    """Build the index and say what it cost."""
    texts.pages  # noqa: B018  made now, not to be timed
    begun = time.process_time()
    texts.terms  # noqa: B018  the same, to be timed apart
    analysed = texts.count / (time.process_time() - begun)
    wall, cpu, count = time.perf_counter(), time.process_time(), 0
    documents = Documents(settings, texts)
    documents.compare()
    with index.rebuild() as writer:
        for document in documents:
            writer.put(document)
            count += 1
            if count % 50_000 == 0:
                print(f"{count} documents, {time.process_time() - cpu:.0f} s CPU", flush=True)
    spent = time.process_time() - cpu
    folder = settings.path(settings.values.data.index)
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    print(
        f"{count} documents of {texts.bytes:.0f} bytes of text\n"
        f"analysis of their pages: {analysed:.0f} documents per CPU second\n"
        f"index with all the rest, without that analysis: {count / spent:.0f} documents per CPU "
        f"second, {time.perf_counter() - wall:.0f} s\n"
        f"index {size / 1e6:.0f} MB, {size / count / texts.bytes:.2f} of the text\n"
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


class Documents:
    """The documents of the database as the index takes them, in the order of their ids.

    Read past the mappings, which would take as long again as everything else.
    """

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self.settings, self.texts = settings, texts
        self.closed = settings.access.closed_subfiles
        self.words = load_catalogue(ROOT / "config" / "schlagworte").schlagworte
        self.connection = sqlite3.connect(settings.home / "eakte.db")
        rows = self.connection.execute
        self.files = {
            one[0]: one[1:]
            for one in rows("SELECT id, site_id, protected, aktenzeichen FROM case_files")
        }
        self.people = dict(rows("SELECT id, first_name || ' ' || last_name FROM people").fetchall())
        self.excluded: Mapping[str, set[str]] = defaultdict(set)
        for file, login in rows("SELECT case_file_id, login FROM excluded_logins"):
            self.excluded[file].add(f"x:{login}")
        self.responsible: Mapping[str, list[tuple[str, str, str]]] = defaultdict(list)
        for file, *said in rows(
            "SELECT case_file_id, function, login, person_id FROM responsibilities"
        ):
            self.responsible[file].append(tuple(said))

    def __iter__(self) -> Iterator[IndexDocument]:
        rng = Random("own words")
        entries = self._by_document(
            "SELECT document_id, login, team_id, done_at IS NULL FROM postbox_entries"
        )
        marks = self._by_document("SELECT document_id, function FROM relevant_functions")
        for row in self._rows():
            yield self._document(row, entries.get(row[0], ()), marks.get(row[0], ()), rng)

    def compare(self) -> None:
        """Raise where the rights of a sample are not those that the product would index."""
        ids = [row[0] for row in self._rows(COMPARED)]
        marked = ", ".join("?" * len(ids))
        entries, marks = (
            self._by_document(f"{select} WHERE document_id IN ({marked})", ids)
            for select in (
                "SELECT document_id, login, team_id, done_at IS NULL FROM postbox_entries",
                "SELECT document_id, function FROM relevant_functions",
            )
        )
        with Session(make_engine(self.settings.database_url)) as session:
            right = AccessFacts(session, self.closed).terms(INDEXER, [_uuid(one) for one in ids])
        for row in self._rows(COMPARED):
            made = self._document(row, entries.get(row[0], ()), marks.get(row[0], ()), Random(0))
            wanted = right[made.id]
            if (made.allow, made.deny) != (frozenset(wanted.allow), frozenset(wanted.deny)):
                raise AssertionError(f"{made.id}: {made.allow} is not {wanted.allow}")

    def _rows(self, most: int = -1) -> Iterator[tuple[Any, ...]]:
        return self.connection.execute(
            "SELECT d.id, d.received_here, d.schlagwort, p.page_id, f.case_file_id, f.sub_file, "
            "f.person_id FROM documents d JOIN document_pages p ON p.document_id = d.id AND "
            "p.position = 1 LEFT JOIN filings f ON f.document_id = d.id "
            "WHERE d.state IN ('delivered', 'clearing', 'filed') ORDER BY d.id LIMIT ?",
            (most,),
        )

    def _by_document(
        self, select: str, values: list[str] | None = None
    ) -> Mapping[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for document, *said in self.connection.execute(select, values or ()):
            found[document].append(tuple(said))
        return found

    def _document(
        self,
        row: tuple[Any, ...],
        entries: Any,  # noqa: ANN401  rows
        marks: Any,  # noqa: ANN401
        rng: Random,
    ) -> IndexDocument:
        document, received, word, page, file, sub_file, person = row
        functions = {one for (one,) in marks}
        allow: set[str] = set()
        places: dict[str, tuple[str, ...]] = {}
        head = [self.words[word].title]
        restricted = False
        if file is not None:
            site, protected, number = self.files[file]
            head += [self.people[person], number]
            places = {"akte": (number,), "site": (site,), "subfile": (sub_file,)}
            closed = sub_file in self.closed
            restricted = bool(protected) or closed
            allow |= self._of_file(file, sub_file, functions, person)
        for login, team, is_open in entries:
            if restricted and not is_open:
                continue
            if login:
                allow.add(f"{'q' if restricted else 'p'}:{login}")
            elif team:
                allow.add(f"t:{team}")
            elif is_open:
                allow.add("clearing")
        terms = self.texts.terms[self.texts.number(page)]
        own = tuple("".join(rng.choices(_SIGNS, k=8)) for _ in range(OWN_WORDS))
        return IndexDocument(
            id=_uuid(document),
            body=(*terms.body, *own),
            loose=terms.loose,
            parts=terms.parts,
            rough=(*terms.rough, *own),
            head=tuple(term for text in head for term in _head_terms(text)),
            allow=frozenset(allow),
            deny=frozenset(self.excluded[file]) if file in self.excluded else frozenset(),
            received=date.fromisoformat(received),
            fields={"schlagwort": (word, self.words[word].title), **places},
            facets={"schlagwort": (word,), **places},
        )

    def _of_file(self, file: str, sub_file: str, functions: set[str], person: str) -> set[str]:
        site, protected, _ = self.files[file]
        allow = set()
        if not protected and sub_file in self.closed:
            allow.add(f"c:{sub_file}")
        elif not protected:
            allow |= {"legal", f"f:{_uuid(file)}"}
            for function in {sub_file} | functions:
                allow |= {f"s:{site}:{function}", f"s:*:{function}"}
        if sub_file not in self.closed:
            allow |= {
                f"r:{login}"
                for function, login, of in self.responsible.get(file, ())
                if function in {sub_file} | functions and (of is None or of == person)
            }
        return allow


@cache
def _head_terms(text: str) -> tuple[str, ...]:
    return head_terms([text])


def _uuid(digits: str) -> str:
    return str(UUID(hex=digits))


def _copy(source: Path, home: Path) -> None:
    """The database, copied as SQLite does it, and the store, whose files are linked."""
    home.mkdir(parents=True)
    shutil.copy2(source / "audit.key", home)
    with sqlite3.connect(source / "eakte.db") as old, sqlite3.connect(home / "eakte.db") as new:
        old.backup(new, pages=50_000)
    shutil.copytree(source / "store", home / "store", copy_function=os.link)
    (home / "inbox").mkdir()


def _put_words(path: Path, texts: Texts) -> None:
    """The words of every document's first page."""
    blobs = [pack_words(page.words) for page in texts.pages]
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    pages = connection.execute(
        "SELECT page_id FROM document_pages WHERE position = 1 ORDER BY page_id"
    ).fetchall()
    connection.execute("DELETE FROM page_words")
    connection.executemany(
        "INSERT INTO page_words (page_id, words) VALUES (?, ?)",
        ((page, blobs[texts.number(page)]) for page, _ in groupby(map(itemgetter(0), pages))),
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def main() -> None:
    """Make it, or say that it is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000_000)
    print(prepared(parser.parse_args().documents).home)


if __name__ == "__main__":
    main()

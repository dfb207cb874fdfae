"""How long a search takes at a million documents, through HTTP and in the engine alone.

    nice python benchmarks/search/speed.py                        1,000,000 documents
    nice python benchmarks/search/speed.py --documents 50000

The data folder is that of ``large.py``, made first where it is missing.  The product's own web
process answers (``benchmarks/web/server.py`` counts its time); who asks are ordinary caseworkers,
one after the other, each with the rights of their desk.  Queries are drawn: words that stand
together in a letter, names and numbers of case files, phrases, words with a slip.  Hits come with
snippets, counts to click are a request of their own, suggestions are asked for key by key.

The engine alone: the same queries as the product asks them, beside bare Tantivy, which looks for
the same words in the pages of the same index, without rights, names, weaker ways or order by day.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))

import httpx2
import tantivy
import uvicorn
from district import PASSWORD
from large import ROOT, Texts, prepared, settings_of
from server import HEADER, START_SECONDS, Measured, count_statements
from tantivy import Occur, Query
from targets import staff

sys.path.insert(0, str(ROOT))

from eakte.bootstrap import open_product
from eakte.domain.search_filters import NO_FILTERS
from eakte.language.query import parse
from eakte.repositories.access_terms import reader_terms
from eakte.services import search_asking
from eakte.services.search_stages import Stages
from eakte.settings import Settings
from web.app import create_app
from web.limits import Limits

DESKS = 6
PAGE = 20
SHORTEST, LONGEST_TYPED = 5, 9
KINDS = ("one word",) * 5 + ("two words",) * 6 + ("phrase",) * 2 + ("name",) * 3 + (
    "name and word",) * 2 + ("number",) * 2 + ("slip",)  # fmt: skip


def drawn(settings: Settings, count: int, seed: int = 1) -> list[tuple[str, str]]:
    """Kind and text of queries."""
    rng = Random(seed)
    texts = Texts(200)
    with sqlite3.connect(f"file:{settings.home / 'eakte.db'}?mode=ro", uri=True) as database:
        names = [one for (one,) in database.execute("SELECT last_name FROM people LIMIT 3000")]
        numbers = [
            one for (one,) in database.execute("SELECT aktenzeichen FROM case_files LIMIT 3000")
        ]
    made = []
    for _ in range(count):
        kind = rng.choice(KINDS)
        lines = [[word.text for word in line] for line in rng.choice(texts.pages).lines()]
        line = rng.choice([line for line in lines if len(line) > 1])
        words = [
            word
            for row in lines
            for word in (one.strip(".,;:()„“") for one in row)
            if len(word) >= SHORTEST and word.isalpha()
        ]
        at = rng.randrange(len(line) - 1)
        word = rng.choice(words)
        middle = len(word) // 2
        made.append(
            (
                kind,
                {
                    "one word": word,
                    "two words": f"{word} {rng.choice(words)}",
                    "phrase": f'"{line[at]} {line[at + 1]}"',
                    "name": rng.choice(names),
                    "name and word": f"{rng.choice(names)} {word}",
                    "number": rng.choice(numbers),
                    "slip": word[:middle] + "x" + word[middle + 1 :],
                }[kind],
            )
        )
    return made


@contextmanager
def served(documents: int) -> Iterator[str]:
    """The product in a process of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, __file__, "--documents", str(documents)]
        command += ["--fd", str(door.fileno())]
        with subprocess.Popen(command, pass_fds=[door.fileno()]) as process:
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
            try:
                httpx2.get(f"{address}/healthz", timeout=START_SECONDS).raise_for_status()
                yield address
            finally:
                process.terminate()


def serve(documents: int, descriptor: int) -> None:
    """Serve at the socket that was handed over."""
    product = open_product(settings_of(documents))
    for engine in product.database.engines:
        count_statements(engine)
    app = create_app(product.services, limits=Limits())
    config = uvicorn.Config(Measured(app), log_level="warning", access_log=False)
    with socket.socket(fileno=descriptor) as door:
        uvicorn.Server(config).run(sockets=[door])
    product.database.close()


async def sign_in(base: str, login: str) -> httpx2.AsyncClient:
    """A browser of that login."""
    client = httpx2.AsyncClient(base_url=base, headers={"Origin": base}, timeout=120)
    answer = await client.post("/anmelden", data={"login": login, "kennwort": PASSWORD})
    if answer.status_code != httpx2.codes.SEE_OTHER:
        raise RuntimeError(f"{login} can't sign in: {answer.status_code}")
    return client


async def through_http(base: str, logins: Sequence[str], asked: Sequence[tuple[str, str]]) -> None:
    """Ask everything once for warmth, then for the table."""
    clients = [await sign_in(base, login) for login in logins]
    warm, told = asked[: len(asked) // 5], asked[len(asked) // 5 :]
    rows: dict[str, list[tuple[float, float]]] = {}
    for counts, queries in ((False, warm), (True, told)):
        for number, (kind, text) in enumerate(queries):
            client = clients[number % len(clients)]
            typed = text.strip('"')[: 2 + number % LONGEST_TYPED]
            for name, path, words in (
                ("search", "/suche", text),
                ("counts to click", "/suche/filter", text),
                ("suggestions", "/suche/vorschlaege", typed),
            ):
                answer = await client.get(path, params={"q": words})
                answer.raise_for_status()
                wall, cpu, *_ = map(float, answer.headers[HEADER].split())
                if counts:
                    rows.setdefault(name, []).append((wall, cpu))
                    if name == "search":
                        rows.setdefault(f"– {kind}", []).append((wall, cpu))
    for client in clients:
        await client.aclose()
    show(rows)


def show(rows: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """The table: what the server took, by the clock and of CPU time."""
    print("| ms | number | p50 | p95 | p99 | CPU p50 | CPU p95 | CPU p99 |")
    print("|---|---|---|---|---|---|---|---|")
    for name, times in rows.items():
        cells = [
            f"{_at(values, share):.1f}" for values in zip(*times, strict=True) for share in _SHARES
        ]
        print(f"| {name} | {len(times)} | " + " | ".join(cells) + " |")


_SHARES = (0.5, 0.95, 0.99)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def engine_alone(settings: Settings, login: str, asked: Sequence[tuple[str, str]]) -> None:
    """The engine's part of each query, and bare Tantivy's for the same words."""
    product = open_product(settings)
    folder = settings.path(settings.values.data.index) / "tantivy"
    generation = folder / (folder / "current").read_text("utf-8").strip()
    bare = tantivy.Index.open(str(generation))
    schema, searcher = bare.schema, bare.searcher()
    reader = product.services.accounts.reader(login)
    searching = product.services.searching
    names = search_asking.known(searching.schlagworte, ())
    stages = Stages(index=searching.index, access=reader_terms(reader))
    today = product.database.clock.today()
    mine: list[float] = []
    plain: list[float] = []
    for _ in range(2):  # the second time around is told
        mine, plain = [], []
        for _kind, text in asked:
            parsed = search_asking.understood(
                text, NO_FILTERS, names, today=today, weaker=searching.weaker
            )
            before = time.thread_time()
            stages.search(parsed, limit=PAGE)
            mine.append((time.thread_time() - before) * 1000)
            parts = [
                (Occur.Must, _bare(schema, phrase))
                for clause in parse(text).clauses
                for phrase in clause.alternatives[:1]
            ]
            before = time.thread_time()
            searcher.search(Query.boolean_query(parts), limit=PAGE)
            plain.append((time.thread_time() - before) * 1000)
    product.database.close()
    for name, values in (("engine part", mine), ("bare Tantivy", plain)):
        told = "/".join(f"{_at(values, share):.2f}" for share in _SHARES)
        print(f"{name}, CPU ms p50/p95/p99: {told}; sum {sum(values):.0f}")
    print(f"engine part: {sum(mine) / sum(plain):.1f} × bare in all, {median(mine):.2f} ms median")


def _bare(schema: tantivy.Schema, phrase: tuple[str, ...]) -> Query:
    if len(phrase) > 1:
        return Query.phrase_query(schema, "body", list(phrase))
    return Query.term_query(schema, "body", phrase[0])


def main() -> None:
    """Make what is missing, then measure; with ``--fd`` be the server."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fd is not None:
        serve(options.documents, options.fd)
        return
    settings = prepared(options.documents)
    logins = [desk.login for desk in staff(settings, DESKS).everybody]
    asked = drawn(settings, options.queries)
    print(f"{options.documents} documents, load {os.getloadavg()[0]:.1f}")
    with served(options.documents) as base:
        asyncio.run(through_http(base, logins, asked))
    engine_alone(settings, logins[0], asked)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

"""Server time and statements of every screen, as an ordinary caseworker with 20 others active.

    nice python benchmarks/web/measure.py                        1,000,000 documents, SQLite
    nice python benchmarks/web/measure.py --documents 100000 --visits 20
    nice python benchmarks/web/measure.py --database URL         a seeded PostgreSQL database

Makes the database first where it is missing (``seed.py``).  Every screen is visited alone, for CPU
time and statements, then in turn while the others read their post and files and keep their streams
open.  The product runs in a process of its own (``server.py``); times are those of its answers,
CPU time is that of its process.  At last Chromium opens each screen with an empty cache and counts
what comes over the wire, without the viewer's scripts and images.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles

import httpx2
from district import PASSWORD
from first_visit import chromium
from first_visit import visit as first_visit
from seed import seeded
from server import HEADER, served
from targets import Desk, Staff, staff

OTHERS = 20
PARTS = ("page image", "words of a page")
"""What a page fetches by itself."""
THINKING = (1.0, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is visited, as whom, and the address of the next visit."""

    name: str
    login: str
    address: Callable[[Random], str]


@dataclass(slots=True)
class Visits:
    """What the answers of a screen told."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    size: list[int] = field(default_factory=list)

    def note(self, answer: httpx2.Response) -> None:
        wall, cpu, statements, sql = map(float, answer.headers[HEADER].split())
        self.wall.append(wall)
        self.cpu.append(cpu)
        self.statements.append(int(statements))
        self.sql.append(sql)
        self.size.append(len(answer.content))


Rounds = tuple[dict[str, Visits], dict[str, Visits]]


def screens(people: Staff) -> list[Screen]:
    """Everything that is measured."""
    desk = people.everybody[0]

    def one_of(urls: list[str]) -> Callable[[Random], str]:
        return lambda rng: rng.choice(urls)

    me, lead_box = desk.login, f"/postkorb/{people.lead}"
    letters = [f"/postkorb/{me}?dokument={one}" for one in desk.waiting]
    documents = [f"/dokumente/{one}" for one in desk.documents]
    return [
        Screen(name="start page", login=me, address=lambda _: "/"),
        Screen(name="postbox", login=me, address=lambda _: f"/postkorb/{me}"),
        Screen(name="postbox with a letter", login=me, address=one_of(letters)),
        Screen(name="team's postbox", login=me, address=lambda _: f"/postkorb/{desk.team}"),
        Screen(name="case file", login=me, address=one_of(desk.files)),
        Screen(name="case file of 2,000 documents", login=me, address=one_of(desk.large)),
        Screen(name="document", login=me, address=one_of(documents)),
        Screen(name="page image", login=me, address=one_of(desk.images)),
        Screen(name="words of a page", login=me, address=one_of(desk.words)),
        Screen(name="Wiedervorlagen", login=me, address=lambda _: "/wiedervorlagen"),
        Screen(name="search without index", login=me, address=lambda _: "/suche?q=heizkosten"),
        Screen(name="lead's postbox", login=people.lead, address=one_of([lead_box])),
        Screen(name="lead's figures", login=people.lead, address=lambda _: "/leitung"),
        Screen(name="clearing desk", login=people.scan, address=lambda _: "/klaerung"),
        Screen(name="arrivals", login=people.scan, address=lambda _: "/eingang"),
    ]


async def sign_in(base: str, login: str) -> httpx2.AsyncClient:
    """A browser of that login."""
    client = httpx2.AsyncClient(base_url=base, headers={"Origin": base}, timeout=60)
    sent = {"login": login, "kennwort": PASSWORD}
    answer = await client.post("/anmelden", data=sent)
    if answer.status_code != httpx2.codes.SEE_OTHER:
        raise RuntimeError(f"{login} can't sign in: {answer.status_code}")
    return client


async def get(client: httpx2.AsyncClient, url: str) -> httpx2.Response:
    """The page behind redirects; a search without an index says 503, as it should."""
    answer = await client.get(url)
    while answer.is_redirect:
        answer = await client.get(answer.headers["location"])
    if answer.status_code not in {200, 503}:
        raise RuntimeError(f"{url}: {answer.status_code}")
    return answer


async def other(base: str, desk: Desk, seed: int) -> None:
    """Somebody at work: reads post, looks into files, with a stream open."""
    rng = Random(seed)
    client = await sign_in(base, desk.login)
    stream = asyncio.create_task(listen(base, client))
    try:
        while True:
            await asyncio.sleep(rng.uniform(*THINKING))
            letter = rng.choice(desk.waiting)
            for url in (
                f"/postkorb/{desk.login}",
                f"/postkorb/{desk.login}?dokument={letter}",
                rng.choice(desk.files),
                rng.choice(desk.images),
            ):
                await get(client, url)
                await asyncio.sleep(rng.uniform(*THINKING))
    finally:
        stream.cancel()
        await client.aclose()


async def listen(base: str, client: httpx2.AsyncClient) -> None:
    async with client.stream("GET", f"{base}/ereignisse", timeout=None) as answer:
        async for _ in answer.aiter_lines():
            pass


async def visit(
    clients: dict[str, httpx2.AsyncClient], asked: list[Screen], times: int, seed: int
) -> dict[str, Visits]:
    """Each screen in turn, ``times`` times, after one visit that does not count."""
    rng = Random(seed)
    found = {one.name: Visits() for one in asked}
    for round_ in range(times + 1):
        for screen in asked:
            answer = await get(clients[screen.login], screen.address(rng))
            if round_:
                found[screen.name].note(answer)
    return found


async def measure(base: str, people: Staff, asked: list[Screen], visits: int) -> Rounds:
    """Both rounds: alone, and among the others."""
    clients = {login: await sign_in(base, login) for login in {one.login for one in asked}}
    alone = await visit(clients, asked, max(5, visits // 4), 1)
    others = people.everybody[1 : OTHERS + 1]
    tasks = [asyncio.create_task(other(base, one, place)) for place, one in enumerate(others)]
    await asyncio.sleep(8)
    together = await visit(clients, asked, visits, 2)
    for task in tasks:
        if task.done():  # they work until they are sent home
            task.result()
        task.cancel()
    # A request that is broken off may end in an error of the client's.
    await asyncio.gather(*tasks, return_exceptions=True)
    for client in clients.values():
        await client.aclose()
    return alone, together


def first_visits(base: str, asked: list[Screen]) -> dict[str, float]:
    """Kilobytes of every screen that is a page, opened with an empty cache."""
    with chromium() as browser:
        return {
            one.name: first_visit(browser, base, one.login, one.address(Random(3))).without_viewer
            / 1000
            for one in asked
            if one.name not in PARTS
        }


def show(alone: dict[str, Visits], together: dict[str, Visits]) -> None:
    """The table of docs/benchmarks.md."""
    print(f"\nload {os.getloadavg()[0]:.1f}, {OTHERS} others active")
    head = ("statements", "SQL ms", "CPU ms", "alone p50", "p50", "p95", "page KB")
    print(f"{'':<30}" + "".join(f"{one:>11}" for one in head))
    for name, one in alone.items():
        counts = sorted(set(one.statements))
        told = str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
        among = together[name].wall
        figures = (median(one.sql), median(one.cpu), median(one.wall), median(among))
        last = quantiles(among, n=20)[-1] if len(among) > 1 else among[0]
        print(
            f"{name:<30}{told:>11}"
            + "".join(f"{figure:11.1f}" for figure in (*figures, last))
            + f"{median(one.size) / 1024:11.1f}"
        )


def main() -> None:
    """Make the database where it is missing, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--database")
    parser.add_argument("--visits", type=int, default=60)
    parser.add_argument("--only", action="append", metavar="SCREEN", help="may be repeated")
    parser.add_argument("--no-browser", action="store_true", help="no first visits")
    asked = parser.parse_args()
    people = staff(seeded(asked.documents, asked.database), OTHERS + 1)
    wanted = [one for one in screens(people) if not asked.only or one.name in asked.only]
    with served(asked.documents, asked.database) as base:
        show(*asyncio.run(measure(base, people, wanted, asked.visits)))
        if not asked.no_browser:
            for name, size in first_visits(base, wanted).items():
                print(f"first visit: {name:<30}{size:9.1f} KB")


if __name__ == "__main__":
    main()

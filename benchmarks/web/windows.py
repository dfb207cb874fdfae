"""What one waits for in Chromium: a page of a letter, the next one, the file on the second monitor.

    nice python benchmarks/web/windows.py --documents 100000
    nice python benchmarks/web/windows.py --documents 100000 --times 10 --database URL

Three waits over the seeded database, each many times, with nothing else at work in the product:

* from the click on a document of a case file until its first page's image is decoded;
* from the key for the next page until that page's image is decoded and in view;
* from the Fachverfahren's call (``POST /oeffnen/akte``) until the file stands in the other window.

Of the last one the hops are told apart, in milliseconds from the call: the answer to the call, the
window's going to the file (it was told), the file's page has come, its list stands.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from random import Random
from statistics import median, quantiles

from first_visit import chromium, sit_down
from playwright.sync_api import BrowserContext, Page
from seed import seeded
from server import served
from targets import Desk, staff

NUMBER = "/akten/"
PATIENCE = 120_000
"""Milliseconds: a machine that is busy is slow, and says so in the table."""
READY = "html[data-window=ready]"
DECODED = """async (number) => {
    const image = document.querySelector(`[data-page="${number}"] img`);
    if (!image) return false;
    await image.decode().catch(() => undefined);
    return image.complete && image.naturalWidth > 0;
}"""
ENOUGH = 20
"""Of fewer waits no 95th percentile is told."""
Waits = dict[str, list[float]]


def since(began: float) -> float:
    """Milliseconds."""
    return (time.perf_counter() - began) * 1000


def documents(context: BrowserContext, desk: Desk, times: int, rng: Random, waits: Waits) -> None:
    """Open letters from their files and turn one page, where there is a second."""
    page = context.new_page()
    opened = 0
    while opened < times or len(waits["next page"]) < times:
        page.goto(rng.choice(desk.files))
        links = page.locator("#dokumente tr[data-document] a")
        if not links.count():
            continue
        link = links.nth(rng.randrange(links.count()))
        began = time.perf_counter()
        link.click()
        page.wait_for_function(DECODED, arg=1)
        waits["first page from the click"].append(since(began))
        opened += 1
        page.wait_for_selector("[data-viewer=ready]")
        if page.locator("[data-page]").count() > 1:
            page.wait_for_load_state("load")
            page.wait_for_timeout(700)  # one looks at a page before one turns it
            began = time.perf_counter()
            page.keyboard.press("ArrowRight")
            page.wait_for_function(DECODED, arg=2)
            page.wait_for_function("document.querySelector('[data-viewer-page]').value === '2'")
            waits["next page"].append(since(began))
    page.close()


def windows(context: BrowserContext, desk: Desk, times: int, rng: Random, waits: Waits) -> None:
    """Call files up, each another than the one before."""
    page = context.new_page()
    page.goto(f"/postkorb/{desk.login}")
    window = context.new_page()
    window.goto("/fenster")
    window.wait_for_selector(READY)
    token = page.locator("meta[name=csrf]").get_attribute("content") or ""
    before = ""
    for _ in range(times):
        address = rng.choice([one for one in desk.files if one != before])
        before = address
        call(page, window, address, token, waits)
        window.wait_for_timeout(rng.uniform(300, 1200))
    window.close()
    page.close()


def call(page: Page, window: Page, address: str, token: str, waits: Waits) -> None:
    """One call, and when each hop was over."""
    number = address.removeprefix(NUMBER).replace("~", "/")
    hops: dict[str, float] = {}
    window.once("framenavigated", lambda _: hops.setdefault("page came", since(began)))
    window.once("request", lambda _: hops.setdefault("window told", since(began)))
    began = time.perf_counter()
    answer = page.request.post(
        "/oeffnen/akte",
        form={"aktenzeichen": number, "csrf": token},
        headers={"Accept": "application/json", "Origin": page.evaluate("location.origin")},
    )
    waits["call answered"].append(since(began))
    if not answer.ok:
        raise RuntimeError(f"{address}: {answer.status}")
    window.wait_for_url(f"**{address}", wait_until="commit")
    window.wait_for_selector("#dokumente table, #dokumente .leer")
    waits["file on the second monitor"].append(since(began))
    for hop, took in hops.items():
        waits[hop].append(took)
    window.wait_for_selector(READY)


def show(waits: Waits) -> None:
    """The table of docs/benchmarks.md."""
    print(f"\nload {os.getloadavg()[0]:.1f}")
    print(f"{'milliseconds':<30}{'times':>8}{'p50':>9}{'p95':>9}{'slowest':>9}")
    for name, found in waits.items():
        last = f"{quantiles(found, n=20)[-1]:9.0f}" if len(found) >= ENOUGH else f"{'–':>9}"
        print(f"{name:<30}{len(found):>8}{median(found):9.0f}{last}{max(found):9.0f}")


def main() -> None:
    """Serve, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--database")
    parser.add_argument("--times", type=int, default=30)
    asked = parser.parse_args()
    desk = staff(seeded(asked.documents, asked.database), 1).everybody[0]
    waits: Waits = defaultdict(list)
    with served(asked.documents, asked.database) as base, chromium() as browser:
        context = sit_down(browser, base, desk.login)
        context.set_default_timeout(PATIENCE)
        windows(context, desk, asked.times, Random(5), waits)
        documents(context, desk, asked.times, Random(6), waits)
        context.close()
    show(waits)


if __name__ == "__main__":
    main()

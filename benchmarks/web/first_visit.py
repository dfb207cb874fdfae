"""What a browser that was never here before loads for a postbox, by kind, as it goes over the wire.

    nice python benchmarks/web/first_visit.py                    three postboxes, 10,000 documents
    nice python benchmarks/web/first_visit.py --picture FILE     also the first postbox as PNG

Chromium signs in without loading a page, opens the postbox with an empty cache and waits until
nothing more comes.  Its own count of every answer is summed, heads included.  The viewer's scripts
and page images of letters are counted apart.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from district import PASSWORD
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from seed import seeded
from server import served
from targets import staff

KINDS = ("Document", "Stylesheet", "Script", "Font", "Image", "other", "viewer")
VIEWER = ("/dokumente/", "/js/viewer")
POSTBOXES = 3


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running one (``EAKTE_CHROMIUM``, else Debian's)."""
    path = os.environ.get("EAKTE_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Transfer:
    """The answers of a page, as Chromium's network log tells of them."""

    def __init__(self) -> None:
        self.bytes: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.fonts: list[str] = []
        self._kind: dict[str, str] = {}

    def begin(self, told: Mapping[str, Any]) -> None:
        """An answer's head is there."""
        url = told["response"]["url"]
        if url.startswith("data:"):
            return
        kind = "viewer" if any(one in url for one in VIEWER) else told["type"]
        self._kind[told["requestId"]] = kind if kind in KINDS else "other"
        if kind == "Font":
            self.fonts.append(url.rsplit("/", 1)[1])

    def end(self, told: Mapping[str, Any]) -> None:
        """An answer is whole."""
        kind = self._kind.get(told["requestId"])
        if kind is not None:
            self.bytes[kind] += int(told["encodedDataLength"])
            self.answers[kind] += 1

    @property
    def without_viewer(self) -> int:
        """Bytes of all that is not the viewer's."""
        return sum(self.bytes.values()) - self.bytes["viewer"]


def sit_down(browser: Browser, base: str, login: str) -> BrowserContext:
    """A browser with nothing in its cache, in which ``login`` is signed in."""
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 800})
    form = {"login": login, "kennwort": PASSWORD}
    signed_in = context.request.post("/anmelden", form=form, headers={"Origin": base})
    if "/anmelden" in signed_in.url:
        raise RuntimeError(f"{login} can't sign in")
    return context


def visit(
    browser: Browser, base: str, login: str, address: str, picture: Path | None = None
) -> Transfer:
    """Open that screen as ``login`` with nothing in the cache."""
    context = sit_down(browser, base, login)
    page = context.new_page()
    log, transfer = context.new_cdp_session(page), Transfer()
    log.on("Network.responseReceived", transfer.begin)
    log.on("Network.loadingFinished", transfer.end)
    log.send("Network.enable")
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready")
    # The stream of news stays open, so that Chromium never calls the network idle.
    page.wait_for_timeout(2_000)
    if picture is not None:
        page.screenshot(path=picture)
    context.close()
    return transfer


def show(login: str, transfer: Transfer) -> None:
    """One column of the table in docs/benchmarks.md."""
    print(f"\n{login}")
    for kind in KINDS:
        if transfer.answers[kind]:
            size = transfer.bytes[kind] / 1000
            print(f"{kind.lower():<12}{transfer.answers[kind]:>4}{size:>9.1f} KB")
    print(f"{'in all':<16}{sum(transfer.bytes.values()) / 1000:9.1f} KB")
    print(f"{'without viewer':<16}{transfer.without_viewer / 1000:9.1f} KB")
    print("fonts:", " ".join(sorted(transfer.fonts)))


def main() -> None:
    """Serve, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--picture", type=Path)
    asked = parser.parse_args()
    everybody = staff(seeded(asked.documents), POSTBOXES).everybody
    with served(asked.documents, None) as base, chromium() as browser:
        for place, desk in enumerate(everybody):
            picture = asked.picture if place == 0 else None
            postbox = f"/postkorb/{desk.login}"
            show(desk.login, visit(browser, base, desk.login, postbox, picture))


if __name__ == "__main__":
    main()

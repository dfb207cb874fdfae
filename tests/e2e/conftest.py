"""The product's web server on a loopback port, and Chromium in front of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from eakte.services.accounts import Accounts
from tests.web.stage import PASSWORD, Stage
from web.app import create_app
from web.assets import NODE_MODULES

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
SCREEN = {"width": 1280, "height": 800}
PATIENCE = 30_000
"""Milliseconds that a state is waited for: machines that test are busy."""
Sit = Callable[..., Page]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@contextmanager
def serving(stage: Stage) -> Iterator[str]:
    """The address of a server that runs as long as the context."""
    config = uvicorn.Config(
        create_app(stage.services),
        port=0,
        log_level="warning",
        timeout_graceful_shutdown=1,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    started = threading.Event()
    server.startup, startup = announced(server, started), server.startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(60)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
    assert startup


def announced(server: uvicorn.Server, started: threading.Event):
    """The server's start-up that tells when it is over."""
    startup = server.startup

    async def start(sockets=None) -> None:
        await startup(sockets)
        started.set()

    return start


@pytest.fixture(scope="module")
def address(stage: Stage) -> Iterator[str]:
    with serving(stage) as url:
        yield url


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


def keys_when_loaded(page: Page) -> None:
    """Let every key wait until the page that it is meant for listens.

    A click or a key may lead to another page, whose words stand there before its scripts run:
    nobody types so fast, but a test does.
    """
    for name in ("press", "type", "down"):
        setattr(page.keyboard, name, _after(page.wait_for_load_state, getattr(page.keyboard, name)))


def _after(wait: Callable[[], object], act: Callable[..., Any]) -> Callable[..., Any]:
    def wait_and_act(*given: object, **options: object) -> object:
        wait()
        return act(*given, **options)

    return wait_and_act


@pytest.fixture(scope="session", autouse=True)
def _hands_when_loaded() -> Iterator[None]:
    """The same for what is done to an element: once it is there, its page's scripts must be."""

    def acting(act: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_act(self: Locator, *given: object, **options: object) -> object:
            self.first.wait_for(state="attached")
            self.page.wait_for_load_state()
            return act(self, *given, **options)

        return wait_and_act

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fill", "click", "check", "uncheck", "select_option", "press", "focus"):
            patch.setattr(Locator, name, acting(getattr(Locator, name)))
        yield


def type_and_hear(page: Page, text: str) -> None:
    """Type into a field that searches meanwhile, until what it says is about the whole text.

    What stands there before is replaced soon, and with it what a test does to it.
    """
    with page.expect_response(lambda answer: text in unquote_plus(answer.url)) as answered:
        page.keyboard.type(text)
    answered.value.finished()
    expect(page.locator(".htmx-request")).to_have_count(0)


def expect_picture(picture: Locator) -> None:
    """The picture is there and drawn, not only its place.

    Locators are asked, not a script of the test's own: the pages' policy forbids such a script as
    soon as it has to look a second time.
    """
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)


@dataclass
class Desks:
    """Pages at the desks of logins; whatever a page complains about is kept."""

    browser: Browser
    address: str
    accounts: Accounts
    contexts: list[BrowserContext] = field(default_factory=list)
    seats: dict[str | None, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def sit_down(self, login: str | None = None, at: str | None = None, **options: object) -> Page:
        """A page of a browser of its own, signed in as ``login``, at an address or the start.

        The tests of the door go through it; here it was passed already.  Without a login and an
        address the page is empty.
        """
        given = {"locale": "de-DE", "viewport": SCREEN, **options}
        context = self.browser.new_context(base_url=self.address, **given)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.on("page", keys_when_loaded)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        if login is not None:
            token = self.accounts.sign_in(login, PASSWORD)
            context.add_cookies([{"name": "eakte", "value": token, "url": self.address}])
        if login is not None or at is not None:
            page.goto(at or "/")
        return page

    def seat(self, login: str | None) -> Page:
        """The one page of ``login`` for whoever only looks at one screen after the other."""
        if login not in self.seats:
            self.seats[login] = self.sit_down(login)
        self.seats[login].emulate_media(color_scheme="light")
        return self.seats[login]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        """Everybody leaves; nothing may have been complained about."""
        for context in self.contexts:
            context.close()
        assert self.complaints == []


@pytest.fixture
def sit(browser: Browser, address: str, stage: Stage) -> Iterator[Sit]:
    """A page at the desk of a login; whatever a page complains about fails the test.

    Keys wait for the page to listen (:func:`keys_when_loaded`).
    """
    desks = Desks(browser, address, stage.services.accounts)
    yield desks.sit_down
    desks.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.is_file():
        pytest.fail(f"{AXE} is not there; npm ci installs it")
    return Path(AXE).read_text(encoding="utf-8")

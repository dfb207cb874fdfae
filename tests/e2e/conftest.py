"""The product's web server on a loopback port, and Chromium in front of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.stage import PASSWORD, Stage
from web.app import create_app
from web.assets import NODE_MODULES

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
SCREEN = {"width": 1280, "height": 800}
PATIENCE = 30_000
"""Milliseconds that a state is waited for: machines that test are busy."""
Sit = Callable[..., Page]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("stage"))


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


def type_when_loaded(page: Page) -> None:
    """Let every key wait until the page that it is meant for listens.

    A click or a key may lead to another page, whose words stand there before its scripts run:
    nobody types so fast, but a test does.
    """

    def when_loaded(act: Callable[..., None]) -> Callable[..., None]:
        def wait_and_act(*given: object, **options: object) -> None:
            page.wait_for_load_state("load")
            act(*given, **options)

        return wait_and_act

    for name in ("press", "type", "down"):
        setattr(page.keyboard, name, when_loaded(getattr(page.keyboard, name)))


@pytest.fixture
def sit(browser: Browser, address: str) -> Iterator[Sit]:
    """A page at the desk of a login; whatever a page complains about fails the test.

    Keys wait for the page to listen (:func:`type_when_loaded`).
    """
    contexts, complaints = [], []

    def sit_down(login: str | None = None, **options: object) -> Page:
        context = browser.new_context(
            base_url=address,
            locale="de-DE",
            viewport=SCREEN,
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.on("page", type_when_loaded)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        if login is not None:
            page.goto("/anmelden")
            page.get_by_label("Anmeldename").fill(login)
            page.get_by_label("Kennwort").fill(PASSWORD)
            page.get_by_role("button", name="Anmelden").click()
            page.wait_for_selector(".kopf")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.is_file():
        pytest.fail(f"{AXE} is not there; npm ci installs it")
    return Path(AXE).read_text(encoding="utf-8")

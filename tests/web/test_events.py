"""The stream that tells a browser what changed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.requests import Request

from eakte.services.accounts import SignedIn
from tests.web.stage import PASSWORD, Stage
from web.desk import Desk
from web.views import events


def desk_of(stage: Stage, login: str) -> tuple[Desk, str]:
    token = stage.services.accounts.sign_in(login, PASSWORD)
    state = SimpleNamespace(services=stage.services, screens=None, secure_cookies=False)
    headers = [(b"cookie", f"eakte={token}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/ereignisse",
        "server": ("testserver", 80),
        "headers": headers,
        "app": SimpleNamespace(state=state),
    }
    session = stage.services.accounts.signed_in(token)
    return Desk(Request(scope), cast("SignedIn", session)), token


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "INTERVAL_SECONDS", 0.01)


def test_a_new_letter_changes_the_count_of_its_postbox(stage: Stage) -> None:
    async def watch() -> tuple[int, int]:
        desk, _ = desk_of(stage, "m.petersen")
        stream = events.events(desk)
        first = await anext(stream)
        stage.deliver(schlagwort="mieterhoehung")
        second = await asyncio.wait_for(anext(stream), timeout=20)
        await stream.aclose()  # type: ignore[attr-defined]
        return first.data["counts"]["mine"], second.data["counts"]["mine"]

    before, after = asyncio.run(watch())
    assert after == before + 1


def test_the_scan_centre_hears_of_every_arrival(stage: Stage) -> None:
    async def watch() -> set[str]:
        desk, _ = desk_of(stage, "s.scan")
        stream = events.events(desk)
        await anext(stream)
        stage.receive("neu.pdf")
        second = await asyncio.wait_for(anext(stream), timeout=20)
        await stream.aclose()  # type: ignore[attr-defined]
        return set(second.data["counts"])

    assert "clearing" in asyncio.run(watch())


def test_a_session_that_ended_ends_the_stream(stage: Stage) -> None:
    async def watch() -> list[str | None]:
        desk, token = desk_of(stage, "m.petersen")
        stream = events.events(desk)
        await anext(stream)
        stage.services.accounts.sign_out(token)
        stage.deliver(schlagwort="mieterhoehung")
        return [event.event async for event in stream]

    assert asyncio.run(watch()) == ["ende"]

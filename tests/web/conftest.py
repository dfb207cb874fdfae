"""The stage with its services, and browsers without a screen, signed in as whoever is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.stage import PASSWORD, Stage
from web.app import create_app

Visit = Callable[[str], TestClient]
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(stage: Stage) -> FastAPI:
    """One application a module: its templates are compiled when they are first asked for."""
    return create_app(stage.services)


@pytest.fixture
def visitor(app: FastAPI) -> Iterator[TestClient]:
    """A browser in which nobody is signed in; it sends its origin like every browser."""
    with TestClient(app, headers=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def signed_in(app: FastAPI) -> Iterator[Visit]:
    """Browsers by login."""
    clients: list[TestClient] = []

    def visit(login: str) -> TestClient:
        client = TestClient(app, headers=ORIGIN, follow_redirects=False)
        clients.append(client)
        answer = client.post("/anmelden", data={"login": login, "kennwort": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    yield visit
    for client in clients:
        client.close()


@pytest.fixture
def empty_modules(tmp_path: Path) -> Path:
    """A place where no front-end package was installed."""
    return tmp_path


def form_token(client: TestClient, page: str = "/kennwort") -> str:
    """The token that the forms of this session carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]

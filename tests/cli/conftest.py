"""Commands as scripts call them: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eakte.bootstrap import Product, open_product
from eakte.cli import main
from tests.prepared import Prepared, settings_for


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Stdout as JSON Lines; anything else on it is an error."""
        return [json.loads(line) for line in self.out.splitlines()]

    def assert_refused(self, *said: str, code: int = 3) -> None:
        """Nothing on stdout; stderr is short, says this, and is no traceback."""
        assert (self.code, self.out) == (code, ""), self
        assert "Traceback" not in self.err
        assert len(self.err.strip().splitlines()) == 1, self.err
        for part in said:
            assert part in self.err


Eakte = Callable[..., Answer]


@pytest.fixture
def database_url(tmp_path: Path, prepared: Prepared) -> str:
    """SQLite alone: what differs between the databases is tried below the command line."""
    path = tmp_path / "eakte.db"
    prepared.copy_sqlite(path)
    return f"sqlite:///{path}"


@pytest.fixture
def eakte(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Eakte:
    """Runs a command over the product of this test."""
    monkeypatch.setenv("EAKTE_HOME", str(product.settings.home))
    monkeypatch.setenv("EAKTE_CONFIG", str(product.settings.config))
    monkeypatch.setenv("EAKTE_DATABASE_URL", product.settings.database_url)

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["eakte", *(str(one) for one in arguments)])
        capsys.readouterr()
        code = main()
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return run


@pytest.fixture
def config(product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the settings that a test may spoil; the commands of ``eakte`` read it."""
    folder = tmp_path / "config"
    shutil.copytree(product.settings.config, folder)
    monkeypatch.setenv("EAKTE_CONFIG", str(folder))
    return folder


@pytest.fixture(scope="module")
def house(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all tests of a module."""
    folder = tmp_path_factory.mktemp("house")
    prepared.copy_sqlite(folder / "eakte.db")
    settings = settings_for(folder / "home", f"sqlite:///{folder / 'eakte.db'}")
    shutil.copytree(prepared.home("sqlite"), settings.home)
    made = open_product(settings)
    yield made
    made.database.close()

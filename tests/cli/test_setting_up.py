"""``init``, ``register import`` and ``user password``: from nothing to the first sign-in."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from eakte.bootstrap import Product, open_product
from eakte.errors import EakteError
from eakte.migrations import HEAD
from tests.cli.conftest import Eakte
from tests.prepared import settings_for
from tests.small_authority import PASSWORD, small_register


def test_init_makes_an_administrator_once_and_can_be_repeated(
    eakte: Eakte, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home, url = tmp_path / "neu", f"sqlite:///{tmp_path / 'neu.db'}"
    monkeypatch.setenv("EAKTE_HOME", str(home))
    monkeypatch.setenv("EAKTE_DATABASE_URL", url)
    first = eakte("init")
    assert (first.code, first.err) == (0, "")
    told = re.search(r"Erste Anmeldung: (\S+), Kennwort: (\S+) ", first.out)
    assert told
    made = open_product(settings_for(home, url))
    try:
        assert made.services.accounts.sign_in(*told.groups())
        again = eakte("init")
        assert (again.code, again.err) == (0, "")
        assert "Kennwort" not in again.out
        assert made.services.accounts.sign_in(*told.groups())
    finally:
        made.database.close()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "audit.key").stat().st_mode) == 0o600
    assert (home / "inbox").is_dir()
    assert eakte("check").code == 0
    schema_is(tmp_path / "neu.db", "0002")
    older = eakte("check")
    assert older.code == 3
    assert f"Die Datenbank hat das Schema 0002, dieses Programm braucht {HEAD}." in older.err
    assert "„eakte init“" in older.err
    schema_is(tmp_path / "neu.db", "9001")
    for newer in (eakte("check"), eakte("init")):
        assert newer.code == 3
        assert f"das Schema 9001, dieses Programm braucht {HEAD}" in newer.err
        assert "Die neuere Version des Programms starten" in newer.err


def schema_is(path: Path, revision: str) -> None:
    """Let the database say that it is at this revision."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_a_register_is_taken_and_says_how_much(eakte: Eakte, tmp_path: Path):
    path = tmp_path / "register.json"
    path.write_text(json.dumps(small_register()), "utf-8")
    answer = eakte("register", "import", path)
    assert (answer.code, answer.err) == (0, "")
    assert "2 Standorte" in answer.out
    assert "5 Akten" in answer.out


def test_a_password_is_read_from_the_standard_input(
    eakte: Eakte, product: Product, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    answer = eakte("user", "password", "m.petersen")
    assert (answer.code, answer.err) == (0, "")
    assert PASSWORD not in answer.out
    assert product.services.accounts.sign_in("m.petersen", PASSWORD)


def test_a_password_that_is_too_short_is_refused(
    eakte: Eakte, product: Product, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    eakte("user", "password", "m.petersen").assert_refused()
    with pytest.raises(EakteError):
        product.services.accounts.sign_in("m.petersen", "kurz")

"""The ground that all tests stand on: fresh databases, and skips that can't hide."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


def run_tests(folder: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``source`` as a test module under the project's conftest, without samples at hand."""
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "test_inner.py").write_text(source, encoding="utf-8")
    outer = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("EAKTE_", "PYTEST_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", f"--rootdir={folder}"],
        cwd=folder,
        env=outer
        | {"EAKTE_SAMPLES": str(folder / "nowhere"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_finds_an_empty_database(database_url: str, turn: str):
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            assert inspect(connection).get_table_names() == []
            connection.execute(text("CREATE TABLE left_behind (id INTEGER PRIMARY KEY)"))
    finally:
        engine.dispose()


WANTS_SAMPLES = "def test_inner(samples):\n    pass\n"
SKIPS_ITSELF = "import pytest\npytest.skip('no reader here', allow_module_level=True)\n"
EXPECTED_TO_FAIL = "import pytest\n@pytest.mark.xfail\ndef test_inner():\n    assert False\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [(WANTS_SAMPLES, "nowhere is not there"), (SKIPS_ITSELF, "no reader here")],
    ids=["a test", "a module"],
)
def test_what_is_absent_is_skipped_by_name_on_a_users_machine(
    tmp_path: Path, source: str, reason: str
):
    run = run_tests(tmp_path, source)
    assert "1 skipped" in run.stdout
    assert reason in run.stdout


@pytest.mark.parametrize("source", [WANTS_SAMPLES, SKIPS_ITSELF], ids=["a test", "a module"])
def test_a_skip_is_a_failure_where_nothing_may_be_skipped(tmp_path: Path, source: str):
    run = run_tests(tmp_path, source, EAKTE_REQUIRE_SAMPLES="1")
    assert run.returncode not in {0, 5}
    assert "Skipped, though EAKTE_REQUIRE_SAMPLES is set" in run.stdout
    assert "1 error" in run.stdout or "1 failed" in run.stdout


def test_a_failure_that_is_expected_is_no_skip(tmp_path: Path):
    run = run_tests(tmp_path, EXPECTED_TO_FAIL, EAKTE_REQUIRE_SAMPLES="1")
    assert run.returncode == 0
    assert "1 xfailed" in run.stdout


def test_checks_that_failed_before_stand_above_the_closing_line(tmp_path: Path):
    run = run_tests(
        tmp_path, "def test_inner():\n    pass\n", EAKTE_FAILED_CHECKS="Types (mypy),Style (ruff)"
    )
    lines = run.stdout.strip().splitlines()
    assert "FAILED Types (mypy)" in lines
    assert "FAILED Style (ruff)" in lines
    assert "1 passed" in lines[-1]

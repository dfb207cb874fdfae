"""What every test may ask for: samples, standards, a browser, an empty database on each engine.

What is absent on a developer's machine is skipped by name.  Where ``EAKTE_REQUIRE_SAMPLES`` is set
(the build server), nothing may be skipped: there every skip is a failure.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from eakte.bootstrap import Product, open_product, prepare
from eakte.domain.rights import system_reader
from eakte.services.register_file import parse_register
from eakte.settings import Settings, load_settings
from tests.small_authority import small_register

REPOSITORY = Path(__file__).resolve().parent.parent
NOTHING_MAY_BE_SKIPPED = bool(os.environ.get("EAKTE_REQUIRE_SAMPLES"))

# Deadlines and "too slow" measure the machine, not the code.  The build server repeats its
# examples exactly.
hypothesis.settings.register_profile(
    "local", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "ci", hypothesis.settings.get_profile("local"), derandomize=True, print_blob=True
)
hypothesis.settings.load_profile("ci" if NOTHING_MAY_BE_SKIPPED else "local")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    if NOTHING_MAY_BE_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, though EAKTE_REQUIRE_SAMPLES is set: {report.longreprtext}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for whole modules that skip themselves."""
    report = yield
    if NOTHING_MAY_BE_SKIPPED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, though EAKTE_REQUIRE_SAMPLES is set: {report.longreprtext}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what ``script/test`` found wrong before, just above the closing line."""
    failed = [name for name in os.environ.get("EAKTE_FAILED_CHECKS", "").split(",") if name]
    if failed:
        terminalreporter.section("failed checks", red=True)
        for name in failed:
            terminalreporter.write_line(f"FAILED {name}")


def folder(variable: str, name: str) -> Path:
    """The folder that ``variable`` names, or ``../shared/NAME`` beside the repository."""
    path = Path(os.environ.get(variable) or REPOSITORY.parent / "shared" / name)
    if not path.is_dir():
        absent(f"{path} is not there; {variable} names the folder with the {name}")
    return path


def absent(reason: str) -> NoReturn:
    """Skip the test; the hook above makes a failure of it where nothing may be skipped."""
    pytest.skip(reason)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real scans, photographs and PDFs made by others; the project ships none of them."""
    return folder("EAKTE_SAMPLES", "samples")


@pytest.fixture(scope="session")
def standards() -> Path:
    """Schemas and code lists of xdomea and XJustiz, and the statutes."""
    return folder("EAKTE_STANDARDS", "standards")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium that can be driven; ``script/test`` installs one and says where."""
    path = os.environ.get("EAKTE_CHROMIUM") or "/usr/bin/chromium"
    if not os.access(path, os.X_OK):
        absent("no Chromium; script/test installs one, EAKTE_CHROMIUM names it")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A SQLAlchemy URL of an empty database, for this test alone, once per engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'eakte.db'}"
    else:
        yield from empty_postgres_database()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A SQLAlchemy URL of an empty PostgreSQL database, for this test alone."""
    yield from empty_postgres_database()


def empty_postgres_database() -> Iterator[str]:
    """Create a database in the cluster that ``EAKTE_TEST_POSTGRES`` names, and drop it again."""
    server = os.environ.get("EAKTE_TEST_POSTGRES")
    if not server:
        absent("no PostgreSQL; script/test starts one, EAKTE_TEST_POSTGRES names it")
    url = make_url(server)
    name = f"eakte_test_{uuid.uuid4().hex}"
    execute(url, f'CREATE DATABASE "{name}"')
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        # FORCE: a test that was killed half-way leaves connections of its child processes behind.
        execute(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(server: URL, statement: str) -> None:
    """Run one statement outside any transaction, as CREATE DATABASE needs it."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The shipped settings over an empty data folder and an empty database, on each engine."""
    return settings_for(tmp_path / "home", database_url)


def settings_for(home: Path, database_url: str) -> Settings:
    """The shipped settings with another data folder and database."""
    shipped = load_settings(home=home, config=REPOSITORY / "config")
    data = shipped.values.data.model_copy(update={"database_url": database_url})
    values = shipped.values.model_copy(update={"data": data})
    return Settings(home, shipped.config, values, shipped.access)


@pytest.fixture
def product(settings: Settings) -> Iterator[Product]:
    """The whole product over the small authority; nobody has a password yet."""
    prepare(settings)
    made = open_product(settings)
    made.services.register.run(system_reader("operator"), parse_register(small_register()))
    yield made
    made.database.engine.dispose()

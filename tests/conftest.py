"""What every test may ask for: samples, standards, a browser, an empty database on each engine.

What is absent on a developer's machine is skipped by name.  Where ``EAKTE_REQUIRE_SAMPLES`` is set
(the build server), nothing may be skipped: there every skip is a failure.

The product is loaded by the fixtures that need it: most unit tests do not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest

if TYPE_CHECKING:
    from eakte.bootstrap import Product
    from eakte.settings import Settings
    from tests.authority import Authority
    from tests.prepared import Prepared

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits most comes first: others run beside it, and no one waits for it at the end."""
    items.sort(key=lambda item: item.path.parent.name != "faults")


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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The product over the small authority, made once a test process, to be copied."""
    from tests.prepared import Prepared  # noqa: PLC0415

    made = Prepared(tmp_path_factory.mktemp("prepared"))
    yield made
    made.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A SQLAlchemy URL of a database for this test alone, once per engine.

    It is empty, except for a test of the whole ``product`` or the small ``authority``, which
    begins with a copy of the latter.
    """
    wanted = not {"product", "authority"}.isdisjoint(request.fixturenames)
    if request.param == "sqlite":
        path = tmp_path / "eakte.db"
        if wanted:
            request.getfixturevalue("prepared").copy_sqlite(path)
        yield f"sqlite:///{path}"
    else:
        need_postgres()
        template = request.getfixturevalue("prepared").postgres_template() if wanted else None
        with _postgres(template) as url:
            yield url


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A SQLAlchemy URL of an empty PostgreSQL database, for this test alone."""
    need_postgres()
    with _postgres() as url:
        yield url


def _postgres(template: str | None = None) -> AbstractContextManager[str]:
    from tests.prepared import postgres_database  # noqa: PLC0415

    return postgres_database(template)


def need_postgres() -> None:
    """Skip where no cluster was started for the tests."""
    if not os.environ.get("EAKTE_TEST_POSTGRES"):
        absent("no PostgreSQL; script/test starts one, EAKTE_TEST_POSTGRES names it")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The shipped settings over an empty data folder and an empty database, on each engine."""
    from tests.prepared import settings_for  # noqa: PLC0415

    return settings_for(tmp_path / "home", database_url)


@pytest.fixture
def product(settings: Settings, prepared: Prepared) -> Iterator[Product]:
    """The whole product over the small authority; nobody has a password yet."""
    from eakte.bootstrap import open_product  # noqa: PLC0415

    shutil.copytree(prepared.home(_engine(settings)), settings.home)
    made = open_product(settings)
    yield made
    made.database.close()


@pytest.fixture
def authority(settings: Settings, prepared: Prepared, tmp_path: Path) -> Iterator[Authority]:
    """The services over the small authority, with a clock to set; nobody has a password yet."""
    from tests.authority import Authority  # noqa: PLC0415

    key = prepared.home(_engine(settings)) / settings.values.data.audit_key_file
    made = Authority(settings, bytes.fromhex(key.read_text("ascii")), tmp_path)
    yield made
    made.database.close()


def _engine(settings: Settings) -> str:
    return settings.database_url.partition(":")[0].partition("+")[0]

"""The house stands: every package is in the contracts, and a breach of them is noticed."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = ("eakte", "scanner_inbox", "classifiers", "web")
# Beside the layers: `settings` is protected by name, the other two are leaves.
BESIDE_THE_LAYERS = {"eakte.settings", "eakte.demo", "eakte.migrations"}
ENGINES = {"eakte.recognition", "eakte.search", "eakte.storage", "eakte.exports"}


def contracts() -> dict[str, dict[str, list[str]]]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def layers() -> list[set[str]]:
    """The layers of the house, highest first, without the brackets of optional ones."""
    return [
        {name.strip().strip("()") for name in layer.split("|")}
        for layer in contracts()["house"]["layers"]
    ]


def packages() -> set[str]:
    """What lies directly in ``eakte`` and what stands beside it."""
    inside = {
        f"eakte.{path.stem}"
        for path in (REPOSITORY / "eakte").iterdir()
        if path.name not in {"__init__.py", "__pycache__"}
        and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    return inside | {root for root in ROOTS if root != "eakte"}


def imported_names(source: Path) -> set[str]:
    """Top-level names that a module imports at run time or for its types."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


def sources(package: str) -> list[Path]:
    path = REPOSITORY.joinpath(*package.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    for root in ROOTS:
        shutil.copytree(
            REPOSITORY / root,
            tmp_path / root,
            ignore=lambda folder, names: {
                name
                for name in names
                if name == "__pycache__"
                or not (name.endswith(".py") or Path(folder, name).is_dir())
            },
        )
    return tmp_path


def test_every_package_stands_in_the_layers_of_the_house():
    placed = set().union(*layers()) | BESIDE_THE_LAYERS
    assert packages() <= placed


def test_every_engine_is_known_to_bootstrap_alone():
    assert set(contracts()["engines"]["protected_modules"]) == ENGINES & packages()


@pytest.mark.parametrize("package", ["eakte.domain", "eakte.errors", "eakte.ports"])
def test_values_ports_and_errors_need_the_standard_library_only(package: str):
    foreign = {
        name
        for source in sources(package)
        for name in imported_names(source)
        if name not in sys.stdlib_module_names and name != "eakte"
    }
    allowed = {"PIL"} if package == "eakte.ports" else set()  # the type of a page image
    assert foreign <= allowed


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("eakte/domain/pages.py", "eakte.models", "Imports run one way"),
        ("classifiers/__init__.py", "scanner_inbox", "Imports run one way"),
        ("web/__init__.py", "eakte.intake", "Imports run one way"),
        ("web/__init__.py", "eakte.bootstrap", "Imports run one way"),
        ("web/__init__.py", "eakte.recognition", "Only bootstrap knows concrete engines"),
        ("eakte/intake/__init__.py", "eakte.storage", "Only bootstrap knows concrete engines"),
        ("eakte/settings.py", "eakte.search", "the migrations are leaves"),
        ("web/__init__.py", "eakte.settings", "Only cli and bootstrap read the settings"),
        ("web/__init__.py", "eakte.demo", "Only cli and bootstrap load the fictional authority"),
        ("eakte/demo/__init__.py", "eakte.models", "The fictional authority makes values"),
        ("eakte/language/__init__.py", "pydantic", "know no framework"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    copy_of_the_house: Path, importer: str, imported: str, contract: str
):
    with (copy_of_the_house / importer).open("a", encoding="utf-8") as module:
        module.write(f"\nimport {imported}\n")
    run = lint_imports(copy_of_the_house)
    assert run.returncode == 1
    broken = [line for line in run.stdout.splitlines() if " BROKEN" in line]
    assert any(contract in line for line in broken), run.stdout


def test_the_copy_that_those_breaches_are_tried_on_is_clean(copy_of_the_house: Path):
    run = lint_imports(copy_of_the_house)
    assert run.returncode == 0, run.stdout

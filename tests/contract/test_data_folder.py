"""One data folder: its key, its locks, its name; and the rights file that goes with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from eakte.bootstrap import Product, open_product, prepare
from eakte.bootstrap.rights_names import unknown_names
from eakte.cli import opening
from eakte.cli.processes import PARENT, only_one
from eakte.cli.worker import _durable, inbox, worker
from eakte.errors import Conflict, SettingsError
from eakte.settings import ALWAYS_CLOSED, Settings, load_settings
from tests.prepared import REPOSITORY


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped settings, to be spoilt."""
    return Path(shutil.copytree(REPOSITORY / "config", tmp_path / "config"))


@pytest.fixture
def commands(product: Product, config: Path, monkeypatch: pytest.MonkeyPatch) -> Product:
    """Commands of this process work on the product."""
    monkeypatch.setenv("EAKTE_HOME", str(product.settings.home))
    monkeypatch.setenv("EAKTE_CONFIG", str(config))
    monkeypatch.setenv("EAKTE_DATABASE_URL", product.settings.database_url)
    monkeypatch.delenv(PARENT, raising=False)
    monkeypatch.setattr(opening, "set_up_logging", lambda: None)  # pytest's own stays
    return product


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# -- the key of the audit chain ---------------------------------------------------------------


def test_a_lost_key_is_not_replaced_while_there_is_a_chain(product: Product):
    key = product.settings.home / "audit.key"
    saved = key.read_text("ascii")
    key.unlink()
    with pytest.raises(SettingsError, match=r"audit\.key") as refused:
        prepare(product.settings)
    assert "zurücklegen" in refused.value.remedy
    assert refused.value.exit_code == 3
    assert not key.exists()
    key.write_text(saved, "ascii")
    prepare(product.settings)
    assert [one for one in product.services.checking.run() if one.check == "audit"] == []


def test_without_its_key_a_data_folder_is_not_opened(product: Product):
    (product.settings.home / "audit.key").unlink()
    with pytest.raises(SettingsError) as refused:
        open_product(product.settings)
    assert refused.value.remedy.startswith("Den gesicherten Schlüssel zurücklegen")


def test_an_empty_database_gets_a_key_that_stays(settings: Settings):
    prepare(settings)
    key = settings.home / "audit.key"
    drawn = key.read_text("ascii")
    assert key.stat().st_mode & 0o777 == 0o600
    prepare(settings)
    assert key.read_text("ascii") == drawn


# -- who works on it --------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_inbox_has_one_watcher_alone_or_within_the_worker(commands: Product):
    lock = commands.settings.home / "inbox.lock"
    with only_one(lock, "Der Posteingang"):
        with pytest.raises(Conflict, match="Der Posteingang"):
            worker(with_inbox=True)
        with pytest.raises(Conflict, match="Der Posteingang"):
            inbox()


def test_workers_of_two_data_folders_on_one_host_are_told_apart(tmp_path: Path):
    def worker_of(folder: Path) -> str:
        settings = load_settings(home=folder, config=REPOSITORY / "config")
        return _durable(settings, "worker", listens=True).executor_id

    (tmp_path / "husum").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "husum")
    assert worker_of(tmp_path / "husum") == worker_of(tmp_path / "husum")
    assert worker_of(tmp_path / "link") == worker_of(tmp_path / "husum")
    assert worker_of(tmp_path / "niebuell") != worker_of(tmp_path / "husum")


# -- rechte.toml ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALWAYS_CLOSED)
def test_a_closed_subfile_can_t_be_left_out(config: Path, kind: str):
    edit(config / "rechte.toml", f"[subfiles.{kind}]\nlogins = []\nteams = []\n", "")
    with pytest.raises(SettingsError, match=rf"rechte\.toml.*„subfiles“.*\[subfiles\.{kind}\]"):
        load_settings(config=config)


def test_the_shipped_rights_name_nobody_unknown(product: Product):
    assert unknown_names(product) == []


def test_a_process_that_stays_warns_of_names_that_nobody_has(commands: Product, config: Path):
    rights = config / "rechte.toml"
    edit(
        rights,
        "[subfiles.medizin]\nlogins = []\nteams = []",
        '[subfiles.medizin]\nlogins = ["m.petersen", "n.iemand"]\nteams = ["husum-nichts"]',
    )
    edit(rights, 'postbox = "clearing"', 'postbox = "husum-niemand"')
    with capture_logs() as logs:
        opening.product_to_run(None).database.close()
    assert [(one["key"], one["name"]) for one in logs] == [
        ("subfiles.medizin.logins", "n.iemand"),
        ("subfiles.medizin.teams", "husum-nichts"),
        ("protected.postbox", "husum-niemand"),
    ]
    assert {(one["log_level"], one["file"]) for one in logs} == {("warning", str(rights))}


def test_the_children_of_a_supervisor_leave_the_warning_to_it(
    commands: Product, config: Path, monkeypatch: pytest.MonkeyPatch
):
    edit(config / "rechte.toml", 'postbox = "clearing"', 'postbox = "husum-niemand"')
    monkeypatch.setenv(PARENT, "1")
    with capture_logs() as logs:
        opening.product_to_run(None).database.close()
    assert logs == []

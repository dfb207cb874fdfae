"""``eakte backup`` and ``eakte restore``: what was saved comes back, to the last row and byte."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from eakte.bootstrap import Product, open_product
from eakte.bootstrap.backup import backup_of
from eakte.bootstrap.restoring import Restoring
from eakte.domain.rights import AccessPolicy, system_reader
from eakte.domain.search import IndexDocument
from eakte.errors import Unavailable
from eakte.migrations import upgrade
from eakte.models import AuditRow, Base, IndexOutbox
from eakte.repositories import snapshots
from eakte.repositories.database import make_engine
from eakte.search.postgresql import PostgresIndex
from eakte.services.backup import BackupFolder, Made
from eakte.services.backup.manifest import FileEntry
from eakte.settings import EakteToml, Settings, load_settings
from tests.cli.conftest import Answer
from tests.cli.test_intake import command
from tests.conftest import need_postgres
from tests.letters import letters
from tests.plain_intake import take_in
from tests.prepared import Prepared, postgres_database, settings_for

OPERATOR = system_reader("test")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, prepared: Prepared):
    """The product's database on each engine, over the small authority."""
    if request.param == "sqlite":
        prepared.copy_sqlite(tmp_path / "eakte.db")
        yield f"sqlite:///{tmp_path / 'eakte.db'}"
        return
    need_postgres()
    with postgres_database(prepared.postgres_template()) as url:
        yield url


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not touch the database's own way of copying."""


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, by table, in the order of their keys."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table.name: [
                    tuple(map(_comparable, row))
                    for row in connection.execute(
                        select(table).order_by(*table.primary_key.columns)
                    )
                ]
                for table in Base.metadata.sorted_tables
            }
    finally:
        engine.dispose()


def _comparable(value: object) -> object:
    """JSON without the order of its keys, which PostgreSQL doesn't keep."""
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


def bytes_of(store: Path) -> dict[str, bytes]:
    """Every blob by its hash."""
    return {path.name: path.read_bytes() for path in store.glob("??/??/*") if len(path.name) == 64}


def without_audit(rows: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Nor what names the search index, which is made anew where a backup comes back."""
    left_out = ("audit_", "index_facts")
    return {name: listed for name, listed in rows.items() if not name.startswith(left_out)}


@dataclass
class Elsewhere:
    """Another machine: an empty data folder and an empty database."""

    home: Path
    url: str

    def restore(self, folder: Path, *options: object) -> Answer:
        settings = settings_for(self.home, self.url)
        moved = Moved(settings)
        return command(moved, "restore", folder, *options)  # type: ignore[arg-type]

    def product(self) -> Product:
        return open_product(settings_for(self.home, self.url))


@dataclass
class Moved:
    """What ``command`` needs of a product that is not there yet."""

    settings: Settings


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path):
    if make_url(database_url).get_backend_name() == "sqlite":
        home = tmp_path / "elsewhere"
        yield Elsewhere(home, f"sqlite:///{home / 'eakte.sqlite'}")
        return
    with postgres_database() as url:
        yield Elsewhere(tmp_path / "elsewhere", url)


def key_of(product: Product, tmp_path: Path) -> Path:
    """The key as it is kept elsewhere."""
    return Path(shutil.copy(product.settings.home / "audit.key", tmp_path / "kept.key"))


def test_everything_comes_back_row_by_row_and_byte_by_byte(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    take_in(product, letters(4))
    folder, key = tmp_path / "backup", key_of(product, tmp_path)
    saved, stored = (
        rows_of(product.settings.database_url),
        bytes_of(product.settings.home / "store"),
    )
    made = command(product, "backup", folder)
    assert made.code == 0, made
    take_in(product, {"later.pdf": letters(5)["brief-004.pdf"]})
    answer = elsewhere.restore(folder, "--key", key)
    assert answer.code == 0, answer
    restored = rows_of(elsewhere.url)
    assert without_audit(restored) == without_audit(saved)
    trail = restored["audit_log"]
    assert trail[: len(saved["audit_log"])] == saved["audit_log"]
    assert [row[4] for row in trail[len(saved["audit_log"]) :]] == ["backup.restore"]
    assert bytes_of(elsewhere.home / "store") == stored
    there = elsewhere.product()
    try:
        assert list(there.services.checking.run()) == []
        take_in(there, {"next.pdf": letters(6)["brief-005.pdf"]})
        assert list(there.services.checking.run()) == []
        assert len(set(there.index.seals())) == 5
    finally:
        there.database.close()


def test_a_backup_made_while_letters_pass_is_of_one_moment(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    take_in(product, letters(2))
    folder, key = tmp_path / "backup", key_of(product, tmp_path)
    started, failed = threading.Event(), []

    def post() -> None:
        try:
            for name, content in list(letters(8).items())[2:]:
                take_in(product, {name: content})
                started.set()
        except Exception as error:  # noqa: BLE001  told below, in the test's own thread
            failed.append(error)
            started.set()

    scanner = threading.Thread(target=post)
    scanner.start()
    started.wait(60)
    made = backup_of(product).run(OPERATOR, folder)
    scanner.join()
    assert failed == []
    now = rows_of(product.settings.database_url)
    assert made.manifest.tables["sources"] < len(now["sources"]) == 8
    answer = elsewhere.restore(folder, "--key", key)
    assert answer.code == 0, answer
    restored = rows_of(elsewhere.url)
    # The moment: the audit chain up to its head tells it; every row that is never changed must be
    # one that stands in the house today as well.
    assert now["audit_log"][: made.manifest.audit_seq] == restored["audit_log"][:-1]
    for name in ("pages", "page_words", "document_pages", "filings", "transfer_notes"):
        assert set(restored[name]) <= set(now[name])
    stored = bytes_of(product.settings.home / "store")
    assert bytes_of(elsewhere.home / "store").items() <= stored.items()
    there = elsewhere.product()
    try:
        assert list(there.services.checking.run()) == []
    finally:
        there.database.close()


@only_sqlite
def test_an_index_that_was_left_in_the_database_does_not_serve(product: Product, tmp_path: Path):
    need_postgres()
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    with postgres_database() as url:
        engine = make_engine(url)
        try:
            index = PostgresIndex(engine)
            with index.writer() as writer:
                writer.put(IndexDocument(id="x", body=(), head=(), allow=frozenset({"legal"})))
            there = Elsewhere(tmp_path / "there", url)
            assert there.restore(tmp_path / "backup", "--no-index").code == 0
            index.ensure()
            assert list(index.seals()) == []
        finally:
            engine.dispose()


@pytest.mark.parametrize(("frm", "to"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_an_authority_moves_from_one_database_to_the_other(
    frm: str, to: str, prepared: Prepared, tmp_path: Path
):
    need_postgres()
    with postgres_database(prepared.postgres_template()) as full, postgres_database() as empty:
        prepared.copy_sqlite(tmp_path / "eakte.db")
        home = Path(shutil.copytree(prepared.home(frm), tmp_path / "home"))
        source = full if frm == "postgresql" else f"sqlite:///{tmp_path / 'eakte.db'}"
        target = empty if to == "postgresql" else f"sqlite:///{tmp_path / 'there' / 'eakte.sqlite'}"
        product = open_product(settings_for(home, source))
        take_in(product, letters(3))
        saved = rows_of(source)
        assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
        there = Elsewhere(tmp_path / "there", target)
        answer = there.restore(tmp_path / "backup")
        assert answer.code == 0, answer
        assert without_audit(rows_of(target)) == without_audit(saved)
        moved = there.product()
        assert list(moved.services.checking.run()) == []
        with moved.database.write() as session:  # ids that the database gives go on
            session.add(
                IndexOutbox(
                    document_id=saved["documents"][0][0], changed_at=saved["documents"][0][3]
                )
            )
        moved.database.close()
        product.database.close()


@only_sqlite
def test_only_what_is_new_is_copied_the_next_time(product: Product, tmp_path: Path):
    folder = tmp_path / "backup"
    take_in(product, letters(2))
    first = run(product, folder)
    take_in(product, {"later.pdf": letters(3)["brief-002.pdf"]})
    second = run(product, folder)
    assert first.copied == first.manifest.blobs > 0
    assert second.manifest.blobs == first.manifest.blobs + second.copied
    assert 0 < second.copied < first.copied
    assert len(BackupFolder(folder).snapshots()) == 2


@only_sqlite
def test_old_snapshots_go_with_the_blobs_that_nobody_else_has(product: Product, tmp_path: Path):
    folder = tmp_path / "backup"
    take_in(product, letters(1))
    erased = product.store.put(b"bytes that were erased meanwhile")
    run(product, folder)
    with product.store.local_path(erased) as path:
        path.unlink()
    run(product, folder)
    run(product, folder)
    backups = BackupFolder(folder)
    assert backups.blob(erased).exists()
    assert backups.prune(2) == (1, 1)
    assert not backups.blob(erased).exists()
    assert len(backups.snapshots()) == 2
    assert command(product, "backup", folder, "--verify").code == 0


@only_sqlite
def test_a_backup_without_the_key_says_so_and_asks_for_it(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    made = command(product, "backup", tmp_path / "backup")
    assert "audit.key" in made.err
    assert not list((tmp_path / "backup").rglob("*.key"))
    answer = elsewhere.restore(tmp_path / "backup")
    assert (answer.code, answer.out) == (3, "")
    assert "--key" in answer.err
    assert not elsewhere.home.exists()


@only_sqlite
def test_no_secret_is_in_a_backup_wherever_it_lies(product: Product, tmp_path: Path):
    take_in(product, letters(1))
    config = tmp_path / "house-config"
    shutil.copytree(product.settings.config, config)
    secrets = {name: f"the secret of {name}" for name in SECRETS}
    secrets[SECRETS[0]] = (product.settings.home / "audit.key").read_text("ascii")
    for name, secret in secrets.items():
        (config / name).write_text(secret, "ascii")
    text = (config / "eakte.toml").read_text("utf-8")
    text = text.replace('audit_key_file = "audit.key"', f'audit_key_file = "{config}/audit.key"')
    text += f'''
[[mailboxes]]
id = "post"
host = "imap.kreis.example"
login = "post"
password_file = "{config}/post.password"
'''
    (config / "eakte.toml").write_text(text, "utf-8")
    house = Moved(
        Settings(product.settings.home, config, product.settings.values, product.settings.access)
    )
    answer = command(house, "backup", tmp_path / "backup")  # type: ignore[arg-type]
    assert answer.code == 0, answer
    assert f"{config}/audit.key" in answer.err
    saved = content_of(tmp_path / "backup")
    names = {name.partition("/config/")[2] for name in saved if "/config/" in name}
    shipped = {
        name for name in content_of(product.settings.config) if name.endswith((".toml", ".txt"))
    }
    assert names == shipped
    told = {
        (name, path)
        for name, secret in secrets.items()
        for path, content in saved.items()
        if secret.encode() in content
    }
    assert told == set()


@only_sqlite
def test_a_secret_that_is_called_like_a_rule_file_is_left_out(product: Product, tmp_path: Path):
    secret = product.settings.config / "schlagworte" / "recht.toml"
    made = replace(backup_of(product), secrets=(secret,)).run(OPERATOR, tmp_path / "backup")
    saved = content_of(made.snapshot.path / "config")
    assert "schlagworte/wohnen.toml" in saved
    assert "schlagworte/recht.toml" not in saved


SECRETS = ("audit.key", "post.password", "left-over.key")


@only_sqlite
@pytest.mark.parametrize("url", ["postgresql+psycopg://eakte:secret@db/eakte", "sqlite://"])
def test_a_password_in_the_settings_themselves_is_said(product: Product, tmp_path: Path, url: str):
    config = tmp_path / "house-config"
    shutil.copytree(product.settings.config, config)
    text = (config / "eakte.toml").read_text("utf-8")
    (config / "eakte.toml").write_text(
        text.replace('database_url = ""', f'database_url = "{url}"'), "utf-8"
    )
    house = Moved(
        Settings(product.settings.home, config, product.settings.values, product.settings.access)
    )
    answer = command(house, "backup", tmp_path / "backup")  # type: ignore[arg-type]
    assert answer.code == 0, answer
    assert ("data.database_url" in answer.err) == ("secret" in url)
    assert "secret" not in answer.err


@only_sqlite
def test_a_foreign_key_opens_no_backup(product: Product, elsewhere: Elsewhere, tmp_path: Path):
    assert command(product, "backup", tmp_path / "backup").code == 0
    foreign = tmp_path / "foreign.key"
    foreign.write_text("ab" * 32, "ascii")
    answer = elsewhere.restore(tmp_path / "backup", "--key", foreign)
    assert (answer.code, answer.out) == (3, "")
    assert "Siegel" in answer.err
    assert not elsewhere.home.exists()


@only_sqlite
@pytest.mark.parametrize(
    "where", ["blob", "database.sqlite", "blobs.sha256", "manifest.json", "config/eakte.toml"]
)
def test_a_changed_byte_is_named_and_nothing_is_put_back(
    product: Product, elsewhere: Elsewhere, tmp_path: Path, where: str
):
    take_in(product, letters(1))
    made = run(product, tmp_path / "backup", with_key=True)
    hashes = list(made.snapshot.hashes())
    backups = BackupFolder(tmp_path / "backup")
    path = backups.blob(hashes[0]) if where == "blob" else made.snapshot.path / where
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    verified = command(product, "backup", tmp_path / "backup", "--verify")
    assert (verified.code, verified.out) == (1, "")
    assert path.name in verified.err
    assert "verändert" in verified.err
    answer = elsewhere.restore(tmp_path / "backup")
    assert (answer.code, answer.out) == (3, "")
    assert path.name in answer.err
    assert not elsewhere.home.exists()


@only_sqlite
def test_a_missing_blob_is_named(product: Product, tmp_path: Path):
    take_in(product, letters(1))
    made = run(product, tmp_path / "backup")
    gone = next(made.snapshot.hashes())
    BackupFolder(tmp_path / "backup").blob(gone).unlink()
    verified = command(product, "backup", tmp_path / "backup", "--verify")
    assert verified.code == 1
    assert f"{gone}: Die Datei fehlt." in verified.err


@only_sqlite
def test_a_torn_blob_is_copied_anew(product: Product, tmp_path: Path):
    take_in(product, letters(1))
    made = run(product, tmp_path / "backup")
    torn = BackupFolder(tmp_path / "backup").blob(next(made.snapshot.hashes()))
    torn.write_bytes(torn.read_bytes()[:10])
    assert run(product, tmp_path / "backup").copied == 1
    assert command(product, "backup", tmp_path / "backup", "--verify").code == 0


@only_sqlite
def test_what_the_store_lost_is_told_and_the_rest_is_saved(product: Product, tmp_path: Path):
    take_in(product, letters(2))
    lost, changed = sorted(bytes_of(product.settings.home / "store"))[:2]
    with product.store.local_path(lost) as path:
        path.unlink()
    with product.store.local_path(changed) as path:
        path.chmod(0o600)
        path.write_bytes(b"something else")
    answer = command(product, "backup", tmp_path / "backup")
    assert answer.code == 1
    assert lost in answer.err
    assert changed in answer.err
    assert command(product, "backup", tmp_path / "backup", "--verify").code == 0


@only_sqlite
@pytest.mark.parametrize("inside", ["", "sicherung", "store/sicherung"])
def test_a_backup_never_lies_in_what_it_backs_up(product: Product, inside: str):
    command(product, "backup", product.settings.home / inside).assert_refused("Datenträger")


@only_sqlite
def test_a_folder_with_something_else_in_it_is_refused(product: Product, tmp_path: Path):
    (tmp_path / "urlaub").mkdir()
    (tmp_path / "urlaub" / "bild.jpg").write_bytes(b"x")
    answer = command(product, "backup", tmp_path / "urlaub")
    answer.assert_refused("etwas anderes als eine Sicherung")
    assert [one.name for one in (tmp_path / "urlaub").iterdir()] == ["bild.jpg"]


@only_sqlite
def test_two_installations_do_not_share_a_folder(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    assert command(product, "backup", tmp_path / "backup").code == 0
    other = Moved(settings_for(elsewhere.home, elsewhere.url))
    assert command(other, "init").code == 0  # type: ignore[arg-type]
    refused = command(other, "backup", tmp_path / "backup")  # type: ignore[arg-type]
    refused.assert_refused("anderen Installation")


@only_sqlite
def test_a_second_call_waits_for_nobody(product: Product, tmp_path: Path):
    assert command(product, "backup", tmp_path / "backup").code == 0
    with BackupFolder(tmp_path / "backup").locked():
        command(product, "backup", tmp_path / "backup").assert_refused("anderer Aufruf")


@only_sqlite
def test_restoring_over_something_is_refused(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    before = rows_of(product.settings.database_url)
    command(product, "restore", tmp_path / "backup").assert_refused("nicht leer")
    full = Elsewhere(elsewhere.home, product.settings.database_url)
    answer = full.restore(tmp_path / "backup")
    assert (answer.code, answer.out) == (3, "")
    assert "Die Datenbank" in answer.err
    assert not elsewhere.home.exists()
    after = rows_of(product.settings.database_url)
    assert without_audit(after) == without_audit(before)


@only_sqlite
def test_a_folder_without_a_backup_is_refused(product: Product, tmp_path: Path):
    command(product, "restore", tmp_path).assert_refused("keine fertige Sicherung")
    command(product, "backup", tmp_path, "--verify").assert_refused("keine fertige Sicherung")


@only_sqlite
def test_an_unknown_snapshot_is_refused_with_those_that_are_there(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    made = run(product, tmp_path / "backup", with_key=True)
    answer = elsewhere.restore(tmp_path / "backup", "--snapshot", "2020-01-01")
    answer.assert_refused("2020-01-01", made.snapshot.name)


@only_sqlite
def test_the_named_snapshot_comes_back(product: Product, elsewhere: Elsewhere, tmp_path: Path):
    take_in(product, letters(1))
    first = run(product, tmp_path / "backup", with_key=True)
    take_in(product, {"later.pdf": letters(2)["brief-001.pdf"]})
    run(product, tmp_path / "backup", with_key=True)
    answer = elsewhere.restore(tmp_path / "backup", "--snapshot", first.snapshot.name)
    assert answer.code == 0, answer
    assert len(rows_of(elsewhere.url)["sources"]) == 1


@only_sqlite
def test_settings_come_back_where_there_are_none(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    settings = settings_for(elsewhere.home, elsewhere.url)
    settings.config = tmp_path / "new-config"
    answer = command(Moved(settings), "restore", tmp_path / "backup", "--no-index")  # type: ignore[arg-type]
    assert answer.code == 0, answer
    assert "eakte reindex" in answer.out
    saved = {p.name: p.read_bytes() for p in product.settings.config.iterdir() if p.is_file()}
    assert {p.name: p.read_bytes() for p in settings.config.iterdir() if p.is_file()} == saved


def at_work(tmp_path: Path, **data: Path) -> Moved:
    """The settings of the house with such paths in ``[data]``, and a new data folder."""
    config = tmp_path / "house-config"
    shutil.copytree(settings_for(tmp_path, "").config, config, dirs_exist_ok=True)
    text = (config / "eakte.toml").read_text("utf-8")
    for name, path in data.items():
        text, found = re.subn(rf'(?m)^{name} = "[^"]*"', f'{name} = "{path}"', text)
        assert found == 1
    (config / "eakte.toml").write_text(text, "utf-8")
    home = tmp_path / "probe"
    return Moved(Settings(home, config, *_rest(home, config)))


def _rest(home: Path, config: Path) -> tuple[EakteToml, AccessPolicy]:
    read = load_settings(home=home, config=config)
    data = read.values.data.model_copy(update={"database_url": f"sqlite:///{home}/eakte.sqlite"})
    return read.values.model_copy(update={"data": data}), read.access


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@only_sqlite
@pytest.mark.parametrize("what", ["audit_heads", "store", "index"])
def test_a_restore_leaves_alone_what_lies_outside_the_data_folder(
    product: Product, tmp_path: Path, what: str
):
    """Settings with absolute paths: a rehearsal beside the house must not write into it."""
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    place = tmp_path / "house" / what
    kept = place if what == "audit_heads" else place / "something"
    kept.parent.mkdir(parents=True)
    kept.write_text("written after the backup", "utf-8")
    probe = at_work(tmp_path, **{what: place})
    before = content_of(tmp_path / "house")
    answer = command(probe, "restore", tmp_path / "backup")  # type: ignore[arg-type]
    answer.assert_refused(str(place), f"data.{what}", "--rehearse")
    assert content_of(tmp_path / "house") == before
    assert not (tmp_path / "probe").exists()


@only_sqlite
def test_a_restore_replaces_no_other_key(product: Product, tmp_path: Path):
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    other = tmp_path / "house" / "audit.key"
    other.parent.mkdir()
    other.write_text("ab" * 32, "ascii")
    probe = at_work(tmp_path, audit_key_file=other)
    answer = command(  # type: ignore[arg-type]
        probe, "restore", tmp_path / "backup", "--key", key_of(product, tmp_path)
    )
    answer.assert_refused(str(other))
    assert other.read_text("ascii") == "ab" * 32
    assert not (tmp_path / "probe").exists()


@only_sqlite
def test_a_rehearsal_keeps_everything_below_its_data_folder(product: Product, tmp_path: Path):
    take_in(product, letters(1))
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    house, home = tmp_path / "house", tmp_path / "probe"
    house.mkdir()
    for name in ("heads", "store", "index", "audit.key"):
        (house / name).write_text("of the house", "utf-8")
    before = content_of(house)
    probe = at_work(
        tmp_path,
        audit_heads=house / "heads",
        store=house / "store",
        index=house / "index",
        audit_key_file=house / "audit.key",
    )
    answer = command(probe, "restore", tmp_path / "backup", "--rehearse")  # type: ignore[arg-type]
    assert answer.code == 0, answer
    checked = command(probe, "check")  # type: ignore[arg-type]
    assert checked.code == 0, checked
    assert content_of(house) == before
    assert bytes_of(home / "store") == bytes_of(product.settings.home / "store")
    assert {"audit.key", "audit-heads.jsonl", "eakte.sqlite", "index"} <= {
        path.name for path in home.iterdir()
    }
    again = load_settings(home=home, config=probe.settings.config)
    assert again.database_url == f"sqlite:///{home}/eakte.sqlite"


@only_sqlite
def test_a_rehearsal_without_settings_lays_them_out_in_its_data_folder(
    product: Product, tmp_path: Path
):
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    probe = Moved(settings_for(tmp_path / "probe", "sqlite://"))
    probe.settings.config = tmp_path / "new-config"
    answer = command(  # type: ignore[arg-type]
        probe, "restore", tmp_path / "backup", "--rehearse", "--no-index"
    )
    assert answer.code == 0, answer
    assert not (tmp_path / "new-config").exists()
    assert (tmp_path / "probe" / "config" / "eakte.toml").is_file()


@only_sqlite
def test_a_restore_goes_on_outside_the_data_folder_where_it_was_interrupted(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    take_in(product, letters(1))
    assert command(product, "backup", tmp_path / "backup", "--with-key").code == 0
    house = tmp_path / "house"
    there = at_work(tmp_path, audit_heads=house / "heads", store=house / "store")
    with monkeypatch.context() as patch:
        patch.setattr(Restoring, "_put_database", _no_space)
        assert command(there, "restore", tmp_path / "backup").code != 0  # type: ignore[arg-type]
    assert (house / "heads").exists()
    answer = command(there, "restore", tmp_path / "backup")  # type: ignore[arg-type]
    assert answer.code == 0, answer
    assert bytes_of(house / "store") == bytes_of(product.settings.home / "store")


def _no_space(*_: object) -> None:
    raise Unavailable("Kein Platz.", remedy="Platz schaffen.")


@only_sqlite
@pytest.mark.parametrize("why", ["full", "damaged"])
def test_a_refused_restore_leaves_nothing(product: Product, tmp_path: Path, why: str):
    take_in(product, letters(1))
    made = run(product, tmp_path / "backup", with_key=True)
    refused = Moved(settings_for(tmp_path / "there", f"sqlite:///{tmp_path}/there/eakte.sqlite"))
    refused.settings.config = tmp_path / "new-config"
    if why == "full":
        (tmp_path / "there").mkdir()
        (tmp_path / "there" / "something").touch()
    else:
        BackupFolder(tmp_path / "backup").blob(next(made.snapshot.hashes())).unlink()
    before = content_of(tmp_path)
    answer = command(refused, "restore", tmp_path / "backup")  # type: ignore[arg-type]
    assert (answer.code, answer.out) == (3, ""), answer
    assert content_of(tmp_path) == before
    assert not (tmp_path / "new-config").exists()


@only_sqlite
def test_the_backup_can_be_read_without_the_product(product: Product, tmp_path: Path):
    take_in(product, letters(2))
    made = run(product, tmp_path / "backup")
    told = subprocess.run(
        ["sha256sum", "--quiet", "-c", "blobs.sha256"],
        cwd=made.snapshot.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    manifest = json.loads((made.snapshot.path / "manifest.json").read_text("utf-8"))
    assert manifest["tables"]["sources"] == 2
    assert "restore" in (tmp_path / "backup" / "LIESMICH.txt").read_text("utf-8")


@only_sqlite
def test_who_made_a_backup_stands_in_the_trail(product: Product, tmp_path: Path):
    made = run(product, tmp_path / "backup")
    with product.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "backup.make")).one()
    assert (row.actor, row.subject_id) == (OPERATOR.login, made.snapshot.name)
    assert row.details["manifest"] == made.manifest.sha256


def run(product: Product, folder: Path, *, with_key: bool = False) -> Made:
    """A backup, made in this process."""
    return backup_of(product).run(OPERATOR, folder, with_key=with_key)


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    made = run(product, tmp_path / "backup", with_key=True)
    path = made.snapshot.path / "database.sqlite"
    path.unlink()
    older = make_engine(f"sqlite:///{path}")
    upgrade(older, "0001")
    with older.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sites (id, name) VALUES ('husum', 'Husum')")
        connection.exec_driver_sql(
            "INSERT INTO batches (id, channel, name, received_here, opened_at)"
            " VALUES ('00000000000000000000000000000001', 'scanner', 'alt', '2020-02-03',"
            " '2020-02-03 04:05:06')"
        )
        connection.exec_driver_sql(
            "INSERT INTO audit_head (id, seq, mac, seal) VALUES (1, 0, ?, ?)", ("0" * 64, "x" * 64)
        )
    older.dispose()
    with snapshots.opened(path) as copy:
        counted = snapshots.counts(copy)
    files = [one for one in made.manifest.files if one.path != path.name]
    entry = FileEntry(
        path=path.name,
        size=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    manifest = made.manifest.model_copy(
        update={"revision": "0001", "tables": counted, "files": (*files, entry)}
    )
    sealed = manifest.sealed(product.database.trail.key)
    (made.snapshot.path / "manifest.json").write_bytes(sealed.to_bytes())
    answer = elsewhere.restore(tmp_path / "backup", "--no-index")
    assert answer.code == 0, answer
    assert "auf den Stand dieser Version" in answer.out
    restored = rows_of(elsewhere.url)
    assert [row[:2] for row in restored["sites"]] == [("husum", "Husum")]
    assert [row[2] for row in restored["batches"]] == ["alt"]


@only_sqlite
def test_a_backup_of_a_newer_version_is_refused(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    made = run(product, tmp_path / "backup", with_key=True)
    path = made.snapshot.path / "database.sqlite"
    copy = make_engine(f"sqlite:///{path}")
    with copy.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    copy.dispose()
    entries = tuple(
        one.model_copy(update={"sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
        if one.path == path.name
        else one
        for one in made.manifest.files
    )
    manifest = made.manifest.model_copy(update={"revision": "9999", "files": entries})
    sealed = manifest.sealed(product.database.trail.key)
    (made.snapshot.path / "manifest.json").write_bytes(sealed.to_bytes())
    answer = elsewhere.restore(tmp_path / "backup")
    assert (answer.code, answer.out) == (3, "")
    assert "neueren Version" in answer.err
    assert not elsewhere.home.exists()


@only_sqlite
def test_a_manifest_that_somebody_made_up_is_refused(
    product: Product, elsewhere: Elsewhere, tmp_path: Path
):
    made = run(product, tmp_path / "backup")
    forged = made.manifest.model_copy(update={"blobs": 0}).sealed(b"a key of somebody else's own")
    (made.snapshot.path / "manifest.json").write_bytes(forged.to_bytes())
    answer = elsewhere.restore(tmp_path / "backup", "--key", key_of(product, tmp_path))
    assert (answer.code, answer.out) == (3, "")
    assert "Siegel" in answer.err

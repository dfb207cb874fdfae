"""What is refused is refused with one sentence that names the thing and the remedy."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from eakte.cli import COMMANDS
from tests.cli.conftest import Answer, Eakte
from tests.letters import letters
from tests.small_authority import small_register


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_help_names_every_command(eakte: Eakte):
    answer = eakte("--help")
    assert answer.code == 0
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in answer.out
        assert line in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(eakte: Eakte, name: str):
    answer = eakte(name, "--help")
    assert answer.code == 0
    assert "Usage" in answer.out


def test_help_loads_nothing_that_takes_long():
    heavy = "sqlalchemy dbos fastapi numpy PIL pydantic tantivy structlog eakte.bootstrap"
    code = (
        "import sys; sys.argv = ['eakte', '--help']\n"
        "from eakte.cli import main\n"
        "code = main()\n"
        f"loaded = [one for one in {heavy.split()} if one in sys.modules]\n"
        "sys.exit(' '.join(loaded) or code)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("search",),
        ("search", "Widerspruch"),
        ("intake",),
        ("intake", "/gibt/es/nicht.pdf"),
        ("intake", "/", "--received", "20.11.2026"),
        ("serve", "--port", "0"),
    ],
)
def test_wrong_usage_ends_with_two(eakte: Eakte, arguments: tuple[str, ...]):
    answer = eakte(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err


def test_a_missing_path_is_named_before_anything_is_taken(
    eakte: Eakte, product: Product, tmp_path: Path
):
    (tmp_path / "brief.pdf").write_bytes(letters(1)["brief-000.pdf"])
    answer = eakte("intake", tmp_path / "brief.pdf", tmp_path / "fehlt.pdf")
    assert answer.code == 2
    assert "fehlt.pdf" in answer.err
    assert list(product.store.hashes()) == []


def test_a_data_folder_that_was_not_set_up(
    eakte: Eakte, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EAKTE_HOME", str(tmp_path / "leer"))
    monkeypatch.setenv("EAKTE_DATABASE_URL", f"sqlite:///{tmp_path / 'leer.db'}")
    eakte("check").assert_refused("eakte init")


def test_a_configuration_folder_that_is_not_there(eakte: Eakte, tmp_path: Path):
    eakte("check", "--config", tmp_path / "nirgends").assert_refused("nirgends", "--config")


def test_a_wrong_setting(eakte: Eakte, config: Path):
    edit(config / "eakte.toml", "port = 8000", "port = 800000")
    eakte("check").assert_refused("eakte.toml", "web.port")


def test_an_unknown_setting(eakte: Eakte, config: Path):
    edit(config / "eakte.toml", "port = 8000", "hafen = 8000")
    eakte("serve").assert_refused("eakte.toml", "web.hafen")


def test_settings_that_are_no_toml(eakte: Eakte, config: Path):
    edit(config / "eakte.toml", "port = 8000", "port = ")
    eakte("text", "x").assert_refused("eakte.toml")


def test_an_unknown_search_engine(eakte: Eakte, config: Path):
    edit(config / "eakte.toml", 'engine = "tantivy"', 'engine = "google"')
    eakte("reindex").assert_refused("google", "tantivy")


def test_a_search_engine_that_needs_another_database(eakte: Eakte, config: Path):
    edit(config / "eakte.toml", 'engine = "tantivy"', 'engine = "postgresql"')
    eakte("reindex").assert_refused("PostgreSQL-Datenbank", "data.database_url")


def test_an_unknown_ocr_engine(eakte: Eakte, config: Path, product: Product, letter: Path):
    edit(config / "eakte.toml", 'engine = "tesserocr"', 'engine = "auge"')
    eakte("intake", letter).assert_refused("auge", "tesserocr")
    assert list(product.store.hashes()) == []


def test_a_missing_language_model(eakte: Eakte, config: Path, tmp_path: Path, letter: Path):
    edit(config / "eakte.toml", 'tessdata = ""', f'tessdata = "{tmp_path}"')
    eakte("intake", letter).assert_refused("Latin", "tesseract-ocr-script-latn")
    eakte("worker").assert_refused("Latin", "tesseract-ocr-script-latn")
    eakte("serve").assert_refused("Latin", "tesseract-ocr-script-latn")


def test_a_missing_tesseract_program(
    eakte: Eakte, config: Path, letter: Path, monkeypatch: pytest.MonkeyPatch
):
    edit(config / "eakte.toml", 'engine = "tesserocr"', 'engine = "pytesseract"')
    monkeypatch.setenv("PATH", "/nirgends")
    eakte("intake", letter).assert_refused("tesseract", "tesseract-ocr")


def test_a_database_that_does_not_answer(eakte: Eakte, monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"postgresql+psycopg://eakte:geheim@127.0.0.1:{closed.getsockname()[1]}/eakte"
        monkeypatch.setenv("EAKTE_DATABASE_URL", url)
        answer = eakte("check")
    answer.assert_refused("127.0.0.1", "Datenbankserver")
    assert "geheim" not in answer.err


def test_a_missing_audit_key(eakte: Eakte, product: Product):
    (product.settings.home / "audit.key").unlink()
    eakte("check").assert_refused("audit.key")


def test_a_broken_rule_file(eakte: Eakte, config: Path):
    (config / "schlagworte" / "neu.toml").write_text("[[schlagwort]\n", "utf-8")
    eakte("rules", "check").assert_refused("neu.toml", code=1)
    (told,) = eakte("check", "--json").objects  # what counts is in the database
    assert (told["check"], told["subject"]) == ("rules", "folder")
    assert "neu.toml" in told["problem"]


def test_sample_letters_of_another_form(eakte: Eakte, config: Path):
    for path in (config / "musterbriefe").glob("*.txt"):
        path.write_text("", "utf-8")
    text = "=== eins | privat\nText\n\n=== zwei | zeitung\nText\n"
    (config / "musterbriefe" / "umzug.txt").write_text(text, "utf-8")
    eakte("rules", "check").assert_refused("umzug.txt", "(Zeile 4)", "privat", code=1)


def test_sound_rules(eakte: Eakte):
    answer = eakte("rules", "check")
    assert (answer.code, answer.err) == (0, "")
    assert "in Ordnung" in answer.out


def test_unknown_ids_and_logins(eakte: Eakte):
    eakte("text", "keine-kennung").assert_refused()
    eakte("text", "0192aaaa-0000-7000-8000-000000000000").assert_refused()
    eakte("search", "Widerspruch", "--user", "niemand").assert_refused("niemand")


def test_a_password_for_nobody(eakte: Eakte):
    eakte("user", "password", "niemand").assert_refused("niemand")


def refused_register(eakte: Eakte, tmp_path: Path, register: object) -> Answer:
    path = tmp_path / "register.json"
    path.write_text(json.dumps(register) if not isinstance(register, str) else register, "utf-8")
    answer = eakte("register", "import", path)
    answer.assert_refused()
    return answer


def test_a_register_with_an_unknown_key(eakte: Eakte, tmp_path: Path):
    register = small_register()
    register["case_files"][0]["strasse"] = "Süderstraße 12"
    assert "strasse" in refused_register(eakte, tmp_path, register).err


def test_a_register_with_a_duplicate_file_number(eakte: Eakte, tmp_path: Path):
    register = small_register()
    register["case_files"].append(register["case_files"][0])
    answer = refused_register(eakte, tmp_path, register)
    assert register["case_files"][0]["aktenzeichen"] in answer.err


def test_a_register_with_a_dangling_login(eakte: Eakte, product: Product, tmp_path: Path):
    register = small_register()
    register["sites"][0]["name"] = "Umbenannt"
    register["case_files"][0]["responsible"] = {"leistung": "n.iemand"}
    assert "n.iemand" in refused_register(eakte, tmp_path, register).err
    unchanged = eakte("register", "import", written(tmp_path, small_register()))
    assert unchanged.code == 0


def written(folder: Path, register: object) -> Path:
    path = folder / "sound.json"
    path.write_text(json.dumps(register), "utf-8")
    return path


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "\x00"])
def test_a_register_that_is_none(eakte: Eakte, tmp_path: Path, content: str):
    assert "egister" in refused_register(eakte, tmp_path, content).err


def test_a_register_that_is_not_there(eakte: Eakte, tmp_path: Path):
    eakte("register", "import", tmp_path / "fehlt.json").assert_refused("fehlt.json")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "brief.pdf"
    path.write_bytes(letters(1)["brief-000.pdf"])
    return path

"""``eakte intake`` of a ZIP: one line for each of its files, through the durable engine."""

from __future__ import annotations

import io
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from eakte.cli import main
from tests.cli.conftest import Answer
from tests.letters import objection


def intake(product: Product, path: Path) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    environment = {
        "EAKTE_HOME": str(product.settings.home),
        "EAKTE_CONFIG": str(product.settings.config),
        "EAKTE_DATABASE_URL": product.settings.database_url,
    }
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["eakte", "intake", str(path), "--json"])
        code = main()
    return Answer(code, out.getvalue(), err.getvalue())


def test_each_file_of_an_archive_has_a_line_and_the_archive_none(product: Product, tmp_path: Path):
    path = tmp_path / "post.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/brief.pdf", objection("1", "Kranich"))
        archive.writestr("film.mpg", b"\x00\x00\x01\xba" * 50)
        archive.writestr("notiz.txt", "Widerspruch von Jörg Müller-Lüdenscheidt")
    answer = intake(product, path)
    assert answer.code == 1
    told = {one["source"].removeprefix(f"{path}/"): one for one in answer.objects}
    assert list(told) == ["a/brief.pdf", "film.mpg", "notiz.txt"]
    assert told["a/brief.pdf"]["status"] == "delivered"
    assert told["film.mpg"]["status"] == "quarantined"
    assert told["film.mpg"]["reason"]["code"] == "unknown_format"
    assert told["notiz.txt"]["document_id"]
    again = intake(product, path)
    assert [one["status"] for one in again.objects] == ["duplicate"]

"""Notes and uploads: handed in by a person, within that person's rights."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select

from eakte.bootstrap import Product
from eakte.bootstrap.note_templates import note_templates
from eakte.errors import NotPermitted, SettingsError, Unusable
from eakte.models import AuditRow, CaseFile, ExcludedLogin, Source
from eakte.services.handing_in import Facts, shown
from tests.small_authority import COLLEAGUE, MUELLER, OTHER_SITE, PROTECTED


@pytest.fixture
def file() -> Iterator[IO[bytes]]:
    """What Starlette hands on: a file that lies in memory while it is small."""
    with tempfile.SpooledTemporaryFile(max_size=1000) as spooled:
        spooled.write(b"%PDF-1.7")
        yield spooled


def source(product: Product, source_id: str) -> Source:
    with product.database.read() as session:
        return session.get_one(Source, source_id)


def test_a_note_becomes_a_document_that_is_filed_at_once(product: Product):
    reader = product.services.accounts.reader("m.petersen")
    text = "Herr <Müller> rief an.\nEr kommt am Montag."
    handed = product.services.handing_in.note(reader, MUELLER, "telefonnotiz", text)
    row = source(product, handed.id)
    assert (row.form, row.channel, row.state) == ("note", "note", "received")
    assert row.given == {
        "aktenzeichen": MUELLER,
        "schlagwort": "telefonnotiz",
        "by": "m.petersen",
        "filed": True,
        "sent_by": "m.petersen",
    }
    page = product.store.read(row.sha256).decode()
    assert "<p>Herr &lt;Müller&gt; rief an.</p>" in page
    assert "Maike Petersen" in page


@pytest.mark.parametrize(
    ("number", "schlagwort", "text"),
    [
        (MUELLER, "telefonnotiz", "  "),
        (MUELLER, "widerspruch", "Text"),
        ("99999//9999999", "vermerk", "Text"),
        (OTHER_SITE, "vermerk", "Text"),  # not open to this reader: looks unknown
    ],
)
def test_a_note_that_can_not_be_filed_is_refused(
    product: Product, number: str, schlagwort: str, text: str
):
    reader = product.services.accounts.reader("m.petersen")
    with pytest.raises(Unusable):
        product.services.handing_in.note(reader, number, schlagwort, text)
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0


def test_an_upload_is_followed_by_its_sender_alone(product: Product, file: IO[bytes]):
    handing_in = product.services.handing_in
    sender = product.services.accounts.reader("m.petersen")
    facts = Facts(aktenzeichen=MUELLER, schlagwort="mietvertrag")
    handed = handing_in.upload(sender, file, "a.pdf", facts)
    assert [one.state for one in handing_in.progress(sender, [handed.id])] == ["waiting"]
    other = product.services.accounts.reader("k.thomsen")
    assert handing_in.progress(other, [handed.id]) == ()


def test_the_scan_centre_files_nothing_into_a_protected_file_at_once(
    product: Product, file: IO[bytes]
):
    handing_in = product.services.handing_in
    scan = product.services.accounts.reader("s.scan")
    facts = Facts(aktenzeichen=PROTECTED, schlagwort="widerspruch")
    with pytest.raises(Unusable, match="wer für sie zuständig ist"):
        handing_in.upload(scan, file, "a.pdf", facts, at_once=True)
    with pytest.raises(Unusable, match="wer für sie zuständig ist"):
        handing_in.note(scan, PROTECTED, "vermerk", "Text")
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0
    responsible = product.services.accounts.reader("m.petersen")
    assert handing_in.upload(responsible, file, "a.pdf", facts, at_once=True).id
    assert handing_in.upload(scan, file, "a.pdf", facts).id


def test_who_names_a_file_that_is_closed_to_them_leaves_a_trace(product: Product, file: IO[bytes]):
    handing_in, accounts = product.services.handing_in, product.services.accounts
    with product.database.write() as session:
        shut = session.scalars(select(CaseFile).where(CaseFile.aktenzeichen == COLLEAGUE)).one()
        session.add(ExcludedLogin(case_file_id=shut.id, login="s.scan"))
    for login in ("s.scan", "j.hansen", "i.clausen"):
        with pytest.raises(Unusable, match="gibt es nicht"):
            handing_in.upload(accounts.reader(login), file, "a.pdf", Facts(aktenzeichen=COLLEAGUE))
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0
        refused = session.scalars(
            select(AuditRow.actor)
            .where(AuditRow.action == "case_file.refused", AuditRow.subject_id == shut.id)
            .order_by(AuditRow.seq)
        )
        assert refused.all() == ["s.scan", "j.hansen", "i.clausen"]


def test_roles_without_post_upload_nothing(product: Product, file: IO[bytes]):
    administrator = product.services.accounts.reader("x.admin")
    with pytest.raises(NotPermitted):
        product.services.handing_in.upload(administrator, file, "a.pdf")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Post\\brief.pdf", "brief.pdf"),
        ("", "ohne Namen"),
        ("a\nb.pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_file_name_is_only_shown(name: str, expected: str):
    assert shown(name) == expected


# -- from a template ------------------------------------------------------------------------------

CALL = {"wer": "Herr Müller", "richtung": "eingehend", "inhalt": "Er kommt\nam Montag."}


def test_a_telephone_note_holds_what_its_template_asks_for(product: Product):
    reader, writing = product.services.accounts.reader("m.petersen"), product.services.note_writing
    handed = writing.write(reader, "telefonnotiz", MUELLER, CALL)
    row = source(product, handed.id)
    assert (row.given["schlagwort"], row.given["filed"]) == ("telefonnotiz", True)
    page = product.store.read(row.sha256).decode()
    assert "<h1>Telefonnotiz</h1>" in page
    lines = ("Gespräch mit: Herr Müller", "Anruf: eingehend", "Inhalt: Er kommt", "am Montag.")
    assert "\n".join(f"<p>{line}</p>" for line in lines) in page


@pytest.mark.parametrize(
    "changed", [{"inhalt": " "}, {"richtung": "gar nicht"}, {"inhalt": "x" * 30_000}]
)
def test_a_template_that_is_not_filled_in_is_refused(product: Product, changed: dict[str, str]):
    reader = product.services.accounts.reader("m.petersen")
    with pytest.raises(Unusable):
        product.services.note_writing.write(reader, "telefonnotiz", MUELLER, CALL | changed)


def test_nobody_writes_in_the_place_of_somebody_they_do_not_stand_in_for(product: Product):
    reader = product.services.accounts.reader("m.petersen")
    with pytest.raises(Unusable, match="vertreten"):
        product.services.note_writing.write(
            reader, "telefonnotiz", MUELLER, CALL, deputy_for="j.hansen"
        )


@pytest.mark.parametrize(
    "text",
    [
        "titel = 1",
        'titel = "x"\nschlagwort = "vermerk"\nfelder = []',
        'titel = "x"\nschlagwort = "vermerk"\n'
        + '[[felder]]\nname = "a"\ntitel = "A"\nart = "zeile"\n' * 2,
    ],
)
def test_a_broken_template_is_named(tmp_path: Path, text: str):
    (tmp_path / "kaputt.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"kaputt\.toml"):
        note_templates(tmp_path)

"""Members of a ZIP become sources of their own; each is accounted for."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from sqlalchemy import update

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.rights import system_reader
from eakte.intake.unfold import unfold
from eakte.models import Source
from eakte.repositories.documents import Documents
from eakte.repositories.sources import Sources
from tests.letters import objection
from tests.outlook import Outlook
from tests.plain_intake import PoolInThisProcess, take_in
from tests.small_authority import MUELLER

SYSTEM = system_reader("test")


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_password(data: bytes, name: str) -> bytes:
    """The archive with the mark of encryption on one member."""
    changed = bytearray(data)
    central = changed.index(b"PK\x01\x02")
    at = changed.index(name.encode(), central)
    changed[at - 46 + 8] |= 1
    local = changed.index(name.encode())
    changed[local - 30 + 6] |= 1
    return bytes(changed)


def members(product: Product, source_id: str) -> list[Source]:
    with product.database.read() as session:
        found = list(Sources(session).members(SYSTEM, source_id))
        session.expunge_all()
    return found


def source(product: Product, source_id: str) -> Source:
    with product.database.read() as session:
        row = Sources(session).get(SYSTEM, source_id)
        assert row is not None
        session.expunge(row)
    return row


def custody(product: Product) -> list[str]:
    return [one.problem for one in product.services.checking.run() if one.check == "custody"]


def test_members_go_their_own_way_and_the_archive_stays_as_it_came(product: Product):
    letters = {"a/eins.pdf": objection("1", "Kranich"), "zwei.pdf": objection("2", "Amsel")}
    data = zipped(letters)
    archive = take_in(product, {"post.zip": data})["post.zip"]
    row = source(product, archive)
    assert row.state == "unfolded"
    assert product.store.read(row.sha256) == data
    found = members(product, archive)
    assert [(one.name, one.state) for one in found] == [
        ("post.zip/a/eins.pdf", "cut"),
        ("post.zip/zwei.pdf", "cut"),
    ]
    assert {product.store.read(one.sha256) for one in found} == set(letters.values())
    assert {(one.batch_id, one.channel, one.received_here, one.form) for one in found} == {
        (row.batch_id, row.channel, row.received_here, row.form)
    }
    with product.database.read() as session:
        assert all(len(Documents(session).of_source(SYSTEM, one.id)) == 1 for one in found)
    assert custody(product) == []


def test_a_member_under_a_password_lies_in_quarantine_and_the_other_goes_on(product: Product):
    data = zipped({"geheim.pdf": objection("1", "Kranich"), "offen.pdf": objection("2", "Amsel")})
    archive = take_in(product, {"post.zip": with_password(data, "geheim.pdf")})["post.zip"]
    secret, open_one = members(product, archive)
    assert (secret.state, secret.reason_code, open_one.state) == (
        "quarantined",
        "encrypted",
        "cut",
    )
    assert "Kennwort" in (secret.reason or "")
    assert custody(product) == []


def test_archives_within_archives_unfold_down_to_a_limit(product: Product):
    data = zipped({"brief.pdf": objection("1", "Kranich")})
    for _ in range(4):
        data = zipped({"innen.zip": data})
    inner = take_in(product, {"post.zip": data})["post.zip"]
    states = []
    while True:
        row = source(product, inner)
        states.append((row.state, row.reason_code))
        deeper = members(product, inner)
        if not deeper:
            break
        inner = deeper[0].id
    assert states == [("unfolded", None)] * 3 + [("quarantined", "too_deep")]
    assert custody(product) == []


def test_unfolding_twice_finds_the_same_members(product: Product):
    data = zipped({"eins.pdf": objection("1", "Kranich"), "zwei.pdf": objection("2", "Amsel")})
    archive = take_in(product, {"post.zip": data})["post.zip"]
    before = [one.id for one in members(product, archive)]
    with product.database.write() as session:  # as if it had been killed before the last commit
        session.execute(
            update(Source).where(Source.id == archive).values(state="received", parts=[])
        )
    tools = intake_tools(product, PoolInThisProcess())
    assert unfold(tools, archive) == []  # both are cut already: nothing waits
    assert [one.id for one in members(product, archive)] == before
    assert len(source(product, archive).parts) == 2


def test_a_broken_archive_lies_in_quarantine(product: Product):
    data = zipped({"eins.pdf": objection("1", "Kranich")})
    archive = take_in(product, {"post.zip": data[: len(data) // 2]})["post.zip"]
    row = source(product, archive)
    assert (row.state, row.reason_code) == ("quarantined", "damaged")


def test_a_member_that_went_missing_is_found_by_the_check(product: Product):
    data = zipped({"eins.pdf": objection("1", "Kranich")})
    archive = take_in(product, {"post.zip": data})["post.zip"]
    (member,) = members(product, archive)
    with product.database.write() as session:
        session.execute(update(Source).where(Source.id == member.id).values(parent_id=None))
    assert "Von 1 Dateien des Archivs sind 0 vorhanden." in custody(product)


def test_a_mail_is_one_source_with_its_parts_and_a_reading_copy(product: Product):
    mail = (
        b"From: Kim Schmidt <kim@post.example>\r\nTo: post@jobcenter.example\r\n"
        b"Subject: Widerspruch\r\nMessage-ID: <1@post.example>\r\n\r\n"
        b"Hiermit lege ich Widerspruch ein.\r\n"
    )
    taken = take_in(product, {"mail.eml": mail})["mail.eml"]
    row = source(product, taken)
    assert (row.state, row.page_count) == ("cut", 1)
    assert product.store.read(row.sha256) == mail
    assert row.reading_sha256 is not None
    assert product.store.read(row.reading_sha256).startswith(b"%PDF-")
    assert [part["name"] for part in row.parts] == ["E-Mail"]
    with product.database.read() as session:
        (page,) = Sources(session).pages(SYSTEM, taken)
        words = Sources(session).words(SYSTEM, page.id) or ()
    assert "Widerspruch" in [word.text for word in words]
    assert [
        one for one in product.services.checking.run() if one.check in ("custody", "store")
    ] == []


def test_a_mail_out_of_outlook_goes_the_whole_way_with_its_attachment(product: Product):
    mail = Outlook(
        sender=("Jörg Müller-Lüdenscheidt", "joerg@post.example"),
        to=("Jobcenter", "post@jobcenter.example"),
        subject="Widerspruch",
        sent=datetime(2026, 11, 2, 9, tzinfo=UTC),
        body="Guten Tag,\r\nich übersende meinen Widerspruch.\r\n",
        attachments={"größe.pdf": objection(MUELLER, "der erste")},
    ).msg()
    taken = take_in(product, {"mail.msg": mail})["mail.msg"]
    row = source(product, taken)
    assert product.store.read(row.sha256) == mail
    assert (row.state, row.page_count, row.remarks) == ("cut", 2, [])
    named = [(part["name"], part["first_page"], part["last_page"]) for part in row.parts]
    assert named == [("E-Mail", 1, 1), ("größe.pdf", 2, 2)]
    with product.database.read() as session:
        first, _ = Sources(session).pages(SYSTEM, taken)
        words = [word.text for word in Sources(session).words(SYSTEM, first.id) or ()]
        (document,) = Documents(session).of_source(SYSTEM, taken)
        (filing, cover) = Documents(session).filings(SYSTEM, [document.id])[document.id][0]
    assert {"Müller-Lüdenscheidt", "<joerg@post.example>", "02.11.2026", "übersende"} <= {*words}
    assert (document.schlagwort, cover.aktenzeichen) == ("widerspruch", MUELLER)
    assert filing.sub_file == "recht"

"""Court mail: one directory a message, taken whole and in the court's order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import select

from eakte.errors import IntakeError
from eakte.intake.channels.court_mail import CourtMail, CourtMailChannel
from eakte.intake.channels.xjustiz import MESSAGE, read_message
from eakte.models import Batch, Source
from scanner_inbox.settled import SettledRule
from tests.authority import Authority
from tests.small_authority import MUELLER

UUID = "64770fdb-5b43-5b1e-a1da-970a4cd66d6{}"
REPORT = (
    "<html><body><h1>Prüfprotokoll</h1><p>Sämtliche durchgeführten Prüfungen <b>lieferten ein"
    "\n positives Ergebnis</b>.</p></body></html>"
)


def document(order: int, title: str, kind: str, *files: tuple[str, str]) -> str:
    parts = "".join(
        f"<tns:datei><tns:dateiname>{name}</tns:dateiname>"
        f"<tns:bestandteil><code>{part}</code></tns:bestandteil></tns:datei>"
        for name, part in files
    )
    return (
        f"<tns:dokument><tns:identifikation><tns:id>{UUID.format(order)}</tns:id>"
        f"<tns:nummerImUebergeordnetenContainer>{order}</tns:nummerImUebergeordnetenContainer>"
        "</tns:identifikation><tns:xjustiz.fachspezifischeDaten>"
        f'<tns:dokumentklasse listVersionID="1.4"><code>{kind}</code></tns:dokumentklasse>'
        f"<tns:anzeigename>{title}</tns:anzeigename>{parts}"
        "</tns:xjustiz.fachspezifischeDaten></tns:dokument>"
    )


def message(*documents: str, number: str = MUELLER) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        "<tns:nachricht.gds.uebermittlungSchriftgutobjekte.0005005 "
        'xmlns:tns="http://www.xjustiz.de"><tns:nachrichtenkopf xjustizVersion="3.6.2">'
        "<tns:erstellungszeitpunkt>2026-11-20T10:00:00</tns:erstellungszeitpunkt>"
        "<tns:absender><tns:informationen><tns:auswahl_kommunikationspartner>"
        "<tns:sonstige>Sozialgericht Schleswig</tns:sonstige>"
        "</tns:auswahl_kommunikationspartner></tns:informationen>"
        "<tns:aktenzeichen>S 12 AS 345/26</tns:aktenzeichen>"
        f"<tns:eigeneNachrichtenID>{UUID.format(8)}</tns:eigeneNachrichtenID></tns:absender>"
        "<tns:empfaenger><tns:informationen><tns:auswahl_kommunikationspartner>"
        "<tns:sonstige>Jobcenter</tns:sonstige></tns:auswahl_kommunikationspartner>"
        "</tns:informationen><tns:auswahl_aktenzeichen>"
        f"<tns:aktenzeichen.freitext>{number}</tns:aktenzeichen.freitext>"
        "</tns:auswahl_aktenzeichen></tns:empfaenger><tns:herstellerinformation>"
        "<tns:nameDesProdukts>x</tns:nameDesProdukts><tns:herstellerDesProdukts>x"
        "</tns:herstellerDesProdukts><tns:version>1</tns:version></tns:herstellerinformation>"
        "</tns:nachrichtenkopf><tns:grunddaten/><tns:schriftgutobjekte>"
        f"{''.join(documents)}</tns:schriftgutobjekte>"
        "</tns:nachricht.gds.uebermittlungSchriftgutobjekte.0005005>"
    ).encode()


ORDER = document(2, "Beschluss", "007", ("b.pdf", "001"), ("b.pdf.p7s", "002"))
LETTER = document(1, "Anschreiben", "015", ("a.pdf", "001"))


class Folder:
    """The court mail's folder with a clock to set."""

    def __init__(self, authority: Authority, path: Path) -> None:
        self.authority, self.path, self.done, self.now = authority, path / "in", path / "out", 0.0
        self.path.mkdir()
        self.begun: list[str] = []
        self.open()

    def open(self) -> None:
        """As after a start of the process."""
        self.channel = CourtMailChannel(
            settings=CourtMail(
                folder=self.path,
                done_folder=self.done,
                site="husum",
                rule=SettledRule(looks=2, seconds=1),
                wait_seconds=60,
            ),
            pattern=self.authority.pattern,
            database=self.authority.database,
            store=self.authority.store,
            begin=self.begun.append,
            clock=lambda: self.now,
        )

    def arrive(self, name: str = "nachricht-1", **files: bytes | str) -> Path:
        directory = self.path / name
        directory.mkdir(exist_ok=True)
        for file, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (directory / file).write_bytes(data)
        return directory

    def look(self, times: int = 4) -> None:
        for _ in range(times):
            self.channel.look()
            self.now += 2

    def sources(self) -> list[Source]:
        with self.authority.database.read() as session:
            rows = list(session.scalars(select(Source)))
        return sorted(rows, key=lambda row: row.given["court"]["order"])


def usual(**more: bytes | str) -> dict[str, Any]:
    return {
        MESSAGE: message(ORDER, LETTER),
        "a.pdf": b"%PDF a",
        "b.pdf": b"%PDF b",
        "b.pdf.p7s": b"signature",
        "pruefprotokoll.html": REPORT,
        **more,
    }


@pytest.fixture
def folder(authority: Authority, tmp_path: Path) -> Folder:
    return Folder(authority, tmp_path)


def test_a_message_becomes_one_batch_in_the_courts_order(folder: Folder):
    folder.arrive(**usual())
    folder.look()
    first, second = folder.sources()
    assert (first.name, second.name) == ("a.pdf", "b.pdf")
    assert {row.form for row in (first, second)} == {"court_mail"}
    assert first.batch_id == second.batch_id
    with folder.authority.database.read() as session:
        batch = session.get_one(Batch, first.batch_id)
    assert (batch.name, batch.site_id) == ("nachricht-1", "husum")
    court = second.given["court"]
    assert court["number"] == "S 12 AS 345/26"
    assert (court["class"], court["title"], court["own_number"]) == ("007", "Beschluss", MUELLER)
    assert second.given["claims"] == [f"Aktenzeichen {MUELLER}"]
    assert (second.given["schlagwort"], first.given["schlagwort_else"]) == (
        "entscheidung",
        "gerichtspost",
    )
    assert sorted(folder.begun) == sorted((first.id, second.id))


def test_everything_else_of_the_message_is_kept_beside_it(folder: Folder):
    folder.arrive(**usual(**{"eingangsbestaetigung.xml": "<quittung/>"}))
    folder.look()
    (source, _) = folder.sources()
    kept = {one["name"]: one for one in source.given["files"]}
    assert {name: one["what"] for name, one in kept.items()} == {
        MESSAGE: "message",
        "pruefprotokoll.html": "report",
        "b.pdf.p7s": "companion",
        "eingangsbestaetigung.xml": "companion",
    }
    store = folder.authority.store
    assert store.read(kept["pruefprotokoll.html"]["sha256"]) == REPORT.encode()
    assert [one for one in folder.authority.checking.run() if one.check == "store"] == []


@pytest.mark.parametrize(
    ("files", "result"),
    [
        ({"pruefprotokoll.html": REPORT}, "valid"),
        ({"pruefprotokoll.html": "<p>Die Signatur ist ungültig.</p>"}, "invalid"),
        ({"pruefprotokoll.pdf": b"%PDF"}, "unknown"),
        (
            {"pruefprotokoll.html": REPORT, "a_pruefprotokoll.html": "<p>Nicht bestanden.</p>"},
            "unknown",
        ),
        *(
            ({"pruefprotokoll.html": f"<p>{words}</p>{REPORT}"}, "unknown")
            for words in (
                "Gesamtprüfergebnis: ungültig",
                "Die Signatur ist nicht gültig.",
                "Das Zertifikat wurde nicht geprüft.",
            )
        ),
        (
            {
                "pruefprotokoll.html": "Nur 2 von 5 Prüfungen lieferten ein positives Ergebnis.",
            },
            "unknown",
        ),
        ({}, "unknown"),
    ],
)
def test_the_signature_report_says_whether_it_is_valid(
    folder: Folder, files: dict[str, Any], result: str
):
    content = usual()
    del content["pruefprotokoll.html"]
    folder.arrive(**content, **files)
    folder.look()
    assert folder.sources()[0].given["court"]["signature"]["result"] == result


def test_a_sender_can_not_attest_his_own_signature(folder: Folder):
    forged = document(3, "Anlage", "015", ("pruefprotokoll.html", "001"))
    folder.arrive(**usual(**{MESSAGE: message(ORDER, LETTER, forged)}))
    folder.look()
    assert {row.given["court"]["signature"]["result"] for row in folder.sources()} == {"unknown"}


@pytest.mark.parametrize("part", ["001", ""])
def test_a_document_within_its_signature_goes_to_quarantine_with_the_reason(
    folder: Folder, part: str
):
    judgement = document(2, "Urteil", "006", ("urteil.pdf.p7m", part))
    folder.arrive(
        **{MESSAGE: message(LETTER, judgement), "a.pdf": b"%PDF a", "urteil.pdf.p7m": b"cms"}
    )
    folder.look()
    letter, signed = folder.sources()
    assert (letter.name, letter.state) == ("a.pdf", "received")
    assert (signed.name, signed.state, signed.reason_code) == (
        "urteil.pdf.p7m",
        "quarantined",
        "court_signed",
    )
    assert "Signaturhülle" in (signed.reason or "")
    assert folder.begun == [letter.id]


def test_an_original_of_the_technical_class_is_read_as_a_letter(folder: Folder):
    stray = document(2, "Hinweis", "014", ("hinweis.pdf", "001"), ("daten.xml", "001"))
    folder.arrive(
        **{
            MESSAGE: message(LETTER, stray),
            "a.pdf": b"%PDF a",
            "hinweis.pdf": b"%PDF h",
            "daten.xml": "<a/>",
        }
    )
    folder.look()
    assert [row.name for row in folder.sources()] == ["a.pdf", "hinweis.pdf"]


def test_a_hostile_message_does_not_keep_the_next_one_out(folder: Folder):
    hostile = message(document(1, "x", "015", ("a.pdf", "001"))).replace(
        b"Container>1<", b"Container>" + b"9" * 5000 + b"<"
    )
    folder.arrive(name="a-boese", **usual(**{MESSAGE: hostile}))
    folder.arrive(name="b-gut", **usual())
    folder.look()
    assert list(folder.path.iterdir()) == []
    assert {row.state for row in folder.sources()} == {"received"}
    assert len(folder.sources()) == 4


def test_a_directory_that_fails_is_refused_where_it_is_seen_and_the_next_one_taken(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    take = CourtMailChannel.take

    def fails(channel: CourtMailChannel, path: Path, *, patient: bool = True) -> bool:
        if path.name == "a-boese":
            raise KeyError("unforeseen")
        return take(channel, path, patient=patient)

    folder.arrive(name="a-boese", **usual())
    folder.arrive(name="b-gut", **usual())
    with monkeypatch.context() as patch:
        patch.setattr(CourtMailChannel, "take", fails)
        folder.look()
    refused = [row for row in folder.sources() if row.state == "quarantined"]
    assert [(row.name, row.reason_code) for row in refused] == [(MESSAGE, "court_directory")]
    assert "a-boese" in (refused[0].reason or "")
    assert [one.name for one in folder.path.iterdir()] == ["a-boese"]
    folder.open()
    folder.look()
    assert list(folder.path.iterdir()) == []


def test_a_directory_waits_for_its_message_and_until_nothing_changes(folder: Folder):
    directory = folder.arrive(**{"a.pdf": b"%PDF a"})
    folder.look()
    assert folder.sources() == []
    folder.arrive(**{MESSAGE: message(LETTER)})
    folder.channel.look()
    folder.now += 2
    (directory / "a.pdf").write_bytes(b"%PDF a, more")
    folder.channel.look()
    assert folder.sources() == []
    folder.look()
    (source,) = folder.sources()
    assert folder.authority.store.read(source.sha256) == b"%PDF a, more"


def test_the_directory_leaves_only_after_all_of_it_is_committed(folder: Folder):
    folder.arrive(**usual())
    begin = folder.channel.begin

    def dies(source_id: str) -> None:
        begin(source_id)
        raise OSError(5, "Input/output error")

    folder.channel.begin = dies
    folder.look()
    assert len(folder.sources()) == 1
    assert (folder.path / "nachricht-1").is_dir()
    folder.open()
    folder.look()
    assert len(folder.sources()) == 2
    assert list(folder.path.iterdir()) == []
    assert (folder.done / "nachricht-1" / MESSAGE).is_file()


def test_a_name_that_was_used_before_is_kept_apart(folder: Folder):
    for content in (b"%PDF 1", b"%PDF 2"):
        folder.arrive(**{MESSAGE: message(LETTER), "a.pdf": content})
        folder.look()
    assert sorted(one.name for one in folder.done.iterdir()) == ["nachricht-1", "nachricht-1-2"]
    assert len(folder.sources()) == 2


def test_a_missing_attachment_is_waited_for_and_then_remarked(folder: Folder):
    content = usual()
    del content["a.pdf"]
    folder.arrive(**content)
    folder.look()
    assert folder.sources() == []
    folder.look(times=35)
    (source,) = folder.sources()
    assert source.name == "b.pdf"
    assert [one["message"] for one in source.remarks] == [
        "Die Nachricht nennt „a.pdf“; die Datei fehlt."
    ]


def test_an_attachment_that_the_message_does_not_name_comes_last(folder: Folder):
    folder.arrive(**usual(**{"nachtrag.pdf": b"%PDF c"}))
    folder.look()
    assert [row.name for row in folder.sources()] == ["a.pdf", "b.pdf", "nachtrag.pdf"]


def test_where_the_message_can_not_be_read_its_attachments_are_taken_all_the_same(folder: Folder):
    folder.arrive(**usual() | {MESSAGE: b"<kaputt"})
    folder.look()
    rows = folder.sources()
    assert [row.name for row in rows] == ["a.pdf", "b.pdf"]
    assert {one["code"] for row in rows for one in row.remarks} == {"court_message"}
    assert rows[0].given["schlagwort_else"] == "gerichtspost"


def test_a_message_without_attachments_is_a_source_itself(folder: Folder):
    folder.arrive(**{MESSAGE: message()})
    folder.look()
    assert [row.name for row in folder.sources()] == [MESSAGE]


def test_a_name_that_leads_out_of_the_directory_is_not_followed(folder: Folder, tmp_path: Path):
    (tmp_path / "geheim.pdf").write_bytes(b"%PDF geheim")
    stray = document(1, "x", "015", ("../../geheim.pdf", "001"))
    folder.arrive(**{MESSAGE: message(stray), "a.pdf": b"%PDF a"})
    folder.look(times=40)
    assert [row.name for row in folder.sources()] == ["a.pdf"]


def test_entities_are_not_followed(tmp_path: Path):
    (tmp_path / "geheim").write_text("geheim")
    data = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/geheim">]><a><absender>'
        "<aktenzeichen>&x;</aktenzeichen></absender></a>"
    )
    assert "geheim" not in read_message(data.encode()).court_number


def test_what_is_no_xml_is_refused_by_name():
    with pytest.raises(IntakeError, match=MESSAGE):
        read_message(b"%PDF")


@pytest.mark.parametrize("version", ["3.6.2", "4.0.0"])
def test_the_examples_of_the_standard_are_read(standards: Path, version: str):
    data = (standards / "examples" / f"xjustiz_{version}_0005005.xml").read_bytes()
    found = read_message(data)
    (one,) = found.documents
    assert found.own_number == "S 12 AS 345/26"
    assert (one.document_class, one.title) == ("017", "Bewilligungsbescheid")
    assert one.files == ("Bescheid_d99f060a-52da-52e4-ba2a-2f3b1234c2ac.pdf",)


def test_the_message_of_these_tests_is_valid_xjustiz(standards: Path):
    schema = etree.XMLSchema(
        etree.parse(standards / "xjustiz" / "3.6.2" / "xjustiz_0005_nachrichten_3_2.xsd")
    )
    schema.assertValid(etree.fromstring(message(LETTER, ORDER)))

"""What has no pages of its own becomes a reading copy that names its parts; nothing vanishes."""

from __future__ import annotations

import contextlib
import dataclasses
import email.message
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from eakte.domain.conversion import Part, Prepared
from eakte.errors import IntakeError
from eakte.recognition.archive import archive_copy
from eakte.recognition.conversion.html_text import html_blocks
from eakte.recognition.conversion.prepare import prepare
from eakte.recognition.conversion.texts import decoded, decoded_html
from eakte.recognition.conversion.typesetting import UNKNOWN, Block, clean, typeset
from eakte.recognition.limits import Limits
from eakte.recognition.reader import Reader
from tests.unit.recognition.sheets import LETTER, pdf, saved, scan

Prepare = Callable[..., Prepared]


@pytest.fixture(name="prepared")
def prepared_(tmp_path: Path) -> Prepare:
    def make(data: bytes, limits: Limits | None = None) -> Prepared:
        path = tmp_path / "post"
        path.write_bytes(data)
        folder = tmp_path / "werkstatt"
        folder.mkdir(exist_ok=True)
        return prepare(path, folder, limits)

    return make


def texts(path: Path) -> list[str]:
    """The selectable text of every page; the archive copy of the whole is valid."""
    copy = archive_copy(path, [])
    report = page_validation.validate_pdf_bytes(copy, profile="2b")
    assert [failure.message for failure in report.failures] == []
    document = pypdfium2.PdfDocument(copy)
    try:
        found = []
        for page in document:
            textpage = page.get_textpage()
            found.append(str(textpage.get_text_range()).replace("\r\n", "\n"))
            textpage.close()
            page.close()
        return found
    finally:
        document.close()


def reading(prepared: Prepared) -> list[str]:
    assert prepared.reading is not None
    return texts(prepared.reading)


def codes(prepared: Prepared) -> set[str]:
    return {remark.code for remark in prepared.remarks}


def mail(subject: str = "Widerspruch", body: str = "Guten Tag,\nich lege Widerspruch ein.\n"):
    message = email.message.EmailMessage()
    message["From"] = "Jörg Müller-Lüdenscheidt <joerg@post.example>"
    message["To"] = "Jobcenter <post@jobcenter.example>"
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    message.set_content(body)
    return message


def attach(message: email.message.EmailMessage, name: str, data: bytes) -> None:
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def jpeg(width: int = 1240, height: int = 1754) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(out, "JPEG", dpi=(150, 150))
    return out.getvalue()


# -- mails --------------------------------------------------------------------------------------


def test_a_mail_is_one_unit_of_head_body_and_the_pages_of_its_attachments(prepared: Prepare):
    message = mail()
    message.add_alternative("<p>dasselbe</p>", subtype="html")
    attach(message, "bescheid.pdf", pdf(("Blatt 1",), ("Blatt 2",)))
    attach(message, "foto.jpg", jpeg())
    made = prepared(message.as_bytes())
    first, *others = reading(made)
    assert made.page_count == 4
    for said in ("joerg@post.example", "Jobcenter <post@", "Widerspruch", "10:00:00", "foto.jpg"):
        assert said in first
    assert "ich lege Widerspruch ein." in first
    assert "dasselbe" not in first
    assert [text.strip() for text in others] == ["Blatt 1", "Blatt 2", ""]
    assert [(part.name, part.first_page, part.last_page) for part in made.parts] == [
        ("E-Mail", 1, 1),
        ("bescheid.pdf", 2, 3),
        ("foto.jpg", 4, 4),
    ]
    assert made.parts[2].sha256 == hashlib.sha256(jpeg()).hexdigest()
    assert codes(made) == set()


def test_html_beside_plain_text_is_shown_unless_it_is_an_alternative_to_it(prepared: Prepare):
    sections = (
        ("text/plain", "Guten Tag,"),
        ("text/html", "<p>hiermit lege ich Widerspruch ein.</p>"),
        ("text/plain", "Gesendet vom Telefon"),
    )
    lines = ["From: a@post.example", "Subject: x", "MIME-Version: 1.0"]
    lines += ["Content-Type: multipart/mixed; boundary=B", ""]
    for kind, text in sections:
        lines += ["--B", f"Content-Type: {kind}", "", text]
    (shown,) = reading(prepared("\r\n".join([*lines, "--B--", ""]).encode()))
    places = [shown.index(said) for said in ("Guten Tag", "hiermit lege ich", "Gesendet vom")]
    assert places == sorted(places)


def test_an_alternative_within_a_mixed_mail_is_chosen_by_itself(prepared: Prepare):
    message = mail()
    message.add_alternative("<p>dasselbe</p>", subtype="html")
    message.add_attachment("<p>noch ein Absatz</p>", subtype="html", disposition="inline")
    (shown,) = reading(prepared(message.as_bytes()))
    assert "ich lege Widerspruch ein." in shown
    assert "noch ein Absatz" in shown
    assert "dasselbe" not in shown


def test_a_photograph_in_a_mail_is_not_recompressed(prepared: Prepare):
    message = mail()
    attach(message, "foto.jpg", jpeg())
    made = prepared(message.as_bytes())
    assert made.reading is not None
    with pikepdf.open(made.reading) as read:
        (image,) = read.pages[1].get_images().values()
        assert image.read_raw_bytes() == jpeg()


def test_a_mail_is_read_without_ocr(prepared: Prepare, no_engine: Callable[[], object]):
    made = prepared(mail().as_bytes())
    page = Reader(no_engine).read_page(made.reading, 1)  # type: ignore[arg-type]
    assert "ich lege Widerspruch ein." in page.text.text


def test_an_attachment_that_cannot_be_read_becomes_a_page_that_says_why(prepared: Prepare):
    message = mail()
    attach(message, "geheim.pdf", locked("geheim"))
    attach(message, "programm.exe", b"MZ\x00\x01" * 20)
    attach(message, "danach.txt", b"Das folgt danach.")
    made = prepared(message.as_bytes())
    pages = reading(made)
    assert "geheim.pdf" in pages[1]
    assert "Kennwort" in pages[1]
    assert "ein Programm" in pages[2]
    assert "Das folgt danach." in pages[3]
    problems = {part.name: part.problem for part in made.parts}
    assert "Kennwort" in (problems["geheim.pdf"] or "")
    assert problems["danach.txt"] is None
    assert codes(made) == {"unreadable_parts"}


def test_of_500_attachments_200_are_shown_and_the_rest_is_named(prepared: Prepare):
    message = mail()
    for number in range(500):
        attach(message, f"zettel-{number:03}.txt", b"Zettel")
    made = prepared(message.as_bytes())
    pages = reading(made)
    named = "".join(pages[-10:])
    assert all(f"zettel-{number:03}.txt" in named for number in range(200, 500))
    assert sum(text.strip() == "Zettel" for text in pages) == 200
    assert len(made.parts) == 502
    assert sum(part.problem is not None for part in made.parts) == 300
    assert "attachments_listed" in codes(made)


def test_a_mail_within_a_mail_is_shown_the_same_way_down_to_a_limit(prepared: Prepare):
    inner = mail("Stufe 5", "ganz innen")
    for level in range(4, 0, -1):
        outer = mail(f"Stufe {level}", f"Text {level}")
        outer.add_attachment(inner)
        inner = outer
    made = prepared(inner.as_bytes())
    said = "\n".join(reading(made))
    assert all(f"Text {level}" in said for level in range(1, 5))
    assert "ganz innen" not in said
    assert "verschachtelte" in said
    assert sum(part.problem is not None for part in made.parts) == 1


def test_files_of_an_archive_in_a_mail_become_pages_too(prepared: Prepare):
    message = mail()
    attach(message, "alles.zip", zipped({"a/eins.txt": b"Erstens", "../zwei.txt": b"Zweitens"}))
    made = prepared(message.as_bytes())
    assert [part.name for part in made.parts] == [
        "E-Mail",
        "alles.zip/a/eins.txt",
        "alles.zip/../zwei.txt",
    ]
    assert [text.strip() for text in reading(made)[1:]] == ["Erstens", "Zweitens"]


def test_small_pictures_in_the_text_are_named_without_a_page(prepared: Prepare):
    message = mail()
    message.add_alternative("<p>Hallo <img src='cid:logo'></p>", subtype="html")
    html = message.get_payload()[1]
    html.add_related(jpeg(60, 40), maintype="image", subtype="jpeg", cid="<logo>")
    made = prepared(message.as_bytes())
    assert made.page_count == 1
    assert made.parts[1] == Part(
        name="ohne Namen (image/jpeg)", sha256=hashlib.sha256(jpeg(60, 40)).hexdigest()
    )
    assert codes(made) == {"logos"}


def test_only_html_is_shown_as_its_text(prepared: Prepare):
    message = mail()
    message.clear_content()
    message.set_content("<h1>Antrag</h1><p>Größe: 5&nbsp;m²</p><script>x</script>", subtype="html")
    (text,) = reading(prepared(message.as_bytes()))
    assert "Antrag" in text
    assert "Größe: 5 m²" in text
    assert "script" not in text


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.de\nTo: c@d.de\nMessage-ID: <1>\n\nText",
        b"Received: x\nFrom: =?utf-9?q?K=F6nig?= <a@b.de>\nSubject: =?broken\n\nText",
        b"From: \xff\xfe <a@b.de>\nTo: x\nContent-Type: text/plain; charset=nonsense\n\nText \xe4",
        b"Return-Path: <a@b.de>\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\nText",
        b"From x@y Mon Nov 2 10:00:00 2026\nFrom: a@b.de\nDate: gestern\nTo: z\n\nText",
    ],
)
def test_mails_that_keep_no_standard_are_read_all_the_same(prepared: Prepare, raw: bytes):
    made = prepared(raw)
    assert made.page_count >= 1
    assert "Text" in "".join(reading(made))


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400), cut=st.integers(0, 600))
def test_a_damaged_mail_is_read_or_refused_and_never_surprises(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cut: int
):
    message = mail()
    attach(message, "anhang.bin", b"x" * 30)
    whole = message.as_bytes()
    folder = tmp_path_factory.mktemp("post")
    path = folder / "post"
    path.write_bytes(b"From: a@b.de\nTo: c\nMessage-ID: <1>\n" + whole[:cut] + data + whole[cut:])
    (folder / "w").mkdir()
    with contextlib.suppress(IntakeError):
        assert prepare(path, folder / "w").page_count >= 1


# -- PDFs ---------------------------------------------------------------------------------------


def changed(document: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(document)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def locked(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(user=user, owner="geheim"))
    return out.getvalue()


def test_a_sound_pdf_is_read_as_it_is(prepared: Prepare):
    assert prepared(pdf(("Eins",), ("Zwei",))) == Prepared(page_count=2)


def test_files_in_a_pdf_are_appended_as_pages(prepared: Prepare):
    def with_files(opened: pikepdf.Pdf) -> None:
        opened.attachments["liste.txt"] = b"Anlage eins"
        held = opened.make_stream(b"Anlage zwei")
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.FileAttachment,
            Rect=[10, 10, 30, 30],
            FS=Dictionary(Type=Name.Filespec, F="notiz.txt", EF=Dictionary(F=held)),
        )
        opened.pages[0].obj.Annots = Array([opened.make_indirect(note)])

    made = prepared(changed(pdf(("Vorn",)), with_files))
    assert [text.strip() for text in reading(made)] == ["Vorn", "Anlage eins", "Anlage zwei"]
    assert [part.name for part in made.parts] == ["Hauptdokument", "liste.txt", "notiz.txt"]


def test_a_pdf_within_a_pdf_within_a_pdf_ends_at_the_limit(prepared: Prepare):
    document = pdf(("Stufe 0",))
    for level in range(1, 7):
        inner = document

        def attached(opened: pikepdf.Pdf, inner: bytes = inner) -> None:
            opened.attachments["innen.pdf"] = inner

        document = changed(pdf((f"Stufe {level}",)), attached)
    said = "\n".join(reading(prepared(document)))
    assert "Stufe 6" in said
    assert "Stufe 3" in said
    assert "Stufe 0" not in said
    assert "zu tief" in said


def test_an_owners_lock_is_said_and_a_readers_password_refused(prepared: Prepare):
    assert codes(prepared(locked(""))) == {"unlocked"}
    with pytest.raises(IntakeError) as raised:
        prepared(locked("geheim"))
    assert raised.value.reason == "encrypted"


def test_a_pdf_with_a_broken_table_is_repaired_and_that_is_said(prepared: Prepare):
    whole = pdf(("Eins",), ("Zwei",))
    end = whole.rindex(b"startxref")
    for broken in (whole[:end] + b"startxref\n77\n%%EOF\n", whole[:end]):
        made = prepared(broken)
        assert codes(made) == {"repaired"}
        assert [text.strip() for text in reading(made)] == ["Eins", "Zwei"]


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.75])
def test_a_pdf_that_lacks_pages_is_refused_and_not_repaired(prepared: Prepare, share: float):
    whole = changed(pdf(*([f"Blatt {n}"] for n in range(5))), lambda _opened: None)
    with pytest.raises(IntakeError) as raised:
        prepared(whole[: int(len(whole) * share)])
    assert raised.value.reason == "damaged"
    assert "werkstatt" not in raised.value.message
    assert "post:" not in raised.value.message


def form(opened: pikepdf.Pdf, **more: object) -> None:
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T="Name",
        V="Schmidt-Müßig",
        Rect=[100, 600, 400, 620],
        DA="/Helv 12 Tf 0 g",
        P=opened.pages[0].obj,
    )
    widget = opened.make_indirect(field)
    opened.pages[0].obj.Annots = Array([widget])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    opened.Root.AcroForm = Dictionary(
        Fields=Array([widget]),
        NeedAppearances=True,
        DA="/Helv 12 Tf 0 g",
        DR=Dictionary(Font=Dictionary(Helv=font)),
        **more,
    )


def test_values_of_a_form_without_appearances_are_read_and_kept(
    tmp_path: Path, no_engine: Callable[[], object]
):
    path = tmp_path / "formular.pdf"
    path.write_bytes(changed(pdf(("Antrag",)), form))
    page = Reader(no_engine).read_page(path, 1)  # type: ignore[arg-type]
    assert "Schmidt-Müßig" in page.text.text
    copy = archive_copy(path, [page])
    report = page_validation.validate_pdf_bytes(copy, profile="2b")
    assert [failure.message for failure in report.failures] == []
    document = pypdfium2.PdfDocument(copy)
    try:
        assert "Schmidt-Müßig" in document[0].get_textpage().get_text_range()
        shown = document[0].render(scale=1).to_pil().convert("L").crop((100, 220, 400, 245))
        assert shown.getextrema()[0] < 100
    finally:
        document.close()


def test_what_was_typed_into_a_dynamic_form_is_shown_on_a_page(prepared: Prepare):
    def dynamic(opened: pikepdf.Pdf) -> None:
        data = opened.make_stream(
            "<xfa:datasets xmlns:xfa='http://www.xfa.org/schema/xfa-data/1.0/'><xfa:data><f>"
            "<Nachname>Müller</Nachname><leer/></f></xfa:data></xfa:datasets>".encode()
        )
        form(opened, XFA=Array([pikepdf.String("datasets"), data]))
        opened.Root.NeedsRendering = True

    made = prepared(changed(pdf(("Bitte warten",)), dynamic))
    assert "Nachname: Müller" in reading(made)[1]
    assert made.parts[1].name == "Eingaben im PDF-Formular"


# -- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_files_are_set_line_by_line_whatever_their_encoding(prepared: Prepare, encoding: str):
    made = prepared("Größe:   5 m²\n\n  § 22 SGB II\n".encode(encoding))
    (text,) = reading(made)
    assert "Größe: 5 m²" in " ".join(text.split())
    assert "§ 22 SGB II" in text


def test_a_very_long_text_is_cut_and_that_is_said(prepared: Prepare):
    made = prepared(b"Zeile mit Text\n" * 5000, Limits(text_chars=10_000))
    assert codes(made) == {"cut"}
    assert "steht im Original" in reading(made)[-1]


def test_web_pages_show_their_text_and_nothing_is_fetched(prepared: Prepare):
    made = prepared(
        "<!DOCTYPE html><html><head><meta charset='iso-8859-1'></head><body>"
        "<h1>Mietbescheinigung</h1><img src='http://127.0.0.1:9/x.png' alt='Siegel'>"
        "<ul><li>Straße</li></ul></body></html>".encode("latin-1")
    )
    (text,) = reading(made)
    for said in ("Mietbescheinigung", "[Siegel]", "• Straße"):
        assert said in text


def test_html_keeps_order_and_shows_where_links_lead():
    blocks = html_blocks(
        "<p>eins<br>zwei</p><table><tr><td>A</td><td>1</td></tr></table>"
        "<pre>  x\n y</pre><blockquote><div>alt</div></blockquote>"
        "<a href='https://boese.example/'>www.sparkasse.de</a>"
    )
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "eins\nzwei"),
        ("paragraph", "A\u20031"),
        ("pre", "  x\n y"),
        ("quote", "alt"),
        ("paragraph", "www.sparkasse.de <https://boese.example>"),
    ]


def test_html_that_never_closes_its_tags_takes_no_time():
    (block,) = html_blocks("<div>" * 60_000 + "Ende")
    assert block.text == "Ende"


@given(st.text(max_size=200))
def test_html_never_runs_and_never_surprises(text: str):
    said = "".join(block.text for block in html_blocks(f"<script>{text}</script><p>gut</p>"))
    assert "gut" in said or "</script" in text.lower() or "<!--" in text


@given(st.text(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "rot13", "unsinn"]))
def test_utf_8_is_recognised_whatever_was_declared(text: str, declared: str | None):
    if text and text[0] != "\ufeff":
        assert decoded(text.encode(), declared) == text
        assert decoded_html(text.encode(), declared) == text


@given(st.text(max_size=300))
def test_cleaned_text_can_be_drawn_and_loses_no_letter(text: str):
    shown, unknown = clean(text)
    assert shown.count(UNKNOWN) >= unknown
    assert clean(shown)[0] == shown


def test_foreign_scripts_are_drawn_as_far_as_there_is_a_font():
    shown, unknown = clean("Müller Привет Ελλάδα 漢字")
    assert shown.startswith("Müller Привет Ελλάδα ")
    assert unknown == 2


def test_the_same_text_gives_the_same_bytes():
    blocks = [Block(kind="title", text="Titel"), Block(text="Text")]
    assert typeset(blocks) == typeset(blocks)


# -- the whole ----------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_the_same_mail_gives_the_same_reading_copy(prepared: Prepare, tmp_path: Path):
    message = mail()
    attach(message, "bescheid.pdf", pdf())
    first = prepared(message.as_bytes())
    assert first.reading is not None
    data = first.reading.read_bytes()
    other = tmp_path / "andere"
    other.mkdir()
    again = prepare(tmp_path / "post", other)
    assert again.reading is not None
    assert again.reading.read_bytes() == data
    assert dataclasses.replace(again, reading=None) == dataclasses.replace(first, reading=None)


def test_a_moving_picture_is_its_first_frame_and_that_is_said(prepared: Prepare):
    frames = [Image.new("L", (300, 300), shade) for shade in (255, 0)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    made = prepared(out.getvalue())
    assert (made.page_count, codes(made)) == (1, {"animated"})


def test_an_archive_that_lies_too_deep_is_refused(prepared: Prepare):
    with pytest.raises(IntakeError) as raised:
        prepared(zipped({"a.txt": b"a"}))
    assert raised.value.reason == "too_deep"


def test_more_pages_than_allowed_are_refused(prepared: Prepare):
    with pytest.raises(IntakeError) as raised:
        prepared(b"Zeile\n" * 2000, Limits(pages=3))
    assert raised.value.reason == "too_large"


def test_a_scan_is_read_as_it_is(tmp_path: Path):
    path = saved(scan(*LETTER, dpi=100), tmp_path / "a.tif", dpi=100)
    assert prepare(path, tmp_path) == Prepared(page_count=1)

"""Real scans and PDFs made by others: counted, read, turned upright, copied as PDF/A-2b."""

from __future__ import annotations

import io
import re
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from eakte.domain.pages import RecognisedPage, TextSource
from eakte.recognition.archive import archive_copy
from eakte.recognition.reader import Reader

EXPECTED: dict[str, list[tuple[TextSource, int, str]]] = {
    "docspell-jfif.jpg": [(TextSource.OCR, 0, "November 7, 2016")],
    "docspell-letter-de.pdf": [(TextSource.EMBEDDED, 0, "Max Mustermann Lilienweg 21")],
    "docspell-letter-en.jpg": [(TextSource.OCR, 0, "Derek Jeter 123 Elm Ave.")],
    "docspell-pdf13.pdf": [(TextSource.OCR, 0, "Derek Jeter 123 Elm Ave.")],
    "ingest-multipage.tif": [
        (TextSource.OCR, 0, f"Multipage TIFF Example Page{'' if n == 7 else f' {n}'}")
        for n in range(1, 11)
    ],
    "ocrmypdf-cardinal.pdf": [
        (TextSource.OCR, turn, "The LinnSequencer 32 Track MIDI Sequence Recorder")
        for turn in (0, 270, 180, 90)
    ],
    "ocrmypdf-ccitt.pdf": [(TextSource.OCR, 0, "32 Track MIDI Sequence Recorder")],
    "ocrmypdf-epson.pdf": [(TextSource.OCR, 0, "Optical character recognition")],
    "ocrmypdf-francais.pdf": [(TextSource.OCR, 0, "Portez ce vieux whisky au juge")],
    "ocrmypdf-graph.pdf": [(TextSource.OCR, 0, "Support")],
    "ocrmypdf-jbig2.pdf": [(TextSource.OCR, 0, "32 Track MIDI Sequence Recorder")],
    "ocrmypdf-linn.png": [(TextSource.OCR, 0, "32 Track MIDI Sequence Recorder")],
    "ocrmypdf-multipage.pdf": [
        (TextSource.OCR, 0, "We went tip-toeing along a path amongst"),
        (TextSource.OCR, 0, "81 megapixels"),
        (TextSource.OCR, 0, "Percentage"),
        (TextSource.OCR, 0, "Percentage"),
        (TextSource.OCR, 0, "on the throne of England"),
        (TextSource.OCR, 0, "on the throne of England"),
    ],
    "ocrmypdf-rotated_skew.pdf": [(TextSource.OCR, 0, "32 Track MIDI Sequence Recorder")],
    "ocrmypdf-skew.pdf": [(TextSource.OCR, 0, "32 Track MIDI Sequence Recorder")],
    "ocrmypdf-typewriter.png": [(TextSource.OCR, 0, "Linzensoep à la Waterman")],
    "tesseract-eurotext.tif": [(TextSource.OCR, 0, "über den faulen Hund")],
}

FALSE_ALARMS = {
    # Its Type 1 fonts say /lenIV 0, which page-validation 0.11 does not decode; it then takes the
    # programs for missing. pikepdf's own validator, which decodes them, approves the file.
    "docspell-letter-de.pdf": {"PDFA2B-FONT-EMBEDDING-001", "PDFA2B-TYPE1-SUBSET-CHARSET-001"}
}


def read_all(reader: Reader, path: Path) -> list[RecognisedPage]:
    return [reader.read_page(path, n) for n in range(1, reader.page_count(path) + 1)]


def plain(text: str) -> str:
    return " ".join(text.split())


def test_no_sample_is_forgotten(samples: Path):
    found = {p.name for p in samples.iterdir() if p.suffix not in {".md", ".txt"}}
    assert found == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_page_of_a_sample_is_read_upright(samples: Path, reader: Reader, name: str):
    pages = read_all(reader, samples / name)
    assert len(pages) == len(EXPECTED[name])
    for page, (source, turn, words) in zip(pages, EXPECTED[name], strict=True):
        assert (page.text.source, page.turn) == (source, turn)
        assert words in plain(page.text.text)
        assert len(page.preview) < 260_000
        assert len(page.thumbnail) < 12_000


@pytest.mark.parametrize("name", EXPECTED)
def test_the_archive_copy_of_a_sample_is_valid_and_says_the_same(
    samples: Path, reader: Reader, name: str
):
    pages = read_all(reader, samples / name)
    copy = archive_copy(samples / name, pages)
    report = page_validation.validate_pdf_bytes(copy, profile="2b")
    assert {failure.rule_id for failure in report.failures} == FALSE_ALARMS.get(name, set())
    opened = pypdfium2.PdfDocument(copy)
    assert len(opened) == len(pages)
    for page in pages:
        look = opened[page.number - 1].render(scale=0.2).to_pil().convert("L").resize((100, 140))
        preview = Image.open(io.BytesIO(page.preview)).convert("L").resize((100, 140))
        assert ImageStat.Stat(ImageChops.difference(look, preview)).mean[0] < 30
        shown = opened[page.number - 1]
        width, height = (points / 72 * 25.4 for points in shown.get_size())
        assert width == pytest.approx(page.text.width_mm, abs=0.6)
        assert height == pytest.approx(page.text.height_mm, abs=0.6)
        found = set(re.findall(r"\w+", shown.get_textpage().get_text_range()))
        wanted = {part for word in page.text.words for part in re.findall(r"\w+", word.text)}
        assert len(wanted & found) >= 0.98 * len(wanted)
    opened.close()


def test_at_least_95_percent_of_the_eurotext_words_are_right(samples: Path, reader: Reader):
    truth = (samples / "tesseract-eurotext.txt").read_text(encoding="utf-8").split()
    read = [w.text for w in reader.read_page(samples / "tesseract-eurotext.tif", 1).text.words]
    right = sum(1 for word in truth if word in read)
    assert right >= 0.95 * len(truth)


def test_the_four_orientations_say_the_same(samples: Path, reader: Reader):
    upright, *turned = read_all(reader, samples / "ocrmypdf-cardinal.pdf")
    for page in turned:
        words = [word.text for word in page.text.words]
        same = sum(a == b.text for a, b in zip(words, upright.text.words, strict=True))
        assert same >= 0.99 * len(words)
        assert (page.text.width_mm, page.text.height_mm) == pytest.approx(
            (upright.text.width_mm, upright.text.height_mm)
        )


def test_skew_costs_hardly_a_word(samples: Path, reader: Reader):
    straight = reader.read_page(samples / "ocrmypdf-jbig2.pdf", 1).text
    for name in ("ocrmypdf-skew.pdf", "ocrmypdf-rotated_skew.pdf"):
        skewed = {word.text for word in reader.read_page(samples / name, 1).text.words}
        missed = [word.text for word in straight.words if word.text not in skewed]
        assert len(missed) < 0.03 * len(straight.words)


def test_the_german_letter_is_taken_word_for_word(samples: Path, reader: Reader):
    text = plain(reader.read_page(samples / "docspell-letter-de.pdf", 1).text.text)
    for words in ("12345 Nebendorf", "Sehr geehrte Damen und Herren", "Mit freundlichen Grüßen"):
        assert words in text


def test_hidden_words_of_others_are_replaced_by_our_own(samples: Path, reader: Reader):
    path = samples / "ocrmypdf-multipage.pdf"
    page = reader.read_page(path, 4)
    assert page.text.source is TextSource.OCR
    opened = pypdfium2.PdfDocument(archive_copy(path, [page]))
    assert "esupport" not in opened[3].get_textpage().get_text_range()
    opened.close()

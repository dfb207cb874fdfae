"""``eakte covers``, and a scanned stack with what it printed through ``eakte intake``."""

from __future__ import annotations

import io
from pathlib import Path

import img2pdf
import pypdfium2
from PIL import Image

from tests.cli.conftest import Eakte
from tests.letters import letter, objection
from tests.small_authority import MUELLER, OTHER_SITE

FORM = letter(
    "Angaben zur Weiterbewilligung",
    "Das Konto hat sich geändert,",
    "sonst ist alles wie im letzten Jahr.",
)


def scans(pdf: bytes, turn: int = 0, askew: float = 0) -> list[Image.Image]:
    """The sheets of ``pdf`` as a scanner sees them."""
    document = pypdfium2.PdfDocument(pdf)
    sheets = []
    for page in document:
        image = page.render(scale=200 / 72).to_pil().convert("L")
        image = image.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=250)
        sheets.append(image.rotate(-turn, expand=True))
    document.close()
    return sheets


def stack(*sheets: Image.Image) -> bytes:
    """One file of the scanner with all sheets, as JPEG in a PDF."""
    pictures = []
    for sheet in sheets:
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=85, dpi=(200, 200))
        pictures.append(out.getvalue())
    made = img2pdf.convert(pictures)
    assert isinstance(made, bytes)
    return made


def test_a_mixed_stack_ends_where_it_belongs(eakte: Eakte, tmp_path: Path):
    separators, covers = tmp_path / "trenn.pdf", tmp_path / "deck.pdf"
    assert eakte("covers", "--copies", 2, "--out", separators).code == 0
    arguments = ("--aktenzeichen", OTHER_SITE, "--schlagwort", "weiterbewilligung")
    assert eakte("covers", *arguments, "--out", covers).code == 0
    blank = Image.new("L", (1654, 2339), 252)
    (upside_down,) = scans(objection(MUELLER, "kennwort"), turn=180)
    (separator, _) = scans(separators.read_bytes(), askew=1.5)
    (cover,) = scans(covers.read_bytes(), turn=180)
    (tmp_path / "stapel.pdf").write_bytes(
        stack(upside_down, blank, separator, blank, cover, blank, *scans(FORM), blank)
    )
    answer = eakte("intake", tmp_path / "stapel.pdf", "--json")
    assert answer.code == 0
    told = [
        (one["status"], one["source_pages"], one["pages"], one["blank_pages"])
        for one in answer.objects
    ]
    assert told == [
        ("delivered", [1, 2, 4], 1, 2),
        ("separator", [3], 1, 0),
        ("delivered", [5, 6, 7, 8], 1, 3),
    ]
    first, _, second = answer.objects
    assert first["case_file"]["aktenzeichen"] == MUELLER
    assert second["case_file"]["aktenzeichen"] == OTHER_SITE
    assert second["postbox"] == "i.clausen"
    assert eakte("check").code == 0


def test_a_list_of_covers_is_one_file(eakte: Eakte, tmp_path: Path):
    rows = tmp_path / "liste.csv"
    rows.write_text(f"aktenzeichen;schlagwort\n{MUELLER};weiterbewilligung\n{OTHER_SITE};\n")
    out = tmp_path / "deck.pdf"
    answer = eakte("covers", "--list", rows, "--out", out)
    assert (answer.code, answer.out) == (0, f"2 Deckblätter: {out}\n")
    assert len(scans(out.read_bytes())) == 2


def test_no_cover_for_an_unknown_or_closed_file(eakte: Eakte, tmp_path: Path):
    out = tmp_path / "deck.pdf"
    unknown = eakte("covers", "--aktenzeichen", "99999//0000001", "--out", out)
    unknown.assert_refused("99999//0000001")
    closed = eakte("covers", "--aktenzeichen", OTHER_SITE, "--user", "m.petersen", "--out", out)
    closed.assert_refused(OTHER_SITE)
    assert not out.exists()

"""Scan-like documents for the viewer benchmark: WebP pages, their words, and the same as a PDF.

Twenty different sheets are drawn and repeated; in the PDF every page has an image object of its
own, as a scan has, so that no viewer profits from the repetition.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DISTINCT = 20
DPI = 200
WIDTH, HEIGHT = 1654, 2339  # A4
FONT = "DejaVuSans.ttf"
SENTENCES = (
    "hiermit lege ich gegen den Bescheid vom Widerspruch ein die Kosten der Unterkunft und Heizung "
    "wurden nicht in voller Höhe anerkannt bitte teilen Sie mir mit welche Unterlagen noch fehlen "
    "Bedarfsgemeinschaft Leistungsberechtigung Mietbescheinigung Nebenkostenabrechnung Jobcenter"
)


def draw_sheet(seed: int) -> tuple[Image.Image, list[list[object]]]:
    """One sheet and its words as ``[text, x0, y0, x1, y1, line]`` in fractions."""
    rng = random.Random(seed)
    vocabulary = SENTENCES.split()
    image = Image.new("L", (WIDTH, HEIGHT), 250)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 30)
    words: list[list[object]] = []
    for line, y in enumerate(range(220, HEIGHT - 260, 46)):
        x = 190.0
        while True:
            text = rng.choice(vocabulary)
            length = font.getlength(text)
            if x + length > WIDTH - 150:
                break
            pen.text((x, y), text, font=font, fill=35)
            box = [x / WIDTH, (y + 6) / HEIGHT, (x + length) / WIDTH, (y + 36) / HEIGHT]
            words.append([text, *(round(v, 4) for v in box), line])
            x += length + 12
    noise = np.random.default_rng(seed).normal(0, 5, (HEIGHT, WIDTH))
    noisy = np.clip(np.asarray(image, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(0.6)), words


def page_content(pdf: pikepdf.Pdf, words: list[list[object]]) -> pikepdf.Stream:
    """The image over the whole page, then every word invisibly at its place."""
    width, height = WIDTH * 72 / DPI, HEIGHT * 72 / DPI
    parts = [f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im Do Q BT 3 Tr"]
    for text, x0, _, _, y1, _ in words:
        raw = str(text).encode("cp1252").hex()
        parts.append(
            f"/F 10 Tf 1 0 0 1 {float(x0) * width:.1f} {(1 - float(y1)) * height:.1f} Tm <{raw}> Tj"
        )
    parts.append("ET")
    return pdf.make_stream("\n".join(parts).encode())


def write_pdf(folder: Path, words: list[list[list[object]]], count: int) -> None:
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    for number in range(count):
        sheet = number % DISTINCT
        image = pdf.make_stream((folder / f"{sheet}.jpg").read_bytes())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = WIDTH, HEIGHT, 8
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
        page = pdf.add_blank_page(page_size=(WIDTH * 72 / DPI, HEIGHT * 72 / DPI))
        page.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im=image), Font=pikepdf.Dictionary(F=font)
        )
        page.Contents = page_content(pdf, words[sheet])
    pdf.save(folder / f"{count}.pdf", linearize=True)


def make(folder: Path) -> None:
    """Everything the benchmark serves, into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    words = []
    for sheet in range(DISTINCT):
        image, sheet_words = draw_sheet(sheet)
        image.save(folder / f"{sheet}.jpg", quality=75, dpi=(DPI, DPI))
        preview = image.resize((1240, round(1240 * HEIGHT / WIDTH)), Image.Resampling.LANCZOS)
        preview.save(folder / f"{sheet}.webp", quality=65, method=4)
        image.resize((160, 226)).save(folder / f"{sheet}.thumb.webp", quality=60)
        (folder / f"{sheet}.json").write_text(
            json.dumps({"words": sheet_words, "hits": []}), encoding="utf-8"
        )
        words.append(sheet_words)
    for count in (2, 500):
        write_pdf(folder, words, count)

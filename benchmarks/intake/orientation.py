"""How often a sheet is turned the right way, and what that costs.

Sheets of ten kinds, askew by up to three degrees, on grey or white paper with grain and specks, are
put in turned by a quarter, a half or three quarters, or not at all; every turn comes to a
quarter of each kind.  Truth is how they were put in.

    .venv/bin/python benchmarks/intake/orientation.py --pages 400 --seed 1
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"  # before any engine is loaded
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import pypdfium2
import texts
import typst
from PIL import Image, ImageDraw, ImageFilter

from eakte.demo.authority import demo_register
from eakte.demo.letters import DemoLetter, generate
from eakte.demo.spoiling import TURNS, Spoil, spoil
from eakte.recognition.engines import open_engine
from eakte.recognition.reader import Reader

DPI = texts.DPI
TODAY = date(2026, 11, 20)
_FORMS = frozenset(
    {
        "arbeitsunfaehigkeit",
        "einmalige_leistung",
        "erstantrag",
        "kontoauszug",
        "lohnabrechnung",
        "meldebescheinigung",
        "mietvertrag",
        "weiterbewilligung",
    }
)
_readers: list[Reader] = []
_letters: dict[int, list[DemoLetter]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One sheet: its kind, how far it lay turned clockwise, how far it was turned back."""

    kind: str
    number: int
    lay: int
    turned_back: int
    seconds: float
    remarked: bool

    @property
    def right(self) -> bool:
        """Does it stand upright now?"""
        return (self.lay + self.turned_back) % 360 == 0


def measure(pages: int, seed: int, processes: int, kinds: tuple[str, ...] = ()) -> list[Turned]:
    """``pages`` sheets of all kinds (or of ``kinds``), read by the product's own page reader."""
    names = kinds or tuple(KINDS)
    spawn = multiprocessing.get_context("spawn")  # forked, the typesetter's threads would be gone
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        jobs = [
            pool.submit(read_back, names[number % len(names)], number // len(names), seed)
            for number in range(pages)
        ]
        return [job.result() for job in jobs]


def read_back(kind: str, number: int, seed: int) -> Turned:
    """Sheet ``number`` of ``kind`` as the product's reader turns it."""
    if not _readers:
        engine = open_engine("tesserocr")
        _readers.append(Reader(lambda: engine))
    scan, lay = sheet(kind, number, seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.tif"
        scan.save(path, dpi=(DPI, DPI) if scan.mode != "1" else (200, 200))
        began = time.process_time()
        page = _readers[0].read_page(path, 1)
        seconds = time.process_time() - began
    return Turned(
        kind=kind,
        number=number,
        lay=lay,
        turned_back=page.turn,
        seconds=seconds,
        remarked=any(one.code == "unsure_turn" for one in page.sheet.remarks),
    )


def sheet(kind: str, number: int, seed: int) -> tuple[Image.Image, int]:
    """The scan, and by how many degrees clockwise the sheet lay turned."""
    rng = Random(f"turn:{seed}:{kind}:{number}")
    page = KINDS[kind](rng, seed, number)
    angle = rng.uniform(-3, 3)
    page = page.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=250)
    wear = {Spoil.NOISE}
    wear |= {one for one in (Spoil.GREY, Spoil.HOLES, Spoil.FOLD) if rng.random() < 0.3}
    if kind == "fax":
        wear = {Spoil.FAX}
    if kind == "stamped":
        wear.add(Spoil.STAMP)
    if (lay := 90 * (number % 4)) != 0:
        wear.add(next(one for one, degrees in TURNS.items() if degrees == lay))
    return spoil(page, rng, wear, dpi=DPI, stamp=TODAY), lay


def letter(rng: Random, seed: int, number: int) -> Image.Image:
    """The first page of a demo letter that is no form."""
    return _first_page(_demo_letter(rng, seed, number, forms=False))


def form(rng: Random, seed: int, number: int) -> Image.Image:
    """A form or a certificate: rules, boxes, short words."""
    return _first_page(_demo_letter(rng, seed, number, forms=True))


def table(rng: Random, _seed: int, _number: int) -> Image.Image:
    """Figures in columns with hardly a word, as an account statement has."""
    rows = rng.randint(15, 38)
    cells = []
    for _ in range(rows):
        day = f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}."
        cells += [day, str(rng.randint(100000, 999999)), _amount(rng), _amount(rng)]
    body = ", ".join(f"[{one}]" for one in ("Tag", "Nr.", "Soll", "Haben", *cells))
    stroke = rng.choice(("none", "0.5pt"))
    return _set(f"#table(columns: (2fr, 2fr, 2fr, 2fr), stroke: {stroke}, {body})", rng, size=10)


def lying_table(rng: Random, _seed: int, _number: int) -> Image.Image:
    """A table on a sheet that is wider than high by its nature."""
    words = ("Miete", "Heizung", "Strom", "Regelbedarf", "Mehrbedarf", "Einkommen", "Freibetrag")
    cells = []
    for _ in range(rng.randint(8, 20)):
        cells += [rng.choice(words), *(_amount(rng) for _ in range(5))]
    heads = ("Position", "Januar", "Februar", "März", "April", "Mai")
    body = ", ".join(f"[{one}]" for one in (*heads, *cells))
    return _set(f"#table(columns: 6, stroke: 0.5pt, {body})", rng, size=10, flipped=True)


def note(rng: Random, _seed: int, _number: int) -> Image.Image:
    """Two to four typed lines on a sheet that is empty otherwise."""
    return _set("\n\n".join(rng.sample(_NOTES, rng.randint(2, 4))), rng, size=11)


def fax(rng: Random, seed: int, number: int) -> Image.Image:
    """A letter that a fax machine will spoil."""
    return _first_page(_demo_letter(rng, seed, number, forms=False))


def small_print(rng: Random, _seed: int, _number: int) -> Image.Image:
    """Conditions in 7 point, half a page of them."""
    paragraphs = [texts.paragraph(rng).replace("//", "\\/\\/") for _ in range(9)]
    return _set("\n\n".join(paragraphs), rng, size=7)


def stamped(rng: Random, seed: int, number: int) -> Image.Image:
    """A letter under a stamp of receipt that lies askew."""
    return _first_page(_demo_letter(rng, seed, number, forms=False))


def photograph(rng: Random, _seed: int, _number: int) -> Image.Image:
    """A printed picture over a third or more of the page, with a few lines about it."""
    page = _set("\n\n".join(rng.sample(_NOTES, rng.randint(3, 5))), rng, size=11)
    source = np.random.default_rng(rng.getrandbits(64))
    grain = Image.fromarray(source.integers(20, 235, (9, 12), dtype=np.uint8))
    size = (rng.randint(1200, 1900), rng.randint(900, 1500))
    picture = grain.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = rng.randrange(size[0]), rng.randrange(size[1])
        edge = rng.randint(60, 400)
        draw.rectangle((x, y, x + edge, y + edge // 2), fill=rng.randint(20, 220))
    blurred = picture.filter(ImageFilter.GaussianBlur(3))
    page.paste(blurred, (rng.randint(250, 500), rng.randint(1300, 1900)))
    return page


def receipt(rng: Random, _seed: int, _number: int) -> Image.Image:
    """A till receipt: a narrow strip of short lines."""
    goods = ("BROT", "MILCH 1,5 %", "KAFFEE", "WINDELN", "SCHULHEFT A4", "APFEL KG", "BUTTER")
    lines = [f"{rng.choice(goods)} #h(1fr) {_amount(rng)}" for _ in range(rng.randint(8, 20))]
    body = " \\\n".join(("KAUFHAUS FRIESENKOOG", "Markt 4, 25899 Friesenkoog", *lines))
    ending = "\n\nSUMME EUR #h(1fr) 48,20\n\nVielen Dank für Ihren Einkauf"
    return _set(body + ending, rng, size=9, width=80, height=190, margin=7, face="Liberation Mono")


KINDS: dict[str, Callable[[Random, int, int], Image.Image]] = {
    "letter": letter,
    "form": form,
    "table": table,
    "lying table": lying_table,
    "note": note,
    "fax": fax,
    "small print": small_print,
    "stamped": stamped,
    "photograph": photograph,
    "receipt": receipt,
}
_NOTES = (
    "Bitte rufen Sie mich morgen zurück.",
    "Die Mietbescheinigung liegt bei.",
    "Herr Kowalski war heute ohne Termin am Empfang.",
    "Anlage zu unserem Schreiben vom 12.10.2026",
    "Die Kaution von 1.200 Euro ist noch offen.",
    "Mit freundlichen Grüßen",
    "Schlüssel im Briefkasten, Zählerstand 48213",
    "Aktenzeichen 12345//0001234",
)


def _amount(rng: Random) -> str:
    return f"{rng.randint(1, 2400)},{rng.randint(0, 99):02d}"


def _demo_letter(rng: Random, seed: int, number: int, *, forms: bool) -> DemoLetter:
    if seed not in _letters:
        made = generate(demo_register(today=TODAY), count=180, today=TODAY, seed=seed)
        _letters[seed] = list(made)
    fitting = [one for one in _letters[seed] if (one.truth.schlagwort in _FORMS) is forms]
    return fitting[(rng.randrange(7) + 7 * number) % len(fitting)]


def _first_page(one: DemoLetter) -> Image.Image:
    return _picture(one.pdf)


def _picture(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        return document[0].render(scale=DPI / 72).to_pil().convert("L")
    finally:
        document.close()


def _set(
    body: str,
    rng: Random,
    *,
    size: float,
    width: float = 210,
    height: float = 297,
    margin: float = 25,
    flipped: bool = False,
    face: str = "",
) -> Image.Image:
    face = face or rng.choice(("Liberation Sans", "Liberation Serif"))
    if flipped:
        width, height = height, width
    source = (
        f"#set page(width: {width}mm, height: {height}mm, margin: {margin}mm)\n"
        f'#set text(font: "{face}", size: {size}pt, lang: "de")\n{body}\n'
    )
    return _picture(typst.compile(source.encode(), format="pdf"))


def table_of(found: list[Turned]) -> Iterator[str]:
    """The figures by kind as lines of a Markdown table."""
    yield "| sheets | right | said to be unsure | CPU s upright | CPU s turned | wrong |"
    yield "|---|---|---|---|---|---|"
    for kind in ("all", *KINDS):
        some = [one for one in found if kind in {"all", one.kind}]
        if not some:
            continue
        right = sum(one.right for one in some)
        wrong = [one for one in some if not one.right]
        cases = ", ".join(f"{one.kind} {one.number}" for one in wrong[:6]) if kind != "all" else ""
        yield (
            f"| {kind} | {right} of {len(some)} ({right / len(some):.2%}) | "
            f"{sum(one.remarked for one in some)} | {_mean(some, turned=False):.2f} | "
            f"{_mean(some, turned=True):.2f} | {cases} |"
        )


def _mean(some: list[Turned], *, turned: bool) -> float:
    seconds = [one.seconds for one in some if (one.lay != 0) is turned]
    return sum(seconds) / max(1, len(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=tuple(KINDS), default=())
    options = parser.parse_args()
    processes = len(os.sched_getaffinity(0))
    found = measure(options.pages, options.seed, processes, tuple(options.kinds))
    for line in table_of(found):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

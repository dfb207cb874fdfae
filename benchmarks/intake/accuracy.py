"""How many characters are read wrongly, and whether ``§`` and ``SGB II`` are read rightly.

Also how many words ``eakte/recognition/corrections.py`` changed, and how many of them wrongly: a
change is right where the page without it would differ more from the text that was set.
"""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import texts
from PIL import Image
from rapidfuzz.distance import Levenshtein

from eakte.domain.pages import Word
from eakte.ports import OcrEngine
from eakte.recognition.corrections import corrected
from eakte.recognition.engines import open_engine
from eakte.recognition.reader import Reader


class Listening:
    """An engine that remembers what it said, before any correction."""

    def __init__(self, engine: OcrEngine) -> None:
        self.name = engine.name
        self.engine = engine
        self.said: list[tuple[Word, ...]] = []

    def recognise(self, image: Image.Image, dpi: int) -> tuple[Word, ...]:
        """The words of ``image``."""
        self.said.append(self.engine.recognise(image, dpi))
        return self.said[-1]

    def orientation(self, image: Image.Image) -> int:
        """As the engine says."""
        return self.engine.orientation(image)


_engine: list[Listening] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of page and the share of wrong characters that is allowed."""

    name: str
    points: tuple[float, ...]
    spoilt: Callable[[texts.Letter, int], Image.Image]
    reach: float


CASES = (
    Case(
        name="clean, 10–12 pt", points=(10, 11, 12), spoilt=lambda one, _: one.picture, reach=0.001
    ),
    Case(name="office scan, 10–12 pt", points=(10, 11, 12), spoilt=texts.office_scan, reach=0.003),
    Case(
        name="fax, 204 × 196 dpi, 10–12 pt",
        points=(10, 11, 12),
        spoilt=lambda one, _: texts.fax(one),
        reach=0.02,
    ),
    Case(name="small print, 7 pt", points=(7,), spoilt=texts.office_scan, reach=0.01),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """What was read wrongly on the pages of a case.

    ``marks`` are the places of ``§`` and ``SGB II`` in the text, ``marks_read`` those that came
    back.  ``wrong`` are the commonest confusions as (true, read, times).
    ``mended`` words were changed rightly by the corrections, ``spoilt`` ones wrongly.
    """

    name: str
    reach: float
    pages: int
    characters: int
    errors: int
    marks: int
    marks_read: int
    wrong: tuple[tuple[str, str, int], ...]
    mended: int
    spoilt: int

    @property
    def rate(self) -> float:
        """Share of the characters that are wrong (CER)."""
        return self.errors / max(1, self.characters)


def measure(pages: int, processes: int) -> Iterator[Errors]:
    """``pages`` of every case, read by the product's own page reader."""
    # Forked, the typesetter's threads would be missing in the child.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        for number, case in enumerate(CASES):
            jobs = [
                pool.submit(_read, number, seed, case.points[seed % len(case.points)])
                for seed in range(pages)
            ]
            yield _summed(case, [job.result() for job in jobs])


@dataclass(frozen=True, slots=True)
class _Page:
    """True text and read text of one page, and the words changed rightly and wrongly."""

    text: str
    read: str
    mended: int
    spoilt: int


def _read(case: int, seed: int, points: float) -> _Page:
    if not _engine:
        _engine.append(Listening(open_engine("tesserocr")))
    engine = _engine[0]
    engine.said.clear()
    one = texts.letter(seed, points)
    picture = CASES[case].spoilt(one, seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.tif"
        dpi = texts.FAX if picture.mode == "1" else (texts.DPI, texts.DPI)
        compression = "group4" if picture.mode == "1" else "tiff_lzw"
        picture.save(path, dpi=dpi, compression=compression)
        read = Reader(lambda: engine).read_page(path, 1).text.text
    return _Page(one.text, _plain(read), *_changes(one.text, max(engine.said, key=len)))


def _changes(text: str, raw: tuple[Word, ...]) -> tuple[int, int]:
    """How many words the corrections change for the better, and for the worse."""
    true = _plain(text)
    texts = [word.text for word in corrected(raw)]
    distance = Levenshtein.distance(true, _plain(" ".join(texts)))
    worth = []
    for at, word in enumerate(raw):
        if word.text != texts[at]:
            without = [*texts[:at], word.text, *texts[at + 1 :]]
            worth.append(Levenshtein.distance(true, _plain(" ".join(without))) - distance)
    return sum(one > 0 for one in worth), sum(one < 0 for one in worth)


def _plain(text: str) -> str:
    """Blanks and line breaks count alike; a hyphen at a line's end takes none with it."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", " ".join(text.split()))


def _summed(case: Case, pages: list[_Page]) -> Errors:
    errors = characters = marks = marks_read = 0
    confusions: dict[tuple[str, str], int] = {}
    for page in pages:
        true, read = _plain(page.text), page.read
        characters += len(true)
        for change in Levenshtein.opcodes(true, read):
            if change.tag == "equal":
                continue
            wrong = (
                true[change.src_start : change.src_end],
                read[change.dest_start : change.dest_end],
            )
            errors += max(len(wrong[0]), len(wrong[1]))
            confusions[wrong] = confusions.get(wrong, 0) + 1
        for mark in ("§", "SGB II"):
            wanted, got = (len(re.findall(rf"{mark}(?!I)", text)) for text in (true, read))
            marks += wanted
            marks_read += min(wanted, got)
    worst = sorted(confusions.items(), key=lambda item: -item[1])[:8]
    return Errors(
        name=case.name,
        reach=case.reach,
        pages=len(pages),
        characters=characters,
        errors=errors,
        marks=marks,
        marks_read=marks_read,
        wrong=tuple((a, b, n) for (a, b), n in worst),
        mended=sum(page.mended for page in pages),
        spoilt=sum(page.spoilt for page in pages),
    )

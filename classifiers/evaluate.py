r"""How well the rules do on labelled documents: ``eakte rules test DIR``.

``DIR`` holds one folder a Schlagwort, named by its id, with one file a document:

* ``DIR/widerspruch/brief-1.txt``: plain text, UTF-8; ``\f`` parts pages, an empty line parts
  paragraphs, a line that begins with ``# `` stands in large type;
* ``DIR/widerspruch/scan-1.json``: recognised words,
  ``{"pages": [{"width_mm": 210, "height_mm": 297, "words": [["Text", x0, y0, x1, y1, line]]}]}``
  with boxes as fractions of the page; a seventh value is the block, and the two sizes, line and
  block may be left out.

Files and folders that begin with a dot are skipped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers.catalogue import Catalogue
from classifiers.keywords import DEFAULT_THRESHOLD, KeywordClassifier
from eakte.domain.pages import Box, PageText, TextSource, Word
from eakte.errors import RuleError

_LINES_A_PAGE = 66
_SIGNS_A_LINE = 95
_LARGE = 1.8
_BANDS = 10


class _PageFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width_mm: float = 210
    height_mm: float = 297
    words: list[
        tuple[str, float, float, float, float]
        | tuple[str, float, float, float, float, int]
        | tuple[str, float, float, float, float, int, int]
    ]


class _DocumentFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pages: Annotated[list[_PageFile], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A document and the Schlagwort a person gave it; ``name`` says which file it was."""

    name: str
    pages: tuple[PageText, ...]
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A document whose primary Schlagwort was another than expected."""

    name: str
    expected: str
    found: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What came out.

    ``confusion`` counts (expected, found); ``sure`` are documents whose score reached the
    threshold, ``sure_and_right`` those of them that were right; ``reliability`` gives for each
    tenth of the score (key 0..9) how many documents fell there and how many of them were right.
    """

    documents: int
    right: int
    sure: int
    sure_and_right: int
    confusion: Mapping[tuple[str, str], int]
    reliability: Mapping[int, tuple[int, int]]
    misses: tuple[Miss, ...]

    @property
    def accuracy(self) -> float:
        """Share of documents whose primary Schlagwort was right; 0 without documents."""
        return self.right / self.documents if self.documents else 0.0


def evaluate(
    classifier: KeywordClassifier,
    labelled: Iterable[Labelled],
    threshold: float = DEFAULT_THRESHOLD,
) -> Evaluation:
    """Classify every document and compare with its label."""
    confusion: Counter[tuple[str, str]] = Counter()
    bands: dict[int, tuple[int, int]] = {}
    misses: list[Miss] = []
    right = sure = sure_and_right = 0
    for one in labelled:
        first = classifier.classify(one.pages)[0]
        hit = first.schlagwort == one.expected
        confusion[one.expected, first.schlagwort] += 1
        band = min(int(first.score * _BANDS), _BANDS - 1)
        count, good = bands.get(band, (0, 0))
        bands[band] = (count + 1, good + hit)
        right += hit
        if first.score >= threshold:
            sure += 1
            sure_and_right += hit
        if not hit:
            misses.append(
                Miss(
                    name=one.name,
                    expected=one.expected,
                    found=first.schlagwort,
                    score=first.score,
                )
            )
    return Evaluation(
        documents=confusion.total(),
        right=right,
        sure=sure,
        sure_and_right=sure_and_right,
        confusion=dict(confusion),
        reliability=dict(sorted(bands.items())),
        misses=tuple(misses),
    )


def labelled_documents(folder: Path, catalogue: Catalogue) -> Iterator[Labelled]:
    """The documents of a labelled folder, in the order of their names.

    Raises ``RuleError`` where the folder is missing, a subfolder is no known Schlagwort or a file
    is not of the format above.
    """
    if not folder.is_dir():
        raise RuleError(
            f"Der Ordner {folder} mit Beispielen fehlt.",
            remedy="Einen Ordner angeben, der je Schlagwort einen Unterordner enthält.",
        )
    for subfolder in sorted(folder.iterdir()):
        if subfolder.name.startswith(".") or not subfolder.is_dir():
            continue
        if subfolder.name not in catalogue.schlagworte:
            raise RuleError(
                f"Der Beispielordner {subfolder} trägt kein bekanntes Schlagwort.",
                remedy="Den Ordner nach der Kennung eines Schlagworts benennen.",
            )
        for path in sorted(subfolder.iterdir()):
            if path.suffix in {".txt", ".json"} and not path.name.startswith("."):
                name = f"{subfolder.name}/{path.name}"
                yield Labelled(name=name, pages=_read(path), expected=subfolder.name)


def lay_out(text: str) -> tuple[PageText, ...]:
    """Plain text as pages of words with boxes, as a typewriter would set it."""
    return tuple(_typewritten(page) for page in text.strip("\n").split("\f"))


def _typewritten(text: str) -> PageText:
    rows = text.strip("\n").split("\n")
    pitch = 0.92 / max(_LINES_A_PAGE, len(rows))
    words: list[Word] = []
    line = block = 0
    for number, row in enumerate(rows):
        if not row.strip():
            block += 1
            continue
        large = row.startswith("# ")
        height = 0.7 * pitch * (_LARGE if large else 1)
        top = 0.04 + number * pitch
        place = 0
        content = row[2:] if large else row
        for text_of_word in content.split():
            place = content.index(text_of_word, place)
            left, right = place, place + len(text_of_word)
            box = Box(
                0.1 + 0.85 * min(left / _SIGNS_A_LINE, 1),
                top,
                0.1 + 0.85 * min(right / _SIGNS_A_LINE, 1),
                top + height,
            )
            words.append(Word(text_of_word, box, line, block))
            place = right
        line += 1
    return PageText(tuple(words), source=TextSource.EMBEDDED)


def _read(path: Path) -> tuple[PageText, ...]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".txt":
            return lay_out(text)
        document = _DocumentFile.model_validate(json.loads(text))
    except (UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise RuleError(
            f"Das Beispiel {path} ist nicht lesbar.",
            remedy="Text in UTF-8, oder JSON mit pages und words wie in der Anleitung.",
        ) from error
    return tuple(_page(page) for page in document.pages)


def _page(page: _PageFile) -> PageText:
    words = []
    for entry in page.words:
        text, x0, y0, x1, y1, *rest = entry
        line, block = (*rest, 0, 0)[:2]
        words.append(Word(text, Box(x0, y0, x1, y1), line, block))
    return PageText(tuple(words), page.width_mm, page.height_mm)

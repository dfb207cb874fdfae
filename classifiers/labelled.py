r"""Labelled documents: what ``eakte rules test DIR`` measures the rules on.

``DIR`` holds wordings, one file a Schlagwort (:mod:`classifiers.wordings`), or one folder a
Schlagwort, named by its id, with one file a document:

* ``DIR/widerspruch.txt`` beside ``DIR/luecken.toml``: wordings with slots;
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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers.catalogue import Catalogue
from classifiers.filling import as_text, filled
from classifiers.wordings import read_lists, read_wordings
from eakte.domain.pages import Box, PageText, TextSource, Word
from eakte.errors import RuleError

_LINES_A_PAGE = 66
_SIGNS_A_LINE = 95
_LARGE = 1.8


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
    """A document and what it is: ``name`` says which file or wording it came from.

    Any Schlagwort of ``right`` is right as the primary one, the first is the usual one; those of
    ``wrong`` are what a careless reader would take it for.
    """

    name: str
    pages: tuple[PageText, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()


def labelled_documents(
    folder: Path, catalogue: Catalogue, *, seed: int = 0, fillings: int = 1
) -> Iterator[Labelled]:
    """The documents of a labelled folder, in the order of their names; ``seed`` fills the slots.

    ``fillings`` letters are made of each wording, with the seeds that follow ``seed``.

    Raises ``RuleError`` where the folder is missing, a file or subfolder is no known Schlagwort or
    a file is not of the format above.
    """
    if not folder.is_dir():
        raise RuleError(
            f"Der Ordner {folder} mit Beispielen fehlt.",
            remedy="Einen Ordner angeben, der Wortlaute oder je Schlagwort einen Ordner enthält.",
        )
    for each in range(seed, seed + fillings):
        yield from _from_wordings(folder, catalogue, each, "" if each == seed else f"#{each}")
    for subfolder in sorted(folder.iterdir()):
        if subfolder.name.startswith(".") or not subfolder.is_dir():
            continue
        catalogue.check_known((subfolder.name,), subfolder)
        for path in sorted(subfolder.iterdir()):
            if path.suffix in {".txt", ".json"} and not path.name.startswith("."):
                name = f"{subfolder.name}/{path.name}"
                yield Labelled(name=name, pages=_read(path), right=(subfolder.name,))


def _from_wordings(folder: Path, catalogue: Catalogue, seed: int, mark: str) -> Iterator[Labelled]:
    paths = sorted(one for one in folder.glob("*.txt") if not one.name.startswith("."))
    if not paths:
        return
    lists = read_lists(folder)
    for path in paths:
        for wording in read_wordings(path):
            catalogue.check_known((*wording.right, *wording.wrong), path)
            rng = Random(f"{seed}:{wording.name}")  # noqa: S311  repeatable, no secret
            letter = filled(wording, lists, rng)
            yield Labelled(
                name=wording.name + mark,
                pages=lay_out(as_text(letter)),
                right=wording.right,
                wrong=wording.wrong,
            )


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

"""What the letters' pages read as, kept by content in a folder outside the repository.

``clean`` is the text as it was set, ``scanned`` what the product's reader made of a spoiled scan.
The folder is ``EAKTE_BENCHMARK_CACHE``, else ``eakte-benchmarks`` beside other caches of the user.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pypdfium2

from eakte.demo.letters import DemoLetter
from eakte.demo.paper import plan_scan, write_scan
from eakte.domain.pages import Box, PageText, TextSource, Word
from eakte.recognition.engines import open_engine
from eakte.recognition.pdf_text import embedded_text
from eakte.recognition.reader import Reader

Pages = tuple[PageText, ...]
_FORM = "1"


def folder() -> Path:
    """Where results lie."""
    named = os.environ.get("EAKTE_BENCHMARK_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "eakte-benchmarks"


def kept(key: str, make: Callable[[], Pages]) -> Pages:
    """The pages stored under ``key``, made and stored where there are none."""
    name = hashlib.sha256(f"{_FORM}:{key}".encode()).hexdigest()
    path = folder() / "reading" / name[:2] / f"{name}.json.gz"
    if path.exists():
        return _pages(json.loads(gzip.decompress(path.read_bytes())))
    pages = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(gzip.compress(json.dumps(_plain(pages)).encode(), mtime=0))
    part.replace(path)
    return pages


def clean(letter: DemoLetter) -> Pages:
    """The words as they were set."""
    document = pypdfium2.PdfDocument(letter.pdf)
    try:
        return tuple(_set(page) for page in document)
    finally:
        document.close()


def scanned(letter: DemoLetter) -> Pages:
    """The words that the product reads off a spoiled scan of ``letter``; stored by its content."""
    rng = Random(f"scan:{letter.name}")
    plan = plan_scan(letter, rng)
    content = hashlib.sha256(letter.pdf).hexdigest()
    damage = [sorted(page) for page in plan.pages]

    def read() -> Pages:
        with tempfile.TemporaryDirectory() as temporary:
            path = write_scan(letter, Path(temporary), rng, plan)
            reader = Reader(_engine)
            count = reader.page_count(path)
            return tuple(reader.read_page(path, number + 1).text for number in range(count))

    return kept(f"scan:{content}:{plan.medium}:{plan.colour}:{damage}:{letter.name}", read)


@cache
def _engine():  # noqa: ANN202  whichever engine is chosen
    return open_engine("tesserocr")


def _set(page: pypdfium2.PdfPage) -> PageText:
    width, height = page.get_size()
    found = embedded_text(page, ())
    return PageText(
        words=found.words if found else (),
        width_mm=width * 25.4 / 72,
        height_mm=height * 25.4 / 72,
        source=TextSource.EMBEDDED,
    )


def _plain(pages: Pages) -> list[dict[str, object]]:
    return [
        {
            "size": [page.width_mm, page.height_mm],
            "source": page.source.value,
            "words": [
                [one.text, *one.box.as_list(), one.line, one.block, round(one.confidence, 2)]
                for one in page.words
            ],
        }
        for page in pages
    ]


def _pages(rows: list[dict[str, object]]) -> Pages:
    return tuple(
        PageText(
            words=tuple(
                Word(one[0], Box(*one[1:5]), one[5], one[6], one[7]) for one in row["words"]
            ),
            width_mm=row["size"][0],
            height_mm=row["size"][1],
            source=TextSource(row["source"]),
        )
        for row in rows
    )

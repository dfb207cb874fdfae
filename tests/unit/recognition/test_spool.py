"""Pages in a file: every one as it was, without its pictures."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from eakte.domain.pages import Box, PageText, RecognisedPage, Word
from eakte.recognition.spool import PageSpool


def page(number: int) -> RecognisedPage:
    word = Word(text=f"Blatt {number}", box=Box(0.1, 0.1, 0.2, 0.2))
    return RecognisedPage(
        number=number,
        text=PageText(words=(word,)),
        dpi=200,
        turn=90,
        preview=b"large",
        thumbnail=b"small",
    )


def test_pages_come_back_one_by_one_also_in_another_process(tmp_path: Path):
    spool = PageSpool.of((page(number) for number in (3, 1, 2)), tmp_path / "pages")
    there = pickle.loads(pickle.dumps(spool))  # noqa: S301  our own bytes
    assert sorted(there) == [1, 2, 3]
    assert len(there) == 3
    assert there[2] == replace(page(2), preview=b"", thumbnail=b"")
    assert there.get(4) is None
    with pytest.raises(KeyError):
        there[4]

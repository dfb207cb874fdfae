"""Letters as a hurried recognition would read them: repeatable, without OCR.

Look-alikes are taken for each other, letters get lost, words are split: about as often as on a poor
scan.  Good enough to see that rules forgive; what scans really read as is measured in
``benchmarks/reading``.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from classifiers.labelled import Labelled
from eakte.domain.pages import PageText, Word

_LOOK_ALIKE = {
    "i": "l1", "l": "i1", "o": "0", "ü": "u", "ö": "o", "ä": "a", "ß": "B", "e": "c", "c": "e",
    "h": "b", "n": "u", "u": "n", "m": "rn", "S": "5", "B": "8", "§": "8", "t": "f", "g": "q",
}  # fmt: skip


def misread_letter(letter: Labelled) -> Labelled:
    """``letter`` with its pages misread, always in the same way."""
    pages = (
        misread(page, Random(f"{letter.name}:{number}")) for number, page in enumerate(letter.pages)
    )
    return replace(letter, pages=tuple(pages))


def misread(page: PageText, rng: Random, rate: float = 0.012) -> PageText:
    """``page`` with about ``rate`` of its letters wrong."""
    return replace(page, words=tuple(_word(word, rng, rate) for word in page.words))


def _word(word: Word, rng: Random, rate: float) -> Word:
    text = "".join(_sign(sign, rng) if rng.random() < rate else sign for sign in word.text)
    return replace(word, text=text or word.text)


def _sign(sign: str, rng: Random) -> str:
    options = _LOOK_ALIKE.get(sign)
    if options is None:
        return "" if rng.random() < 0.3 else sign
    return options if sign == "m" else rng.choice(options)

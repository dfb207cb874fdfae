"""What an engine reads wrongly again and again and what can only mean one thing in this field.

Tesseract gives ``8§ 22`` for ``§§ 22``, ``SGB Il`` for ``SGB II``, ``§ 12 AS 3/26`` for the court's
``S 12 AS 3/26``, ``GröRmann`` for ``Größmann`` and ``(… 26}`` for ``(… 26)``.
Only what the words around it leave no second
meaning for is changed; ``SGB I`` is a statute of its own and stays.  Boxes and confidence stay
those of the engine (ADR 0027, figures in ``docs/benchmarks.md``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eakte.domain.pages import Word

_DASHES = {"—": "–", "―": "–"}
"""The German dash is the short one (DIN 5008); engines answer with the long one."""

_SECTION_SIGNS = re.compile(r"[8§$&S]{1,3}")
_NUMBER = re.compile(r"\d{1,4}[a-z]?[,;]?")
_AFTER_SECTION = re.compile(
    r"(?:Abs|Absatz|Satz|S|Nr|Nummer|SGB|SGG|BGB|ZPO|AO|UVG|WoGG|BAföG|AufenthG|VwGO|VwZG|EStG"
    r"|BKGG|BEEG|DSGVO|GG|StGB|InsO|RVG)[.,;:)]*"
)
_JOINED = re.compile(r"und|bis|oder|i\.V\.m\.|[-–,]")
_SGB_TWO = re.compile(r"(?:[Il1|!]{2}|I?H|N|U)([.,;:)]*)")
_REGISTER = re.compile(r"AS|SO|AL|KR|R|U|VE|SB|BK|EG|AY|F")
_COURT_NUMBER = re.compile(r"\d{1,6}/\d{2}\b.*")
_CLOSING_BRACE = re.compile(r"(?<=[\w).])\)?\}(?=[.,;:]*$)")
_SHARP_S = re.compile(
    r"(?:(?<=[A-ZÄÖÜa-zäöü][aeiouyäöü])(?:Rß|R)(?![A-Za-zäöüß])"
    r"|(?:(?<=[Gg]r[oö])|(?<=[Ss]tr[aä])|(?<=[WwHh]ei)|(?<=[Dd]rei)|(?<=[Ss]chlie)|(?<=[Mm][aä])"
    r"|(?<=[Gg]rü)|(?<=[Ff][uü])|(?<=[Ss]ü)|(?<=[Bb]ü)|(?<=[Bb]l[oö])|(?<=[Ss]t[oö])|(?<=[Ff]lie)"
    r"|(?<=[Gg]enie)|(?<=[Rr]ei)|(?<=[Bb]ei)|(?<=[Ss]pa)|(?<=[Ff]lei)|(?<=[Pp]reu)|(?<=[Ss]trau))"
    r"(?:Rß|R)(?=[a-zäöü]))"
)
"""Within a word only after beginnings that go on with ß: „BioReha“ and „EuroRent“ mean their R."""


def corrected(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """``words`` (in reading order) with those confusions undone."""
    texts = [word.text for word in words]
    if not any("{" in text for text in texts):
        texts = [_CLOSING_BRACE.sub(")", text) if "}" in text else text for text in texts]
    for at, text in enumerate(texts):
        texts[at] = _DASHES.get(text, text)
        following = texts[at + 1 : at + 5]
        if _SECTION_SIGNS.fullmatch(text) and text not in {"§", "§§"}:
            texts[at] = _section_sign(text, following)
        elif text == "§" and _is_court_number(following):
            texts[at] = "S"
        elif at and texts[at - 1] == "SGB":
            texts[at] = _SGB_TWO.sub(r"II\1", text) if _SGB_TWO.fullmatch(text) else text
        elif "R" in text and "@" not in text:
            texts[at] = _SHARP_S.sub("ß", text)
    return tuple(
        word if word.text == text else replace(word, text=text)
        for word, text in zip(words, texts, strict=True)
    )


def _section_sign(text: str, following: list[str]) -> str:
    """``8``, ``8§``, ``$`` before a number that is a statute's; else what it was."""
    if _is_court_number(following):
        return "S" if text in {"$", "8", "&", "S$", "$S"} else text
    if "S" in text or not following or not _NUMBER.fullmatch(following[0]):
        return text
    if "§" in text:
        alone = len(text) == 2 and len(following) > 1 and _AFTER_SECTION.fullmatch(following[1])
        return "§" if alone else "§§"
    if not any(_AFTER_SECTION.fullmatch(one) for one in _beyond_the_list(following)):
        return text
    return "§" if len(text) == 1 else "§§"


def _beyond_the_list(following: list[str]) -> list[str]:
    """The word after ``22``, ``22 und 24``, ``7 bis 9``: what the numbers are counted in."""
    rest = list(following)
    while rest and (_NUMBER.fullmatch(rest[0]) or _JOINED.fullmatch(rest[0])):
        rest.pop(0)
    return rest[:1]


def _is_court_number(following: list[str]) -> bool:
    """``12 AS 345/26``: chamber, register, number and year of a social court."""
    return (
        len(following) >= 3
        and following[0].isdigit()
        and _REGISTER.fullmatch(following[1]) is not None
        and _COURT_NUMBER.fullmatch(following[2]) is not None
    )

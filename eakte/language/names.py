"""Names of people: the key that sorts them, the keys that find them, and how alike two are.

Three different questions, three different keys: surname ranges follow DIN 5007-1
(:func:`surname_key`), exact look-ups use :func:`name_keys`, and what the scanner or the writer got
slightly wrong is compared by :func:`names_alike`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from eakte.language.folding import fold, plain_letters

_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_NOBILIARY = (
    "von vom van der den dem de del della di da dos du la le zu zum zur al el bin ibn ter ten"
)
_TITLES = "und geb geborene geborener genannt dr prof med jur dipl ing herr herrn frau"
_PARTICLES = frozenset(f"{_NOBILIARY} {_TITLES}".split())
_LOOKALIKES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("ti", "h"), ("li", "h"))
_ONE_SHAPE = str.maketrans({"1": "l", "i": "l", "|": "l", "j": "l", "0": "o", "5": "s", "8": "b"})
_SHORT = 5
"""Below this many letters only look-alike letters may differ: ``Jens`` is not ``Jans``."""


_SOUNDS = (
    *(("schtsch", "sc"), ("shch", "sc"), ("tsch", "c"), ("dsch", "i"), ("dzh", "i"), ("tch", "c")),
    *(("sch", "s"), ("sh", "s"), ("zh", "s"), ("ch", "c"), ("kh", "c"), ("ph", "f"), ("th", "t")),
    *(("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i")),
    *(("y", "i"), ("j", "i"), ("z", "s")),
)
"""Ways of writing one sound in Latin letters: „Schewtschenko“ and „Shevchenko“ are one name."""
_TWICE = re.compile(r"(.)\1+")
_FEMALE = ((re.compile(r"(?<=..[oe]v)a$"), ""), (re.compile(r"(?<=.[sc]k)a$"), "i"))
_SAME = {
    name: group.split()[0]
    for group in (
        "mohamad mohamed muhamad muhamed",
        "aleksandr oleksandr aleksander oleksander",
        "sergei serhi sergi",
        "andrei andri",
        "vladimir volodimir",
        "nikolai mikola nikola",
        "oleg oleh",
        "igor ihor",
        "dimitri dmitro dmitri",
        "iusef iusuf",
        "husein husain",
        "ahmad ahmed",
        "fatima fatema",
        "tatiana tetiana",
        "elena olena",
        "olga olha",
        "svetlana svitlana",
        "ekaterina katerina",
        "galina halina",
        "abdulrahman abdelrahman abdurahman",
        "grigorenko hrihorenko",
    )
    for name in group.split()
}
"""Given names and surnames that one person's papers write both ways."""
_GLUED = frozenset(["al", "el", "abu", "ben", "bin"])


@lru_cache(maxsize=100_000)
def sound_key(part: str) -> str:
    """A folded single name in the one spelling of all its transliterations and forms by gender.

    ``zelinska``, ``zelinskyi`` and ``selinskyj`` are ``selinski``.  Coarser than the folding: two
    people may share it, so it finds and confirms, and never beats the exact spelling.
    """
    key = part
    for seen, meant in _SOUNDS:
        key = key.replace(seen, meant)
    key = _TWICE.sub(r"\1", key)
    for ending, instead in _FEMALE:
        key = ending.sub(instead, key)
    return _SAME.get(key, key)


def sound_pair(key: str) -> str:
    """The look-up key of :func:`pair_key` with both names in their one spelling."""
    one, _, other = key.partition("+")
    return "~" + pair_key(sound_key(one), sound_key(other))


@lru_cache(maxsize=50_000)
def surname_key(name: str) -> str:
    """The sorting key of a surname after DIN 5007-1: plain lower-case letters, nothing else.

    ``Müller-Lüdenscheidt`` is ``mullerludenscheidt``, ``Groß`` is ``gross``; ``ue`` stays ``ue``.
    """
    letters = plain_letters(name).replace("æ", "ae").replace("œ", "oe")
    return "".join(char for char in letters if char.isalpha())


def covers(range_from: str, range_to: str, surname: str) -> bool:
    """Whether a surname range covers ``surname``: ``S``–``Sz`` covers ``Schmidt``.

    ``range_from ≤ key`` and ``key[:len(range_to)] ≤ range_to``, all three as sorting keys.
    """
    low, high, key = surname_key(range_from), surname_key(range_to), surname_key(surname)
    return bool(key) and low <= key and key[: len(high)] <= high


@lru_cache(maxsize=50_000)
def name_parts(name: str) -> tuple[str, ...]:
    """The folded parts of a name without particles and titles: ``("muller", "ludenscheidt")``.

    A name that consists of particles only (the surname ``Zur``) keeps them.
    """
    parts = tuple(part for part in _NOT_A_LETTER.split(fold(name)) if part)
    return tuple(part for part in parts if part not in _PARTICLES) or parts


def pair_key(one: str, other: str) -> str:
    """The look-up key of a first and a last name, the same in either order.

    Both are folded single names such as :func:`name_parts` returns.
    """
    return "+".join(sorted((one, other)))


def name_keys(first_name: str, last_name: str, former_names: Iterable[str] = ()) -> frozenset[str]:
    """Every key under which the register finds a person by name, by exact look-up.

    Each given name is paired with each spelling of each surname, present and former: the parts
    of a double name alone and written as one.  The first given name alone is never a key, nor is
    a surname alone, since ``Müller`` would name hundreds of files.
    """
    given = spellings(first_name)
    keys: set[str] = set()
    for surname in (last_name, *former_names):
        for family in spellings(surname):
            keys.update(pair_key(first, family) for first in given)
    return frozenset(keys | {sound_pair(key) for key in keys})


def text_name_keys(words: Iterable[str]) -> frozenset[str]:
    """The keys to ask the register for, given capitalised words that follow each other in a text.

    Neighbours and next-but-one are paired (``Müller, geb. Schulz, Jörg``), and the parts of a
    double name are tried alone and as one.
    """
    spelled = [spellings(word) for word in words]
    spelled = [variants for variants in spelled if variants]
    pairs = [*pairwise(spelled), *zip(spelled, spelled[2:], strict=False)]
    keys = {pair_key(one, other) for a, b in pairs for one in a for other in b}
    return frozenset(keys | {sound_pair(key) for key in keys})


def parts_alike(one: str, other: str) -> float:
    """How alike two single folded names are.

    1 the same; 0.97 another transliteration; 0.95 look-alike letters; 0.8 one error.

    0 for everything else.  One wrong, missing, additional or swapped letter is forgiven from five
    letters on, two from ten letters on.
    """
    if one == other:
        return 1.0
    if sound_key(one) == sound_key(other):
        return 0.97
    shape, other_shape = _shape(one), _shape(other)
    if shape == other_shape:
        return 0.95
    shorter = min(len(shape), len(other_shape))
    if shorter < _SHORT:
        return 0.0
    allowed = 2 if shorter >= 2 * _SHORT else 1
    distance = OSA.distance(shape, other_shape, score_cutoff=allowed)
    if distance > allowed:
        return 0.0
    return 0.8 if distance == 1 else 0.7


def surnames_alike(one: str, other: str) -> float:
    """How alike two surnames are, double names and particles considered.

    One half of a double name agrees with the whole by 0.9 at most.
    """
    mine, theirs = name_parts(one), name_parts(other)
    if not mine or not theirs:
        return 0.0
    whole = parts_alike("".join(mine), "".join(theirs))
    half = max(parts_alike(a, b) for a in mine for b in theirs)
    return max(whole, min(half, 0.9))


def given_names_alike(one: str, other: str) -> float:
    """How alike two sets of given names are; an initial agrees by 0.6."""
    mine, theirs = name_parts(one), name_parts(other)
    if not mine or not theirs:
        return 0.0
    best = parts_alike("".join(mine), "".join(theirs))
    for a in mine:
        for b in theirs:
            initial = 0.6 if min(len(a), len(b)) == 1 and a[0] == b[0] else 0.0
            best = max(best, parts_alike(a, b), initial)
    return best


def names_alike(
    first: str, last: str, other_first: str, other_last: str, former: Iterable[str] = ()
) -> float:
    """How alike ``first last`` is to a known person's name, 0..1; 1 is the same.

    Swapped first and last names cost nothing; ``former`` are the known person's former surnames.
    Below 0.6 they are two people.
    """
    best = 0.0
    for a_first, a_last in ((first, last), (last, first)):
        for family in (other_last, *former):
            alike = min(given_names_alike(a_first, other_first), surnames_alike(a_last, family))
            best = max(best, alike)
    return best


@lru_cache(maxsize=50_000)
def spellings(name: str) -> tuple[str, ...]:
    """The parts of a name alone and as one: „Al-Hussein“ is ``hussein`` and ``alhussein``."""
    parts = name_parts(name)
    found = [*parts, "".join(parts)] if len(parts) > 1 else list(parts)
    whole = [part for part in _NOT_A_LETTER.split(fold(name)) if part]
    if len(whole) > 1 and whole[0] in _GLUED:
        found.append("".join(whole))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=50_000)
def _shape(part: str) -> str:
    """``part`` with letters that OCR confuses written the same way."""
    shape = part
    for seen, meant in _LOOKALIKES:
        shape = shape.replace(seen, meant)
    return shape.translate(_ONE_SHAPE)

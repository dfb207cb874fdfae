"""What long German words are made of: ``Bewilligung`` and ``Bescheid`` for one of the longest.

Known parts only, kept by hand in ``words/parts.txt``: a word is split where all of it is parts,
with the signs that link them, or where so much of one end is known that the rest may be anything
(``Kündigungs|zugang``, ``Schwarzwald|klinik``).  Words work in plain letters, as stems do: umlauts
are one letter however they were written, so plurals such as ``Häuser`` need no rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from eakte.language.stems import plain_word, term_of

SHORTEST_COMPOUND = 7
"""Letters; shorter words (``Bauamt`` has six) are too often split by chance."""
_SHORTEST_FORM = 3
_SHORTEST_VERB = 4
_LISTED = 10
"""What one part costs; a linking sign, a dropped e, a verb's stem cost a little more, so that the
reading with the fewest parts wins, and of those the plainest."""
_LONGEST_WORD = 48
_MOST_WAYS = 4
"""Ways of saying a compound apart that a query asks for."""
_SHORTEST_UNKNOWN = 3
_SHORTEST_TAIL = 4
_KNOWN_ENOUGH = 10
"""Letters of an unknown beginning and the known part behind it together."""
_LONG_TAIL = 9
_STEM_BEGINNINGS = ("sc", "ge", "be", "ver", "ent", "zer")
"""What stands before a stem, so that the part found is only a piece of it (``Zusc|haltung``)."""
_LINKING_ENDS = ("ungs", "heits", "keits", "schafts", "ions", "tats")
"""What stands before the rest of a compound and nowhere else: the rest need not be known."""
_ENDINGS = ("", "e", "en", "n", "s", "es", "er", "em", "ern", "in", "innen")
_VOWELS = frozenset("aeiouy")
_PARTICLES = frozenset(
    {
        *("unter", "uber", "wider", "hinter", "gegen", "zuruck", "wieder", "weiter", "herum"),
        *("heran", "herab", "vorbei", "voruber", "zusammen", "miss", "auseinander", "durch"),
        *("entgegen", "gegenuber", "nieder"),
    }
)
"""Beginnings that change what a word means instead of saying which one of its kind it is."""


class _Form(NamedTuple):
    """One shape of a part inside a word: what it says, and what it costs to read it so."""

    terms: tuple[str, ...]
    base: str
    cost: int
    inflected: bool = True
    strong: bool = True


class Piece(NamedTuple):
    """A part as it stands in a word (``written`` with its linking sign, ``base`` without).

    ``terms`` is empty for what is not found by itself, and has two where a bound form says a noun
    as well (``heiz``: ``heiz`` and ``heizung``).
    """

    written: str
    base: str
    terms: tuple[str, ...]


class _Lexicon(NamedTuple):
    inner: dict[str, _Form]
    """Shapes that may stand before another part."""
    last: dict[str, _Form]
    """Shapes that may end a word, in every inflection."""
    longest: int


def split(word: str) -> tuple[Piece, ...]:
    """The parts of ``word`` in their order; empty where it is no compound of known parts."""
    plain = plain_word(word)
    if not SHORTEST_COMPOUND <= len(plain) <= _LONGEST_WORD:
        return ()
    return _split(plain)


def parts_of(word: str) -> tuple[str, ...]:
    """The terms by which a document that says ``word`` may be found as well, each once.

    Its parts, and what several of them in a row make (``Nebenkosten`` of
    ``Nebenkostennachzahlung``).
    """
    plain = plain_word(word)
    if not SHORTEST_COMPOUND <= len(plain) <= _LONGEST_WORD:
        return ()
    pieces = _split(plain)
    found: dict[str, None] = {}
    if not pieces and word[0].isupper():  # a noun, so that no verb is taken for one
        pieces = tuple(_half_known(plain))
        return tuple(dict.fromkeys(term for piece in pieces for term in piece.terms))
    for piece in pieces:
        found |= dict.fromkeys(piece.terms)
    for first in range(len(pieces)):
        for end in range(first + 2, len(pieces) + (first > 0)):
            run = "".join(piece.written for piece in pieces[first : end - 1])
            if pieces[end - 1].terms:
                found[term_of(run + pieces[end - 1].base)] = None
    found.pop(term_of(word), None)
    return tuple(found)


def said_apart(word: str) -> tuple[tuple[str, ...], ...]:
    """Terms that together say the same as ``word``: ``Heizkosten`` is ``heizung`` and ``kost``.

    Several ways where a part has several terms; none where a part says nothing by itself, since
    ``Nebenkosten`` are not just costs.
    """
    pieces = split(word)
    if not pieces or not all(piece.terms for piece in pieces):
        return ()
    ways = dict.fromkeys(tuple(dict.fromkeys(way)) for way in product(*(p.terms for p in pieces)))
    return tuple(way for way in ways if len(way) > 1)[:_MOST_WAYS]


def is_made_of_parts(word: str) -> bool:
    """Whether ``word`` is a part in any inflection, or a compound of nothing but parts."""
    return _is_listed(plain_word(word)) or bool(split(word))


def part_terms() -> frozenset[str]:
    """The terms of all parts and of the verbs behind them."""
    return frozenset(term for form in _lexicon().inner.values() for term in form.terms)


@lru_cache(maxsize=50_000)
def _split(word: str) -> tuple[Piece, ...]:
    """The cheapest reading of all of ``word`` as known parts; a listed word is one part."""
    if _is_listed(word):
        return ()
    read: list[tuple[int, tuple[Piece, ...]] | None] = [(0, ()), *([None] * len(word))]
    answer: tuple[int, tuple[Piece, ...]] | None = None
    for start in range(len(word) - _SHORTEST_FORM + 1):
        here = read[start]
        if here is None:
            continue
        cost, pieces = here
        for end, form in _inner(word, start):
            known = read[end]
            if known is None or cost + form.cost < known[0]:
                piece = Piece(word[start:end], form.base, form.terms)
                read[end] = (cost + form.cost, (*pieces, piece))
        tail = _last(word[start:]) if start else None
        if tail is not None and (answer is None or cost + tail.cost < answer[0]):
            answer = (cost + tail.cost, (*pieces, Piece(word[start:], tail.base, tail.terms)))
    return answer[1] if answer else ()


def _inner(word: str, start: int) -> Iterator[tuple[int, _Form]]:
    """The parts that may stand in ``word`` from ``start`` on with more behind, and their ends."""
    lexicon = _lexicon()
    for end in range(start + _SHORTEST_FORM, min(len(word), start + lexicon.longest + 1)):
        form = lexicon.inner.get(word[start:end])
        if form is not None:
            yield end, form


def _last(rest: str) -> _Form | None:
    """``rest`` as the end of a word, in any inflection."""
    return _lexicon().last.get(rest)


def _is_listed(word: str) -> bool:
    """Whether ``word`` is a part by itself, or the verb of one (``stornieren``)."""
    verb = word.removesuffix("en")
    return _last(word) is not None or (verb != word and f"{verb}ung" in _lexicon().last)


def _half_known(word: str) -> Iterator[Piece]:
    """The one known end of a word whose other end is unknown."""
    if _is_listed(word):
        return
    for start in range(_SHORTEST_UNKNOWN, len(word) - _SHORTEST_TAIL + 1):
        tail = _last(word[start:])
        if tail is not None and tail.terms:
            if tail.strong and _is_another_word(word[:start], tail.base):
                yield Piece(word[start:], tail.base, tail.terms)
            return
    for ending in _LINKING_ENDS:
        end = word.find(ending) + len(ending)
        if end > len(ending) and len(word) - end > _SHORTEST_UNKNOWN:
            whole = _last(word[: end - 1])
            if whole is not None:
                yield Piece(word[:end], whole.base, whole.terms)
            yield from _split(word[: end - 1])
            return


def _is_another_word(head: str, tail: str) -> bool:
    """Whether an unknown ``head`` may be a word before ``tail``, and not a piece of its stem."""
    return (
        len(head) + len(tail) >= _KNOWN_ENOUGH
        and head not in _PARTICLES
        and (len(tail) >= _LONG_TAIL or not head.endswith(_STEM_BEGINNINGS))
        and not _VOWELS.isdisjoint(head)
    )


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    inner: dict[str, _Form] = {}
    last: dict[str, _Form] = {}
    later: dict[str, _Form] = {}
    for section, entry in _entries():
        written, _, meant = entry.rstrip("!~").partition("=")
        base = plain_word(written)
        if section == "parts":
            terms: tuple[str, ...] = (term_of(meant or written),)
            if meant and term_of(written) not in terms and len(base) > _SHORTEST_FORM:
                terms = (term_of(written), *terms)
            form = _Form(terms, base, _LISTED, inflected="!" not in entry, strong="~" not in entry)
            inner[_inside(written)] = form
            later |= {shape: form for shape, form in _shapes(written, form) if shape not in later}
        else:
            form = _Form((), base, _LISTED + 1)
        if section == "before":
            inner.setdefault(_inside(written), form)
        else:
            last.setdefault(base, form)
    return _Lexicon(later | inner, _inflected(last), max(map(len, (*later, *inner))))


def _inflected(last: dict[str, _Form]) -> dict[str, _Form]:
    """Each shape with each ending; where two meet, the one with the shorter ending."""
    shapes: dict[str, _Form] = {}
    for ending in _ENDINGS:
        for base, form in last.items():
            if form.inflected or not ending:
                shapes.setdefault(base + ending, form)
    doubled = {
        base + ending: last[base]
        for base in last
        if base.endswith("nis")
        for ending in ("se", "sen", "ses")
    }
    return doubled | shapes


def _inside(written: str) -> str:
    """``written`` before more letters: ``Steuer`` keeps its second ``e`` only at an end."""
    return plain_word(written + "zzz")[:-3]


def _shapes(written: str, form: _Form) -> Iterator[tuple[str, _Form]]:
    """The shapes of a part before another part: with a linking sign, without its e, as a verb."""
    base = form.base
    links = [] if base.endswith("s") else ["s"]
    if not base.endswith(("e", "ung", "keit", "heit", "schaft")):
        links += ["es", "en"]
    if base.endswith(("e", "er", "el")):
        links.append("n")
    linked = form._replace(cost=_LISTED + 1)
    yield from ((_inside(written + link), linked) for link in links)
    if base.endswith("e") and len(base) > _SHORTEST_FORM + 1:
        yield base[:-1], form._replace(cost=_LISTED + 2, base=base[:-1])
    if base.endswith("ung") and len(base) >= len("ung") + _SHORTEST_VERB:
        verb = base.removesuffix("ung")
        terms = tuple(dict.fromkeys((*form.terms, term_of(verb))))
        yield verb, _Form(terms, verb, _LISTED + 2)
        yield verb + "e", _Form(terms, verb, _LISTED + 3)


def _entries() -> Iterator[tuple[str, str]]:
    text = files("eakte.language").joinpath("words/parts.txt").read_text(encoding="utf-8")
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            for entry in line.split():
                yield section, entry

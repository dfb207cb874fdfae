"""References to statutes in all the spellings that letters use, as stable terms.

``§ 22 Abs. 1 SGB II``, ``§22 Abs.1 SGB 2``, ``§ 22 (1) SGB II``, ``§ 22 I SGB II`` and
``Paragraph 22 Absatz 1 des Zweiten Buches Sozialgesetzbuch`` say the same.  On a page they become
the terms ``§22 abs1 sgb2`` in a row, so that phrases go on around them, and beside these the
combined terms from coarse to fine (``§22sgb2``, ``§22abs1``, ``§22abs1sgb2``), so that a search for
the coarser reference finds the finer one and never one of another statute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eakte.language.folding import fold
from eakte.language.units import Token, Unit

_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv"
_ROMAN = {roman: number for number, roman in enumerate(_NUMERALS.split(), start=1)}
_NTH = (
    "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte elfte zwolfte "
    "dreizehnte vierzehnte"
)
_ORDINALS = {nth: number for number, nth in enumerate(_NTH.split(), start=1)} | {"siebente": 7}
# Laws that letters to a job centre cite; any case, since queries are typed in small letters.
_LAWS = (
    "AO ArbGG AsylbLG AsylG AufenthG BAföG BDSG BEEG BGB BKGG BRAO BVG DSGVO EStG FreizügG/EU "
    "FreizügG GG GKG InsO JVEG KSVG LPartG MiLoG OWiG PKHG RVG SGG StGB StPO UhVorschG UVG VwGO "
    "VwVfG VwZG WoGG ZPO Alg-II-V BürgerGeldV EGBGB WBVG BtOG FamFG"
)

# Each begins with a set of characters and looks back only then: four times as fast.
_SGB = (
    r"[Ss](?<!\w.)[Gg][Bb][\s-]{0,2}"
    r"(?P<book>[IVXivx]{1,4}|[IVXivxl1]{1,4}|[0-9]{1,2})(?!\w)"
)
_BOOK = (
    r"[EZDVFSANezdvfsan](?<!\w.)(?:(?i:"
    r"(?<=E)rste|(?<=Z)weite|(?<=D)ritte|(?<=V)ierte|(?<=F)ünfte|(?<=S)echste|(?<=S)iebe?n?te|"
    r"(?<=A)chte|(?<=N)eunte|(?<=Z)ehnte|(?<=E)lfte|(?<=Z)wölfte|(?<=V)ierzehnte)"
    r"[nsr]?\s+(?i:buch)(?:e?s)?(?:\s+(?:des\s+)?(?i:sozialgesetzbuch)(?:e?s)?|(?=\s*\()))"
)
_NAMED = "|".join(sorted(map(re.escape, _LAWS.split()), key=len, reverse=True))
_LAW = re.compile(rf"(?P<sgb>{_SGB})|(?P<nth>{_BOOK})|(?<!\w)(?P<law>(?i:{_NAMED}))(?!\w)")
# On its own only the Sozialgesetzbuch gets a term of its own; "AO" or "GG" are plain words.
_SGB_ALONE = re.compile(rf"(?P<sgb>{_SGB})")
_LAW_ALONE = re.compile(rf"(?P<sgb>{_SGB})|(?P<nth>{_BOOK})")
_A_BOOK = re.compile(r"[Bb][Uu][Cc][Hh]")
"""Without it no book is written out, and a search for few letters is four times as fast."""
_SIGN = re.compile(
    r"[§AaPp](?:(?<=§)§?\s*|(?<!\w.)(?i:rt(?:ikeln?|\.)?|aragra(?:ph|f)(?:en|s)?)\s*)(?=[0-9])"
)
_BARE = re.compile(
    r"[0-9](?<![\w.,/§-].)[0-9]{0,2}[a-z]?\s+(?:Abs(?:atz|\.)?\s?[0-9]+[a-z]?\s+)?(?=SGB\s?[IVX0-9])",
    re.IGNORECASE,
)
"""A reference whose sign was not typed, or not read: ``22 SGB II``."""
_NUMBER = re.compile(
    r"(?P<number>[0-9]{1,4})(?:(?P<letter>[a-z]|\s[a-hj-uwyz])(?![\w.]))?", re.IGNORECASE
)
_LEVEL = re.compile(
    r"[\s,]{0,3}(?:(?P<kind>Abs(?:atz|ätze)?|S(?:atz|ätze)?|Nr|Nrn|Nummer|Hs|Halbsatz|Alt|"
    r"Alternative|Buchst|Buchstabe|lit)(?:\.\s?|\s|(?=[0-9]))\s?"
    r"(?P<value>[0-9]{1,3}[a-z]?|[a-z]|[IVX]{1,4})(?!\w)|\((?P<brackets>[0-9]{1,2}[a-z]?)\))",
    re.IGNORECASE,
)
_ROMAN_LEVEL = re.compile(
    rf"\s(?P<roman>[IVX]{{1,4}})(?=\s+(?:S\.?\s*[0-9]|[0-9]\s+SGB|SGB(?!\w)|(?:{_NAMED})(?!\w)))",
    re.IGNORECASE,
)
_BARE_SENTENCE = re.compile(r"\s(?P<sentence>[0-9])(?=\s+SGB)", re.IGNORECASE)
_ONWARD = re.compile(r"\s?ff?\.?(?!\w)")
_NEXT = re.compile(r"\s*(?:,|und|u\.|bis|oder|sowie|-|–)\s*(?=[0-9])", re.IGNORECASE)
_MOST_LEVELS = 8
"""Absatz, Satz, Nummer, Buchstabe ...: statutes need no more, and each one more makes terms."""
_TO_LAW = re.compile(r"[\s,]{0,3}(?:de[sr]\s+)?", re.IGNORECASE)
_KINDS = {"absatze": "abs", "absatz": "abs", "satz": "s", "satze": "s", "nrn": "nr"}
_KINDS |= {"nummer": "nr", "halbsatz": "hs", "alternative": "alt", "buchst": "lit"}
_KINDS |= {"buchstabe": "lit"}


def citations(text: str) -> Iterator[Unit]:
    """References to paragraphs and to the books of the Sozialgesetzbuch, in their order."""
    position = 0
    while match := _next(text, position):
        yield from _books(text, position, match.start())
        items, law, position = _reference(text, match)
        yield from _units(items, law)
    yield from _books(text, position, len(text))


def _next(text: str, position: int) -> re.Match[str] | None:
    """The next sign with a number behind it, or number that must have lost its sign."""
    signed = _SIGN.search(text, position)
    bare = _BARE.search(text, position, signed.start() if signed else len(text))
    return bare or signed


def _books(text: str, start: int, end: int) -> Iterator[Unit]:
    alone = _LAW_ALONE if _A_BOOK.search(text, start, end) else _SGB_ALONE
    for match in alone.finditer(text, start, end):
        term = _law_term(match)
        extra = Token("sgb", match.start(), match.end(), extra=True)
        token = Token(term, match.start(), match.end())
        yield Unit((token, extra), ((term,),), match.start(), match.end())


def _reference(text: str, match: re.Match[str]) -> tuple[list[list[Token]], Token | None, int]:
    """The paragraphs behind one sign, each as its levels; their law; and where all that ends."""
    bare = match.re is _BARE
    written = "§" if bare else match.group().rstrip()
    sign = "art" if written[0] in "Aa" else "§"
    items: list[list[Token]] = []
    start = position = match.start()
    after = start if bare else match.end()
    while number := _NUMBER.match(text, after):
        letter = (number["letter"] or "").strip().lower()
        levels = [Token(f"{sign}{number['number']}{letter}", start, number.end())]
        position = _levels(text, number.end(), levels)
        items.append(levels)
        if onward := _ONWARD.match(text, position):
            position = onward.end()
        following = _NEXT.match(text, position)
        if following is None or written == "§":
            break
        start = after = following.end()
    between = _TO_LAW.match(text, position)
    law = _LAW.match(text, between.end() if between else position)
    if law is None:
        return items, None, position
    return items, Token(_law_term(law), law.start(), law.end()), law.end()


def _levels(text: str, position: int, levels: list[Token]) -> int:
    """Append Absatz, Satz, Nummer and so on to ``levels``; returns where they end."""
    while len(levels) < _MOST_LEVELS:
        if match := _LEVEL.match(text, position):
            written = fold(match["kind"] or "abs")
            value = (match["value"] or match["brackets"]).lower()
            term = f"{_KINDS.get(written, written)}{_ROMAN.get(value, value)}"
        elif len(levels) == 1 and (match := _ROMAN_LEVEL.match(text, position)):
            term = f"abs{_ROMAN.get(match['roman'].lower(), 0)}"
        elif len(levels) == 2 and (match := _BARE_SENTENCE.match(text, position)):
            term = f"s{match['sentence']}"
        else:
            return position
        levels.append(Token(term, match.end() - len(match.group().lstrip(" ,\n")), match.end()))
        position = match.end()
    return position


def _units(items: list[list[Token]], law: Token | None) -> Iterator[Unit]:
    for place, levels in enumerate(items):
        last = place == len(items) - 1
        start, end = levels[0].start, levels[-1].end
        extras: list[Token] = []
        for depth in range(1, len(levels) + 1):
            combined = "".join(token.term for token in levels[:depth])
            if depth > 1:
                extras.append(Token(combined, start, levels[depth - 1].end, extra=True))
            if law:
                upto = law.end if last else levels[depth - 1].end
                extras.append(Token(combined + law.term, start, upto, extra=True))
        tokens = list(levels)
        if law and last:
            tokens.append(law)
            end = law.end
            if law.term.startswith("sgb"):
                extras.append(Token("sgb", law.start, law.end, extra=True))
        whole = "".join(token.term for token in levels) + (law.term if law else "")
        yield Unit((*tokens, *extras), ((whole,),), start, end)


def _law_term(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups["sgb"]:
        return f"sgb{_book_number(groups['book'])}"
    if groups.get("nth"):
        return f"sgb{_ORDINALS.get(fold(groups['nth'].split()[0]).rstrip('nsr'), 0)}"
    return "".join(char for char in fold(groups["law"]) if char.isalnum())


def _book_number(written: str) -> int:
    """``II``, ``2``, and what a recognition makes of it: ``Il``, ``ll``, ``lI``."""
    if written.isdigit() and written not in {"1", "111"}:
        return int(written)
    return _ROMAN.get(re.sub("[l1]", "i", written.lower()), 0)

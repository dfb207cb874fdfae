"""Pages without what names somebody: placeholders by kind in the places of names and numbers.

What the register knows of a case file is replaced wherever it stands, OCR errors and inflection
forgiven.  What it does not know (a landlord, a doctor, an informant) is replaced where a letter
names people: after a salutation or a label, under the closing words, in an address.  Every digit
outside a citation becomes ``0``, and letters within a number ``X``, so that a number keeps its
shape for the rules and nothing else.  Rather a word too many than one too few: an example teaches
what kind of letter it is, not whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eakte.domain.pages import PageText, Word
from eakte.language.folding import fold
from eakte.language.names import name_parts, parts_alike

NAME, PLACE, MAIL, WEB = "XNAM", "XORT", "XMAIL", "XWEB"
"""The placeholders; of numbers only their shape is left (``00000//0000000``, ``XX00``)."""

_ALIKE = 0.7
_INFLECTED = 3
_LONG_WORD = 4
_NAMES_IN_A_ROW = 3
_CLOSING_LINES = 4
_LAW_PLACES = 4
_WANTS_NUMBER, _CITING = 1, 2

_PIECE = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_EDGES = re.compile(r"^([\W_]*)(.*?)([\W_]*)$", re.DOTALL)
_LAW_SIGN = re.compile(r"^[(\[]*(§+|art\.?|artikel)$", re.IGNORECASE)
_LAW_GOES_ON = re.compile(
    r"^(abs\.?|absatz|satz|nr\.|nrn\.|ziff\.|buchst\.|und|bis|i\.v\.m\.|,)$", re.IGNORECASE
)
_LAW_NUMBER = re.compile(rf"^\d{{1,{_LAW_PLACES}}}[a-z]?[,.;:)\]]*$")
_LAW_WHOLE = re.compile(rf"^[(\[]*§+\d{{1,{_LAW_PLACES}}}[a-z]?[,.;:)\]]*$")
_AT = re.compile(r"[(\[{]\s?(?:at|ät)\s?[)\]}]", re.IGNORECASE)
_POSTCODE = re.compile(r"^(D-)?\d{5}[,.;]?$")
_STREET = re.compile(
    r"(stra(ß|ss)e|str|weg|allee|platz|gasse|ring|damm|ufer|chaussee|markt|hof|stieg|twiete|deich"
    r"|pfad|park|berg|wall|reihe|kamp|koog)$"
)
_CLOSING = re.compile(r"^(gru(ß|ss)|gr(ü|ue|u)(ß|ss)(e|en)|hochachtungsvoll)\W*$", re.IGNORECASE)
_TITLE = re.compile(
    r"^(herrn?|frau|fam|familie|eheleute|dr|prof|med|ra|rain|rechtsanw(a|ä)lt(in|e|innen)?|notarin?|"
    r"kanzlei|praxis|firma|fa|hausverwaltung|h(ä|ae?)nden|hd|"
    r"nachbar(in|n)?|freund(in)?|bekannte[rn]?|kolleg(e|en|in)|verlobte[rn]?|schwester|bruder|"
    r"schwager|schw(ä|a)gerin|onkel|tante|oma|opa|gro(ß|ss)(mutter|vater)|enkel(in)?|nichte|neffe|"
    r"lebensgef(ä|ae?)hrt(e|en|in)|mitbewohner(in)?|(unter|haupt)mieter(in)?|eigent(ü|ue?)mer(in)?|"
    r"hausmeister(in)?|zeug(e|en|in)|chef(in)?|arbeitgeber(in)?|"
    r"vermieter(in)?|mieter(in)?|geb|geboren|geborene|geborener|kind|sohn|tochter|mutter|vater|"
    r"ehefrau|ehemann|partner(in)?|gez|iA|iV|name|vorname|nachname|familienname|geburtsname|"
    r"kontoinhaber(in)?|inhaber(in)?|patient(in)?|versicherter?|arbeitnehmer(in)?|"
    r"sch(ü|u)ler(in)?|antragsteller(in)?|bevollm(ä|a)chtigter?|betreuer(in)?|kl(ä|a)ger(in)?|"
    r"gl(ä|a)ubiger(in)?|schuldner(in)?|ansprechpartner(in)?|sachbearbeiter(in)?|bearbeiter(in)?|"
    r"lieber?|hallo|geehrter?)$",
    re.IGNORECASE,
)
_OF_NAMES = frozenset(
    [
        "von",
        "vom",
        "van",
        "der",
        "den",
        "dem",
        "de",
        "la",
        "le",
        "zu",
        "zum",
        "zur",
        "al",
        "el",
        "bin",
        "ter",
        "und",
        "u",
    ]
)
_BETWEEN = frozenset(["ist", "war", "sind", "heisst", "lautet", "namens"])
"""„Vermieter ist …“, „Mein Name lautet …“: what stands between the word and the name."""
_NO_NAMES = frozenset(
    [
        "damen",
        "herren",
        "herr",
        "herrn",
        "frau",
        "anlage",
        "anlagen",
        "jobcenter",
        "amt",
        "landkreis",
        "kreis",
        "stadt",
        "gemeinde",
        "sozialzentrum",
        "team",
        "leistung",
        "antrag",
        "bescheid",
        "widerspruch",
        "datum",
        "unterschrift",
        "ort",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the register says of the people concerned: folded parts of names and of addresses."""

    names: frozenset[str]
    places: frozenset[str]


def known_from(names: Iterable[str], places: Iterable[str]) -> Known:
    """``Known`` of names and streets or towns as they are written."""
    return Known(
        names=frozenset(part for name in names for part in _known_parts(name)),
        places=frozenset(
            part for place in places for part in name_parts(place) if len(part) >= _LONG_WORD
        ),
    )


def pseudonymised(page: PageText, known: Known) -> PageText:
    """``page`` with placeholders in the places of names, addresses and numbers.

    As many words as before, each in its box and line.
    """
    lines = [list(line) for line in page.lines()]
    flat = [word for line in lines for word in line]
    taken: dict[int, str] = {}
    _take_known(flat, known, taken)
    _take_mail(flat, taken)
    _take_cued(lines, taken)
    _take_addresses(lines, taken)
    words = []
    citing = 0
    for index, word in enumerate(flat):
        cited, citing = _cites(word.text, citing)
        if index in taken:
            text = _with_edges(word.text, taken[index])
        else:
            text = word.text if cited else _without_numbers(word.text)
        words.append(replace(word, text=text))
    return replace(page, words=tuple(words))


# -- names and places that are known ------------------------------------------------------------


def _known_parts(name: str) -> Iterable[str]:
    parts = name_parts(name)
    return (*parts, "".join(parts)) if len(parts) > 1 else parts


def _take_known(flat: Sequence[Word], known: Known, taken: dict[int, str]) -> None:
    for index, word in enumerate(flat):
        if _names_somebody(word.text, known.names):
            taken[index] = NAME
        elif _names_somebody(word.text, known.places):
            taken[index] = PLACE
    _take_torn(flat, known.names | known.places, taken)


def _names_somebody(text: str, known: frozenset[str]) -> bool:
    for part in _LETTERS.findall(text):
        folded = fold(part)
        if _is_known(folded, known) and (len(folded) >= _LONG_WORD or part[:1].isupper()):
            return True
    joined = fold("".join(_LETTERS.findall(text)))
    return len(joined) >= _LONG_WORD and _is_known(joined, known)


def _is_known(folded: str, known: frozenset[str]) -> bool:
    if folded in known:
        return True
    for name in known:
        if len(name) < _INFLECTED:
            continue
        if name in folded and len(name) > _LONG_WORD:
            return True  # inflected, or run together with its neighbour
        if folded[:-1] == name or folded[:-2] == name:
            return True
        if parts_alike(folded, name) >= _ALIKE:
            return True
    return False


def _take_torn(flat: Sequence[Word], known: frozenset[str], taken: dict[int, str]) -> None:
    """Names over two words (``Lüden-`` ``scheidt``, ``Mül ler``), and letter by letter."""
    letters = [fold("".join(_LETTERS.findall(word.text))) for word in flat]
    for index in range(len(flat) - 1):
        joined = letters[index] + letters[index + 1]
        if letters[index] and letters[index + 1] and len(joined) > _LONG_WORD and joined in known:
            taken.setdefault(index, NAME)
            taken.setdefault(index + 1, NAME)
    start = 0
    while start < len(flat):
        end = start
        while end < len(flat) and len(letters[end]) == 1:
            end += 1
        spaced = "".join(letters[start:end])
        if end - start > _NAMES_IN_A_ROW and any(name in spaced for name in known):
            taken.update(dict.fromkeys(range(start, end), NAME))
        start = end + 1


def _take_mail(flat: Sequence[Word], taken: dict[int, str]) -> None:
    """An address of mail that was read as several words."""
    for index, word in enumerate(flat):
        text = _AT.sub("@", word.text)
        if text.startswith("@") and index:
            taken[index - 1] = MAIL
        if text.endswith("@") and index + 1 < len(flat):
            taken[index + 1] = MAIL


# -- names that only their place gives away -----------------------------------------------------


def _take_cued(lines: Sequence[Sequence[Word]], taken: dict[int, str]) -> None:
    first = 0
    closing = 0
    for line in lines:
        follow = 0
        for place, word in enumerate(line):
            bare = _bare(word.text)
            if _TITLE.match(bare.replace(".", "")) or word.text.lower() == "ich,":
                follow = _NAMES_IN_A_ROW
            elif follow or closing:
                if _may_be_name(bare):
                    taken.setdefault(first + place, NAME)
                    follow = max(0, follow - 1)
                elif bare and bare.lower() not in _OF_NAMES and fold(bare) not in _BETWEEN:
                    follow = 0
            if word.text.endswith(".") and len(bare) > _LONG_WORD:
                follow = 0  # the sentence ends; „Dr.“ and „geb.“ end none
            if _CLOSING.match(bare):
                closing = _CLOSING_LINES + 1
        closing = max(0, closing - 1)
        first += len(line)


def _may_be_name(bare: str) -> bool:
    return bare[:1].isupper() and fold(bare) not in _NO_NAMES and not any(map(str.isdecimal, bare))


def _take_addresses(lines: Sequence[Sequence[Word]], taken: dict[int, str]) -> None:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for number, line in enumerate(lines):
        for place, word in enumerate(line):
            at = starts[number] + place
            if _POSTCODE.match(word.text) and place + 1 < len(line):
                for further in range(place + 1, min(len(line), place + 3)):
                    if _may_be_name(_bare(line[further].text)):
                        taken.setdefault(starts[number] + further, PLACE)
                if place == 0:
                    _take_block(lines, starts, number, taken)
            numbered = place + 1 < len(line) and line[place + 1].text[:1].isdecimal()
            if numbered and _STREET.search(fold(_bare(word.text)).strip(".")):
                taken.setdefault(at, PLACE)
                if place and _may_be_name(_bare(line[place - 1].text)):
                    taken.setdefault(at - 1, PLACE)


def _take_block(
    lines: Sequence[Sequence[Word]], starts: Sequence[int], number: int, taken: dict[int, str]
) -> None:
    """The lines above a postcode that begins its line: street, then name."""
    for above in range(max(0, number - 3), number):
        words = lines[above]
        if len(words) > _LONG_WORD:
            continue
        for place, word in enumerate(words):
            if _may_be_name(_bare(word.text)):
                taken.setdefault(starts[above] + place, NAME)


# -- numbers ------------------------------------------------------------------------------------


def _cites(text: str, state: int) -> tuple[bool, int]:
    """Whether a word is part of a citation as it stands, and how the citation goes on from it."""
    if _LAW_WHOLE.match(text):
        return True, _CITING
    if _LAW_SIGN.match(text):
        return True, _WANTS_NUMBER
    if state and _LAW_GOES_ON.match(text):
        return True, _WANTS_NUMBER
    if state == _WANTS_NUMBER and _LAW_NUMBER.match(text):
        return True, _WANTS_NUMBER if text.endswith(",") else _CITING
    return False, 0


def _without_numbers(text: str) -> str:
    lowered = text.lower()
    if "@" in text or _AT.search(text):
        return MAIL
    if "www." in lowered or "://" in text:
        return WEB
    if not any(map(str.isdecimal, text)):
        return text
    return "".join(map(_shape, _PIECE.findall(text)))


def _shape(piece: str) -> str:
    if any(map(str.isdecimal, piece)):
        return "0" * len(piece)
    return "X" * len(piece) if piece[0].isalpha() and len(piece) < _LONG_WORD else piece


def _bare(text: str) -> str:
    match = _EDGES.match(text)
    return match[2] if match else text


def _with_edges(text: str, placeholder: str) -> str:
    """``placeholder`` between the signs that stand around ``text``."""
    match = _EDGES.match(text)
    return f"{match[1]}{placeholder}{match[3]}" if match else placeholder

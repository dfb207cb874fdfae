"""Who wrote, and what the letter calls itself.

Senders stand in the line over the window, in the letterhead, in a block of their own, below the
regards.
Zones come from ``layout`` (DIN 5008).  The authority's own name is never an incoming letter's
sender.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from classifiers.facts_stamp import without_stamp
from classifiers.facts_text import Reading
from classifiers.layout import Line, Zone
from eakte.domain.facts import Fact, FactKind
from eakte.language.folding import fold
from eakte.language.tax_ids import without_tax_ids

LONGEST = 200
"""Characters of a sender's name or a subject that are kept."""

_I = re.IGNORECASE
_PARTS = re.compile(r"\s*[·•|*;–—]\s*|\s+-\s+|,\s+")
_FROM = re.compile(r"^(?:von|from|absender(?:in)?)\s?:?\s+(?P<name>[^<(]+?)\s*(?:[<(].*)?$", _I)
_STREET = re.compile(
    r"(?:str\.|straße|strasse|weg|platz|allee|ring|gasse|damm|ufer|chaussee|\bstr)\b|\d{5}",
    _I,
)
_NOT_A_NAME = re.compile(
    r"@|www\.|https?:|telefon|telefax|\btel\b|\bfax\b|e-?mail|\biban\b|\bseite \d|\bdatum\b|"
    r"zeichen|\d{4,}|^\W*$|aktenzeichen|kundennummer|bg-nummer|bearbeiter|auskunft|durchwahl|"
    r"postfach|öffnungszeiten|sprechzeiten|eingegang|eingang\b|per fax|einschreiben|"
    r"vorab per|sehr geehrte|antrag auf|formular|anlage \d|zimmer|geb\.|geboren",
    _I,
)
_REGARDS = re.compile(
    r"^(?:mit (?:freundlich|vorzuglich|kollegial|besten|herzlich|liebe)|hochachtungsvoll|viele gru|"
    r"mfg|freundliche gru|beste gru|gruss|im auftrag|es grusst)"
)
_SIGNED = re.compile(r"^(?:gez\.?|i\. ?a\.|im auftrag|i\. ?v\.|unterschrift)\s*:?\s*", _I)
_PERSON = re.compile(
    r"^(?:(?:dr\.|prof\.|dipl\.-\w+|frau|herr)\s+)*[A-ZÄÖÜİŞĆČŁÑ][\w'’.\-]+(?:\s+(?:[a-z]{2,3}\s+)?[A-ZÄÖÜİŞĆČŁÑ][\w'’.\-]*){1,3}$",
    _I,
)
_ROLE = re.compile(
    r"^(?:absender(?:in)?|von|name|vermieter(?:in)?|arbeitgeber(?:in)?|firma|antragsteller(?:in)?)"
    r"\s?:\s*|^(?:herrn?|frau)\s+",
    _I,
)
_SUBJECT_LABEL = re.compile(
    r"^(?:betreff|betr\.?|betrifft|wegen|hier|thema|subject|bezug)\s?[:.]\s*", _I
)
_LABELLED = re.compile(r"^(?:aktenzeichen|az\.?|bg-?n\w*\.?|kunden\w*|ihr zeichen|geb\.)\b", _I)
_TITLE = re.compile(
    r"antrag|auszug|anlage\b|bescheid|erklärung|bescheinigung|rechnung|mitteilung|nachweis|beschluss|"
    r"urteil|ladung|vertrag|formular|attest|protokoll|zeugnis|ausweis|urkunde|anhörung|einladung|"
    r"kündigung|mahnung|quittung|vollmacht|gutachten|auskunft|stellungnahme|bestätigung|mieterhöhung",
    _I,
)
"""What papers are called; nobody who writes is."""
_ADDRESS_LINE = re.compile(
    r"\d{5} [A-ZÄÖÜ]|\s\d{1,3}\s?[a-z]?$|^\W*\d[\d.,/ -]*$|^an (?:das|die|den)\b", _I
)
_OFFICE_LINE = re.compile(
    r"\d{5} [A-ZÄÖÜ]|^an (?:das|die|den)\b|^(?:herrn?|frau)\s|^\W*\d[\d.,/ -]*$", _I
)
_INFORMATION = re.compile(
    r"@|www\.|telefon|\btel\b|\bfax\b|\biban\b|zeichen\b|\bdatum\b|auskunft erteilt|\bseite \d|"
    r"eingegangen|geburtsdatum|sehr geehrte",
    _I,
)
_DATE_BEHIND = re.compile(r"\s+\S{0,3}\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]+)\s?\d{2,4}$")
_PRINT = 0.6
"""Mean confidence below which a name was hardly set in type."""
_LONG_LINE = 75
_HEADINGS_BEGIN, _HEADINGS_END = 0.1, 0.6
_SENDERS_END = 0.25
_TOP, _TOP_LINES = 0.1, 3
_HEAD = 0.2
"""Letterheads stand above this height of the first page."""


def senders(pages: Sequence[Reading], own: Sequence[str]) -> Iterator[Fact]:
    """The sender by every place that names one; the best, and surer where two agree.

    ``own`` are names of the authority itself.
    """
    if not pages:
        return
    page = pages[0]
    found = list(_candidates(page, [fold(name) for name in own]))
    found += _signatures(pages)
    if not found:
        return
    agree = Counter(_key(name) for _, name, *_ in found)
    ranked = sorted(
        found,
        key=lambda row: row[0] + 0.08 * (agree[_key(row[1])] > 1),
        reverse=True,
    )
    score, name, rule, where, lines = ranked[0]
    if agree[_key(name)] > 1:
        score = min(0.97, score + 0.08)
    yield Fact(
        kind=FactKind.SENDER,
        value=without_tax_ids(name)[:LONGEST].strip(),
        score=round(score, 3),
        evidence=(where.evidence_of_lines(rule, *lines),),
    )


_Candidate = tuple[float, str, str, Reading, tuple[Line, ...]]


def _candidates(page: Reading, own: Sequence[str]) -> Iterator[_Candidate]:
    usual = median(line.height for line in page.lines) if page.lines else 0.0
    block: list[Line] = []
    for line in page.lines:
        name = _name(line.text)
        if line.zone is Zone.SENDER and line.box.y0 < _SENDERS_END and "wohnhaft" not in line.text:
            parts = [part for part in _PARTS.split(line.text.strip()) if part]
            if len(parts) > 1 and _STREET.search(line.text):
                if _is_name(parts[0], own):
                    yield 0.88, parts[0], "fakt.absenderzeile", page, (line,)
            elif not block or line.box.y0 - block[-1].box.y1 < 2.5 * usual:
                block.append(line)
        match = _FROM.match(line.text.strip())
        if match and line.box.y0 < 0.5 and _is_name(match["name"], own):
            yield 0.9, match["name"].strip(" \"'"), "fakt.von", page, (line,)
        elif line.zone in {Zone.TITLE, Zone.HEADER} and line.box.y0 < _HEAD and _is_name(name, own):
            large = line.height > 1.3 * usual
            first = line is page.lines[0]
            if (large or first) and _is_print(line):
                yield (0.78 if large else 0.62), name, "fakt.briefkopf", page, (line,)
    if not block and not any(line.zone is Zone.SENDER for line in page.lines):
        # The only address on top of the page is the writer's: the letter is to the reader alone.
        block = [
            line
            for line in page.lines[:_TOP_LINES]
            if line.zone is Zone.RECIPIENT and line.box.y0 < _TOP
        ]
    name = next((_name(line.text) for line in block if _is_name(_name(line.text), own)), "")
    if name:
        yield 0.86, name, "fakt.absender", page, tuple(block[:1])


def _signatures(pages: Sequence[Reading]) -> Iterator[_Candidate]:
    """The first line below the regards that looks like a name."""
    for page in pages[:4]:
        regards = -1
        for place, line in enumerate(page.lines):
            if _REGARDS.match(fold(line.text.strip())):
                regards = place
            elif regards >= 0 and place - regards <= 4:
                name = _SIGNED.sub("", line.text.strip())
                if _PERSON.match(name) and not _NOT_A_NAME.search(name) and _is_print(line):
                    yield 0.6, name, "fakt.unterschrift", page, (line,)
                    return


def _is_print(line: Line) -> bool:
    """Whether the words were read with some confidence: signatures and stamps are not."""
    return sum(word.confidence for word in line.words) >= _PRINT * len(line.words)


def _name(text: str) -> str:
    text = _DATE_BEHIND.sub("", text.strip())
    first = next((part for part in _PARTS.split(text.strip()) if part), "")
    return _ROLE.sub("", first).strip(" ,;:")


def _is_name(name: str, own: Sequence[str]) -> bool:
    if len(name) < 4 or len(name.split()) > 9 or _NOT_A_NAME.search(name):
        return False
    if _TITLE.search(name) or _ADDRESS_LINE.search(name):
        return False
    if _STREET.search(name) and not re.search(r"stadt|werk|gmbh|bank|kasse", name, _I):
        return False
    folded = fold(name)
    return sum(char.isalpha() for char in name) >= 4 and not any(one in folded for one in own)


def _key(name: str) -> str:
    """Order of words does not matter: „Müller, Jörg“ signs as „Jörg Müller“."""
    return " ".join(sorted(re.findall(r"\w+", fold(name))))


def subjects(pages: Sequence[Reading]) -> Iterator[Fact]:
    """The subject line; where there is none, the heading that stands under the address."""
    for page in pages[:1]:
        lines = [line for line in page.lines if line.zone is Zone.SUBJECT]
        lines = without_stamp(lines, page.lines)
        score, rule = 0.9, "fakt.betreff"
        heading = _heading(page)
        above = heading is not None and bool(lines) and heading.box.y0 < lines[0].box.y0
        sentence = above and len(lines[0].text) > _LONG_LINE
        if (not lines or sentence) and heading is not None:
            title = heading.zone is Zone.TITLE or _TITLE.search(heading.text)
            lines, score, rule = [heading], (0.8 if title else 0.7), "fakt.titel"
        said = [line for line in lines if not _LABELLED.match(line.text.strip())] or lines
        text = " ".join(_SUBJECT_LABEL.sub("", line.text.strip()) for line in said)
        text = without_tax_ids(text).strip()[:LONGEST]
        if sum(char.isalpha() for char in text) >= 3:
            yield Fact(
                kind=FactKind.SUBJECT,
                value=text,
                score=score,
                evidence=(page.evidence_of_lines(rule, *said),),
            )


def _is_below_the_window(line: Line) -> bool:
    """Whom a paper concerns often follows its heading with an address: nobody sends from there."""
    return line.zone is Zone.SENDER and line.box.y0 > _SENDERS_END


def _heading(page: Reading) -> Line | None:
    """The first line under the address that could be a heading; a kind of paper goes before."""
    bottom = max(
        (line.box.y1 for line in page.lines if line.zone is Zone.RECIPIENT and line.box.y0 < 0.4),
        default=0.0,
    )
    found = [
        line
        for line in page.lines
        if (line.zone in {Zone.TITLE, Zone.HEADER} or _is_below_the_window(line))
        and max(bottom, _HEADINGS_BEGIN) < line.box.y0 < _HEADINGS_END
        and line.box.x0 < 0.5
        and len(line.text.split()) <= 14
        and not line.text.rstrip().endswith((".", ":", ","))
        and not _INFORMATION.search(line.text)
        and not _LABELLED.match(line.text.strip())
        and not _OFFICE_LINE.search(line.text)
    ]
    named = [line for line in found if _TITLE.search(line.text) and line.text[:1].isupper()]
    return next(iter((*named, *found)), None)

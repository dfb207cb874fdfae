"""Post that is not opened: an envelope marked „persönlich“, „vertraulich“ and the like.

Such post is logged with a picture of the envelope only.  The scanner delivers an envelope as a
single page with an address and little else, so this looks for a mark that stands alone on a line
of such a page.  A letter that merely speaks of something confidential has far more words; a short
one is known by what no envelope bears: a salutation or closing, somebody who says „ich“, a
sentence, a file number, words that mean something to the rules.  In doubt it is a letter, because
a letter taken for an envelope reaches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from classifiers.catalogue import Catalogue
from classifiers.identifiers import evidence_of
from classifiers.keywords import KeywordClassifier
from classifiers.layout import Line, lines_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.folding import fold

_MOST_WORDS = 45
_MOST_WORDS_OF_A_LINE = 7
_LETTER = re.compile(
    r"^(?:sehr (?:ge+hrte|verehrte)|guten (?:tag|morgen)|hallo|moin|liebe[rs]? |werte[rs]? )|"
    r"^(?:mit (?:freundlich|vorzuglich|kollegial|besten)|hochachtungsvoll|viele gru|"
    r"freundliche gru|mfg|beste gru)|"
    r"\b(?:ich|wir|mir|mich|uns|mein\w*|unser\w*|hiermit|anbei|betreff|betrifft|"
    r"widerspruch|antrag|klage|kundigung)\b"
)
_MARKS = (
    (
        "personalrat",
        (
            r"(?:an )?(?:den |die )?(?:(?:ortlichen? )?personalrat|schwerbehindertenvertretung|"
            r"vertrauensperson der schwerbehinderten menschen)"
        ),
    ),
    ("gleichstellung", r"(?:an )?(?:die )?gleichstellungsbeauftragte"),
    ("arzt", r"arztliche[rn] dienst\W+(?:bitte )?verschlossen"),
    (
        "ausschreibung",
        (
            r"(?:offentliche )?ausschreibung\W+(?:bitte )?nicht (?:vorzeitig )?offnen|"
            r"(?:angebot|submission)\W+(?:bitte )?nicht (?:vorzeitig )?offnen"
        ),
    ),
    (
        "persoenlich",
        (
            r"(?:(?:streng|hochst) )?(?:personlich|vertraulich|privat)"
            r"(?:\W+(?:(?:und|oder) )?(?:streng )?(?:personlich|vertraulich|verschlossen))*|"
            r"(?:bitte )?(?:ungeoffnet weiterleiten|nicht offnen|verschlossen)"
        ),
    ),
)
_KINDS = tuple((kind, re.compile(rf"\W*(?:{mark})\W*")) for kind, mark in _MARKS)
_PLACE = re.compile(r"\b\d{5} [A-ZÄÖÜ]")


def closed_post(pages: tuple[PageText, ...]) -> Evidence | None:
    """The mark because of which ``pages`` are an envelope that stays closed, else None.

    Only a single page with an address and at most 45 words can be one. The rule of the evidence
    ends with whom it is for: ``personalrat``, ``gleichstellung``, ``arzt``, ``ausschreibung`` or
    ``persoenlich``; the office goes before the person where both stand there.
    """
    written = [page for page in pages if page.words]
    if len(written) != 1 or len(written[0].words) > _MOST_WORDS:
        return None
    number = pages.index(written[0]) + 1
    lines = lines_of(written[0], first=True)
    if not any(_PLACE.search(line.text) for line in lines):
        return None
    if any(_is_of_a_letter(line) for line in lines):
        return None
    for kind, mark in _KINDS:
        for line in lines:
            if mark.fullmatch(fold(line.text)):
                return evidence_of(f"poststelle.verschlossen.{kind}", number, line.words)
    return None


def envelope_finder(
    catalogue: Catalogue, pattern: AktenzeichenPattern
) -> Callable[[tuple[PageText, ...]], Evidence | None]:
    """:func:`closed_post`, where neither our own number nor a rule's words stand on the pages.

    Words of sample letters are not asked: a sender's name has some in common with any letter.
    """
    classifier = KeywordClassifier(catalogue)

    def find(pages: tuple[PageText, ...]) -> Evidence | None:
        mark = closed_post(pages)
        if mark is None:
            return None
        lines = [line.text for page in pages for line in lines_of(page, first=True)]
        if any(True for line in lines for _ in pattern.find(line)):
            return None
        spoken = any(found.evidence for found in classifier.classify(tuple(map(_unmarked, pages))))
        return None if spoken else mark

    return find


def _unmarked(page: PageText) -> PageText:
    """The page without the marks, some of which mean something to the rules as well."""
    marks = [
        word
        for line in lines_of(page, first=True)
        if any(mark.fullmatch(fold(line.text)) for _, mark in _KINDS)
        for word in line.words
    ]
    return replace(page, words=tuple(word for word in page.words if word not in marks))


def _is_of_a_letter(line: Line) -> bool:
    """Whether no envelope bears such a line; a sender's line may be long."""
    if _LETTER.search(fold(line.text)):
        return True
    return len(line.text.split()) > _MOST_WORDS_OF_A_LINE and not _PLACE.search(line.text)

"""Post that is not opened: an envelope marked „persönlich“, „vertraulich“ and the like.

Such post is logged with a picture of the envelope only.  The scanner delivers an envelope as a
single page with an address and little else, so this looks for a mark that stands alone on a line
of such a page.  A letter that merely speaks of something confidential has far more words.
"""

from __future__ import annotations

import re

from classifiers.identifiers import evidence_of
from classifiers.layout import lines_of
from eakte.domain.findings import Evidence
from eakte.domain.pages import PageText
from eakte.language.folding import fold

_MOST_WORDS = 45
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
    for kind, mark in _KINDS:
        for line in lines:
            if mark.fullmatch(fold(line.text)):
                return evidence_of(f"poststelle.verschlossen.{kind}", number, line.words)
    return None

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
_MARK = re.compile(
    r"\W*(?:(?:streng|hochst) )?(?:personlich|vertraulich|privat)"
    r"(?:\W+(?:(?:und|oder) )?(?:streng )?(?:personlich|vertraulich|verschlossen))*\W*|"
    r"\W*(?:bitte )?(?:ungeoffnet weiterleiten|nicht offnen|verschlossen)\W*|"
    r"\W*arztliche[rn] dienst\W+(?:bitte )?verschlossen\W*|"
    r"\W*(?:an )?(?:den |die )?(?:personalrat|gleichstellungsbeauftragte|"
    r"schwerbehindertenvertretung)\W*|"
    r"\W*(?:offentliche )?ausschreibung\W+(?:bitte )?nicht offnen\W*|"
    r"\W*(?:angebot|submission)\W+(?:bitte )?nicht (?:vorzeitig )?offnen\W*"
)
_PLACE = re.compile(r"\b\d{5} [A-ZÄÖÜ]")


def closed_post(pages: tuple[PageText, ...]) -> Evidence | None:
    """The mark because of which ``pages`` are an envelope that stays closed, else None.

    Only a single page with an address and at most 45 words can be one.
    """
    written = [page for page in pages if page.words]
    if len(written) != 1 or len(written[0].words) > _MOST_WORDS:
        return None
    number = pages.index(written[0]) + 1
    lines = lines_of(written[0], first=True)
    if not any(_PLACE.search(line.text) for line in lines):
        return None
    for line in lines:
        if _MARK.fullmatch(fold(line.text)):
            return evidence_of("poststelle.verschlossen", number, line.words)
    return None

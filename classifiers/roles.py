"""In which role a letter names somebody: as the one it is about, as its sender, as a third party.

A landlord, a lawyer or a guardian may be a client too, and then name and address in his letterhead
are a client's.  What tells is where a name stands and which word stands before it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Sequence

from classifiers.layout import Line, Zone
from eakte.language.folding import fold


class Role(enum.IntEnum):
    """The higher, the surer the letter is about whoever is named so."""

    THIRD = -1
    """A label says that it is somebody else: landlord, lawyer, doctor, clerk."""
    SENDER = 0
    """In letterhead, sender, signature or small print."""
    BODY = 1
    NAMED = 2
    """After „Herr“, „Frau“, „Mieterin“, in a form's field, or as the letter's recipient."""
    SUBJECT = 3


_THIRD = (
    r"vermiet|eigentumer|hausverwalt|verwalter|rechtsanw|anwalt|kanzlei|prozessbevoll|bevollmacht|"
    r"betreuer|betreuung durch|vormund|facharzt|hausarzt|arztin|praxis|dr\.? ?med|ansprechpart|"
    r"auskunft erteilt|bearbeit|sachbearb|arbeitgeber|geschaftsf|inhaber|richterin|richter am|"
    r"vorsitzende|gerichtsvollz|treuhander|lehrerin|klassenlehrer|schulleit|geehrte|im auftrag|"
    r"kontaktperson|verfasser|fallmanag|berater|z\. ?hd|zu handen"
)
_BEFORE = re.compile(rf"(?:(?:{_THIRD})[\w.()/:, -]{{0,14}}|\bzustandig\w*[\w.()/:,? -]{{0,30}})$")
_ANY_THIRD = re.compile(rf"zustandig|{_THIRD}")
_BEHIND = re.compile(rf"^[ ,(–-]{{0,4}}(?:als |– ?)?(?:{_THIRD})")
_REGARDS = re.compile(
    r"^(?:mit (?:freundlich|vorzuglich|kollegial|besten gru)|hochachtung|viele gru|mfg|"
    r"(?:freundlich|best|lieb|herzlich)\w* gru)"
)
_WHOSE = re.compile(
    r"\b(?:wohnhaft|wohnung|herrn?|frau|betrifft|betreff|anschrift|geb|kontoinhaber\w*|adresse)\b"
)
_BUSINESS = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|gbr|e\. ?v|mbh|immobilien|vermietung|hausverwaltung|verwaltung|kanzlei|"
    r"rechtsanw\w*|praxis|klinik\w*|krankenhaus|\w*amt|gericht|\w*kasse|\w*schule|versicherung\w*|"
    r"stadtwerke|bank|sparkasse|energie\w*|steuernummer|ust-?id|handelsregister|betreuungsburo|"
    r"genossenschaft|verein|wohnungsbau\w*)\b"
)
_STATIONERY = re.compile(r"bankverb|iban|telefon|info@|ust-?id|steuernummer|amtsgericht")
_ADDRESSED = re.compile(r"^(?:herrn?|frau)\s+\w")
_LABELS = re.compile(
    r"\b(?:vornamen?|familienname|nachname|hausnummer|postleitzahl|wohnort|"
    r"staatsangehörigkeit|familienstand)\b"
)
_ASKED = 2
"""So many labels of different fields make a page a form."""
_LETTERHEAD = 0.1
"""Above this height of a first page stands who writes, a form's title, or nothing."""
_HEAD_ENDS = 0.27
"""Below this height a line with street and place is no sender's: „wohnhaft Süderstraße 12, …“."""
_FOOT = 0.9
_SAME_ROW = 0.006
_TOP = 0.2
_SIGNED = 6
"""So many lines under the regards a signature may take."""


def line_roles(lines: Sequence[Line], *, first: bool) -> list[Role]:
    """The role of names in each line, by its place alone; ``first``: on the document's first page.

    The recipient counts as named: it is the client to whom a landlord wrote, or the authority.
    """
    roles: list[Role] = []
    signed = 0
    told = _told(lines)
    asks = _asks_from(lines)
    head = min(_head(lines, told), asks)
    for place, line in enumerate(lines):
        if signed:
            signed -= 1
        if _REGARDS.match(fold(line.text[:24])):
            signed = _SIGNED
        high = line.box.y0 < min(_HEAD_ENDS, asks)
        sender = line.zone is Zone.SENDER and high and place not in told
        small = line.zone is Zone.FOOTER or (first and line.box.y0 > _FOOT)
        under = signed and place not in told
        if sender or small or under or (first and line.box.y0 < head):
            roles.append(Role.SENDER)
        elif line.zone in {Zone.SUBJECT, Zone.TITLE}:
            roles.append(Role.SUBJECT)
        elif line.zone is Zone.RECIPIENT:
            roles.append(Role.NAMED)
        else:
            roles.append(Role.BODY)
    return roles


def _head(lines: Sequence[Line], told: Collection[int]) -> float:
    """Where the letterhead ends: at the line or block of the sender, if there is one."""
    senders = [
        line.box.y0
        for place, line in enumerate(lines)
        if line.zone is Zone.SENDER and place not in told
    ]
    return min([*senders, _HEAD_ENDS]) if senders else _LETTERHEAD


def is_form(lines: Sequence[Line]) -> bool:
    """Whether a page asks for names and addresses in fields."""
    return _asks_from(lines) < 1


def _asks_from(lines: Sequence[Line]) -> float:
    """How high a form's first label stands: below it are fields, no letterhead; 1 for no form."""
    labels: set[str] = set()
    first = 1.0
    for line in lines:
        found = _LABELS.findall(line.text.lower())
        labels.update(found)
        if found:
            first = min(first, line.box.y0 - _SAME_ROW)
    return first if len(labels) >= _ASKED else 1.0


def _told(lines: Sequence[Line]) -> set[int]:
    """Lines of which a sentence, or the cell before them, says whose address it is."""
    found: set[int] = set()
    for place, line in enumerate(lines):
        if _WHOSE.search(fold(line.text[:60])):
            found.add(place)
            following = lines[place + 1] if place + 1 < len(lines) else None
            if following is None:
                continue
            row = abs(following.box.y0 - line.box.y0) < _SAME_ROW
            under = 0 < following.box.y0 - line.box.y1 < line.height
            if row or (under and _ADDRESSED.match(fold(line.text[:12]))):
                found.add(place + 1)
    return found


def may_be_third(line: str) -> bool:
    """Whether any word of a folded line could make a name in it a third party's."""
    return bool(_ANY_THIRD.search(line))


def is_third(before: str, behind: str) -> bool:
    """Whether the folded words around a name say that it is a third party's."""
    return bool(_BEFORE.search(before) or _BEHIND.search(behind))


def is_business(lines: Sequence[Line]) -> bool:
    """Whether a first page's letterhead is a firm's or an office's.

    Printed small print at the foot (telephone, bank) tells it as well as the words at the top.
    """
    for line in lines:
        folded = fold(line.text)
        if line.zone is Zone.SENDER or (line.box.y0 < _TOP and line.zone is not Zone.RECIPIENT):
            if _BUSINESS.search(folded):
                return True
        elif line.box.y0 > _FOOT and _STATIONERY.search(folded):
            return True
    return False

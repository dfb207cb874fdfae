"""What a court's message says about its documents (``xjustiz_nachricht.xml``, XJustiz 3 and 4).

Read by local names, so that the next version of the standard is read as well.  Neither document
type nor entity nor network is followed: the file comes from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from eakte.errors import IntakeError

MESSAGE = "xjustiz_nachricht.xml"
MAX_BYTES = 50_000_000
ORIGINAL = "001"
"""GDS.Bestandteiltyp: the document itself; others are signatures and protocols."""

SCHLAGWORTE = {
    "006": "entscheidung",
    "007": "entscheidung",
    "021": "entscheidung",
}
"""GDS.Dokumentklasse 1.4 where it alone decides the Schlagwort; else the rules read the text."""

_MOST_DIGITS = 9
"""A place in an order; a number of thousands of digits is an attack."""

TECHNICAL = "014"
"""GDS.Dokumentklasse: technical information, such as a signature report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtDocument:
    """One Schriftgutobjekt: its ``files`` (the document itself first) in the court's ``order``.

    ``originals`` are those of them that the court calls the document itself; where it says so of
    none, all of them.
    """

    id: str
    order: int
    title: str
    document_class: str
    files: tuple[str, ...]
    originals: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtMessage:
    """``own_number`` is ours as the court wrote it, ``court_number`` the court's; "" if unsaid."""

    id: str
    court_number: str
    own_number: str
    people: tuple[str, ...]
    documents: tuple[CourtDocument, ...]


def read_message(data: bytes) -> CourtMessage:
    """The message; raises ``IntakeError`` (``court_message``) where it can't be read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise IntakeError(
            f"{MESSAGE} ist nicht lesbar: {error.msg}.",
            remedy="Die Anlagen sind angenommen; bitte die Nachricht beim Gericht nachfragen.",
            reason="court_message",
        ) from error
    sender, receiver = _find(root, "absender"), _find(root, "empfaenger")
    documents = [
        _document(element, place) for place, element in enumerate(_all(root, "dokument"), start=1)
    ]
    return CourtMessage(
        id=_text(sender, "eigeneNachrichtenID"),
        court_number=_text(sender, "aktenzeichen"),
        own_number=_text(receiver, "aktenzeichen.freitext"),
        people=tuple(dict.fromkeys(filter(None, map(_person, _all(root, "natuerlichePerson"))))),
        documents=tuple(sorted(documents, key=lambda one: one.order)),
    )


def _document(element: etree._Element, place: int) -> CourtDocument:
    files: list[tuple[bool, int, str]] = []
    for file in _all(element, "datei"):
        name = _text(file, "dateiname")
        if name:
            part = _code(file, "bestandteil") or ORIGINAL
            files.append((part != ORIGINAL, len(files), name))
    originals = [name for beside, _, name in files if not beside]
    order = _text(element, "nummerImUebergeordnetenContainer")
    countable = order.isdecimal() and len(order) <= _MOST_DIGITS
    return CourtDocument(
        id=_text(element, "id"),
        order=int(order) if countable else place,
        title=_text(element, "anzeigename"),
        document_class=_code(element, "dokumentklasse"),
        files=tuple(name for _, _, name in sorted(files)),
        originals=frozenset(originals or [name for _, _, name in files]),
    )


def _person(element: etree._Element) -> str:
    return f"{_text(element, 'vorname')} {_text(element, 'nachname')}".strip()


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in element.iter(etree.Element) if _name(one) == name]


def _find(element: etree._Element, name: str) -> etree._Element | None:
    found = _all(element, name)
    return found[0] if found else None


def _text(element: etree._Element | None, name: str) -> str:
    found = None if element is None else _find(element, name)
    return "" if found is None else (found.text or "").strip()


def _code(element: etree._Element, name: str) -> str:
    found = _find(element, name)
    return "" if found is None else _text(found, "code")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname

"""The transfer note in the XMP of an archive copy, in a form that PDF/A-2b allows.

PDF/A lets a file carry properties of one's own only where the same metadata describe their schema
(ISO 19005-2, 6.6.2.3): the extension schema below.  pikepdf's validator knows no such schemas and
would refuse them, so a file is checked by it before the note goes in; the tests ask a validator
that knows them.  Must not know where the note comes from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from pikepdf import Dictionary, Name, Pdf

from eakte.domain.proof import STANDARD, TransferNote, anomaly_text

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMESPACE = "urn:eakte:transfervermerk:1#"
PREFIX = "tv"
FLAVOUR = "2b"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_ABOUT = f"{{{_RDF}}}about"
_RESOURCE = f"{{{_RDF}}}parseType"

_TEXT, _LIST = "Text", "seq Text"
_FIELDS = (
    ("Standard", _TEXT, "Richtlinie, nach der der Vermerk gemacht ist"),
    ("Number", _TEXT, "Nummer des Vermerks zu diesem Scan, ab 1"),
    ("OriginalSha256", _TEXT, "SHA-256 der Datei, wie sie vom Scanner kam"),
    ("Creator", _TEXT, "a) Ersteller des Scans, auch als Pseudonym"),
    ("Environment", _LIST, "b) technisches und organisatorisches Umfeld"),
    ("Anomalies", _LIST, "c) Auffaelligkeiten beim Scannen und Verarbeiten"),
    ("ScannedAt", _TEXT, "d) Zeitpunkt des Scannens"),
    ("Quality", _LIST, "e) Ergebnis der Qualitaetssicherung und Vollstaendigkeit"),
    ("Identity", _TEXT, "f) bildliche und inhaltliche Uebereinstimmung mit dem Papier"),
)
# XML 1.0 holds no control characters; a remark may quote what stood in a broken file.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_note(pdf: Pdf, note: TransferNote) -> None:
    """Put ``note`` into the metadata of ``pdf``, in place of one that is there already.

    ``pdf`` must have XMP metadata (``pikepdf.pdfa.prepare`` makes them). The same note gives the
    same bytes.
    """
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes(), _parser())
    rdf = next(packet.iter(f"{{{_RDF}}}RDF"))
    _forget(rdf)
    rdf.append(_described(_values(note)))
    _schemas(rdf).append(_schema())
    head = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    body = etree.tostring(packet, encoding="utf-8")
    pdf.Root.Metadata = pdf.make_stream(
        head + _without_packet(body) + b'\n<?xpacket end="w"?>',
        Dictionary(Type=Name.Metadata, Subtype=Name.XML),
    )


def read_note(pdf: Pdf) -> dict[str, str | tuple[str, ...]]:
    """The note's fields as they stand in the metadata; empty where there is no note."""
    if "/Metadata" not in pdf.Root:
        return {}
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes(), _parser())
    found: dict[str, str | tuple[str, ...]] = {}
    for name, kind, _ in _FIELDS:
        for element in packet.iter(f"{{{NAMESPACE}}}{name}"):
            texts = tuple(one.text or "" for one in element.iter(f"{{{_RDF}}}li"))
            found[name] = texts if kind == _LIST else (element.text or "")
    return found


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)


def _values(note: TransferNote) -> dict[str, str | tuple[str, ...]]:
    return {
        "Standard": STANDARD,
        "Number": str(note.number),
        "OriginalSha256": note.original_sha256,
        "Creator": note.creator,
        "Environment": tuple(f"{label}: {value}" for label, value in note.environment),
        "Anomalies": tuple(anomaly_text(one) for one in note.anomalies) or ("keine",),
        "ScannedAt": note.scanned_at.isoformat(),
        "Quality": note.quality,
        "Identity": note.identity,
    }


def _described(values: dict[str, str | tuple[str, ...]]) -> etree._Element:
    described = etree.Element(
        f"{{{_RDF}}}Description", {_ABOUT: ""}, nsmap={"rdf": _RDF, PREFIX: NAMESPACE}
    )
    for name, value in values.items():
        element = etree.SubElement(described, f"{{{NAMESPACE}}}{name}")
        if isinstance(value, str):
            element.text = _NO_XML.sub(" ", value)
        else:
            _listed(element, value)
    return described


def _listed(element: etree._Element, values: Iterable[str]) -> None:
    listed = etree.SubElement(element, f"{{{_RDF}}}Seq")
    for value in values:
        etree.SubElement(listed, f"{{{_RDF}}}li").text = _NO_XML.sub(" ", value)


def _schemas(rdf: etree._Element) -> etree._Element:
    """The bag of extension schemas; one for the whole file, others may stand in it already."""
    for bag in rdf.iter(f"{{{_EXTENSION}}}schemas"):
        return bag[0]
    described = etree.SubElement(
        rdf,
        f"{{{_RDF}}}Description",
        {_ABOUT: ""},
        nsmap={
            "pdfaExtension": _EXTENSION,
            "pdfaSchema": _SCHEMA,
            "pdfaProperty": _PROPERTY,
        },
    )
    schemas = etree.SubElement(described, f"{{{_EXTENSION}}}schemas")
    return etree.SubElement(schemas, f"{{{_RDF}}}Bag")


def _schema() -> etree._Element:
    schema = etree.Element(f"{{{_RDF}}}li", {_RESOURCE: "Resource"})
    for name, text in (
        ("schema", f"Transfervermerk nach {STANDARD}"),
        ("namespaceURI", NAMESPACE),
        ("prefix", PREFIX),
    ):
        etree.SubElement(schema, f"{{{_SCHEMA}}}{name}").text = text
    properties = etree.SubElement(
        etree.SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq"
    )
    for name, kind, description in _FIELDS:
        described = etree.SubElement(properties, f"{{{_RDF}}}li", {_RESOURCE: "Resource"})
        for key, text in (
            ("name", name),
            ("valueType", kind),
            ("category", "external"),
            ("description", description),
        ):
            etree.SubElement(described, f"{{{_PROPERTY}}}{key}").text = text
    return schema


def _forget(rdf: etree._Element) -> None:
    """Take out an earlier note and its schema."""
    for described in list(rdf):
        if any(child.tag.startswith(f"{{{NAMESPACE}}}") for child in described):
            rdf.remove(described)
    for uri in list(rdf.iter(f"{{{_SCHEMA}}}namespaceURI")):
        schema = uri.getparent()
        if uri.text == NAMESPACE and schema is not None:
            bag = schema.getparent()
            if bag is not None:
                bag.remove(schema)


def _without_packet(body: bytes) -> bytes:
    return re.sub(rb"<\?xpacket.*?\?>", b"", body, flags=re.DOTALL).strip()

"""The side-car: a small XML or JSON file beside a scan, in which the scanner says what it did.

Field names differ from scanner to scanner, so they are settings.  What can't be read is a remark,
never a reason to leave the scan lying.  No document type, no entity and no network is followed.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, get_args

from lxml import etree

from eakte.domain.arrivals import SidecarField
from eakte.domain.pages import Remark

MAX_BYTES = 1_000_000

FIELDS: tuple[SidecarField, ...] = get_args(SidecarField)
APPLICANT = FIELDS[-6:]
_LONGEST = 200


class SidecarKind(enum.StrEnum):
    """How it is written."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarRule:
    """What to expect beside a scan.

    ``names`` maps our names (:data:`FIELDS`) to the scanner's: the local name of an XML element or
    ``@attribute`` anywhere in the file, or keys of JSON joined by dots.  ``wait_seconds`` is how
    long a scan waits for its side-car.
    """

    kind: SidecarKind
    names: Mapping[SidecarField, str] = field(default_factory=dict)
    wait_seconds: float = 60.0

    def is_sidecar(self, path: Path) -> bool:
        """Whether the file is a side-car by its name."""
        return path.suffix.lower() == f".{self.kind}"

    def beside(self, path: Path) -> Path | None:
        """The side-car of the scan at ``path``, if it is there: ``a.xml`` or ``a.pdf.xml``."""
        for name in (f"{path.stem}.{self.kind}", f"{path.name}.{self.kind}"):
            for written in (name, name[: -len(self.kind)] + self.kind.upper()):
                found = path.with_name(written)
                if found.is_file() and not found.is_symlink():
                    return found
        return None

    def has_scan(self, path: Path) -> bool:
        """Whether the scan of the side-car at ``path`` is there."""
        stem = path.stem
        return any(
            one != path and not self.is_sidecar(one) and stem in {one.stem, one.name}
            for one in path.parent.iterdir()
            if one.is_file() and not one.name.startswith(".")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarFacts:
    """What it said; None where it did not.  ``remarks`` are what could not be read."""

    operator: str | None = None
    device: str | None = None
    sheets: int | None = None
    received: date | None = None
    aktenzeichen: str | None = None
    schlagwort: str | None = None
    applicant: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def read_sidecar(data: bytes, rule: SidecarRule) -> SidecarFacts:
    """The facts of a side-car; whatever is wrong with it becomes a remark."""
    if len(data) > MAX_BYTES:
        return SidecarFacts(remarks=(_broken("sie ist zu groß"),))
    try:
        found = _from_xml(data, rule) if rule.kind is SidecarKind.XML else _from_json(data, rule)
    except (ValueError, RecursionError) as error:
        return SidecarFacts(remarks=(_broken(str(error)),))
    remarks: list[Remark] = []
    return SidecarFacts(
        operator=found.get("operator"),
        device=found.get("device"),
        sheets=_sheets(found.get("sheets"), remarks),
        received=_day(found.get("received"), remarks),
        aktenzeichen=found.get("aktenzeichen"),
        schlagwort=found.get("schlagwort"),
        applicant={name: found[name] for name in APPLICANT if name in found},
        remarks=tuple(remarks),
    )


def missing(wait_seconds: float) -> Remark:
    """The scan came without its side-car."""
    return Remark(
        code="sidecar_missing",
        message=f"Die Begleitdatei blieb {wait_seconds:.0f} Sekunden lang aus.",
    )


def _broken(why: str) -> Remark:
    return Remark(code="sidecar_broken", message=f"Die Begleitdatei ist nicht lesbar: {why[:200]}.")


def _from_xml(data: bytes, rule: SidecarRule) -> dict[str, str]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(error.msg) from error
    told: dict[str, str] = {}
    for element in root.iter(etree.Element):
        told.setdefault(etree.QName(element).localname, (element.text or "").strip())
        for name, value in element.attrib.items():
            told.setdefault(f"@{etree.QName(name).localname}", str(value).strip())
    return _named(rule, told)


def _from_json(data: bytes, rule: SidecarRule) -> dict[str, str]:
    try:
        value = json.loads(data)
    except UnicodeDecodeError as error:
        raise ValueError("sie ist nicht in UTF-8 geschrieben") from error
    return _named(rule, dict(_flat(value, "")))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _flat(inside, f"{path}.{name}" if path else str(name))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield path, str(value).strip()


def _named(rule: SidecarRule, told: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ours in FIELDS:
        value = told.get(rule.names.get(ours, ours), "")
        if value:
            found[ours] = value[:_LONGEST]
    return found


def _sheets(text: str | None, remarks: list[Remark]) -> int | None:
    if text is None:
        return None
    if text.isdecimal() and int(text) < 1_000_000:
        return int(text)
    remarks.append(_broken(f"„{text}“ ist keine Blattzahl"))
    return None


def _day(text: str | None, remarks: list[Remark]) -> date | None:
    if text is None:
        return None
    day, month, year = [*text[:10].split("."), "", "", ""][:3]
    for written in (text[:10], f"{year}-{month.zfill(2)}-{day.zfill(2)}"):
        try:
            return date.fromisoformat(written)
        except ValueError:
            continue
    remarks.append(_broken(f"„{text}“ ist kein Datum"))
    return None

"""Outlook's mail files (MSG) as Outlook would write them: a real compound file [MS-CFB, MS-OXMSG].

Small on purpose: Unicode strings, times, integers and bytes; one mail, its recipients and its
attachments, of which one may be a mail itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
MESSAGE_CLASS = bytes.fromhex("0b0d020000000000c000000000000046")
"""CLSID of an Outlook message, {00020D0B-0000-0000-C000-000000000046}."""

Folder = dict[str, "bytes | Folder"]
Value = str | int | bytes | datetime


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A mail; ``attachments`` by name, as bytes or as another mail."""

    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    sent: datetime
    body: str = ""
    html: str = ""
    attachments: dict[str, bytes | Outlook] = field(default_factory=dict)

    def msg(self) -> bytes:
        """The file."""
        made = self._storage(struct.pack("<8xIIII8x", *self._counts()))
        made["__nameid_version1.0"] = {
            f"__substg1.0_{number}0102": b"" for number in ("0002", "0003", "0004")
        }
        return compound_file(made)

    def _counts(self) -> tuple[int, int, int, int]:
        held = len(self.attachments)
        return 1, held, 1, held

    def _storage(self, header: bytes) -> Folder:
        facts: dict[int, Value] = {
            0x001A: "IPM.Note",
            0x0037: self.subject,
            0x0039: self.sent,
            0x0C1A: self.sender[0],
            0x0C1F: self.sender[1],
            0x340D: 0x40000,  # strings are Unicode
        }
        if self.body:
            facts[0x1000] = self.body
        if self.html:
            facts |= {0x1013: self.html.encode(), 0x3FDE: 65001}
        recipient = {0x0C15: 1, 0x3001: self.to[0], 0x39FE: self.to[1]}
        made = properties(header, facts)
        made["__recip_version1.0_#00000000"] = properties(bytes(8), recipient)
        for number, (name, content) in enumerate(self.attachments.items()):
            made[f"__attach_version1.0_#{number:08X}"] = _attachment(name, content)
        return made


def _attachment(name: str, content: bytes | Outlook) -> Folder:
    if isinstance(content, Outlook):
        made = properties(bytes(8), {0x3001: name, 0x3705: 5})
        header = struct.pack("<8xIIII", *content._counts())
        made["__substg1.0_3701000D"] = content._storage(header)
        return made
    return properties(bytes(8), {0x3001: name, 0x3705: 1, 0x3707: name, 0x3701: content})


def properties(header: bytes, facts: dict[int, Value]) -> Folder:
    """A storage of properties: one stream lists them, long values have streams of their own."""
    made: Folder = {}
    listed = header
    for number, value in sorted(facts.items()):
        if isinstance(value, int):
            kind, payload = 0x0003, struct.pack("<II", value, 0)
        elif isinstance(value, datetime):
            ticks = (value.astimezone(UTC) - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(
                microseconds=1
            )
            kind, payload = 0x0040, struct.pack("<Q", 10 * ticks)
        else:
            text = isinstance(value, str)
            kind, data = (0x001F, value.encode("utf-16-le")) if text else (0x0102, value)
            made[f"__substg1.0_{number:04X}{kind:04X}"] = data
            payload = struct.pack("<II", len(data) + (2 if text else 0), 0)
        listed += struct.pack("<HHI", kind, number, 6) + payload
    made["__properties_version1.0"] = listed
    return made


# -- the container ------------------------------------------------------------------------------


@dataclass
class _Entry:
    """A line of the container's directory; ``place`` is where its bytes begin."""

    name: str
    kind: int
    data: bytes = b""
    left: int = FREE
    right: int = FREE
    child: int = FREE
    place: int = END


def compound_file(content: Folder) -> bytes:
    """Version 3 with sectors of 512 bytes; streams below 4096 bytes lie in the mini stream."""
    entries = [_Entry("Root Entry", ROOT)]
    entries[0].child = _filled(entries, content)
    mini, mini_fat = bytearray(), []
    sectors, fat = bytearray(), []
    for entry in entries[1:]:
        if entry.kind == STREAM and entry.data:
            small = len(entry.data) < MINI_LIMIT
            entry.place = (
                _append(mini, mini_fat, entry.data, MINI_SECTOR)
                if small
                else _append(sectors, fat, entry.data, SECTOR)
            )
    entries[0].data = bytes(mini)
    entries[0].place = _append(sectors, fat, bytes(mini), SECTOR) if mini else END
    mini_table = _append(sectors, fat, _table(mini_fat), SECTOR) if mini_fat else END
    directory = _append(sectors, fat, b"".join(_directory(entries)), SECTOR)
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    assert fat_sectors <= 109
    own = list(range(len(fat), len(fat) + fat_sectors))
    fat += [FAT_SECTOR] * fat_sectors
    sectors += _table(fat)
    header = struct.pack(
        "<8s16x5H10xIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        *(0x3E, 3, 0xFFFE, 9, 6),
        fat_sectors,
        directory,
        0,
        MINI_LIMIT,
        mini_table,
        -(-len(mini_fat) * 4 // SECTOR),
        END,
        0,
    )
    return header + struct.pack("<109I", *own, *[FREE] * (109 - fat_sectors)) + bytes(sectors)


def _filled(entries: list[_Entry], content: Folder) -> int:
    """Add the members of a storage; returns the root of their tree."""
    placed = []
    for name, held in content.items():
        at = len(entries)
        placed.append(at)
        if isinstance(held, dict):
            entries.append(_Entry(name, STORAGE))
            entries[at].child = _filled(entries, held)
        else:
            entries.append(_Entry(name, STREAM, held))
    return _tree(entries, sorted(placed, key=lambda at: (len(entries[at].name), entries[at].name)))


def _tree(entries: list[_Entry], ordered: list[int]) -> int:
    if not ordered:
        return FREE
    middle = len(ordered) // 2
    entries[ordered[middle]].left = _tree(entries, ordered[:middle])
    entries[ordered[middle]].right = _tree(entries, ordered[middle + 1 :])
    return ordered[middle]


def _append(room: bytearray, fat: list[int], data: bytes, size: int) -> int:
    """Put ``data`` at the end in whole sectors; returns its first one."""
    first, count = len(fat), -(-len(data) // size)
    room += data.ljust(count * size, b"\0")
    fat += [*range(first + 1, first + count), END]
    return first


def _table(fat: list[int]) -> bytes:
    filled = [*fat, *[FREE] * (-len(fat) % (SECTOR // 4))]
    return struct.pack(f"<{len(filled)}I", *filled)


def _directory(entries: list[_Entry]) -> Iterator[bytes]:
    for entry in entries:
        name = entry.name.encode("utf-16-le")
        yield struct.pack(
            "<64sHBBIII16s4x16xIQ",
            *(name, len(name) + 2, entry.kind, 1, entry.left, entry.right, entry.child),
            *(MESSAGE_CLASS if entry.kind == ROOT else bytes(16), entry.place, len(entry.data)),
        )
    for _ in range(-len(entries) % 4):
        yield struct.pack("<64sHBBIII16s4x16xIQ", b"", 0, 0, 0, *[FREE] * 3, bytes(16), 0, 0)

"""Rule files as text: in which line a key stands, and how a new Schlagwort is written.

Looks at lines alone and never at what they mean; :mod:`classifiers.catalogue` does that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eakte.domain.schlagworte import Schlagwort

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([^\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerText:
    """A trigger as somebody wrote it into a form."""

    phrases: tuple[str, ...]
    weight: float
    zones: tuple[str, ...] = ()


def line_of(text: str, key: str) -> int | None:
    """The line (from 1) of ``key`` in a rule file, or of the table around it; None for neither.

    Keys are those of ``RuleError``: ``schlagworte.reha.triggers.2.weight``, with list places
    counted from 1.
    """
    if not key:
        return None
    best: tuple[int, int] | None = None
    wanted = key.split(".")
    for number, path in _places(text):
        shared = len(path) if wanted[: len(path)] == path else 0
        if shared and (best is None or shared > best[0]):
            best = (shared, number)
    return best[1] if best else None


def _places(text: str) -> Iterable[tuple[int, list[str]]]:
    """The path of every header and key by line; list tables end with their place."""
    counted: Counter[str] = Counter()
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = header[2].split(".")
            if header[1] == "[[":
                counted[header[2]] += 1
                table = [*table, str(counted[header[2]])]
            yield number, table
            continue
        named = _KEY.match(line)
        if named:
            yield number, [*table, named[1]]


def schlagwort_table(schlagwort: Schlagwort, triggers: Sequence[TriggerText]) -> str:
    """The tables of a new Schlagwort, ready to be appended to a rule file."""
    lines = [
        f"[schlagworte.{schlagwort.id}]",
        f"title = {quoted(schlagwort.title)}",
        f"function = {quoted(schlagwort.function)}",
    ]
    if schlagwort.copies:
        lines.append(f"copies = {_list(schlagwort.copies)}")
    if schlagwort.subfile is not None:
        lines.append(f"subfile = {quoted(schlagwort.subfile)}")
    if schlagwort.urgent:
        lines.append("urgent = true")
    if schlagwort.description:
        lines.append(f"description = {quoted(schlagwort.description)}")
    for trigger in triggers:
        lines += [
            f"[[schlagworte.{schlagwort.id}.triggers]]",
            f"phrases = {_list(trigger.phrases)}",
            f"weight = {trigger.weight:g}",
        ]
        if trigger.zones:
            lines.append(f"zones = {_list(trigger.zones)}")
    return "\n".join(lines) + "\n"


def appended(text: str, tables: str) -> str:
    """``text`` with ``tables`` behind it, an empty line between them."""
    return f"{text.rstrip()}\n\n{tables}" if text.strip() else tables


def quoted(text: str) -> str:
    """``text`` as a TOML string on one line."""
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda one: f"\\u{ord(one[0]):04x}", written) + '"'


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(quoted(one) for one in values)}]"

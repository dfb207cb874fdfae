"""Rule files as versions: what they are, what two changes of them make together.

A version is an immutable set of files.  Whoever proposes a change began from some set (``base``);
what they propose is the difference, so that a change put into force meanwhile is not undone.
"""

from __future__ import annotations

import difflib
import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from eakte.domain.schlagworte import Schlagwort

RuleFiles = Mapping[str, str]
"""The texts of rule files by name."""

OWN_FILE = "eigene.toml"
"""Where an authority's own Schlagworte go: no delivery brings a file of this name."""


class Origin(enum.StrEnum):
    """Where a proposal comes from: the rules folder of an installation, or the screen."""

    FOLDER = "folder"
    SCREEN = "screen"


class Change(enum.StrEnum):
    """What would become of a document: another Schlagwort, another certainty, further ones."""

    PRIMARY = "primary"
    CERTAINTY = "certainty"
    FURTHER = "further"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a proposal means for the rules in force.

    ``conflicts`` are files that were changed on both sides since the proposal was begun; in
    ``files`` they stand as they are in force until a person decides.
    """

    files: RuleFiles
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """A file that differs: ``lines`` of a unified diff, each with its sign (``" "+-@``)."""

    name: str
    added: int
    removed: int
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialScope:
    """Which documents a trial looks at: the last ``count``, received since ``since`` if given."""

    count: int
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersionHead:
    """A version in force: what it is called, and Schlagworte that only earlier ones knew."""

    number: int
    seq: int
    retired: Mapping[str, Schlagwort] = field(default_factory=dict)


def digest_of(files: RuleFiles) -> str:
    """A hash of names and texts: the same files have the same one."""
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            content = part.encode("utf-8")
            whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()


def merged(base: RuleFiles, proposed: RuleFiles, in_force: RuleFiles) -> Merged:
    """``in_force`` with the difference between ``base`` and ``proposed``, file by file."""
    files: dict[str, str] = {}
    conflicts = []
    for name in sorted({*base, *proposed, *in_force}):
        before, wanted, counts = base.get(name), proposed.get(name), in_force.get(name)
        if wanted in (before, counts):
            chosen = counts
        elif counts == before:
            chosen = wanted
        else:
            conflicts.append(name)
            chosen = counts
        if chosen is not None:
            files[name] = chosen
    return Merged(files=files, conflicts=tuple(conflicts))


def changed_files(before: RuleFiles, after: RuleFiles) -> tuple[str, ...]:
    """Names of files that differ, came or went."""
    return tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))


def differences(before: RuleFiles, after: RuleFiles) -> tuple[FileDiff, ...]:
    """Unified diffs of what differs, by file name."""
    return tuple(
        _difference(name, before.get(name, ""), after.get(name, ""))
        for name in changed_files(before, after)
    )


def _difference(name: str, before: str, after: str) -> FileDiff:
    raw = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    lines = tuple((line[:1], line[1:]) for line in raw if line[:3] not in ("---", "+++"))
    return FileDiff(
        name=name,
        added=sum(1 for sign, _ in lines if sign == "+"),
        removed=sum(1 for sign, _ in lines if sign == "-"),
        lines=lines,
    )

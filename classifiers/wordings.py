r"""Wordings: letters with slots that ``eakte rules test DIR`` fills with other facts every time.

``DIR/<schlagwort>.txt`` holds any number of wordings, each under a head of its own::

    === name | brief>klient | {vermieter}; {amtstr}, {amtort}
    > Subject

    text with {slots}

The second part of the head is the frame: ``privat`` (a client's letter), ``privat2`` (a third
person's), ``brief`` (with the letterhead named last), ``jc`` (the authority's own letter), ``mail``
or ``blatt`` (a sheet without frame); ``>klient``, ``>gericht`` or ``>andere`` say to whom it is
addressed if not to the authority.  ``ist=a,b nicht=c`` in a further part names what is right
instead of the file's name, and what must not come out.

In the text ``> `` begins a subject line, ``# `` a line in large type, `` | `` parts columns,
``+++`` begins a page, and a line ``~`` leaves salutation and closing away.  ``DIR/luecken.toml``
lists what fills the slots (:mod:`classifiers.filling`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eakte.errors import RuleError

SLOTS = "luecken.toml"
_FRAMES = frozenset({"privat", "privat2", "brief", "jc", "mail", "blatt"})
_RECIPIENTS = frozenset({"", "klient", "gericht", "andere"})


class Lists(BaseModel):
    """What fills the slots that no rule makes: one list of texts a slot."""

    model_config = ConfigDict(extra="forbid")
    frauen: list[str]
    maenner: list[str]
    nachnamen: list[str]
    kinder: list[str]
    strassen: list[str]
    orte: list[str]
    amtsstrassen: list[str]
    vermieter: list[str]
    kanzlei: list[str]
    arzt: list[str]
    firma: list[str]
    traeger: list[str]
    schule: list[str]
    betreuer: list[str]
    sb: list[str]
    jobcenter: list[str]
    gericht: list[str]
    anreden: list[str]
    gruesse: list[str]
    amtsgruesse: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording as it stands in the file; ``right`` are the Schlagworte that are right for it."""

    name: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    frame: str
    recipient: str
    head: tuple[str, ...]
    text: tuple[str, ...]


def read_wordings(path: Path) -> Iterator[Wording]:
    """The wordings of one file.  Raises ``RuleError`` where its form is wrong."""
    yield from wordings_in(path, content_of(path))


def content_of(path: Path) -> bytes:
    """What stands in one file.  Raises ``RuleError`` where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _wrong(path, "die Datei", "Leserechte der Datei prüfen.") from error


def wordings_in(path: Path, content: bytes) -> Iterator[Wording]:
    """The same of a file whose ``content`` is at hand; ``path`` names the Schlagwort.

    Raises ``RuleError`` that names the line.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _wrong(path, "die Datei", "Textdatei in UTF-8 angeben.", line) from error
    before, *parts = re.split(r"(?m)^=== ", text)
    if before.strip():
        line = before.count("\n", 0, len(before) - len(before.lstrip())) + 1
        raise _wrong(path, "der Anfang", "Jeder Wortlaut beginnt mit „=== Name | Rahmen“.", line)
    line = before.count("\n") + 1
    for part in parts:
        head, *lines = part.rstrip().split("\n")
        yield _wording(path, line, head, lines)
        line += part.count("\n")


def read_lists(folder: Path) -> Lists:
    """What fills the slots in ``folder``.  Raises ``RuleError`` that names what is wrong."""
    path = folder / SLOTS
    try:
        return Lists.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, "die Datei", f"Sie füllt die Lücken der Wortlaute ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise _wrong(path, key, "Je Lücke eine Liste von Texten angeben.") from error


def _wording(path: Path, line: int, head: str, lines: list[str]) -> Wording:
    name, frame, *further = (part.strip() for part in head.split(" | "))
    kind, _, recipient = frame.partition(">")
    if kind not in _FRAMES or recipient not in _RECIPIENTS:
        known = ", ".join(sorted(_FRAMES))
        raise _wrong(path, f"der Rahmen „{frame}“", f"Einen von {known} angeben.", line)
    right, wrong, letterhead = [path.stem], [], ""
    for part in further:
        if part.startswith("ist="):
            for option in part.split():
                key, _, value = option.partition("=")
                if key not in {"ist", "nicht"} or not all(names := value.split(",")):
                    remedy = "„ist=a,b nicht=c“ ohne weitere Leerzeichen."
                    raise _wrong(path, f"„{part}“", remedy, line)
                if key == "ist":
                    right = names
                else:
                    wrong = names
        else:
            letterhead = part
    return Wording(
        name=f"{path.stem}/{name}",
        right=tuple(right),
        wrong=tuple(wrong),
        frame=kind,
        recipient=recipient,
        head=tuple(one.strip() for one in letterhead.split(";") if one.strip()),
        text=tuple(lines),
    )


def _wrong(path: Path, what: str, remedy: str, line: int | None = None) -> RuleError:
    where = f" (Zeile {line})" if line else ""
    return RuleError(
        f"In {path} ist {what} nicht lesbar{where}.", remedy=remedy, file=path.name, line=line
    )

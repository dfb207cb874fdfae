"""Proposed rules: what they would make of those in force, and how they change.

Everything here runs within a transaction of :class:`eakte.services.rules.Rules`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from classifiers.catalogue import COMMON, compile_rules
from eakte.domain.rules import Merged, Origin, RuleFiles, changed_files, digest_of, merged
from eakte.errors import Conflict, NotFound, Unusable
from eakte.models import RuleActivation, RuleProposal, RuleVersion
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.rules import RuleBook
from eakte.services.rules_in_force import none_in_force

_FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\.toml")
_BERLIN = ZoneInfo("Europe/Berlin")
LARGEST = 400_000
"""Characters of a rule file; the shipped ones have at most 20,000."""

ORIGINS = {Origin.FOLDER: "Regelordner", Origin.SCREEN: "Entwurf am Bildschirm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal held against the rules in force."""

    origin: Origin
    row: RuleProposal
    merged: Merged
    digest: str


def in_force(session: EakteSession) -> tuple[RuleActivation, RuleVersion]:
    """The last decision and its version; raises ``RuleError`` before the first."""
    found = RuleBook(session).in_force()
    if found is None:
        raise none_in_force()
    return found


def proposed(session: EakteSession, origin: Origin) -> Proposed | None:
    """What is proposed from there; None where it would change nothing."""
    row = RuleBook(session).proposal(origin)
    if row is None or row.dismissed == digest_of(row.files):
        return None
    _, version = in_force(session)
    made = merged(row.base, row.files, version.files)
    if not made.conflicts and dict(made.files) == dict(version.files):
        return None
    return Proposed(origin=origin, row=row, merged=made, digest=digest_of(made.files))


def take(session: EakteSession, origin: Origin, seen: str) -> Proposed:
    """The proposal as somebody saw it; ``Conflict`` where it is another one by now."""
    found = proposed(session, origin)
    if found is None:
        raise Conflict(
            f"Aus dem {ORIGINS[origin]} liegt kein Vorschlag mehr vor.",
            remedy="Die Seite neu laden.",
        )
    if found.digest != seen:
        raise Conflict(
            f"{changed_by(session, found.row)} Geprüft haben Sie einen früheren Stand.",
            remedy="Den Vorschlag neu ansehen.",
        )
    return found


def changed_by(session: EakteSession, row: RuleProposal) -> str:
    """A sentence on who changed the proposal last, and when."""
    who = name_of(session, row.changed_by)
    return f"{who} hat den Vorschlag am {desk_time(row.changed_at)} geändert."


def desk_time(at: datetime) -> str:
    """An instant as the desk says it: ``20.11.2026 um 14:03 Uhr``."""
    return at.astimezone(_BERLIN).strftime("%d.%m.%Y um %H:%M Uhr")


def name_of(session: EakteSession, login: str) -> str:
    """A person's name; what the operator or the system did is theirs."""
    if login.startswith("system:") or login == "operator":
        return "Betrieb"
    return Organisation(session).names([login])[login]


def draft_of(session: EakteSession) -> RuleFiles:
    """The rule files as the screen shows them: those in force with its own proposal."""
    found = proposed(session, Origin.SCREEN)
    return found.merged.files if found else in_force(session)[1].files


def fingerprint(text: str | None) -> str:
    """Names a state of one file, so that two people do not overwrite each other."""
    return hashlib.sha256((text or "").encode("utf-8")).hexdigest()[:16]


def edited(session: EakteSession, name: str, text: str, seen: str) -> RuleFiles:
    """The screen's draft with ``text`` in the file ``name``; an empty text removes the file.

    Raises ``Conflict`` where the file changed since ``seen``, ``RuleError`` where the rules would
    not be well formed with it, ``Unusable``.
    """
    _check_name(name)
    if len(text) > LARGEST:
        raise Unusable(f"Die Datei {name} ist zu groß.", remedy="Sie aufteilen.")
    found = proposed(session, Origin.SCREEN)
    if found is not None and found.merged.conflicts:
        raise Conflict(
            "Der Entwurf und die geltenden Regeln haben dieselbe Datei verschieden geändert: "
            f"{', '.join(found.merged.conflicts)}.",
            remedy="Erst beim Entwurf entscheiden, welche Fassung gelten soll.",
        )
    now_there = found.merged.files if found else in_force(session)[1].files
    if fingerprint(now_there.get(name)) != seen:
        told = changed_by(session, found.row) if found else "Inzwischen gelten andere Regeln."
        raise Conflict(f"{told} Ihr Text ist nicht gespeichert.", remedy="Den neuen Stand ansehen.")
    files = {**now_there, name: tidy(text)}
    if not text.strip() and name != COMMON:
        del files[name]
    compile_rules(files)
    return files


def keep(session: EakteSession, origin: Origin, files: RuleFiles, who: str) -> bool:
    """Propose ``files`` against the version in force; whether that differs from it."""
    book = RuleBook(session)
    _, version = in_force(session)
    if dict(files) == dict(version.files):
        settle(session, origin, who)
        return False
    book.keep_proposal(origin, version.files, files, who, session.trail.clock.now())
    return True


def settle(session: EakteSession, origin: Origin, who: str) -> None:
    """Nothing of that origin is proposed any more: it was taken, or undone."""
    book = RuleBook(session)
    row = book.proposal(origin)
    if row is None:
        return
    if origin is Origin.SCREEN:
        book.drop_proposal(origin)
    else:
        book.keep_proposal(origin, row.files, row.files, who, session.trail.clock.now())


def dismiss(session: EakteSession, found: Proposed) -> None:
    """Somebody said no to exactly this; a folder that changes again is proposed again."""
    if found.origin is Origin.SCREEN:
        RuleBook(session).drop_proposal(found.origin)
    else:
        found.row.dismissed = digest_of(found.row.files)


def note_folder(session: EakteSession, files: RuleFiles, who: str) -> bool:
    """The rules folder as it is now; whether that is news.  What it began from stays."""
    book = RuleBook(session)
    row = book.proposal(Origin.FOLDER)
    readable = {
        name: text.replace("\x00", "\N{REPLACEMENT CHARACTER}") for name, text in files.items()
    }
    if row is not None and row.files == readable:
        return False
    # A folder nobody has looked at yet changes what counts: nothing of it was ever taken.
    base = row.base if row is not None else in_force(session)[1].files
    book.keep_proposal(Origin.FOLDER, base, readable, who, session.trail.clock.now())
    return True


def unnoticed(session: EakteSession, files: RuleFiles) -> Merged | None:
    """What the folder would make of the rules in force, where nobody has taken notice of it yet."""
    row = RuleBook(session).proposal(Origin.FOLDER)
    if row is None or row.files == dict(files):
        return None
    _, version = in_force(session)
    made = merged(row.base, files, version.files)
    changes = made.conflicts or changed_files(version.files, made.files)
    return made if changes else None


def decide(session: EakteSession, found: Proposed, name: str, *, proposal: bool, who: str) -> None:
    """Settle a file that was changed on both sides: the proposal's text, or the one in force."""
    if name not in found.merged.conflicts:
        raise NotFound(f"Über {name} ist nichts zu entscheiden.")
    _, version = in_force(session)
    other = version.files if proposal else found.row.files
    base = {one: text for one, text in found.row.base.items() if one != name}
    if name in other:
        base[name] = other[name]
    RuleBook(session).keep_proposal(
        found.origin, base, found.row.files, who, session.trail.clock.now()
    )


def tidy(text: str) -> str:
    """A text as files have it: plain line ends, one at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"


def _check_name(name: str) -> None:
    if not _FILE_NAME.fullmatch(name):
        raise Unusable(
            f"„{name}“ taugt nicht als Name einer Regeldatei.",
            remedy="Kleinbuchstaben, Ziffern und _, am Ende .toml: eigene.toml.",
        )

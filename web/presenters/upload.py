"""What became of an uploaded file, as the list shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from eakte.services.handing_in import HandedIn, Progress
from web.presenters import german

STATES = {
    "waiting": "angenommen, wird gelesen",
    "delivered": "zugestellt",
    "clearing": "in Klärung",
    "filed": "zu den Akten",
    "quarantined": "in Quarantäne",
    "duplicate": "schon vorhanden",
    "unopened": "ungeöffnet verwahrt",
    "unfolded": "entpackt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One file: ``url`` leads to its document once there is one that may be opened.

    ``stand``: laeuft, fertig or fehler (refused, or in quarantine); ``members`` are the files of an
    archive, named as they were in it.
    """

    name: str
    text: str
    stand: str
    id: str = ""
    url: str = ""
    members: tuple[Result, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it was taken, with all that is in it."""
        return self.stand != "fehler"

    @property
    def done(self) -> bool:
        """Whether it goes no further by itself."""
        return self.stand != "laeuft"


def taken(handed: HandedIn) -> Result:
    """Taken, not read yet."""
    return Result(name=handed.name, text=STATES["waiting"], stand="laeuft", id=handed.id)


def refused(name: str, why: str) -> Result:
    """Not taken; the others of the same upload may be."""
    return Result(name=name, text=f"Nicht angenommen: {why}", stand="fehler")


def result(progress: Progress) -> Result:
    """How far it is by now."""
    openable = [one for one in progress.documents if one.openable]
    done, members = progress.state != "waiting", tuple(_member(progress))
    aside = progress.state == "quarantined" or any(not one.ok for one in members)
    return Result(
        name=progress.name,
        text=_text(progress),
        stand=("fehler" if aside else "fertig") if done else "laeuft",
        id=progress.id,
        url=f"/dokumente/{quote(openable[0].id)}" if done and openable and not members else "",
        members=members,
    )


def summary(results: Sequence[Result]) -> str:
    """``3 Dateien: 2 angenommen, 1 nicht angenommen``; empty for a single file."""
    if len(results) < 2:
        return ""
    refusals = sum(not one.id for one in results)
    counts = (f"{len(results) - refusals} angenommen", refusals and f"{refusals} nicht angenommen")
    return f"{len(results)} Dateien: {german.joined(one for one in counts if one)}"


def _member(progress: Progress) -> Iterator[Result]:
    for one in progress.members:
        yield replace(result(one), name=one.name.removeprefix(f"{progress.name}/"))


def _text(progress: Progress) -> str:
    """The state in words; of an archive how many of its files were set aside."""
    text = STATES.get(progress.state, progress.state)
    if progress.reason:
        return f"{text}: {progress.reason}"
    if progress.state != "unfolded":
        return text
    aside = sum(one.state == "quarantined" for one in progress.members)
    files = german.plural(len(progress.members), "Datei", "Dateien")
    return f"{text}, {files}" + (f", davon {aside} in Quarantäne" if aside else "")


def as_json(one: Result) -> dict[str, Any]:
    """For ``js/upload.js``."""
    return {
        "name": one.name,
        "text": one.text,
        "stand": one.stand,
        "ok": one.ok,
        "id": one.id,
        "url": one.url,
        "done": one.done,
        "members": [as_json(member) for member in one.members],
    }

"""What became of an uploaded file, as the list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from eakte.services.handing_in import HandedIn, Progress

STATES = {
    "waiting": "angenommen, wird gelesen",
    "delivered": "zugestellt",
    "clearing": "in Klärung",
    "filed": "zu den Akten",
    "quarantined": "in Quarantäne",
    "duplicate": "schon vorhanden",
    "unopened": "ungeöffnet verwahrt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One file: ``url`` leads to its document once there is one that may be opened."""

    name: str
    text: str
    ok: bool
    id: str = ""
    url: str = ""
    done: bool = False


def taken(handed: HandedIn) -> Result:
    """Taken, not read yet."""
    return Result(name=handed.name, text=STATES["waiting"], ok=True, id=handed.id)


def refused(name: str, why: str) -> Result:
    """Not taken."""
    return Result(name=name, text=why, ok=False, done=True)


def result(progress: Progress) -> Result:
    """How far it is by now."""
    openable = [one for one in progress.documents if one.openable]
    done = progress.state != "waiting"
    text = STATES.get(progress.state, progress.state)
    return Result(
        name=progress.name,
        text=f"{text}: {progress.reason}" if progress.reason else text,
        ok=progress.state != "quarantined",
        id=progress.id,
        url=f"/dokumente/{quote(openable[0].id)}" if done and openable else "",
        done=done,
    )


def as_json(one: Result) -> dict[str, Any]:
    """For ``js/upload.js``."""
    return {
        "name": one.name,
        "text": one.text,
        "ok": one.ok,
        "id": one.id,
        "url": one.url,
        "done": one.done,
    }

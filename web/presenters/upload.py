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
    "unfolded": "entpackt",
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
    return Result(
        name=progress.name,
        text=_text(progress),
        ok=not _set_aside(progress),
        id=progress.id,
        url=f"/dokumente/{quote(openable[0].id)}" if done and openable else "",
        done=done,
    )


def _text(progress: Progress) -> str:
    """The state in words; of an archive that of each of its files."""
    text = STATES.get(progress.state, progress.state)
    if progress.reason:
        return f"{text}: {progress.reason}"
    if not progress.members:
        return text
    inner = (
        f"{one.name.removeprefix(f'{progress.name}/')} {_text(one)}" for one in progress.members
    )
    return f"{text}: {'; '.join(inner)}"


def _set_aside(progress: Progress) -> bool:
    return progress.state == "quarantined" or any(_set_aside(one) for one in progress.members)


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

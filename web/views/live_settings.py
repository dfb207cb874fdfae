"""Verwaltung, Einstellungen: what may be changed while the product runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from web.desk import AtDesk
from web.presenters import live_settings as presenter
from web.presenters.live_settings import HERE, url_of
from web.views.quality import Done

router = APIRouter(prefix=HERE)
NOTICES = {
    "geaendert": "Gespeichert. Der Wert gilt ab sofort, ohne Neustart.",
    "datei": "Es gilt wieder der Wert der Datei.",
    "gleich": "Dieser Wert gilt schon; es ist nichts geändert.",
}
Version = Annotated[int, Form(ge=0, le=1_000_000)]
Confirmed = Annotated[str, Form(max_length=2)]


@router.get("")
def settings(desk: AtDesk) -> Response:
    """All settings with what counts now, and what was changed before."""
    service = desk.services.live_settings
    return desk.show(
        "settings.html",
        sections=presenter.sections(service.all(desk.reader)),
        history=presenter.history(service.history(desk.reader)),
    )


@router.get("/{key}")
def setting(desk: AtDesk, key: str, erledigt: Done = "") -> Response:
    """One setting, to be changed or put back."""
    view = desk.services.live_settings.get(desk.reader, key)
    return desk.show(
        "setting.html",
        line=presenter.line(view),
        form=presenter.form(view),
        history=presenter.history(desk.services.live_settings.history(desk.reader, key)),
        notice=NOTICES.get(erledigt, ""),
    )


@router.post("/{key}")
def change(
    desk: AtDesk,
    key: str,
    *,
    version: Version,
    wert: Annotated[str, Form(max_length=40)] = "",
    grund: Annotated[str, Form(max_length=2000)] = "",
    entschieden: Annotated[str, Form(max_length=2000)] = "",
    endgueltig: Confirmed = "",
) -> Response:
    """Let another value count."""
    done = desk.services.live_settings.change(
        desk.reader,
        key,
        version,
        wert,
        reason=grund,
        decided_by=entschieden,
        confirmed=endgueltig == "ja",
    )
    return desk.go(f"{url_of(key)}?erledigt={'geaendert' if done else 'gleich'}")


@router.post("/{key}/datei")
def back(desk: AtDesk, key: str, version: Version, endgueltig: Confirmed = "") -> Response:
    """Let the file's value count again."""
    done = desk.services.live_settings.back(desk.reader, key, version, confirmed=endgueltig == "ja")
    return desk.go(f"{url_of(key)}?erledigt={'datei' if done else 'gleich'}")

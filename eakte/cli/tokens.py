"""``eakte token create|revoke|list``: keys of programmes to ``/api/v1``."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from eakte.bootstrap import BERLIN
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption
from eakte.cli.output import hint, say, say_json
from eakte.services.tokens import CREATE_DOCUMENTS, OPEN_WINDOWS

if TYPE_CHECKING:
    from eakte.services.tokens import TokenView

NameArgument = Annotated[str, typer.Argument(help="Name des Programms, etwa „fachverfahren“.")]


class Purpose(enum.StrEnum):
    """What a token is for."""

    DOCUMENTS = "documents"
    WINDOWS = "windows"


SCOPES: Mapping[Purpose, str] = {
    Purpose.DOCUMENTS: CREATE_DOCUMENTS,
    Purpose.WINDOWS: OPEN_WINDOWS,
}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    token = typer.Typer(help="Zugangsschlüssel für Programme.")
    token.callback()(_group)
    token.command("create")(create)
    token.command("revoke")(revoke)
    token.command("list")(list_all)
    app.add_typer(token, name="token")


def _group() -> None:
    """Zugangsschlüssel für Programme."""


def create(
    name: NameArgument,
    *,
    acts_as: Annotated[
        str, typer.Option("--as", metavar="LOGIN", help="Login, mit dessen Rechten es handelt.")
    ],
    may: Annotated[
        list[Purpose] | None,
        typer.Option("--may", help="Wofür: documents (Dokumente einliefern), windows (aufrufen)."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Macht einen Schlüssel; er steht auf der Standardausgabe und wird nur jetzt gezeigt."""
    scopes = {SCOPES[one] for one in may or [Purpose.DOCUMENTS]}
    secret = product_of(config).services.tokens.create(name, acts_as, scopes)
    say(secret)
    hint(f"Zugangsschlüssel „{name}“ handelt als {acts_as}; er wird nur jetzt gezeigt.")


def revoke(name: NameArgument, *, config: ConfigOption = None) -> None:
    """Widerruft einen Schlüssel; er gilt sofort nicht mehr."""
    product_of(config).services.tokens.revoke(name)
    say(f"Der Zugangsschlüssel „{name}“ ist widerrufen.")


def list_all(*, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Zeigt alle Schlüssel, auch widerrufene, nie ihr Geheimnis."""
    tokens = product_of(config).services.tokens.all()
    for token in tokens:
        if as_json:
            say_json(
                {
                    "name": token.name,
                    "acts_as": token.acts_as,
                    "scopes": list(token.scopes),
                    "created": token.created_at.isoformat(),
                    "used": token.used_at.isoformat() if token.used_at else None,
                    "revoked": token.revoked_at.isoformat() if token.revoked_at else None,
                }
            )
        else:
            say(f"{token.name}: handelt als {token.acts_as}, {_state(token)}")
    if not tokens and not as_json:
        say("Noch gibt es keinen Zugangsschlüssel.")


def _state(token: TokenView) -> str:
    if token.revoked_at:
        return f"widerrufen am {_moment(token.revoked_at)}"
    return f"zuletzt benutzt am {_moment(token.used_at)}" if token.used_at else "noch nie benutzt"


def _moment(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")

"""``eakte open``: shows a case file on somebody's second monitor."""

from __future__ import annotations

from typing import Annotated

import typer

from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption
from eakte.cli.output import say
from eakte.domain.rights import Reader

OPERATOR = Reader(login="operator")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("open")(open_file)


def open_file(
    aktenzeichen: Annotated[str, typer.Argument(help="Nummer der Akte, „-“: Standardeingabe.")],
    *,
    user: Annotated[str, typer.Option("--user", help="Auf wessen Bildschirm.")],
    config: ConfigOption = None,
) -> None:
    """Ruft eine Akte im Aktenfenster dieser Person auf; die Antwort verrät nichts über die Akte."""
    services = product_of(config).services
    services.accounts.reader(user)  # an unknown login is the operator's mistake
    number = typer.get_text_stream("stdin").readline() if aktenzeichen == "-" else aktenzeichen
    services.windows.call_for(OPERATOR, user, number.strip())
    say(f"Der Aufruf ist an {user} weitergegeben.")

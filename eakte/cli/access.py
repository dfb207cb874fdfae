"""``eakte user password``."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption
from eakte.cli.output import say


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    user = typer.Typer(help="Benutzerkonten.")
    user.callback()(_group)
    user.command("password")(password)
    app.add_typer(user, name="user")


def _group() -> None:
    """Benutzerkonten."""


def password(
    login: Annotated[str, typer.Argument(help="Login aus dem Register.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Setzt ein Kennwort; es wird verdeckt abgefragt oder von der Standardeingabe gelesen."""
    product = product_of(config)
    product.services.accounts.reader(login)  # an unknown login is refused before anyone types
    if sys.stdin.isatty():
        new = getpass.getpass("Neues Kennwort: ")
        if getpass.getpass("Noch einmal: ") != new:
            raise typer.BadParameter("Die beiden Eingaben sind verschieden.")
    else:
        new = sys.stdin.readline().rstrip("\n")
    product.services.accounts.set_password(login, new)
    say(f"Das Kennwort von {login} ist gesetzt.")

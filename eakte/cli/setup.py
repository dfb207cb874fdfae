"""``eakte init`` and ``eakte register import``."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from eakte.bootstrap import Product, open_product, prepare
from eakte.bootstrap.rules import look_at_folder
from eakte.cli.ending import at_the_end
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, settings_of
from eakte.cli.output import hint, say
from eakte.demo.authority import DEMO_PASSWORD, demo_register
from eakte.domain.rights import system_reader
from eakte.services.register_file import RegisterFile, parse_register, read_register
from eakte.services.rules_showing import waiting

OPERATOR = system_reader("operator")
FIRST_LOGIN = "admin"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init")(init)
    register = typer.Typer(help="Das Register: Standorte, Teams, Personal, Akten.")
    register.command("import")(register_import)
    app.add_typer(register, name="register")


def init(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Ein erfundener Landkreis.")] = False,
    config: ConfigOption = None,
) -> None:
    """Richtet Datenordner, Schema und die erste Anmeldung ein; kann wiederholt werden."""
    settings = settings_of(config)
    prepare(settings)
    product = open_product(settings)
    at_the_end(product.database.close)
    if demo:
        _load_demo(product)
    elif not product.services.accounts.has_any():
        _first_administrator(product)
    found = look_at_folder(settings, product.services.rules)
    say(f"Der Datenordner {settings.home} ist eingerichtet.")
    if found is not None:
        for sentence in waiting(found):
            hint(sentence)


def _first_administrator(product: Product) -> None:
    register = parse_register(
        {
            "caseworkers": [
                {
                    "login": FIRST_LOGIN,
                    "name": "Administration",
                    "roles": ["administrator"],
                    "teams": [],
                }
            ]
        }
    )
    product.services.register.run(OPERATOR, register)
    password = secrets.token_urlsafe(12)
    product.services.accounts.set_password(FIRST_LOGIN, password)
    say(f"Erste Anmeldung: {FIRST_LOGIN}, Kennwort: {password} (wird nur jetzt gezeigt)")


def _load_demo(product: Product) -> None:
    if product.services.accounts.has_any():
        return  # what the demo's users changed stays
    register: RegisterFile = parse_register(demo_register(today=product.database.clock.today()))
    product.services.register.run(OPERATOR, register)
    product.services.accounts.set_passwords(
        [worker.login for worker in register.caseworkers], DEMO_PASSWORD
    )


def register_import(
    file: Annotated[Path, typer.Argument(help="Registerdatei (JSON).")],
    *,
    config: ConfigOption = None,
) -> None:
    """Liest das Register ein: ganz oder gar nicht."""
    register = read_register(file)
    counts = product_of(config).services.register.run(OPERATOR, register)
    say(
        f"Eingelesen: {counts['sites']} Standorte, {counts['teams']} Teams, "
        f"{counts['caseworkers']} Personen des Personals, {counts['absences']} Abwesenheiten, "
        f"{counts['case_files']} Akten."
    )
    if counts["provisional"]:
        say(
            f"{counts['provisional']} vorläufige Akten passen zu Akten des Registers: bitte unter "
            "„Vorläufige Akten“ vergleichen und zusammenführen."
        )

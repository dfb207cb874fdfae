"""The command line: one module a group of commands.  Exit codes and outputs are stable.

0: done; 1: ran, but something was quarantined or problems were found; 2: usage; 3: refused.
"""

from __future__ import annotations

import sys

import typer

from eakte.cli import access, intake, looking, rules, running, setup
from eakte.cli.output import say_error, set_up_logging
from eakte.errors import EakteError

__all__ = ["app", "main"]

app = typer.Typer(
    name="eakte",
    help="Elektronische Akte und Posteingang für Jobcenter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
setup.add_to(app)
running.add_to(app)
access.add_to(app)
intake.add_to(app)
looking.add_to(app)
rules.add_to(app)


def main() -> int:
    """Run the command line; every deliberate error is one sentence on stderr."""
    set_up_logging()
    try:
        app(standalone_mode=True)
    except EakteError as error:
        say_error(error)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0

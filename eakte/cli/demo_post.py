"""The demo's post: says who may sign in, then lets letters arrive one by one."""

from __future__ import annotations

import threading

from eakte.bootstrap import Product
from eakte.cli.output import say
from eakte.demo.authority import DEMO_PASSWORD, demo_logins, demo_register
from eakte.demo.delivery import drop
from eakte.demo.letters import generate

DEMO_LETTERS = 60
DEMO_SECONDS = 3.0


def deliver(product: Product, stop: threading.Event) -> None:
    """Drop the letters into the inbox, once in the life of a data folder."""
    today = product.database.clock.today()
    register = demo_register(today=today)
    say(f"\nAnmelden mit einem dieser Namen, Kennwort überall: {DEMO_PASSWORD}")
    for login, purpose in demo_logins(register):
        say(f"  {login:<16} {purpose}")
    marker = product.settings.home / "demo-letters-dropped"
    if marker.exists():
        say("\nDie Briefe der Demo sind schon eingegangen; eigene Dateien gehören in den Ordner.")
        return
    say(f"\n{DEMO_LETTERS} Briefe gehen jetzt nacheinander ein.")
    letters = generate(register, count=DEMO_LETTERS, today=today)
    if drop(letters, product.inbox, every=DEMO_SECONDS, stop=stop) == DEMO_LETTERS:
        marker.touch()

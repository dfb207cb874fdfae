"""What a command opened is put away when it is done, however it ends."""

from __future__ import annotations

import pytest

from eakte.bootstrap import Product
from eakte.cli.ending import at_the_end, tidied_up
from eakte.errors import NotFound
from eakte.repositories.database import Database
from tests.cli.conftest import Eakte


def test_what_is_opened_last_is_closed_first_and_after_a_failure_too():
    told: list[str] = []

    def fail() -> None:
        with tidied_up():
            at_the_end(lambda: told.append("first"))
            at_the_end(lambda: told.append("second"))
            raise NotFound("Nichts da.", remedy="Keins.")

    with pytest.raises(NotFound):
        fail()
    assert told == ["second", "first"]


def test_outside_of_a_command_nothing_is_put_away():
    told: list[str] = []
    at_the_end(lambda: told.append("never"))
    assert told == []


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("rules", "list"), ("text", "unknown"), ("user", "password", "n.iemand")],
    ids="-".join,
)
def test_every_command_leaves_its_database_closed(
    eakte: Eakte, product: Product, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
):
    opened: list[Database] = []
    closed: list[Database] = []
    original, close = Database.__init__, Database.close

    def remember(self: Database, *given, **named) -> None:
        opened.append(self)
        original(self, *given, **named)

    def note(self: Database) -> None:
        closed.append(self)
        close(self)

    monkeypatch.setattr(Database, "__init__", remember)
    monkeypatch.setattr(Database, "close", note)
    eakte(*arguments)
    assert opened
    assert set(map(id, closed)) == set(map(id, opened))

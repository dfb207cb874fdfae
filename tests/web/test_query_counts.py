"""How often a screen asks the database does not depend on how much it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from starlette.testclient import TestClient

from eakte.domain.ids import new_id
from eakte.models import PostboxEntry, Wiedervorlage
from tests.web.conftest import Visit
from tests.web.stage import FILE, Delivered, Stage
from web.presenters.case_files import path_of

FEW, MANY = 3, 12
SCREENS = {
    "/postkorb/m.petersen": "m.petersen",
    "/postkorb/husum-leistung": "m.petersen",
    f"/akten/{path_of(FILE)}": "m.petersen",
    "/wiedervorlagen": "m.petersen",
    "/suche?q=Heizkosten": "m.petersen",
    "/klaerung": "s.scan",
    "/eingang": "s.scan",
}
"""Every list by its address, and who looks at it."""


@contextmanager
def statements(stage: Stage) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for engine in stage.database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in stage.database.engines:
            event.remove(engine, "before_cursor_execute", note)


def counted(stage: Stage, client: TestClient, url: str) -> int:
    """How many statements one visit takes."""
    assert client.get(url).status_code == 200  # the first one may still touch the session
    with statements(stage) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def deliver(stage: Stage, count: int) -> None:
    """So many rows more in every list."""
    for number in range(count):
        pages = 1 + number % 3
        letter = stage.deliver(postbox="m.petersen", pages=pages)
        stage.deliver(schlagwort="sonstiges", file=None, postbox="clearing", candidates=(FILE,))
        with stage.database.write() as session:
            session.add_all((_of_team(stage, letter), _due(stage, letter)))
    stage.index_all()
    stage.index_all()


def _of_team(stage: Stage, letter: Delivered) -> PostboxEntry:
    return PostboxEntry(
        id=new_id(),
        document_id=letter.document_id,
        postbox="husum-leistung",
        team_id="husum-leistung",
        sent_by="j.hansen",
        arrived_at=stage.clock.now(),
    )


def _due(stage: Stage, letter: Delivered) -> Wiedervorlage:
    return Wiedervorlage(
        id=new_id(),
        document_id=letter.document_id,
        login="m.petersen",
        due=stage.clock.today(),
        made_by="m.petersen",
        made_at=stage.clock.now(),
    )


def test_no_screen_asks_once_a_row(stage: Stage, signed_in: Visit):
    clients = {login: signed_in(login) for login in set(SCREENS.values())}
    deliver(stage, FEW)
    few = {url: counted(stage, clients[login], url) for url, login in SCREENS.items()}
    deliver(stage, MANY - FEW)
    many = {url: counted(stage, clients[login], url) for url, login in SCREENS.items()}
    assert many == few

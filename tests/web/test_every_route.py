"""Every route with every role, against a table of what each may see and what stays in the log.

``route_table.py`` is the table; a route that is missing there fails here.  ``route_world.py`` is
the authority that is asked.  What each *query* gives whom is shown on both databases by
``tests/contract/test_rights.py``; here the walk on PostgreSQL is made by fewer.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy.engine import make_url

from eakte.bootstrap import open_product
from tests.conftest import need_postgres
from tests.prepared import Prepared, postgres_database, settings_for
from tests.web.route_deeds import DEEDS
from tests.web.route_table import COVERS, TABLE, VISIBLE, Row
from tests.web.route_world import (
    BEFORE,
    EVERYBODY,
    PROGRAMMES,
    STRANGERS,
    UNKNOWN_ID,
    Answer,
    Call,
    Reply,
    World,
    told_apart,
)

FEWER = {"responsible", "other site", "scan", "administrator", "deputy during", *STRANGERS[:1]}
"""Those who make the walk on PostgreSQL, and ask about the further things of a route elsewhere."""
ALIKE = {"who scanned it", "scan, excluded", "emergency", "central team", "deputy after"}
"""Of roles that others ask for as well: they ask where they are named, and for every document."""
NAMES = {"Verborgen": COVERS["file protected"], "Yıldız": COVERS["file elsewhere"]}
"""Of people whose file is closed to most, and who may read them."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest,
    prepared: Prepared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One authority a database; no request of the walk changes anything in it."""
    folder = tmp_path_factory.mktemp("routes")
    if request.param == "sqlite":
        path = folder / "eakte.db"
        prepared.copy_sqlite(path)
        yield from _world(prepared, folder, f"sqlite:///{path}")
    else:
        need_postgres()
        with postgres_database(prepared.postgres_template()) as url:
            yield from _world(prepared, folder, url)


def _world(prepared: Prepared, folder: Path, url: str) -> Iterator[World]:
    settings = settings_for(folder / "home", url)
    made = prepared.home(make_url(url).get_backend_name())
    shutil.copytree(made, settings.home)
    key = (made / settings.values.data.audit_key_file).read_text("ascii")
    world = World(open_product(settings), bytes.fromhex(key), folder)
    yield world
    world.close()


def routes(world: World) -> set[str]:
    """Every route of the application as ``METHOD /path``."""
    found = set()
    for route in iter_route_contexts(world.app.routes):
        assert route.path, f"{route} has no address that the table could name"
        methods = (route.methods or {"any method"}) - {"HEAD"}
        found |= {f"{method} {route.path}" for method in methods}
    return found


def test_every_route_stands_in_the_table(world: World) -> None:
    there = routes(world)
    missing = [f"„{one}“ is missing: say in route_table.py who may" for one in there - TABLE.keys()]
    gone = [f"„{one}“ stands in the table and is no route" for one in TABLE.keys() - there]
    assert missing + gone == []


def test_what_is_open_to_everybody_has_a_reason() -> None:
    for route, rows in TABLE.items():
        for row in rows:
            assert (row.strangers in {Answer.SIGN_IN, Answer.NO_TOKEN}) or row.why, route


def test_every_route_answers_everybody_as_the_table_says(world: World) -> None:
    few = world.database.engine.dialect.name == "postgresql"
    before, wrong = world.contents(), []
    for route, rows in TABLE.items():
        for row in rows[:1] if few else rows:
            for who in askers(route, row, first=row is rows[0], few=few):
                wrong += problems(world, route, row, who)
    assert not wrong, "\n".join(wrong)
    assert world.contents() == before, "a refused request changed something"


def test_who_may_does_it_and_the_log_says_so(world: World) -> None:
    """After the walk: what is done here would change what the table says."""
    unsafe = {route for route in TABLE if not route.startswith("GET ")}
    assert unsafe == DEEDS.keys()
    wrong = []
    for route, make in DEEDS.items():
        world.clock.set_day(BEFORE)
        deed = make(world)
        world.forget_traces()
        reply = world.ask(deed.who, deed.call(route))
        noted = [action for _, action, _ in reply.traces]
        if reply.status >= 400 or (deed.action not in noted if deed.action else noted):
            wrong.append(f"{deed.who}: {route}: {reply.status} {noted} {plain(reply)}")
    assert not wrong, "\n".join(wrong)


def askers(route: str, row: Row, *, first: bool, few: bool) -> list[str]:
    """Who asks: everybody about the first thing, then whoever gets in and those who tell most."""
    named = row.opens | row.told | row.but.keys()
    wanted = set(EVERYBODY) if first and not few else named | FEWER
    if few:
        wanted &= FEWER | set(PROGRAMMES)
    elif not (row.refused and route.startswith("GET ")):
        wanted -= ALIKE - named
    if "/api/" not in route:
        wanted -= {"other programme", "revoked programme"}
    return [who for who in EVERYBODY if who in wanted and row.expected(who) is not None]


def problems(world: World, route: str, row: Row, who: str) -> list[str]:
    """What is not as the table says, as sentences."""
    params = {"action": "rechts", **world.things[row.about]}
    call = concrete(route, row, params)
    reply = world.ask(who, call)
    unknown = None
    made_up = row.made_up or next(iter(re.findall(r"{(\w+)", route)), "")
    if 400 <= reply.status < 500 and reply.status != 401 and made_up:
        unknown = world.ask_unknown(
            who, route, concrete(route, row, params | {made_up: UNKNOWN_ID})
        )
    found, wanted = told_apart(reply, unknown), row.expected(who)
    said = (
        [f"{found} instead of {wanted} ({reply.status} {plain(reply)})"] if found != wanted else []
    )
    if who == "revoked programme" and found is Answer.NO_TOKEN:
        said += [] if [one[1] for one in reply.traces] == ["token.refused"] else ["not in the log"]
    else:
        said += traces(world, row, who, reply, params)
    said += leaks(world, row, who, reply, call)
    return [f"{who}: {route} [{row.about}]: {one}" for one in said]


def concrete(route: str, row: Row, params: dict[str, str]) -> Call:
    """The request about the thing of these ``params``."""
    method, _, template = route.partition(" ")

    def filled(text: str) -> str:
        for word, name in (
            ("DOCUMENT", "document_id"),
            ("PAGE", "page_id"),
            ("SOURCE", "source_id"),
        ):
            text = text.replace(word, params.get(name, ""))
        return text

    form = {name: filled(value) for name, value in row.form.items()}
    if params.get("case_file_id") == UNKNOWN_ID:
        form["aktenzeichen"] = "12345//9999999"
    path = template.replace(":path", "").format(**params)
    return Call(
        method=method,
        path=f"{path}?{filled(row.query)}" if row.query else path,
        form=form,
        files=row.files,
        headers=row.headers,
    )


def traces(world: World, row: Row, who: str, reply: Reply, params: dict[str, str]) -> list[str]:
    """Whether the audit log gained what it should, and nothing else."""
    action = row.refused if row.expected(who) is Answer.UNKNOWN else ""
    if who in row.opens or row.why:
        action = row.trace
    if not action:
        return [f"the log gained {reply.traces}"] if reply.traces else []
    actor = row.actor or world.login(who)
    row_wanted = (actor, action, params.get(row.subject, row.subject) or actor)
    if row.once and who in row.opens:
        there = set(reply.traces) <= {row_wanted} and world.has_trace(row_wanted)
    else:
        there = reply.traces == (row_wanted,)
    return [] if there else [f"the log gained {reply.traces} instead of {row_wanted}"]


def leaks(world: World, row: Row, who: str, reply: Reply, call: Call) -> list[str]:
    """Ids and names in the answer that are not for these eyes."""
    shown = {name for name, one in world.documents.items() if one in reply.text}
    asked = {name for name, one in world.documents.items() if one in f"{call.path}{call.form}"}
    allowed = {name for name, roles in VISIBLE.items() if who in roles}
    said = [f"names the document {name}" for name in sorted(shown - asked - allowed)]
    said += [
        f"names {name}" for name, roles in NAMES.items() if name in reply.text and who not in roles
    ]
    if row.lists and row.expected(who) is Answer.OPENS:
        said += [f"does not list {name}" for name in sorted(set(row.lists) & allowed - shown)]
    if row.shows is not None and row.expected(who) is Answer.OPENS:
        names_it = world.things[row.about][row.subject] in reply.text
        said += [f"names it: {names_it}"] if names_it != (who in row.shows) else []
    return said


def plain(reply: Reply) -> str:
    """The beginning of what an answer says."""
    return " ".join(re.sub("<[^>]+>", " ", reply.text).split())[:160]

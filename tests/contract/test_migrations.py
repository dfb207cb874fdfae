"""The schema's history ends where the mappings are, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from eakte.migrations import FOREIGN_TABLES, VERSIONS, is_current, upgrade
from eakte.models import Base
from eakte.repositories.database import make_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


def test_an_empty_database_is_not_current_and_becomes_so(engine: Engine):
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)


def test_a_second_upgrade_changes_nothing(engine: Engine):
    upgrade(engine)
    before = _columns(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO sites (id, name) VALUES ('husum', 'Husum')"))
    upgrade(engine)
    assert _columns(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM sites")).scalar() == "Husum"


def test_the_newest_revision_is_taken_back_and_made_again(engine: Engine):
    upgrade(engine, "0003")
    before = _columns(engine)
    upgrade(engine)
    made = _columns(engine)
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    assert _columns(engine) == before
    upgrade(engine)
    assert _columns(engine) == made


def test_the_migrated_schema_is_that_of_the_mappings(engine: Engine):
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_mapped_table_is_there_and_no_other(engine: Engine):
    upgrade(engine)
    tables = {name for name in inspect(engine).get_table_names() if name != "alembic_version"}
    assert tables == set(Base.metadata.tables)
    assert not any(name.startswith(FOREIGN_TABLES) for name in tables)


def test_what_an_older_version_kept_is_still_there_after_the_upgrade(engine: Engine):
    upgrade(engine, "0001")
    moment, batch, first, second = "2026-11-20 08:00:00", *(f"{n:032x}" for n in (1, 2, 3))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO batches (id, channel, name, received_here, opened_at)"
                " VALUES (:id, 'scanner', 'stapel', '2026-11-20', :moment)"
            ),
            {"id": batch, "moment": moment},
        )
        for source, original in ((first, None), (second, first)):
            connection.execute(
                text(
                    "INSERT INTO sources (id, arrival_key, batch_id, channel, name, sha256, size,"
                    " arrived_at, received_here, state, changed_at, duplicate_of) VALUES"
                    " (:id, :key, :batch, 'scanner', 'brief.pdf', :key, 9, :moment, '2026-11-20',"
                    " 'received', :moment, :original)"
                ),
                {
                    "id": source,
                    "key": source,
                    "batch": batch,
                    "moment": moment,
                    "original": original,
                },
            )
    upgrade(engine)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT form, parent_id FROM sources")).all()
        assert [tuple(row) for row in kept] == [("paper", None)] * 2
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            connection.execute(
                text("UPDATE sources SET parent_id = :nobody"), {"nobody": f"{9:032x}"}
            )


def test_foreign_keys_hold(engine: Engine):
    upgrade(engine)
    with engine.begin() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(
            text("INSERT INTO team_members (login, team_id, position) VALUES ('x', 'y', 0)")
        )


def _columns(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    return {
        table: [column["name"] for column in found.get_columns(table)]
        for table in found.get_table_names()
    }

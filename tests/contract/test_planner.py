"""What SQLite's planner is told of the tables, so that a large archive stays quick."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import delete, func, insert, select

from eakte.models import Document, Filing
from eakte.repositories.planner import is_due, keep_informed
from tests.authority import Authority

OF_FORTY_FILES = (
    select(Document.id)
    .join(Filing, Filing.document_id == Document.id)
    .where(Filing.case_file_id.in_([f"{number:032}" for number in range(40)]))
    .where(Document.state == "filed")
)


def grow(authority: Authority, count: int) -> None:
    """So many filed documents more."""
    source = authority.source()
    with authority.database.write() as session:
        there = session.scalar(select(func.count()).select_from(Document)) or 0
        session.execute(
            insert(Document),
            [
                {
                    "id": f"{there + number:032}",
                    "source_id": source,
                    "state": "filed",
                    "created_at": datetime(2026, 3, 2, tzinfo=UTC),
                    "received_here": date(2026, 3, 2),
                }
                for number in range(count)
            ],
        )


def on_sqlite(authority: Authority) -> bool:
    return authority.database.engine.dialect.name == "sqlite"


def test_a_small_archive_is_not_counted(authority: Authority) -> None:
    assert not is_due(authority.database)
    assert not keep_informed(authority.database)


def test_a_grown_archive_is_counted_once_and_again_when_it_grew_by_half(
    authority: Authority,
) -> None:
    grow(authority, 1_200)
    assert keep_informed(authority.database) is on_sqlite(authority)
    grow(authority, 300)
    assert not keep_informed(authority.database)
    grow(authority, 500)
    assert is_due(authority.database) is on_sqlite(authority)


def test_documents_that_went_since_are_no_reason_to_count_again(authority: Authority) -> None:
    grow(authority, 1_200)
    keep_informed(authority.database)
    with authority.database.write() as session:
        session.execute(delete(Document).where(Document.id < f"{1_000:032}"))
    assert not is_due(authority.database)


def test_the_documents_of_a_few_files_are_then_found_by_their_files(authority: Authority) -> None:
    if not on_sqlite(authority):
        return  # PostgreSQL gathers by itself
    grow(authority, 1_200)
    keep_informed(authority.database)
    authority.database.reading.dispose()  # as after an hour
    asked = OF_FORTY_FILES.compile(
        authority.database.engine, compile_kwargs={"literal_binds": True}
    )
    with authority.database.read() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "filings" in plan[0].detail

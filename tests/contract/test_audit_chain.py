"""An edited, missing or cut-off audit row is noticed, and so is a chain that was written anew."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, func, select, text, update

from eakte.domain.rights import Reader, system_reader
from eakte.models import AuditHead, AuditRow
from eakte.repositories.audit import AuditLog, AuditTrail
from tests.authority import Authority

STEP = system_reader("test")


@pytest.fixture
def chain(authority: Authority) -> Authority:
    """Ten rows more, the head of the seventh written down outside."""
    for number in range(10):
        with authority.database.write() as session:
            AuditLog(session).note(
                Reader(login="m.petersen"),
                "document.open",
                "document",
                f"d-{number}",
                on_behalf_of="j.hansen",
                details={"ä": number},
            )
        if number == 6:
            authority.checking.write_head()
    return authority


def problems(authority: Authority) -> list[str]:
    return [found.problem for found in authority.checking.run() if found.check == "audit"]


def last(authority: Authority) -> int:
    with authority.database.read() as session:
        return session.scalar(select(func.max(AuditRow.seq))) or 0


def test_an_untouched_chain_holds(chain: Authority):
    assert problems(chain) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "j.hansen"},
        {"action": "document.close"},
        {"on_behalf_of": None},
        {"subject_id": "d-9"},
        {"details": {"ä": 99}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_row_is_noticed(chain: Authority, change: dict[str, object]):
    with chain.database.write() as session:
        session.execute(update(AuditRow).where(AuditRow.seq == last(chain) - 5).values(change))
    assert "Die Protokollzeile wurde verändert." in problems(chain)


def test_a_row_moved_in_time_is_noticed(chain: Authority):
    with chain.database.write() as session:
        row = session.get_one(AuditRow, last(chain) - 5)
        chain.clock.forward(hours=1)
        row.at = chain.clock.now()
    assert problems(chain) != []


def test_a_missing_row_is_noticed(chain: Authority):
    with chain.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.seq == last(chain) - 5))
    assert "Protokollzeilen fehlen." in problems(chain)


def test_a_cut_off_end_is_noticed(chain: Authority):
    with chain.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.seq == last(chain)))
    assert problems(chain) == ["Das Ende des Protokolls fehlt oder passt nicht."]


def test_an_edited_head_is_noticed(chain: Authority):
    with chain.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.seq == last(chain)))
        mac = session.scalar(select(AuditRow.mac).where(AuditRow.seq == last(chain) - 1))
        session.execute(update(AuditHead).values(seq=AuditHead.seq - 1, mac=mac))
    assert problems(chain) == ["Der Kopf des Protokolls wurde verändert."]


def test_a_removed_head_is_noticed(chain: Authority):
    with chain.database.write() as session:
        session.execute(delete(AuditHead))
    assert problems(chain) == ["Der Kopf des Protokolls fehlt."]


def test_a_chain_without_any_row_left_does_not_fit_the_head_outside(chain: Authority):
    with chain.database.write() as session:
        session.execute(delete(AuditHead))
        session.execute(delete(AuditRow))
    assert "Das Protokoll passt nicht zu seinem außerhalb notierten Kopf." in problems(chain)


def test_an_old_state_put_back_does_not_fit_the_head_outside(chain: Authority):
    """Rows and head of an earlier day are a valid chain; only the head outside knows better."""
    with chain.database.read() as session:
        old = session.get_one(AuditHead, 1)
        seq, mac, seal = old.seq, old.mac, old.seal
    with chain.database.write() as session:
        AuditLog(session).note(STEP, "test", "x", "y")
    chain.checking.write_head()
    with chain.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.seq > seq))
        session.execute(update(AuditHead).values(seq=seq, mac=mac, seal=seal))
    assert problems(chain) == ["Das Protokoll passt nicht zu seinem außerhalb notierten Kopf."]


def test_a_chain_written_anew_with_the_key_does_not_fit_the_head_outside(chain: Authority):
    """Whoever has database and key can make a chain that holds, but not the heads outside."""
    with chain.database.write() as session:
        rows = list(session.scalars(select(AuditRow).order_by(AuditRow.seq)))
        forged = AuditTrail(chain.trail.key, chain.clock)
        session.execute(delete(AuditHead))
        for row in rows:
            session.delete(row)
        session.flush()
        forged.found(session)
        AuditLog(session).note(STEP, "nothing.happened", "x", "y")
    with chain.database.read() as session:
        assert list(chain.trail.verify(session)) == []
    assert problems(chain) == ["Das Protokoll passt nicht zu seinem außerhalb notierten Kopf."]


def test_another_key_verifies_nothing(chain: Authority):
    with chain.database.read() as session:
        assert list(AuditTrail(b"another key" * 4, chain.clock).verify(session)) != []


def test_the_head_is_due_once_a_day(chain: Authority):
    assert not chain.checking.head_is_due()
    chain.clock.forward(days=1)
    assert chain.checking.head_is_due()
    chain.checking.write_head()
    assert not chain.checking.head_is_due()
    lines = chain.heads.read_text("utf-8").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [last(chain) - 3, last(chain)]


def test_the_log_can_not_be_read_from_outside_its_rows(chain: Authority):
    """Ids and logins only: no name of the register stands in it."""
    with chain.database.read() as session:
        content = " ".join(
            str(value) for row in session.execute(text("SELECT * FROM audit_log")) for value in row
        )
    assert "Müller" not in content
    assert "Petersen" not in content


def test_a_torn_line_of_the_head_file_is_named_and_stops_nothing(chain: Authority):
    with chain.heads.open("a", encoding="utf-8") as torn:
        torn.write('{"day": "2026-')
    assert any("nicht lesbar" in one.problem for one in chain.checking.run())
    chain.checking.write_head()
    assert len([one for one in chain.checking.run() if "nicht lesbar" in one.problem]) == 1
    assert not chain.checking.head_is_due()


def test_a_head_file_that_is_gone_is_noticed_once_the_chain_is_old_enough(chain: Authority):
    chain.heads.unlink()
    assert not [one for one in chain.checking.run() if "Köpfe" in one.problem]
    chain.clock.forward(days=3650)
    assert [one for one in chain.checking.run() if "Köpfe" in one.problem]

"""``eakte open``: a call from the command line, which tells nothing of the file."""

from __future__ import annotations

from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.models import AuditRow, WaitingCall
from eakte.services.tokens import OPEN_WINDOWS
from tests.cli.conftest import Eakte


def test_a_call_says_the_same_of_known_and_unknown_numbers_and_waits_for_a_window(
    eakte: Eakte, product: Product
) -> None:
    answers = {eakte("open", one, "--user", "m.petersen").out for one in ("12345//9999999", "x")}
    assert answers == {"Der Aufruf ist an m.petersen weitergegeben.\n"}
    with product.database.read() as session:
        waiting = session.get_one(WaitingCall, "m.petersen")
        assert waiting.typed == "x"
        said = select(AuditRow.actor).where(AuditRow.action == "case_file.refused")
        assert session.scalars(said).all() == ["operator", "operator"]
    eakte("open", "12345//9999999", "--user", "n.iemand").assert_refused("n.iemand")


def test_a_key_to_call_windows_takes_no_documents(eakte: Eakte, product: Product) -> None:
    made = eakte("token", "create", "aufruf", "--as", "m.petersen", "--may", "windows")
    holder = product.services.tokens.holder(made.out.strip())
    assert holder is not None
    assert holder.scopes == {OPEN_WINDOWS}
    assert eakte("token", "create", "x", "--as", "m.petersen", "--may", "alles").code == 2

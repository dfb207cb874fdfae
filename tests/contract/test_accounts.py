"""The door: argon2, locks against guessing, sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from sqlalchemy import select

from eakte.errors import NotFound, NotPermitted
from eakte.models import Account, AuditRow, UserSession
from eakte.services.accounts import LoginRules
from tests.authority import Authority
from tests.quick import STRONG
from tests.small_authority import PASSWORD

WRONG = "ein-falsches-kennwort"


@pytest.fixture
def door(authority: Authority) -> Authority:
    authority.accounts.set_password("m.petersen", PASSWORD)
    return authority


def last_action(authority: Authority) -> tuple[str, str]:
    with authority.database.read() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert row is not None
        return row.actor, row.action


def test_the_password_is_kept_as_argon2_only(door: Authority):
    with door.database.read() as session:
        stored = session.get_one(Account, "m.petersen").password_hash
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_password_is_as_dear_to_guess_as_argon2_recommends(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(PasswordHash, "recommended", STRONG)
    authority.accounts_with(LoginRules()).set_password("m.petersen", PASSWORD)
    with authority.database.read() as session:
        stored = session.get_one(Account, "m.petersen").password_hash
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_token_is_kept_as_a_hash_only(door: Authority):
    token = door.accounts.sign_in("m.petersen", PASSWORD)
    with door.database.read() as session:
        (row,) = session.scalars(select(UserSession))
    assert token not in (row.token_sha256, row.csrf_token)
    assert last_action(door) == ("m.petersen", "session.open")


def test_signed_in_one_is_a_reader(door: Authority):
    known = door.accounts.signed_in(door.accounts.sign_in("m.petersen", PASSWORD))
    assert known is not None
    assert (known.reader.login, known.reader.name) == ("m.petersen", "Maike Petersen")
    assert door.accounts.signed_in("kein token") is None


@pytest.mark.parametrize(
    ("login", "actor"), [("m.petersen", "m.petersen"), ("Müller, Jörg", "unknown")]
)
def test_a_wrong_password_and_an_unknown_login_sound_the_same(
    door: Authority, login: str, actor: str
):
    with pytest.raises(NotPermitted, match="Anmeldename oder Kennwort ist falsch"):
        door.accounts.sign_in(login, WRONG)
    assert last_action(door) == (actor, "session.refused")


def test_failures_lock_the_login_for_a_while_even_for_the_right_password(door: Authority):
    for _ in range(5):
        with pytest.raises(NotPermitted, match="falsch"):
            door.accounts.sign_in("m.petersen", WRONG)
    with pytest.raises(NotPermitted, match="gesperrt") as refused:
        door.accounts.sign_in("m.petersen", PASSWORD)
    assert "15 Minuten" in refused.value.remedy
    door.clock.forward(minutes=14, seconds=59)
    with pytest.raises(NotPermitted, match="gesperrt"):
        door.accounts.sign_in("m.petersen", PASSWORD)
    door.clock.forward(seconds=1)
    assert door.accounts.sign_in("m.petersen", PASSWORD)


def test_a_success_forgets_earlier_failures(door: Authority):
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotPermitted):
                door.accounts.sign_in("m.petersen", WRONG)
        assert door.accounts.sign_in("m.petersen", PASSWORD)


def test_an_idle_session_ends_and_a_used_one_goes_on(door: Authority):
    token = door.accounts.sign_in("m.petersen", PASSWORD)
    for _ in range(3):
        door.clock.forward(minutes=59)
        assert door.accounts.signed_in(token) is not None
    door.clock.forward(minutes=61)
    assert door.accounts.signed_in(token) is None


def test_a_session_ends_after_its_lifetime_though_it_is_used(door: Authority):
    token = door.accounts.sign_in("m.petersen", PASSWORD)
    for _ in range(24):
        assert door.accounts.signed_in(token) is not None
        door.clock.forward(minutes=30)
    door.clock.forward(seconds=1)
    assert door.accounts.signed_in(token) is None


def test_other_rules_hold_where_they_are_set(door: Authority):
    strict = door.accounts_with(LoginRules(max_failures=1, idle=timedelta(minutes=5)))
    token = strict.sign_in("m.petersen", PASSWORD)
    door.clock.forward(minutes=6)
    assert strict.signed_in(token) is None
    with pytest.raises(NotPermitted):
        strict.sign_in("m.petersen", WRONG)
    with pytest.raises(NotPermitted, match="gesperrt"):
        strict.sign_in("m.petersen", PASSWORD)


def test_signing_out_ends_this_session_only(door: Authority):
    one, other = (door.accounts.sign_in("m.petersen", PASSWORD) for _ in range(2))
    door.accounts.sign_out(one)
    assert last_action(door) == ("m.petersen", "session.close")
    assert door.accounts.signed_in(one) is None
    assert door.accounts.signed_in(other) is not None
    door.accounts.sign_out("kein token")


def test_expired_sessions_are_forgotten_when_somebody_signs_in(door: Authority):
    door.accounts.sign_in("m.petersen", PASSWORD)
    door.clock.forward(hours=2)
    door.accounts.sign_in("m.petersen", PASSWORD)
    with door.database.read() as session:
        assert len(list(session.scalars(select(UserSession)))) == 1


def test_a_new_password_ends_every_session_and_lifts_the_lock(door: Authority):
    token = door.accounts.sign_in("m.petersen", PASSWORD)
    known = door.accounts.signed_in(token)
    assert known is not None
    door.accounts.change_password(known.reader, PASSWORD, "ein-neues-langes-kennwort")
    assert door.accounts.signed_in(token) is None
    with pytest.raises(NotPermitted):
        door.accounts.sign_in("m.petersen", PASSWORD)
    assert door.accounts.sign_in("m.petersen", "ein-neues-langes-kennwort")


def test_a_wrong_old_or_a_short_new_password_changes_nothing(door: Authority):
    who = door.reader("m.petersen")
    with pytest.raises(NotPermitted, match="bisherige Kennwort ist falsch"):
        door.accounts.change_password(who, WRONG, "ein-neues-langes-kennwort")
    assert last_action(door) == ("m.petersen", "password.refused")
    with pytest.raises(NotPermitted, match="zu kurz"):
        door.accounts.change_password(who, PASSWORD, "kurz")
    assert door.accounts.sign_in("m.petersen", PASSWORD)


def test_guessing_the_old_password_ends_every_session_and_pauses_the_login(door: Authority):
    token = door.accounts.sign_in("m.petersen", PASSWORD)
    who = door.reader("m.petersen")
    for left in reversed(range(door.accounts.rules.max_failures)):
        assert door.accounts.signed_in(token) is not None
        with pytest.raises(NotPermitted, match="bisherige Kennwort ist falsch"):
            door.accounts.change_password(who, f"{WRONG} {left}", "ein-neues-langes-kennwort")
    assert door.accounts.signed_in(token) is None
    with pytest.raises(NotPermitted, match="bisherige Kennwort ist falsch"):
        door.accounts.change_password(who, PASSWORD, "ein-neues-langes-kennwort")
    door.clock.forward(minutes=16)
    assert door.accounts.sign_in("m.petersen", PASSWORD)


class Meanwhile:
    """The hasher of a door, with which something else happens while it is busy verifying."""

    def __init__(self, door: Authority, change: Callable[[], object]) -> None:
        self.hasher, self.change = door.accounts._hasher, change

    def verify(self, password: str, stored: str) -> bool:
        matches = self.hasher.verify(password, stored)
        self.change()
        return matches

    def hash(self, password: str) -> str:
        return self.hasher.hash(password)


def test_a_password_changed_meanwhile_opens_nothing_and_is_not_changed_back(
    door: Authority, monkeypatch: pytest.MonkeyPatch
):
    who, operator = door.reader("m.petersen"), door.accounts_with(LoginRules())
    change = Meanwhile(door, lambda: operator.set_password("m.petersen", "vom Betrieb gesetzt"))
    monkeypatch.setattr(door.accounts, "_hasher", change)
    with pytest.raises(NotPermitted, match="falsch"):
        door.accounts.sign_in("m.petersen", PASSWORD)
    operator.set_password("m.petersen", PASSWORD)
    with pytest.raises(NotPermitted, match="bisherige Kennwort ist falsch"):
        door.accounts.change_password(who, PASSWORD, "das Kennwort des Diebs")
    assert operator.sign_in("m.petersen", "vom Betrieb gesetzt")


def test_the_operator_sets_passwords_of_known_logins_only(authority: Authority):
    assert not authority.accounts.has_any()
    with pytest.raises(NotFound, match=r"n\.iemand"):
        authority.accounts.set_password("n.iemand", PASSWORD)
    authority.accounts.set_password("x.admin", PASSWORD)
    assert authority.accounts.has_any()
    assert last_action(authority) == ("system:operator", "password.set")
    with pytest.raises(NotFound):
        authority.accounts.reader("n.iemand")


def test_passwords_for_many_keep_those_that_exist(door: Authority):
    door.accounts.set_passwords(["m.petersen", "j.hansen"], "demo-kennwort-2026")
    assert door.accounts.sign_in("m.petersen", PASSWORD)
    assert door.accounts.sign_in("j.hansen", "demo-kennwort-2026")

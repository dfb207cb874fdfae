"""Accounts kept by the administration: nobody opens files to themselves, nobody is locked out."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

from eakte.domain.rights import Reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import AuditRow, CaseworkerRole, Deputy, SurnameRange, TeamMember
from eakte.repositories.local_changes import ROLES
from eakte.repositories.staff_accounts import StaffAccounts
from eakte.repositories.staff_lists import StaffLists
from eakte.services.account_list import AccountList
from eakte.services.account_views import AccountFilter, NewAccount
from eakte.services.handovers import Plan
from eakte.services.moving_views import MovePlan
from eakte.services.responsibilities import ListChange
from eakte.services.tokens import Tokens
from tests.authority import Authority
from tests.small_authority import MUELLER, OTHER_SITE, PASSWORD, small_register

NEW = NewAccount(
    login="n.eu", name="  Neele   Neumann ", roles=["caseworker"], teams=["husum-leistung"]
)


@pytest.fixture
def accounts(authority: Authority) -> AccountList:
    return AccountList(authority.database, authority.policy, authority.accounts)


@pytest.fixture
def admin(authority: Authority) -> Reader:
    authority.accounts.set_password("x.admin", PASSWORD)
    return authority.reader("x.admin")


@pytest.fixture
def second(authority: Authority, accounts: AccountList, admin: Reader) -> Reader:
    """Another administrator; the operator has let them in."""
    accounts.create(admin, NewAccount(login="z.weite", name="Zweite", roles=["administrator"]))
    authority.accounts.set_password("z.weite", PASSWORD)
    return signed_in(authority, "z.weite", PASSWORD)


def signed_in(authority: Authority, login: str, password: str) -> Reader:
    session = authority.accounts.signed_in(authority.accounts.sign_in(login, password))
    assert session is not None
    return session.reader


def shut(authority: Authority, login: str, password: str) -> bool:
    try:
        authority.accounts.sign_in(login, password)
    except NotPermitted:
        return True
    return False


def roles_of(authority: Authority, login: str) -> set[str]:
    query = select(CaseworkerRole.role).where(CaseworkerRole.login == login)
    with authority.database.read() as session:
        return set(session.scalars(query))


def newest(authority: Authority) -> AuditRow:
    with authority.database.read() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert row is not None
        session.expunge(row)
        return row


def registered(**changes: object) -> dict[str, object]:
    """The small register in which m.petersen is told of otherwise."""
    register = small_register()
    for worker in register["caseworkers"]:
        if worker["login"] == "m.petersen":
            worker.update(changes)
    return register


def test_a_new_account_signs_in_and_must_choose_a_password_first(
    authority: Authority, accounts: AccountList, admin: Reader, second: Reader
):
    password = accounts.create(admin, NEW)
    row = newest(authority)
    assert (row.actor, row.action, row.subject_id) == ("x.admin", "account.create", "n.eu")
    assert "Neumann" not in str(row.details)
    accounts.unblock(second, "n.eu")
    first = authority.accounts.signed_in(authority.accounts.sign_in("n.eu", password))
    assert first is not None
    assert first.must_change
    assert (first.reader.name, first.reader.roles) == ("Neele Neumann", frozenset())
    with pytest.raises(NotPermitted, match="das bisherige"):
        authority.accounts.change_password(first.reader, password, password)
    authority.accounts.change_password(first.reader, password, PASSWORD)
    later = authority.accounts.signed_in(authority.accounts.sign_in("n.eu", PASSWORD))
    assert later is not None
    assert not later.must_change
    assert later.reader.roles == {"caseworker"}


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"login": "m.petersen"}, Conflict),
        ({"login": "husum-leistung"}, Conflict),
        ({"login": "clearing"}, Conflict),
        ({"login": "M.Petersen"}, Conflict),
        ({"login": "HUSUM-leistung"}, Conflict),
        ({"login": "Neu"}, Conflict),
        ({"login": "unknown"}, Conflict),
        ({"login": ".."}, Unusable),
        ({"login": "jürgen"}, Unusable),
        ({"login": "system:x"}, Unusable),
        ({"name": "  "}, Unusable),
        ({"roles": ["kaiser"]}, NotFound),
        ({"teams": ["nirgends"]}, NotFound),
    ],
)
def test_what_can_be_no_account_is_refused_whole(
    accounts: AccountList, admin: Reader, changed: dict[str, object], refusal: type[Exception]
):
    given = {"login": "n.eu", "name": "Neele Neumann", **changed}
    with pytest.raises(refusal):
        accounts.create(admin, NewAccount(**given))
    with pytest.raises(NotFound):
        accounts.get(admin, "n.eu")


@pytest.mark.parametrize("login", ["m.petersen", "a.lead", "r.legal", "s.scan"])
def test_nobody_but_the_administration_sees_or_changes_accounts(
    authority: Authority, accounts: AccountList, login: str
):
    reader = authority.reader(login)
    for attempt in (
        lambda: accounts.page(reader, AccountFilter(), 0, 10),
        lambda: accounts.choices(reader),
        lambda: accounts.get(reader, login),
        lambda: accounts.create(reader, NEW),
        lambda: accounts.set_roles(reader, login, [], ["legal"]),
        lambda: accounts.block(reader, "x.admin"),
        lambda: accounts.unblock(reader, login),
        lambda: accounts.reset_password(reader, "x.admin"),
        lambda: accounts.end_sessions(reader, "x.admin"),
    ):
        with pytest.raises(NotPermitted, match="nur die Administration"):
            attempt()


@pytest.mark.parametrize("role", ["legal", "counter", "administrator"])
def test_nobody_uses_an_account_they_made_until_another_lets_it_in(
    authority: Authority, accounts: AccountList, admin: Reader, role: str
):
    password = accounts.create(admin, NewAccount(login="p.uppe", name="P", roles=[role]))
    assert shut(authority, "p.uppe", password)
    with pytest.raises(NotPermitted, match="zweite Person") as refused:
        accounts.unblock(admin, "p.uppe")
    assert "eakte user password p.uppe" in refused.value.remedy
    accounts.set_roles(admin, "p.uppe", [role], [])
    with pytest.raises(NotPermitted, match="zweite Person"):
        accounts.unblock(admin, "p.uppe")
    assert not accounts.get(admin, "p.uppe").may_unblock
    authority.accounts.set_password("p.uppe", PASSWORD)
    assert not shut(authority, "p.uppe", PASSWORD)


def test_a_role_given_later_shuts_an_account_whose_password_the_giver_made(
    authority: Authority, accounts: AccountList, admin: Reader, second: Reader
):
    password = accounts.create(admin, NewAccount(login="p.uppe", name="P"))
    made = signed_in(authority, "p.uppe", password)
    authority.accounts.change_password(made, password, PASSWORD)
    token = authority.accounts.sign_in("p.uppe", PASSWORD)
    accounts.set_roles(admin, "p.uppe", [], ["legal"])
    assert authority.accounts.signed_in(token) is None
    assert shut(authority, "p.uppe", PASSWORD)
    assert accounts.get(second, "p.uppe").may_unblock
    accounts.unblock(second, "p.uppe")
    assert not shut(authority, "p.uppe", PASSWORD)
    accounts.set_roles(admin, "p.uppe", ["legal"], ["counter", "legal"])
    assert not shut(authority, "p.uppe", PASSWORD)


def test_a_password_that_opens_files_is_reset_by_two(
    authority: Authority, accounts: AccountList, admin: Reader
):
    authority.accounts.set_password("m.petersen", PASSWORD)
    with pytest.raises(NotPermitted, match="zweite Person") as refused:
        accounts.reset_password(admin, "m.petersen")
    assert "eakte user password m.petersen" in refused.value.remedy
    assert not shut(authority, "m.petersen", PASSWORD)
    accounts.create(admin, NewAccount(login="o.hne", name="Ohne Rolle"))
    assert not shut(authority, "o.hne", accounts.reset_password(admin, "o.hne"))


def test_what_the_administration_locked_stays_locked_under_a_new_password(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.create(admin, NewAccount(login="s.chreib", name="S"))
    accounts.block(admin, "s.chreib")
    authority.accounts.set_password("s.chreib", PASSWORD)
    assert shut(authority, "s.chreib", PASSWORD)
    accounts.unblock(admin, "s.chreib")
    assert not shut(authority, "s.chreib", PASSWORD)


@pytest.mark.parametrize("role", ["legal", "team_lead", "caseworker", "scan", "counter"])
def test_what_opens_files_needs_a_second_administrator(
    authority: Authority, accounts: AccountList, admin: Reader, second: Reader, role: str
):
    with pytest.raises(NotPermitted, match="gibt sich niemand selbst") as refused:
        accounts.set_roles(admin, "x.admin", ["administrator"], ["administrator", role])
    assert "zweite Person" in refused.value.remedy
    assert roles_of(authority, "x.admin") == {"administrator"}
    accounts.set_roles(second, "x.admin", ["administrator"], ["administrator", role])
    assert roles_of(authority, "x.admin") == {"administrator", role}
    assert newest(authority).details == {
        "before": ["administrator"],
        "roles": sorted(["administrator", role]),
    }


def test_who_keeps_accounts_and_reads_files_opens_no_more_of_them_alone(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.set_roles(admin, "k.thomsen", ["caseworker"], ["administrator", "caseworker"])
    both = authority.reader("k.thomsen")
    view = authority.responsibilities.person(both, "k.thomsen")
    wanted = ListChange(login="k.thomsen", teams=("husum-vermittlung", "husum-leistung"))
    with pytest.raises(NotPermitted, match="nimmt sich niemand selbst"):
        authority.responsibilities.put(both, wanted, view.stand, with_post=False)
    absence = authority.absence_lists.person(both, "m.petersen")
    with pytest.raises(NotPermitted, match="bestimmt sich niemand selbst"):
        authority.absences.set_deputies(both, "m.petersen", absence.stand, ["k.thomsen"])
    today = authority.clock.today()
    everything = Plan(
        giver="m.petersen",
        taker="k.thomsen",
        function="",
        effective=today,
        with_protected=True,
        with_post=False,
    )
    one_file = MovePlan(
        aktenzeichen=MUELLER, effective=today, function="leistung", to_login="k.thomsen"
    )
    responsible = authority.file_responsibles
    for attempt in (
        lambda: authority.handovers.hand_over(both, everything),
        lambda: authority.moving_files.plan(both, one_file),
        lambda: responsible.put_one(both, OTHER_SITE, (None, "vermittlung"), "", "k.thomsen"),
    ):
        with pytest.raises(NotPermitted, match="gibt sich die Administration nicht selbst"):
            attempt()


@pytest.mark.parametrize("roles", [["administrator"], ["administrator", "caseworker"]])
def test_the_administration_opens_no_files_to_itself_by_way_of_one_whose_deputy_it_is(
    authority: Authority, admin: Reader, roles: list[str]
):
    register = registered(deputies=["y.both", "j.hansen"])
    both = {"login": "y.both", "name": "Ylva Both", "roles": roles, "teams": ["husum-vermittlung"]}
    register["caseworkers"].append(both)
    authority.register(register)
    reader = authority.reader("y.both")
    another = (OTHER_SITE, (None, "vermittlung"), "", "m.petersen")
    with pytest.raises(NotPermitted, match="gibt sich die Administration nicht selbst"):
        authority.file_responsibles.put_one(reader, *another)
    authority.file_responsibles.put_one(admin, *another)
    stand = authority.absence_lists.person(reader, "m.petersen").stand
    today = authority.clock.today()
    with pytest.raises(NotPermitted, match="sähen dann ihre Akten") as refused:
        authority.absences.enter(reader, "m.petersen", stand, today, today)
    assert "zweite Person" in refused.value.remedy
    assert not authority.reader("y.both").standing_in_for
    authority.absences.enter(admin, "m.petersen", stand, today, today)
    assert authority.reader("y.both").standing_in_for


def test_an_administrator_who_leads_a_team_takes_nobody_into_it_alone(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.set_roles(admin, "a.lead", ["team_lead"], ["administrator", "team_lead"])

    def put(*teams: str) -> None:
        both = authority.reader("a.lead")
        stand = authority.responsibilities.person(both, "i.clausen").stand
        wanted = ListChange(login="i.clausen", teams=teams)
        authority.responsibilities.put(both, wanted, stand, with_post=False)

    with pytest.raises(NotPermitted, match="nicht allein in Ihr Team"):
        put("toenning-leistung", "husum-leistung")
    put()
    with pytest.raises(NotPermitted, match="nicht allein in Ihr Team"):
        put("husum-leistung")
    put("husum-vermittlung")
    assert "i.clausen" not in authority.reader("a.lead").standpoints[0].colleagues


def test_roles_that_changed_meanwhile_are_a_conflict(accounts: AccountList, admin: Reader):
    with pytest.raises(Conflict, match="inzwischen"):
        accounts.set_roles(admin, "m.petersen", ["legal"], ["scan"])


def test_the_last_account_that_keeps_the_others_stays(
    authority: Authority, accounts: AccountList, admin: Reader
):
    with pytest.raises(NotPermitted, match="letzte Konto"):
        accounts.set_roles(admin, "x.admin", ["administrator"], [])
    with pytest.raises(NotPermitted, match="eigene Konto"):
        accounts.block(admin, "x.admin")
    accounts.create(admin, NewAccount(login="z.weite", name="Zweite", roles=["administrator"]))
    with pytest.raises(NotPermitted, match="letzte Konto"):
        accounts.set_roles(admin, "x.admin", ["administrator"], [])
    authority.accounts.set_password("z.weite", PASSWORD)
    second = signed_in(authority, "z.weite", PASSWORD)
    accounts.block(second, "x.admin")
    with pytest.raises(NotPermitted, match="letzte Konto"):
        accounts.set_roles(second, "z.weite", ["administrator"], [])


# On SQLite a writer waits for the other before its first question.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_who_take_each_others_keys_at_once_one_keeps_them(
    authority: Authority, accounts: AccountList, admin: Reader, second: Reader
):
    told: list[Exception] = []

    def take_from_admin() -> None:
        try:
            accounts.set_roles(second, "x.admin", ["administrator"], [])
        except NotPermitted as refusal:
            told.append(refusal)

    taking = threading.Thread(target=take_from_admin)
    with authority.database.write() as session:
        assert StaffAccounts(session).holders(admin, ["administrator"]) == {"x.admin", "z.weite"}
        now = authority.clock.now()
        StaffLists(session).put(admin, ROLES, "z.weite", [], now)
        session.flush()
        taking.start()
        waiting = text(  # for a row: so many tuples of this database are queued for
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'tuple' AND datname = current_database()"
        )
        with authority.database.read() as other:
            while taking.is_alive() and not other.scalar(waiting):
                pass
    taking.join()
    assert "letzte Konto" in str(told)
    assert roles_of(authority, "x.admin") == {"administrator"}


def test_a_locked_account_is_out_at_once_and_comes_back(
    authority: Authority, accounts: AccountList, admin: Reader
):
    authority.accounts.set_password("m.petersen", PASSWORD)
    token = authority.accounts.sign_in("m.petersen", PASSWORD)
    assert accounts.get(admin, "m.petersen").sessions == 1
    accounts.block(admin, "m.petersen")
    assert authority.accounts.signed_in(token) is None
    with pytest.raises(NotPermitted, match="falsch"):
        authority.accounts.sign_in("m.petersen", PASSWORD)
    found = accounts.page(admin, AccountFilter(blocked=True), 0, 10)
    assert [one.login for one in found.lines] == ["m.petersen"]
    accounts.unblock(admin, "m.petersen")
    assert authority.accounts.sign_in("m.petersen", PASSWORD)


def test_a_key_of_a_programme_sleeps_while_its_account_is_locked(
    authority: Authority, accounts: AccountList, admin: Reader
):
    authority.accounts.set_password("m.petersen", PASSWORD)
    tokens = Tokens(authority.database, authority.policy)
    secret = tokens.create("fachverfahren", "m.petersen")
    assert tokens.holder(secret) is not None
    accounts.block(admin, "m.petersen")
    assert tokens.holder(secret) is None
    accounts.unblock(admin, "m.petersen")
    assert tokens.holder(secret) is not None


def test_a_reset_ends_every_session_and_asks_for_another_password(
    authority: Authority, accounts: AccountList, admin: Reader, second: Reader
):
    authority.accounts.set_password("m.petersen", PASSWORD)
    token = authority.accounts.sign_in("m.petersen", PASSWORD)
    password = accounts.reset_password(admin, "m.petersen")
    assert password not in str(newest(authority).details)
    assert authority.accounts.signed_in(token) is None
    assert shut(authority, "m.petersen", password)
    accounts.unblock(second, "m.petersen")
    known = authority.accounts.signed_in(authority.accounts.sign_in("m.petersen", password))
    assert known is not None
    assert known.must_change
    accounts.end_sessions(admin, "m.petersen")
    assert accounts.get(admin, "m.petersen").sessions == 0
    with pytest.raises(NotPermitted, match="setzt niemand zurück"):
        accounts.reset_password(admin, "x.admin")


def test_the_register_counts_again_where_it_says_something_new(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.set_roles(admin, "m.petersen", ["caseworker"], ["caseworker", "counter"])
    (changed,) = accounts.get(admin, "m.petersen").local_lists
    assert (changed.kind, changed.said, changed.changed_by) == (
        "roles",
        ("Sachbearbeitung",),
        authority.reader("x.admin").name,
    )
    authority.register(registered())
    assert roles_of(authority, "m.petersen") == {"caseworker", "counter"}
    authority.register(registered(roles=["team_lead"]))
    assert roles_of(authority, "m.petersen") == {"team_lead"}
    assert accounts.get(admin, "m.petersen").local_lists == ()


def test_an_account_made_here_becomes_the_registers_once_it_is_named(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.create(admin, NEW)
    authority.register(small_register())
    assert accounts.get(admin, "n.eu").line.local
    register = small_register()
    register["caseworkers"].append(
        {"login": "n.eu", "name": "Neele Nissen", "roles": ["legal"], "teams": []}
    )
    authority.register(register)
    line = accounts.get(admin, "n.eu").line
    assert (line.local, line.name, line.roles) == (False, "Neele Nissen", ("legal",))
    with authority.database.read() as session:
        teams = session.scalars(select(TeamMember).where(TeamMember.login == "n.eu")).all()
    assert teams == []


def test_what_the_register_does_not_say_of_an_account_made_here_is_empty(
    authority: Authority, accounts: AccountList, admin: Reader
):
    accounts.create(admin, NEW)
    stand = authority.absence_lists.person(admin, "n.eu").stand
    authority.absences.set_deputies(admin, "n.eu", stand, ["m.petersen"])
    stand = authority.responsibilities.person(admin, "n.eu").stand
    everything = ListChange(login="n.eu", function="leistung", ranges="A-Z")
    authority.responsibilities.put(admin, everything, stand, with_post=False)

    def lists() -> tuple[list[str], list[str]]:
        deputies = select(Deputy.deputy_login).where(Deputy.login == "n.eu")
        ranges = select(SurnameRange.from_name).where(SurnameRange.login == "n.eu")
        with authority.database.read() as session:
            return list(session.scalars(deputies)), list(session.scalars(ranges))

    assert lists() == (["m.petersen"], ["A"])
    register = small_register()
    register["caseworkers"].append(
        {"login": "n.eu", "name": "Neele Nissen", "roles": ["legal"], "teams": []}
    )
    authority.register(register)
    assert lists() == ([], [])


def test_the_list_is_narrowed_by_words_role_and_site(accounts: AccountList, admin: Reader):
    def logins(**wanted: str) -> list[str]:
        page = accounts.page(admin, AccountFilter(**wanted), 0, 100)
        assert page.total == len(page.lines)
        return [one.login for one in page.lines]

    assert logins(text="PETERSEN maike") == ["m.petersen"]
    assert logins(text="doerte depp") == ["d.deputy"]
    assert logins(role="administrator") == ["x.admin"]
    assert "m.petersen" in logins(site="husum")
    assert "x.admin" not in logins(site="husum")
    everybody = logins()
    pages = [accounts.page(admin, AccountFilter(), start, 2).lines for start in (0, 2)]
    assert [one.login for page in pages for one in page] == everybody[:4]

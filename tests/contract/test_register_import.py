"""The register is an upsert, taken whole or not at all, on both databases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from eakte.bootstrap import Product
from eakte.domain.rights import Reader, system_reader
from eakte.errors import RegisterError
from eakte.models import (
    Absence,
    AuditRow,
    Base,
    CaseFile,
    CaseFileNumber,
    Caseworker,
    CaseworkerRole,
    Deputy,
    ExcludedLogin,
    IndexOutbox,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
    Site,
    SitePostcode,
    SurnameRange,
    Team,
    TeamMember,
)
from eakte.repositories.register import SqlRegister
from eakte.services.register_file import parse_register, read_register
from tests.authority import Authority
from tests.small_authority import MUELLER, OTHER_SITE, PASSWORD, PROTECTED, SCHMIDT, small_register

OPERATOR = system_reader("operator")
TABLES: tuple[type[Base], ...] = (
    Site, SitePostcode, Team, Caseworker, CaseworkerRole, TeamMember, Deputy, SurnameRange,
    Absence, CaseFile, CaseFileNumber, ExcludedLogin, PersonRow, NameKey, Membership,
    Representative, Responsibility,
)  # fmt: skip


def state(authority: Authority) -> dict[str, set[str]]:
    """Every row of the register's tables, as text."""
    with authority.database.read() as session:
        return {
            model.__tablename__: {
                json.dumps([str(value) for value in row])
                for row in session.execute(select(model.__table__))
            }
            for model in TABLES
        }


def case_file(number: str = MUELLER) -> dict[str, Any]:
    """One case file of the small register, alone in a register file of its own."""
    (entry,) = (one for one in small_register()["case_files"] if one["aktenzeichen"] == number)
    return dict(entry)


def take(authority: Authority, *entries: dict[str, Any]) -> None:
    authority.register({"case_files": list(entries)})


def cover(authority: Authority, number: str = MUELLER) -> CaseFile:
    with authority.database.read() as session:
        return session.scalars(select(CaseFile).where(CaseFile.aktenzeichen == number)).one()


def rows(authority: Authority, model: Any, *where: Any) -> list[Any]:
    with authority.database.read() as session:
        return list(session.scalars(select(model).where(*where)))


def members(authority: Authority, number: str) -> list[str]:
    """First names in the order of the file."""
    with authority.database.read() as session:
        return list(
            session.scalars(
                select(PersonRow.first_name)
                .join(Membership, Membership.person_id == PersonRow.id)
                .join(CaseFile, CaseFile.id == Membership.case_file_id)
                .where(CaseFile.aktenzeichen == number)
                .order_by(Membership.position)
            )
        )


def waiting(authority: Authority) -> set[str]:
    """Documents that the index must learn again."""
    return {row.document_id for row in rows(authority, IndexOutbox)}


# --- as an upsert ---------------------------------------


def test_the_product_takes_the_register_that_its_tests_stand_on(product: Product):
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CaseFile)) == 5
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 6


def test_the_same_register_twice_changes_no_row(authority: Authority):
    before = state(authority)
    authority.register(small_register())
    assert state(authority) == before


def test_an_import_says_what_it_took_and_leaves_one_audit_row(authority: Authority):
    counts = authority.register(small_register())
    assert counts == {
        "sites": 2, "teams": 5, "caseworkers": 10, "absences": 0, "case_files": 5, "provisional": 0,
    }  # fmt: skip
    row = rows(authority, AuditRow, AuditRow.action == "register.import")[-1]
    assert row.details == {**counts, "case_files_changed": 0, "overruled": 0}
    assert row.actor == "system:operator"


def test_nothing_absent_from_the_file_is_deleted(authority: Authority):
    before = state(authority)
    authority.register({})
    authority.register({"sites": [], "teams": [], "caseworkers": [], "case_files": []})
    assert state(authority) == before


def test_what_was_left_out_stays_and_what_is_given_replaces(authority: Authority):
    entry = case_file()
    del entry["street"], entry["responsible"]
    entry["city"] = "Tönning"
    take(authority, entry)
    assert (cover(authority).street, cover(authority).city) == ("Süderstraße 12", "Tönning")
    leistung = rows(authority, Responsibility, Responsibility.function == "leistung")
    assert "m.petersen" in {row.login for row in leistung}
    take(authority, entry | {"street": None})
    assert cover(authority).street == ""


@pytest.mark.parametrize(
    ("key", "model", "value"),
    [
        ("excluded_logins", ExcludedLogin, ["j.hansen"]),
        ("former_numbers", CaseFileNumber, ["12345//0000777"]),
        ("responsible", Responsibility, {"leistung": "j.hansen", "recht": "r.legal"}),
    ],
)
def test_a_list_is_replaced_only_when_given(authority: Authority, key: str, model: Any, value: Any):
    file_id = cover(authority, OTHER_SITE).id
    entry = case_file(OTHER_SITE)
    entry.pop(key, None)

    def held() -> int:
        return len(rows(authority, model, model.case_file_id == file_id))

    take(authority, entry | {key: value})
    filled = held()
    take(authority, entry)
    assert held() == filled
    take(authority, entry | {key: None})
    assert held() == filled
    take(authority, entry | {key: type(value)()})
    assert held() == filled - len(value)


def test_lists_of_people_are_replaced_only_when_given(authority: Authority):
    entry = case_file(SCHMIDT)
    (person,) = entry["people"]
    ute = {"kind": "betreuer", "name": "Ute Ohlsen", "city": "Husum"}
    take(
        authority,
        entry | {"people": [person | {"representatives": [ute], "former_names": ["Groß"]}]},
    )
    take(authority, entry)
    (known,) = rows(authority, Representative)
    assert (known.kind, known.name, known.city) == ("betreuer", "Ute Ohlsen", "Husum")
    assert authority.person("Ole").former_names == "Groß"
    take(authority, entry | {"people": [person | {"representatives": [], "former_names": []}]})
    assert rows(authority, Representative) == []
    assert authority.person("Ole").former_names == ""


def test_protection_is_not_taken_away_by_null(authority: Authority):
    take(authority, case_file(PROTECTED) | {"protected": None})
    assert cover(authority, PROTECTED).protected
    take(authority, case_file(PROTECTED) | {"protected": False})
    assert not cover(authority, PROTECTED).protected


def test_teams_and_caseworkers_keep_the_order_of_the_register(authority: Authority):
    register = small_register()
    register["teams"].reverse()
    authority.register({"teams": register["teams"]})
    authority.register({"teams": [register["teams"][0] | {"name": "umbenannt"}]})
    with authority.database.read() as session:
        order = list(session.scalars(select(Team.id).order_by(Team.position)))
    assert order == [team["id"] for team in register["teams"]]


def test_an_absence_is_known_by_login_and_first_day(authority: Authority):
    authority.away("m.petersen", "2026-12-14", "2026-12-23")
    authority.away("m.petersen", "2026-12-14", "2026-12-30")
    authority.away("m.petersen", "2027-01-04")
    found = sorted(
        (row.starts, row.ends) for row in rows(authority, Absence, Absence.login == "m.petersen")
    )
    assert found == [(date(2026, 12, 14), date(2026, 12, 30)), (date(2027, 1, 4), None)]


# --- people ---------------------------------------


def test_a_person_moves_to_another_file_by_customer_number(authority: Authority):
    joerg = authority.person("Jörg").id
    old, new = case_file(), case_file(OTHER_SITE)
    moved = old["people"][0] | {"applicant": False, "last_name": "Müller"}
    stays = old["people"][1] | {"applicant": True}
    take(authority, old | {"people": [stays]}, new | {"people": [*new["people"], moved]})
    assert members(authority, MUELLER) == ["Lina"]
    assert members(authority, OTHER_SITE) == ["Fatma", "Jörg"]
    assert (authority.person("Jörg").id, authority.person("Jörg").last_name) == (joerg, "Müller")
    left = rows(authority, Responsibility, Responsibility.person_id == joerg)
    assert {row.case_file_id for row in left} == {cover(authority, OTHER_SITE).id}


def test_a_person_may_stand_in_two_files_at_once(authority: Authority):
    """A child of separated parents (temporäre Bedarfsgemeinschaft)."""
    child = {"first_name": "Lina", "last_name": "Neu", "customer_number": "999Z000001"}
    old, new = case_file(), case_file(OTHER_SITE)
    take(
        authority,
        old | {"people": [*old["people"], child]},
        new | {"people": [*new["people"], child | {"last_name": "Anders"}]},
    )
    (row,) = rows(authority, PersonRow, PersonRow.customer_number == "999Z000001")
    assert row.last_name == "Anders"
    assert len(rows(authority, Membership, Membership.person_id == row.id)) == 2
    keys = {key.name_key for key in rows(authority, NameKey, NameKey.person_id == row.id)}
    assert keys == {"anders+lina", "~anders+lina"}  # as written and by sound


def test_a_person_without_number_is_known_by_names_and_birth_date_within_the_file(
    authority: Authority,
):
    lina = authority.person("Lina").id
    entry = case_file()
    numbered = entry["people"][1] | {"customer_number": "555B555555"}
    take(authority, entry | {"people": [entry["people"][0], numbered]})
    assert authority.person("Lina").id == lina
    assert authority.person("Lina").customer_number == "555B555555"
    take(authority, entry)  # the number left out again: still the same person
    assert authority.person("Lina").id == lina
    assert authority.person("Lina").customer_number == "555B555555"
    stranger = {
        "first_name": "Lina",
        "last_name": "Müller-Lüdenscheidt",
        "birth_date": "2015-09-30",
    }
    other = case_file(OTHER_SITE)
    take(authority, other | {"people": [*other["people"], stranger]})
    assert len(rows(authority, PersonRow, PersonRow.first_name == "Lina")) == 2


def test_who_is_no_longer_listed_leaves_the_file_but_not_the_database(authority: Authority):
    letter = authority.letter("kontoauszug", MUELLER, first_name="Lina")
    entry = case_file()
    take(authority, entry | {"people": entry["people"][:1]})
    assert members(authority, MUELLER) == ["Jörg"]
    assert authority.person("Lina").last_name == "Müller-Lüdenscheidt"
    assert letter in waiting(authority)


def test_a_birth_date_left_out_stays_known(authority: Authority):
    entry = case_file()
    person = {key: value for key, value in entry["people"][0].items() if key != "birth_date"}
    take(authority, entry | {"people": [person, entry["people"][1]]})
    assert authority.person("Jörg").birth_date == date(1984, 3, 7)


def test_a_renamed_person_is_found_by_the_new_name_only(authority: Authority):
    entry = case_file(SCHMIDT)
    take(authority, entry | {"people": [entry["people"][0] | {"last_name": "Kowalski"}]})
    # Without a customer number another name is another person.
    assert members(authority, SCHMIDT) == ["Ole"]
    with authority.database.read() as session:
        register = SqlRegister(session, OPERATOR, authority.pattern)
        assert register.by_names(["ole+schmidt"]) == ()
        (found,) = register.by_names(["kowalski+ole"])
    assert found.aktenzeichen == SCHMIDT


# --- the index learns only what changed ---------------------------------------


def test_only_documents_of_changed_files_are_indexed_anew(authority: Authority):
    mueller = authority.letter("kontoauszug", MUELLER)
    schmidt = authority.letter("kontoauszug", SCHMIDT)
    authority.register(small_register())
    assert waiting(authority) == set()
    register = small_register()
    register["case_files"][0]["responsible"] = {"leistung": "j.hansen"}
    authority.register(register)
    assert waiting(authority) == {mueller}
    assert schmidt not in waiting(authority)


def test_a_renamed_persons_documents_in_another_file_are_indexed_anew(authority: Authority):
    child = {"first_name": "Lina", "last_name": "Neu", "customer_number": "999Z000001"}
    old, new = case_file(), case_file(OTHER_SITE)
    both = [entry | {"people": [*entry["people"], child]} for entry in (old, new)]
    take(authority, *both)
    letter = authority.letter("kontoauszug", OTHER_SITE, first_name="Lina")
    take(authority, old | {"people": [*old["people"], child | {"last_name": "Anders"}]})
    assert letter in waiting(authority)


# --- refused as a whole ---------------------------------------


def _deputy(register: Any) -> None:
    register["caseworkers"][0]["deputies"] = ["n.iemand"]


def _team_of(register: Any) -> None:
    register["caseworkers"][0]["teams"] = ["nirgends"]


def _excluded(register: Any) -> None:
    register["case_files"][4]["excluded_logins"] = ["n.iemand"]


def _responsible(register: Any) -> None:
    register["case_files"][4]["responsible"] = {"leistung": "n.iemand"}


def _of_person(register: Any) -> None:
    register["case_files"][4]["people"][0]["responsible"] = {"vermittlung": "n.iemand"}


def _site(register: Any) -> None:
    register["case_files"][4]["site"] = "nirgends"


def _team_site(register: Any) -> None:
    register["teams"][0]["site"] = "nirgends"


def _absence(register: Any) -> None:
    register["absences"] = [{"login": "n.iemand", "from": "2026-12-14"}]


def _own_deputy(register: Any) -> None:
    register["caseworkers"][0]["deputies"] = ["m.petersen"]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_deputy, "unbekannte Vertretung „n.iemand“"),
        (_team_of, "unbekannte Team „nirgends“"),
        (_excluded, "unbekannten Login „n.iemand“"),
        (_responsible, "unbekannten Login „n.iemand“"),
        (_of_person, "unbekannten Login „n.iemand“"),
        (_site, "unbekannten Standort „nirgends“"),
        (_team_site, "unbekannten Standort „nirgends“"),
        (_absence, "unbekannten Login „n.iemand“"),
        (_own_deputy, "kann sich nicht selbst vertreten"),
    ],
)
def test_a_dangling_reference_refuses_the_whole_file(authority: Authority, spoil: Any, named: str):
    before = state(authority)
    register = small_register()
    register["case_files"][0]["street"] = "Anders 1"
    spoil(register)
    with pytest.raises(RegisterError, match=named) as refused:
        authority.register(register)
    assert "nichts wurde geändert" in refused.value.remedy
    assert state(authority) == before


def test_a_number_in_another_spelling_is_refused(authority: Authority):
    entry = case_file(SCHMIDT)
    with pytest.raises(RegisterError, match="12345//0001234"):
        take(authority, entry | {"aktenzeichen": "12345/0001234"})
    with pytest.raises(RegisterError, match="12345//0007777"):
        take(
            authority,
            entry | {"aktenzeichen": "12345//0007777"},
            entry | {"aktenzeichen": "12345BG0007777"},
        )


def test_a_name_that_is_a_team_and_a_login_is_refused_in_two_files_too(authority: Authority):
    worker = {"login": "recht", "name": "R", "roles": ["legal"], "teams": []}
    with pytest.raises(RegisterError, match="zugleich Team und Login"):
        authority.register({"caseworkers": [worker]})


def test_a_late_mistake_in_a_long_register_undoes_the_early_chunks(authority: Authority):
    before = state(authority)
    entries = [case_file(SCHMIDT) | {"aktenzeichen": f"22222//{n:07d}"} for n in range(600)]
    entries[-1]["site"] = "nirgends"
    with pytest.raises(RegisterError, match="22222//0000599"):
        take(authority, *entries)
    assert state(authority) == before


def test_only_the_system_imports(authority: Authority):
    with pytest.raises(RegisterError):
        authority.register_import.run(Reader(login="x.admin"), parse_register(small_register()))


def test_a_file_is_read_with_its_byte_order_mark_and_refused_where_it_is_no_json(tmp_path: Path):
    path = tmp_path / "register.json"
    path.write_text(json.dumps(small_register()), encoding="utf-8-sig")
    assert len(read_register(path).case_files) == 5
    path.write_text("{nein", encoding="utf-8")
    with pytest.raises(RegisterError, match="kein lesbares JSON"):
        read_register(path)
    with pytest.raises(RegisterError, match="gibt es nicht"):
        read_register(tmp_path / "fehlt.json")


def test_a_password_survives_an_import(authority: Authority):
    authority.accounts.set_password("m.petersen", PASSWORD)
    authority.register(small_register())
    assert authority.accounts.sign_in("m.petersen", PASSWORD)

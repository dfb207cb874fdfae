"""Who receives it: every clause of the rule in ``docs/routing.md``, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from eakte.domain.routing import Tried
from eakte.services.routing import Receiver
from tests.authority import Authority
from tests.small_authority import (
    COLLEAGUE,
    MUELLER,
    OTHER_SITE,
    PROTECTED,
    SCHMIDT,
    small_register,
)


def route(
    authority: Authority,
    schlagwort: str,
    number: str = SCHMIDT,
    first_name: str | None = None,
) -> tuple[Receiver, list[str]]:
    """The task's receiver and the postboxes of the copies."""
    with authority.database.write() as session:
        cover = authority.cover(session, number)
        people = authority.people(session, cover, first_name) if first_name else []
        word = authority.words[schlagwort]
        main, copies = authority.delivery(session).router.route(
            authority.step, cover, people, word.function, word.copies
        )
    return main, [one.postbox for one in copies]


def receiver(authority: Authority, schlagwort: str, number: str = SCHMIDT) -> Receiver:
    return route(authority, schlagwort, number)[0]


def change(authority: Authority, number: str = SCHMIDT, **more: Any) -> None:
    """Change a case file; ``surname`` renames its applicant."""
    (entry,) = (one for one in small_register()["case_files"] if one["aktenzeichen"] == number)
    surname = more.pop("surname", None)
    if surname is not None:
        entry["people"][0]["last_name"] = surname
    authority.register({"case_files": [entry | more]})


def worker(authority: Authority, login: str, **more: Any) -> None:
    """Change or add a caseworker."""
    known = {one["login"]: one for one in small_register()["caseworkers"]}
    blank = {"login": login, "name": login, "roles": ["caseworker"], "teams": []}
    authority.register({"caseworkers": [known.get(login, blank) | more]})


def team(authority: Authority, identifier: str, site: str | None, function: str) -> None:
    authority.register(
        {"teams": [{"id": identifier, "site": site, "function": function, "name": identifier}]}
    )


# --- 1: the one responsible ---------------------------------------


def test_the_one_responsible_for_the_file_receives_it(authority: Authority):
    found = receiver(authority, "kontoauszug", MUELLER)
    assert (found.postbox, found.rule) == ("m.petersen", "1")


def test_the_persons_own_responsible_goes_before_the_files(authority: Authority):
    change(authority, MUELLER, responsible={"vermittlung": "j.hansen"})
    assert route(authority, "bewerbung", MUELLER, "Jörg")[0].postbox == "k.thomsen"
    assert route(authority, "bewerbung", MUELLER, "Lina")[0].postbox == "j.hansen"


def test_without_a_known_person_the_applicant_counts(authority: Authority):
    assert receiver(authority, "bewerbung", MUELLER).postbox == "k.thomsen"


# --- 2: surname ranges ---------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "surname", "covered"),
    [
        ("S", "Sz", "Schmidt", True),
        ("G", "Kz", "Kowalski", True),
        ("A", "Fz", "Müller", False),
        ("L", "Mz", "Müller", True),
        ("O", "Oz", "Ötztürk", True),
        ("St", "Sz", "Schmidt", False),
        ("G", "K", "Kowalski", True),
        ("G", "Ka", "Kowalski", False),
        ("Lo", "Lz", "Łuczak", True),
    ],
)
def test_the_surname_range_of_the_applicant_decides(
    authority: Authority, low: str, high: str, surname: str, covered: bool
):
    worker(authority, "m.petersen", surname_ranges=[])
    spread = [{"function": "leistung", "from": low, "to": high}]
    worker(authority, "j.hansen", surname_ranges=spread)
    change(authority, surname=surname)
    found = receiver(authority, "kontoauszug")
    if covered:
        assert (found.postbox, found.rule) == ("j.hansen", "2")
    else:
        assert (found.postbox, found.rule) == ("husum-leistung", "3")


def test_the_applicants_name_counts_though_another_member_is_concerned(authority: Authority):
    """The person matters for who is responsible; the range goes by the applicant."""
    change(
        authority,
        people=[
            {"first_name": "Ole", "last_name": "Schmidt", "applicant": True},
            {"first_name": "Ada", "last_name": "Abel"},
        ],
    )
    assert route(authority, "kontoauszug", SCHMIDT, "Ada")[0].postbox == "j.hansen"


def test_the_site_goes_before_the_central_team(authority: Authority):
    team(authority, "zentral-leistung", None, "leistung")
    spread = [{"function": "leistung", "from": "A", "to": "Zz"}]
    worker(authority, "z.entral", teams=["zentral-leistung"], surname_ranges=spread)
    assert receiver(authority, "kontoauszug").postbox == "j.hansen"
    worker(authority, "j.hansen", surname_ranges=[])
    assert receiver(authority, "kontoauszug").postbox == "z.entral"


def test_a_range_in_another_function_does_not_count(authority: Authority):
    spread = [{"function": "vermittlung", "from": "A", "to": "Zz"}]
    worker(authority, "j.hansen", surname_ranges=spread)
    assert receiver(authority, "kontoauszug").postbox == "husum-leistung"


def test_of_two_that_cover_the_first_in_the_register_receives_it(authority: Authority):
    everyone = [{"function": "leistung", "from": "A", "to": "Zz"}]
    worker(authority, "m.petersen", surname_ranges=everyone)
    assert receiver(authority, "kontoauszug").postbox == "m.petersen"
    workers = small_register()["caseworkers"]
    workers[0]["surname_ranges"] = everyone
    workers[0], workers[1] = workers[1], workers[0]
    authority.register({"caseworkers": workers})
    assert receiver(authority, "kontoauszug").postbox == "j.hansen"


# --- 3 to 5: teams, Leistung, the clearing desk ---------------------------------------


def test_the_team_of_the_site_then_the_central_one(authority: Authority):
    assert receiver(authority, "widerspruch").postbox == "recht"
    team(authority, "husum-recht", "husum", "recht")
    found = receiver(authority, "widerspruch")
    assert (found.postbox, found.team, found.rule) == ("husum-recht", "husum-recht", "3")
    assert receiver(authority, "widerspruch", OTHER_SITE).postbox == "recht"


def test_a_function_without_a_team_is_answered_by_leistung(authority: Authority):
    found = receiver(authority, "ratenzahlung")  # forderung
    assert (found.postbox, found.rule) == ("j.hansen", "4.2")
    found = receiver(authority, "ratenzahlung", MUELLER)
    assert (found.postbox, found.rule) == ("m.petersen", "4.1")


def test_never_leistung_for_leitung_datenschutz_and_scan(authority: Authority):
    assert receiver(authority, "beschwerde").postbox == "leitung"
    for schlagwort in ("auskunft_dsgvo", "andere_stelle"):  # no team has these functions
        found = receiver(authority, schlagwort)
        assert (found.postbox, found.rule) == ("clearing", "5")


def test_without_any_team_it_is_the_clearing_desk(authority: Authority):
    authority.register({"sites": [{"id": "neu", "name": "Neu"}]})
    change(authority, site="neu")
    assert receiver(authority, "kontoauszug").postbox == "clearing"


# --- copies ---------------------------------------


def test_copies_go_by_the_same_rule_and_are_no_second_task(authority: Authority):
    main, copies = route(authority, "widerspruch", MUELLER)
    assert (main.postbox, copies) == ("recht", ["m.petersen"])
    letter = authority.letter("widerspruch", MUELLER)
    assert authority.receivers(letter) == ("recht", ["m.petersen"])
    assert authority.entry(letter, "recht").urgent
    assert not authority.entry(letter, "m.petersen").urgent


def test_who_has_the_task_gets_no_copy_of_it(authority: Authority):
    change(authority, MUELLER, responsible={"leistung": "r.legal", "recht": "r.legal"})
    assert route(authority, "widerspruch", MUELLER)[1] == []


def test_no_copy_goes_to_the_clearing_desk(authority: Authority):
    authority.register({"sites": [{"id": "neu", "name": "Neu"}]})
    change(authority, site="neu")
    main, copies = route(authority, "widerspruch")
    assert (main.postbox, copies) == ("recht", [])


# --- absences ---------------------------------------


@pytest.mark.parametrize(
    ("day", "away"),
    [
        ("2026-12-13", False),
        ("2026-12-14", True),
        ("2026-12-20", True),
        ("2026-12-23", True),
        ("2026-12-24", False),
    ],
)
def test_both_days_of_an_absence_count(authority: Authority, day: str, away: bool):
    authority.away("m.petersen", "2026-12-14", "2026-12-23")
    authority.clock.set_day(day)
    found = receiver(authority, "kontoauszug", MUELLER)
    expected = ("j.hansen", "m.petersen") if away else ("m.petersen", None)
    assert (found.postbox, found.deputy_for) == expected


def test_without_an_end_it_lasts_until_further_notice(authority: Authority):
    authority.away("m.petersen", "2026-12-14", None)
    authority.clock.set_day("2030-01-01")
    assert receiver(authority, "kontoauszug", MUELLER).postbox == "j.hansen"


def test_the_first_deputy_who_is_present_receives_it(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    authority.away("j.hansen", "2026-11-20")
    found = receiver(authority, "kontoauszug", MUELLER)
    assert (found.postbox, found.deputy_for) == ("a.lead", "m.petersen")


def test_deputies_do_not_chain(authority: Authority):
    worker(authority, "m.petersen", deputies=["j.hansen"])
    worker(authority, "j.hansen", deputies=["i.clausen"])
    authority.away("m.petersen", "2026-11-20")
    authority.away("j.hansen", "2026-11-20")
    found = receiver(authority, "kontoauszug", MUELLER)
    assert (found.postbox, found.deputy_for) == ("husum-leistung", "m.petersen")


def test_with_no_deputy_present_the_team_that_chose_the_receiver_gets_it(authority: Authority):
    worker(authority, "j.hansen", teams=["toenning-leistung", "husum-leistung"], deputies=[])
    authority.away("j.hansen", "2026-11-20")
    found = receiver(authority, "kontoauszug")  # by the range, in the team at the file's site
    assert (found.postbox, found.deputy_for) == ("husum-leistung", "j.hansen")
    change(authority, responsible={"leistung": "j.hansen"})
    found = receiver(authority, "kontoauszug")  # by name: the first of their teams
    assert (found.postbox, found.deputy_for) == ("toenning-leistung", "j.hansen")


def test_the_day_is_that_of_berlin(authority: Authority):
    authority.away("m.petersen", "2026-12-14", "2026-12-14")
    authority.clock.set_day("2026-12-14")
    authority.clock.forward(hours=14, minutes=30)  # 23.30 in Husum
    assert receiver(authority, "kontoauszug", MUELLER).postbox == "j.hansen"
    authority.clock.forward(hours=1)
    assert receiver(authority, "kontoauszug", MUELLER).postbox == "m.petersen"


def test_a_copy_goes_to_the_deputy_as_well(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    letter = authority.letter("widerspruch", MUELLER)
    assert authority.receivers(letter) == ("recht", ["j.hansen"])
    assert authority.entry(letter, "j.hansen").deputy_for == "m.petersen"


# --- protected and excluded ---------------------------------------


def test_a_protected_file_goes_only_to_those_named_in_it(authority: Authority):
    assert receiver(authority, "kontoauszug", PROTECTED).postbox == "m.petersen"
    found = receiver(authority, "ratenzahlung", PROTECTED)
    assert (found.postbox, found.rule) == ("m.petersen", "4.1")
    change(authority, PROTECTED, responsible={"vermittlung": "k.thomsen"})
    found = receiver(authority, "kontoauszug", PROTECTED)
    assert (found.postbox, found.rule) == ("clearing", "schutz")


@pytest.mark.parametrize("postbox", ["c.chief", "leitung"])
def test_what_nobody_named_may_take_goes_to_the_postbox_of_the_settings(
    authority: Authority, postbox: str
):
    authority.policy_with(protected_postbox=postbox)
    change(authority, PROTECTED, responsible={})
    assert receiver(authority, "kontoauszug", PROTECTED).postbox == postbox


def test_the_postbox_of_the_settings_is_passed_over_where_its_owner_is_excluded(
    authority: Authority,
):
    authority.policy_with(protected_postbox="c.chief")
    change(authority, PROTECTED, responsible={}, excluded_logins=["c.chief"])
    assert receiver(authority, "kontoauszug", PROTECTED).postbox == "clearing"


def test_a_deputy_who_is_not_named_gets_no_protected_post(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    assert receiver(authority, "kontoauszug", PROTECTED).rule == "schutz"
    change(authority, PROTECTED, responsible={"leistung": "m.petersen", "recht": "a.lead"})
    found = receiver(authority, "kontoauszug", PROTECTED)
    assert (found.postbox, found.deputy_for) == ("a.lead", "m.petersen")


def test_an_excluded_login_never_receives_it(authority: Authority):
    authority.away("m.petersen", "2026-11-20")
    assert receiver(authority, "kontoauszug", COLLEAGUE).postbox == "a.lead"  # not j.hansen
    change(authority, COLLEAGUE, responsible={"leistung": "j.hansen"})
    assert receiver(authority, "kontoauszug", COLLEAGUE).postbox != "j.hansen"
    change(authority, COLLEAGUE, responsible={}, surname="Schmidt")
    assert receiver(authority, "kontoauszug", COLLEAGUE).postbox == "husum-leistung"


# --- the rest of the rule, as a table ---------------------------------------


@dataclass(frozen=True, kw_only=True)
class Example:
    """What holds, what comes about whose file, and who gets it by which clause."""

    says: str
    holds: Callable[[Authority], None]
    schlagwort: str = "kontoauszug"
    number: str = SCHMIDT
    expected: tuple[str, str, str | None]
    copies: tuple[str, ...] = ()


def _both(*some: Callable[[Authority], None]) -> Callable[[Authority], None]:
    def hold(authority: Authority) -> None:
        for one in some:
            one(authority)

    return hold


def _worker(login: str, **more: Any) -> Callable[[Authority], None]:
    return lambda authority: worker(authority, login, **more)


def _case(number: str = SCHMIDT, **more: Any) -> Callable[[Authority], None]:
    return lambda authority: change(authority, number, **more)


def _team(identifier: str, site: str | None, function: str) -> Callable[[Authority], None]:
    return lambda authority: team(authority, identifier, site, function)


def _away(*logins: str) -> Callable[[Authority], None]:
    def hold(authority: Authority) -> None:
        for login in logins:
            authority.away(login, "2026-11-20")

    return hold


def _spread(low: str, high: str, function: str = "leistung") -> list[dict[str, str]]:
    return [{"function": function, "from": low, "to": high}]


EXAMPLES = (
    Example(
        says="of two teams of the function at the site, the first of the register is asked first",
        holds=_both(
            _team("husum-zwei", "husum", "leistung"),
            _worker("z.wei", teams=["husum-zwei"], surname_ranges=_spread("A", "Zz")),
            _worker("j.hansen", surname_ranges=[]),
        ),
        expected=("z.wei", "2", None),
    ),
    Example(
        says="the postbox is that of the first team of the site",
        holds=_both(
            _team("husum-zwei", "husum", "leistung"), _worker("j.hansen", surname_ranges=[])
        ),
        expected=("husum-leistung", "3", None),
    ),
    Example(
        says="an excluded one is passed over for the next whose range covers",
        holds=_both(
            _case(excluded_logins=["j.hansen"]),
            _worker("a.lead", surname_ranges=_spread("S", "S")),
        ),
        expected=("a.lead", "2", None),
    ),
    Example(
        says="somebody absent without deputy and team gives way to the next clause",
        holds=_both(_worker("n.eu"), _case(responsible={"leistung": "n.eu"}), _away("n.eu")),
        expected=("j.hansen", "2", None),
    ),
    Example(
        says="in the place of leistung, its team",
        holds=_worker("j.hansen", surname_ranges=[]),
        schlagwort="ratenzahlung",
        expected=("husum-leistung", "4.3", None),
    ),
    Example(
        says="an absent one's deputy stands in on the second round as well",
        holds=_away("j.hansen"),
        schlagwort="ratenzahlung",
        expected=("m.petersen", "4.2", "j.hansen"),
    ),
    Example(
        says="a deputy who has the task gets no copy of their own",
        holds=_both(
            _case(MUELLER, responsible={"recht": "j.hansen", "leistung": "m.petersen"}),
            _away("j.hansen"),
        ),
        schlagwort="widerspruch",
        number=MUELLER,
        expected=("m.petersen", "1", "j.hansen"),
    ),
    Example(
        says="the copy of one who is away goes to the deputy, once",
        holds=_away("m.petersen"),
        schlagwort="klage",
        number=MUELLER,
        expected=("recht", "3", None),
        copies=("j.hansen",),
    ),
    Example(
        says="a copy without a team falls back to leistung like a task, and is then no second one",
        holds=lambda _: None,
        schlagwort="rente",
        number=OTHER_SITE,
        expected=("i.clausen", "1", None),
    ),
    Example(
        says="of a protected file nothing goes to teams, not even zur Kenntnis",
        holds=lambda _: None,
        schlagwort="erstantrag",
        number=PROTECTED,
        expected=("m.petersen", "1", None),
    ),
    Example(
        says="one who is named in a protected file and excluded from it gets nothing",
        holds=_case(PROTECTED, excluded_logins=["m.petersen"]),
        number=PROTECTED,
        expected=("clearing", "schutz", None),
    ),
    Example(
        says="an unknown postbox for protected files is the clearing desk",
        holds=_both(
            lambda authority: authority.policy_with(protected_postbox="gibt.es.nicht"),
            _case(PROTECTED, responsible={}),
        ),
        number=PROTECTED,
        expected=("clearing", "schutz", None),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.says)
def test_the_rule_says_that(authority: Authority, example: Example):
    example.holds(authority)
    main, copies = route(authority, example.schlagwort, example.number)
    assert (main.postbox, main.rule, main.deputy_for) == example.expected
    assert tuple(copies) == example.copies


def test_two_people_concerned_are_as_good_as_none(authority: Authority):
    change(authority, MUELLER, responsible={"vermittlung": "j.hansen"})
    with authority.database.write() as session:
        cover = authority.cover(session, MUELLER)
        both = [*authority.people(session, cover, "Lina"), *authority.people(session, cover, None)]
        router = authority.delivery(session).router
        main, _ = router.route(authority.step, cover, both, "vermittlung", ())
    assert main.postbox == "k.thomsen"  # the applicant's own


def test_every_answer_is_the_end_of_its_trace(authority: Authority):
    authority.away("j.hansen", "2026-11-20")
    authority.away("m.petersen", "2026-11-20")
    with authority.database.read() as session:
        router = authority.delivery(session).router
        for number in (MUELLER, SCHMIDT, PROTECTED, COLLEAGUE, OTHER_SITE):
            case = router.case(authority.step, authority.cover(session, number), ())
            for function in sorted({word.function for word in authority.words.values()}):
                trace: list[Tried] = []
                found = router.receiver(case, function, trace)
                last = trace[-1]
                assert last.why.matches
                assert last.rule == found.rule
                assert found.postbox in {last.login, last.team, "clearing"}

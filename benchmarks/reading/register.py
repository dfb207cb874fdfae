"""A large fictional register: 40,000 case files with 70,000 people, the same for the same seed.

Made hard on purpose: names after their frequency, so that namesakes come by the dozen; fathers and
sons of one name, in one file and in two; twins; blocks of flats with forty files at one door;
former and double names; children known in both parents' files; guardians with many clients, some
of them clients themselves; file numbers so dense that a misread digit is somebody else's.
"""

from __future__ import annotations

import string
from datetime import date, timedelta
from random import Random

import names

from eakte.demo import staff
from eakte.demo.places import PREFIX, SITES
from eakte.demo.records import (
    CaseFileRecord,
    PersonRecord,
    RegisterRecord,
    RepresentativeRecord,
    case_file_record,
    person_record,
)

CASE_FILES = 40_000
PEOPLE = 70_000
_SIZES = (1, 2, 3, 4, 5, 6)
_SIZE_WEIGHTS = (59, 21, 10, 6, 3, 1)
_SERIALS = 90_000
"""File numbers lie below this: nearly every second number belongs to somebody."""

_FIRST = [
    "Deich",
    "Süder",
    "Norder",
    "Mühlen",
    "Kirchen",
    "Linden",
    "Schul",
    "Flieder",
    "Birken",
    "Eichen",
    "Rosen",
    "Garten",
    "Hafen",
    "Bahnhof",
    "Markt",
    "Post",
    "Feld",
    "Wald",
    "Wiesen",
    "Ring",
    "Geest",
    "Moor",
    "Berg",
    "Tal",
    "Brunnen",
    "Sonnen",
    "Ahorn",
    "Buchen",
    "Tannen",
    "Kiefern",
    "Kasernen",
    "Ziegelei",
    "Werft",
    "Fischer",
    "Bäcker",
    "Schmiede",
    "Amsel",
    "Drossel",
    "Möwen",
    "Lerchen",
]
_LAST = ("straße", "weg", "allee", "ring", "kamp", "gang", "stieg", "platz")
_WHOLE = (
    *("Am Siel", "Zur Alten Ziegelei", "Große Straße", "Hinter dem Holz", "Am Alten Hafen"),
    *("Bürgermeister-Jöns-Straße", "Otto-Hahn-Straße", "Willy-Brandt-Allee", "An der Au"),
    *("Straße der Einheit", "Kleine Straße", "Theodor-Storm-Weg", "Klaus-Groth-Straße", "Twiete"),
)
STREETS = (*_WHOLE, *(f"{first}{last}" for first in _FIRST for last in _LAST))
_GUARDIANS = ("Ute Ohlsen", "Rainer Dreyer", "Michael Schmidt", "Sabine Müller", "Petra Hansen")


def large_register(
    today: date, *, seed: int = 4, files: int = CASE_FILES, people: int = PEOPLE
) -> RegisterRecord:
    """The register as ``eakte register import`` takes it; ages are counted back from ``today``."""
    rng = Random(f"large register:{seed}")
    return {
        "sites": [
            {"id": site.id, "name": site.name, "postcodes": [code for code, _ in site.places]}
            for site in SITES
        ],
        "teams": staff.teams(),
        "caseworkers": staff.caseworkers(),
        "absences": [],
        "case_files": _Town(rng, today, files, people).build(),
    }


class _Town:
    """Builds the case files one after the other from one random source."""

    def __init__(self, rng: Random, today: date, files: int, people: int) -> None:
        self.rng = rng
        self.today = today
        self.files = files
        self.people = people
        self.customers: set[str] = set()
        self.places = [(site.id, *place) for site in SITES for place in site.places]
        self.blocks = [self._address() for _ in range(files // 130)]

    def build(self) -> list[CaseFileRecord]:
        """All case files."""
        rng = self.rng
        serials = rng.sample(range(1000, 1000 + max(_SERIALS, 2 * self.files)), self.files)
        made = [
            self._case_file(f"{PREFIX}//{serial:07d}", size)
            for serial, size in zip(serials, self._sizes(), strict=True)
        ]
        for case in made:
            self._oddities(case)
            self._responsible(case)
        self._fathers_and_sons(made)
        self._namesakes_of_one_day(made)
        self._two_homes(made)
        return made

    def _sizes(self) -> list[int]:
        rng = self.rng
        sizes = rng.choices(_SIZES, weights=_SIZE_WEIGHTS, k=self.files)
        total = sum(sizes)
        while total != self.people:
            place = rng.randrange(self.files)
            step = 1 if total < self.people else -1
            if 1 <= sizes[place] + step <= _SIZES[-1]:
                sizes[place] += step
                total += step
        return sizes

    def _born(self, youngest: int, oldest: int) -> date:
        return self.today - timedelta(days=self.rng.randint(youngest * 365 + 40, oldest * 365))

    def _address(self) -> tuple[str, str, str, str]:
        site, postcode, city = self.rng.choice(self.places)
        number = str(self.rng.randint(1, 140))
        if self.rng.random() < 0.15:
            number += self.rng.choice("abc")
        return site, f"{self.rng.choice(STREETS)} {number}", postcode, city

    def _customer_number(self) -> str:
        while True:
            letter = self.rng.choice(string.ascii_uppercase)
            number = f"{self.rng.randint(100, 999)}{letter}{self.rng.randint(0, 999_999):06d}"
            if number not in self.customers:
                self.customers.add(number)
                return number

    def _person(self, first: str, last: str, born: date) -> PersonRecord:
        former = [names.SPELLINGS[last]] if last in names.SPELLINGS else []
        kept = former if self.rng.random() < 0.4 else []
        return person_record(first, last, born, self._customer_number(), former_names=kept)

    def _case_file(self, number: str, size: int) -> CaseFileRecord:
        block = self.rng.random() < 0.16
        site, street, postcode, city = self.rng.choice(self.blocks) if block else self._address()
        return case_file_record(number, site, (street, postcode, city), self._household(size))

    def _household(self, size: int) -> list[PersonRecord]:
        rng = self.rng
        origin = names.pick_origin(rng)
        surname = names.common_first(rng, origin.surnames)
        woman = rng.random() < 0.53
        born = self._born(19, 66) if size == 1 else self._born(24, 54)
        first = names.common_first(rng, origin.women if woman else origin.men)
        people = [self._person(first, surname[woman], born)]
        people[0]["applicant"] = True
        if size > 1 and rng.random() < 0.55:
            people.append(self._partner(origin, surname, woman=woman, born=born))
        used = {person["first_name"] for person in people}
        oldest = max(1, min(24, (self.today - born).days // 365 - 18))
        while len(people) < size:
            girl = rng.random() < 0.5
            name = names.common_first(rng, origin.women if girl else origin.men)
            if name in used:
                continue
            used.add(name)
            day = self._born(0, oldest)
            previous = people[-1]
            if len(people) > 2 and rng.random() < 0.06:
                day = date.fromisoformat(previous["birth_date"])  # twins
            people.append(self._person(name, surname[girl], day))
        return people

    def _partner(
        self, origin: names.Origin, surname: tuple[str, str], *, woman: bool, born: date
    ) -> PersonRecord:
        rng = self.rng
        first = names.common_first(rng, origin.men if woman else origin.women)
        own = names.common_first(rng, origin.surnames)[not woman]
        married = surname[not woman]
        day = born + timedelta(days=rng.randint(-2000, 2000))
        how = rng.random()
        if how < 0.55 or own == married:
            partner = self._person(first, married, day)
            if own != married and rng.random() < 0.5:
                partner["former_names"] = [own]
            return partner
        if how < 0.68 and "-" not in own + married and " " not in own + married:
            partner = self._person(first, f"{married}-{own}", day)
            partner["former_names"] = [own]
            return partner
        return self._person(first, own, day)

    def _oddities(self, case: CaseFileRecord) -> None:
        """Former numbers, closed and protected files, changed names, those who left, guardians."""
        rng = self.rng
        head = case["people"][0]
        if rng.random() < 0.04:
            case["former_numbers"] = [f"43109//{rng.randint(1000, 9_999_999):07d}"]
        if rng.random() < 0.06:
            case["closed"] = (self.today - timedelta(days=rng.randint(60, 1500))).isoformat()
        if rng.random() < 0.05 and not head["former_names"]:
            head["former_names"] = [names.common_first(rng, names.GERMAN.surnames)[0]]
        if len(case["people"]) > 2 and rng.random() < 0.04:
            left = self.today - timedelta(days=rng.randint(30, 700))
            case["people"][-1]["member_to"] = left.isoformat()
        if rng.random() < 0.03:
            head["representatives"] = [self._guardian()]

    def _responsible(self, case: CaseFileRecord) -> None:
        """Who answers for the file or one person in it, where that is not by surname."""
        rng = Random(f"responsible:{case['aktenzeichen']}")
        benefits, placement = staff.SITE_STAFF[case["site"]]
        if rng.random() < 0.3:
            case["responsible"] = {"leistung": staff.login_of(rng.choice(benefits))}
        for person in case["people"]:
            old = (self.today - date.fromisoformat(person["birth_date"])).days // 365 >= 15
            if old and rng.random() < 0.5:
                person["responsible"] = {"vermittlung": staff.login_of(rng.choice(placement))}

    def _guardian(self) -> RepresentativeRecord:
        number = self.rng.randrange(len(_GUARDIANS))
        postcode, city = SITES[number % len(SITES)].seat
        return {
            "kind": "betreuer",
            "name": _GUARDIANS[number],
            "street": f"Kaistraße {number + 3}",
            "postcode": postcode,
            "city": city,
        }

    def _fathers_and_sons(self, made: list[CaseFileRecord]) -> None:
        """Of each hundred files one father has a son of his name, in a file of his own."""
        singles = [case for case in made if len(case["people"]) == 1]
        for father, son in zip(singles[0::80], singles[1::80], strict=False):
            for key in ("site", "street", "postcode", "city"):
                son[key] = father[key]  # type: ignore[literal-required]
            one, other = father["people"][0], son["people"][0]
            other["first_name"], other["last_name"] = one["first_name"], one["last_name"]
            one["birth_date"] = self._born(44, 64).isoformat()
            other["birth_date"] = self._born(18, 25).isoformat()
        couples = [case for case in made if len(case["people"]) == 2]
        for case in couples[0::90]:
            one, other = case["people"]
            other["first_name"], other["last_name"] = one["first_name"], one["last_name"]
            one["birth_date"] = self._born(44, 64).isoformat()
            other["birth_date"] = self._born(15, 23).isoformat()

    def _namesakes_of_one_day(self, made: list[CaseFileRecord]) -> None:
        """Two people of one name born on one day, at different addresses: a dozen times."""
        for one, other in zip(made[7::3000], made[8::3000], strict=False):
            for key in ("first_name", "last_name", "birth_date"):
                other["people"][0][key] = one["people"][0][key]  # type: ignore[literal-required]

    def _two_homes(self, made: list[CaseFileRecord]) -> None:
        """Children of separated parents stand in both files, with one customer number."""
        families = [case for case in made if len(case["people"]) > 2]
        alone = [case for case in made if len(case["people"]) == 1]
        for mother, father in zip(families[::30], alone[3::97], strict=False):
            child = mother["people"][-1]
            copied: PersonRecord = {**child, "applicant": False}
            father["people"].append(copied)

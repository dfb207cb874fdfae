"""300 Bedarfsgemeinschaften with 700 people, with everything that makes a match go wrong.

Namesakes, father and son of one name, hyphens, names in several spellings, former numbers, closed
and protected files, legal guardians and lawyers, people who left or died.
"""

from __future__ import annotations

import string
from datetime import date, timedelta
from random import Random

from eakte.demo import names, places
from eakte.demo.records import (
    CaseFileRecord,
    PersonRecord,
    RepresentativeRecord,
    applicant,
    case_file_record,
    person_record,
)
from eakte.demo.routing import covers
from eakte.demo.staff import (
    LEISTUNG_RANGES,
    SITE_STAFF,
    VERMITTLUNG_RANGES,
    login_of,
)

CASE_FILES = 300
PEOPLE = 700
_SIZES = (1, 2, 3, 4, 5, 6)
_SIZE_WEIGHTS = (42, 22, 15, 11, 6, 4)
_WORKING_AGE = 15
_NAMESAKES = (("Jan", "Hansen"), ("Petra", "Müller"), ("Ahmad", "Ibrahim"), ("Stefan", "Schmidt"))

_FATHERS_AND_SONS = (("Hans-Peter", "Petersen"), ("Mehmet", "Yılmaz"), ("Uwe", "Janßen"))


class Households:
    """Builds case files one after the other from one random source."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng = rng
        self._today = today
        self._customer_numbers: set[str] = set()
        self._serial = 1000

    def build(self) -> list[CaseFileRecord]:
        """All case files; exactly ``CASE_FILES`` of them with ``PEOPLE`` people."""
        files = [self._case_file(size) for size in self._sizes()]
        self._namesakes(files)
        self._fathers_and_sons(files)
        self._protect(files)
        self._unusual(files)
        for case in files:
            self._assign(case)
        return files

    def _sizes(self) -> list[int]:
        rng = self._rng
        sizes = rng.choices(_SIZES, weights=_SIZE_WEIGHTS, k=CASE_FILES)
        while (total := sum(sizes)) != PEOPLE:
            i = rng.randrange(CASE_FILES)
            step = 1 if total < PEOPLE else -1
            if 1 <= sizes[i] + step <= _SIZES[-1]:
                sizes[i] += step
        return sizes

    def _born(self, youngest: int, oldest: int) -> date:
        days = self._rng.randint(youngest * 365 + youngest // 4 + 1, oldest * 365)
        return self._today - timedelta(days=days)

    def _customer_number(self) -> str:
        while True:
            rng = self._rng
            letter = rng.choice(string.ascii_uppercase)
            number = f"{rng.randint(100, 999)}{letter}{rng.randint(0, 999999):06d}"
            if number not in self._customer_numbers:
                self._customer_numbers.add(number)
                return number

    def _person(self, first_name: str, last_name: str, born: date) -> PersonRecord:
        former = names.EARLIER_SPELLINGS.get(last_name)
        kept = [former] if former and self._rng.random() < 0.6 else []
        return person_record(
            first_name, last_name, born, self._customer_number(), former_names=kept
        )

    def _case_file(self, size: int) -> CaseFileRecord:
        rng = self._rng
        site = rng.choice(places.SITES)
        postcode, city = rng.choices(site.places, weights=(5, 3, 2))[0]
        self._serial += rng.randint(1, 60)
        number = f"{places.PREFIX}//{self._serial:07d}"
        address = (places.street(rng), postcode, city)
        return case_file_record(number, site.id, address, self._household(size))

    def _household(self, size: int) -> list[PersonRecord]:
        rng = self._rng
        origin = names.pick_origin(rng)
        surname = rng.choice(origin.surnames)
        woman = rng.random() < 0.55
        first = rng.choice(origin.women if woman else origin.men)
        born = self._born(19, 65) if size == 1 else self._born(25, 52)
        head = self._person(first, surname[woman], born)
        head["applicant"] = True
        people = [head]
        couple = size > 1 and rng.random() < 0.6
        if couple:
            people.append(self._partner(head, origin, surname, woman=woman))
        used = {person["first_name"] for person in people}
        oldest_child = max(1, (self._today - born).days // 365 - 19)
        for _ in range(size - len(people)):
            girl = rng.random() < 0.5
            pool = [name for name in (origin.girls if girl else origin.boys) if name not in used]
            if not pool:
                pool = list(origin.women if girl else origin.men)
            name = rng.choice(pool)
            used.add(name)
            child_born = self._born(0, min(23, oldest_child))
            people.append(self._person(name, surname[girl], child_born))
        return people

    def _partner(
        self,
        head: PersonRecord,
        origin: names.Origin,
        surname: tuple[str, str],
        *,
        woman: bool,
    ) -> PersonRecord:
        """A partner of the other sex: same name, an own one, or a hyphenated one."""
        rng = self._rng
        first = rng.choice(origin.men if woman else origin.women)
        born = date.fromisoformat(head["birth_date"]) + timedelta(days=rng.randint(-2200, 2200))
        own = rng.choice(origin.surnames)[not woman]
        married = surname[not woman]
        how = rng.random()
        if how < 0.5 or own == married:
            partner = self._person(first, married, born)
            if own != married and not woman:
                partner["former_names"] = [own]
            return partner
        if how < 0.7 and " " not in own + married and "-" not in own + married:
            partner = self._person(first, f"{married}-{own}", born)
            partner["former_names"] = [own]
            return partner
        return self._person(first, own, born)

    def _namesakes(self, files: list[CaseFileRecord]) -> None:
        """The same name in three files each, at different addresses."""
        singles = [case for case in files if len(case["people"]) == 1]
        for i, (first, last) in enumerate(_NAMESAKES):
            for case in singles[3 * i : 3 * i + 3]:
                person = case["people"][0]
                person["first_name"], person["last_name"] = first, last
                person["former_names"] = []

    def _fathers_and_sons(self, files: list[CaseFileRecord]) -> None:
        """In three households a grown son bears his father's name."""
        pairs = [case for case in files if len(case["people"]) == 2]
        for case, (first, last) in zip(
            pairs,
            (("Hans-Peter", "Petersen"), ("Mehmet", "Yılmaz"), ("Uwe", "Janßen")),
            strict=False,
        ):
            father, son = case["people"]
            for person in (father, son):
                person["first_name"], person["last_name"] = first, last
                person["former_names"] = []
            father["birth_date"] = self._born(45, 60).isoformat()
            son["birth_date"] = self._born(18, 23).isoformat()

    def _protect(self, files: list[CaseFileRecord]) -> None:
        """Six protected files, and one open file that a neighbour at work may not open."""
        chosen = self._rng.sample(files[60:], 7)
        reasons = ("beschaeftigte", "auskunftssperre", "gewaltschutz") * 2
        for case, reason in zip(chosen, reasons, strict=False):
            case["protected"] = True
            case["protected_reason"] = reason
        for case, login in ((chosen[0], "n.jessen"), (chosen[3], "i.kock"), (chosen[2], "r.stehn")):
            case["excluded_logins"] = [login]
        chosen[6]["excluded_logins"] = ["l.oldsen"]

    def _unusual(self, files: list[CaseFileRecord]) -> None:
        """Former numbers, closed files, people who left or died, representatives."""
        rng, today = self._rng, self._today
        open_files = [case for case in files if not case["protected"]]
        for case in rng.sample(open_files, 14):
            number = f"{places.FORMER_PREFIX}//{rng.randint(1000, 9999999):07d}"
            case["former_numbers"] = [number]
        for case in rng.sample(open_files, 12):
            case["closed"] = (today - timedelta(days=rng.randint(60, 1500))).isoformat()
        large = [case for case in open_files if len(case["people"]) > 2]
        for case in rng.sample(large, 8):
            left = today - timedelta(days=rng.randint(30, 700))
            case["people"][-1]["member_to"] = left.isoformat()
        for case in rng.sample(large, 10):
            joined = today - timedelta(days=rng.randint(10, 400))
            case["people"][1]["member_from"] = joined.isoformat()
        for case in rng.sample(large, 2):
            died = today - timedelta(days=rng.randint(20, 200))
            case["people"][1]["died"] = died.isoformat()
        for i, case in enumerate(rng.sample(open_files, 18)):
            kind = "anwalt" if i % 3 == 0 else "betreuer"
            applicant(case)["representatives"] = [self._representative(kind)]

    def _representative(self, kind: str) -> RepresentativeRecord:
        rng = self._rng
        postcode, city = rng.choice(places.SITES).seat
        lawyers = ("Rechtsanwältin Dr. Gerlind Osthoff", "Rechtsanwalt Bernd Quast")
        guardians = ("Ute Ohlsen", "Rainer Dreyer", "Betreuungsverein Geestmark e. V.")
        return {
            "kind": kind,
            "name": rng.choice(lawyers if kind == "anwalt" else guardians),
            "street": places.street(rng),
            "postcode": postcode,
            "city": city,
        }

    def _assign(self, case: CaseFileRecord) -> None:
        """Who is responsible: by range, with exceptions that the register must win with."""
        rng = self._rng
        benefits, placement = SITE_STAFF[case["site"]]
        surname = applicant(case)["last_name"]
        barred = set(case["excluded_logins"])

        def covering(staff: tuple[str, ...], ranges: tuple[tuple[str, str], ...]) -> str:
            for name, (first, last) in zip(staff, ranges, strict=True):
                if covers(first, last, surname) and login_of(name) not in barred:
                    return login_of(name)
            return login_of(next(name for name in staff if login_of(name) not in barred))

        benefit = covering(benefits, LEISTUNG_RANGES)
        if rng.random() < 0.1:
            benefit = login_of(rng.choice([n for n in benefits if login_of(n) not in barred]))
        if case["protected"] or rng.random() < 0.7:
            case["responsible"]["leistung"] = benefit
        if case["protected"]:
            case["responsible"]["vermittlung"] = covering(placement, VERMITTLUNG_RANGES)
            case["responsible"]["recht"] = "h.lassen"
        elif rng.random() < 0.06:
            case["responsible"]["recht"] = "s.aksoy"
        for person in case["people"]:
            born = date.fromisoformat(person["birth_date"])
            old_enough = (self._today - born).days // 365 >= _WORKING_AGE
            if old_enough and not case["protected"] and rng.random() < 0.6:
                person["responsible"]["vermittlung"] = login_of(rng.choice(placement))


def case_files(rng: Random, today: date) -> list[CaseFileRecord]:
    """All case files of the demo, as of ``today``."""
    return Households(rng, today).build()

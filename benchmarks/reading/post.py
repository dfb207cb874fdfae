"""Letters to the authority of the large register, with the truth about each.

The texts are the demo's; what a letter states of its person, who sends it and how names are
spelled is drawn here, meaner than in the demo: landlords and lawyers who are clients themselves at
their own address, people without a file who bear a client's name, slips in numbers that make them
somebody else's, guardians, children, former names and transliterations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import names
from register import STREETS

from eakte.demo import places
from eakte.demo.letters import DemoLetter, Truth
from eakte.demo.post import KINDS
from eakte.demo.records import CaseFileRecord, PersonRecord, RegisterRecord, applicant
from eakte.demo.routing import CLEARING, receiver
from eakte.demo.strangers import stranger
from eakte.demo.typeset import page_lines, typeset
from eakte.demo.writing import Business, Fact, Kind, Writing
from eakte.language.folding import fold

MANNERS = {
    "number": 26,
    "customer_number": 5,
    "birth_date": 14,
    "address": 14,
    "name_only": 6,
    "surname_only": 4,
    "unknown_number": 3,
    "foreign_number": 4,
    "slip": 5,
    "namesake": 8,
    "landlord_number": 3,
    "landlord_address": 3,
    "landlord_name": 5,
}
"""How a letter names its person, in so many of 100.

``slip``: two digits of the number are swapped or one is wrong.  ``namesake``: somebody without a
file who bears a client's name.  ``landlord_…``: the sender is another client, writing from his own
registered address.
"""
_WITHOUT_NUMBER = {
    "number": "address",
    "customer_number": "birth_date",
    "unknown_number": "name_only",
    "foreign_number": "name_only",
    "slip": "address",
    "landlord_number": "landlord_address",
}
_STATED = {
    "number": {Fact.NUMBER},
    "slip": {Fact.NUMBER},
    "landlord_number": {Fact.NUMBER},
    "customer_number": {Fact.CUSTOMER_NUMBER},
    "birth_date": {Fact.BIRTH_DATE},
    "address": {Fact.ADDRESS},
    "landlord_address": {Fact.ADDRESS},
}
_ADULT = 15
_WOMAN = range(18, 46)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A letter with what the measurement needs to know.

    ``right`` are the case files it may be filed in (empty: in none), ``unique`` says that its
    printed facts fit exactly one file of the register and contradict none.
    """

    letter: DemoLetter
    manner: str
    right: frozenset[str]
    unique: bool
    postboxes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing(Writing):
    """A demo letter whose sender may be a client, and whose names come from the large register."""

    sender: tuple[str, CaseFileRecord] | None = None

    @property
    def woman(self) -> bool:
        return self.person["first_name"] in names.WOMEN

    def business(self, *firms: tuple[str, str]) -> Business:
        if self.sender is None:
            # Two arguments: a dataclass with slots is made anew, and ``super()`` lost its class.
            return Writing.business(self, *firms)
        name, case = self.sender
        return Business(
            name=name,
            claim=self.pick("Vermietung", "Hausverwaltung", "Rechtsanwaltskanzlei", ""),
            street=case["street"],
            postcode=case["postcode"],
            city=case["city"],
        )


class PostOffice:
    """Letter number n of a seed is the same however many are asked for."""

    def __init__(self, register: RegisterRecord, today: date, seed: int) -> None:
        self.register = register
        self.today = today
        self.seed = seed
        self.by_number = {case["aktenzeichen"]: case for case in register["case_files"]}
        self.open = [case for case in register["case_files"] if case["closed"] is None]
        self.couples = [case for case in self.open if len(case["people"]) > 1]
        self.by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.by_customer: dict[str, set[str]] = defaultdict(set)
        for case in register["case_files"]:
            for person in case["people"]:
                self.by_customer[person["customer_number"]].add(case["aktenzeichen"])
                for key in _keys(person):
                    self.by_name[key].add(case["aktenzeichen"])

    def sent(self, index: int) -> Sent:
        """Letter ``index`` with its truth."""
        rng = Random(f"large post:{self.seed}:{index}")
        kind = self._kind(index)
        case, person = self._whom(rng, kind)
        manner = self._manner(rng, kind)
        known = kind.whom != "stranger" and manner != "namesake"
        if manner == "namesake":
            case, person = _namesake(rng, case, person, self.today)
        facts = {Fact.NAME, *kind.always, *_STATED.get(manner, ())}
        if manner == "surname_only":
            facts.discard(Fact.NAME)
        if manner == "number":
            facts |= {Fact.ADDRESS} if rng.random() < 0.5 else set()
            facts |= {Fact.BIRTH_DATE} if rng.random() < 0.25 else set()
        if manner == "namesake" or not known:
            facts |= {Fact.ADDRESS} if rng.random() < 0.7 else {Fact.BIRTH_DATE}
        number = self._number(rng, manner, case)
        writing = _Writing(
            rng=rng,
            case=case,
            person=person,
            facts=frozenset(facts),
            number=number,
            spelled=_spelling(rng, person),
            day=self.today - timedelta(days=rng.randint(1, 6)),
            sender=self._sender(rng, case) if manner.startswith("landlord") else None,
        )
        pdf = typeset(kind.write(writing), rng)
        right = self.by_customer.get(person["customer_number"], set()) if known else set()
        unique = known and self._unique(case, person, frozenset(facts), manner)
        letter = DemoLetter(
            name=f"gross-{self.seed}-{index:05d}",
            pdf=pdf,
            truth=self._truth(rng, kind, writing, unique=unique, lines=page_lines(pdf)),
        )
        return Sent(
            letter=letter,
            manner=manner,
            right=frozenset(right),
            unique=unique,
            postboxes=frozenset({letter.truth.receiver or CLEARING}),
        )

    def _kind(self, index: int) -> Kind:
        turn, place = divmod(index, len(KINDS))
        order = list(KINDS)
        Random(f"kinds:{self.seed}:{turn}").shuffle(order)
        return order[place]

    def _manner(self, rng: Random, kind: Kind) -> str:
        if kind.whom == "stranger":
            return "stranger"
        manner = rng.choices(tuple(MANNERS), weights=tuple(MANNERS.values()))[0]
        return _WITHOUT_NUMBER.get(manner, manner) if kind.numberless else manner

    def _whom(self, rng: Random, kind: Kind) -> tuple[CaseFileRecord, PersonRecord]:
        if kind.whom == "stranger":
            return stranger(rng, self.today)
        files = self.couples if kind.whom == "child" else self.open
        while True:
            case = rng.choice(files)
            fitting = [person for person in case["people"] if self._fits(person, kind)]
            if fitting:
                return case, rng.choice(fitting)

    def _fits(self, person: PersonRecord, kind: Kind) -> bool:
        age = (self.today - date.fromisoformat(person["birth_date"])).days // 365
        match kind.whom:
            case "adult":
                return age >= _ADULT
            case "woman":
                return age in _WOMAN and person["first_name"] in names.WOMEN
            case "child":
                return 3 <= age <= 18 and not person["applicant"]
            case _:
                return person["applicant"]

    def _number(self, rng: Random, manner: str, case: CaseFileRecord) -> str | None:
        own = case["aktenzeichen"]
        if manner in {"number", "landlord_number"}:
            return _spelled_number(rng, rng.choice([own, own, *case["former_numbers"]]))
        if manner == "slip":
            return _slip(rng, own)
        if manner == "unknown_number":
            while (number := f"{places.PREFIX}//{rng.randint(1, 99_999):07d}") in self.by_number:
                pass
            return number
        if manner == "foreign_number":
            return rng.choice(self.register["case_files"])["aktenzeichen"]
        return None

    def _sender(self, rng: Random, case: CaseFileRecord) -> tuple[str, CaseFileRecord]:
        """Another client; of four one lives in the same house."""
        other = rng.choice(self.open)
        if rng.random() < 0.25:
            other = {**other, **{key: case[key] for key in ("street", "postcode", "city")}}  # type: ignore[typeddict-item]
        head = applicant(other)
        return f"{head['first_name']} {head['last_name']}", other

    def _unique(
        self, case: CaseFileRecord, person: PersonRecord, facts: frozenset[Fact], manner: str
    ) -> bool:
        """Whether the printed facts fit this file and no other one of the register."""
        if manner in {"number", "customer_number", "landlord_number"}:
            return len(self.by_customer[person["customer_number"]]) == 1 or manner != (
                "customer_number"
            )
        proofs = facts & {Fact.BIRTH_DATE, Fact.ADDRESS}
        if not proofs or manner in {"slip", "unknown_number", "foreign_number", "surname_only"}:
            return False
        files = set().union(*(self.by_name[key] for key in _keys(person)))
        fitting = [self.by_number[number] for number in files]
        if Fact.BIRTH_DATE in facts:
            fitting = [
                one
                for one in fitting
                if any(p["birth_date"] == person["birth_date"] for p in one["people"])
            ]
        if Fact.ADDRESS in facts:
            place = (case["street"], case["postcode"])
            fitting = [one for one in fitting if (one["street"], one["postcode"]) == place]
        return len(fitting) == 1

    def _truth(
        self,
        rng: Random,
        kind: Kind,
        writing: Writing,
        *,
        unique: bool,
        lines: tuple[tuple[str, ...], ...],
    ) -> Truth:
        case, person = writing.case, writing.person
        found = None
        if unique:
            found = receiver(self.register, kind.function, case, person, self.today)
        return Truth(
            kind=kind.name,
            schlagwort=kind.schlagwort,
            function=kind.function,
            copies=kind.copies,
            aktenzeichen=case["aktenzeichen"] or None,
            written=writing.number,
            person=f"{person['first_name']} {person['last_name']}",
            birth_date=person["birth_date"],
            spelled=writing.name,
            facts=tuple(sorted(writing.facts)),
            certain=unique,
            provisional=False,
            protected=case["protected"],
            receiver=found.postbox if found else CLEARING,
            deputy_for=found.deputy_for if found else None,
            dated=writing.day,
            stamp=self.today if rng.random() < 0.55 else None,
            lines=lines,
        )


def _keys(person: PersonRecord) -> Iterable[tuple[str, str]]:
    first = fold(person["first_name"])
    for last in (person["last_name"], *person["former_names"]):
        yield first, fold(last)


def _namesake(
    rng: Random, case: CaseFileRecord, person: PersonRecord, today: date
) -> tuple[CaseFileRecord, PersonRecord]:
    """Somebody of the same name who has no file: another birth date, another address."""
    postcode, city = rng.choice(rng.choice(places.SITES).places)
    born = today - timedelta(days=rng.randint(19 * 366, 60 * 365))
    other: PersonRecord = {
        **person,
        "birth_date": born.isoformat(),
        "customer_number": "000X000000",
    }
    home: CaseFileRecord = {
        **case,
        "street": f"{rng.choice(STREETS)} {rng.randint(141, 199)}",
        "postcode": postcode,
        "city": city,
        "people": [other],
    }
    return home, other


def _spelling(rng: Random, person: PersonRecord) -> tuple[str, str]:
    """The name as this sender writes it: plain letters, a transliteration, a former name."""
    first, last = person["first_name"], person["last_name"]
    chance = rng.random()
    if chance < 0.06:
        plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ş": "s"})
        return first.translate(plain), last.translate(plain)
    if chance < 0.14:
        return names.SPELLINGS.get(first, first), names.SPELLINGS.get(last, last)
    if chance < 0.2 and person["former_names"]:
        return first, person["former_names"][0]
    if chance < 0.23 and "-" in last and not last.startswith(("Al-", "El-")):
        return first, last.split("-")[0]
    return first, last


def _spelled_number(rng: Random, number: str) -> str:
    prefix, serial = number.split("//")
    return rng.choices(
        (
            *(number, f"{prefix} // {serial}", f"{prefix}/{serial}", f"{prefix}BG{serial}"),
            *(
                f"{prefix} BG {serial}",
                f"{prefix} / {serial}",
                f"{prefix}//{serial[:3]} {serial[3:]}",
            ),
        ),
        weights=(70, 8, 8, 5, 3, 3, 3),
    )[0]


def _slip(rng: Random, number: str) -> str:
    """One wrong digit, or two swapped, among the last four."""
    digits = list(number)
    place = rng.randrange(len(digits) - 4, len(digits) - 1)
    if rng.random() < 0.5 and digits[place] != digits[place + 1]:
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
    else:
        digits[place] = rng.choice([one for one in "0123456789" if one != digits[place]])
    return "".join(digits)

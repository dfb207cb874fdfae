"""Letters to the demo's authority, with the truth about each.

``generate`` is repeatable: letter number n of a seed is the same however many are asked for.  Must
not know how letters become scans (`eakte.demo.paper`) or what the product makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random

from eakte.demo import names, places
from eakte.demo.authority import DEMO_SEED
from eakte.demo.post import KINDS
from eakte.demo.records import CaseFileRecord, PersonRecord, RegisterRecord, applicant
from eakte.demo.routing import CLEARING, receiver
from eakte.demo.strangers import stranger
from eakte.demo.typeset import page_lines, typeset
from eakte.demo.writing import Fact, Kind, Writing

_ADULT = 15
_WOMAN = range(18, 46)

# How a letter names its person, and how often of 100.  The first four let the product file it
# alone; the others are for the clearing desk.
_MANNERS: dict[str, int] = {
    "number": 37,
    "customer_number": 5,
    "birth_date": 9,
    "address": 9,
    "name_only": 20,
    "surname_only": 6,
    "unknown_number": 8,
    "foreign_number": 6,
}
_WITHOUT_NUMBER = {
    "number": "address",
    "customer_number": "address",
    "unknown_number": "name_only",
    "foreign_number": "name_only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is right about a letter.

    ``aktenzeichen`` is the register's number of the case file (None: there is none), ``written``
    the number as it stands on the paper.  ``certain``: at least two independent facts agree and
    none contradicts, so that no desk is needed.  ``receiver`` is a login, a team id, ``clearing``,
    or None where the authority's settings decide.  ``stamp`` is the day on the stamp of receipt
    that the scan bears.  ``lines`` are the lines of text, page by page.
    """

    kind: str
    schlagwort: str
    function: str
    copies: tuple[str, ...]
    aktenzeichen: str | None
    written: str | None
    person: str
    birth_date: str
    spelled: str
    facts: tuple[str, ...]
    certain: bool
    provisional: bool
    protected: bool
    receiver: str | None
    deputy_for: str | None
    dated: date
    stamp: date | None
    lines: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, object]:
        """JSON-ready, dates in ISO 8601."""
        values = asdict(self)
        values["dated"] = self.dated.isoformat()
        values["stamp"] = self.stamp.isoformat() if self.stamp else None
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLetter:
    """A typeset letter (PDF bytes) with its truth; ``name`` is a file stem, unique in its seed."""

    name: str
    pdf: bytes
    truth: Truth

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.truth.lines)


def generate(
    register: RegisterRecord, *, count: int, today: date, seed: int = DEMO_SEED
) -> Iterator[DemoLetter]:
    """``count`` letters to the authority of ``register``, dated shortly before ``today``.

    Every round of kinds is shuffled anew, so each kind comes once before one comes twice.
    """
    post_office = _PostOffice(register, today, seed)
    for index in range(count):
        yield post_office.letter(index)


class _PostOffice:
    def __init__(self, register: RegisterRecord, today: date, seed: int) -> None:
        self._register = register
        self._today = today
        self._seed = seed
        self._numbers = {case["aktenzeichen"] for case in register["case_files"]}

    def letter(self, index: int) -> DemoLetter:
        rng = Random(f"letter:{self._seed}:{index}")
        kind = self._kind(index)
        case, person = self._whom(rng, kind)
        manner = rng.choices(tuple(_MANNERS), weights=tuple(_MANNERS.values()))[0]
        unknown = kind.whom == "stranger"
        if unknown:
            manner = "address"
        if kind.numberless:
            manner = _WITHOUT_NUMBER.get(manner, manner)
        facts = self._facts(rng, manner, kind)
        number = None if unknown else self._number(rng, manner, case)
        writing = Writing(
            rng=rng,
            case=case,
            person=person,
            facts=facts,
            number=number,
            spelled=self._spelling(rng, person),
            day=self._today - timedelta(days=rng.randint(1, 6)),
        )
        pdf = typeset(kind.write(writing), rng)
        certain = manner in {"number", "customer_number", "birth_date", "address"}
        truth = self._truth(
            kind=kind,
            writing=writing,
            certain=certain and kind.schlagwort not in {"andere_stelle", "sonstiges"},
            stamp=self._today if rng.random() < 0.55 else None,
            lines=page_lines(pdf),
        )
        return DemoLetter(name=f"post-{self._seed}-{index:04d}", pdf=pdf, truth=truth)

    def _kind(self, index: int) -> Kind:
        turn, place = divmod(index, len(KINDS))
        order = list(KINDS)
        Random(f"kinds:{self._seed}:{turn}").shuffle(order)
        return order[place]

    def _whom(self, rng: Random, kind: Kind) -> tuple[CaseFileRecord, PersonRecord]:
        if kind.whom == "stranger":
            return stranger(rng, self._today)
        open_files = [case for case in self._register["case_files"] if case["closed"] is None]
        while True:
            case = rng.choice(open_files)
            fitting = [person for person in case["people"] if self._fits(person, kind)]
            if fitting:
                return case, rng.choice(fitting)

    def _fits(self, person: PersonRecord, kind: Kind) -> bool:
        if person["died"] or person["member_to"]:
            return False
        age = (self._today - date.fromisoformat(person["birth_date"])).days // 365
        match kind.whom:
            case "adult":
                return age >= _ADULT
            case "woman":
                return age in _WOMAN and names.is_womans(person["first_name"])
            case "child":
                return 3 <= age <= 18 and not person["applicant"]
            case _:
                return person["applicant"]

    def _facts(self, rng: Random, manner: str, kind: Kind) -> frozenset[Fact]:
        facts = set(kind.always)
        if manner != "surname_only":
            facts.add(Fact.NAME)
        match manner:
            case "number":
                facts.add(Fact.NUMBER)
                facts |= {Fact.ADDRESS} if rng.random() < 0.6 else set()
                facts |= {Fact.BIRTH_DATE} if rng.random() < 0.25 else set()
            case "customer_number":
                facts.add(Fact.CUSTOMER_NUMBER)
            case "birth_date":
                facts.add(Fact.BIRTH_DATE)
            case "address":
                facts.add(Fact.ADDRESS)
            case _:
                pass
        return frozenset(facts)

    def _number(self, rng: Random, manner: str, case: CaseFileRecord) -> str | None:
        """The number on the paper: the file's own or former one, another's, or nobody's."""
        match manner:
            case "number":
                known = case["former_numbers"] or [case["aktenzeichen"]]
                return _spell_number(rng, rng.choice([*known, case["aktenzeichen"]]))
            case "foreign_number":
                surname = applicant(case)["last_name"]
                others = [
                    other["aktenzeichen"]
                    for other in self._register["case_files"]
                    if all(surname != person["last_name"] for person in other["people"])
                ]
                return rng.choice(others)
            case "unknown_number":
                while (number := f"{places.PREFIX}//{rng.randint(1, 99999):07d}") in self._numbers:
                    pass
                return number
            case _:
                return None

    def _spelling(self, rng: Random, person: PersonRecord) -> tuple[str, str]:
        """The name as this sender writes it: plain letters or an earlier spelling at times."""
        first, last = person["first_name"], person["last_name"]
        chance = rng.random()
        if chance < 0.08:
            return names.plain(first), names.plain(last)
        if chance < 0.16 and person["former_names"]:
            return first, person["former_names"][0]
        return first, last

    def _truth(
        self,
        *,
        kind: Kind,
        writing: Writing,
        certain: bool,
        stamp: date | None,
        lines: tuple[tuple[str, ...], ...],
    ) -> Truth:
        case, person = writing.case, writing.person
        provisional = kind.schlagwort == "erstantrag"
        postbox: str | None = CLEARING
        deputy_for = None
        if certain:
            found = receiver(
                self._register,
                kind.function,
                case,
                person,
                self._today,
            )
            postbox = found.postbox if found else None
            deputy_for = found.deputy_for if found else None
        elif kind.schlagwort == "andere_stelle":
            postbox = None
        return Truth(
            kind=kind.name,
            schlagwort=kind.schlagwort,
            function=kind.function,
            copies=kind.copies,
            aktenzeichen=None if kind.whom == "stranger" else case["aktenzeichen"],
            written=writing.number,
            person=f"{person['first_name']} {person['last_name']}",
            birth_date=person["birth_date"],
            spelled=writing.name,
            facts=tuple(sorted(writing.facts)),
            certain=certain,
            provisional=provisional,
            protected=case["protected"],
            receiver=postbox,
            deputy_for=deputy_for,
            dated=writing.day,
            stamp=stamp,
            lines=lines,
        )


def _spell_number(rng: Random, number: str) -> str:
    """The number as people write it; the canonical form most of the time."""
    prefix, serial = number.split("//")
    return rng.choices(
        (number, f"{prefix} // {serial}", f"{prefix}/{serial}", f"{prefix}BG{serial}"),
        weights=(80, 8, 8, 4),
    )[0]

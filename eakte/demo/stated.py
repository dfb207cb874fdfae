"""What a letter states about the person it concerns, and how it puts it.

Whether the product may file a letter on its own hangs on the facts that the letter states.  Text
modules therefore never take number, birth date or address from the register: they ask `Stated`,
which gives only what this letter is meant to state.  So the truth beside a letter is right by
construction.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from eakte.demo import names
from eakte.demo.records import CaseFileRecord, PersonRecord, applicant

Choice = TypeVar("Choice")
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_GROWN_UP = 15


class Fact(enum.StrEnum):
    """What a letter states about the person it concerns."""

    NUMBER = "number"
    CUSTOMER_NUMBER = "customer_number"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one letter states of its person, and how it puts it.

    ``number`` is the file number as this letter spells it (None: not stated), ``spelled`` the
    first and last name as it spells them; ``day`` is the date it bears.
    """

    rng: Random
    case: CaseFileRecord
    person: PersonRecord
    facts: frozenset[Fact]
    number: str | None
    spelled: tuple[str, str]
    day: date

    # --- the person -------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """First and last name, or an initial where the letter does not state the full name."""
        first, last = self.spelled
        return f"{first} {last}" if Fact.NAME in self.facts else f"{first[0]}. {last}"

    @property
    def surname(self) -> str:
        """The surname as spelled here."""
        return self.spelled[1]

    @property
    def first_name(self) -> str:
        """The first name, or its initial where the letter does not state the full name."""
        first = self.spelled[0]
        return first if Fact.NAME in self.facts else f"{first[0]}."

    @property
    def woman(self) -> bool:
        """Whether to write Frau."""
        return names.is_womans(self.person["first_name"])

    @property
    def author(self) -> str:
        """Who writes a client's letter: the person, or for a child the one who applies."""
        if self.age >= _GROWN_UP or Fact.NAME not in self.facts:
            return self.name
        parent = applicant(self.case)
        return f"{parent['first_name']} {parent['last_name']}"

    @property
    def titled(self) -> str:
        """``Frau Petra Müller``; children have no title."""
        if self.age < _GROWN_UP:
            return self.name
        return f"{'Frau' if self.woman else 'Herr'} {self.name}"

    @property
    def titled_object(self) -> str:
        """``Herrn Jan Hansen``; children have no title."""
        if self.age < _GROWN_UP:
            return self.name
        return f"{'Frau' if self.woman else 'Herrn'} {self.name}"

    def by_gender(self, woman: str, man: str) -> str:
        """The form that fits."""
        return woman if self.woman else man

    @property
    def birth_date(self) -> str:
        """``07.03.1984``, empty where the letter does not state it."""
        if Fact.BIRTH_DATE not in self.facts:
            return ""
        return german(date.fromisoformat(self.person["birth_date"]))

    @property
    def street(self) -> str:
        """Street and number, empty where not stated."""
        return self.case["street"] if Fact.ADDRESS in self.facts else ""

    @property
    def place(self) -> str:
        """Postcode and place, empty where not stated."""
        if Fact.ADDRESS not in self.facts:
            return ""
        return f"{self.case['postcode']} {self.case['city']}"

    @property
    def customer_number(self) -> str:
        """The customer number, empty where not stated."""
        if Fact.CUSTOMER_NUMBER not in self.facts:
            return ""
        return self.person["customer_number"]

    @property
    def age(self) -> int:
        """Years on the day of the letter."""
        born = date.fromisoformat(self.person["birth_date"])
        return (self.day - born).days // 365

    # --- phrases ----------------------------------------------------------------------------

    def mention(self, *, address: bool = True) -> str:
        """``Herrn Jan Hansen, geb. am 07.03.1984, wohnhaft Am Siel 3, 43721 Wittmoorsiel``."""
        parts = [self.titled_object]
        if self.birth_date:
            parts.append(self.pick("geb. am ", "geboren am ", "geb. ") + self.birth_date)
        if self.street and address:
            parts.append(f"wohnhaft {self.street}, {self.place}")
        return ", ".join(parts)

    def flat(self) -> str:
        """The flat with its address, or only where it lies in the house."""
        floor = self.pick("Erdgeschoss links", "1. OG rechts", "2. OG links", "Dachgeschoss")
        return f"{self.street}, {self.place} ({floor})" if self.street else floor

    def references(self, *, label: str = "Ihr Zeichen") -> tuple[tuple[str, str], ...]:
        """Rows of an information block: the numbers that the letter states."""
        rows: list[tuple[str, str]] = []
        if self.number:
            rows.append((label, self.number))
        if self.customer_number:
            rows.append(("Kundennr. JC", self.customer_number))
        return tuple(rows)

    def own_reference(self) -> tuple[str, ...]:
        """How a client names the file below the subject; empty where nothing is stated."""
        found: list[str] = []
        if self.number:
            label = self.pick(
                "BG-Nummer: ", "BG-Nr. ", "Aktenzeichen ", "Az.: ", "Mein Zeichen bei Ihnen: "
            )
            found.append(label + self.number)
        if self.customer_number:
            found.append(self.pick("Kundennummer ", "Kunden-Nr.: ") + self.customer_number)
        if self.birth_date and self.author == self.name:
            found.append(self.pick("geb. am ", "Geburtsdatum: ") + self.birth_date)
        return tuple(found)

    def pick(self, *choices: Choice) -> Choice:
        """One of ``choices``."""
        return self.rng.choice(choices)

    def on(self, days: int) -> str:
        """The day ``days`` after the letter's own, ``07.03.2026``."""
        return german(self.day + timedelta(days=days))

    def some_day(self, earliest: int, latest: int) -> str:
        """A day between the two, counted from the letter's own."""
        return self.on(self.rng.randint(earliest, latest))

    def month(self, offset: int = 0) -> str:
        """``März 2026``, counted from the letter's own month."""
        count = self.day.year * 12 + self.day.month - 1 + offset
        return f"{MONTHS[count % 12]} {count // 12}"

    def first_of(self, offset: int) -> str:
        """The first of a month, counted from the letter's own month."""
        count = self.day.year * 12 + self.day.month - 1 + offset
        return f"01.{count % 12 + 1:02d}.{count // 12}"

    def amount(self, low: float, high: float) -> float:
        """An amount in euros, rounded to cents."""
        return round(self.rng.uniform(low, high), 2)

    def serial(self, pattern: str) -> str:
        """``pattern`` with a digit for every ``#`` and the letter's year for YYYY and YY."""
        dated = pattern.replace("YYYY", f"{self.day:%Y}").replace("YY", f"{self.day:%y}")
        return "".join(str(self.rng.randint(0, 9)) if c == "#" else c for c in dated)

    def stranger(self) -> str:
        """Somebody who is not in the register by intention: a clerk, a doctor, a judge."""
        return self.pick(
            "M. Tiedemann",
            "Dr. Wiebke Lorenz",
            "S. Uhlig",
            "Karsten Brix",
            "Ines Gottschalk",
            "T. Radtke",
            "Frauke Steen",
            "B. Hagemann",
        )


def german(day: date) -> str:
    """``07.03.2026``."""
    return f"{day:%d.%m.%Y}"


def euro(amount: float) -> str:
    """``1.234,56 €``."""
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))

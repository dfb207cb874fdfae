"""What a writer of a letter knows, and which of it stands on the paper.

Whether the product may file a letter on its own hangs on the facts that the letter states.  Text
modules therefore never take number, birth date or address from the register: they ask the
`Writing`, which gives only what this letter is meant to state.  So the truth beside a letter is
right by construction.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal, TypeVar

from eakte.demo import names, places
from eakte.demo.records import CaseFileRecord, PersonRecord, applicant
from eakte.demo.sheet import Block, Sheet, lines, p, sign

Choice = TypeVar("Choice")
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_GROWN_UP = 15
_ASIDES = (
    "Sie erreichen mich am besten vormittags, nachmittags bin ich oft unterwegs.",
    "Für Ihre Mühe bedanke ich mich im Voraus.",
    "Ich habe von diesem Brief eine Kopie für meine Unterlagen gemacht.",
    "Bitte entschuldigen Sie, dass ich mich erst jetzt melde. Hier war in letzter Zeit viel los.",
    "Wie mir Ihre Kollegin am Empfang gesagt hat, soll ich das schriftlich machen.",
    "Falls noch Fragen sind, schreiben Sie mir bitte. Am Telefon verstehe ich nicht immer alles.",
    "Leider habe ich keinen Drucker, deshalb schreibt das eine Bekannte für mich.",
    "Ich hoffe auf eine baldige Antwort.",
)


class Fact(enum.StrEnum):
    """What a letter states about the person it concerns."""

    NUMBER = "number"
    CUSTOMER_NUMBER = "customer_number"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"


Whom = Literal["applicant", "adult", "woman", "child", "stranger"]
"""Whom a kind of letter concerns; a stranger has no case file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of letter: its Schlagwort, who acts on it, and the function that writes it.

    ``further`` are Schlagworte that its enclosures earn; ``always`` are facts that a letter of this
    kind states in any case (a form has a field for them); ``numberless`` writers know no number.
    """

    schlagwort: str
    function: str
    write: Callable[[Writing], Sheet]
    copies: tuple[str, ...] = ()
    whom: Whom = "applicant"
    further: tuple[str, ...] = ()
    always: frozenset[Fact] = field(default=frozenset())
    numberless: bool = False

    @property
    def name(self) -> str:
        """The kind's name in the truth, e.g. ``widerspruch_anwalt``."""
        return self.write.__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A letterhead."""

    name: str
    claim: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One letter in the making.

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

    # --- whole parts of letters -------------------------------------------------------------

    @property
    def site(self) -> places.Site:
        """The site that answers for the file."""
        return next(site for site in places.SITES if site.id == self.case["site"])

    def office(self) -> tuple[str, ...]:
        """The address field: the site or only the authority, as people write it."""
        postcode, city = self.site.seat
        full = (places.OFFICE, self.site.name, self.site.street, f"{postcode} {city}")
        return self.pick(
            full,
            (places.DISTRICT, "Jobcenter", self.site.street, f"{postcode} {city}"),
            (places.OFFICE, "Postfach 11 40", "43720 Wittmoorsiel"),
            full,
        )

    def business(self, *firms: tuple[str, str]) -> Business:
        """A letterhead out of (name, claim)."""
        name, claim = self.pick(*firms)
        postcode, city = self.pick(*places.SITES).seat
        return Business(
            name=name,
            claim=claim,
            street=places.business_street(self.rng),
            postcode=postcode,
            city=city,
        )

    def printed(
        self,
        firm: Business,
        subject: tuple[str, ...],
        *blocks: Block,
        info: tuple[tuple[str, str], ...] = (),
        bank: bool = True,
        label: str = "Ihr Zeichen",
    ) -> Sheet:
        """A letter after DIN 5008 on a firm's or office's paper."""
        mail = "".join(c for c in names.plain(firm.name).lower() if c.isalnum())[:18]
        footer: tuple[tuple[str, ...], ...] = (
            (firm.name, firm.street, f"{firm.postcode} {firm.city}"),
            (f"Telefon {places.phone(self.rng)}", f"info@{mail}.example"),
        )
        if bank:
            footer = (*footer, ("Bankverbindung", f"IBAN {places.iban(self.rng)}"))
        return Sheet(
            layout="din",
            head=firm.name,
            claim=firm.claim,
            return_line=f"{firm.name} · {firm.street} · {firm.postcode} {firm.city}",
            recipient=self.office(),
            info=(
                *self.references(label=label),
                *info,
                ("Auskunft erteilt", self.stranger()),
                ("Telefon", places.phone(self.rng)),
                ("Datum", german(self.day)),
            ),
            subject=subject,
            blocks=blocks,
            running=f"{firm.name} · Schreiben vom {german(self.day)}",
            footer=footer,
        )

    def private(self, subject: str, *paragraphs: str | Block) -> Sheet:
        """A client's own typed letter: sender, subject, greeting, paragraphs, signature."""
        rng = self.rng
        informal = rng.random() < 0.25
        sender = [self.author]
        if self.street:
            sender += [self.street, self.place]
        if rng.random() < 0.4:
            sender.append(f"Tel. {places.phone(rng)}")
        reference = self.own_reference()
        heading = (subject, *reference) if rng.random() < 0.6 else (subject,)
        opening = list(reference) if len(heading) == 1 and reference else []
        greeting = self.pick(
            "Sehr geehrte Damen und Herren,", "Guten Tag,", "Sehr geehrte Damen und Herren,"
        )
        body = [block if not isinstance(block, str) else p(block) for block in paragraphs]
        blocks: list[Block] = [
            *([lines(*opening)] if opening else []),
            p(greeting),
            *body,
            *(p(aside) for aside in rng.sample(_ASIDES, rng.choice((0, 0, 1, 1, 2)))),
            p(self.pick("Mit freundlichen Grüßen", "Mit freundlichem Gruß", "MfG")),
            sign(rng, self.author),
        ]
        return Sheet(
            layout="private",
            sender=tuple(sender) if not informal or self.street else (self.author,),
            recipient=() if informal else self.office(),
            date=self.pick(german(self.day), f"{self.case['city']}, {german(self.day)}")
            if Fact.ADDRESS in self.facts
            else german(self.day),
            subject=heading,
            blocks=tuple(blocks),
        )


def german(day: date) -> str:
    """``07.03.2026``."""
    return f"{day:%d.%m.%Y}"


def euro(amount: float) -> str:
    """``1.234,56 €``."""
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))

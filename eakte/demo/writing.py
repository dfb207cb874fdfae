"""Letters in the making: kinds of letters, letterheads, and the parts that all letters share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from eakte.demo import names, places
from eakte.demo.sheet import Block, Sheet, lines, p, sign
from eakte.demo.stated import Fact, Stated, euro, german

__all__ = ["Business", "Fact", "Kind", "Whom", "Writing", "euro", "german"]

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

Whom = Literal["applicant", "adult", "woman", "child", "stranger"]
"""Whom a kind of letter concerns; a stranger has no case file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of letter: its Schlagwort, who acts on it, and the function that writes it.

    ``always`` are facts that a letter of this kind states in any case (a form has a field for
    them); ``numberless`` writers know no number.
    """

    schlagwort: str
    function: str
    write: Callable[[Writing], Sheet]
    copies: tuple[str, ...] = ()
    whom: Whom = "applicant"
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
class Writing(Stated):
    """One letter in the making: what it states, and the paper it is written on."""

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

"""Landkreis Friesenkoog: its places, streets and numbers, none of which exist.

Postcodes begin with 43, a region that Deutsche Post has never assigned; telephone numbers come
from the block 040 66969, which the Bundesnetzagentur keeps for film and fiction; bank codes begin
with 9, which no German clearing region does; mail addresses end in ``.example`` (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stdnum import iban as iban_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A social centre, its address, and the postcodes with their places that it answers for."""

    id: str
    name: str
    street: str
    places: tuple[tuple[str, str], ...]

    @property
    def seat(self) -> tuple[str, str]:
        """Postcode and place of the house itself."""
        return self.places[0]


DISTRICT = "Landkreis Friesenkoog"
OFFICE = "Jobcenter Friesenkoog"
PREFIX = "43217"
FORMER_PREFIX = "43109"

SITES = (
    Site(
        id="wittmoorsiel",
        name="Sozialzentrum Wittmoorsiel",
        street="Hafenallee 3",
        places=(("43721", "Wittmoorsiel"), ("43723", "Harkensiel"), ("43725", "Lüttenwarft")),
    ),
    Site(
        id="okenbuell",
        name="Sozialzentrum Okenbüll",
        street="Am Kornmarkt 11",
        places=(("43741", "Okenbüll"), ("43743", "Grotenbrook"), ("43745", "Tönnerup")),
    ),
    Site(
        id="marschenhude",
        name="Sozialzentrum Marschenhude",
        street="Bahnhofstraße 40",
        places=(("43761", "Marschenhude"), ("43763", "Süderolde"), ("43765", "Kranichsmoor")),
    ),
    Site(
        id="bredenwisch",
        name="Sozialzentrum Bredenwisch",
        street="Rathausgang 2",
        places=(("43781", "Bredenwisch"), ("43783", "Olderskoog"), ("43785", "Neu Geestau")),
    ),
)

STREETS = (
    "Deichstraße",
    "Süderstraße",
    "Norderstraße",
    "Am Siel",
    "Mühlenweg",
    "Kirchenstieg",
    "Lindenallee",
    "Schulstraße",
    "Fliederweg",
    "Otto-Hahn-Straße",
    "Bürgermeister-Jöns-Straße",
    "Zur Alten Ziegelei",
    "Große Straße",
    "Geestkamp",
    "Möwenring",
    "Hinter dem Holz",
)

BUSINESS_STREETS = ("Gewerbering", "Industriestraße", "Speicherweg", "Am Alten Hafen", "Kaistraße")
"""Firms and offices sit elsewhere than clients, so that no letterhead names a client's house."""


def business_street(rng: Random) -> str:
    """Where a firm or an office sits."""
    return f"{rng.choice(BUSINESS_STREETS)} {rng.randint(1, 60)}"


def street(rng: Random) -> str:
    """A street with a house number, now and then with a letter or the floor."""
    number = str(rng.randint(1, 118))
    if rng.random() < 0.2:
        number += rng.choice("abc")
    return f"{rng.choice(STREETS)} {number}"


def phone(rng: Random) -> str:
    """A number from the block kept for fiction."""
    return f"040 66969-{rng.randint(0, 999):03d}"


def iban(rng: Random) -> str:
    """An IBAN with right check digits at a bank that can't exist, in groups of four."""
    account = f"99{rng.randint(0, 999999):06d}{rng.randint(0, 9999999999):010d}"
    digits = iban_rules.calc_check_digits(f"DE00{account}")
    number = f"DE{digits}{account}"
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))

"""Nele Albers, who applies for the first time: her letter comes before the register knows her."""

from __future__ import annotations

from datetime import date
from typing import Any

from eakte.domain.findings import Sender

REAL = "12345//0070001"
"""The number that the register gives her file."""
BORN = "1990-06-01"
SENDER = Sender(
    first_name="Nele",
    last_name="Albers",
    street="Norderstr. 5",
    postcode="25813",
    city="Husum",
    birth_date=date.fromisoformat(BORN),
)
PERSON = {"first_name": "Nele", "last_name": "Albers", "birth_date": BORN, "applicant": True}
"""How the register calls her."""


def in_register(**more: Any) -> dict[str, Any]:
    """The register's content with her file."""
    entry = {
        "aktenzeichen": REAL,
        "site": "husum",
        "street": "Norderstraße 5",
        "postcode": "25813",
        "city": "Husum",
        "people": [PERSON],
    }
    return {"case_files": [entry | more]}

"""A small authority for tests: two sites, a dozen people, five case files; every name is telling.

Husum has Leistung (m.petersen A–K, j.hansen L–Z) and Vermittlung (k.thomsen); Tönning has Leistung
(i.clausen). Recht is central (r.legal). Scan, lead and administrator are there as well.
"""

from __future__ import annotations

from typing import Any

MUELLER = "12345//0001234"
OTHER_SITE = "12345//0002000"
PROTECTED = "12345//0003000"
COLLEAGUE = "12345//0004000"
SCHMIDT = "12345//0005000"

PASSWORD = "ein-langes-kennwort"


def _worker(login: str, name: str, roles: list[str], teams: list[str], **more: Any) -> Any:
    return {"login": login, "name": name, "roles": roles, "teams": teams, **more}


def _range(function: str, low: str, high: str) -> dict[str, str]:
    return {"function": function, "from": low, "to": high}


def _person(first: str, last: str, born: str, **more: Any) -> dict[str, Any]:
    return {"first_name": first, "last_name": last, "birth_date": born, **more}


def small_register(**more: Any) -> dict[str, Any]:
    """The register file's contents; keyword arguments replace whole top-level lists."""
    register: dict[str, Any] = {
        "sites": [
            {"id": "husum", "name": "Sozialzentrum Husum", "postcodes": ["25813", "25840"]},
            {"id": "toenning", "name": "Sozialzentrum Tönning", "postcodes": ["25832"]},
        ],
        "teams": [
            _team("husum-leistung", "husum", "leistung", "Leistung Husum"),
            _team("husum-vermittlung", "husum", "vermittlung", "Vermittlung Husum"),
            _team("toenning-leistung", "toenning", "leistung", "Leistung Tönning"),
            _team("recht", None, "recht", "Rechtsstelle"),
            _team("leitung", None, "leitung", "Leitung"),
        ],
        "caseworkers": [
            _worker(
                "m.petersen",
                "Maike Petersen",
                ["caseworker"],
                ["husum-leistung"],
                deputies=["j.hansen", "a.lead"],
                surname_ranges=[_range("leistung", "A", "Kz")],
            ),
            _worker(
                "j.hansen",
                "Jens Hansen",
                ["caseworker"],
                ["husum-leistung"],
                deputies=["m.petersen"],
                surname_ranges=[_range("leistung", "L", "Zz")],
            ),
            _worker("k.thomsen", "Karen Thomsen", ["caseworker"], ["husum-vermittlung"]),
            _worker(
                "i.clausen",
                "Inga Clausen",
                ["caseworker"],
                ["toenning-leistung"],
                surname_ranges=[_range("leistung", "A", "Zz")],
            ),
            _worker("d.deputy", "Dörte Deppe", ["caseworker"], ["toenning-leistung"]),
            _worker("a.lead", "Anke Lead", ["team_lead"], ["husum-leistung"]),
            _worker("r.legal", "Rolf Recht", ["legal"], ["recht"]),
            _worker("c.chief", "Carla Chef", ["caseworker"], ["leitung"]),
            _worker("s.scan", "Silke Scan", ["scan"], []),
            _worker("x.admin", "Xaver Admin", ["administrator"], []),
        ],
        "absences": [],
        "case_files": [
            _case(
                MUELLER,
                "husum",
                [
                    _person(
                        "Jörg",
                        "Müller-Lüdenscheidt",
                        "1984-03-07",
                        customer_number="123A456789",
                        applicant=True,
                        responsible={"vermittlung": "k.thomsen"},
                    ),
                    _person("Lina", "Müller-Lüdenscheidt", "2015-09-30"),
                ],
                responsible={"leistung": "m.petersen"},
                street="Süderstraße 12",
                postcode="25813",
                city="Husum",
            ),
            _case(
                OTHER_SITE,
                "toenning",
                [_person("Fatma", "Yıldız", "1990-01-15", applicant=True)],
                responsible={"leistung": "i.clausen"},
                street="Am Hafen 3",
                postcode="25832",
                city="Tönning",
            ),
            _case(
                PROTECTED,
                "husum",
                [_person("Greta", "Verborgen", "1979-12-01", applicant=True)],
                responsible={"leistung": "m.petersen"},
                protected=True,
                protected_reason="gewaltschutz",
            ),
            _case(
                COLLEAGUE,
                "husum",
                [_person("Jan", "Hansen", "1988-05-05", applicant=True)],
                responsible={"leistung": "m.petersen"},
                excluded_logins=["j.hansen"],
            ),
            _case(
                SCHMIDT,
                "husum",
                [_person("Ole", "Schmidt", "1971-07-17", applicant=True)],
                former_numbers=["12345//0000999"],
            ),
        ],
    }
    return register | more


def _team(identifier: str, site: str | None, function: str, name: str) -> dict[str, Any]:
    return {"id": identifier, "site": site, "function": function, "name": name}


def _case(number: str, site: str, people: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"aktenzeichen": number, "site": site, "people": people, **more}

"""Who works at the Jobcenter Friesenkoog: 40 people in 4 sites and the central teams."""

from __future__ import annotations

from datetime import date, timedelta

from eakte.demo.places import SITES
from eakte.demo.records import AbsenceRecord, CaseworkerRecord, SurnameRange, TeamRecord

CENTRAL_TEAMS = {
    "recht": "Rechtsstelle",
    "forderung": "Forderungsmanagement",
    "unterhalt": "Unterhaltsheranziehung",
    "but": "Bildung und Teilhabe",
    "owi": "Ordnungswidrigkeiten",
    "datenschutz": "Datenschutzbeauftragte",
    "leitung": "Leitung",
    "scan": "Zentrale Scanstelle",
}
SITE_STAFF = {
    "wittmoorsiel": (
        ("Annika Behrens", "Jochen Harms", "Maike Petersen", "Tim Sievers"),
        ("Silvia Carstens", "Nils Jessen", "Derya Tunç"),
    ),
    "okenbuell": (
        ("Birgit Dethlefs", "Gesa Iwersen", "Lars Oldsen", "Yvonne Wichmann"),
        ("Christoph Frahm", "Katja Lohse", "Rolf Stehn"),
    ),
    "marschenhude": (
        ("Corinna Ahlers", "Hendrik Kühl", "Olaf Rickmers", "Ulrike Thode"),
        ("Doris Eggers", "Magda Nowicka", "Sören Wilkens"),
    ),
    "bredenwisch": (
        ("Femke Brandt", "Ingo Kock", "Nadja Pohl", "Stefan Zarnke"),
        ("Bassam Farah", "Levke Matthiesen", "Volker Tams"),
    ),
}
CENTRAL_STAFF = {
    "recht": ("Dr. Henrike Lassen", "Philipp Rathje", "Selin Aksoy"),
    "forderung": ("Gunnar Plath",),
    "unterhalt": ("Imke Schacht",),
    "but": ("Rieke Dohrn",),
    "owi": ("Arne Buhmann",),
    "datenschutz": ("Cornelia Veith",),
    "leitung": ("Joachim Brodersen",),
    "scan": ("Hanna Kloppenburg", "Werner Riis"),
}
ADMINISTRATOR = "Moritz Adler"
LEISTUNG_RANGES = (("A", "Fz"), ("G", "Kz"), ("L", "Rz"), ("S", "Zz"))
VERMITTLUNG_RANGES = (("A", "Hz"), ("I", "Pz"), ("Q", "Zz"))
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ç": "c", "ß": "ss"})


def login_of(name: str) -> str:
    """Simple to type: ``Maike Petersen`` becomes ``m.petersen``."""
    first, last = name.removeprefix("Dr. ").lower().translate(_ASCII).rsplit(" ", 1)
    return f"{first[0]}.{last}"


def teams() -> list[TeamRecord]:
    """Two teams a site, one central team for every other function."""
    found: list[TeamRecord] = []
    for site in SITES:
        place = site.seat[1]
        for function, title in (("leistung", "Leistung"), ("vermittlung", "Fallmanagement")):
            found.append(
                {
                    "id": f"{site.id}-{function}",
                    "site": site.id,
                    "function": function,
                    "name": f"{title} {place}",
                }
            )
    for function, title in CENTRAL_TEAMS.items():
        found.append(
            {"id": f"zentral-{function}", "site": None, "function": function, "name": title}
        )
    return found


def _site_team(
    site: str, function: str, names: tuple[str, ...], ranges: tuple[tuple[str, str], ...]
) -> list[CaseworkerRecord]:
    """One team: the first leads it, everybody covers a range, neighbours stand in."""
    logins = [login_of(name) for name in names]
    found: list[CaseworkerRecord] = []
    for i, (name, (first, last)) in enumerate(zip(names, ranges, strict=True)):
        covered: SurnameRange = {"function": function, "from": first, "to": last}
        found.append(
            {
                "login": logins[i],
                "name": name,
                "roles": ["caseworker", "team_lead"] if i == 0 else ["caseworker"],
                "teams": [f"{site}-{function}"],
                "deputies": [logins[(i + step) % len(logins)] for step in (1, 2)],
                "surname_ranges": [covered],
            }
        )
    return found


def caseworkers() -> list[CaseworkerRecord]:
    """All 40, sites first."""
    found: list[CaseworkerRecord] = []
    for site, (benefits, placement) in SITE_STAFF.items():
        found += _site_team(site, "leistung", benefits, LEISTUNG_RANGES)
        found += _site_team(site, "vermittlung", placement, VERMITTLUNG_RANGES)
    roles = {"recht": ["legal"], "scan": ["scan"]}
    deputies = {
        "h.lassen": ["p.rathje", "s.aksoy"],
        "p.rathje": ["s.aksoy", "h.lassen"],
        "s.aksoy": ["p.rathje", "h.lassen"],
        "g.plath": ["i.schacht"],
        "i.schacht": ["g.plath"],
        "r.dohrn": ["a.buhmann"],
        "a.buhmann": ["r.dohrn"],
        "h.kloppenburg": ["w.riis"],
        "w.riis": ["h.kloppenburg"],
        "j.brodersen": ["h.lassen"],
    }
    for function, names in CENTRAL_STAFF.items():
        for name in names:
            login = login_of(name)
            entry: CaseworkerRecord = {
                "login": login,
                "name": name,
                "roles": roles.get(function, ["caseworker"]),
                "teams": [f"zentral-{function}"],
                "deputies": deputies.get(login, []),
            }
            found.append(entry)
    administrator: CaseworkerRecord = {
        "login": login_of(ADMINISTRATOR),
        "name": ADMINISTRATOR,
        "roles": ["administrator"],
        "teams": [],
    }
    found.append(administrator)
    return found


def absences(today: date) -> list[AbsenceRecord]:
    """Some away now, one from next week, one back already, one until further notice.

    Maike Petersen (Leistung Wittmoorsiel, L to R) is the demo's absent one: Tim Sievers stands in.
    """

    def away(login: str, start: int, end: int | None) -> AbsenceRecord:
        return {
            "login": login,
            "from": (today + timedelta(days=start)).isoformat(),
            "to": None if end is None else (today + timedelta(days=end)).isoformat(),
        }

    return [
        away("m.petersen", -3, 8),
        away("k.lohse", -1, 3),
        away("h.kuehl", -20, None),
        away("r.dohrn", 0, 1),
        away("n.pohl", 7, 21),
        away("a.behrens", -30, -16),
        away("n.jessen", 14, 28),
    ]

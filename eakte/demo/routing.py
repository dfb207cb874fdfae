"""Who ought to receive a letter, worked out from the register alone.

A second, independent reading of the rule "Who receives it" in the catalogue of Schlagworte, so
that tests and measurements compare the product with something it did not produce itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eakte.demo.records import (
    CaseFileRecord,
    CaseworkerRecord,
    PersonRecord,
    RegisterRecord,
    TeamRecord,
    applicant,
)

CLEARING = "clearing"
_NO_FALLBACK = frozenset({"leitung", "datenschutz", "scan"})
_SPECIAL = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "Ł": "l", "ø": "o", "đ": "d", "Đ": "d"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """``postbox`` is a login, a team id or ``clearing``; ``deputy_for`` the absent one's login."""

    postbox: str
    deputy_for: str | None = None


def surname_key(surname: str) -> str:
    """Key after DIN 5007-1: marks dropped, ß = ss, lower case, letters only."""
    bare = unicodedata.normalize("NFKD", surname.translate(_SPECIAL)).lower()
    return "".join(letter for letter in bare if letter.isalpha() and letter.isascii())


def covers(first: str, last: str, surname: str) -> bool:
    """Whether the range ``first``-``last`` covers ``surname`` (both ends included)."""
    key, low, high = surname_key(surname), surname_key(first), surname_key(last)
    return low <= key and key[: len(high)] <= high


def receiver(
    register: RegisterRecord,
    function: str,
    case: CaseFileRecord,
    person: PersonRecord | None,
    on: date,
) -> Receiver | None:
    """Who receives a letter for ``function`` in ``case`` on the day ``on``.

    None where the rule leaves it to the settings: a protected file in which nobody is named, or
    whose named one is away.
    """
    chosen = _first_match(register, function, case, person or applicant(case))
    if case["protected"]:
        if chosen is None or not chosen[1] or _away(register, chosen[0], on):
            return None
        return Receiver(postbox=chosen[0])
    if chosen is None:
        return Receiver(postbox=CLEARING)
    login, _, team = chosen
    if not _away(register, login, on):
        return Receiver(postbox=login)
    worker = _worker(register, login)
    for deputy in worker.get("deputies", []):
        if not _away(register, deputy, on):
            return Receiver(postbox=deputy, deputy_for=login)
    return Receiver(postbox=team or worker["teams"][0], deputy_for=login)


def _first_match(
    register: RegisterRecord, function: str, case: CaseFileRecord, person: PersonRecord
) -> tuple[str, bool, str | None] | None:
    """Receiver, whether named in ``responsible``, and the team that got it chosen."""
    functions = [function]
    if function not in _NO_FALLBACK and function != "leistung":
        functions.append("leistung")
    for wanted in functions:
        login = person["responsible"].get(wanted) or case["responsible"].get(wanted)
        if login:
            return login, True, None
        teams = list(_teams(register, wanted, case["site"]))
        surname = applicant(case)["last_name"]
        for team in teams:
            for worker in register["caseworkers"]:
                if team["id"] in worker["teams"] and any(
                    reach["function"] == wanted and covers(reach["from"], reach["to"], surname)
                    for reach in worker.get("surname_ranges", [])
                ):
                    return worker["login"], False, team["id"]
        for team in teams:
            return team["id"], False, team["id"]
    return None


def _teams(register: RegisterRecord, function: str, site: str) -> Iterator[TeamRecord]:
    for place in (site, None):
        for team in register["teams"]:
            if team["function"] == function and team["site"] == place:
                yield team


def _worker(register: RegisterRecord, login: str) -> CaseworkerRecord:
    return next(worker for worker in register["caseworkers"] if worker["login"] == login)


def _away(register: RegisterRecord, login: str, on: date) -> bool:
    day = on.isoformat()
    return any(
        absence["login"] == login
        and absence["from"] <= day
        and (absence["to"] is None or day <= absence["to"])
        for absence in register["absences"]
    )

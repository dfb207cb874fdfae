"""Teams made and renamed on screen, by the administration.

A team is never removed here: its postbox may hold post, and the trail names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eakte.domain.rights import CLEARING, Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.team_rows import TeamRows
from eakte.services.leading import is_administrator
from eakte.services.who_did_what import who_was_quicker

SYSTEM = system_reader("responsibilities")
_ID = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_FUNCTION = re.compile(r"[a-z0-9_-]{1,40}")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class TeamList:
    """Each change is one transaction with its audit row."""

    database: Database

    def create(self, reader: Reader, team_id: str, name: str, site: str, function: str) -> None:
        """A new team, behind all others; ``site`` "": central.

        Raises ``NotPermitted``, ``Unusable`` for an id, a name or a function that can't be,
        ``NotFound`` for an unknown site, ``Conflict`` where a postbox is called so already.
        """
        _require(reader)
        if not _ID.fullmatch(team_id) or not _FUNCTION.fullmatch(function):
            raise Unusable(
                "Kennung und Funktion bestehen aus Buchstaben ohne Umlaute, Ziffern und - _.",
                remedy="Zum Beispiel „husum-leistung“ und „leistung“.",
            )
        title = _title(name)
        with self.database.write() as session:
            organisation = Organisation(session)
            if site and not organisation.knows_site(site):
                raise NotFound(f"Den Standort „{site}“ gibt es nicht.")
            taken = organisation.knows_team(team_id) or organisation.knows_login(team_id)
            if taken or team_id == CLEARING:
                raise Conflict(
                    f"Einen Postkorb „{team_id}“ gibt es schon.", remedy="Eine andere Kennung."
                )
            TeamRows(session).add(reader, team_id, title, site or None, function)
            details = {"site": site or None, "function": function}
            AuditLog(session).note(reader, "team.create", "team", team_id, details=details)

    def rename(self, reader: Reader, team_id: str, before: str, name: str) -> None:
        """Another name on screen; ``before`` is the one that was shown.

        Raises ``NotPermitted``, ``NotFound``, ``Unusable``, ``Conflict``.
        """
        _require(reader)
        title = _title(name)
        with self.database.write() as session:
            if not Organisation(session).knows_team(team_id):
                raise NotFound("Dieses Team gibt es nicht.")
            now_is = Organisation(session).team_names([team_id])[team_id]
            if now_is != before:
                raise _quicker(session, team_id, now_is)
            if title == before:
                return
            TeamRows(session).rename(reader, team_id, title, self.database.clock.now())
            AuditLog(session).note(reader, "team.rename", "team", team_id)


def _require(reader: Reader) -> None:
    if not is_administrator(reader):
        raise NotPermitted("Teams legt die Administration an.")


def _title(name: str) -> str:
    title = " ".join(name.split())
    if not title or len(title) > _LONGEST:
        raise Unusable("Der Name des Teams fehlt oder ist zu lang.", remedy="Einen Namen angeben.")
    return title


def _quicker(session: EakteSession, team_id: str, name: str) -> Conflict:
    who, _ = who_was_quicker(session, "team", team_id, ["team.rename", "team.create"])
    return Conflict(f"{who} hat das Team inzwischen „{name}“ genannt.", remedy="Neu laden.")

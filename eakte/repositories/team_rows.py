"""Rows of teams as the administration makes and renames them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import Team
from eakte.repositories.local_changes import TEAM, LocalChanges


class TeamRows:
    """Writes within the caller's transaction; who may is asked by the service."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, reader: Reader, team_id: str, name: str, site: str | None, function: str) -> None:
        """A team behind all others, in the order in which the routing rule looks."""
        del reader
        last = self.session.scalar(select(func.max(Team.position))) or 0
        self.session.add(
            Team(id=team_id, name=name, site_id=site, function=function, position=last + 1)
        )
        self.session.flush()

    def rename(self, reader: Reader, team_id: str, name: str, now: datetime) -> None:
        """Another name; what the register had said is kept beside it."""
        team = self.session.get_one(Team, team_id)
        local = LocalChanges(self.session)
        local.note(reader, TEAM, {team_id: [team.site_id, team.function, team.name]}, now)
        team.name = name
        if local.of(TEAM)[team_id] == [team.site_id, team.function, name]:
            local.forget(TEAM, [team_id])
        self.session.flush()

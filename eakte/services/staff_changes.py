"""What a change of teams and surname ranges is made of: the new lists, their gaps, their effect."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from eakte.domain.rights import Reader
from eakte.errors import NotFound, NotPermitted
from eakte.language.surname_ranges import Range, gaps, shared, written
from eakte.repositories.staff_picture import StaffPicture, TeamValue
from eakte.services.explaining import Names
from eakte.services.leading import is_administrator, led_teams, may_join
from eakte.services.responsibility_views import Shift

Rows = list[dict[str, Any]]


def team_rows(reader: Reader, login: str, wanted: Sequence[str], picture: StaffPicture) -> Rows:
    """The new list of teams, if ``reader`` may have it so; raises what forbids it."""
    own = {team.id for team in led_teams(reader, picture)}
    before = set(picture.members.get(login, ()))
    known = {team.id for team in picture.teams}
    changed = before ^ set(wanted)
    if login not in picture.people or not known.issuperset(wanted):
        raise NotFound("Diese Person oder dieses Team gibt es nicht.")
    if not own.issuperset(changed):
        raise NotPermitted("Dieses Team leiten Sie nicht.")
    if set(wanted) - before and login == reader.login and reader.standpoints:
        raise NotPermitted(
            "In ein weiteres Team, dessen Akten Sie dann sähen, nimmt sich niemand selbst auf.",
            remedy="Eine zweite Person der Administration darum bitten.",
        )
    if set(wanted) - before and not may_join(reader, login, picture):
        raise NotPermitted(
            "Diese Person gehört zu einem Team, das Sie nicht leiten.",
            remedy="Die Administration um den Wechsel bitten.",
        )
    _require_second(reader, before, set(wanted) - before)
    return [{"team_id": team} for team in dict.fromkeys(wanted)]


def _require_second(reader: Reader, before: set[str], added: set[str]) -> None:
    """Raises ``NotPermitted`` where the administration would come to see somebody's files.

    Who keeps the authority and leads a team sees what its members answer for. Taking somebody in
    from elsewhere, or from no team (where they may have been put a moment ago), is what their own
    office as a lead doesn't allow.
    """
    seen = {team for point in reader.standpoints if point.colleagues for team in point.teams}
    if is_administrator(reader) and added & seen and not (before and seen >= before):
        raise NotPermitted(
            "Wessen Akten Sie dann sähen, nehmen Sie nicht allein in Ihr Team auf.",
            remedy="Eine zweite Person der Administration darum bitten.",
        )


def ranges_of(picture: StaffPicture, login: str, function: str) -> list[Range]:
    """One's ranges in a function."""
    return [
        (one.from_name, one.to_name)
        for one in picture.ranges.get(login, ())
        if one.function == function
    ]


def written_of(picture: StaffPicture, login: str, function: str) -> str:
    """The same as they are written."""
    return written(ranges_of(picture, login, function))


def coverage(picture: StaffPicture, team: TeamValue) -> dict[str, Any]:
    """Gaps and overlaps among all teams of the function at the site."""
    owned = [
        (picture.people[one.login], (one.from_name, one.to_name))
        for other in picture.teams_for(team.function, team.site)
        for one in picture.ranges_in(other.id, team.function)
    ]
    ranges = [one for _, one in owned]
    return {
        "has_ranges": bool(owned),
        "gaps": tuple(one.written for one in gaps(ranges)) if owned else (),
        "shared": tuple(
            f"{one.interval.written}: {' und '.join(one.owners)} (es gilt {one.owners[0]})"
            for one in shared(owned)
        ),
    }


def touched(before: StaffPicture, after: StaffPicture, login: str) -> set[str]:
    """The functions in which the change can move anything."""
    teams = {team.function for one in (before, after) for team in one.teams_of(login)}
    ranges = {one.function for some in (before, after) for one in some.ranges.get(login, ())}
    return teams | ranges


def names_in(picture: StaffPicture) -> Names:
    """How everybody in the picture is called."""
    return Names(
        people=picture.people, teams={team.id: team.name for team in picture.teams}, sites={}
    )


def shifts_of(counted: Counter[tuple[str, str]]) -> tuple[Shift, ...]:
    """The most first."""
    return tuple(
        Shift(before=before, after=after, count=count)
        for (before, after), count in counted.most_common()
    )


def stand_of(picture: StaffPicture, login: str) -> str:
    """A short word that changes with one's teams and ranges."""
    said = (tuple(picture.members.get(login, ())), tuple(picture.ranges.get(login, ())))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

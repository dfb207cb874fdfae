"""Who may change whose part of the authority: leads their teams, the administration all."""

from __future__ import annotations

from contextlib import AbstractContextManager

from eakte.domain.rights import Reader, Role, system_reader
from eakte.errors import NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CaseFile
from eakte.repositories.absences import led_by
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.staff_picture import StaffPicture, TeamValue
from eakte.services.by_number import file_opened

LOOKED_UP = "case_file.responsible"
"""What the trail calls it that somebody asked who answers for a file."""
_AUTHORITY = system_reader("responsibilities")


def is_administrator(reader: Reader) -> bool:
    """Whether the reader keeps the whole authority."""
    return reader.has_role(Role.ADMINISTRATOR)


def seen_by(reader: Reader) -> Reader:
    """Whose rights say which files are open: the administration keeps any, without names."""
    return _AUTHORITY if is_administrator(reader) else reader


def require_lead(reader: Reader) -> None:
    """Raises ``NotPermitted`` for everybody who leads nobody."""
    if not is_administrator(reader) and not led_by(reader):
        raise NotPermitted("Zuständigkeiten ändern Teamleitungen und die Administration.")


def opened_by_lead(
    database: Database, reader: Reader, pattern: AktenzeichenPattern, aktenzeichen: str
) -> AbstractContextManager[tuple[EakteSession, CaseFile]]:
    """A file that a lead or the administration hands over, with its row in the trail.

    Raises ``NotPermitted``; ``NotFound`` as :func:`~eakte.services.by_number.file_opened`.
    """
    require_lead(reader)
    return file_opened(database, reader, pattern, aktenzeichen, LOOKED_UP, seen_by(reader))


def led_teams(reader: Reader, picture: StaffPicture) -> tuple[TeamValue, ...]:
    """The teams that ``reader`` leads today, in an absent lead's place as well.

    All of them for the administration.
    """
    if is_administrator(reader):
        return picture.teams
    led = {team for point in reader.standpoints if point.colleagues for team in point.teams}
    return tuple(team for team in picture.teams if team.id in led)


def led_functions(reader: Reader, picture: StaffPicture) -> frozenset[str] | None:
    """In which functions ``reader`` may hand files over; None: in all."""
    if is_administrator(reader):
        return None
    return frozenset(team.function for team in led_teams(reader, picture))


def require_function(mine: frozenset[str] | None, function: str) -> None:
    """Raises ``NotPermitted`` for a function that is none of ``mine`` (``led_functions``)."""
    if mine is not None and function not in mine:
        raise NotPermitted("In dieser Funktion leiten Sie kein Team.")


def require_led(reader: Reader, login: str, picture: StaffPicture) -> None:
    """Raises ``NotFound`` for somebody unknown or in none of the reader's teams."""
    known = login in picture.people
    if not known or not (is_administrator(reader) or login in led_by(reader)):
        raise NotFound("Diese Person gehört zu keinem Ihrer Teams.")


def stands_in(session: EakteSession, reader: Reader, login: str) -> bool:
    """Whether the administration would see as deputy what ``login`` sees, and leads them not.

    A deputy sees it in the absent one's role, so that it needs none that opens contents.
    """
    return (
        is_administrator(reader)
        and login not in led_by(reader)
        and reader.login in Organisation(session).deputies_of(login)
    )


def require_another(session: EakteSession, reader: Reader, login: str) -> None:
    """Raises ``NotPermitted`` where the administration would open files to itself.

    Who answers for a file sees it, a protected one as well, and so does a deputy in an absence;
    without a role that opens contents nobody sees any in their own name.
    """
    itself = login == reader.login and is_administrator(reader) and reader.standpoints
    if itself or stands_in(session, reader, login):
        raise NotPermitted(
            "Akten, die Sie dann öffnen könnten, gibt sich die Administration nicht selbst.",
            remedy="Die Teamleitung oder eine zweite Person der Administration darum bitten.",
        )


def may_join(reader: Reader, login: str, picture: StaffPicture) -> bool:
    """Whether ``reader`` may take ``login`` into a team of theirs.

    A lead sees what the members are responsible for; so nobody takes other leads' people.
    """
    own = {team.id for team in led_teams(reader, picture)}
    return is_administrator(reader) or own.issuperset(picture.members.get(login, ()))

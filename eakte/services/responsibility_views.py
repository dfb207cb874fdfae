"""What the screen „Zuständigkeiten“ is answered with: frozen values, no names of clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """Somebody in a team; ``ranges`` as they are written in the team's function.

    ``files`` they are named for, ``tasks`` that wait in their postbox.
    """

    login: str
    name: str
    ranges: str
    files: int
    tasks: int
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """A team; ``gaps`` and ``shared`` tell of all teams of its function at its site."""

    id: str
    name: str
    site: str | None
    site_name: str
    function: str
    function_title: str
    members: tuple[MemberView, ...]
    gaps: tuple[str, ...]
    shared: tuple[str, ...]
    has_ranges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRanges:
    """One's surname ranges in a function."""

    function: str
    title: str
    ranges: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffView:
    """One person's part: ``stand`` goes back with every change (stale ones are refused)."""

    login: str
    name: str
    stand: str
    teams: tuple[tuple[str, str], ...]
    other_teams: tuple[tuple[str, str], ...]
    ranges: tuple[FunctionRanges, ...]
    files: int
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """So many go from one postbox to another."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do: open files by where their new post goes, and waiting tasks.

    ``left_out`` are files that it does not concern though one might think so: ``protected``
    ones, and those that the successor may never see.  ``gaps`` and ``shared`` are the surnames that
    nobody or several would have.
    """

    files: tuple[Shift, ...] = ()
    tasks: tuple[Shift, ...] = ()
    protected: int = 0
    left_out: int = 0
    gaps: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def file_count(self) -> int:
        """How many files."""
        return sum(one.count for one in self.files)

    @property
    def task_count(self) -> int:
        """How many waiting entries."""
        return sum(one.count for one in self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """All files of one to another, from a day on; done where ``files`` is known."""

    id: str
    from_name: str
    to_name: str
    function_title: str
    effective: date
    with_protected: bool
    with_post: bool
    made_by: str
    files: int | None
    entries: int | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleLine:
    """A place in a file that somebody answers for, or could.

    ``whom`` is empty for the file itself; a person's name stands there only for who may see it.
    ``may_change``: the reader may say who it is.
    """

    person_id: str
    whom: str
    function: str
    title: str
    login: str
    name: str
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Who answers for one file."""

    aktenzeichen: str
    site_name: str
    protected: bool
    lines: tuple[ResponsibleLine, ...]

"""The authority: sites, teams, caseworkers, who stands in for whom and who is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login, ShortText


class Site(Base):
    """A Sozialzentrum."""

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[ShortText]


class SitePostcode(Base):
    """A postcode that a site answers for; provisional files find their site by it."""

    __tablename__ = "site_postcodes"

    postcode: Mapped[str] = mapped_column(String(10), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"), primary_key=True)


class Team(Base):
    """A team has one function; without a site it is central.

    ``position`` is the order of the register, in which the routing rule looks.
    """

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[str | None] = mapped_column(ForeignKey("sites.id"))
    function: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[ShortText]
    position: Mapped[int]


class Caseworker(Base):
    """Anyone of the authority's staff who has a login."""

    __tablename__ = "caseworkers"

    login: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[ShortText]
    position: Mapped[int]


class CaseworkerRole(Base):
    """A role that a caseworker holds (``config/rechte.toml``)."""

    __tablename__ = "caseworker_roles"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class TeamMember(Base):
    """Membership in a team; ``position`` 0 is a caseworker's first team."""

    __tablename__ = "team_members"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    position: Mapped[int]


class Deputy(Base):
    """``deputy_login`` stands in for ``login``; the lowest ``position`` present is asked first."""

    __tablename__ = "deputies"

    login: Mapped[str] = mapped_column(ForeignKey("caseworkers.login"), primary_key=True)
    deputy_login: Mapped[str] = mapped_column(
        ForeignKey("caseworkers.login"), primary_key=True, index=True
    )
    position: Mapped[int]


class SurnameRange(Base):
    """The surnames a caseworker answers for in a function, as written in the register."""

    __tablename__ = "surname_ranges"

    id: Mapped[IdKey]
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"), index=True)
    function: Mapped[str] = mapped_column(String(40))
    from_name: Mapped[str] = mapped_column(String(100))
    to_name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]


class Absence(Base):
    """Away from ``starts`` to ``ends``, both days inclusive; no end: until further notice.

    ``origin`` says whose word it is: ``register`` or ``desk`` (entered on the screen). The two
    stand beside each other, and who is away by either of them is away. ``begun_on`` is the day on
    which the beginning was noted, and those who stand in were told what waits.
    """

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_login_starts", "login", "starts", "origin", unique=True),)

    id: Mapped[IdKey]
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    starts: Mapped[date]
    ends: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(10), default="register")
    entered_by: Mapped[str] = mapped_column(String(80), default="")
    begun_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class LocalChange(Base):
    """Something the register said that a person changed here, and what the register had said.

    While the register only repeats ``said``, what was changed here stands; once it says something
    new, the register counts again and this row goes (``docs/adr/0122-...``). ``kind`` is one of
    ``absence``, ``deputies``, ``ranges``, ``teams``, ``roles``, ``person`` (made here), ``team``,
    ``site`` and ``responsible``.
    """

    __tablename__ = "local_changes"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    said: Mapped[list[Any]]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]


class Handover(Base):
    """All files that ``from_login`` answers for go to ``to_login``, from a day on.

    ``function`` None: in every function. Done once ``done_at`` is set; then ``files`` and
    ``entries`` say how much went along. Not done and taken back: the row is gone.
    """

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_done_at", "done_at", "effective"),)

    id: Mapped[IdKey]
    from_login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    to_login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    function: Mapped[str | None] = mapped_column(String(40))
    with_protected: Mapped[bool]
    with_post: Mapped[bool]
    effective: Mapped[date]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    files: Mapped[int | None]
    entries: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

"""The authority: sites, teams, caseworkers, who stands in for whom and who is away."""

from __future__ import annotations

from datetime import date

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
    """Away from ``starts`` to ``ends``, both days inclusive; no end: until further notice."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_login_starts", "login", "starts", unique=True),)

    id: Mapped[IdKey]
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))
    starts: Mapped[date]
    ends: Mapped[date | None]

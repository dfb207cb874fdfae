"""The case file (Akte) with its SubFiles (Teilakten), people and those who answer for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login, ShortText, UuidText


class CaseFile(Base):
    """All documents of one benefit unit.

    ``aktenzeichen`` is as the register writes it, ``number_key`` its canonical form.
    ``provisional`` files were opened by a first application and wait for the real number;
    ``address_key`` is street and postcode in one spelling, for exact look-ups. ``joined_into`` is
    the real file of a provisional one that was joined with it: what stays is an empty cover.
    """

    __tablename__ = "case_files"
    __table_args__ = (
        # The few that wait for their number, among all.
        Index(
            "ix_case_files_provisional",
            "opened_at",
            sqlite_where=text("provisional = 1"),
            postgresql_where=text("provisional"),
        ),
    )

    id: Mapped[IdKey]
    aktenzeichen: Mapped[str] = mapped_column(String(64), unique=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id"), index=True)
    street: Mapped[ShortText] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(String(10), default="", index=True)
    city: Mapped[ShortText] = mapped_column(default="")
    address_key: Mapped[str] = mapped_column(String(120), default="", server_default="", index=True)
    provisional: Mapped[bool] = mapped_column(default=False)
    protected: Mapped[bool] = mapped_column(default=False)
    protected_reason: Mapped[str | None] = mapped_column(String(40))
    closed: Mapped[date | None]
    opened_at: Mapped[datetime]
    joined_into: Mapped[str | None] = mapped_column(UuidText, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CaseFileNumber(Base):
    """Every number under which a case file is or was known, in canonical form."""

    __tablename__ = "case_file_numbers"

    number_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_file_id: Mapped[str] = mapped_column(
        ForeignKey("case_files.id"), primary_key=True, index=True
    )
    written: Mapped[str] = mapped_column(String(64))
    former: Mapped[bool]


class ExcludedLogin(Base):
    """Someone who never sees this file: their own, a relative's (§ 35(1) S. 3 SGB I)."""

    __tablename__ = "excluded_logins"

    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), primary_key=True)
    login: Mapped[str] = mapped_column(
        ForeignKey("caseworkers.login"), primary_key=True, index=True
    )


class SubFile(Base):
    """A Teilakte; vermittlung and medizin have one for each person."""

    __tablename__ = "sub_files"
    __table_args__ = (UniqueConstraint("case_file_id", "kind", "person_id"),)

    id: Mapped[IdKey]
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))


class PersonRow(Base):
    """A person; one row even if they moved from one benefit unit to another."""

    __tablename__ = "people"

    id: Mapped[IdKey]
    first_name: Mapped[ShortText]
    last_name: Mapped[ShortText]
    former_names: Mapped[str] = mapped_column(String(400), default="")
    birth_date: Mapped[date | None] = mapped_column(index=True)
    customer_number: Mapped[str | None] = mapped_column(String(32), unique=True)
    died: Mapped[date | None]


class NameKey(Base):
    """A pair of first and last name of a person, former names included (exact look-ups only).

    Pairs that begin with ``~`` are in the one spelling of all transliterations.
    """

    __tablename__ = "name_keys"

    name_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Membership(Base):
    """A person belongs to a case file from one day to another; one of them is the applicant."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_person_id", "person_id"),)

    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    applicant: Mapped[bool]
    member_from: Mapped[date | None]
    member_to: Mapped[date | None]
    position: Mapped[int]


class Representative(Base):
    """Guardian, lawyer or other representative of a person (§ 13 SGB X)."""

    __tablename__ = "representatives"

    id: Mapped[IdKey]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[ShortText]
    street: Mapped[ShortText] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[ShortText] = mapped_column(default="")


class KnownReference(Base):
    """A court's number, a reference or an insurance number that a filed document bears.

    ``key_hash`` is a keyed hash (HMAC-SHA-256), so that the number itself is nowhere; it leads to
    the case files in which the document stands.  An insurance number belongs to ``person_id``.
    """

    __tablename__ = "known_references"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(
        ForeignKey("documents.id"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[str | None] = mapped_column(UuidText, ForeignKey("people.id"))


class Responsibility(Base):
    """Who answers for a file in a function; with a person it goes before the file's own."""

    __tablename__ = "responsibilities"
    __table_args__ = (
        UniqueConstraint("case_file_id", "person_id", "function"),
        Index("ix_responsibilities_login", "login"),
        # Rights ask whether this login answers for this file.
        Index("ix_responsibilities_case_file_id_login", "case_file_id", "login", "function"),
    )

    id: Mapped[IdKey]
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"))
    person_id: Mapped[str | None] = mapped_column(UuidText, ForeignKey("people.id"))
    function: Mapped[str] = mapped_column(String(40))
    login: Mapped[Login] = mapped_column(ForeignKey("caseworkers.login"))

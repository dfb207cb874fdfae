"""Rules in versions: what was in force when, what is proposed, and what a trial of it showed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, IdKey, Login, Sha256, UuidText


class RuleVersion(Base):
    """All rule files at one time, by name; never changed.

    ``origin`` is where they come from: delivery (the first), folder, screen.
    """

    __tablename__ = "rule_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    files: Mapped[dict[str, Any]]
    digest: Mapped[Sha256]
    made_at: Mapped[datetime]
    made_by: Mapped[Login]
    origin: Mapped[str] = mapped_column(String(12))


class RuleActivation(Base):
    """A version was put into force; the row with the highest ``seq`` says which one counts.

    ``kind``: first, activate, rollback. ``trial_id`` is the trial that went before; None for none.
    ``retired`` are Schlagworte that only earlier versions knew, so that what was filed under them
    keeps its title and its place.
    """

    __tablename__ = "rule_activations"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(ForeignKey("rule_versions.number"))
    decided_at: Mapped[datetime]
    decided_by: Mapped[Login]
    reason: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    trial_id: Mapped[str | None] = mapped_column(UuidText)
    retired: Mapped[dict[str, Any]]


class RuleProposal(Base):
    """Changed rules that do not count yet, one row an ``origin`` (folder, screen).

    ``base`` is the set of files that the change began from: for the folder what was last taken
    from it. Where ``files`` is the same, nothing is proposed; nor where it has the digest
    ``dismissed``: a person said no to exactly that.
    """

    __tablename__ = "rule_proposals"

    origin: Mapped[str] = mapped_column(String(12), primary_key=True)
    base: Mapped[dict[str, Any]]
    files: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[Login]
    dismissed: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RuleTrial(Base):
    """Proposed rules tried on documents that are there, beside those in force.

    ``state``: waiting, running, done, failed, cancelled. ``files`` are the rules tried, ``against``
    the version compared with. ``cursor`` is the last document looked at; ``claimed_by`` the process
    that works on it until ``claimed_until``. ``tally`` counts what would change and names no
    document.
    """

    __tablename__ = "rule_trials"
    __table_args__ = (Index("ix_rule_trials_state", "state"),)

    id: Mapped[IdKey]
    origin: Mapped[str] = mapped_column(String(12))
    files: Mapped[dict[str, Any]]
    digest: Mapped[Sha256]
    against: Mapped[int] = mapped_column(ForeignKey("rule_versions.number"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[Login]
    last_documents: Mapped[int]
    since: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12))
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    cursor_at: Mapped[datetime | None]
    cursor_id: Mapped[str | None] = mapped_column(UuidText)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)
    tally: Mapped[dict[str, Any]]


class RuleTrialChange(Base):
    """A document that the tried rules judge otherwise: no word of it, only rules and places.

    ``kind``: primary, certainty, further. ``old_why`` and ``new_why`` list rule, page and boxes;
    ``person`` is whom a person's own choice agrees with: old, new, neither; None: nobody chose.
    """

    __tablename__ = "rule_trial_changes"

    trial_id: Mapped[str] = mapped_column(
        ForeignKey("rule_trials.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[str] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    old: Mapped[str] = mapped_column(String(60))
    new: Mapped[str] = mapped_column(String(60))
    old_score: Mapped[float]
    new_score: Mapped[float]
    old_why: Mapped[list[Any]]
    new_why: Mapped[list[Any]]
    person: Mapped[str | None] = mapped_column(String(8))

"""Facts: what a letter says of itself, and what a person made of it.

A fact is read with its evidence and kept as it was read; a correction stands beside it.  What
counts is both together (`settled`), so that a later reading never overwrites a person's word and
what the machine read can still be explained.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from eakte.domain.findings import Evidence


class FactKind(enum.StrEnum):
    """What a fact is about; the values stand in the database and in forms."""

    SENDER = "sender"
    DATED = "dated"
    SUBJECT = "subject"
    AMOUNT = "amount"
    SET_DATE = "set_date"
    COURT_NUMBER = "court_number"
    OBJECTION_NUMBER = "objection_number"
    DECISION = "decision"
    OBJECTION_DECISION = "objection_decision"
    NOTIFIED = "notified"
    POSTED = "posted"
    BENEFITS_UNTIL = "benefits_until"
    REMEDIES = "remedies"
    ABROAD = "abroad"


MANY = frozenset(
    {
        FactKind.AMOUNT,
        FactKind.SET_DATE,
        FactKind.COURT_NUMBER,
        FactKind.OBJECTION_NUMBER,
        FactKind.DECISION,
        FactKind.OBJECTION_DECISION,
    }
)
"""Kinds of which a document may have several; of all others it has one."""

DATES = frozenset(
    {
        FactKind.DATED,
        FactKind.DECISION,
        FactKind.OBJECTION_DECISION,
        FactKind.NOTIFIED,
        FactKind.POSTED,
        FactKind.BENEFITS_UNTIL,
    }
)
"""Kinds whose value is a day."""

CERTAIN = 0.75
"""Facts below this score are marked as uncertain on the screen."""

REMEDIES_GIVEN, REMEDIES_MISSING = "given", "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact.

    ``value`` is canonical: ISO 8601 for days and periods (``2026-12-05``, ``P2W``, ``P1M``,
    ``PT48H``), ``1234.56`` for euros, the number in its usual spelling, plain text for sender and
    subject.  ``score`` is 0..1; ``given_by`` the login of the person whose word it is.
    """

    kind: FactKind
    value: str
    score: float
    evidence: tuple[Evidence, ...] = ()
    given_by: str | None = None

    @property
    def uncertain(self) -> bool:
        """Whether a person should look at it before relying on it."""
        return self.given_by is None and self.score < CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said about a fact.

    ``value`` is what is right (empty: there is none), ``replaces`` the value that was wrong (empty:
    it was missing).
    """

    kind: FactKind
    value: str
    replaces: str
    given_by: str


def settled(read: Iterable[Fact], corrections: Iterable[Correction]) -> tuple[Fact, ...]:
    """What counts: the facts as read, with every correction applied in its order.

    A corrected fact keeps the place where the wrong one was seen: that is where the right one
    stands on the page, only misread.
    """
    facts = list(read)
    for one in corrections:
        if one.kind in MANY:
            wrong = [f for f in facts if (f.kind, f.value) == (one.kind, one.replaces)]
            gone = wrong + [f for f in facts if (f.kind, f.value) == (one.kind, one.value)]
        else:
            wrong = gone = [f for f in facts if f.kind is one.kind]
        facts = [f for f in facts if f not in gone]
        if one.value:
            place = wrong[0].evidence if wrong else ()
            facts.append(
                Fact(
                    kind=one.kind,
                    value=one.value,
                    score=1.0,
                    evidence=place,
                    given_by=one.given_by,
                )
            )
    return tuple(facts)


def first(facts: Iterable[Fact], kind: FactKind) -> Fact | None:
    """The best fact of ``kind``, None where there is none."""
    return max((f for f in facts if f.kind is kind), key=lambda f: f.score, default=None)


def values(facts: Iterable[Fact], *kinds: FactKind) -> tuple[str, ...]:
    """The values of the facts of these kinds, without repeats, in their order."""
    return tuple(dict.fromkeys(f.value for f in facts if f.kind in kinds))


def moved(fact: Fact, evidence: tuple[Evidence, ...]) -> Fact:
    """The same fact with its evidence elsewhere (pages were turned or renumbered)."""
    return replace(fact, evidence=evidence)

"""A case file while the facts for and against it are collected."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from classifiers.roles import Role
from eakte.domain.findings import CaseFileCandidate, Evidence
from eakte.domain.pages import Box
from eakte.domain.register import CaseFileFacts

_WEIGHTS = {
    "number": 4.0,
    "customer_number": 4.0,
    "insured": 4.0,
    "reference": 3.0,
    "name": 3.5,
    "birth_date": 3.0,
    "address": 2.5,
    "representative": 2.5,
    "surname": 1.5,
    "near_number": 1.0,
}
_PRIOR = -3.5
_UNDECIDED = 0.5
_MOST_CERTAIN = 0.995
_EXPLICIT = frozenset({"number", "customer_number", "insured"})
_PAIRS = (
    frozenset({"number", "name"}),
    frozenset({"number", "surname"}),
    frozenset({"number", "birth_date"}),
    frozenset({"number", "address"}),
    frozenset({"number", "customer_number"}),
    frozenset({"customer_number", "name"}),
    frozenset({"customer_number", "birth_date"}),
    frozenset({"customer_number", "address"}),
    frozenset({"insured", "name"}),
    frozenset({"reference", "number"}),
    frozenset({"reference", "name"}),
    frozenset({"reference", "customer_number"}),
)
_JOINED = frozenset({"birth_date", "address", "representative"})


@dataclass(slots=True)
class Case:
    """A candidate while facts are collected.

    ``joined`` are facts that stand beside the name of one member, so that both are said of one
    person; ``role`` is the surest role in which a member is named at all, ``proof_role`` that of
    the names which are joined to another fact; ``sends``: a member is named as sender, too;
    ``letterhead``: with the file's address.
    """

    file: CaseFileFacts
    facts: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    people: dict[str, float] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    alike: float = 0.0
    sends: bool = False
    letterhead: bool = False
    role: Role = Role.THIRD
    proof_role: Role = Role.THIRD
    strength: float = _PRIOR

    def add(self, fact: str, evidence: Evidence, quality: float = 1.0) -> None:
        """Note a fact; a second sighting of the same kind adds evidence but no strength."""
        if fact not in self.facts:
            self.facts.add(fact)
            self.strength += _WEIGHTS[fact] * quality
        if evidence not in self.evidence:
            self.evidence.append(evidence)

    def join(self, fact: str, role: Role) -> None:
        """Note that ``fact`` and a member's name stand together, the name in this role."""
        self.joined.add(fact)
        self.proof_role = max(self.proof_role, role)
        self.letterhead = self.letterhead or (fact == "address" and role is Role.SENDER)

    @property
    def agreeing(self) -> bool:
        """Whether two independent facts agree."""
        named = "name" in self.facts and bool(self.joined & _JOINED)
        return named or any(pair <= self.facts for pair in _PAIRS)

    @property
    def proven(self) -> bool:
        """Whether two independent facts agree and nothing speaks against it."""
        return not self.contradictions and self.agreeing

    @property
    def said_as(self) -> Role:
        """In which role the letter names whom the facts are said of.

        Whose address stands in the letterhead is the sender, whatever else was read there.
        """
        if self.letterhead and not self.joined & {"birth_date", "representative"}:
            return min(self.proof_role, Role.SENDER)
        return self.proof_role if self.joined & _JOINED else self.role

    @property
    def explicit(self) -> bool:
        """Whether a number on the letter names this file or one of its people."""
        return bool(self.facts & _EXPLICIT)

    @property
    def marginal(self) -> bool:
        """Whether members are named as sender or third party only, not in what the letter says."""
        return self.role <= Role.SENDER

    @property
    def holder(self) -> str:
        """Who the file is called after, for sentences to the desk."""
        people = sorted(self.file.people, key=lambda person: not person.applicant)
        return f"{people[0].first_name} {people[0].last_name}" if people else "unbekannt"

    @property
    def names_at(self) -> set[tuple[int, tuple[Box, ...]]]:
        """Where the file's names stand: two files named by the same words are namesakes'."""
        return {(one.page, one.boxes) for one in self.evidence if one.rule == "kennung.name"}

    def candidate(self) -> CaseFileCandidate:
        """The value for the desk: without two agreeing facts the score stays below a half."""
        score = 1 / (1 + math.exp(-self.strength))
        score = min(score, _MOST_CERTAIN) if self.proven else min(score, 1) * _UNDECIDED
        return CaseFileCandidate(
            case_file_id=self.file.id,
            aktenzeichen=self.file.aktenzeichen,
            score=round(score, 4),
            facts=frozenset(self.facts),
            evidence=tuple(self.evidence),
            person_ids=self._concerned(),
            contradictions=tuple(self.contradictions),
        )

    def _concerned(self) -> tuple[str, ...]:
        """Whom it concerns, best first: who is named outright goes before who only signs."""
        surest = max(self.roles.values(), default=Role.THIRD)
        people = [
            one
            for one in self.people
            if surest < Role.NAMED or self.roles.get(one, surest) >= Role.BODY
        ]
        return tuple(sorted(people, key=lambda one: -self.people[one]))

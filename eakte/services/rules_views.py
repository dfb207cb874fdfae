"""What the services of the rules answer with.  No word of a letter but where rights allow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from eakte.domain.rules import Change, FileDiff, Origin, RuleFiles, TrialScope


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProblem:
    """What is wrong with rule files, and what to do; ``line`` counts from 1, None: unknown."""

    file: str
    key: str
    line: int | None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A version was put into force; ``by`` is the name of who did."""

    seq: int
    version: int
    kind: str
    at: datetime
    by: str
    reason: str
    trial_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version with what it changed against the one before, and when it counted.

    ``present`` is the version that counts now, by the decision ``seq``.
    """

    number: int
    made_at: datetime
    made_by: str
    origin: str
    in_force: bool
    present: int
    seq: int
    decisions: tuple[DecisionView, ...]
    changes: tuple[FileDiff, ...]
    against_present: tuple[FileDiff, ...]
    files: RuleFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class SchlagwortLine:
    """A Schlagwort in the list of rules."""

    id: str
    title: str
    function: str
    urgent: bool
    triggers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFileView:
    """A rule file as it would be with the screen's proposal."""

    name: str
    text: str
    schlagworte: tuple[SchlagwortLine, ...]
    proposed: bool
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """So many documents would go from ``old`` to ``new``; rules with their phrases, by count.

    ``agree_old`` and ``agree_new``: where a person had chosen that one themselves.
    """

    old: str
    new: str
    kind: Change
    count: int
    old_rules: tuple[tuple[str, int, tuple[str, ...]], ...]
    new_rules: tuple[tuple[str, int, tuple[str, ...]], ...]
    agree_old: int
    agree_new: int
    agree_neither: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A rule that spoke, what stands in its file, and the words of the letter on that page."""

    rule: str
    phrases: tuple[str, ...]
    page: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDocument:
    """A document that the tried rules judge otherwise; only for those who may open it."""

    document_id: str
    title: str
    received: date
    kind: Change
    old: str
    new: str
    old_score: float
    new_score: float
    old_why: tuple[Why, ...]
    new_why: tuple[Why, ...]
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A trial: how far it is, and what would change."""

    id: str
    origin: Origin
    digest: str
    against: int
    scope: TrialScope
    asked_at: datetime
    asked_by: str
    state: str
    total: int | None
    done: int
    changed: int
    problem: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    shifts: tuple[Shift, ...] = ()
    titles: Mapping[str, str]
    open_documents: int = 0
    documents: tuple[ChangedDocument, ...] = ()

    @property
    def under_way(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """Changed rules that do not count yet.

    ``digest`` names what would be put into force, ``seq`` the decision that counts meanwhile;
    ``trial`` is the newest one of exactly that against the version in force. ``gone`` are
    Schlagworte that nobody could choose any more.
    """

    origin: Origin
    changed_at: datetime
    changed_by: str
    digest: str
    seq: int
    files: tuple[FileDiff, ...]
    conflicts: tuple[str, ...]
    problem: RuleProblem | None
    new: tuple[SchlagwortLine, ...]
    gone: tuple[SchlagwortLine, ...]
    trial: TrialView | None

    @property
    def tried(self) -> bool:
        """Whether a trial of it has ended."""
        return self.trial is not None and self.trial.state == "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The rules at a glance: what counts, what is proposed, what was tried."""

    in_force: DecisionView
    proposals: tuple[ProposalView, ...]
    files: tuple[RuleFileView, ...]
    decisions: tuple[DecisionView, ...]
    trials: tuple[TrialView, ...]

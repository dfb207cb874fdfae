"""Rules, proposals and versions as their screens print them; trials: ``rule_trials.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from classifiers.layout import Zone
from eakte.domain.rights import Reader
from eakte.domain.rules import FileDiff, Origin
from eakte.errors import EakteError, RuleError
from eakte.services.rules_views import (
    DecisionView,
    ProposalView,
    RuleFileView,
    RulesView,
    VersionView,
)
from web.presenters import german
from web.presenters.rule_addresses import file_url, proposal_url, version_url
from web.presenters.rule_trials import TrialLine, trial_line

ORIGINS = {Origin.FOLDER: "Geänderter Regelordner", Origin.SCREEN: "Entwurf"}
KINDS = {"first": "erste Fassung", "activate": "in Kraft gesetzt", "rollback": "zurückgenommen auf"}
ZONES = {
    Zone.SUBJECT: "Betreff",
    Zone.TITLE: "Titel eines Formulars",
    Zone.HEADER: "Briefkopf",
    Zone.SENDER: "Absender",
    Zone.RECIPIENT: "Empfänger",
    Zone.BODY: "Text",
    Zone.REMEDIES: "Rechtsbehelfsbelehrung",
    Zone.FOOTER: "Fußzeile",
}
TRIGGERS = 4
"""Triggers that the form for a new Schlagwort offers; more are written into the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffScreen:
    """A file's differences; each line with its kind and number in the new text."""

    name: str
    summary: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalScreen:
    """A proposal: what it changes, whether it may count, what to do next."""

    url: str
    title: str
    changed: str
    digest: str
    seq: int
    diffs: tuple[DiffScreen, ...]
    summary: str
    conflicts: tuple[str, ...]
    problem: str
    remedy: str
    problem_url: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    trial: TrialLine | None
    under_way: bool
    tried: bool
    ready: bool
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision in the history."""

    url: str
    version: int
    title: str
    reason: str
    who: str
    in_force: bool
    tried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesScreen:
    """The rules at a glance."""

    in_force: DecisionLine
    proposals: tuple[ProposalScreen, ...]
    files: tuple[RuleFileView, ...]
    decisions: tuple[DecisionLine, ...]
    trials: tuple[TrialLine, ...]
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionScreen:
    """A version with its differences."""

    url: str
    number: int
    title: str
    made: str
    in_force: bool
    present: int
    seq: int
    decisions: tuple[DecisionLine, ...]
    changes: tuple[DiffScreen, ...]
    against_present: tuple[DiffScreen, ...]
    may_roll_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForm:
    """What stands in the form for a new Schlagwort."""

    values: Mapping[str, str] = field(default_factory=dict)
    copies: frozenset[str] = frozenset()
    zones: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def of(self, name: str, default: str = "") -> str:
        """What was typed there."""
        return self.values.get(name, default)


def rules_screen(view: RulesView, reader: Reader) -> RulesScreen:
    """The overview."""
    may = reader.keeps_settings
    return RulesScreen(
        in_force=_decision(view.in_force, view.in_force.seq),
        proposals=tuple(proposal_screen(one, reader) for one in view.proposals),
        files=view.files,
        decisions=tuple(_decision(one, view.in_force.seq) for one in view.decisions),
        trials=tuple(trial_line(one) for one in view.trials),
        may_change=may,
    )


def proposal_screen(view: ProposalView, reader: Reader) -> ProposalScreen:
    """One proposal."""
    problem = view.problem
    added, removed = sum(d.added for d in view.files), sum(d.removed for d in view.files)
    under_way = view.trial is not None and view.trial.under_way
    return ProposalScreen(
        url=proposal_url(view.origin),
        title=ORIGINS[view.origin],
        changed=f"{view.changed_by}, {german.moment(view.changed_at)}",
        digest=view.digest,
        seq=view.seq,
        diffs=diffs(view.files),
        summary=german.joined(
            (
                german.plural(len(view.files), "Datei", "Dateien"),
                f"{german.plural(added, 'Zeile', 'Zeilen')} neu",
                f"{removed} entfallen",
            )
        ),
        conflicts=view.conflicts,
        problem=problem.message if problem else "",
        remedy=problem.remedy if problem else "",
        problem_url=file_url(problem.file) if problem and view.origin is Origin.SCREEN else "",
        new=tuple(f"{one.title} ({one.id})" for one in view.new),
        gone=tuple(f"{one.title} ({one.id})" for one in view.gone),
        trial=trial_line(view.trial) if view.trial else None,
        under_way=under_way,
        tried=view.tried,
        ready=not view.conflicts and problem is None,
        may_change=reader.keeps_settings,
    )


def version_screen(view: VersionView, reader: Reader) -> VersionScreen:
    """One version."""
    return VersionScreen(
        url=version_url(view.number),
        number=view.number,
        title=f"Fassung {view.number}",
        made=f"{view.made_by}, {german.moment(view.made_at)}",
        in_force=view.in_force,
        present=view.present,
        seq=view.seq,
        decisions=tuple(_decision(one, view.seq) for one in view.decisions),
        changes=diffs(view.changes),
        against_present=diffs(view.against_present),
        may_roll_back=reader.keeps_settings and not view.in_force,
    )


def diffs(files: Iterable[FileDiff]) -> tuple[DiffScreen, ...]:
    """Differences for the screen: a kind a line, and the number in the new text."""
    return tuple(
        DiffScreen(
            name=one.name,
            summary=f"{german.plural(one.added, 'Zeile', 'Zeilen')} neu, {one.removed} entfallen",
            lines=tuple(_numbered(one.lines)),
        )
        for one in files
    )


def _numbered(lines: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str, str]]:
    kinds = {"+": "neu", "-": "weg", " ": "gleich"}
    number = 0
    for sign, text in lines:
        if sign == "@":  # „@ -12,7 +14,9 @@“: the place in the new text
            number = int(text.partition("+")[2].partition(" ")[0].partition(",")[0] or 1) - 1
            yield "stelle", "", f"ab Zeile {max(number + 1, 1)}"
            continue
        number += sign != "-"
        yield kinds[sign], "" if sign == "-" else str(number), text


def said(error: EakteError, file: str = "") -> tuple[str, int | None]:
    """What is wrong and what to do, in one; and the line of ``file`` that it is about."""
    line = error.line if isinstance(error, RuleError) and error.file == file else None
    return str(error), line


def _decision(view: DecisionView, in_force_seq: int) -> DecisionLine:
    return DecisionLine(
        url=version_url(view.version),
        version=view.version,
        title=KINDS[view.kind],
        reason=view.reason,
        who=f"{view.by}, {german.moment(view.at)}",
        in_force=view.seq == in_force_seq,
        tried=view.trial_id is not None or view.kind != "activate",
    )

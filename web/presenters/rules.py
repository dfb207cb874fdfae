"""Rules, proposals, trials and versions as their screens print them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from classifiers.layout import Zone
from eakte.domain.rights import Reader
from eakte.domain.rules import Change, FileDiff, Origin
from eakte.errors import EakteError, RuleError
from eakte.services.rules_views import (
    ChangedDocument,
    DecisionView,
    ProposalView,
    RuleFileView,
    RulesView,
    Shift,
    TrialView,
    VersionView,
    Why,
)
from web.presenters import german

HERE = "/regeln"
ORIGINS = {Origin.FOLDER: "Geänderter Regelordner", Origin.SCREEN: "Entwurf"}
KINDS = {"first": "erste Fassung", "activate": "in Kraft gesetzt", "rollback": "zurückgenommen auf"}
STATES = {
    "waiting": "wartet auf die Verarbeitung",
    "running": "läuft",
    "done": "fertig",
    "failed": "fehlgeschlagen",
    "cancelled": "abgebrochen",
}
CHANGES = {
    Change.PRIMARY: "anderes Schlagwort",
    Change.CERTAINTY: "andere Sicherheit",
    Change.FURTHER: "andere weitere Schlagworte",
}
AGREES = {"old": "von Hand wie bisher", "new": "von Hand wie neu", "neither": "von Hand anders"}
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
class TrialLine:
    """A trial in a list."""

    url: str
    title: str
    state: str
    mark: str
    result: str


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
class ShiftLine:
    """So many documents would go from one Schlagwort to another."""

    old: str
    new: str
    kind: str
    count: int
    rules: tuple[str, ...]
    agrees: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """A Schlagwort before and after."""

    title: str
    before: int
    after: int
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """A rule that spoke, and the words of the letter that made it."""

    rule: str
    phrases: str
    place: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document that would be another; only of those that the reader may open."""

    url: str
    title: str
    received: str
    kind: str
    old: str
    new: str
    old_why: tuple[ReasonLine, ...]
    new_why: tuple[ReasonLine, ...]
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialScreen:
    """A trial: how far it is, what would change."""

    url: str
    proposal_url: str
    line: TrialLine
    asked: str
    scope: str
    done: int
    total: int | None
    progress: str
    under_way: bool
    problem: str
    may_change: bool
    shifts: tuple[ShiftLine, ...]
    counts: tuple[CountLine, ...]
    documents: tuple[DocumentLine, ...]
    documents_note: str
    earlier: str
    later: str


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
    may = reader.may_change_rules
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
        may_change=reader.may_change_rules,
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
        may_roll_back=reader.may_change_rules and not view.in_force,
    )


def trial_screen(view: TrialView, reader: Reader, page: int, page_size: int) -> TrialScreen:
    """One trial."""
    url = trial_url(view.id)
    total = f" von {view.total}" if view.total is not None else ""
    return TrialScreen(
        url=url,
        proposal_url=proposal_url(view.origin),
        line=trial_line(view),
        asked=f"{view.asked_by}, {german.moment(view.asked_at)}",
        scope=_scope(view),
        done=view.done,
        total=view.total,
        progress=f"{view.done}{total} Dokumenten angesehen",
        under_way=view.under_way,
        problem=view.problem,
        may_change=reader.may_change_rules,
        shifts=tuple(_shift(one, view.titles) for one in view.shifts),
        counts=_counts(view),
        documents=tuple(_document(one, view.titles) for one in view.documents),
        documents_note=_documents_note(view, reader),
        earlier=f"{url}?seite={page - 1}" if page > 1 else "",
        later=f"{url}?seite={page + 1}" if page * page_size < view.open_documents else "",
    )


def trial_line(view: TrialView) -> TrialLine:
    """A trial in a list."""
    marks = {"done": "erfolg", "failed": "eilig", "cancelled": "warnung"}
    changed = german.plural(view.changed, "Dokument", "Dokumente")
    results = {
        "done": f"{changed} von {view.done} würde sich ändern"
        if view.changed == 1
        else f"{changed} von {view.done} würden sich ändern",
        "running": f"{view.done} von {view.total or '…'}",
    }
    return TrialLine(
        url=trial_url(view.id),
        title=f"Probe vom {german.moment(view.asked_at)}",
        state=STATES[view.state],
        mark=marks.get(view.state, "hinweis"),
        result=results.get(view.state, ""),
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


def _scope(view: TrialView) -> str:
    last = f"die letzten {german.plural(view.scope.count, 'Dokument', 'Dokumente')}"
    return f"{last}, eingegangen ab {german.day(view.scope.since)}" if view.scope.since else last


def _shift(view: Shift, titles: Mapping[str, str]) -> ShiftLine:
    old = _title(view.old, titles)
    new = _title(view.new, titles)
    rules = view.new_rules or view.old_rules
    agrees = (
        (view.agree_new, "wie neu"),
        (view.agree_old, "wie bisher"),
        (view.agree_neither, "anders"),
    )
    return ShiftLine(
        old=old,
        new=new,
        kind=CHANGES[view.kind],
        count=view.count,
        rules=tuple(_rule(rule, phrases, count) for rule, count, phrases in rules[:3]),
        agrees=german.joined(f"{count} {how}" for count, how in agrees if count),
    )


def _rule(rule: str, phrases: tuple[str, ...], count: int) -> str:
    shown = ", ".join(f"„{one}“" for one in phrases[:3])
    more = " …" if len(phrases) > len(phrases[:3]) else ""
    return f"{rule}{f': {shown}{more}' if shown else ''} ({count})"


def _counts(view: TrialView) -> tuple[CountLine, ...]:
    names = {*view.before, *view.after}
    changed = [one for one in names if view.before.get(one, 0) != view.after.get(one, 0)]
    lines = [
        CountLine(
            title=_title(one, view.titles),
            before=view.before.get(one, 0),
            after=view.after.get(one, 0),
            difference=f"{view.after.get(one, 0) - view.before.get(one, 0):+d}".replace(
                "-", "\N{MINUS SIGN}"
            ),
        )
        for one in changed
    ]
    return tuple(sorted(lines, key=lambda line: line.title.casefold()))


def _document(view: ChangedDocument, titles: Mapping[str, str]) -> DocumentLine:
    return DocumentLine(
        url=f"/dokumente/{quote(view.document_id)}",
        title=view.title,
        received=german.day(view.received),
        kind=CHANGES[view.kind],
        old=_judgement(view.old, view.old_score, titles),
        new=_judgement(view.new, view.new_score, titles),
        old_why=tuple(_reason(one) for one in view.old_why[:3]),
        new_why=tuple(_reason(one) for one in view.new_why[:3]),
        person=AGREES.get(view.person or "", ""),
    )


def _judgement(schlagwort: str, score: float, titles: Mapping[str, str]) -> str:
    title = _title(schlagwort, titles)
    return f"{title} ({german.percent(score)})" if schlagwort else title


def _reason(view: Why) -> ReasonLine:
    return ReasonLine(
        rule=view.rule,
        phrases=", ".join(f"„{one}“" for one in view.phrases[:3]),
        place=f"S. {view.page}",
        words=view.words,
    )


def _documents_note(view: TrialView, reader: Reader) -> str:
    if not view.changed or view.under_way:
        return ""
    hidden = view.changed - view.open_documents
    if not reader.standpoints:
        return (
            "Welche Dokumente das sind, sieht die Administration nicht; Teamleitung und "
            "Rechtsstelle sehen hier die, die sie öffnen dürfen."
        )
    if hidden > 0:
        return f"{german.plural(hidden, 'weiteres', 'weitere')} dürfen Sie nicht öffnen."
    return ""


def _title(schlagwort: str, titles: Mapping[str, str]) -> str:
    return titles.get(schlagwort, schlagwort) or "–"


def proposal_url(origin: Origin) -> str:
    """Where a proposal is."""
    return f"{HERE}/vorschlag/{origin.value}"


def trial_url(trial_id: str) -> str:
    """Where a trial is."""
    return f"{HERE}/proben/{quote(trial_id)}"


def version_url(number: int) -> str:
    """Where a version is."""
    return f"{HERE}/fassungen/{number}"


def file_url(name: str) -> str:
    """Where a rule file is edited."""
    return f"{HERE}/dateien/{quote(name)}"

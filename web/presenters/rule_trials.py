"""Trials of proposed rules as their screens print them: how far, and what would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from eakte.domain.rights import Reader
from eakte.domain.rules import Change
from eakte.services.rules_views import ChangedDocument, Shift, TrialView, Why
from web.presenters import german
from web.presenters.rule_addresses import proposal_url, trial_url

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """A trial in a list."""

    url: str
    title: str
    state: str
    mark: str
    result: str


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
        may_change=reader.keeps_settings,
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

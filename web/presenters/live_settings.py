"""Settings in words: what counts, since when and why, and what may be put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from eakte.domain.live_settings import Kind
from eakte.services.live_settings import ChangeView, SettingView
from web.presenters import german

HERE = "/verwaltung/einstellungen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A setting in the list; ``changed`` is empty where the file counts.

    ``unusable``: what was set on the screen and is not allowed any more; empty without that.
    """

    key: str
    title: str
    url: str
    value: str
    in_file: str
    changed: str
    unusable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The settings of one part of the product."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several answers."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one setting takes; ``options`` are empty for a number.

    ``decision`` names who must have agreed to a yes; empty where nobody has to. ``final``: what a
    no does for good, to be confirmed; empty where nothing gets lost.
    """

    explanation: str
    value: str
    unit: str
    allowed: str
    options: tuple[Option, ...]
    decision: str
    final: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change in the history."""

    at: str
    who: str
    title: str
    url: str
    change: str
    reason: str


def url_of(key: str) -> str:
    """The screen of one setting."""
    return f"{HERE}/{quote(key, safe='')}"


def sections(views: Iterable[SettingView]) -> tuple[Section, ...]:
    """All settings by their part of the product, in the order of the table."""
    return tuple(
        Section(title=title, lines=tuple(line(one) for one in group))
        for title, group in groupby(views, key=lambda one: one.setting.section)
    )


def line(view: SettingView) -> Line:
    """One row of the list."""
    setting, changed = view.setting, view.changed
    by = f"{changed.name}, {german.moment(changed.at)}" if changed else ""
    return Line(
        key=setting.key,
        title=setting.title,
        url=url_of(setting.key),
        value=setting.told(view.value),
        in_file=setting.told(view.in_file),
        changed=by,
        unusable=view.unusable,
    )


def form(view: SettingView) -> Form:
    """What the screen of one setting asks for."""
    setting = view.setting
    choices = [(setting.written(value), title) for value, title in setting.choices]
    if setting.kind is Kind.YES_NO:
        choices = [("ja", "ja"), ("nein", "nein")]
    now = setting.written(view.value)
    return Form(
        explanation=setting.explanation,
        value=setting.shown(view.value),
        unit=setting.unit,
        allowed=setting.allowed,
        options=tuple(
            Option(value=value, title=title, chosen=value == now) for value, title in choices
        ),
        decision=setting.decision,
        final=setting.final if view.asks_back else "",
        version=view.version,
    )


def history(changes: Iterable[ChangeView]) -> tuple[ChangeLine, ...]:
    """What was changed when, by whom and why."""
    return tuple(
        ChangeLine(
            at=german.moment(one.at),
            who=one.name,
            title=one.setting.title if one.setting else one.key,
            url=url_of(one.key) if one.setting else "",
            change=f"{one.before} → {one.after}" + (" (wie in der Datei)" if one.from_file else ""),
            reason=german.joined(
                (f"Entschieden von {one.decided_by}" if one.decided_by else "", one.reason), ": "
            ),
        )
        for one in changes
    )

"""„Wer bekäme das?“ in words."""

from __future__ import annotations

from dataclasses import dataclass

from eakte.services.probe import ProbeAnswer, ProbePart
from web.presenters import german


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBlock:
    """The answer for one function, with the steps that led to it."""

    title: str
    answer: str
    rule: str
    copy: bool
    nobody: bool
    steps: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeScreen:
    """The whole answer."""

    subtitle: str
    parts: tuple[PartBlock, ...]
    people: tuple[tuple[str, str], ...]


def screen(answer: ProbeAnswer) -> ProbeScreen:
    """The task first, then the copies."""
    return ProbeScreen(
        subtitle=f"{answer.schlagwort_title} – {answer.about} – {german.weekday(answer.day)}",
        parts=tuple(_part(part) for part in answer.parts),
        people=tuple(
            (one.id, f"{one.title} ({one.detail})" if one.detail else one.title)
            for one in answer.people
        ),
    )


def _part(part: ProbePart) -> PartBlock:
    kind = "Zur Kenntnis" if part.copy else "Aufgabe"
    in_place = f", in Vertretung für {part.deputy_for}" if part.deputy_for else ""
    return PartBlock(
        title=f"{kind} ({part.function_title})",
        answer=f"{part.title}{in_place}" if part.receiver is not None else part.remark,
        rule=part.receiver.rule if part.receiver is not None else "",
        copy=part.copy,
        nobody=part.receiver is None,
        steps=tuple((step.rule, step.text, step.matched) for step in part.steps),
    )

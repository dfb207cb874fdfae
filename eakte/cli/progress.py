"""Progress of long work: a bar on a terminal, a line a stage elsewhere, both on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress

from eakte.cli.output import hint
from eakte.services.backup import Progress


@contextmanager
def shown() -> Iterator[Progress]:
    """A hearer of progress, as the place where stderr goes can show it."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    bar = RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        told = _Bar(bar)
        yield told
        told.end_all()


class _Lines:
    """Names each stage once."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:  # noqa: ARG002
        if stage != self._stage:
            self._stage = stage
            hint(f"{stage} …")


class _Bar:
    """One bar a stage."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        if stage not in self._tasks:
            self.end_all()  # a stage that did not say how long it is has ended by now
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def end_all(self) -> None:
        """Show every stage as done."""
        for task in self._bar.tasks:
            if not task.finished:
                self._bar.update(task.id, completed=task.total or 1, total=task.total or 1)

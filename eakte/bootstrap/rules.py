"""The rules, put together: the version in force, the folder, and whoever watches both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from classifiers.catalogue import read_rules
from eakte.domain.rights import system_reader
from eakte.errors import RuleError
from eakte.repositories.checks import Problem
from eakte.repositories.database import Database
from eakte.services.rules import Rules
from eakte.services.rules_in_force import RulesInForce
from eakte.services.rules_showing import waiting
from eakte.services.rules_views import ProposalView
from eakte.settings import Settings

log = structlog.get_logger(__name__)

FOLDER = system_reader("rules-folder")
FOLDER_SECONDS = 3.0
"""Between two looks at the rules folder."""


def rules_of(settings: Settings, database: Database, live: RulesInForce) -> Rules:
    """The service; Schlagworte that settings name can't be left out of the rules."""
    values = settings.values
    quality, paper = values.quality, values.paper
    needed = {*quality.full_check, *paper.never_destroy, *paper.suggested}
    return Rules(database, live, frozenset(needed), values.rules.trial_documents)


def take_up_rules(settings: Settings, rules: Rules) -> None:
    """Load the version in force; the folder becomes the first where there is none.

    Raises ``RuleError`` where no version could count.
    """
    if not rules.live.refresh():
        rules.note_folder(FOLDER, read_rules(settings.schlagworte))
        rules.live.refresh()


def look_at_folder(settings: Settings, rules: Rules, *, warn: bool = True) -> ProposalView | None:
    """Take notice of the rules folder: what of it is proposed, None for nothing.

    ``warn``: the log says so, too.

    A folder that is not there or not readable stops nothing: what counts is in the database.
    """
    try:
        found = rules.note_folder(FOLDER, read_rules(settings.schlagworte))
    except RuleError as error:
        log.warning("rules.folder_unreadable", reason=error.message, remedy=error.remedy)
        return None
    if found is not None and warn:
        problem, remedy = waiting(found)
        log.warning("rules.proposal_waits", problem=problem, remedy=remedy)
    return found


def rule_problems(settings: Settings, rules: Rules) -> Iterator[Problem]:
    """What ``eakte check`` says of the rules and their folder; changes nothing."""
    files = None
    try:
        files = read_rules(settings.schlagworte)
    except RuleError as error:
        yield Problem(check="rules", subject="folder", problem=error.message, remedy=error.remedy)
    yield from rules.problems(files)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderWatch:
    """Notices files that an operator or a delivery changed; they count only once put in force."""

    settings: Settings
    rules: Rules

    def run(self, stop: threading.Event, every: float = FOLDER_SECONDS) -> None:
        """Look until told to stop."""
        seen = None
        while True:
            there = _signature(self.settings.schlagworte)
            if there != seen:
                look_at_folder(self.settings, self.rules)
                seen = there
            if stop.wait(every):
                return


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes with every file that comes, goes or is written."""
    try:
        found = [(path.name, path.stat()) for path in sorted(folder.glob("*.toml"))]
    except OSError:  # gone between the two looks; the next one sees it
        return ()
    return tuple((name, told.st_mtime_ns, told.st_size) for name, told in found)


@contextmanager
def rules_watched(settings: Settings, rules: Rules) -> Iterator[None]:
    """Another version that is put into force counts in this process within seconds."""
    every = settings.values.rules.watch_seconds
    with in_background("rules", lambda stop: rules.live.watch(stop, every)):
        yield


@contextmanager
def in_background(name: str, run: Callable[[threading.Event], None]) -> Iterator[None]:
    """``run`` in a thread of its own, until the context ends and it is told to stop."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)

"""Trials of proposed rules, in the background of a worker.

A trial reads the words that are stored, never an image; it goes in small chunks and rests as long
as it worked, longer while post is on its way.  Each chunk commits what it found together with how
far it came, so that whoever takes the trial up after a crash goes on behind it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from classifiers.catalogue import Catalogue, compile_rules
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.live_settings import Live
from eakte.errors import EakteError
from eakte.intake.classify import as_read, in_place
from eakte.intake.surroundings import is_passing
from eakte.intake.tools import STEP, Pages
from eakte.models import RuleTrial, RuleTrialChange
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.rule_trials import RuleTrials, TrialDocument
from eakte.repositories.rules import RuleBook
from eakte.repositories.sources import Sources
from eakte.services.rules_judging import Judged, counted, judged, reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

log = structlog.get_logger(__name__)

CHUNK = 25
"""Documents between two commits: about a third of a second of work."""
LEASE = timedelta(seconds=30)
"""So long a trial is left to a process that says nothing more."""
REST, REST_WHILE_BUSY = 1.0, 4.0
"""How long it rests for each second it worked."""
FORGET_EVERY = 3600.0
UNEXPECTED = "Die Probe ist an einem Fehler gescheitert, der im Protokoll des Servers steht."

Classify = Callable[[Pages], tuple[SchlagwortFinding, ...]]
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    document: TrialDocument
    pages: Pages
    old: tuple[SchlagwortFinding, ...]
    new: tuple[SchlagwortFinding, ...]
    change: Judged | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """What a trial measures by; its own, so that all its documents are judged alike."""

    old: Classify
    new: Classify
    threshold: float

    def judge(self, document: TrialDocument, pages: Pages) -> _Found:
        read = as_read(pages)
        before, after = self.old(read), self.new(read)
        change = judged(before, after, self.threshold, document.chosen)
        return _Found(document=document, pages=pages, old=before, new=after, change=change)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRunner:
    """Works on whatever trials wait; ``who`` is this process, ``live`` the settings."""

    database: Database
    classifier: Callable[[Catalogue], Classify]
    live: Live
    who: str
    keep: timedelta = timedelta(days=90)
    chunk: int = CHUNK

    def run(self, stop: threading.Event, every: float = 1.0) -> None:
        """Take up one trial after the other until told to stop."""
        forget_at = time.monotonic()
        while not stop.wait(every):
            if time.monotonic() >= forget_at:
                forget_at = time.monotonic() + FORGET_EVERY
                self.forget()
            while not stop.is_set() and self.work(stop):
                pass

    def work(self, stop: threading.Event, told: Told | None = None) -> bool:
        """Work on the oldest trial until it ends; whether there was one.

        With ``told`` somebody waits for it (a command): it takes no rest, and hears how far it is.
        """
        now = self.database.clock.now()
        with self.database.write() as session:
            trial_id = RuleTrials(session).claim(self.who, now, now + LEASE)
        if trial_id is None:
            return False
        self._to_the_end(trial_id, stop, told)
        return True

    def work_on(self, trial_id: str, stop: threading.Event, told: Told) -> None:
        """Work on a trial that was claimed when it was made."""
        self._to_the_end(trial_id, stop, told)

    def forget(self) -> None:
        """Let old trials forget which documents they found; only counts stay."""
        before = self.database.clock.now() - self.keep
        with self.database.write() as session:
            gone = RuleTrials(session).forget_before(before)
        if gone:
            log.info("rules.trials_forgotten", documents=gone)

    def _to_the_end(self, trial_id: str, stop: threading.Event, told: Told | None) -> None:
        try:
            self._chunk_by_chunk(trial_id, stop, told)
        except Exception as error:
            if is_passing(error):
                raise  # still this process's: it goes on once disk and database are back
            log.exception("rules.trial_failed", trial=trial_id)
            known = str(error) if isinstance(error, EakteError) else UNEXPECTED
            self._fail(trial_id, known)

    def _chunk_by_chunk(self, trial_id: str, stop: threading.Event, told: Told | None) -> None:
        measure = self._measure(trial_id)
        while not stop.is_set():
            began = time.monotonic()
            state, busy = self._one_chunk(trial_id, measure)
            if told is not None:
                told(*state[1:])
            if not state[0]:
                log.info("rules.trial_ended", trial=trial_id, documents=state[1])
                return
            if told is None:
                worked = time.monotonic() - began
                stop.wait(worked * (REST_WHILE_BUSY if busy else REST))

    def _measure(self, trial_id: str) -> _Measure:
        with self.database.read() as session:
            trial = RuleTrials(session).get(trial_id)
            version = RuleBook(session).version(trial.against) if trial else None
        if trial is None or version is None:
            raise LookupError("a claimed trial is not in the database")
        return _Measure(
            old=self.classifier(compile_rules(version.files)),
            new=self.classifier(compile_rules(trial.files)),
            threshold=self.live().classify_threshold,
        )

    def _one_chunk(self, trial_id: str, measure: _Measure) -> tuple[tuple[bool, int, int], bool]:
        """Whether it goes on, how far it is and of how many; and whether intake is busy."""
        with self.database.read() as session:
            trials = RuleTrials(session)
            trial = trials.get(trial_id)
            if trial is None or not self._is_mine(trial):
                return (False, 0, 0), False
            total = trial.total if trial.total is not None else trials.count(STEP, trial)
            limit = min(self.chunk, total - trial.done)
            documents = trials.following(STEP, trial, limit) if limit > 0 else []
            texts = self._texts(session, documents)
            busy = trials.intake_is_busy(STEP)
        found = [measure.judge(one, texts[one.id]) for one in documents if one.id in texts]
        with self.database.write() as session:
            trial = RuleTrials(session).get(trial_id, lock=True)
            if trial is None or not self._is_mine(trial):
                return (False, 0, 0), False
            self._keep(session, trial, documents, found, total)
            goes_on = trial.state == "running"
            return (goes_on, trial.done, total), busy

    def _is_mine(self, trial: RuleTrial) -> bool:
        """Not cancelled, and not taken over by another process because this one slept too long."""
        return trial.state == "running" and trial.claimed_by == self.who

    @staticmethod
    def _texts(session: EakteSession, documents: Sequence[TrialDocument]) -> dict[str, Pages]:
        """The words of each document that has any; turned as they are on the page."""
        pages = Documents(session).kept_page_ids(STEP, [one.id for one in documents])
        texts = Sources(session).texts(STEP, [page for those in pages.values() for page in those])
        return {
            document_id: tuple(texts[page] for page in those)
            for document_id, those in pages.items()
            if those and all(page in texts for page in those)
        }

    def _keep(
        self,
        session: EakteSession,
        trial: RuleTrial,
        documents: Sequence[TrialDocument],
        found: Sequence[_Found],
        total: int,
    ) -> None:
        changes = [one for one in found if one.change is not None]
        RuleTrials(session).add_changes(
            _row(trial, trial.changed + number, one) for number, one in enumerate(changes)
        )
        now = self.database.clock.now()
        trial.tally = counted(
            trial.tally,
            [(one.old[0].schlagwort, one.new[0].schlagwort, one.change) for one in found],
            len(documents) - len(found),
        )
        trial.total, trial.done = total, trial.done + len(documents)
        trial.changed += len(changes)
        trial.claimed_until = now + LEASE
        if documents:
            trial.cursor_at, trial.cursor_id = documents[-1].created_at, documents[-1].id
        if not documents or trial.done >= total:
            trial.state, trial.ended_at, trial.total = "done", now, trial.done

    def _fail(self, trial_id: str, problem: str) -> None:
        with self.database.write() as session:
            trial = RuleTrials(session).get(trial_id, lock=True)
            if trial is not None and self._is_mine(trial):
                trial.state, trial.problem = "failed", problem
                trial.ended_at = self.database.clock.now()


def _row(trial: RuleTrial, position: int, one: _Found) -> RuleTrialChange:
    change = one.change
    if change is None:
        raise ValueError("only a change makes a row")
    return RuleTrialChange(
        trial_id=trial.id,
        document_id=one.document.id,
        position=position,
        kind=change.kind.value,
        old=change.old.schlagwort,
        new=change.new.schlagwort,
        old_score=change.old.score,
        new_score=change.new.score,
        old_why=_placed(change.old, one.pages),
        new_why=_placed(change.new, one.pages),
        person=change.person,
    )


def _placed(finding: SchlagwortFinding, pages: Pages) -> list[object]:
    laid: list[object] = in_place({"evidence": reasons(finding)}, pages)["evidence"]
    return laid

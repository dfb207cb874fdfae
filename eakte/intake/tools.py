"""What the steps work with, put together by ``eakte/bootstrap.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from eakte.domain.conversion import Prepared, Unfolded
from eakte.domain.facts import Fact
from eakte.domain.findings import (
    CaseFileFinding,
    Evidence,
    SchlagwortFinding,
    Sender,
)
from eakte.domain.live_settings import Live
from eakte.domain.pages import PageText, RecognisedPage, Remark
from eakte.domain.proof import TransferNote
from eakte.domain.rights import AccessPolicy, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.ports import BlobStore, Register
from eakte.repositories.database import Database, EakteSession
from eakte.services.cutting import CutRules
from eakte.services.delivery import Delivery
from eakte.services.transfer_notes import Surroundings

Pages = tuple[PageText, ...]

STEP = system_reader("intake")
"""The explicit reader of every step."""


class PagePool(Protocol):
    """Pages and archive copies from worker processes (``eakte/recognition/pool.py``)."""

    def unfold(self, path: Path, folder: Path) -> Unfolded | None:
        """The members of a ZIP as files in ``folder``, None for anything else."""
        ...

    def prepare(self, path: Path, folder: Path) -> Prepared:
        """How many pages ``path`` has, and in ``folder`` its reading copy where it needs one.

        Raises ``IntakeError``.
        """
        ...

    def read_page(self, path: Path, number: int, turn: int | None = None) -> Future[RecognisedPage]:
        """Page ``number`` (from 1) as soon as a process is free.

        ``turn`` is how far a person turned it clockwise; without it the reader looks for itself.
        """
        ...

    def archive_copy(
        self, path: Path, pages: Iterable[RecognisedPage], into: Path, note: TransferNote | None
    ) -> tuple[Remark, ...]:
        """Write ``path`` as PDF/A-2b with text layer and ``note`` to ``into``; what it changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInUse:
    """One version of the rules, and what reads by it."""

    version: int
    schlagworte: Mapping[str, Schlagwort]
    classify: Callable[[Pages], tuple[SchlagwortFinding, ...]]
    closed_post: Callable[[Pages], Evidence | None]


class FactReader(Protocol):
    """Reads facts off pages (``classifiers/facts.py``)."""

    def __call__(
        self, pages: Pages, *, own: bool, notice: bool, received: date
    ) -> tuple[Fact, ...]:
        """The facts by kind, the surest first.

        ``own``: the authority's own paper; ``notice``: it should instruct on remedies;
        ``received``: the day of receipt.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Everything a step may use; engines stand behind plain callables and ports.

    ``rules`` gives the version in force, ``live`` the settings; a document's steps take both once
    (:meth:`settled`).
    """

    database: Database
    store: BlobStore
    open_pool: Callable[[], AbstractContextManager[PagePool]]
    rules: Callable[[], RulesInUse]
    match: Callable[[Pages, Register], CaseFileFinding]
    read_application: Callable[[Pages], Sender | None]
    facts: FactReader
    surroundings: Surroundings
    policy: AccessPolicy
    pattern: AktenzeichenPattern
    live: Live
    cut_rules: CutRules = field(default_factory=CutRules)

    @property
    def threshold(self) -> float:
        """The score from which a Schlagwort is sure enough for the desk."""
        return self.live().classify_threshold

    @property
    def schlagworte(self) -> Mapping[str, Schlagwort]:
        """The Schlagworte of the version in use."""
        return self.rules().schlagworte

    def closed_post(self, pages: Pages) -> Evidence | None:
        """The mark of an envelope that stays closed, if the pages are one."""
        return self.rules().closed_post(pages)

    def settled(self) -> Tools:
        """The same tools, which keep to the version that is in force now."""
        rules, values = self.rules(), self.live()
        return replace(self, rules=lambda: rules, live=lambda: values)

    def delivery(self, session: EakteSession) -> Delivery:
        """Filing, routing and delivering within ``session``'s transaction."""
        return Delivery.at(session, self.schlagworte, self.policy, self.database.clock)


Thing = TypeVar("Thing")


def the(thing: Thing | None, what: str) -> Thing:
    """``thing``, which a step's id must name; a step never runs for an unknown id."""
    if thing is None:
        raise LookupError(f"{what} of a running workflow is not in the database")
    return thing

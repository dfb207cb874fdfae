"""The pipeline's steps bound to the durable engine: checkpoints, transactions, tries.

Transactional steps commit their checkpoint in the same transaction as their data, on SQLite and on
PostgreSQL.  Steps run at least once; that they may is their own business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from dbos import DBOS, SQLAlchemyDatasource

from eakte.intake import classify, cut, deliver, failure, identify, index, route
from eakte.intake.at_once import at_once
from eakte.intake.quarantine import quarantine
from eakte.intake.read_again import read_again
from eakte.intake.recognise import recognise
from eakte.intake.surroundings import is_passing
from eakte.intake.tools import Tools
from eakte.intake.unfold import unfold

log = structlog.get_logger(__name__)

RETRIES = 12
"""Attempts of the long steps while disk or database are away: about twenty minutes in all."""

Step = Callable[..., Any]
T = TypeVar("T")


class BoundSteps:
    """The pipeline's steps, each checkpointed by the durable engine."""

    def __init__(self, tools: Tools, datasource: SQLAlchemyDatasource) -> None:
        self.tools = tools
        self.datasource = datasource
        self.start_workflow: Callable[[str], None] = lambda _document_id: None
        self.start_member: Callable[[str], None] = lambda _source_id: None
        sqlite = tools.database.engine.dialect.name == "sqlite"
        self._isolation = "SERIALIZABLE" if sqlite else "READ COMMITTED"

    def _transaction(self, name: str, step: Step, subject_id: str, *more: str) -> Any:  # noqa: ANN401
        def body() -> Any:  # noqa: ANN401  whatever the step answers
            session = self.datasource.sql_session()
            return step(session, self.tools.settled(), subject_id, *more)

        options: Any = {"name": name, "isolation_level": self._isolation}
        return self.datasource.run_tx_step(options, body)

    def _long(self, name: str, step: Callable[[Tools, str], T], source_id: str) -> T:
        """A step outside a transaction; tried again while disk or database are away."""
        return DBOS.run_step(
            {
                "name": name,
                "retries_allowed": True,
                "max_attempts": RETRIES,
                "interval_seconds": 0.5,
                "backoff_rate": 2.0,
                "should_retry": is_passing,
            },
            step,
            self.tools,
            source_id,
        )

    def unfold(self, source_id: str) -> list[str]:
        """Members of an archive."""
        return self._long("unfold", unfold, source_id)

    def start_source(self, source_id: str) -> None:
        """Begin the member's workflow; it goes on by itself."""
        self.start_member(source_id)

    def recognise(self, source_id: str) -> bool:
        """Pages read, archive copy made."""
        return self._long("recognise", recognise, source_id)

    def cut(self, source_id: str) -> list[str]:
        """Documents of the source's pages."""
        ids: list[str] = self._transaction("cut", cut.cut, source_id)
        return ids

    def start_document(self, document_id: str) -> None:
        """Begin the document's workflow; it goes on by itself."""
        self.start_workflow(document_id)

    def classify(self, document_id: str) -> bool:
        """Which Schlagworte."""
        readable: bool = self._transaction("classify", classify.classify, document_id)
        return readable

    def read_again(self, document_id: str) -> bool:
        """What the desk opened after all."""
        return self._long("read_again", read_again, document_id)

    def at_once(self, document_id: str) -> bool:
        """All steps of a document in one transaction; False where they have to go one by one."""
        try:
            self._transaction("at_once", at_once, document_id)
        except Exception as error:
            if is_passing(error):
                raise
            log.info("document.step_by_step", document=document_id, error=type(error).__name__)
            return False
        return True

    def identify(self, document_id: str) -> None:
        """Whose case file."""
        self._transaction("identify", identify.identify, document_id)

    def route(self, document_id: str) -> None:
        """Who receives it."""
        self._transaction("route", route.route, document_id)

    def deliver(self, document_id: str) -> None:
        """Into the postboxes."""
        self._transaction("deliver", deliver.deliver, document_id)

    def index(self, document_id: str) -> None:
        """Into the outbox of the index."""
        self._transaction("index", index.index, document_id)

    def set_aside(self, source_id: str, code: str, reason: str) -> None:
        """Into quarantine, because the source can't be read whoever tries."""
        DBOS.run_step(
            {"name": "set_aside"}, quarantine, self.tools.database, source_id, code, reason
        )

    def hand_over(self, document_id: str, error: str) -> None:
        """To the clearing desk, because a step failed."""
        self._transaction("hand_over", failure.hand_over, document_id, error)

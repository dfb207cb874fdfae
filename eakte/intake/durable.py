"""The one place where the pipeline meets the durable engine (DBOS).

``bind`` turns the plain step functions into checkpointed steps: transactional ones commit their
checkpoint in the same transaction as their data, on SQLite and on PostgreSQL.  Steps run at least
once; that they may is their own business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource, WorkflowHandle
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from eakte.errors import EakteError
from eakte.intake import classify, cut, deliver, failure, identify, index, route
from eakte.intake.pipeline import PIPELINE_VERSION, process_document, process_source
from eakte.intake.recognise import recognise
from eakte.intake.tools import STEP, Tools
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Heartbeats
from eakte.repositories.rights import UNDELIVERED
from eakte.repositories.sources import Sources

log = structlog.get_logger(__name__)

QUEUE = "sources"
ACTIVE = ["PENDING", "ENQUEUED", "DELAYED"]
RETRIES = 12
"""Attempts of ``recognise`` while disk or database are away: about twenty minutes in all."""

Step = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableSettings:
    """How this process takes part in durable work.

    ``listens``: whether it takes queued sources (a worker) or only runs its own (a command).
    """

    url: str
    executor_id: str
    listens: bool
    parallel_sources: int = 4
    dead_after: timedelta = timedelta(seconds=60)


class BoundSteps:
    """The pipeline's steps, each checkpointed by the durable engine."""

    def __init__(self, tools: Tools, datasource: SQLAlchemyDatasource) -> None:
        self.tools = tools
        self.datasource = datasource
        self.start_workflow: Callable[[str], None] = lambda _document_id: None
        sqlite = tools.database.engine.dialect.name == "sqlite"
        self._isolation = "SERIALIZABLE" if sqlite else "READ COMMITTED"

    def _transaction(self, name: str, step: Step, subject_id: str, *more: str) -> Any:  # noqa: ANN401
        def body() -> Any:  # noqa: ANN401  whatever the step answers
            session = self.datasource.sql_session()
            return step(session, self.tools, subject_id, *more)

        options: Any = {"name": name, "isolation_level": self._isolation}
        return self.datasource.run_tx_step(options, body)

    def recognise(self, source_id: str) -> bool:
        """The one step outside a transaction; tried again while disk or database are away."""
        return DBOS.run_step(
            {
                "name": "recognise",
                "retries_allowed": True,
                "max_attempts": RETRIES,
                "interval_seconds": 0.5,
                "backoff_rate": 2.0,
                "should_retry": _may_pass,
            },
            recognise,
            self.tools,
            source_id,
        )

    def cut(self, source_id: str) -> list[str]:
        """Documents of the source's pages."""
        ids: list[str] = self._transaction("cut", cut.cut, source_id)
        return ids

    def start_document(self, document_id: str) -> None:
        """Begin the document's workflow; it goes on by itself."""
        self.start_workflow(document_id)

    def classify(self, document_id: str) -> None:
        """Which Schlagworte."""
        self._transaction("classify", classify.classify, document_id)

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

    def hand_over(self, document_id: str, error: str) -> None:
        """To the clearing desk, because a step failed."""
        self._transaction("hand_over", failure.hand_over, document_id, error)


def _may_pass(error: BaseException) -> bool:
    """Whether trying again may help: a full disk, a database that went away."""
    return isinstance(error, OSError) or (isinstance(error, EakteError) and error.retryable)


class Durable:
    """Durable work of this process; one at a time in a process."""

    def __init__(self, tools: Tools, settings: DurableSettings) -> None:
        self.tools = tools
        self.settings = settings
        config = DBOSConfig(
            name="eakte",
            system_database_url=settings.url,
            application_version=PIPELINE_VERSION,
            executor_id=settings.executor_id,
            log_level="ERROR",
            enable_otlp=False,
        )
        _use_wal(settings.url)
        DBOS(config=config)
        datasource = SQLAlchemyDatasource.create(
            tools.database.engine.url.render_as_string(hide_password=False),
            engine=tools.database.engine,
            sessionmaker=tools.database.session_maker,
        )
        self.steps = BoundSteps(tools, datasource)
        self._source = self._workflow("source", self._run_source)
        self._document = self._workflow("document", self._run_document)
        self.steps.start_workflow = self._start_document
        if not settings.listens:
            DBOS.listen_queues([])

    # -- the workflows ----------------------------------------------------------------------

    @staticmethod
    def _workflow(name: str, run: Callable[[str], None]) -> Callable[[str], None]:
        """Register ``run``; restarts never count as attempts, so there is no limit to them."""

        @DBOS.workflow(name=name, max_recovery_attempts=None)
        def workflow(subject_id: str) -> None:
            run(subject_id)

        return workflow

    def _run_source(self, source_id: str) -> None:
        process_source(self.steps, source_id)

    def _run_document(self, document_id: str) -> None:
        try:
            process_document(self.steps, document_id)
        except (SQLAlchemyError, OSError):
            raise  # the surroundings failed, not the document: it is taken up again
        except Exception as error:
            if isinstance(error, EakteError) and error.retryable:
                raise
            log.exception("document.failed", document=document_id)
            self.steps.hand_over(document_id, type(error).__name__)

    def _start_document(self, document_id: str) -> None:
        with SetWorkflowID(f"document:{document_id}"):
            DBOS.start_workflow(self._document, document_id)

    # -- life -------------------------------------------------------------------------------

    def launch(self) -> None:
        """Begin; work that this executor left unfinished goes on."""
        self.beat()
        DBOS.launch()
        if self.settings.listens:
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=self.settings.parallel_sources,
                polling_interval_sec=0.2,
            )

    def close(self, *, seconds: int = 0) -> None:
        """End; what is unfinished goes on at the next launch, or at another worker."""
        DBOS.destroy(workflow_completion_timeout_sec=seconds)
        with self.tools.database.write() as session:
            if not self.settings.listens:
                Heartbeats(session).forget(self.settings.executor_id)

    # -- starting work ----------------------------------------------------------------------

    def enqueue(self, source_id: str) -> None:
        """Let a worker take the source; a second call changes nothing."""
        with SetWorkflowID(f"source:{source_id}"):
            DBOS.enqueue_workflow(QUEUE, self._source, source_id)

    def start(self, source_id: str) -> WorkflowHandle[None]:
        """Run the source in this process, at once."""
        with SetWorkflowID(f"source:{source_id}"):
            return DBOS.start_workflow(self._source, source_id)

    def wait_for_source(self, source_id: str) -> None:
        """Return once the source's workflow has ended, in whichever process it runs."""
        DBOS.get_result(f"source:{source_id}")

    def wait_for_document(self, document_id: str) -> None:
        """Return once the document's workflow has ended, in whichever process it runs."""
        DBOS.get_result(f"document:{document_id}")

    # -- nothing is forgotten ---------------------------------------------------------------

    def beat(self) -> None:
        """Say that this process lives."""
        with self.tools.database.write() as session:
            Heartbeats(session).beat(self.settings.executor_id, self.tools.database.clock.now())

    def rescue(self) -> int:
        """Take over the unfinished work of executors that died; returns how many workflows."""
        since = self.tools.database.clock.now() - self.settings.dead_after
        with self.tools.database.read() as session:
            dead = list(Heartbeats(session).dead(since))
        rescued = 0
        for executor_id in dead:
            for workflow in DBOS.list_workflows(
                status="PENDING", executor_id=executor_id, load_input=False, load_output=False
            ):
                DBOS.resume_workflow(workflow.workflow_id)
                rescued += 1
            with self.tools.database.write() as session:
                Heartbeats(session).forget(executor_id)
        return rescued

    def resume_forgotten(self, older_than: timedelta) -> int:
        """Begin anew what is unfinished and in nobody's hands; returns how many.

        That is: received but never queued (a crash between the two), or given up after the
        database or the disk had been away too long.
        """
        before = self.tools.database.clock.now() - older_than
        with self.tools.database.read() as session:
            waiting = [
                ("source", row.id)
                for row in Sources(session).in_state(STEP, "received", "recognised")
                if row.changed_at <= before
            ]
            waiting += [
                ("document", document_id)
                for document_id in Documents(session).in_state(STEP, *UNDELIVERED)
            ]
        if not waiting:
            return 0
        active = {
            _subject(workflow.workflow_id)
            for workflow in DBOS.list_workflows(status=ACTIVE, load_input=False, load_output=False)
        }
        resumed = 0
        for kind, subject_id in waiting:
            if (kind, subject_id) not in active:
                self._begin_anew(kind, subject_id)
                resumed += 1
        return resumed

    def _begin_anew(self, kind: str, subject_id: str) -> None:
        name = f"{kind}:{subject_id}"
        tries = len(
            DBOS.list_workflows(workflow_id_prefix=name, load_input=False, load_output=False)
        )
        with SetWorkflowID(f"{name}:{tries}" if tries else name):
            DBOS.enqueue_workflow(
                QUEUE, self._source if kind == "source" else self._document, subject_id
            )


def _subject(workflow_id: str) -> tuple[str, str]:
    kind, _, rest = workflow_id.partition(":")
    return kind, rest.partition(":")[0]


def _use_wal(url: str) -> None:
    """Journal mode is kept in the file: readers and the writer of other processes don't wait."""
    if make_url(url).get_backend_name() != "sqlite":
        return
    engine = create_engine(url)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA journal_mode=WAL"))
    with engine.connect():
        pass
    engine.dispose()

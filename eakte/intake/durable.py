"""The one place where the pipeline meets the durable engine (DBOS).

Workflows are named after what they work on (``source:ID``, ``document:ID``), so that starting one
twice changes nothing.  :mod:`eakte.intake.bound_steps` checkpoints the steps.

Nothing is forgotten: an executor that dies leaves its workflows pending, and :meth:`Durable.rescue`
gives them to a worker; what was committed but never queued, or given up because disk or database
were away too long, is begun anew by :meth:`Durable.resume_forgotten`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource
from dbos import error as dbos_errors
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from eakte.errors import EakteError
from eakte.intake.bound_steps import BoundSteps
from eakte.intake.pipeline import PIPELINE_VERSION, process_document, process_source
from eakte.intake.surroundings import is_passing, told_to_the_desk
from eakte.intake.tools import STEP, Tools
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Heartbeats
from eakte.repositories.rights import UNDELIVERED
from eakte.repositories.sources import Sources

log = structlog.get_logger(__name__)

QUEUE = "sources"
OUT_OF_REACH = (SQLAlchemyError, dbos_errors.DBOSException)
"""What calls of :class:`Durable` raise while its database is away."""

ACTIVE = ["PENDING", "ENQUEUED", "DELAYED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableSettings:
    """How this process takes part in durable work.

    ``listens``: whether it takes queued sources (a worker) or only runs its own (a command).
    """

    url: str
    executor_id: str
    listens: bool
    parallel_sources: int = 4
    heartbeat_seconds: float = 5.0
    dead_after: timedelta = timedelta(seconds=60)


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
        self.steps.start_member = self.enqueue if settings.listens else self.start
        self._running: set[str] = set()
        self._not_running_before: frozenset[str] = frozenset()
        self._closing = threading.Event()
        self._beating = threading.Thread(target=self._keep_beating, name="heartbeat", daemon=True)
        if not settings.listens:
            DBOS.listen_queues([])

    # -- the workflows ----------------------------------------------------------------------

    def _workflow(self, name: str, run: Callable[[str], None]) -> Callable[[str], None]:
        """Register ``run``; restarts never count as attempts, so there is no limit to them."""

        @DBOS.workflow(name=name, max_recovery_attempts=None)
        def workflow(subject_id: str) -> None:
            workflow_id = DBOS.workflow_id or ""
            self._running.add(workflow_id)
            try:
                run(subject_id)
            finally:
                self._running.discard(workflow_id)

        return workflow

    def _run_source(self, source_id: str) -> None:
        try:
            process_source(self.steps, source_id)
        except Exception as error:
            if self._is_taken_up_again(error):
                raise
            log.exception("source.failed", source=source_id)
            self.steps.set_aside(source_id, *told_to_the_desk(error))

    def _run_document(self, document_id: str) -> None:
        try:
            if not self.steps.at_once(document_id):
                process_document(self.steps, document_id)
        except Exception as error:
            if self._is_taken_up_again(error):
                raise
            log.exception("document.failed", document=document_id)
            self.steps.hand_over(document_id, type(error).__name__)

    def _is_taken_up_again(self, error: Exception) -> bool:
        """While this process ends its parts close one by one: what then fails says nothing."""
        return self._closing.is_set() or is_passing(error)

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
        self._beating.start()

    def close(self, *, seconds: int = 0) -> None:
        """End; what is unfinished goes on at the next launch, or at another worker."""
        self._closing.set()
        DBOS.destroy(workflow_completion_timeout_sec=seconds)
        if self._beating.is_alive():  # a beat after the next lines would bring the host back
            self._beating.join()
        if not self.settings.listens:
            with self.tools.database.write() as session:
                Heartbeats(session).forget(self.settings.executor_id)

    def _keep_beating(self) -> None:
        while not self._closing.wait(self.settings.heartbeat_seconds):
            try:
                self.beat()
            except (EakteError, SQLAlchemyError) as error:
                log.warning("heartbeat.failed", reason=str(error))

    # -- starting work ----------------------------------------------------------------------

    def enqueue(self, source_id: str) -> None:
        """Let a worker take the source; a second call changes nothing."""
        with SetWorkflowID(f"source:{source_id}"):
            DBOS.enqueue_workflow(QUEUE, self._source, source_id)

    def start(self, source_id: str) -> None:
        """Run the source in this process, at once."""
        with SetWorkflowID(f"source:{source_id}"):
            DBOS.start_workflow(self._source, source_id)

    def take_up(self, kind: str, subject_id: str) -> None:
        """Run a ``source`` or ``document`` in this process that no workflow works on any more."""
        with SetWorkflowID(self._next_name(kind, subject_id)):
            DBOS.start_workflow(self._source if kind == "source" else self._document, subject_id)

    def read_anew(self, document_id: str) -> None:
        """Run a document again in this process, unless a workflow is at it already."""
        if self.has_ended("document", document_id):
            self.take_up("document", document_id)

    def has_ended(self, kind: str, subject_id: str) -> bool:
        """Whether no workflow on the ``source`` or ``document`` goes on, in whichever process."""
        return not DBOS.list_workflows(
            workflow_id_prefix=f"{kind}:{subject_id}",
            status=ACTIVE,
            load_input=False,
            load_output=False,
            limit=1,
        )

    def why_given_up(self, kind: str, subject_id: str) -> Exception | None:
        """The error with which the last workflow on it ended, if it ended with one."""
        ended = DBOS.list_workflows(
            workflow_id_prefix=f"{kind}:{subject_id}", sort_desc=True, limit=1, load_input=False
        )
        return ended[0].error if ended else None

    # -- nothing is forgotten ---------------------------------------------------------------

    def beat(self) -> None:
        """Say that this process lives."""
        with self.tools.database.write() as session:
            Heartbeats(session).beat(self.settings.executor_id, self.tools.database.clock.now())

    def rescue(self) -> int:
        """Take up what was begun and is in nobody's hands any more; returns how many workflows.

        That is: pending with an executor that shows no life, or with this one, which does not run
        it (the disk was full when it was to write down how the workflow ended).
        """
        since = self.tools.database.clock.now() - self.settings.dead_after
        with self.tools.database.write() as session:
            living = Heartbeats(session).living(since)
            Heartbeats(session).forget_before(since)
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        not_running = frozenset(
            workflow.workflow_id
            for workflow in pending
            if workflow.executor_id == self.settings.executor_id
            and workflow.workflow_id not in self._running
        )
        # Seen twice: in between lies the moment from being taken to being run.
        lost = not_running & self._not_running_before
        self._not_running_before = not_running
        lost |= {one.workflow_id for one in pending if one.executor_id not in living}
        for workflow_id in lost:
            DBOS.resume_workflow(workflow_id, queue_name=QUEUE)
        return len(lost)

    def resume_forgotten(self, older_than: timedelta) -> int:
        """Begin anew what is unfinished and has no workflow; returns how many.

        That is: received but never queued (a crash between the two), begun by another version of
        the pipeline, given up after the database or the disk had been away too long, or turned at
        the page desk and to be read again.
        """
        before = self.tools.database.clock.now() - older_than
        with self.tools.database.read() as session:
            waiting = [
                ("source", row.id)
                for row in Sources(session).in_state(STEP, "received", "recognised")
                if row.changed_at <= before
            ]
            documents = Documents(session)
            unfinished = documents.in_state(STEP, *UNDELIVERED)
            turned = documents.waiting_to_be_read(STEP)
            waiting += [("document", one) for one in dict.fromkeys((*unfinished, *turned))]
        if not waiting:
            return 0
        active = {
            _subject(workflow.workflow_id)
            for workflow in DBOS.list_workflows(
                status=ACTIVE, app_version=PIPELINE_VERSION, load_input=False, load_output=False
            )
        }
        forgotten = [one for one in waiting if one not in active]
        for kind, subject_id in forgotten:
            self._begin_anew(kind, subject_id)
        return len(forgotten)

    def _begin_anew(self, kind: str, subject_id: str) -> None:
        with SetWorkflowID(self._next_name(kind, subject_id)):
            DBOS.enqueue_workflow(
                QUEUE, self._source if kind == "source" else self._document, subject_id
            )

    @staticmethod
    def _next_name(kind: str, subject_id: str) -> str:
        """A workflow id that none had before: the same one again would only answer as it did."""
        name = f"{kind}:{subject_id}"
        tries = len(
            DBOS.list_workflows(workflow_id_prefix=name, load_input=False, load_output=False)
        )
        return f"{name}:{tries}" if tries else name


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

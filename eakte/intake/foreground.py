"""Sources taken through the whole flow while somebody waits (``eakte intake``).

Works beside a running server and without one; a result is told once the document is searchable.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from eakte.domain.rights import CLEARING
from eakte.errors import Busy, EakteError, IntakeError, Unavailable
from eakte.intake.durable import Durable
from eakte.intake.indexer import INDEXER, Indexer
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Document, Source
from eakte.repositories import codec
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.outbox import Outbox
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.rights import UNDELIVERED
from eakte.repositories.sources import Sources
from eakte.repositories.stacks import WAITING
from eakte.services.arrivals import UNOPENED

GIVEN_UP = "Die Verarbeitung ist unterbrochen ({error}); „eakte worker“ nimmt sie wieder auf."

_STATUS = {"duplicate": "duplicate", "unopened": "unopened", WAITING: "clearing"}
_WAITS = ("cuts", "Wo ein neuer Brief beginnt, ist unsicher; die Scanstelle entscheidet es.")

_PATIENCE = 0.05
_FIRST_SECONDS = 60.0
"""How long the tale of a duplicate waits for its first, which another process may have."""

_INDEX_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One object of ``eakte intake --json``; ``reason`` is (code, message)."""

    source: str
    status: str
    received: date
    seconds: float
    searchable: bool = True
    """False: the index is being made, and what was delivered follows into it."""
    source_pages: tuple[int, ...] = ()
    document_id: str | None = None
    reason: tuple[str, str] | None = None
    pages: int = 0
    blank_pages: int = 0
    schlagworte: tuple[dict[str, Any], ...] = ()
    case_file: dict[str, Any] = field(default_factory=dict)
    postbox: str | None = None
    copies: tuple[str, ...] = ()
    deputy_for: str | None = None
    deadlines: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object as ``docs/command-line.md`` fixes it."""
        return {
            "source": self.source,
            "source_pages": list(self.source_pages),
            "document_id": self.document_id,
            "status": self.status,
            "reason": None
            if self.reason is None
            else {"code": self.reason[0], "message": self.reason[1]},
            "pages": self.pages,
            "blank_pages": self.blank_pages,
            "received": self.received.isoformat(),
            "schlagworte": list(self.schlagworte),
            "case_file": self.case_file or _no_case_file(),
            "postbox": self.postbox,
            "copies": list(self.copies),
            "deputy_for": self.deputy_for,
            "deadlines": list(self.deadlines),
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True, slots=True)
class Foreground:
    """Starts sources in this process, a few ahead, and tells of each in order."""

    tools: Tools
    durable: Durable
    indexer: Indexer
    day: date
    """When what could not be taken came in; what was taken knows it itself."""
    waited_in_vain: threading.Event = field(default_factory=threading.Event)
    """The index was held for so long that it is waited for no more."""

    def run(self, sources: Iterable[tuple[str, str | IntakeError]], ahead: int) -> Iterator[Result]:
        """``sources`` are (path as given, source id or why there is none)."""
        waiting: deque[tuple[str, str | IntakeError, float]] = deque()
        for path, source in sources:
            if isinstance(source, str) and self._source(source).state == "received":
                self.durable.start(source)
            waiting.append((path, source, time.monotonic()))
            if len(waiting) > ahead:
                yield from self._finish(*waiting.popleft())
        while waiting:
            yield from self._finish(*waiting.popleft())

    def _source(self, source_id: str) -> Source:
        with self.tools.database.read() as session:
            return the(Sources(session).get(STEP, source_id), "source")

    def _members(self, source_id: str) -> list[tuple[str, str]]:
        """What the source unfolded into: each member's name after the archive's, and its id."""
        with self.tools.database.read() as session:
            sources = Sources(session)
            parent = the(sources.get(STEP, source_id), "source")
            return [
                (member.name.removeprefix(parent.name), member.id)
                for member in sources.members(STEP, source_id)
            ]

    def _document_ids(self, source_id: str) -> list[str]:
        with self.tools.database.read() as session:
            return [one.id for one in Documents(session).of_source(STEP, source_id)]

    def _finish(self, path: str, source: str | IntakeError, begun: float) -> Iterator[Result]:
        if isinstance(source, IntakeError):
            yield _not_taken(path, self.day, (source.reason, str(source)), begun)
            return
        first = self._source(source).duplicate_of
        if first is not None:
            self._wait(first, until=time.monotonic() + _FIRST_SECONDS)
        self._wait(source)
        documents = self._document_ids(source)
        failure = self._given_up(source, documents)
        if failure is not None:
            yield _not_taken(path, self._source(source).received_here, failure, begun)
            return
        for name, member in self._members(source):
            yield from self._finish(f"{path}{name}", member, begun)
        if self._source(source).state == "unfolded":
            return
        searchable = self._wait_for_index(documents)
        seconds = time.monotonic() - begun
        with self.tools.database.read() as session:
            row = the(Sources(session).get(STEP, source), "source")
            told = _told(session, path, row, seconds)
        yield from (replace(one, searchable=searchable) for one in told)

    def _wait(self, source_id: str, until: float = math.inf) -> None:
        """Until the source's workflows have ended, in whichever process they run."""
        while not self._has_ended(source_id) and time.monotonic() < until:
            time.sleep(_PATIENCE)

    def _has_ended(self, source_id: str) -> bool:
        return self.durable.has_ended("source", source_id) and all(
            self.durable.has_ended("document", one) for one in self._document_ids(source_id)
        )

    def _given_up(self, source_id: str, document_ids: list[str]) -> tuple[str, str] | None:
        """Code and sentence where the work ended before its time; a worker takes it up again."""
        with self.tools.database.read() as session:
            unfinished = set(Documents(session).in_state(STEP, *UNDELIVERED))
        steps = [("document", one) for one in document_ids if one in unfinished]
        if self._source(source_id).state in ("received", "recognised"):
            steps.append(("source", source_id))
        for kind, subject_id in steps:
            error = self.durable.why_given_up(kind, subject_id)
            code = error.code if isinstance(error, EakteError) else "failed"
            return code, GIVEN_UP.format(error=error or "abgebrochen")
        return None

    def _wait_for_index(self, document_ids: list[str]) -> bool:
        """Empty the outbox here, or wait for the server that holds the writer.

        False where it holds it for long, because it makes the index anew: nobody waits for that a
        second time.  Raises ``Unavailable`` where the index can't be written for long otherwise.
        The documents are delivered all the same, and follow into the index once it can.
        """
        until = time.monotonic() + (0.0 if self.waited_in_vain.is_set() else _INDEX_SECONDS)
        while True:
            failure: Unavailable | None = None
            try:
                self.indexer.drain()
            except Unavailable as error:
                failure = error
            with self.tools.database.read() as session:
                outbox = Outbox(session)
                if not any(outbox.is_waiting(INDEXER, one) for one in document_ids):
                    self.waited_in_vain.clear()
                    return True
            if failure is not None and time.monotonic() > until:
                if not isinstance(failure, Busy):
                    raise failure
                self.waited_in_vain.set()
                return False
            time.sleep(_PATIENCE)


def _not_taken(path: str, received: date, reason: tuple[str, str], begun: float) -> Result:
    return Result(
        source=path,
        status="quarantined",
        received=received,
        reason=reason,
        seconds=time.monotonic() - begun,
    )


def _told(session: EakteSession, path: str, row: Source, seconds: float) -> list[Result]:
    """Every document and every separator sheet of a source, in the order of its pages."""
    results = [
        _with_document(session, path, document, seconds)
        for document in Documents(session).of_source(STEP, row.id)
    ]
    results += [
        Result(
            source=path,
            status="separator",
            received=row.received_here,
            source_pages=(number,),
            pages=1,
            seconds=seconds,
        )
        for number in Sources(session).separators(STEP, row.id)
    ]
    results.sort(key=lambda one: one.source_pages)
    return results or [_without_document(session, path, row, seconds)]


def _without_document(session: EakteSession, path: str, row: Source, seconds: float) -> Result:
    first = None
    if row.state == "duplicate" and row.duplicate_of is not None:
        made = Documents(session).of_source(STEP, row.duplicate_of)
        first = made[0].id if made else None
    return Result(
        source=path,
        status=_STATUS.get(row.state, "quarantined"),
        received=row.received_here,
        document_id=first,
        source_pages=tuple(range(1, (row.page_count or 0) + 1)),
        reason=_WAITS if row.state == WAITING else (row.reason_code or "", row.reason or ""),
        pages=row.page_count or 0,
        seconds=seconds,
    )


def _with_document(session: EakteSession, path: str, document: Document, seconds: float) -> Result:
    documents, postboxes = Documents(session), Postboxes(session)
    pages = documents.pages(STEP, document.id)
    kept = sum(not listed.removed for listed, _ in pages)
    entry = postboxes.first_places(STEP, [document.id]).get(document.id)
    postbox = entry.postbox if entry else None
    closed = documents.kept(STEP, document.id, UNOPENED)
    code = closed[0]["code"] if closed else "clearing"
    reason = (code, document.clearing_reason) if document.clearing_reason else None
    return Result(
        source=path,
        source_pages=tuple(page.number for _, page in pages),
        document_id=document.id,
        status="clearing" if postbox == CLEARING else document.state,
        reason=reason,
        pages=kept,
        blank_pages=len(pages) - kept,
        received=document.received_here,
        schlagworte=_schlagworte(documents, document),
        case_file=_case_file(documents, document.id),
        postbox=postbox,
        copies=tuple(postboxes.copies_of(STEP, document.id)),
        deputy_for=entry.deputy_for if entry else None,
        deadlines=tuple(
            codec.deadline_to_json(one) for one in documents.deadlines(STEP, document.id)
        ),
        seconds=seconds,
    )


def _schlagworte(documents: Documents, document: Document) -> tuple[dict[str, Any], ...]:
    """The document's Schlagworte with the evidence that the rules had for them."""
    found = {one.schlagwort: one for one in documents.schlagwort_findings(STEP, document.id)}
    return tuple(
        codec.schlagwort_to_json(found[row.schlagwort])
        for row in documents.schlagworte(STEP, document.id)
        if row.schlagwort in found
    )


def _no_case_file() -> dict[str, Any]:
    return {
        "aktenzeichen": None,
        "provisional": False,
        "score": 0.0,
        "evidence": [],
        "candidates": [],
    }


def _case_file(documents: Documents, document_id: str) -> dict[str, Any]:
    finding = documents.case_finding(STEP, document_id)
    if finding is None:
        return _no_case_file()
    filings = documents.filings(STEP, [document_id])[document_id]
    chosen = finding.chosen
    return {
        "aktenzeichen": chosen.aktenzeichen if chosen else None,
        "provisional": bool(filings and filings[0][1].provisional),
        "score": round(chosen.score, 4) if chosen else 0.0,
        "evidence": [codec.evidence_to_json(one) for one in chosen.evidence] if chosen else [],
        "candidates": [
            {
                "aktenzeichen": one.aktenzeichen,
                "score": round(one.score, 4),
                "evidence": [codec.evidence_to_json(item) for item in one.evidence],
            }
            for one in finding.candidates
        ],
    }

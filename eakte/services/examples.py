"""Corrections of the desk as labelled examples: kept, made nameless, handed out, deleted.

What a person changes is noted at once, without text; the worker adds the text afterwards, with
placeholders in the places of names and numbers.  Nothing is kept of protected files and closed
SubFiles, nor for longer than the setting says.  Source: § 67c SGB X, see docs/adr/0127.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from eakte.domain.examples import ExampleKind, LabelledExample
from eakte.domain.facts import FactKind
from eakte.domain.findings import CaseFileFinding
from eakte.domain.ids import new_id
from eakte.domain.pages import Box, PageText, Word
from eakte.domain.rights import Reader, system_reader
from eakte.language.pseudonyms import known_from, pseudonymised
from eakte.models import Document, Example
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.examples import Examples as ExampleRows
from eakte.repositories.register_terms import RegisterTerms
from eakte.repositories.sources import Sources

KEEPER = system_reader("examples")
EVERY_SECONDS = 20.0
_AT_ONCE = 20
_MONTHS_A_YEAR = 12
_LAST_SAFE_DAY = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long corrections are kept (months; 0: not at all) and how many pages of each."""

    months: int = 12
    pages: int = 20

    def until(self, today: date) -> date:
        """The day of deletion of what is kept today."""
        months = today.year * _MONTHS_A_YEAR + today.month - 1 + self.months
        return date(
            months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, min(today.day, _LAST_SAFE_DAY)
        )


@dataclass(frozen=True, slots=True)
class Corrections:
    """Notes what a person decided otherwise than the machine, within the caller's transaction."""

    session: EakteSession
    keeping: Keeping
    closed_subfiles: frozenset[str]

    def schlagwort(self, reader: Reader, document: Document, label: str) -> None:
        """A person filed it under ``label``; what the rules suggested themselves is no example."""
        findings = Documents(self.session).schlagwort_findings(KEEPER, document.id)
        if not findings:
            return
        first = findings[0]
        rows = [
            {
                "schlagwort": one.schlagwort,
                "score": round(one.score, 4),
                "rules": sorted({item.rule for item in one.evidence}),
            }
            for one in findings
        ]
        self._settle(
            reader, document, ExampleKind.SCHLAGWORT, first.schlagwort, first.score, label, rows
        )

    def case_file(self, reader: Reader, document: Document, case_file_id: str | None) -> None:
        """A person said whose it is: ``case_file_id``, or nobody's.

        A finding that was overruled (Fehlablage) teaches nothing: what is left of it is not what
        the machine had suggested.
        """
        finding = Documents(self.session).case_finding(KEEPER, document.id)
        ranked = _ranked(finding) if finding and not finding.overruled else []
        if not ranked:
            return
        ids = [one.case_file_id for one in ranked]
        label = "none" if case_file_id is None else "other"
        if case_file_id in ids:
            label = str(ids.index(case_file_id) + 1)
        rows = [
            {
                "place": place,
                "score": round(one.score, 4),
                "facts": sorted(one.facts),
                "contradictions": len(one.contradictions),
            }
            for place, one in enumerate(ranked, start=1)
        ]
        self._settle(reader, document, ExampleKind.CASE_FILE, "1", ranked[0].score, label, rows)

    def fact(
        self,
        reader: Reader,
        document: Document,
        kind: FactKind,
        *,
        suggested: str,
        score: float,
        label: str | None,
        findings: list[dict[str, Any]],
    ) -> None:
        """A person said what a fact is; ``label`` None: just what was read."""
        right = suggested if label is None else label
        self._settle(reader, document, kind, suggested, score, right, findings)

    def forget(self, reader: Reader, document_id: str, reason: str) -> int:
        """Delete the examples made of a document (its erasure, an undo); returns how many."""
        found = ExampleRows(self.session).of_document(KEEPER, document_id)
        for example in found:
            _delete(self.session, reader, example, reason)
        return len(found)

    def _settle(  # noqa: PLR0917  one example, its parts in order
        self,
        reader: Reader,
        document: Document,
        kind: ExampleKind | FactKind,
        suggested: str,
        score: float,
        label: str,
        findings: list[dict[str, Any]],
    ) -> None:
        """One example a document and kind; the last decision counts."""
        rows = ExampleRows(self.session)
        for old in rows.of_document(KEEPER, document.id):
            if old.kind == kind:
                _delete(self.session, reader, old, "decided_anew")
        if label == suggested or not self.keeping.months:
            return
        if is_closed(self.session, document.id, self.closed_subfiles):
            return
        clock = self.session.trail.clock
        example = Example(
            id=new_id(),
            document_id=document.id,
            kind=str(kind),
            suggested=suggested,
            score=score,
            label=label,
            findings=findings,
            rule_version=rows.rules_version(KEEPER, document.id),
            pages=None,
            made_at=clock.now(),
            delete_after=self.keeping.until(clock.today()),
        )
        rows.add(example)
        AuditLog(self.session).note(
            reader,
            "example.keep",
            "example",
            example.id,
            details={
                "document": document.id,
                "kind": example.kind,
                "suggested": suggested,
                "label": label,
            },
        )


Settle = Callable[[EakteSession, Example, Sequence[PageText]], None]
"""Finishes an example from the pages while they still have their names."""


def _nothing_to_settle(
    _session: EakteSession, _example: Example, _pages: Sequence[PageText]
) -> None:
    return


@dataclass(frozen=True, slots=True)
class Examples:
    """The worker's side: texts without names, deletion in time; and the operator's: the export."""

    database: Database
    keeping: Keeping
    closed_subfiles: frozenset[str]
    settle: Settle = _nothing_to_settle

    def run(self, stop: threading.Event) -> None:
        """Keep house until ``stop`` is set."""
        while not stop.wait(EVERY_SECONDS):
            self.keep_house()

    def keep_house(self) -> None:
        """Delete what has outlived its day, add texts, find case files by what is typed."""
        while self.delete_outlived() == _AT_ONCE:
            continue
        while self.add_texts() == _AT_ONCE:
            continue
        while self._fill_register_terms():
            continue

    def delete_outlived(self) -> int:
        """Delete examples whose day has come; audited one by one; returns how many."""
        today = self.database.clock.today()
        with self.database.read() as session:
            due = len(ExampleRows(session).outlived(KEEPER, today, 1))
        if not due:
            return 0
        with self.database.write() as session:
            outlived = ExampleRows(session).outlived(KEEPER, today, _AT_ONCE)
            for example in outlived:
                _delete(session, KEEPER, example, "outlived")
            return len(outlived)

    def add_texts(self) -> int:
        """Give new examples their text without names; returns how many were looked at."""
        with self.database.read() as session:
            waiting = [
                (one.id, one.document_id) for one in ExampleRows(session).unread(KEEPER, _AT_ONCE)
            ]
        for example_id, document_id in waiting:
            with self.database.read() as session:
                closed = is_closed(session, document_id, self.closed_subfiles)
                named = () if closed else self._pages(session, document_id)
                pages = self._nameless(session, document_id, named) if named else ()
            with self.database.write() as session:
                example = session.get(Example, example_id, with_for_update=True)
                if example is None:
                    continue  # decided anew, or its document was erased, meanwhile
                if pages:
                    example.pages = pack(pages)
                    self.settle(session, example, named)
                else:
                    _delete(session, KEEPER, example, "closed" if closed else "no_text")
        return len(waiting)

    def all_of(self, kind: ExampleKind | FactKind) -> Iterator[LabelledExample]:
        """Every example of a kind, in the order in which they were made."""
        with self.database.read() as session:
            for row in ExampleRows(session).ready(KEEPER, kind):
                yield LabelledExample(
                    id=row.id,
                    kind=kind,
                    pages=unpack(row.pages or b""),
                    label=row.label,
                    suggested=row.suggested,
                    score=row.score,
                    rule_version=row.rule_version,
                    delete_after=row.delete_after,
                    places=tuple(row.findings) if isinstance(kind, FactKind) else (),
                )

    def export(self, reader: Reader, folder: Path) -> int:
        """Write the corrected Schlagworte for ``eakte rules test``; returns how many files.

        One folder a Schlagwort, one JSON file a document; audited.
        """
        return self._write(
            reader,
            folder,
            "all",
            (ExampleKind.SCHLAGWORT,),
            lambda row: (row.label, zlib.decompress(row.pages or b"")),
        )

    def export_facts(self, reader: Reader, folder: Path) -> int:
        """Write the corrected facts for whoever measures their reading; returns how many files.

        One folder a kind of fact, one JSON file a document, with the places; audited.
        """
        return self._write(reader, folder, "facts", sorted(FactKind), _fact_file)

    def _write(
        self,
        reader: Reader,
        folder: Path,
        subject: str,
        kinds: Iterable[ExampleKind | FactKind],
        written: Callable[[Example], tuple[str, bytes]],
    ) -> int:
        """One file an example, in the folder and with the bytes that ``written`` says."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = 0
        with self.database.read() as session:
            for row in chain.from_iterable(
                ExampleRows(session).ready(KEEPER, one) for one in kinds
            ):
                name, content = written(row)
                (folder / name).mkdir(exist_ok=True)
                (folder / name / f"{row.id}.json").write_bytes(content)
                count += 1
        with self.database.write() as session:
            AuditLog(session).note(
                reader, "example.export", "example", subject, details={"files": count}
            )
        return count

    def _pages(self, session: EakteSession, document_id: str) -> tuple[PageText, ...]:
        ids = Documents(session).kept_page_ids(KEEPER, [document_id])[document_id]
        texts = Sources(session).texts(KEEPER, ids[: self.keeping.pages])
        pages = tuple(texts[one].turned(texts[one].turn) for one in ids[: self.keeping.pages])
        return pages if any(page.words for page in pages) else ()

    @staticmethod
    def _nameless(
        session: EakteSession, document_id: str, pages: tuple[PageText, ...]
    ) -> tuple[PageText, ...]:
        documents, rows = Documents(session), ExampleRows(session)
        filings = documents.filings(KEEPER, [document_id])[document_id]
        filed = [filing.case_file_id for filing, _ in filings]
        finding = documents.case_finding(KEEPER, document_id)
        thought = [one.case_file_id for one in _ranked(finding)]
        thought += finding.overruled if finding else ()  # its pages may name them all the same
        names, places = rows.names_of(KEEPER, {*filed, *thought})
        for person in documents.people(KEEPER, [document_id])[document_id]:
            names += [person.first_name, person.last_name, person.former_names]
        known = known_from(names, places)
        return tuple(pseudonymised(page, known) for page in pages)

    def _fill_register_terms(self) -> int:
        with self.database.read() as session:
            if not RegisterTerms(session).missing(KEEPER):
                return 0
        with self.database.write() as session:
            return RegisterTerms(session).fill_missing(KEEPER)


def is_closed(session: EakteSession, document_id: str, closed_subfiles: frozenset[str]) -> bool:
    """Whether no example is kept of it: in a protected file or a closed SubFile, or in no file.

    Where there is no file, nothing says whose names are to be replaced.
    """
    filings = Documents(session).filings(KEEPER, [document_id])[document_id]
    return not filings or any(
        cover.protected or filing.sub_file in closed_subfiles for filing, cover in filings
    )


def pack(pages: tuple[PageText, ...]) -> bytes:
    """Pages in the format of ``eakte rules test``, compressed."""
    content = {
        "pages": [
            {
                "width_mm": page.width_mm,
                "height_mm": page.height_mm,
                "words": [
                    [word.text, *_sides(word.box), word.line, word.block] for word in page.words
                ],
            }
            for page in pages
        ]
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(blob: bytes) -> tuple[PageText, ...]:
    """The reverse of ``pack``."""
    return tuple(
        PageText(
            words=tuple(
                Word(text=text, box=Box(x0, y0, x1, y1), line=line, block=block)
                for text, x0, y0, x1, y1, line, block in page["words"]
            ),
            width_mm=page["width_mm"],
            height_mm=page["height_mm"],
        )
        for page in json.loads(zlib.decompress(blob))["pages"]
    )


def _fact_file(row: Example) -> tuple[str, bytes]:
    content = json.loads(zlib.decompress(row.pages or b""))
    content |= {"label": row.label, "suggested": row.suggested, "places": row.findings}
    return row.kind, json.dumps(content, ensure_ascii=False).encode()


def _sides(box: Box) -> list[float]:
    return [round(side, 4) for side in box.as_list()]


def _ranked(finding: CaseFileFinding | None) -> list[Any]:
    """The candidates with the chosen one first, each once."""
    if finding is None:
        return []
    first = [] if finding.chosen is None else [finding.chosen]
    known = {one.case_file_id for one in first}
    return [*first, *(one for one in finding.candidates if one.case_file_id not in known)]


def _delete(session: EakteSession, reader: Reader, example: Example, reason: str) -> None:
    AuditLog(session).note(
        reader,
        "example.delete",
        "example",
        example.id,
        details={"document": example.document_id, "reason": reason},
    )
    ExampleRows(session).delete(example)

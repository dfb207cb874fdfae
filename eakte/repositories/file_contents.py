"""The documents of one case file, a page of the list at a time, and what it can be narrowed by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from eakte.domain.facts import FactKind, first, settled
from eakte.domain.file_filters import FileFilter
from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    Document,
    DocumentPerson,
    FactCorrection,
    Filing,
    FindingRow,
    PersonRow,
    Source,
    VorgangDocument,
)
from eakte.repositories.facts import FACT, Facts, fact_from_json
from eakte.repositories.rights import document_visible, filed_visible

_SENDER = FactKind.SENDER.value
NOT_MERGED = Document.state != "merged"
"""Pages of one that was merged stand in another document."""
NEWEST_FIRST = (Document.received_here.desc(), Document.created_at.desc(), Document.id)


@dataclass(frozen=True, slots=True)
class Portion:
    """How many documents of the file lie in this SubFile, under this Schlagwort and Vorgang."""

    sub_file: str
    schlagwort: str | None
    vorgang_id: str | None
    count: int
    fresh: int


class FileContents:
    """Documents of a case file within a reader's rights."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def portions(
        self, reader: Reader, case_file_id: str, since: datetime | None
    ) -> Sequence[Portion]:
        """What the whole file holds for ``reader``; ``fresh``: filed after ``since``."""
        fresh = func.count().filter(Filing.filed_at > since if since is not None else false())
        kinds = (Filing.sub_file, Document.schlagwort, VorgangDocument.vorgang_id)
        rows = self.session.execute(
            select(*kinds, func.count(), fresh)
            .select_from(Filing)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .join(Document, Document.id == Filing.document_id)
            .outerjoin(VorgangDocument, VorgangDocument.document_id == Document.id)
            .where(Filing.case_file_id == case_file_id, NOT_MERGED, filed_visible(reader))
            .group_by(*kinds)
        )
        return [Portion(*row) for row in rows]

    def page(  # noqa: PLR0917  which part of which list
        self,
        reader: Reader,
        case_file_id: str,
        wanted: FileFilter,
        titled: Mapping[str, Collection[str]],
        since: datetime | None,
        after: str,
        limit: int,
    ) -> Sequence[tuple[Document, Filing]]:
        """Documents that ``wanted`` asks for, newest receipt first, those behind ``after``.

        ``after`` is the id of the last one that is shown ("": from the beginning); ``titled`` are
        the Schlagworte whose title has a word, by word.
        """
        conditions = (*_conditions(wanted, titled, since), *self._behind(reader, after))
        found: list[tuple[Document, Filing]] = []
        for part in self._in_order(case_file_id, conditions, limit * 3 // 2):
            rows = self.session.execute(
                select(Document, Filing)
                .join(Filing, Filing.document_id == Document.id)
                .join(CaseFile, CaseFile.id == Filing.case_file_id)
                .where(Filing.id.in_(part), filed_visible(reader))
                .order_by(*NEWEST_FIRST)
            )
            found += [(document, filing) for document, filing in rows]
            if len(found) >= limit:
                break
        return found[:limit]

    def _in_order(
        self, case_file_id: str, conditions: Iterable[ColumnElement[bool]], size: int
    ) -> Iterator[Sequence[str]]:
        """Ids of filings in the order of the list, so many at a time; whosever they are.

        A right costs many times what an order costs: it is asked for what a page may show, not for
        the whole file.
        """
        ids = self.session.scalars(
            select(Filing.id)
            .join(Document, Document.id == Filing.document_id)
            .where(Filing.case_file_id == case_file_id, NOT_MERGED, *conditions)
            .order_by(*NEWEST_FIRST)
        ).all()
        for start in range(0, len(ids), size):
            yield ids[start : start + size]

    def senders(self, reader: Reader, ids: Iterable[str]) -> dict[str, str]:
        """Who wrote each of the documents, as far as it was read or somebody said it."""
        wanted = list(ids)
        read: dict[str, list[dict[str, object]]] = {}
        for document_id, payload in self.session.execute(
            select(FindingRow.document_id, FindingRow.payload)
            .join(Document, Document.id == FindingRow.document_id)
            .where(
                Document.id.in_(wanted),
                FindingRow.kind == FACT,
                FindingRow.payload["kind"].as_string() == _SENDER,
                document_visible(reader),
            )
        ):
            read.setdefault(document_id, []).append(payload)
        said = Facts(self.session).corrections(reader, wanted)
        answer = {}
        for one in wanted:
            known = [fact_from_json(payload) for payload in read.get(one, ())]
            sender = first(settled(known, said.get(one, ())), FactKind.SENDER)
            if sender is not None:
                answer[one] = sender.value
        return answer

    def _behind(self, reader: Reader, after: str) -> list[ColumnElement[bool]]:
        last = self.session.execute(
            select(Document.received_here, Document.created_at, Document.id).where(
                Document.id == after, document_visible(reader)
            )
        ).one_or_none() if after else None  # fmt: skip
        if last is None:
            return []
        day, made, document_id = last
        return [
            or_(
                Document.received_here < day,
                and_(
                    Document.received_here == day,
                    or_(
                        Document.created_at < made,
                        and_(Document.created_at == made, Document.id > document_id),
                    ),
                ),
            )
        ]


def _conditions(
    wanted: FileFilter, titled: Mapping[str, Collection[str]], since: datetime | None
) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if wanted.sub_file:
        held.append(Filing.sub_file == wanted.sub_file)
    if wanted.schlagwort:
        held.append(Document.schlagwort == wanted.schlagwort)
    if wanted.vorgang_id:
        held.append(
            exists().where(
                VorgangDocument.document_id == Document.id,
                VorgangDocument.vorgang_id == wanted.vorgang_id,
            )
        )
    if wanted.received_from is not None:
        held.append(Document.received_here >= wanted.received_from)
    if wanted.received_to is not None:
        held.append(Document.received_here <= wanted.received_to)
    if wanted.only_new:
        held.append(Filing.filed_at > since if since is not None else false())
    if wanted.sender:
        held.append(_sent_by(wanted.sender))
    held.extend(_says(word, titled.get(word, ())) for word in wanted.words)
    return held


def _says(word: str, schlagworte: Collection[str]) -> ColumnElement[bool]:
    """Whether the row of the list holds the word."""
    about = exists().where(
        DocumentPerson.document_id == Document.id,
        PersonRow.id == DocumentPerson.person_id,
        or_(_holds(PersonRow.last_name, word), _holds(PersonRow.first_name, word)),
    )
    once_called = exists().where(
        Source.id == Document.source_id,
        Source.channel == "backfile",
        _holds(Source.given["title"].as_string(), word),
    )
    ways = [Document.schlagwort.in_(sorted(schlagworte)), about, once_called, _sent_by(word)]
    day = _day(word)
    if day is not None:
        ways.append(Document.received_here == day)
    return or_(*ways)


def _sent_by(part: str) -> ColumnElement[bool]:
    """Whether a sender's name has this part; a person's correction goes before what was read."""
    corrected = exists().where(
        FactCorrection.document_id == Document.id, FactCorrection.kind == _SENDER
    )
    read = exists().where(
        FindingRow.document_id == Document.id,
        FindingRow.kind == FACT,
        FindingRow.payload["kind"].as_string() == _SENDER,
        _holds(FindingRow.value, part),
    )
    said = exists().where(
        FactCorrection.document_id == Document.id,
        FactCorrection.kind == _SENDER,
        _holds(FactCorrection.value, part),
    )
    return or_(said, and_(read, ~corrected))


def _holds(text: ColumnElement[str] | InstrumentedAttribute[str], part: str) -> ColumnElement[bool]:
    return func.lower(text).contains(part.lower(), autoescape=True)


def _day(word: str) -> date | None:
    try:
        return datetime.strptime(word, "%d.%m.%Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None

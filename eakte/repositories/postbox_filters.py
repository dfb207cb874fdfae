"""Filters of postboxes: as conditions of a query, and as they are kept for their owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from eakte.domain.postbox_filters import OVERDUE, PostboxFilter
from eakte.domain.rights import Reader
from eakte.models import (
    CaseFile,
    Document,
    DocumentPerson,
    Filing,
    FindingRow,
    KeptFilter,
    PersonRow,
    PostboxEntry,
)
from eakte.repositories.deadlines import is_an_end

_SENDER = "sender"


def matching(wanted: PostboxFilter, today: date) -> list[ColumnElement[bool]]:
    """Conditions on ``PostboxEntry`` joined with its ``Document``."""
    return list(_conditions(wanted, today))


def _conditions(wanted: PostboxFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.schlagwort:
        yield Document.schlagwort == wanted.schlagwort
    if wanted.urgent:
        yield PostboxEntry.urgent.is_(True)
    if wanted.within_days is not None:
        last = today + timedelta(days=wanted.within_days)
        if wanted.within_days == OVERDUE:
            last = today - timedelta(days=1)
        yield exists(
            select(FindingRow.id).where(
                FindingRow.document_id == Document.id,
                is_an_end(),
                FindingRow.value <= last.isoformat(),
            )
        )
    if wanted.site:
        yield exists(
            select(Filing.id)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .where(Filing.document_id == Document.id, CaseFile.site_id == wanted.site)
        )
    for word in wanted.text.split():
        yield _says(word)


def _says(word: str) -> ColumnElement[bool]:
    """A person's name, the sender as it was read, or the file's number holds the word."""
    person = exists(
        select(DocumentPerson.person_id)
        .join(PersonRow, PersonRow.id == DocumentPerson.person_id)
        .where(
            DocumentPerson.document_id == Document.id,
            or_(_holds(PersonRow.last_name, word), _holds(PersonRow.first_name, word)),
        )
    )
    sender = exists(
        select(FindingRow.id).where(
            FindingRow.document_id == Document.id,
            FindingRow.kind == "fact",
            FindingRow.payload["kind"].as_string() == _SENDER,
            _holds(FindingRow.value, word),
        )
    )
    number = exists(
        select(Filing.id)
        .join(CaseFile, CaseFile.id == Filing.case_file_id)
        .where(Filing.document_id == Document.id, _holds(CaseFile.aktenzeichen, word))
    )
    return or_(person, sender, number)


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)


class KeptFilters:
    """One a login and postbox; nobody else's are asked for."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, postbox: str) -> KeptFilter | None:
        """The reader's own for this postbox."""
        return self.session.get(KeptFilter, (reader.login, postbox))

    def put(self, reader: Reader, postbox: str, wanted: PostboxFilter, today: date) -> None:
        """Keep it for the reader; an empty one is forgotten."""
        row = self.get(reader, postbox)
        if not wanted:
            if row is not None:
                self.session.delete(row)
            return
        if row is None:
            row = KeptFilter(login=reader.login, postbox=postbox)
            self.session.add(row)
        row.kept_on, row.filter = today, wanted.to_json()

    def typed_before(self, reader: Reader, today: date) -> Sequence[KeptFilter]:
        """Filters of everybody that hold words typed on an earlier day; the system's alone."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(KeptFilter).where(
                KeptFilter.kept_on < today, KeptFilter.filter["text"].as_string() != ""
            )
        ).all()

"""What a case file shows of its documents: a page of rows, and what they can be narrowed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from eakte.domain.file_filters import FileFilter
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import Document, Filing
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.file_contents import FileContents, Portion
from eakte.repositories.organisation import Organisation
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.services.describing import titles, twin_views
from eakte.services.facts import vorgang_titles
from eakte.services.views import CaseFileDocument, Choice

PAGE = 100
"""Documents shown at once: a file of 2,000 opens as quickly as one of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The rows asked for, where the next ones begin, and counts over the whole file."""

    documents: tuple[CaseFileDocument, ...]
    following: str
    total: int
    fresh: int
    sub_files: tuple[tuple[str, int], ...]
    schlagworte: tuple[Choice, ...]
    vorgaenge: tuple[tuple[Choice, int], ...]


def contents(  # noqa: PLR0917  whose look at which part of what
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    case_file_id: str,
    wanted: FileFilter,
    after: str,
    since: datetime | None,
) -> Contents:
    """The documents of the file that ``reader`` may open, as far as ``wanted`` asks for them."""
    rows = FileContents(session)
    portions = rows.portions(reader, case_file_id, since)
    titled = {word: _titled(schlagworte, word) for word in wanted.words}
    found = rows.page(reader, case_file_id, wanted, titled, since, after, PAGE + 1)
    shown = found[:PAGE]
    labels = {one.schlagwort for one in portions if one.schlagwort}
    return Contents(
        documents=_documents(session, reader, schlagworte, shown, since),
        following=shown[-1][0].id if len(found) > PAGE else "",
        total=sum(one.count for one in portions),
        fresh=sum(one.fresh for one in portions),
        sub_files=tuple(sorted(_counted(portions, "sub_file").items())),
        schlagworte=tuple(
            sorted(
                (Choice(id=one, title=_title(schlagworte, one)) for one in labels),
                key=lambda one: one.title,
            )
        ),
        vorgaenge=_vorgaenge(session, reader, schlagworte, case_file_id, portions),
    )


def _title(schlagworte: Mapping[str, Schlagwort], one: str) -> str:
    return schlagworte[one].title if one in schlagworte else one


def _titled(schlagworte: Mapping[str, Schlagwort], word: str) -> Collection[str]:
    """The Schlagworte whose title has the word."""
    part = word.casefold()
    return {one for one, known in schlagworte.items() if part in known.title.casefold()}


def _counted(portions: Sequence[Portion], by: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in portions:
        key = getattr(one, by)
        if key is not None:
            counts[key] += one.count
    return counts


def _vorgaenge(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    case_file_id: str,
    portions: Sequence[Portion],
) -> tuple[tuple[Choice, int], ...]:
    counts = _counted(portions, "vorgang_id")
    if not counts:
        return ()
    there = tuple(Vorgaenge(session).of_case_file(reader, case_file_id))
    called = vorgang_titles(session, reader, schlagworte, there)
    return tuple(
        (Choice(id=one.id, title=called[one.id]), counts[one.id])
        for one in reversed(there)
        if counts[one.id]
    )


def _documents(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    found: Sequence[tuple[Document, Filing]],
    since: datetime | None,
) -> tuple[CaseFileDocument, ...]:
    ids = [document.id for document, _ in found]
    rows, organisation = DocumentRows(session), Organisation(session)
    pages = rows.page_counts(reader, ids)
    people = rows.people(reader, ids)
    given = rows.given_titles(reader, ids)
    senders = FileContents(session).senders(reader, ids)
    called = titles(session, reader, schlagworte, (document for document, _ in found))
    twins = twin_views(session, reader, schlagworte, ids)
    names = organisation.names(document.filed_by for document, _ in found if document.filed_by)
    return tuple(
        CaseFileDocument(
            id=document.id,
            received=document.received_here,
            schlagwort=document.schlagwort,
            schlagwort_title=called[document.id],
            sub_file=filing.sub_file,
            person=", ".join(f"{one.first_name} {one.last_name}" for one in people[document.id])
            or None,
            pages=pages.get(document.id, 0),
            state=document.state,
            filed_by=names[document.filed_by] if document.filed_by else None,
            is_new=since is not None and filing.filed_at > since,
            sender=senders.get(document.id, ""),
            given_title=given.get(document.id, ""),
            twins=twins.get(document.id, ()),
        )
        for document, filing in found
    )

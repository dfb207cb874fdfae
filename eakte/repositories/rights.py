"""Who may see what as an SQL predicate; ``access_terms.py`` says the same as index terms.

``tests/contract/test_rights.py`` compares the two for random readers and documents.  The rules are
those of ``config/rechte.toml`` and ``docs/adr/0002-rights.md``:

* a scope (site, function) opens the SubFile of that function in unprotected files of the site,
  and documents marked relevant for the function;
* whoever is responsible for a file in a function sees that SubFile and what is marked relevant for
  it, protected or not;
* what came to somebody's postbox stays visible to them; in protected files and closed SubFiles
  only while it lies there, and not to their lead;
* nobody named in ``excluded_logins`` sees the file, whatever else they hold; nor does their deputy
  in their place.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from eakte.domain.rights import CLEARING, Reader, Standpoint
from eakte.models import (
    CaseFile,
    Document,
    ExcludedLogin,
    Filing,
    PostboxEntry,
    RelevantFunction,
    Responsibility,
)
from eakte.repositories.access_terms import AccessFacts, AccessTerms, reader_terms

__all__ = [
    "UNDELIVERED",
    "AccessFacts",
    "AccessTerms",
    "case_file_visible",
    "document_visible",
    "postbox_open",
    "reader_terms",
]

UNDELIVERED = ("cut", "classified", "identified", "routed")

DocumentId = InstrumentedAttribute[str] | str | ColumnElement[str]


def document_visible(reader: Reader, document_id: DocumentId = Document.id) -> ColumnElement[bool]:
    """True for documents that ``reader`` may open; correlate it with the enclosing SELECT."""
    if reader.is_system:
        return true()
    ways = (
        _unless_shut(reader, at, _seen_from(reader, at, document_id), _shut_out_of(document_id, at))
        for at in reader.standpoints
    )
    return and_(or_(false(), *ways), ~_shut_out_of(document_id, reader))


def case_file_visible(reader: Reader) -> ColumnElement[bool]:
    """True for case files whose cover ``reader`` may open; correlates with ``CaseFile``."""
    if reader.is_system:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    for point in reader.standpoints:
        open_from_here = or_(*_covers_open_from(reader, point))
        ways.append(_unless_shut(reader, point, open_from_here, _cover_shut_to(point)))
    if reader.emergency_files:
        ways.append(and_(~CaseFile.protected, CaseFile.id.in_(sorted(reader.emergency_files))))
    return and_(or_(*ways), ~_cover_shut_to(reader))


def postbox_open(reader: Reader) -> ColumnElement[bool]:
    """True for postbox entries that lie in a postbox open to ``reader``."""
    if reader.is_system:
        return true()
    return or_(false(), *(_in_postbox_of(at, PostboxEntry) for at in reader.standpoints))


def _unless_shut(
    reader: Reader, point: Standpoint, way: ColumnElement[bool], shut: ColumnElement[bool]
) -> ColumnElement[bool]:
    """``way``, except where the absent one is excluded: deputies see as they do, no more."""
    return way if point.login == reader.login else and_(way, ~shut)


def _shut_out_of(document_id: DocumentId, who: Reader | Standpoint) -> ColumnElement[bool]:
    filing, excluded = aliased(Filing), aliased(ExcludedLogin)
    return exists(
        select(filing.id)
        .join(excluded, excluded.case_file_id == filing.case_file_id)
        .where(filing.document_id == document_id, excluded.login == who.login)
    )


def _cover_shut_to(who: Reader | Standpoint) -> ColumnElement[bool]:
    excluded = aliased(ExcludedLogin)
    return exists(
        select(excluded.login).where(
            excluded.case_file_id == CaseFile.id, excluded.login == who.login
        )
    )


def _covers_open_from(reader: Reader, point: Standpoint) -> list[ColumnElement[bool]]:
    responsible, filing = aliased(Responsibility), aliased(Filing)
    ways: list[ColumnElement[bool]] = [
        exists(
            select(responsible.id).where(
                responsible.case_file_id == CaseFile.id,
                responsible.login.in_(sorted(point.logins)),
            )
        ),
        exists(
            select(filing.id).where(
                filing.case_file_id == CaseFile.id, _came_to(reader, point, filing.document_id)
            )
        ),
    ]
    sites = {site for site, _ in point.scopes}
    if None in sites or point.all_files:
        ways.append(~CaseFile.protected)
    elif sites:
        ways.append(and_(~CaseFile.protected, CaseFile.site_id.in_(sorted(filter(None, sites)))))
    if point.open_subfiles:
        named = aliased(Filing)
        holds = exists(
            select(named.id).where(
                named.case_file_id == CaseFile.id, named.sub_file.in_(sorted(point.open_subfiles))
            )
        )
        ways.append(and_(~CaseFile.protected, holds))
    return ways


def _seen_from(reader: Reader, point: Standpoint, document_id: DocumentId) -> ColumnElement[bool]:
    filing, cover, waiting = aliased(Filing), aliased(CaseFile), aliased(Document)
    ways = [
        _came_to(reader, point, document_id),
        exists(
            select(filing.id)
            .join(cover, cover.id == filing.case_file_id)
            .where(filing.document_id == document_id, _filing_open(reader, point, filing, cover))
        ),
    ]
    if point.clearing:
        ways.append(
            exists(
                select(waiting.id).where(waiting.id == document_id, waiting.state.in_(UNDELIVERED))
            )
        )
    return or_(*ways)


def _filing_open(
    reader: Reader, point: Standpoint, filing: type[Filing], cover: type[CaseFile]
) -> ColumnElement[bool]:
    responsible = aliased(Responsibility)
    closed = filing.sub_file.in_(sorted(reader.closed_subfiles))
    plain = and_(~cover.protected, ~closed)
    answers_for = exists(
        select(responsible.id).where(
            responsible.case_file_id == filing.case_file_id,
            responsible.login.in_(sorted(point.logins)),
            or_(
                responsible.function == filing.sub_file,
                _marked_relevant(filing, responsible.function),
            ),
            or_(
                responsible.person_id.is_(None),
                filing.person_id.is_(None),
                responsible.person_id == filing.person_id,
            ),
        )
    )
    ways: list[ColumnElement[bool]] = [and_(~closed, answers_for)]
    scopes = sorted(point.scopes, key=str)
    if scopes:
        ways.append(and_(plain, or_(*(_scope(site, name, filing, cover) for site, name in scopes))))
    if point.all_files:
        ways.append(plain)
    if point.open_subfiles:
        ways.append(and_(~cover.protected, filing.sub_file.in_(sorted(point.open_subfiles))))
    if reader.emergency_files:
        ways.append(and_(plain, cover.id.in_(sorted(reader.emergency_files))))
    return or_(*ways)


def _scope(
    site: str | None, function: str, filing: type[Filing], cover: type[CaseFile]
) -> ColumnElement[bool]:
    of_function = or_(filing.sub_file == function, _marked_relevant(filing, function))
    return of_function if site is None else and_(cover.site_id == site, of_function)


def _marked_relevant(
    filing: type[Filing], function: str | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    mark = aliased(RelevantFunction)
    return exists(
        select(mark.function).where(
            mark.document_id == filing.document_id, mark.function == function
        )
    )


def _in_postbox_of(point: Standpoint, entry: type[PostboxEntry]) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [entry.login.in_(sorted(point.logins))]
    if point.teams:
        ways.append(entry.team_id.in_(sorted(point.teams)))
    if point.clearing:
        ways.append(and_(entry.postbox == CLEARING, entry.done_at.is_(None)))
    return or_(*ways)


def _came_to(reader: Reader, point: Standpoint, document_id: DocumentId) -> ColumnElement[bool]:
    entry, filing, cover = aliased(PostboxEntry), aliased(Filing), aliased(CaseFile)
    restricted = exists(
        select(filing.id)
        .join(cover, cover.id == filing.case_file_id)
        .where(
            filing.document_id == entry.document_id,
            or_(cover.protected, filing.sub_file.in_(sorted(reader.closed_subfiles))),
        )
    )
    return exists(
        select(entry.id).where(
            entry.document_id == document_id,
            _in_postbox_of(point, entry),
            or_(and_(entry.done_at.is_(None), ~_of_colleague(point, entry)), ~restricted),
        )
    )


def _of_colleague(point: Standpoint, entry: type[PostboxEntry]) -> ColumnElement[bool]:
    """True where only the lead's view over the team opens the entry."""
    return and_(entry.login.is_not(None), entry.login != point.login)

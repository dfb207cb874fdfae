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

from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from eakte.domain.rights import CLEARING, Reader, Standpoint
from eakte.models import (
    CaseFile,
    Document,
    DocumentPage,
    ExcludedLogin,
    Filing,
    PostboxEntry,
    RelevantFunction,
    Responsibility,
)
from eakte.repositories.access_terms import AccessFacts, AccessTerms, reader_terms
from eakte.repositories.written import written

__all__ = [
    "UNDELIVERED",
    "AccessFacts",
    "AccessTerms",
    "case_file_visible",
    "document_visible",
    "filed_visible",
    "filing_visible",
    "page_shut_to",
    "place_visible",
    "postbox_open",
    "reader_terms",
]

# Made once: an alias made for every question costs ten times the question itself.  One that stands
# in a subquery must not stand in the query around it, or both would mean the same row.  They have
# names that no query around them has, for they are kept as text (``written.py``).
_filing, _cover = aliased(Filing, name="its_filing"), aliased(CaseFile, name="its_cover")
_entry_filing = aliased(Filing, name="entry_filing")
_entry_cover = aliased(CaseFile, name="entry_cover")
_shut_filing = aliased(Filing, name="shut_filing")
_responsible = aliased(Responsibility, name="its_responsible")
_excluded = aliased(ExcludedLogin, name="its_excluded")
_entry, _waiting = aliased(PostboxEntry, name="its_entry"), aliased(Document, name="its_waiting")
_mark = aliased(RelevantFunction, name="its_mark")
_listed, _shown = aliased(DocumentPage, name="its_listed"), aliased(Document, name="its_shown")
_named = aliased(Document, name="its_named")

READERS = 4096
"""So many readers and ways to ask are kept: a large authority's, and its absences."""

UNDELIVERED = ("cut", "classified", "identified", "routed")

DocumentId = InstrumentedAttribute[str] | str | ColumnElement[str]


def document_visible(reader: Reader, document_id: DocumentId = Document.id) -> ColumnElement[bool]:
    """True for documents that ``reader`` may open; correlate it with the enclosing SELECT."""
    if reader.is_system:
        return true()
    if isinstance(document_id, str):
        return exists(
            select(_named.id).where(_named.id == document_id, _visible_once(reader, _named.id))
        )
    if isinstance(document_id, InstrumentedAttribute) and not document_id.parent.is_aliased_class:
        return _visible_once(reader, document_id)
    return _visible(reader, document_id)


@lru_cache(maxsize=READERS)
def _visible_once(reader: Reader, document_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The same reader asks the same thing many times in one request."""
    return written(_visible(reader, document_id), document_id.parent)


@lru_cache(maxsize=READERS)
def filed_visible(reader: Reader) -> ColumnElement[bool]:
    """:func:`document_visible` where ``Document`` stands beside its ``Filing`` and ``CaseFile``.

    The same answer, found sooner: most of a file's documents are open for what the query has in
    hand already.
    """
    if reader.is_system:
        return true()
    ways = (
        _unless_shut(
            reader,
            at,
            or_(_filing_open(reader, at, Filing, CaseFile), _seen_from(reader, at, Document.id)),
            _shut_out_of(Document.id, at),
        )
        for at in reader.standpoints
    )
    open_to = and_(or_(false(), *ways), ~_shut_out_of(Document.id, reader))
    return written(open_to, Document, Filing, CaseFile)


@lru_cache(maxsize=READERS)
def filing_visible(reader: Reader) -> ColumnElement[bool]:
    """True for a ``Filing`` in its ``CaseFile`` that by itself opens the document to ``reader``."""
    if reader.is_system:
        return true()
    ways = (
        _unless_shut(reader, at, _filing_open(reader, at, Filing, CaseFile), _cover_shut_to(at))
        for at in reader.standpoints
    )
    return written(or_(false(), *ways), Filing, CaseFile)


def _visible(reader: Reader, document_id: DocumentId) -> ColumnElement[bool]:
    ways = (
        _unless_shut(reader, at, _seen_from(reader, at, document_id), _shut_out_of(document_id, at))
        for at in reader.standpoints
    )
    return and_(or_(false(), *ways), ~_shut_out_of(document_id, reader))


@lru_cache(maxsize=READERS)
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
    return written(and_(or_(*ways), ~_cover_shut_to(reader)), CaseFile)


@lru_cache(maxsize=READERS)
def place_visible(reader: Reader) -> ColumnElement[bool]:
    """True where ``reader`` may be told that an open ``Document`` stands in ``CaseFile``.

    That is where its cover is open; and at the clearing desk, of what is still on its way there.
    """
    opened = case_file_visible(reader)
    if reader.is_system or not reader.at_clearing_desk:
        return opened
    return or_(opened, and_(Document.state.in_(UNDELIVERED), ~CaseFile.protected))


@lru_cache(maxsize=READERS)
def postbox_open(reader: Reader) -> ColumnElement[bool]:
    """True for postbox entries that lie in a postbox open to ``reader``."""
    if reader.is_system:
        return true()
    boxes = or_(false(), *(_in_postbox_of(at, PostboxEntry) for at in reader.standpoints))
    return written(boxes, PostboxEntry)


def _unless_shut(
    reader: Reader, point: Standpoint, way: ColumnElement[bool], shut: ColumnElement[bool]
) -> ColumnElement[bool]:
    """``way``, except where the absent one is excluded: deputies see as they do, no more."""
    return way if point.login == reader.login else and_(way, ~shut)


def _shut_out_of(document_id: DocumentId, who: Reader | Standpoint) -> ColumnElement[bool]:
    return exists(
        select(_shut_filing.id)
        .join(_excluded, _excluded.case_file_id == _shut_filing.case_file_id)
        .where(_shut_filing.document_id == document_id, _excluded.login == who.login)
    )


def _cover_shut_to(who: Reader | Standpoint) -> ColumnElement[bool]:
    return exists(
        select(_excluded.login).where(
            _excluded.case_file_id == CaseFile.id, _excluded.login == who.login
        )
    )


def _covers_open_from(reader: Reader, point: Standpoint) -> list[ColumnElement[bool]]:
    """What costs least first: the database stops at the first that is true."""
    ways: list[ColumnElement[bool]] = []
    sites = {site for site, _ in point.scopes}
    if None in sites or point.all_files:
        ways.append(~CaseFile.protected)
    elif sites:
        ways.append(and_(~CaseFile.protected, CaseFile.site_id.in_(sorted(filter(None, sites)))))
    ways.append(
        exists(
            select(_responsible.id).where(
                _responsible.case_file_id == CaseFile.id,
                _responsible.login.in_(sorted(point.logins)),
            )
        )
    )
    if point.open_subfiles:
        holds = exists(
            select(_filing.id).where(
                _filing.case_file_id == CaseFile.id,
                _filing.sub_file.in_(sorted(point.open_subfiles)),
            )
        )
        ways.append(and_(~CaseFile.protected, holds))
    came = exists(
        select(_filing.id).where(
            _filing.case_file_id == CaseFile.id, _came_to(reader, point, _filing.document_id)
        )
    )
    return [*ways, came]


def _seen_from(reader: Reader, point: Standpoint, document_id: DocumentId) -> ColumnElement[bool]:
    ways = [
        exists(
            select(_filing.id)
            .join(_cover, _cover.id == _filing.case_file_id)
            .where(_filing.document_id == document_id, _filing_open(reader, point, _filing, _cover))
        ),
        _came_to(reader, point, document_id),
    ]
    if point.clearing:
        ways.append(
            exists(
                select(_waiting.id).where(
                    _waiting.id == document_id, _waiting.state.in_(UNDELIVERED)
                )
            )
        )
    return or_(*ways)


def _filing_open(
    reader: Reader, point: Standpoint, filing: type[Filing], cover: type[CaseFile]
) -> ColumnElement[bool]:
    """True where ``filing``, in ``cover``, is open from ``point``; what costs least comes first."""
    closed = filing.sub_file.in_(sorted(reader.closed_subfiles))
    plain = and_(~cover.protected, ~closed)
    ways: list[ColumnElement[bool]] = []
    if point.all_files:
        ways.append(plain)
    if point.open_subfiles:
        ways.append(and_(~cover.protected, filing.sub_file.in_(sorted(point.open_subfiles))))
    if reader.emergency_files:
        ways.append(and_(plain, cover.id.in_(sorted(reader.emergency_files))))
    scopes = sorted(point.scopes, key=str)
    if scopes:
        own = (_at_site(cover, site, filing.sub_file == function) for site, function in scopes)
        ways.append(and_(plain, or_(*own)))
        marked = (
            _at_site(cover, site, _marked_relevant(filing, function)) for site, function in scopes
        )
        ways.append(and_(plain, or_(*marked)))
    ways.append(and_(~closed, _answers_for(point, filing)))
    return or_(*ways)


def _answers_for(point: Standpoint, filing: type[Filing]) -> ColumnElement[bool]:
    return exists(
        select(_responsible.id).where(
            _responsible.case_file_id == filing.case_file_id,
            _responsible.login.in_(sorted(point.logins)),
            or_(
                _responsible.function == filing.sub_file,
                _marked_relevant(filing, _responsible.function),
            ),
            or_(
                _responsible.person_id.is_(None),
                filing.person_id.is_(None),
                _responsible.person_id == filing.person_id,
            ),
        )
    )


def _at_site(
    cover: type[CaseFile], site: str | None, held: ColumnElement[bool]
) -> ColumnElement[bool]:
    return held if site is None else and_(cover.site_id == site, held)


def _marked_relevant(
    filing: type[Filing], function: str | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    return exists(
        select(_mark.function)
        .where(_mark.document_id == filing.document_id, _mark.function == function)
        .correlate_except(_mark)  # the filing may stand two queries further out
    )


def _in_postbox_of(point: Standpoint, entry: type[PostboxEntry]) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [entry.login.in_(sorted(point.logins))]
    if point.teams:
        ways.append(entry.team_id.in_(sorted(point.teams)))
    if point.clearing:
        ways.append(and_(entry.postbox == CLEARING, entry.done_at.is_(None)))
    return or_(*ways)


def _came_to(reader: Reader, point: Standpoint, document_id: DocumentId) -> ColumnElement[bool]:
    restricted = exists(
        select(_entry_filing.id)
        .join(_entry_cover, _entry_cover.id == _entry_filing.case_file_id)
        .where(
            _entry_filing.document_id == _entry.document_id,
            or_(
                _entry_cover.protected,
                _entry_filing.sub_file.in_(sorted(reader.closed_subfiles)),
            ),
        )
    )
    # What only a lead's view over the team opens is no postbox of the lead's own.
    of_colleague = and_(_entry.login.is_not(None), _entry.login != point.login)
    return exists(
        select(_entry.id).where(
            _entry.document_id == document_id,
            _in_postbox_of(point, _entry),
            or_(and_(_entry.done_at.is_(None), ~of_colleague), ~restricted),
        )
    )


def page_shut_to(reader: Reader, page_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """True for pages of documents in a file whose ``excluded_logins`` name ``reader``.

    The scan centre's own look at a page (quality check, rescan) goes past the other rules, never
    past this one: nobody opens their own.
    """
    return exists(
        select(_listed.page_id)
        .join(_shown, _shown.id == _listed.document_id)
        .where(
            _listed.page_id == page_id,
            _listed.version == _shown.pages_version,
            _shut_out_of(_shown.id, reader),
        )
    )

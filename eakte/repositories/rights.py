"""Who may see what, once: as an SQL predicate and as index terms.

The two forms stand side by side on purpose; ``tests/contract/test_rights.py`` compares them for
random readers and documents.  The rules are those of ``config/rechte.toml`` and
``docs/adr/0002-rights.md``:

* a scope (site, function) opens the SubFile of that function in unprotected files of the site,
  and documents marked relevant for the function;
* whoever is responsible for a file in a function sees that SubFile, protected or not;
* what came to somebody's postbox stays visible to them; in protected files and closed SubFiles
  only while it lies there;
* nobody named in ``excluded_logins`` sees the file, whatever else they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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

UNDELIVERED = ("cut", "classified", "identified", "routed")

DocumentId = InstrumentedAttribute[str] | str | ColumnElement[str]


def document_visible(reader: Reader, document_id: DocumentId = Document.id) -> ColumnElement[bool]:
    """True for documents that ``reader`` may open; correlate it with the enclosing SELECT."""
    if reader.is_system:
        return true()
    allowed = or_(false(), *(_seen_from(reader, at, document_id) for at in reader.standpoints))
    filing, excluded = aliased(Filing), aliased(ExcludedLogin)
    shut = exists(
        select(filing.id)
        .join(excluded, excluded.case_file_id == filing.case_file_id)
        .where(filing.document_id == document_id, excluded.login == reader.login)
    )
    return and_(allowed, ~shut)


def case_file_visible(reader: Reader) -> ColumnElement[bool]:
    """True for case files whose cover ``reader`` may open; correlates with ``CaseFile``."""
    if reader.is_system:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    for point in reader.standpoints:
        ways.extend(_covers_open_from(reader, point))
    if reader.emergency_files:
        ways.append(and_(~CaseFile.protected, CaseFile.id.in_(sorted(reader.emergency_files))))
    excluded = aliased(ExcludedLogin)
    shut = exists(
        select(excluded.login).where(
            excluded.case_file_id == CaseFile.id, excluded.login == reader.login
        )
    )
    return and_(or_(*ways), ~shut)


def postbox_open(reader: Reader) -> ColumnElement[bool]:
    """True for postbox entries that lie in a postbox open to ``reader``."""
    if reader.is_system:
        return true()
    return or_(false(), *(_in_postbox_of(at, PostboxEntry) for at in reader.standpoints))


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
            responsible.function == filing.sub_file,
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
    mark = aliased(RelevantFunction)
    relevant = exists(
        select(mark.function).where(
            mark.document_id == filing.document_id, mark.function == function
        )
    )
    of_function = or_(filing.sub_file == function, relevant)
    return of_function if site is None else and_(cover.site_id == site, of_function)


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
            or_(entry.done_at.is_(None), ~restricted),
        )
    )


# --- the same as index terms ---------------------------------------------------------------


@dataclass(slots=True)
class AccessTerms:
    """The access terms of one document as the index holds them."""

    allow: set[str] = field(default_factory=set)
    deny: set[str] = field(default_factory=set)


def reader_terms(reader: Reader) -> tuple[frozenset[str], frozenset[str]]:
    """The terms that open documents to ``reader``, and those that close them again."""
    allow: set[str] = {f"f:{case_file}" for case_file in reader.emergency_files}
    for point in reader.standpoints:
        allow.update(f"s:{site or '*'}:{function}" for site, function in point.scopes)
        allow.update(f"c:{kind}" for kind in point.open_subfiles)
        for login in point.logins:
            allow.update((f"r:{login}", f"p:{login}"))
        allow.update(f"t:{team}" for team in point.teams)
        if point.all_files:
            allow.add("legal")
        if point.clearing:
            allow.add(CLEARING)
    return frozenset(allow), frozenset({f"x:{reader.login}"})


class AccessFacts:
    """Loads what the index terms of documents depend on, many documents at a time."""

    def __init__(self, session: Session, closed_subfiles: frozenset[str]) -> None:
        self.session = session
        self.closed = closed_subfiles

    def terms(self, reader: Reader, document_ids: Iterable[str]) -> dict[str, AccessTerms]:
        """The access terms of each of ``document_ids``, for the indexer (a system reader)."""
        ids = list(document_ids)
        answer: dict[str, AccessTerms] = defaultdict(AccessTerms)
        if not reader.is_system:
            return answer
        relevant: dict[str, set[str]] = defaultdict(set)
        for mark in self.session.scalars(
            select(RelevantFunction).where(RelevantFunction.document_id.in_(ids))
        ):
            relevant[mark.document_id].add(mark.function)
        restricted: set[str] = set()
        for filing, cover in self.session.execute(
            select(Filing, CaseFile)
            .join(CaseFile, CaseFile.id == Filing.case_file_id)
            .where(Filing.document_id.in_(ids))
        ):
            if cover.protected or filing.sub_file in self.closed:
                restricted.add(filing.document_id)
            self._of_filing(answer[filing.document_id], filing, cover, relevant)
        self._of_responsible(answer, ids)
        self._of_entries(answer, ids, restricted)
        for document_id, login in self.session.execute(
            select(Filing.document_id, ExcludedLogin.login)
            .join(ExcludedLogin, ExcludedLogin.case_file_id == Filing.case_file_id)
            .where(Filing.document_id.in_(ids))
        ):
            answer[document_id].deny.add(f"x:{login}")
        return answer

    def _of_filing(
        self,
        terms: AccessTerms,
        filing: Filing,
        cover: CaseFile,
        relevant: dict[str, set[str]],
    ) -> None:
        if cover.protected:
            return
        if filing.sub_file in self.closed:
            terms.allow.add(f"c:{filing.sub_file}")
            return
        terms.allow.update(("legal", f"f:{cover.id}"))
        for function in {filing.sub_file} | relevant[filing.document_id]:
            terms.allow.update((f"s:{cover.site_id}:{function}", f"s:*:{function}"))

    def _of_responsible(self, answer: dict[str, AccessTerms], ids: list[str]) -> None:
        rows = self.session.execute(
            select(Filing.document_id, Filing.sub_file, Responsibility.login)
            .join(
                Responsibility,
                and_(
                    Responsibility.case_file_id == Filing.case_file_id,
                    Responsibility.function == Filing.sub_file,
                    or_(
                        Responsibility.person_id.is_(None),
                        Filing.person_id.is_(None),
                        Responsibility.person_id == Filing.person_id,
                    ),
                ),
            )
            .where(Filing.document_id.in_(ids))
        )
        for document_id, sub_file, login in rows:
            if sub_file not in self.closed:
                answer[document_id].allow.add(f"r:{login}")

    def _of_entries(
        self, answer: dict[str, AccessTerms], ids: list[str], restricted: set[str]
    ) -> None:
        for entry in self.session.scalars(
            select(PostboxEntry).where(PostboxEntry.document_id.in_(ids))
        ):
            if entry.done_at is not None and entry.document_id in restricted:
                continue
            allow = answer[entry.document_id].allow
            if entry.login is not None:
                allow.add(f"p:{entry.login}")
            elif entry.team_id is not None:
                allow.add(f"t:{entry.team_id}")
            elif entry.done_at is None:
                allow.add(CLEARING)

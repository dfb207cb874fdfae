"""Who may see what as index terms; ``rights.py`` says the same as an SQL predicate.

A document carries ``allow`` terms, one of which a reader must hold, and ``deny`` terms, none of
which they may hold:

=====================  ==========================================================================
``s:SITE:FUNCTION``    a scope; ``*`` for the scope of a central team
``r:LOGIN``            answers for the file in the SubFile's function
``p:LOGIN, t:TEAM``    came to that postbox
``q:LOGIN``            lies in that postbox now; closed SubFiles and protected files only
``c:SUBFILE``          closed SubFile, for those named in the settings
``legal, clearing``    every unprotected file; the clearing desk
``f:CASE FILE``        opened in an emergency
``x:LOGIN`` (deny)     excluded from the file
=====================  ==========================================================================

Only stable facts stand in the index: absences, emergencies and teams are the reader's terms, one
group for every standpoint (:class:`eakte.domain.search.AccessGroup`).  So the index opens exactly
what the predicate opens, as far as it has been told; of what still waits in the outbox the database
has the last word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from eakte.domain.rights import CLEARING, Reader, Standpoint
from eakte.domain.search import AccessGroup
from eakte.models import (
    CaseFile,
    ExcludedLogin,
    Filing,
    PostboxEntry,
    RelevantFunction,
    Responsibility,
)


@dataclass(slots=True)
class AccessTerms:
    """The access terms of one document as the index holds them."""

    allow: set[str] = field(default_factory=set)
    deny: set[str] = field(default_factory=set)


def reader_terms(reader: Reader) -> tuple[AccessGroup, ...]:
    """What opens documents to ``reader``: one group for every standpoint, their own first.

    Whoever stands in for somebody sees as they do: what is closed to the absent one stays closed
    from there, and what is closed to the reader stays closed from everywhere.
    """
    return tuple(
        AccessGroup(
            allow=_terms_of(reader, point),
            deny=frozenset((f"x:{reader.login}", f"x:{point.login}")),
        )
        for point in reader.standpoints
    )


def _terms_of(reader: Reader, point: Standpoint) -> frozenset[str]:
    allow = {f"f:{case_file}" for case_file in reader.emergency_files}
    allow.update(f"s:{site or '*'}:{function}" for site, function in point.scopes)
    allow.update(f"c:{kind}" for kind in point.open_subfiles)
    allow.add(f"q:{point.login}")
    for login in point.logins:
        allow.update((f"r:{login}", f"p:{login}"))
    allow.update(f"t:{team}" for team in point.teams)
    if point.all_files:
        allow.add("legal")
    if point.clearing:
        allow.add(CLEARING)
    return frozenset(allow)


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
        of_function = or_(
            Responsibility.function == Filing.sub_file,
            select(RelevantFunction.function)
            .where(
                RelevantFunction.document_id == Filing.document_id,
                RelevantFunction.function == Responsibility.function,
            )
            .correlate_except(RelevantFunction)
            .exists(),
        )
        rows = self.session.execute(
            select(Filing.document_id, Filing.sub_file, Responsibility.login)
            .join(
                Responsibility,
                and_(
                    Responsibility.case_file_id == Filing.case_file_id,
                    of_function,
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
            closed = entry.document_id in restricted
            if closed and entry.done_at is not None:
                continue
            allow = answer[entry.document_id].allow
            if entry.login is not None:
                allow.add(f"{'q' if closed else 'p'}:{entry.login}")
            elif entry.team_id is not None:
                allow.add(f"t:{entry.team_id}")
            elif entry.done_at is None:
                allow.add(CLEARING)

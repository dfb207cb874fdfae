"""Searching: the engine finds, the database tells; never more than the reader may open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eakte.domain.pages import PageText
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import Clause, SearchHit
from eakte.language.query import ParsedQuery, parse
from eakte.language.snippets import marks, snippet
from eakte.ports import SearchIndex
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.rights import reader_terms
from eakte.repositories.sources import Sources
from eakte.services.case_files import CaseFiles
from eakte.services.describing import NO_SCHLAGWORT, listed_names, number_of
from eakte.services.refusals import kept_page
from eakte.services.views import SearchHitView, SearchResult

COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Searching:
    """The search box, for one reader at a time."""

    database: Database
    index: SearchIndex
    schlagworte: Mapping[str, Schlagwort]
    case_files: CaseFiles

    def search(
        self,
        reader: Reader,
        text: str,
        *,
        limit: int = 20,
        offset: int = 0,
        typing: bool = False,
    ) -> SearchResult:
        """What ``reader`` would find, best first; ``typing``: the last word may go on.

        Raises ``Unavailable`` while the engine is down; everything else works on.
        """
        parsed = parse(text, typing=typing)
        case_files = self.case_files.suggest(reader, text) if not typing and offset == 0 else ()
        if parsed.is_empty:
            return SearchResult(
                query=text, hits=(), total=0, hints=parsed.hints, case_files=case_files
            )
        allow, deny = reader_terms(reader)
        answer = self.index.search(
            parsed.search_query(allow=allow, deny=deny, limit=limit, offset=offset)
        )
        with self.database.read() as session:
            hits = self._hits(session, reader, answer.hits, parsed.clauses)
        total = answer.total
        if len(hits) < len(answer.hits):
            total = self._visible_total(reader, parsed, answer.total)
        return SearchResult(
            query=text,
            hits=hits,
            total=total,
            hints=parsed.hints,
            case_files=case_files,
        )

    def search_in_file(
        self, reader: Reader, aktenzeichen: str, text: str, *, limit: int = 20, offset: int = 0
    ) -> SearchResult:
        """The same within one case file, whose number counts as the database spells it."""
        number = aktenzeichen.replace('"', " ")
        found = self.search(reader, f'akte:"{number}" {text}', limit=limit, offset=offset)
        return replace(found, query=text, case_files=())

    def search_audited(self, reader: Reader, text: str, limit: int) -> SearchResult:
        """The same for the command line; the trail notes that an operator asked as ``reader``."""
        result = self.search(reader, text, limit=limit)
        with self.database.write() as session:
            AuditLog(session).note(
                Reader(login="operator"), "search.as", "login", reader.login, details={}
            )
        return result

    def marks(self, reader: Reader, document_id: str, number: int, text: str) -> tuple[int, ...]:
        """Indexes of the words on kept page ``number`` that the query ``text`` finds."""
        clauses = parse(text).clauses
        with self.database.read() as session:
            page_id = kept_page(session, reader, document_id, number)
            texts = Sources(session).texts(reader, [page_id])
        return tuple(sorted(marks(texts[page_id], clauses))) if page_id in texts else ()

    def _visible_total(self, reader: Reader, parsed: ParsedQuery, total: int) -> int:
        """The count without what the database does not open: a count must not tell of words.

        The index may hold more for a moment (a right just taken away) or for good (a deputy of
        somebody excluded). Beyond ``COUNTED`` documents the rest is left out of the count.
        """
        allow, deny = reader_terms(reader)
        answer = self.index.search(
            parsed.search_query(allow=allow, deny=deny, limit=min(total, COUNTED))
        )
        with self.database.read() as session:
            return len(Documents(session).many(reader, [hit.id for hit in answer.hits]))

    def _hits(
        self,
        session: EakteSession,
        reader: Reader,
        hits: Sequence[SearchHit],
        clauses: Sequence[Clause],
    ) -> tuple[SearchHitView, ...]:
        ids = [hit.id for hit in hits]
        documents = Documents(session)
        # The index may lag behind a right that was just taken away; the database has the word.
        rows = documents.many(reader, ids)
        pages = documents.kept_page_ids(reader, ids)
        texts = Sources(session).texts(
            reader, [page for listed in pages.values() for page in listed]
        )
        filings = documents.filings(reader, ids)
        people = documents.people(reader, ids)
        views = []
        for hit in hits:
            document = rows.get(hit.id)
            if document is None:
                continue
            shown = snippet(_present(texts, pages[hit.id]), clauses)
            known = self.schlagworte.get(document.schlagwort or "")
            views.append(
                SearchHitView(
                    document_id=hit.id,
                    page=shown.page,
                    score=hit.score,
                    snippet=shown.parts,
                    schlagwort=document.schlagwort,
                    schlagwort_title=known.title if known else NO_SCHLAGWORT,
                    aktenzeichen=number_of(filings[hit.id]),
                    people=listed_names(people[hit.id]),
                    received=document.received_here,
                    pages=len(pages[hit.id]),
                )
            )
        return tuple(views)


def _present(texts: Mapping[str, PageText], page_ids: Sequence[str]) -> tuple[PageText, ...]:
    return tuple(texts[page_id] for page_id in page_ids if page_id in texts)

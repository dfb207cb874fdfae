"""Searching: the engine finds, the database tells; never more than the reader may open.

Counts come from the engine, which knows every reader's rights exactly, except of documents whose
change still waits to be indexed: these are left out of the question.  Where too many wait, hits are
shown and not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import Clause, SearchHit
from eakte.domain.search_filters import NO_FILTERS, SearchFilters
from eakte.language.query import ParsedQuery, WeakerWays, no_weaker
from eakte.language.query_ways import Wanted
from eakte.language.snippets import marks, snippet
from eakte.ports import SearchIndex
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database
from eakte.repositories.file_contents import FileContents
from eakte.repositories.found import Found, FoundDocument
from eakte.repositories.index_facts import IndexFacts
from eakte.repositories.organisation import Organisation
from eakte.repositories.outbox import Outbox
from eakte.repositories.rights import reader_terms
from eakte.repositories.sources import Sources
from eakte.services import search_facets, search_proposals, search_suggestions
from eakte.services.case_files import CaseFiles
from eakte.services.describing import NO_SCHLAGWORT
from eakte.services.refusals import kept_page
from eakte.services.search_asking import Known, known, understood
from eakte.services.search_numbers import open_numbers
from eakte.services.search_stages import Staged, Stages
from eakte.services.search_views import FacetAnswer, SearchHitView, SearchResult, Suggestion
from eakte.services.views import CaseFileRef

MOST_WITHOUT = 1000
"""So many documents may wait to be indexed and still be left out of a count one by one."""
_SOME_WORDS = (
    "Kein Dokument enthält alle Wörter. Gezeigt werden Dokumente mit einem Teil der Wörter.",
    "Nur das erste Dokument enthält alle Wörter, die anderen enthalten einen Teil davon.",
    "Nur die ersten {} Dokumente enthalten alle Wörter, die anderen enthalten einen Teil davon.",
)
_LONGEST_NAME = 60
"""Characters of a query that may still be a name or an address; a longer one is none."""
WAITING = system_reader("search")


@dataclass(frozen=True, slots=True)
class Searching:
    """The search box, for one reader at a time.

    ``weaker`` says in which weaker ways a word may be found.
    """

    database: Database
    index: SearchIndex
    schlagworte: Mapping[str, Schlagwort]
    case_files: CaseFiles
    weaker: WeakerWays = no_weaker

    def search(
        self,
        reader: Reader,
        text: str,
        *,
        filters: SearchFilters = NO_FILTERS,
        newest: bool = False,
        limit: int = 20,
        offset: int = 0,
        typing: bool = False,
    ) -> SearchResult:
        """What ``reader`` would find, best (or newest) first; ``typing``: the last word may go on.

        Raises ``Unavailable`` while the engine is down; everything else works on.
        """
        names, without = self._surroundings(text)
        parsed = self._understood(reader, text, filters, names, typing=typing)
        files = self._case_files(reader, text) if not typing and offset == 0 else ()
        if parsed.is_empty:
            return SearchResult(query=text, hits=(), total=0, hints=parsed.hints, case_files=files)
        stages = self._stages(reader, without, newest=newest)
        staged = stages.search(parsed, limit=limit, offset=offset, loosely=not typing)
        asked, answer = staged.asked, staged.answer
        hits = self._hits(reader, answer.hits, asked.clauses)
        # A right that was taken away since the outbox was read: what is shown is right, a count not
        counted = without is not None and len(hits) == len(answer.hits)
        weak = not staged.complete or asked.has_near or all(hit.found_as for hit in hits)
        unsure = weak and not (typing or offset)
        return SearchResult(
            query=text,
            hits=hits,
            total=answer.total if counted else offset + len(hits),
            hints=(*parsed.hints, *(_some_words(staged) if counted else ())),
            case_files=files,
            counted=counted,
            more=len(answer.hits) == limit and not (counted and offset + limit >= answer.total),
            proposal=self._proposal(reader, text, filters, names, hits) if unsure else "",
        )

    def search_in_file(
        self, reader: Reader, aktenzeichen: str, text: str, *, limit: int = 20, offset: int = 0
    ) -> SearchResult:
        """The same within one case file, whose number counts as the database spells it."""
        number = aktenzeichen.replace('"', " ")
        found = self.search(reader, f'akte:"{number}" {text}', limit=limit, offset=offset)
        return replace(found, query=text, case_files=(), proposal="")

    def search_audited(self, reader: Reader, text: str, limit: int) -> SearchResult:
        """The same for the command line; the trail notes that an operator asked as ``reader``."""
        result = self.search(reader, text, limit=limit)
        with self.database.write() as session:
            AuditLog(session).note(
                Reader(login="operator"), "search.as", "login", reader.login, details={}
            )
        return result

    def facets(
        self, reader: Reader, text: str, *, filters: SearchFilters = NO_FILTERS
    ) -> FacetAnswer:
        """What the hits of a query can be narrowed by, with counts.  Raises ``Unavailable``."""
        names, without = self._surroundings(":")
        parsed = self._understood(reader, text, filters, names)
        if parsed.is_empty:
            return FacetAnswer()
        if without is None:
            return FacetAnswer(counted=False)
        query = self._stages(reader, without).query(parsed)
        counts = self.index.facets(query, search_facets.FIELDS, search_facets.MOST)
        return FacetAnswer(facets=search_facets.facets(counts, names))

    def suggest(self, reader: Reader, text: str) -> tuple[Suggestion, ...]:
        """What ``text``, still being typed, may become: files, people, Schlagworte, senders."""
        files = self._case_files(reader, text, search_suggestions.MOST_FILES)
        return (
            *search_suggestions.of_files(files),
            *search_suggestions.schlagworte(text, self.schlagworte.values()),
            *search_suggestions.senders(self.database, self.index, reader, text),
        )

    def marks(self, reader: Reader, document_id: str, number: int, text: str) -> tuple[int, ...]:
        """Indexes of the words on kept page ``number`` that the query ``text`` finds."""
        parsed = self._understood(reader, text, NO_FILTERS, _NOBODY)
        with self.database.read() as session:
            page_id = kept_page(session, reader, document_id, number)
            texts = Sources(session).texts(reader, [page_id])
        if page_id not in texts:
            return ()
        return tuple(sorted(marks(texts[page_id], parsed.clauses)))

    def newest(
        self, reader: Reader, text: str, filters: SearchFilters, limit: int
    ) -> tuple[str, ...]:
        """Ids of the newest documents that match, at most ``limit``: to see which came lately.

        Whoever tells of them asks the database which of them are open.
        """
        names, _ = self._surroundings(text)
        parsed = self._understood(reader, text, filters, names).without_near()
        if parsed.is_empty:
            return ()
        stages = self._stages(reader, frozenset(), newest=True)
        answer = stages.search(parsed, limit=limit, loosely=False).answer
        return tuple(hit.id for hit in answer.hits)

    # -- the pieces -------------------------------------------------------------------------

    def _surroundings(self, text: str) -> tuple[Known, frozenset[str] | None]:
        """What fields may name, and the documents that wait to be indexed (None: too many)."""
        stamp = self.index.stamp
        with self.database.read() as session:
            sites = Organisation(session).all_sites() if ":" in text else ()
            names = known(self.schlagworte, [(site.id, site.name) for site in sites])
            if IndexFacts(session).is_behind(WAITING, self.index.name, stamp):
                return names, None
            return names, Outbox(session).few_waiting(WAITING, MOST_WITHOUT)

    def _understood(
        self,
        reader: Reader,
        text: str,
        filters: SearchFilters,
        names: Known,
        *,
        typing: bool = False,
    ) -> ParsedQuery:
        today = self.database.clock.today()
        parsed = understood(text, filters, names, today=today, weaker=self.weaker, typing=typing)
        return open_numbers(self.database, reader, parsed)

    def _case_files(self, reader: Reader, text: str, limit: int = 8) -> tuple[CaseFileRef, ...]:
        if ":" in text or '"' in text or len(text) > _LONGEST_NAME:
            return ()
        return self.case_files.suggest(reader, text, limit)

    def _stages(
        self, reader: Reader, without: frozenset[str] | None, *, newest: bool = False
    ) -> Stages:
        return Stages(
            index=self.index,
            access=reader_terms(reader),
            without=without or frozenset(),
            newest=newest,
        )

    def _proposal(
        self,
        reader: Reader,
        text: str,
        filters: SearchFilters,
        names: Known,
        hits: Sequence[SearchHitView],
    ) -> str:
        """A query that may have been meant: it finds something that the reader may open."""
        for proposed in search_proposals.proposals(text, hits, self.schlagworte.values()):
            parsed = self._understood(reader, proposed, filters, names).without_near()
            answer = self._stages(reader, None).search(parsed, limit=1, loosely=False).answer
            with self.database.read() as session:
                found = Found(session).visible(reader, [hit.id for hit in answer.hits])
            if found:
                return proposed
        return ""

    def _hits(
        self, reader: Reader, hits: Sequence[SearchHit], clauses: Sequence[Clause]
    ) -> tuple[SearchHitView, ...]:
        ids = [hit.id for hit in hits]
        with self.database.read() as session:
            rows = Found(session).documents(reader, ids)
            senders = FileContents(session).senders(reader, ids)
        wanted = Wanted(clauses)
        return tuple(
            self._hit(hit, rows[hit.id], senders.get(hit.id, ""), wanted)
            for hit in hits
            if hit.id in rows
        )

    def _hit(
        self, hit: SearchHit, row: FoundDocument, sender: str, wanted: Wanted
    ) -> SearchHitView:
        shown = snippet(row.pages, wanted)
        word = self.schlagworte.get(row.schlagwort or "")
        return SearchHitView(
            document_id=hit.id,
            page=shown.page,
            score=hit.score,
            snippet=shown.parts,
            found_as=shown.found_as,
            schlagwort=row.schlagwort,
            schlagwort_title=word.title if word else NO_SCHLAGWORT,
            aktenzeichen=row.aktenzeichen,
            people=row.people,
            received=row.received,
            pages=row.page_count,
            sender=sender,
            sub_file=row.sub_file or "",
        )


def _some_words(staged: Staged) -> tuple[str, ...]:
    """A sentence where not all hits hold all words."""
    complete = staged.complete
    if staged.answer.total <= complete:
        return ()
    return (_SOME_WORDS[min(complete, len(_SOME_WORDS) - 1)].format(complete),)


_NOBODY = Known(schlagwort={}, site={}, subfile={})

"""A query asked in stages: its words, then with one sign wrong, then any of them.

Each stage is asked only where the one before found few documents.  Nothing of an earlier stage is
lost in a later one: what holds all words stands in front.
"""

from __future__ import annotations

from dataclasses import dataclass

from eakte.domain.search import AccessGroup, SearchAnswer, SearchQuery
from eakte.language.query import ParsedQuery
from eakte.ports import SearchIndex

FEW = 5
"""Hits below which a query is asked more freely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """An answer with the query whose words it shows.

    ``complete`` is how many documents hold all words; where ``answer`` counts more, the others hold
    some of them.
    """

    answer: SearchAnswer
    asked: ParsedQuery
    complete: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Asks as a reader of these standpoints; documents of ``without`` are left out."""

    index: SearchIndex
    access: tuple[AccessGroup, ...]
    without: frozenset[str] = frozenset()
    newest: bool = False

    def search(
        self, parsed: ParsedQuery, *, limit: int, offset: int = 0, loosely: bool = True
    ) -> Staged:
        """The hits of the first stage that finds enough; ``loosely``: any word may do at last."""
        asked = parsed.without_near()
        answer = self._ask(asked, limit, offset)
        if answer.total < FEW and parsed.has_near:
            asked = parsed
            answer = self._ask(asked, limit, offset)
        complete = answer.total
        if complete < FEW and loosely:
            answer = self._with_some_words(asked, answer, limit, offset)
        return Staged(answer=answer, asked=asked, complete=complete)

    def query(self, parsed: ParsedQuery) -> SearchQuery:
        """One query that finds all that :meth:`search` finds, to count what it can be narrowed by.

        It has no order and no limits.
        """
        asked = parsed.without_near()
        if parsed.has_near and self._ask(asked, 1, 0).total < FEW:
            asked = parsed
        loose = asked.loosened()
        if loose is not None and self._ask(asked, 1, 0).total < FEW:
            asked = loose
        return asked.search_query(access=self.access, without=self.without)

    def _with_some_words(
        self, asked: ParsedQuery, answer: SearchAnswer, limit: int, offset: int
    ) -> SearchAnswer:
        """The few that hold all words of ``asked``, and behind them those that hold some."""
        loose = asked.preferring_neighbours().loosened()
        if loose is None:
            return answer
        whole = self._ask(asked, FEW, 0).hits if offset or limit < FEW else answer.hits
        shown = whole[offset : offset + limit]
        further = loose.search_query(
            access=self.access,
            without=self.without | {hit.id for hit in whole},
            newest=self.newest,
            limit=limit - len(shown),
            offset=max(0, offset - len(whole)),
        )
        rest = self.index.search(further)
        return SearchAnswer((*shown, *rest.hits), answer.total + rest.total)

    def _ask(self, parsed: ParsedQuery, limit: int, offset: int) -> SearchAnswer:
        return self.index.search(
            parsed.preferring_neighbours().search_query(
                access=self.access,
                without=self.without,
                newest=self.newest,
                limit=limit,
                offset=offset,
            )
        )

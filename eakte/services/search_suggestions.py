"""What may be meant while somebody types: case files and people, Schlagworte, senders.

Senders are told of documents that the reader may open, and of no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.domain.search import Clause, SearchQuery
from eakte.errors import Unavailable
from eakte.language.analysis import exact_key
from eakte.language.folding import fold
from eakte.ports import SearchIndex
from eakte.repositories.database import Database
from eakte.repositories.file_contents import FileContents
from eakte.repositories.rights import reader_terms
from eakte.services.search_views import Suggestion
from eakte.services.views import CaseFileRef

MOST_FILES = 5
_MOST = 4
_SHORTEST = 2
_SHORTEST_SENDER = 3
_LOOKED_AT = 40
"""Newest letters whose senders are looked at."""
_WORDS = re.compile(r"\w+")


def of_files(files: Iterable[CaseFileRef]) -> tuple[Suggestion, ...]:
    """Case files, to be opened."""
    return tuple(
        Suggestion(
            kind="case_file", value=one.aktenzeichen, title=one.title, detail=one.aktenzeichen
        )
        for one in files
    )


def schlagworte(text: str, all_of_them: Iterable[Schlagwort]) -> tuple[Suggestion, ...]:
    """Schlagworte in which every word of ``text`` begins a word; those that begin so come first."""
    if len(text.strip()) < _SHORTEST:
        return ()
    typed = fold(text.strip())
    found = [one for one in all_of_them if _begins(typed, one.title)]
    found.sort(key=lambda one: (not fold(one.title).startswith(typed), one.title))
    return tuple(
        Suggestion(kind="schlagwort", value=f'schlagwort:"{one.title}"', title=one.title)
        for one in found[:_MOST]
    )


def senders(
    database: Database, index: SearchIndex, reader: Reader, text: str
) -> tuple[Suggestion, ...]:
    """Senders of the newest letters open to ``reader`` whose name has a word that begins so."""
    key = exact_key(text)
    if len(key) < _SHORTEST_SENDER or ":" in text:
        return ()
    asked = Clause(alternatives=((key,),), prefixes=((key,),), field="von")
    try:
        answer = index.search(
            SearchQuery(
                clauses=(asked,), access=reader_terms(reader), newest=True, limit=_LOOKED_AT
            )
        )
    except Unavailable:
        return ()  # files and Schlagworte can be proposed all the same
    with database.read() as session:
        said = FileContents(session).senders(reader, [hit.id for hit in answer.hits])
    names = [name for name in dict.fromkeys(said.values()) if _begins(fold(text.strip()), name)]
    return tuple(
        Suggestion(kind="sender", value='von:"{}"'.format(name.replace('"', " ")), title=name)
        for name in names[:_MOST]
    )


def _begins(typed: str, name: str) -> bool:
    words = _WORDS.findall(fold(name))
    return all(any(word.startswith(part) for word in words) for part in _WORDS.findall(typed))

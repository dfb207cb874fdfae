"""Numbers of case files in a query: only those count that the reader may open.

A document may stand in several case files.  Whoever opens it by one of them must not learn from
``akte:`` whether it stands in another: a number that is not open to them is asked for like one that
nobody has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from eakte.domain.rights import Reader
from eakte.domain.search import Clause
from eakte.language.analysis import exact_key
from eakte.language.query import ParsedQuery
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database

MOST = 200
"""Case files up to which an unfinished number tells of single ones, so that each is checked."""
_FIELD = "akte"
_NOBODYS = ("-",)
"""A number that no case file has: it has neither letter nor digit."""


def open_numbers(database: Database, reader: Reader, parsed: ParsedQuery) -> ParsedQuery:
    """``parsed``, where numbers that ``reader`` may not open find nothing (and leave out nothing).

    The beginning of the numbers of more than ``MOST`` case files stays as it is.
    """
    if all(clause.field != _FIELD for clause in parsed.clauses):
        return parsed
    with database.read() as session:
        files = CaseFiles(session)
        clauses = tuple(
            _checked(files, reader, one) if one.field == _FIELD else one for one in parsed.clauses
        )
    return replace(parsed, clauses=clauses)


def _checked(files: CaseFiles, reader: Reader, clause: Clause) -> Clause:
    numbers = {key for (typed,) in clause.alternatives for key in _open(files, reader, typed)}
    broad = []
    for (typed,) in clause.prefixes:
        found = files.numbered(reader, _digits(typed), MOST, begun=True)
        if found is None:
            broad.append((typed,))
        else:
            numbers |= set(_keys(found, typed, begun=True))
    alternatives = tuple((key,) for key in sorted(numbers)) or (_NOBODYS,)
    return replace(clause, alternatives=alternatives, prefixes=tuple(broad))


def _open(files: CaseFiles, reader: Reader, typed: str) -> Iterator[str]:
    yield from _keys(files.numbered(reader, _digits(typed), MOST) or (), typed)


def _keys(numbers: list[str] | tuple[()], typed: str, *, begun: bool = False) -> Iterator[str]:
    for key in map(exact_key, numbers):
        if key == typed or (begun and key.startswith(typed)):
            yield key


def _digits(typed: str) -> str:
    return "".join(filter(str.isdecimal, typed))

"""The words of the register by which a case file is found while one types.

A row is a folded word of a name or address, a birth date or a number of a case file.  Whatever is
typed is asked for as the beginning of a term, so that an index answers at 40,000 case files.  The
rows are derived: whoever changes the register has them made anew in the same transaction.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.language.folding import words_with_spans
from eakte.language.numbers import dates
from eakte.models import CaseFile, CaseFileNumber, Membership, PersonRow, RegisterTerm
from eakte.repositories.bulk import table_of

LONGEST = 64
MOST_WORDS = 6
"""Words of a question that are looked at; more only make it slower."""
MANY = 2000
"""Terms that a word may begin and still say which case files are meant."""
_AT_ONCE = 500
_LAST = "\U0010ffff"
_COUNTED = 100_000
_WANTED = 16
"""Hits that a screen shows at most, with some to spare."""
_BEGUN_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?:(\.)(\d{0,4}))?(?![\d.])")
_NUMBER_BEGUN = re.compile(r"(?<!\w)\d{3,}\s?(?:/{1,2}|-)\s?\d*(?!\w)")
_DIGITS = re.compile(r"\d+")


class RegisterTerms:
    """Keeps the terms of case files; the question itself is ``found_by``."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def refresh(self, reader: Reader, case_file_ids: Iterable[str]) -> None:
        """Make the terms of these case files anew; the system's alone."""
        if not reader.is_system:
            return
        ids = sorted(set(case_file_ids))
        for start in range(0, len(ids), _AT_ONCE):
            self._put(ids[start : start + _AT_ONCE])

    def refresh_people(self, reader: Reader, person_ids: Iterable[str]) -> None:
        """Make the terms of every case file of these people anew."""
        if not reader.is_system:
            return
        people = sorted(set(person_ids))
        files: set[str] = set()
        for start in range(0, len(people), _AT_ONCE):
            files |= set(
                self.session.scalars(
                    select(Membership.case_file_id).where(
                        Membership.person_id.in_(people[start : start + _AT_ONCE])
                    )
                )
            )
        self.refresh(reader, files)

    def fill_missing(self, reader: Reader, limit: int = _AT_ONCE) -> int:
        """Make the terms of case files that have none yet (of an older version); how many."""
        if not reader.is_system:
            return 0
        ids = self.missing(reader, limit)
        self.refresh(reader, ids)
        return len(ids)

    def missing(self, reader: Reader, limit: int = 1) -> list[str]:
        """Ids of case files without terms."""
        if not reader.is_system:
            return []
        known = exists(select(RegisterTerm.term).where(RegisterTerm.case_file_id == CaseFile.id))
        return list(
            self.session.scalars(
                select(CaseFile.id)
                .where(~known, CaseFile.joined_into.is_(None))
                .order_by(CaseFile.id)
                .limit(limit)
            )
        )

    def _put(self, ids: list[str]) -> None:
        terms: dict[str, set[str]] = defaultdict(set)
        for case_file_id, street, postcode, city in self.session.execute(
            select(CaseFile.id, CaseFile.street, CaseFile.postcode, CaseFile.city).where(
                CaseFile.id.in_(ids)
            )
        ):
            terms[case_file_id].update(_words(f"{street} {postcode} {city}"))
        for case_file_id, written in self.session.execute(
            select(CaseFileNumber.case_file_id, CaseFileNumber.written).where(
                CaseFileNumber.case_file_id.in_(ids)
            )
        ):
            terms[case_file_id].update(_number(written))
        for case_file_id, *names, birth_date, customer_number in self.session.execute(
            select(
                Membership.case_file_id,
                PersonRow.first_name,
                PersonRow.last_name,
                PersonRow.former_names,
                PersonRow.birth_date,
                PersonRow.customer_number,
            )
            .join(PersonRow, PersonRow.id == Membership.person_id)
            .where(Membership.case_file_id.in_(ids))
        ):
            terms[case_file_id].update(_person(names, birth_date, customer_number))
        self.session.execute(delete(RegisterTerm).where(RegisterTerm.case_file_id.in_(ids)))
        rows = [
            {"term": term, "case_file_id": one}
            for one, those in terms.items()
            for term in {term[:LONGEST] for term in those}
        ]
        if rows:
            self.session.execute(insert(table_of(RegisterTerm)), rows)


def found_by(session: Session, text: str) -> ColumnElement[bool] | None:
    """True for a ``CaseFile`` in which every word of ``text`` begins a term; None: there is none.

    A birth date counts as one word, also while it is still being typed (``07.03``), and so does a
    number with its signs.  Words that begin few terms say which case files.  One that begins a
    great many (a town, the first digits of every number) is only looked for in the files in their
    order, as long as the first hits come soon; where several such words seldom meet, the files of
    each are gathered.
    """
    asked = [word[:LONGEST] for word in _asked(text)][:MOST_WORDS]
    if not asked:
        return None
    counts: dict[str, int] = {}
    for word in dict.fromkeys(asked):
        counts[word] = _count(session, word)
        if not counts[word]:
            return None  # begins no term: nothing to be looked for
    broad = {word for word, count in counts.items() if count > MANY}
    if broad:
        files = session.scalar(select(func.count()).select_from(CaseFile)) or 1
        # The order of the files is that of their numbers: what begins one stands together there.
        broad = {word for word in broad if not word.isdecimal() or counts[word] >= files}
        share = math.prod(min(1.0, count / files) for count in counts.values())
        if len(broad) == len(counts) and share * MANY < _WANTED:
            broad = set()
    return and_(*(_holds(word) if word in broad else _among(word) for word in counts))


def with_number(digits: str, *, begun: bool) -> Select[str]:
    """Ids of case files with a number (or a part of one) of these digits, or that begins so."""
    digits = digits[:LONGEST]
    found = _begun_by(digits) if begun else _termed(digits)
    return found.distinct()


def _termed(term: str) -> Select[str]:
    return select(RegisterTerm.case_file_id).where(RegisterTerm.term == term)


def _begun_by(word: str) -> Select[str]:
    return select(RegisterTerm.case_file_id).where(
        RegisterTerm.term >= word, RegisterTerm.term < word + _LAST
    )


def _count(session: Session, word: str) -> int:
    """How many terms ``word`` begins."""
    terms = _begun_by(word).limit(_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(terms)) or 0


def _among(word: str) -> ColumnElement[bool]:
    """True for a ``CaseFile`` with a term that ``word`` begins, all of them gathered."""
    return CaseFile.id.in_(_begun_by(word))


def _holds(word: str) -> ColumnElement[bool]:
    """Looked up from the case file: ``substr`` keeps databases from reading a broad range."""
    return exists(
        select(RegisterTerm.term).where(
            RegisterTerm.case_file_id == CaseFile.id,
            func.substr(RegisterTerm.term, 1, len(word)) == word,
        )
    )


def _asked(text: str) -> Iterator[str]:
    rest = text
    for found in dates(text):
        yield f"{found.value:%d%m%Y}"
        rest = rest.replace(text[found.start : found.end], " ")
    for begun in _BEGUN_DATE.finditer(rest):
        day, month, dot, year = begun.groups()
        whole = bool(dot) or len(month) > 1 or int(month) > 1  # „4.1“ may become October
        yield f"{int(day):02}{int(month):02}{year or ''}" if whole else f"{int(day):02}{month}"
    rest = _BEGUN_DATE.sub(" ", rest)
    number = _NUMBER_BEGUN.search(rest)
    if number is not None:
        yield "".join(_DIGITS.findall(number.group()))
        rest = rest.replace(number.group(), " ")
    words = [word for word in _words(rest) if len(word) > 1 or word.isdigit()]
    yield from words


def _person(
    names: Iterable[str], birth_date: date | None, customer_number: str | None
) -> Iterator[str]:
    for name in names:
        words = _words(name)
        yield from words
        if len(words) > 1:
            yield "".join(words)  # a double name typed as one
    if birth_date is not None:
        yield f"{birth_date:%d%m%Y}"
    if customer_number:
        yield from _words(customer_number)


def _number(written: str) -> Iterator[str]:
    """A number as a whole, its parts, and its last part without the zeros before it."""
    yield from _words(written)
    parts = _DIGITS.findall(written)
    if parts:
        yield "".join(parts)
        yield parts[-1].lstrip("0") or "0"


def _words(text: str) -> list[str]:
    return [word.text for word in words_with_spans(text) if word.text != "§"]

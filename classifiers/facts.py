"""Facts of a document: who wrote when about what, sums, days set, numbers of proceedings.

Pure functions over page text.  Nothing here decides anything: facts are shown with their evidence,
corrected by people, and searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from classifiers import facts_dates, facts_sender
from classifiers.facts_text import Reading, reading
from classifiers.layout import Zone
from eakte.domain.facts import MANY, REMEDIES_GIVEN, REMEDIES_MISSING, Fact, FactKind
from eakte.domain.pages import PageText
from eakte.language import numbers
from eakte.language.amounts import amounts, bare_amounts, canonical

OBJECTION_PATTERNS = (r"W[ -]?\d{1,6}/\d{2,4}", r"W-\d{5}-\d{5}/\d{2}")
MOST = {
    FactKind.AMOUNT: 40,
    FactKind.SET_DATE: 8,
    FactKind.COURT_NUMBER: 8,
    FactKind.OBJECTION_NUMBER: 8,
    FactKind.DECISION: 4,
    FactKind.OBJECTION_DECISION: 4,
}
"""So many of a kind are kept; the rest is found by searching the text."""

_READ_PAGES = 12
"""Facts about a letter stand on its first pages; enclosures behind them have their own."""

_TOTAL = re.compile(
    r"gesamt|summe|forderung|nachzahlung|guthaben|zahlbetrag|rückstand|erstattung|betrag|offen|"
    r"saldo|kontostand|zahlen|kaltmiete|warmmiete|auszahlung|netto|rechnungs|anspruch|insgesamt"
)
_OTHER_COURTS = re.compile(
    r"(?<![\w/])\d{1,4}\s(?:C|M|IK|IN|XVII|F|VI|K|O|Js|Cs|Ds|OWi|UR II)\s\d{1,6}/\d{2}(?!\d)"
)
_MISREAD_COURT = re.compile(
    r"(?<![\w/])(?P<register>[SLB58])\s?(?P<chamber>[0-9OIl]{1,3})\s?(?P<kind>AS|A5|SO|AY|AL)\s?"
    r"(?P<number>[0-9OIl]{1,5})\s?/\s?(?:20)?(?P<year>[0-9OIl]{2})"
    r"(?P<tail>(?:\s(?:ER|B|R|BH|PKH|NZB|RG)\b)*)"
    r"(?![0-9])"
)
_MEANT = str.maketrans("OIl", "011")
_REGISTERS = {"5": "S", "8": "B"}
_NAMES_COURT = re.compile(
    r"az\b|aktenzeichen|geschäfts|gericht|gesch\.|kassenzeichen|staatsanwalt|rechtsstreit|verfahren"
)
_REMEDIES = re.compile(
    r"(?:gegen diesen (?:bescheid|widerspruchsbescheid)|rechtsbehelf|widerspruch|klage)[^§]{0,160}"
    r"(?:eines monats|einem monat|drei monaten)[^§]{0,200}(?:widerspruch|klage|erhob|einleg|"
    r"einzureich|eingelegt)"
)
_COUNTRIES = """
österreich schweiz polen tschechien dänemark niederlande belgien frankreich luxemburg italien
spanien portugal rumänien bulgarien ungarn slowakei slowenien kroatien griechenland türkei ukraine
schweden norwegen finnland estland lettland litauen irland serbien albanien kosovo großbritannien
austria switzerland poland denmark netherlands france italy spain turkey
"""
_ABROAD = frozenset(_COUNTRIES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRules:
    """What differs from authority to authority.

    ``objection_patterns`` are regular expressions of its objection numbers, ``own_names`` what it
    calls itself: never the sender of an incoming letter.
    """

    objection_patterns: tuple[str, ...] = OBJECTION_PATTERNS
    own_names: tuple[str, ...] = ("Jobcenter", "Sozialzentrum")

    def objection(self) -> re.Pattern[str]:
        """All patterns in one, the longer ones first; it never matches an empty text."""
        ordered = sorted(self.objection_patterns, key=len, reverse=True) or ["(?!)"]
        return re.compile(rf"(?<![\w/-])(?=\w)(?:{'|'.join(ordered)})(?<=\w)(?![\w/])")


def facts(
    pages: Sequence[PageText],
    rules: FactRules,
    *,
    own: bool = False,
    notice: bool = False,
    received: date | None = None,
) -> tuple[Fact, ...]:
    """The facts of a document's pages (upright, in order), by kind, the surest first.

    ``own``: the authority's own paper (only there posting notes and benefit periods are looked
    for), ``notice``: a notice of which an instruction on remedies is expected; ``received``: the
    day it came.
    """
    readings = [reading(page, number) for number, page in enumerate(pages[:_READ_PAGES], start=1)]
    found = [
        *facts_sender.senders(readings, () if own else rules.own_names),
        *facts_dates.dated(readings, received),
        *facts_sender.subjects(readings),
        *facts_dates.decisions(readings, received),
        *facts_dates.set_dates(readings, received),
        *_numbers(readings, rules),
        *_sums(readings),
        *_abroad(readings, own=own),
    ]
    if own:
        found += facts_dates.own_dates(readings)
    if notice:
        found += _remedies(readings)
    return tuple(_best(found))


def _best(found: Iterable[Fact]) -> Iterator[Fact]:
    """One fact a kind or, of those a document may have many of, one a value."""
    kept: dict[tuple[FactKind, str], Fact] = {}
    for one in found:
        key = (one.kind, one.value if one.kind in MANY else "")
        if key not in kept or one.score > kept[key].score:
            kept[key] = one
    count: dict[FactKind, int] = {}
    order = list(FactKind)
    for one in sorted(kept.values(), key=lambda f: (order.index(f.kind), -f.score)):
        count[one.kind] = count.get(one.kind, 0) + 1
        if count[one.kind] <= MOST.get(one.kind, 1):
            yield one


def _sums(pages: Sequence[Reading]) -> Iterator[Fact]:
    for page in pages:
        taken: set[int] = set()
        for one in amounts(page.text):
            taken.update(range(one.start, one.end))
            total = bool(_TOTAL.search(page.before(one.start, 45)))
            score = (0.94 if total else 0.88) - (0.25 if one.repaired else 0)
            yield Fact(
                kind=FactKind.AMOUNT,
                value=canonical(one.value),
                score=score,
                evidence=(page.evidence("fakt.betrag", one.start, one.end),),
            )
        for one in bare_amounts(page.text):
            if one.start not in taken and _TOTAL.search(page.before(one.start, 30)):
                yield Fact(
                    kind=FactKind.AMOUNT,
                    value=canonical(one.value),
                    score=0.6,
                    evidence=(page.evidence("fakt.betrag", one.start, one.end),),
                )


def _numbers(pages: Sequence[Reading], rules: FactRules) -> Iterator[Fact]:
    objection = rules.objection()
    for page in pages:
        taken: set[int] = set()
        for one in numbers.court_numbers(page.text):
            taken.update(range(one.start, one.end))
            yield _number(FactKind.COURT_NUMBER, one.value, 0.96, page, (one.start, one.end))
        for match in _MISREAD_COURT.finditer(page.text):
            if match.start() not in taken:
                value = _court_number(match)
                yield _number(FactKind.COURT_NUMBER, value, 0.7, page, match.span())
        for match in _OTHER_COURTS.finditer(page.text):
            around = page.before(match.start(), 120) + page.after(match.end(), 40)
            if _NAMES_COURT.search(around):
                value = " ".join(match.group().split())
                yield _number(FactKind.COURT_NUMBER, value, 0.85, page, match.span())
        for match in objection.finditer(page.text):
            value = " ".join(match.group().split())
            yield _number(FactKind.OBJECTION_NUMBER, value, 0.9, page, match.span())


def _number(kind: FactKind, value: str, score: float, page: Reading, span: tuple[int, int]) -> Fact:
    subject = page.zone(span[0]) in {Zone.SUBJECT, Zone.HEADER, Zone.TITLE}
    return Fact(
        kind=kind,
        value=value,
        score=score + (0.03 if subject else 0),
        evidence=(page.evidence("fakt.aktenzeichen", *span),),
    )


def _court_number(match: re.Match[str]) -> str:
    register = _REGISTERS.get(match["register"], match["register"])
    chamber, number, year = (
        match[name].translate(_MEANT) for name in ("chamber", "number", "year")
    )
    kind = match["kind"].replace("5", "S")
    return f"{register} {chamber} {kind} {number}/{year} {' '.join(match['tail'].split())}".strip()


def _remedies(pages: Sequence[Reading]) -> Iterator[Fact]:
    """Whether a notice tells how to object: § 66 SGG gives a year where it does not.

    Whether the instruction is right no machine can say; a person may correct the fact.
    """
    for page in reversed(pages):
        if match := _REMEDIES.search(page.folded):
            yield Fact(
                kind=FactKind.REMEDIES,
                value=REMEDIES_GIVEN,
                score=0.9,
                evidence=(page.evidence("fakt.belehrung", match.start(), match.end()),),
            )
            return
    if any(page.lines for page in pages):
        yield Fact(kind=FactKind.REMEDIES, value=REMEDIES_MISSING, score=0.6)


def _abroad(pages: Sequence[Reading], *, own: bool) -> Iterator[Fact]:
    """A country below the recipient's address, or below the client's on an incoming letter."""
    zone = Zone.RECIPIENT if own else Zone.SENDER
    for page in pages[:1]:
        lines = page.lines
        for place, line in enumerate(lines):
            near = any(one.zone is zone for one in lines[max(0, place - 2) : place + 1])
            if near and line.box.y0 < 0.4 and line.text.strip().lower() in _ABROAD:
                yield Fact(
                    kind=FactKind.ABROAD,
                    value=line.text.strip().title(),
                    score=0.7,
                    evidence=(page.evidence_of_lines("fakt.ausland", line),),
                )
                return

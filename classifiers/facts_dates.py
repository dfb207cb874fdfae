"""Days that a letter names: its own date, days set, the decision it is against, the posting note.

A date alone says nothing; what stands before it does.  Periods that the law sets (instructions on
remedies) and spans of time ("vom … bis …") set nobody a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from classifiers.facts_text import Reading
from classifiers.layout import Line, Zone
from eakte.domain.facts import Fact, FactKind
from eakte.language.numbers import FoundDate, dates

_WEEKDAY = (
    r"(?:(?:mo|di|mi|do|fr|sa|so)\.?,?|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonnabend|sonntag),?)"
)
_UNTIL = re.compile(
    rf"(?:\bbis(?: spätestens| zum| zu| einschließlich| längstens| einschl\.| allerspätestens"
    rf"| ablauf des| ende des)*"
    rf"|\bspätestens(?: bis)?(?: zum| am)?"
    rf"|\bfrist(?:ende|ablauf)?(?: (?:zur|für die) \w+)?\s?:?(?: bis)?(?: zum)?"
    rf"|\bzahlungsziel\s?:?|\bfällig(?:keit)?(?: am| bis| zum)?\s?:?|\btermin\s?:)"
    rf"\W{{0,3}}(?:{_WEEKDAY}\s?)?(?:,?\s?(?:den|dem|zum|am))?\s?$"
)
_SPAN = re.compile(
    r"(?:gültig|befristet|bewillig\w*|beschäftigt|krank\w*|arbeitsunfähig\w*|voraussichtlich|"
    r"versichert|laufzeit|bewilligungszeitraum\w*|zeitraum\w*|verlängert|zeit|besteh\w+|haft|"
    r"miet\w*|vertrag\w*|gewohnt|bezogen|erhalten|gearbeitet|angestellt|abrechnungs\w+|aufenthalt\w*|"
    r"seit|vom|von|ab|zwischen)\b[^.;!?]{0,45}$"
)
_ASKS = re.compile(
    r"\bbitte|\bbitten|gebeten|aufgeforder|forder|einreich|einzureich|vorleg|vorzuleg|übersend|"
    r"zu übersenden|zahl|überweis|nachreich|nachzureich|mitteil|mitzuteil|stellung|antwort|erwart|"
    r"frist|spätestens|äußer|gelegenheit|räum|gesetzt|melden|abgeben|vorsprech|sende|schick|"
    r"beleg|nachweis|rückmeldung|erwider|begleich"
)
_NUMBER_WORDS = {
    **dict.fromkeys(("eines", "einer", "einem", "einen", "ein", "eine"), 1),
    **dict.fromkeys(("zwei", "zweier"), 2),
    **dict.fromkeys(("drei", "dreier"), 3),
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "zehn": 10,
    "zwölf": 12,
    "vierzehn": 14,
    "einundzwanzig": 21,
    "dreißig": 30,
}
_WITHIN = re.compile(
    r"\b(?:innerhalb|binnen|frist:?)\s+(?:von\s+|einer\s+(?:weiteren\s+)?frist\s+von\s+|"
    r"der\s+(?:nächsten|kommenden)\s+)?"
    r"(?:längstens\s+|spätestens\s+)?(?P<count>\d{1,3}|"
    + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
    + r")\s+(?:weiteren\s+)?(?:kalender|werk|arbeits)?(?P<unit>stunden?|tage?s?|tagen|wochen?|"
    r"monate?n?s?)\b"
    r"|\bbinnen\s+(?P<alone>monats|wochen)frist\b"
)
_YEARLESS = re.compile(
    r"(?<![\w.,/-])\d{1,2}\.\s?(?:\d{1,2}\.(?!\s?\d)|(?:jan|feb|mär|mae|apr|mai|jun|jul|aug|sep|okt|"
    r"nov|dez)[a-zä]{0,6}\b(?!\.?,?\s?\d))"
)
_DATE_POINT = re.compile(r"(?<=\d)\.")
_ON_ITS_WAY = timedelta(days=31)
"""A letter without a date is not older than this when it comes."""
_UNITS = {"s": "PT{}H", "t": "P{}D", "w": "P{}W", "m": "P{}M"}
_STATUTORY = re.compile(
    r"nach (?:seiner |ihrer |der )?(?:bekanntgabe|zustellung|verkündung)|nach zugang des bescheid|"
    r"widerspruch|klage (?:erhob|bei|schriftlich)|berufung|einspruch|beschwerde (?:einzulegen|bei)"
)
_PAST = re.compile(r"(?:letzten|vergangenen|zurückliegenden|ersten)\b")
_DECISION = re.compile(
    r"(?P<kind>widerspruchs|änderungs|ablehnungs|aufhebungs|erstattungs|bewilligungs|sanktions|"
    r"minderungs|versagungs|leistungs|rücknahme)?(?:-\s?(?:und|,)\s\w+)?bescheid\w{0,2}\b"
    r"(?:(?!\bbescheid|\bvom\b)[^.!?]){0,70}?\b(?:vom|v\.|datiert auf den|dat\. v\.)\s?(?:den\s)?$"
)
_AND_ANOTHER = re.compile(
    r"(?:\s|[,;&]|und|sowie|auch|gegen|in der fassung|in gestalt|d(?:en|ie|es|er)|ihre\w{0,2}|vom|"
    r"[a-zäöüß]*bescheid\w{0,2})*"
)
_SO_CLOSE = 60
"""All that stands between two decisions that the same letter is against."""
_NOTIFIED = re.compile(
    r"(?:zugegangen|zugestellt|erhalten|bekannt ?gegeben|eingegangen|bekommen)\s(?:ist\s)?"
    r"(?:mir\s|uns\s)?am\s$|\b(?:zugang|zustellung|erhalt)\s?(?:am|:)\s$"
)
_POSTED = re.compile(
    r"(?:zur post(?: gegeben| aufgegeben| gebracht)?|aufgegeben|aufgabe zur post|abgesandt|"
    r"abgeschickt|versandt|versendet|abgang|postausgang|abvermerk|ab-vermerk|versanddatum|"
    r"absendung|versand|versandtag|tag der aufgabe)(?: ist)?\W{0,3}(?:am|vom|den)?\W{0,2}$"
)
_BENEFITS = re.compile(
    r"(?:bewilligungszeitraum|für die zeit|für den zeitraum|zeitraum|leistungszeitraum)\b"
    r"[^!?]{0,60}\bbis(?: zum| einschließlich)?\s?$"
)
_LABEL = re.compile(r"\b(?:datum|den|ausgestellt am|briefdatum|schreiben vom)\s?:?\s?$")
_NOT_OWN = re.compile(
    r"(?:geb(?:oren)?\.?(?: am)?|geburtsdatum|vom|bis|zum|am|seit|ab|eingang\w*|eingegangen|"
    r"ihre? (?:nachricht|schreiben)(?: vom)?|zeichen|gültig|fällig\w*|zeitraum|termin)\s?:?\s?$"
)
_PLACE = re.compile(
    r"(?:^|\s)[a-zäöüß./-]{3,}(?:[ -][a-zäöüß./-]+){0,3}(?:,?\s(?:den\s)?|,\sam\s)$"
)
_PLACED = re.compile(r"^[a-zäöüß./ -]{3,40},\sam\s$")
_LIKELY = 0.35
"""Below it no date is shown: none is better than a wrong one."""
_POSTDATED = 40
"""Days by which a letter may be dated ahead; beyond them the year was misread."""
_LABEL_ALONE = re.compile(r"datum\s?:?$", re.IGNORECASE)
_BLOCK_BEGINS, _BLOCK_ENDS = 0.5, 0.33
"""The information block stands right of the first and above the second (DIN 5008)."""
_OWN_LINE_WORDS = 8
_STAMP = re.compile(r"eingang|eingegangen")


def dated(pages: Sequence[Reading], latest: date | None) -> Iterator[Fact]:
    """The letter's own date, the best first: labelled, behind the place, alone in the header.

    ``latest`` is the day of receipt: a letter written later is none, or misread.
    """
    found: list[tuple[float, int, Reading, FoundDate]] = []
    for page in pages[:2]:
        for one in page.dates:
            score = _own_date(page, one)
            if latest is not None and one.value > latest:
                score -= 0.5 if (one.value - latest).days <= _POSTDATED else 1.0
            if latest is not None and (latest - one.value).days > 3 * 365:
                score -= 0.4
            if score > _LIKELY:
                found.append((score, page.number, page, one))
    if not found:
        return
    score, _, page, one = max(found, key=lambda row: (row[0], -row[1], -row[3].start))
    yield _fact(FactKind.DATED, one, page, min(score, 0.97), "fakt.datum")


def _own_date(page: Reading, one: FoundDate) -> float:  # noqa: PLR0911  one a place
    """How likely the date is the letter's own: 0 where it surely is not."""
    line = page.line(one.start)
    start = page.text.rfind("\n", 0, one.start) + 1
    end = page.text.find("\n", one.end)
    rest = page.text[one.end : end if end >= 0 else None].strip()
    head = page.folded[start : one.start]
    previous = page.folded[max(0, start - 60) : start]
    if _STAMP.search(page.before(one.start, 45)) or len(line.text.split()) > _OWN_LINE_WORDS:
        return 0.0
    top = line.zone in {Zone.HEADER, Zone.RECIPIENT, Zone.SENDER, Zone.TITLE}
    if line.zone is Zone.SUBJECT:
        top = bool(_PLACED.match(head)) or not _NOT_OWN.search(head)
    block = page.number == 1 and line.box.y0 < _BLOCK_ENDS and line.box.x0 > _BLOCK_BEGINS
    top = top or block  # recognition may read the information block after the letter's text
    if block and not head.strip() and _labelled(page, line):
        return 0.95
    if _LABEL.search(head) or (not head.strip() and re.search(r"\bdatum\s?:?\s*$", previous)):
        return 0.95 if page.number == 1 and line.box.y0 < 0.5 else 0.7
    if _NOT_OWN.search(head) and not _PLACED.match(head):
        return 0.0
    placed = bool(_PLACE.search(head)) and not rest
    alone = not head.strip() and not rest
    if top and (placed or alone):
        return 0.93 if page.number == 1 else 0.5
    if placed and line.box.y0 > 0.5:  # above or beside the signature, as on forms
        return 0.6
    if alone and line.box.y0 > 0.6:
        return 0.4
    if top and page.number == 1:  # beside the sender on one line, or amid a table
        return 0.3 if rest else 0.5
    return 0.0


def _labelled(page: Reading, line: Line) -> bool:
    """Whether „Datum“ stands before the line, at its height."""
    return any(
        _LABEL_ALONE.match(other.text.strip())
        and other.box.x0 < line.box.x0
        and abs(other.box.y0 - line.box.y0) < line.height
        for other in page.lines
    )


def set_dates(pages: Sequence[Reading], latest: date | None = None) -> Iterator[Fact]:
    """Days set by name („bis zum 05.12.2026“) and by length („innerhalb von zwei Wochen“).

    A length in working days is kept in days: the earlier end is the safe one.  ``latest`` is the
    day of receipt; with it a day without a year („bis zum 05.12.“) is the first after the letter.
    """
    written = next(dated(pages, latest), None)
    since = latest and latest - _ON_ITS_WAY
    if written is not None and latest is not None and date.fromisoformat(written.value) <= latest:
        since = date.fromisoformat(written.value)
    for page in pages:
        previous = -1
        for one in page.dates:
            before = page.before(one.start)
            until = _UNTIL.search(before)
            if until is not None and page.zone(one.start) is not Zone.REMEDIES:
                gap = before[: until.start()]
                span = previous >= 0 and one.start - previous < len(before) - until.start() + 14
                if not span and not _SPAN.search(gap):
                    yield _set(page, one, until, before)
            previous = one.end
        yield from _within(page)
        if since is not None:
            yield from _without_year(page, since)


def _without_year(page: Reading, since: date) -> Iterator[Fact]:
    for match in _YEARLESS.finditer(page.folded):
        before = page.before(match.start())
        until = _UNTIL.search(before)
        around = page.before(match.start(), 200) + page.after(match.end(), 120)
        if (
            until is None
            or page.zone(match.start()) is Zone.REMEDIES
            or _SPAN.search(_DATE_POINT.sub("", before[: until.start()]))
            or not _ASKS.search(around)
        ):
            continue
        written = match.group().strip().rstrip(".")
        days = (
            one.value
            for year in (since.year, since.year + 1)
            for one in dates(f"{written}. {year}" if written[-1].isdigit() else f"{written} {year}")
        )
        day = next((one for one in days if one >= since), None)
        if day is not None:
            start = match.start() - (len(before) - until.start())
            yield Fact(
                kind=FactKind.SET_DATE,
                value=day.isoformat(),
                score=0.7,
                evidence=(page.evidence("fakt.frist", start, match.end()),),
            )


def _set(page: Reading, one: FoundDate, until: re.Match[str], before: str) -> Fact:
    around = page.before(one.start, 200) + page.after(one.end, 120)
    score = 0.92 if _ASKS.search(around) else 0.6
    start = one.start - (len(before) - until.start())
    return _fact(FactKind.SET_DATE, one, page, score, "fakt.frist", start=start)


def _within(page: Reading) -> Iterator[Fact]:
    for match in _WITHIN.finditer(page.folded):
        around = page.before(match.start(), 130) + page.after(match.start(), 130)
        behind = page.after(match.end(), 60)
        if (
            page.zone(match.start()) is Zone.REMEDIES
            or _STATUTORY.search(around)
            or _PAST.search(match.group() + behind[:12])
        ):
            continue
        if match["alone"]:
            count, unit = 1, match["alone"]
        else:
            written = match["count"]
            count = int(written) if written.isdigit() else _NUMBER_WORDS[written]
            unit = match["unit"]
        if not count:
            continue
        yield Fact(
            kind=FactKind.SET_DATE,
            value=_UNITS[unit[0]].format(count),
            score=0.88 if _ASKS.search(around) else 0.55,
            evidence=(page.evidence("fakt.frist", match.start(), match.end()),),
        )


def decisions(pages: Sequence[Reading], latest: date | None) -> Iterator[Fact]:
    """The decisions that an objection or lawsuit is against, and when they are said to have come.

    Of each kind the one that is named best, and those named with it („vom 01.10. und vom 15.10.“);
    others are only told of.  ``latest`` is the day of receipt: a later day was misread.
    """
    strings: list[list[Fact]] = []
    for page in pages:
        end = -1
        for one in page.dates:
            before = page.before(one.start, 110)
            close = end >= 0 and one.start - end <= _SO_CLOSE
            another = _AND_ANOTHER.fullmatch(page.folded, end, one.start) if close else None
            match = _DECISION.search(before)
            end = -1
            if match is None and another is None:
                if _NOTIFIED.search(before) and "bescheid" in page.before(one.start, 200):
                    yield _fact(FactKind.NOTIFIED, one, page, 0.8, "fakt.zugang")
                continue
            found = _decision(page, one, match, strings[-1][-1] if another else None, latest)
            if another is None:
                strings.append([])
            strings[-1].append(found)
            end = one.end
    for kind in (FactKind.DECISION, FactKind.OBJECTION_DECISION):
        of_kind = [[fact for fact in string if fact.kind is kind] for string in strings]
        named = max((fact for facts in of_kind for fact in facts[:1]), key=_score, default=None)
        for facts in of_kind:
            if named is not None and named.value in {fact.value for fact in facts}:
                yield from facts


def _score(fact: Fact) -> float:
    return fact.score


def _decision(
    page: Reading,
    one: FoundDate,
    match: re.Match[str] | None,
    beside: Fact | None,
    latest: date | None,
) -> Fact:
    """A decision named by its own word (``match``), or by that of the one ``beside`` it."""
    kind, start = FactKind.DECISION if beside is None else beside.kind, one.start
    if match is not None:
        objection = match["kind"] == "widerspruchs"
        kind = FactKind.OBJECTION_DECISION if objection else FactKind.DECISION
        start -= len(page.before(one.start, 110)) - match.start()
    subject = page.zone(one.start) in {Zone.SUBJECT, Zone.TITLE}
    score = (0.94 if subject else 0.82) - 0.03 * (page.number - 1)
    score -= 0.5 if latest is not None and one.value > latest else 0
    return _fact(kind, one, page, score, "fakt.bescheid", start=start)


def own_dates(pages: Sequence[Reading]) -> Iterator[Fact]:
    """Of the authority's own papers: the posting note and the end of the benefit period."""
    for page in pages:
        for one in page.dates:
            before = page.before(one.start, 110)
            if match := _POSTED.search(before):
                start = one.start - (len(before) - match.start())
                yield _fact(FactKind.POSTED, one, page, 0.9, "fakt.versand", start=start)
            elif _BENEFITS.search(before):
                yield _fact(FactKind.BENEFITS_UNTIL, one, page, 0.8, "fakt.zeitraum")


def _fact(
    kind: FactKind,
    one: FoundDate,
    page: Reading,
    score: float,
    rule: str,
    *,
    start: int | None = None,
) -> Fact:
    begin = one.start if start is None else start
    return Fact(
        kind=kind,
        value=one.value.isoformat(),
        score=round(score, 3),
        evidence=(page.evidence(rule, begin, one.end),),
    )

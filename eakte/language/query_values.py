"""What stands behind a field of the search box: which field, which sums, which days.

Everything is read leniently, in the ways people guess; what is none of them is None, and the query
says so in a sentence.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches

from eakte.language.amounts import amount_of
from eakte.language.folding import fold
from eakte.language.numbers import court_numbers
from eakte.language.periods import Period, period

_NAMES = {
    "schlagwort": "schlagwort thema",
    "akte": "akte aktenzeichen bg bgnummer",
    "von": "von absender",
    "person": "person name kunde kundin",
    "betrag": "betrag summe",
    "az": "az geschaeftszeichen gz",
    "datum": "datum vom eingang zeitraum jahr monat",
    "seit": "seit ab",
    "bis": "bis",
    "vor": "vor",
    "nach": "nach",
    "site": "standort",
    "subfile": "teilakte",
}
FIELDS: Mapping[str, str] = {
    fold(name): field for field, names in _NAMES.items() for name in names.split()
}
"""What people may write before the colon, folded, and the field that it means."""
DAYS = frozenset({"datum", "seit", "bis", "vor", "nach"})
"""Fields that bound the day of receipt."""
OFFERED = (
    "schlagwort:, akte:, person:, von:, betrag:, az:, datum:, seit:, vor:, standort: und teilakte:"
)
LONGEST_VALUE = 6
"""Words that a value may take: ``betrag:mehr als 500 €``, ``az:S 12 AS 345/26 B ER``."""

Sums = tuple[int | None, int | None]

_CURRENCY = re.compile(r"\s*(?:€|eur|euro)\s*$", re.IGNORECASE)
_ABOVE = r"(?P<above>>=?|≥|ab|mindestens|mind\.|über|ueber|mehr als|größer als)"
_BELOW = r"(?P<below><=?|≤|bis|höchstens|max\.?|unter|weniger als|kleiner als)"
_BOUND = re.compile(rf"(?:{_ABOVE}|{_BELOW})\s*(?P<sum>.+)", re.IGNORECASE)
_SUMS = re.compile(r"(?P<low>.*?)\s*(?:\.{2,}|…|\bbis\b|(?<=[\d€])\s*[-–]\s*(?=\d))\s*(?P<high>.*)")
_WITHOUT_THE_SUM = frozenset({">", "<", "über", "ueber", "mehr als", "größer als"}) | {
    "unter",
    "weniger als",
    "kleiner als",
}

_BACK = re.compile(
    r"([0-9]{1,3}) (tag|tage|tagen|woche|wochen|monat|monate|monaten|jahr|jahre|jahren)"
)
_THIS = re.compile(r"(dies|letzt|vorig|vergangen|vorletzt)(?:e|er|es|en|em) (woche|monat|jahr)")
_QUARTER = re.compile(r"(?:q([1-4])[ /]?((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})[ /]?q([1-4]))")
_DAY_MONTH = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\.")
_MONTH_NAMES = (
    "januar jan, februar feb, marz maerz mrz, april apr, mai, juni jun, juli jul, august aug, "
    "september sep sept, oktober okt, november nov, dezember dez"
)
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split(","), start=1)
    for name in names.split()
}
_MONTH = re.compile(
    rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?(?: ((?:19|20)[0-9]{2}))?"
)
_SHORT_YEAR = re.compile("[0-9]{2}")
_CENTURY_TURN = 40
_CASE_FILE = re.compile(r"[0-9]{5}\s*(?://?|bg)?\s*[0-9]{7}", re.IGNORECASE)
_LABELLED = re.compile(r"[^\W\d_]{1,5}[-./ ]{1,2}[0-9][\w./-]*")
_FOLLOWING_NAME = re.compile(r"\s+([^\W\d_][\w-]*)(?![\w:*])")
_SHORTEST_WORD = 3
_MOST_WORDS = 6
_NAMED_DAYS = {"heute": 0, "gestern": 1, "vorgestern": 2}
_EARLIER = {"dies": 0, "letzt": 1, "vorig": 1, "vergangen": 1, "vorletzt": 2}


def like_field(name: str) -> str:
    """The name of a field that ``name`` may have been meant for; empty if it is like none."""
    known = [one for one in FIELDS if one not in ("bg", "gz", "az", "ab")]
    return next(iter(get_close_matches(fold(name), known, n=1, cutoff=0.75)), "")


def number_behind(field: str, text: str) -> str | None:
    """``text`` if it is one file number of ``field`` (``az``, ``akte``) with blanks in it."""
    if field == "akte":
        return text if _CASE_FILE.fullmatch(text) else None
    if field != "az":
        return None
    if _LABELLED.fullmatch(text):
        return text
    written = text.upper()
    courts = [(found.start, found.end) for found in court_numbers(written)]
    return text if courts == [(0, len(written))] else None


def sender_words(value: str) -> tuple[str, ...]:
    """The words of a sender's name that the index knows each by itself.

    None for a single word, and where one is too short to be known: then only the whole name is.
    """
    words = re.findall(r"\w+", value)
    known = 1 < len(words) <= _MOST_WORDS and all(len(one) >= _SHORTEST_WORD for one in words)
    return tuple(words) if known else ()


def name_goes_on(rest: str) -> str:
    """The word right behind a name that may belong to it; empty where none does."""
    match = _FOLLOWING_NAME.match(rest)
    word = match[1] if match else ""
    return word if word[:1].isupper() and not word.isupper() else ""


def sums(text: str) -> Sums | None:
    """Least and greatest sum in cents, both included, None for an open end.

    ``500``, ``>500``, ``>= 500 €``, ``über 500``, ``100..200``, ``100-200``, ``100 bis 200``,
    ``..200``.  Ends the wrong way round are turned.
    """
    written = _CURRENCY.sub("", text.strip())
    if bound := _BOUND.fullmatch(written):
        return _bounded(bound)
    if span := _SUMS.fullmatch(written):
        low, high = span["low"].strip(), span["high"].strip()
        least, most = _cents(low), _cents(high)
        if (low and least is None) or (high and most is None) or not (low or high):
            return None
        if least is not None and most is not None and least > most:
            least, most = most, least
        return least, most
    one = _cents(written)
    return None if one is None else (one, one)


def _bounded(bound: re.Match[str]) -> Sums | None:
    value = _cents(bound["sum"])
    if value is None:
        return None
    word = (bound["above"] or bound["below"]).lower()
    apart = 1 if word in _WITHOUT_THE_SUM else 0
    return (value + apart, None) if bound["above"] else (None, value - apart)


def _cents(text: str) -> int | None:
    value = amount_of(text) if text else None
    return None if value is None else int(value * 100)


def days(field: str, text: str, today: date | None, *, said: str = "") -> Period | None:
    """First and last day of receipt that ``field:text`` allows; None where it is no day.

    ``field`` is one of ``DAYS``; ``today`` makes sense of ``gestern``, ``letzte Woche``,
    ``3 Monate``, ``März``, ``13.3.``; without it these are nothing.  ``said`` is the name that was
    typed for the field: ``jahr:26`` is a year.
    """
    if fold(said) == "jahr" and _SHORT_YEAR.fullmatch(text):
        text = f"{20 if int(text) < _CENTURY_TURN else 19}{text}"
    found = period(text) or (_relative(text, today) if today is not None else None)
    return None if found is None else _bounding(field, *found)


def _bounding(field: str, first: date | None, last: date | None) -> Period | None:
    bounds: dict[str, Callable[[], Period]] = {
        "datum": lambda: (first, last),
        "seit": lambda: (first, None),
        "bis": lambda: (None, last),
        "vor": lambda: (None, _moved(first, -1)),
        "nach": lambda: (_moved(last, 1), None),
    }
    found = bounds[field]()
    return None if found == (None, None) else found


def _moved(day: date | None, by: int) -> date | None:
    return None if day is None else day + timedelta(days=by)


def _relative(text: str, today: date) -> Period | None:
    said = " ".join(fold(text.replace("-", " ")).split())
    if said in _NAMED_DAYS:
        day = today - timedelta(days=_NAMED_DAYS[said])
        return day, day
    if back := _BACK.fullmatch(said):
        return _before(today, int(back[1]), back[2]), today
    if this := _THIS.fullmatch(said):
        return _span(today, _EARLIER[this[1]], this[2])
    if day_month := _DAY_MONTH.fullmatch(text.strip()):
        return _latest(today, int(day_month[1]), int(day_month[2]))
    return _named(said, today)


def _named(said: str, today: date) -> Period | None:
    """A quarter, or a month: the last one of that name where no year is said."""
    if quarter := _QUARTER.fullmatch(said):
        number, year = int(quarter[1] or quarter[4]), int(quarter[2] or quarter[3])
        return date(year, 3 * number - 2, 1), _month(year, 3 * number)[1]
    if month := _MONTH.fullmatch(said):
        number = _MONTHS[month[1]]
        return _month(int(month[2]) if month[2] else today.year - (number > today.month), number)
    return None


def _before(today: date, count: int, unit: str) -> date:
    if unit.startswith("tag"):
        return today - timedelta(days=count)
    if unit.startswith("woche"):
        return today - timedelta(weeks=count)
    months = today.year * 12 + today.month - 1 - count * (12 if unit.startswith("jahr") else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _span(today: date, earlier: int, unit: str) -> tuple[date, date]:
    if unit == "woche":
        monday = today - timedelta(days=today.weekday() + 7 * earlier)
        return monday, monday + timedelta(days=6)
    if unit == "jahr":
        return date(today.year - earlier, 1, 1), date(today.year - earlier, 12, 31)
    year, month = divmod(today.year * 12 + today.month - 1 - earlier, 12)
    return _month(year, month + 1)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _latest(today: date, day: int, month: int) -> Period | None:
    """The last such day that has been."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found, found
    return None

"""Periods that a document starts or is measured by, with the reckoning in words.

Every end is *voraussichtlich*: what a day of receipt or posting was, a person may still correct.
Nothing here says that a period was missed; what is known of posting and receipt is told, and a
person judges.  Periods for acting end on a working day (§ 64(3) SGG, § 26(3) SGB X); waiting
periods and the authority's own time limits show the earlier day, which is the safe one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from classifiers.deadlines_calendar import (
    WEEKDAYS,
    WorkingCalendar,
    add_months,
    counts_as_notified,
)
from eakte.domain.facts import REMEDIES_MISSING, Fact, FactKind, first
from eakte.domain.findings import DeadlineFinding

__all__ = ["Basis", "Posting", "WorkingCalendar", "add_months", "contested", "deadlines"]

RULE = "§ 88 SGG"
SET = "gesetzte Frist"

_APPLICATIONS = frozenset(
    {
        "erstantrag",
        "weiterbewilligung",
        "mehrbedarf",
        "einmalige_leistung",
        "darlehen",
        "bildung_teilhabe",
        "umzug",
        "foerderantrag",
        "ueberpruefungsantrag",
    }
)
NOTICES = frozenset(
    {
        "bewilligung",
        "aenderung",
        "ablehnung",
        "versagung",
        "aufhebung_erstattung",
        "minderung",
        "vorlaeufig",
        "abschliessend",
        "abhilfe",
    }
)
"""The authority's decisions that an objection can be against."""

OBJECTION_NOTICE = "widerspruchsbescheid"
POSTING_NOTE = "versandnachweis"
_COURTS = frozenset(
    {"klage", "eilantrag", "aktenanforderung", "ladung", "entscheidung", "gerichtspost"}
)
_KNOWLEDGE = frozenset({"anhoerung", "datenabgleich"})
_WAITING = {"widerspruch": 3, **dict.fromkeys(_APPLICATIONS, 6)}
_MONTHS_IN_WORDS = {1: "einem Monat", 3: "drei Monaten", 6: "sechs Monaten", 12: "einem Jahr"}
_KINDS = {3: "eines Widerspruchs (§ 88 Abs. 2 SGG)", 6: "eines Antrags (§ 88 Abs. 1 SGG)"}
_LENGTH = re.compile(r"P(?:(\d+)D|(\d+)W|(\d+)M)|PT(\d+)H")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """When the contested decision was posted, and what in the file says so (a sentence's part)."""

    day: date
    shown_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the periods of one document rest on.

    ``schlagworte``: the primary one first; ``facts`` as they count now; ``posting`` of this notice
    or of the decision that this objection or lawsuit is against, where the file shows it;
    ``remedies`` what is known of that decision's instruction on remedies; ``abroad``: it went
    abroad.
    """

    schlagworte: tuple[str, ...]
    received: date
    received_elsewhere: date | None = None
    facts: tuple[Fact, ...] = ()
    posting: Posting | None = None
    remedies: Fact | None = None
    abroad: bool = False

    @property
    def schlagwort(self) -> str:
        """The primary one; empty where there is none."""
        return self.schlagworte[0] if self.schlagworte else ""

    def day(self, kind: FactKind) -> date | None:
        """The day that the facts name."""
        fact = first(self.facts, kind)
        return date.fromisoformat(fact.value) if fact else None


def deadlines(basis: Basis, calendar: WorkingCalendar) -> tuple[DeadlineFinding, ...]:
    """The periods of a document, the earliest end first; empty where it starts none."""
    found = [
        *_inactivity(basis),
        *_contested(basis, calendar),
        *_own_notice(basis, calendar),
        *_courts(basis, calendar),
        *_review(basis, calendar),
        *_own_limits(basis, calendar),
        *_set(basis, calendar),
    ]
    return tuple(sorted(found, key=lambda one: (one.ends, one.rule)))


def contested(basis: Basis, calendar: WorkingCalendar) -> tuple[DeadlineFinding, ...]:
    """The period of the decision in ``basis`` alone, where a letter is against several."""
    return tuple(_contested(basis, calendar))


def _inactivity(basis: Basis) -> Iterator[DeadlineFinding]:
    """§ 88 SGG: a waiting period, in which nobody has to act by its last day; it never shifts."""
    months = _WAITING.get(basis.schlagwort)
    if months is None:
        return
    ends = add_months(basis.received, months)
    words = _MONTHS_IN_WORDS[months]
    reason = (
        f"Eingang {_KINDS[months]} am {_day(basis.received)}: Wird nicht entschieden, ist eine "
        f"Untätigkeitsklage voraussichtlich nach Ablauf von {words} "
        f"zulässig, also nach dem {_day(ends)}. Als Wartefrist verschiebt sie sich nicht auf "
        f"den nächsten Werktag."
    )
    yield _found(RULE, basis.received, ends, reason, ours=True)


def _contested(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """The period of the decision that an objection or a lawsuit is against: facts for a person."""
    if basis.schlagwort == "widerspruch":
        rule, kind, what = "§ 84 SGG", FactKind.DECISION, "Bescheid"
    elif basis.schlagwort == "klage":
        rule, kind, what = "§ 87 SGG", FactKind.OBJECTION_DECISION, "Widerspruchsbescheid"
    else:
        return
    decided = basis.day(kind)
    if decided is None or decided > basis.received:
        return  # of a decision that was still to come the day was misread
    starts, ends, words = _remedy_period(rule, decided, basis, calendar)
    said = [f"{what} vom {_day(decided)}: {words}"]
    notified = basis.day(FactKind.NOTIFIED)
    if notified is not None:
        said.append(f"Nach dem Schreiben zugegangen am {_day(notified)}.")
    said.append(f"Eingegangen am {_day(basis.received)}")
    if basis.received_elsewhere is not None:
        statute = "§ 84 Abs. 2 SGG" if rule == "§ 84 SGG" else "§ 91 SGG"
        said[-1] += f", bei anderer Stelle am {_day(basis.received_elsewhere)} ({statute})"
    said[-1] += "."
    yield _found(rule, starts, ends, " ".join(said))


def _own_notice(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """Until when an objection or lawsuit against the authority's own notice is expected."""
    if basis.schlagwort in NOTICES:
        rule, what = "§ 84 SGG", "Widerspruch"
    elif basis.schlagwort == OBJECTION_NOTICE:
        rule, what = "§ 87 SGG", "Klage"
    else:
        return
    written = basis.day(FactKind.DATED) or basis.received
    starts, ends, words = _remedy_period(rule, written, basis, calendar)
    yield _found(rule, starts, ends, f"{what} gegen diesen Bescheid: {words}")


def _remedy_period(
    rule: str, decided: date, basis: Basis, calendar: WorkingCalendar
) -> tuple[date, date, str]:
    """Start, end and reckoning of the period for an objection (§ 84) or a lawsuit (§ 87 SGG)."""
    posted = basis.posting.day if basis.posting else decided
    if basis.abroad:
        starts = posted
        how = f"aufgegeben {_day(posted)}, ins Ausland: kein Tag gilt als Bekanntgabe"
    else:
        starts = counts_as_notified(posted)
        how = (
            f"aufgegeben {_day(posted)}, gilt als bekannt gegeben am {_day(starts)} "
            f"(§ 37 Abs. 2 SGB X)"
        )
    months, why = 1, ""
    unsure = basis.remedies is not None and basis.remedies.value == REMEDIES_MISSING
    if unsure and basis.remedies is not None and basis.remedies.given_by is not None:
        unsure = False
        months, why = 12, ", weil die Belehrung fehlt oder unrichtig ist (§ 66 Abs. 2 SGG)"
    elif basis.abroad:
        months, why = 3, f" bei Bekanntgabe im Ausland ({rule.replace(' SGG', ' Abs. 1 SGG')})"
    raw = add_months(starts, months)
    ends = calendar.next_working_day(raw)
    words = f"{how}, endet voraussichtlich {_day(ends)}"
    words += f" (Frist von {_MONTHS_IN_WORDS[months]}{why}{_shift(raw, ends, calendar)})."
    if basis.posting is None:
        words += (
            " Ein Versandnachweis liegt nicht vor: gerechnet ist ab dem Datum des Bescheids; "
            "ist er später oder nicht zugegangen, endet die Frist später."
        )
    else:
        words += f" {basis.posting.shown_by}"
    if unsure:
        words += (
            " Eine Rechtsbehelfsbelehrung wurde nicht gefunden; fehlt sie, gilt ein Jahr "
            "(§ 66 Abs. 2 SGG)."
        )
    return starts, ends, words


def _courts(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """What courts ask (§ 104 SGG), and until when a judgment can be appealed (§§ 145, 151 SGG)."""
    raw = add_months(basis.received, 1)
    ends = calendar.next_working_day(raw)
    if "aktenanforderung" in basis.schlagworte:
        reason = (
            f"Aufforderung des Gerichts eingegangen am {_day(basis.received)}: Die Akte soll "
            f"binnen eines Monats übersandt werden (§ 104 SGG), voraussichtlich bis "
            f"{_day(ends)}{_shift(raw, ends, calendar)}. Im Eilverfahren gilt, was das Gericht "
            f"setzt."
        )
        yield _found("§ 104 SGG", basis.received, ends, reason, ours=True)
    if basis.schlagwort == "entscheidung":
        reason = (
            f"Zugestellt am {_day(basis.received)}: Gegen ein Urteil ist die Berufung (§ 151 SGG) "
            f"oder die Beschwerde gegen ihre Nichtzulassung (§ 145 SGG) binnen eines Monats "
            f"möglich, voraussichtlich bis {_day(ends)}{_shift(raw, ends, calendar)}."
        )
        yield _found("§§ 145, 151 SGG", basis.received, ends, reason, ours=True)


def _review(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """§ 44 SGB X, § 40(1) SGB II: until when a review can be asked for, from when it pays."""
    decided = basis.day(FactKind.DECISION)
    if basis.schlagwort != "ueberpruefungsantrag" or decided is None:
        return
    notified = counts_as_notified(basis.posting.day if basis.posting else decided)
    raw = date(notified.year + 4, 12, 31)
    ends = calendar.next_working_day(raw)
    asked = min(filter(None, (basis.received, basis.received_elsewhere)))
    reason = (
        f"Bescheid vom {_day(decided)}, bekannt gegeben voraussichtlich {notified.year}: Die "
        f"Überprüfung kann bis vier Jahre nach Ablauf dieses Jahres beantragt werden, "
        f"voraussichtlich bis {_day(ends)}{_shift(raw, ends, calendar, '§ 26 Abs. 3 SGB X')}. "
        f"Beantragt am {_day(asked)}: Leistungen rückwirkend längstens ab "
        f"{_day(arrears_from(asked))} (§ 40 Abs. 1 SGB II)."
    )
    yield _found("§ 44 SGB X, § 40 Abs. 1 SGB II", notified, ends, reason)


def arrears_from(asked: date) -> date:
    """From when a review asked for on that day pays: 1 January of the year before.

    § 44(4) SGB X with § 40(1) SGB II: one year, counted from the beginning of the year of the
    request.  A request of 31 December reaches a year further back than one of 2 January.
    """
    return date(asked.year - 1, 1, 1)


def _own_limits(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """Within what time the authority itself has to act."""
    until = basis.day(FactKind.BENEFITS_UNTIL)
    if basis.schlagwort == "vorlaeufig" and until is not None:
        # The benefit period itself ends on its last day whatever day that is (§ 26(4) SGB X).
        ends = add_months(until + timedelta(days=1), 12) - timedelta(days=1)
        reason = (
            f"Bewilligungszeitraum bis {_day(until)}: Ohne abschließende Entscheidung gilt die "
            f"vorläufige voraussichtlich nach dem {_day(ends)} als abschließend (§ 41a Abs. 5 "
            f"SGB II)."
        )
        yield _found("§ 41a Abs. 5 SGB II", until, ends, reason, ours=True)
    if basis.schlagwort in _KNOWLEDGE:
        ends = add_months(basis.received, 12)
        reason = (
            f"Rücknahme oder Aufhebung für die Vergangenheit nur binnen eines Jahres seit Kenntnis "
            f"der Tatsachen (§ 45 Abs. 4, § 48 Abs. 4 SGB X). Rechnet man ab diesem Eingang am "
            f"{_day(basis.received)}, voraussichtlich bis {_day(ends)}; die Kenntnis kann "
            f"früher bestanden haben."
        )
        yield _found("§ 45 Abs. 4 SGB X", basis.received, ends, reason, ours=True)
    if "auskunft_dsgvo" in basis.schlagworte:
        raw = add_months(basis.received, 1)
        ends = calendar.next_working_day(raw)
        shift = _shift(raw, ends, calendar, "Art. 3 Abs. 4 VO 1182/71")
        reason = (
            f"Antrag eingegangen am {_day(basis.received)}: Auskunft binnen eines Monats (Art. 12 "
            f"Abs. 3 DSGVO), voraussichtlich bis {_day(ends)}{shift}."
        )
        yield _found("Art. 12 Abs. 3 DSGVO", basis.received, ends, reason, ours=True)


def _set(basis: Basis, calendar: WorkingCalendar) -> Iterator[DeadlineFinding]:
    """Days that the letter itself sets."""
    written = basis.day(FactKind.DATED)
    for fact in basis.facts:
        if fact.kind is not FactKind.SET_DATE:
            continue
        quote = f"„{fact.evidence[0].words}“" if fact.evidence else "von Hand eingetragen"
        doubt = " Unsicher gelesen." if fact.uncertain else ""
        length = _LENGTH.fullmatch(fact.value)
        if length is None:
            ends = date.fromisoformat(fact.value)
            if ends < min(written or basis.received, basis.received):
                continue  # the letter tells of a day that had passed when it was written
            free = calendar.free(ends)
            day = f", ein {free}" if free in WEEKDAYS else f" ({free})" if free else ""
            reason = f"Im Schreiben gesetzt: {quote}, voraussichtlich {_day(ends)}{day}.{doubt}"
        else:
            raw, ends = _after(basis.received, length, calendar)
            statute = "§ 64 Abs. 3 SGG" if basis.schlagwort in _COURTS else "§ 193 BGB"
            reason = (
                f"Im Schreiben gesetzt: {quote}; ab dem Eingang am {_day(basis.received)} "
                f"gerechnet voraussichtlich bis {_day(ends)}"
                f"{_shift(raw, ends, calendar, statute)}.{doubt}"
            )
        yield _found(SET, min(basis.received, ends), ends, reason, ours=True)


def _after(start: date, length: re.Match[str], calendar: WorkingCalendar) -> tuple[date, date]:
    """Where a period ends by the calendar, and after it was shifted; hours count through."""
    days, weeks, months, hours = (int(one) if one else 0 for one in length.groups())
    if hours:
        raw = start + timedelta(days=hours // 24)
        return raw, raw
    raw = add_months(start, months) + timedelta(days=days, weeks=weeks)
    return raw, calendar.next_working_day(raw)


def _shift(
    raw: date, ends: date, calendar: WorkingCalendar, statute: str = "§ 64 Abs. 3 SGG"
) -> str:
    if raw == ends:
        return ""
    return f"; der {_day(raw)} ist kein Werktag ({calendar.free(raw)}; {statute})"


def _found(
    rule: str, starts: date, ends: date, reason: str, *, ours: bool = False
) -> DeadlineFinding:
    return DeadlineFinding(rule=rule, starts=starts, ends=ends, reason=reason, ours=ours)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

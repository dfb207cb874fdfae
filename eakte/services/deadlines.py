"""The periods of a document, reckoned from what is known now and kept with their reasons.

They are reckoned anew whenever something that they rest on changes: the day of receipt, a fact, the
case file, a posting note that came in.  Wiedervorlagen ahead of the end follow them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from classifiers.deadlines import (
    NOTICES,
    OBJECTION_NOTICE,
    POSTING_NOTE,
    Basis,
    Posting,
    contested,
    deadlines,
)
from eakte.domain.facts import Fact, FactKind, first, values
from eakte.domain.findings import DeadlineFinding
from eakte.domain.ids import derived_id
from eakte.domain.rights import system_reader
from eakte.models import CaseFile, Document, Wiedervorlage
from eakte.repositories.codec import kept_deadline
from eakte.repositories.database import EakteSession
from eakte.repositories.deadlines import Deadlines
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts
from eakte.repositories.postboxes import Postboxes

PLACE = system_reader("deadlines")

_CONTESTING = {"widerspruch": FactKind.DECISION, "klage": FactKind.OBJECTION_DECISION}
REVIEW = "ueberpruefungsantrag"
_OWN_NOTICES = (*sorted(NOTICES), OBJECTION_NOTICE)
_NAMED = (FactKind.DECISION, FactKind.OBJECTION_DECISION)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """What the case file shows of a decision: its posting, its instruction, where it went."""

    posting: Posting | None = None
    remedies: Fact | None = None
    abroad: bool = False


def reckon(
    session: EakteSession,
    document: Document,
    now: datetime,
    *,
    facts: tuple[Fact, ...] | None = None,
    cover: CaseFile | None = None,
) -> tuple[DeadlineFinding, ...]:
    """Reckon the document's periods and keep them; returns them, the earliest end first.

    ``facts`` and ``cover`` are the document's own, where the caller has them at hand.
    """
    documents = Documents(session)
    if facts is None:
        facts = Facts(session).of_document(PLACE, document.id)
    calendar = session.reckoning.calendar
    found = deadlines(_basis(session, document, facts, cover), calendar)
    for further in _further_decisions(document, facts):
        found += contested(_basis(session, document, further, cover), calendar)
    found = tuple(sorted(found, key=lambda one: (one.ends, one.rule)))
    if found != documents.deadlines(PLACE, document.id):
        documents.keep_findings(document, "deadline", [kept_deadline(one) for one in found], now)
    return found


def _basis(
    session: EakteSession, document: Document, facts: tuple[Fact, ...], cover: CaseFile | None
) -> Basis:
    about = _about(session, document, facts, cover)
    primary = document.schlagwort or ""
    carried = [row.schlagwort for row in Documents(session).schlagworte(PLACE, document.id)]
    return Basis(
        schlagworte=(primary, *(one for one in carried if one != primary)),
        received=document.received_here,
        received_elsewhere=document.received_elsewhere,
        facts=facts,
        posting=about.posting,
        remedies=about.remedies,
        abroad=about.abroad,
    )


def _further_decisions(document: Document, facts: tuple[Fact, ...]) -> Iterator[tuple[Fact, ...]]:
    """The facts with each further decision that the letter is against in place of the first."""
    kind = _CONTESTING.get(document.schlagwort or "")
    leading = first(facts, kind) if kind else None
    for one in facts:
        if leading is not None and one.kind is kind and one.value != leading.value:
            yield tuple(other for other in facts if other.kind is not kind or other == one)


def reckon_with_its_kin(
    session: EakteSession,
    document: Document,
    now: datetime,
    *,
    facts: tuple[Fact, ...],
    cover: CaseFile | None,
    before: tuple[Fact, ...] = (),
) -> tuple[str, ...]:
    """The same for the document and for those in its case file that rest on it; their ids.

    A posting note or a notice decides from when an objection against that notice is reckoned;
    ``before`` are its facts as they were, for those that no longer rest on it.
    """
    reckon(session, document, now, facts=facts, cover=cover)
    named = _days(facts) | _days(before)
    if cover is None or document.schlagwort not in (*_OWN_NOTICES, POSTING_NOTE) or not named:
        return (document.id,)
    beside = Facts(session).beside(PLACE, cover.id, (*_CONTESTING, *_OWN_NOTICES))
    known = Facts(session).of_documents(PLACE, [one.id for one in beside])
    kin = [
        one
        for one in beside
        if one.id != document.id and named & (_days(known[one.id]) | _written(known[one.id]))
    ]
    for other in kin:
        reckon(session, other, now, facts=known[other.id], cover=cover)
    return (document.id, *(one.id for one in kin))


def _days(facts: tuple[Fact, ...]) -> frozenset[str]:
    """The days by which decisions are named: of the one it is against, else its own."""
    return frozenset(values(facts, *_NAMED) or values(facts, FactKind.DATED))


def _written(facts: tuple[Fact, ...]) -> frozenset[str]:
    return frozenset(values(facts, FactKind.DATED))


def _about(
    session: EakteSession, document: Document, facts: tuple[Fact, ...], cover: CaseFile | None
) -> _Decision:
    """What is known of the decision that the document is, or is against.

    What is said on an objection itself counts where the file shows nothing better.
    """
    own = document.schlagwort in _OWN_NOTICES
    contested = _CONTESTING.get(document.schlagwort or "", FactKind.DECISION)
    here = _shown_by_itself(facts)
    decided = first(facts, FactKind.DATED if own else contested)
    asked = own or document.schlagwort in (*_CONTESTING, REVIEW)
    if decided is None or not asked:
        return here
    if cover is None:
        filings = Documents(session).filings(PLACE, [document.id])[document.id]
        if not filings:
            return here
        cover = filings[0][1]
    beside = [
        one
        for one in Facts(session).beside(PLACE, cover.id, (*_OWN_NOTICES, POSTING_NOTE))
        if one.id != document.id
    ]
    known = Facts(session).of_documents(PLACE, [one.id for one in beside])
    said, noted = here, False
    country = first(facts, FactKind.ABROAD)
    told_abroad = country is not None and country.given_by is not None
    for other in beside:
        if other.schlagwort == POSTING_NOTE and decided.value in _days(known[other.id]):
            posted = first(known[other.id], FactKind.POSTED)
            if posted is not None:
                day = date.fromisoformat(posted.value)
                shown = f"Versandnachweis vom {day:%d.%m.%Y} in der Akte."
                here, noted = replace(here, posting=Posting(day=day, shown_by=shown)), True
        elif not own and other.schlagwort in _OWN_NOTICES:
            written = first(known[other.id], FactKind.DATED)
            if written is not None and written.value == decided.value:
                itself = _shown_by_itself(known[other.id])
                here = _Decision(
                    posting=here.posting if noted else itself.posting or said.posting,
                    remedies=said.remedies or itself.remedies,
                    abroad=itself.abroad or told_abroad,
                )
    return here


def _shown_by_itself(facts: tuple[Fact, ...]) -> _Decision:
    """What a document shows of posting, instruction and address of the decision it is about."""
    posted = first(facts, FactKind.POSTED)
    posting = None
    if posted is not None:
        day = date.fromisoformat(posted.value)
        how = "Vermerk im Bescheid" if posted.given_by is None else "Von Hand eingetragen"
        posting = Posting(day=day, shown_by=f"{how}: Versand {day:%d.%m.%Y}.")
    return _Decision(
        posting=posting,
        remedies=first(facts, FactKind.REMEDIES),
        abroad=first(facts, FactKind.ABROAD) is not None,
    )


def plan_wiedervorlagen(
    session: EakteSession, document: Document, now: datetime, today: date
) -> None:
    """A Wiedervorlage ahead of every end by which the authority has to act, for whoever has it.

    Those that were planned before and are still open are replaced; a day that has come is no
    reminder any more: the letter itself is on the desk.
    """
    reckoning = session.reckoning
    wanted: dict[date, DeadlineFinding] = {}
    for one in Documents(session).deadlines(PLACE, document.id):
        due = reckoning.calendar.working_day_before(one.ends - timedelta(days=reckoning.lead_days))
        if one.ours and due > today:
            wanted.setdefault(due, one)
    planned = Deadlines(session).planned(PLACE, document.id, PLACE.login)
    if not wanted and not planned:
        return
    lying = Postboxes(session).all_open_of(PLACE, document.id)
    owners = [(one.login, one.team_id) for one in lying if not one.copy]
    owners += [(row.login, row.team_id) for row in planned]
    login, team = next((one for one in owners if one != (None, None)), (None, None))
    kept = {
        row.due
        for row in planned
        if row.due in wanted and (row.login, row.team_id) == (login, team)
    }
    for row in planned:
        if row.due not in kept:
            session.delete(row)
    if login is not None or team is not None:
        session.add_all(
            Wiedervorlage(
                id=derived_id(
                    "wiedervorlage", document.id, due.isoformat(), str(login or team), str(now)
                ),
                document_id=document.id,
                login=login,
                team_id=team,
                due=due,
                note=f"{one.rule}: voraussichtlich bis {one.ends:%d.%m.%Y}",
                made_by=PLACE.login,
                made_at=now,
            )
            for due, one in wanted.items()
            if due not in kept
        )
    session.flush()

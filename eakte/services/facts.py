"""Facts of a document corrected by a person, and everything that rests on them reckoned anew.

A correction stands beside what was read and is never overwritten by a later reading.  The trail
names the kind of fact; what it said is the client's data and stays out of it, days apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from eakte.domain.facts import (
    DATES,
    MANY,
    REMEDIES_GIVEN,
    REMEDIES_MISSING,
    Correction,
    Fact,
    FactKind,
    values,
)
from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language import numbers
from eakte.language.amounts import amount_of, canonical
from eakte.language.tax_ids import without_tax_ids
from eakte.models import Document, Vorgang
from eakte.repositories.audit import AuditLog
from eakte.repositories.codec import evidence_from_json
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts as FactRows
from eakte.repositories.outbox import Outbox
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.services import fact_examples
from eakte.services.deadlines import plan_wiedervorlagen, reckon_with_its_kin
from eakte.services.examples import Corrections, Keeping
from eakte.services.receipt import may_set_receipt
from eakte.services.refusals import DOCUMENT_CHANGED, attempts_noted, open_document
from eakte.services.views import Choice, VorgangView
from eakte.services.vorgaenge import PLACE as MACHINE
from eakte.services.vorgaenge import attach, attach_by_hand
from eakte.services.who_did_what import who_did_what

PLACE = system_reader("facts")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Facts:
    """Corrections by whoever may work on the document."""

    database: Database
    keeping: Keeping = field(default_factory=Keeping)
    closed_subfiles: frozenset[str] = frozenset()

    def correct(
        self,
        reader: Reader,
        document_id: str,
        version: int,
        *,
        kind: str,
        value: str,
        replaces: str = "",
    ) -> None:
        """Say what a fact is (``value``, as typed; empty: there is none); audited.

        ``replaces`` is the canonical value that was wrong, empty where one is added. Deadlines,
        Wiedervorlagen, the Vorgang and the index follow. Raises ``NotFound``, ``NotPermitted``,
        ``Conflict`` (says who did what) or ``Unusable`` for what is no such fact.
        """
        known = _kind(kind)
        canon = canonical_value(known, value) if value.strip() else ""
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = self._held(session, reader, document_id, version)
            rows = FactRows(session)
            facts = rows.of_document(PLACE, document.id)
            present = values(facts, known)
            if known in MANY and replaces and replaces not in present:
                raise Conflict("Diese Angabe gibt es nicht mehr.", remedy="Die Seite neu laden.")
            if not canon and not (replaces if known in MANY else present):
                raise Unusable("Es ist kein Wert angegeben.", remedy="Den Wert eintragen.")
            before = replaces if known in MANY else next(iter(present), "")
            correction = Correction(kind=known, value=canon, replaces=before, given_by=reader.login)
            rows.correct(document, correction, self.database.clock.now())
            days = known in DATES or known is FactKind.SET_DATE
            self._follow(session, document, facts)
            corrections = Corrections(session, self.keeping, self.closed_subfiles)
            fact_examples.keep(session, corrections, reader, document)
            AuditLog(session).note(
                reader,
                "document.fact",
                "document",
                document.id,
                details={"kind": known.value, "removed": not canon}
                | ({"before": before, "after": canon} if days else {}),
            )

    def put_into(
        self, reader: Reader, document_id: str, version: int, vorgang_id: str | None
    ) -> None:
        """Put the document into a Vorgang of its case file, or out of every one; audited.

        Raises ``NotFound``, ``NotPermitted`` or ``Conflict``.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            document = self._held(session, reader, document_id, version)
            chosen = None
            if vorgang_id is not None:
                chosen = next(
                    (
                        one
                        for one in _vorgaenge_beside(session, reader, document)
                        if one.id == vorgang_id
                    ),
                    None,
                )
                if chosen is None:
                    raise NotFound("Diesen Vorgang gibt es in der Akte nicht.")
            attach_by_hand(session, reader, document, chosen, self.database.clock.now())
            flag_modified(document, "score")
            session.flush()

    def _held(
        self, session: EakteSession, reader: Reader, document_id: str, version: int
    ) -> Document:
        document = open_document(session, reader, document_id, lock=True)
        if not may_set_receipt(session, reader, document):
            raise NotPermitted(
                "Angaben berichtigt nur, wer das Dokument im Postkorb hat.",
                remedy="Das Dokument wieder vorlegen lassen.",
            )
        if document.version != version:
            changed = who_did_what(session, document.id) or DOCUMENT_CHANGED
            raise Conflict(changed, remedy="Die Seite neu laden.")
        return document

    def _follow(self, session: EakteSession, document: Document, before: tuple[Fact, ...]) -> None:
        """All that rests on a fact; the document's version goes up, so that stale forms show."""
        now, today = self.database.clock.now(), self.database.clock.today()
        flag_modified(document, "score")
        session.flush()
        filings = Documents(session).filings(PLACE, [document.id])[document.id]
        cover = filings[0][1] if filings else None
        facts = FactRows(session).of_document(PLACE, document.id)
        attach(session, document, cover, facts, now)
        changes = reckon_with_its_kin(
            session, document, now, facts=facts, cover=cover, before=before
        )
        for changed in changes:
            plan_wiedervorlagen(session, session.get_one(Document, changed), now, today)
        Outbox(session).put([document.id], now)


def canonical_value(kind: FactKind, typed: str) -> str:
    """What a person typed as the value that is kept; raises ``Unusable``."""
    text = " ".join(typed.split())
    if len(text) > LONGEST:
        raise Unusable("Die Angabe ist zu lang.", remedy=f"Höchstens {LONGEST} Zeichen.")
    made = _READERS.get(kind, _text)(text)
    if made is None:
        raise Unusable(f"„{text}“ ist {_EXPECTED[kind]}.", remedy=_EXAMPLES[kind])
    return made


def _text(typed: str) -> str | None:
    return without_tax_ids(typed).strip() or None


def _day(typed: str) -> str | None:
    found = [one for one in numbers.dates(typed) if (one.start, one.end) == (0, len(typed))]
    return found[0].value.isoformat() if found else None


def _sum(typed: str) -> str | None:
    value = amount_of(typed)
    return canonical(value) if value is not None else None


def _remedies(typed: str) -> str | None:
    said = {"vorhanden": REMEDIES_GIVEN, "fehlt": REMEDIES_MISSING, "unrichtig": REMEDIES_MISSING}
    return said.get(typed.lower())


_READERS: Mapping[FactKind, Callable[[str], str | None]] = {
    **dict.fromkeys(DATES, _day),
    FactKind.SET_DATE: _day,
    FactKind.AMOUNT: _sum,
    FactKind.REMEDIES: _remedies,
}
_EXPECTED = {
    **dict.fromkeys((*DATES, FactKind.SET_DATE), "kein Tag"),
    FactKind.AMOUNT: "kein Betrag",
    FactKind.REMEDIES: "keine bekannte Angabe",
} | dict.fromkeys(
    (
        FactKind.SENDER,
        FactKind.SUBJECT,
        FactKind.COURT_NUMBER,
        FactKind.OBJECTION_NUMBER,
        FactKind.ABROAD,
    ),
    "keine Angabe, die gespeichert werden darf (§ 139b AO)",
)
_EXAMPLES = {
    kind: {
        "kein Tag": "Zum Beispiel 05.12.2026.",
        "kein Betrag": "Zum Beispiel 1.234,56.",
        "keine bekannte Angabe": "„vorhanden“, „fehlt“ oder „unrichtig“.",
    }.get(expected, "Ohne Steuer-Identifikationsnummer eintragen.")
    for kind, expected in _EXPECTED.items()
}


def _kind(text: str) -> FactKind:
    try:
        return FactKind(text)
    except ValueError as error:
        raise Unusable(f"Eine Angabe „{text}“ gibt es nicht.") from error


def _vorgaenge_beside(
    session: EakteSession, reader: Reader, document: Document
) -> tuple[Vorgang, ...]:
    """The Vorgänge of the document's case file that the reader may know of."""
    filings = Documents(session).filings(reader, [document.id])[document.id]
    if not filings:
        return ()
    return tuple(Vorgaenge(session).of_case_file(reader, filings[0][1].id))


def vorgang_view(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    document: Document,
) -> tuple[VorgangView | None, tuple[Choice, ...]]:
    """The Vorgang that the document belongs to, and all of its case file to choose from."""
    vorgaenge = Vorgaenge(session)
    beside = _vorgaenge_beside(session, reader, document)
    titles = vorgang_titles(session, reader, schlagworte, beside)
    choices = tuple(Choice(id=one.id, title=titles[one.id]) for one in beside)
    held = vorgaenge.of_document(reader, document.id)
    here = {cover.id for _, cover in Documents(session).filings(reader, [document.id])[document.id]}
    if held is None or held[0].case_file_id not in here:
        return None, choices  # it waits at the clearing desk, and may belong to another file
    vorgang, link = held
    payload = link.payload
    return VorgangView(
        id=vorgang.id,
        title=vorgang_titles(session, reader, schlagworte, (vorgang,))[vorgang.id],
        reason=payload["reason"],
        evidence=tuple(evidence_from_json(one) for one in payload["evidence"]),
        by_hand=link.attached_by != MACHINE.login,
    ), choices


def vorgang_titles(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    vorgaenge: tuple[Vorgang, ...],
) -> dict[str, str]:
    """``Klage S 12 AS 345/26``, ``Widerspruch vom 20.11.2026``."""
    numbers_of = Vorgaenge(session).numbers(reader, [one.id for one in vorgaenge])
    answer = {}
    for one in vorgaenge:
        known = schlagworte.get(one.kind)
        name = known.title if known else one.kind
        written = [number.written for number in numbers_of[one.id]]
        since: date = one.opened_at.date()
        answer[one.id] = f"{name} {', '.join(written) or f'vom {since:%d.%m.%Y}'}"
    return answer

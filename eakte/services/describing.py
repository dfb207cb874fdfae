"""What every list says of a document: what it is called, and whether it came before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import CaseFile, Document, Filing, PersonRow
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.services.views import TwinView

NO_TEXT = "Kein lesbarer Text"
"""A photograph that slipped in, a drawing: nothing that rules could label."""

NO_SCHLAGWORT = "Noch ohne Schlagwort"
_SAYS_NOTHING = frozenset({None, "sonstiges"})


def titles(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    documents: Iterable[Document],
) -> dict[str, str]:
    """By id: the title of the Schlagwort, or why the machine found none.

    What a person labelled (score 1.0) keeps that label.
    """
    listed = list(documents)
    unsaid = [one.id for one in listed if one.schlagwort in _SAYS_NOTHING and one.score < 1.0]
    unread = Documents(session).without_text(reader, unsaid) if unsaid else frozenset()
    answer = {}
    for one in listed:
        known = schlagworte.get(one.schlagwort or "")
        title = known.title if known else NO_SCHLAGWORT
        answer[one.id] = NO_TEXT if one.id in unread else title
    return answer


def listed_names(people: Iterable[PersonRow]) -> tuple[str, ...]:
    """``Müller, Jörg`` of each, as lists name people."""
    return tuple(f"{one.last_name}, {one.first_name}" for one in people)


def number_of(filings: Sequence[tuple[Filing, CaseFile]]) -> str | None:
    """The number of the case file that a document stands in first; None while in none."""
    return filings[0][1].aktenzeichen if filings else None


def twin_views(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    ids: Iterable[str],
) -> dict[str, tuple[TwinView, ...]]:
    """By id: documents that say the same and that ``reader`` may open, the likest first."""
    found = Documents(session).twins(reader, ids)
    others = {twin.id: twin for twins in found.values() for twin, _ in twins}
    called = titles(session, reader, schlagworte, others.values())
    return {
        document_id: tuple(
            TwinView(
                document_id=twin.id,
                title=called[twin.id],
                received=twin.received_here,
                score=score,
            )
            for twin, score in twins
        )
        for document_id, twins in found.items()
    }

"""What a postbox shows of each of its letters, fetched for a whole page of the list at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.models import Document, PostboxEntry
from eakte.repositories.database import EakteSession
from eakte.repositories.deadlines import Deadlines
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.services.describing import listed_names, titles, twin_views
from eakte.services.views import PostboxEntryView


def pressing_until(session: EakteSession) -> date:
    """Ends of periods up to this day are worth a reminder today."""
    return session.trail.clock.today() + timedelta(days=session.reckoning.lead_days)


def entry_views(
    session: EakteSession,
    reader: Reader,
    schlagworte: Mapping[str, Schlagwort],
    rows: Sequence[tuple[PostboxEntry, Document]],
) -> tuple[PostboxEntryView, ...]:
    """Rows of a postbox with all that their line on screen shows, in a few queries for all."""
    if not rows:
        return ()
    ids = [document.id for _, document in rows]
    documents, organisation = Documents(session), Organisation(session)
    filings = documents.filings(reader, ids)
    people = documents.people(reader, ids)
    pages = documents.page_counts(reader, ids)
    logins = {entry.deputy_for or "" for entry, _ in rows} | {entry.sent_by for entry, _ in rows}
    names = organisation.names(logins)
    called = titles(session, reader, schlagworte, (document for _, document in rows))
    twins = twin_views(session, reader, schlagworte, ids)
    ends, pressing = Deadlines(session).next_ends(reader, ids), pressing_until(session)
    views = []
    for entry, document in rows:
        cover = filings[document.id][0][1] if filings[document.id] else None
        views.append(
            PostboxEntryView(
                id=entry.id,
                version=entry.version,
                document_id=document.id,
                postbox=entry.postbox,
                urgent=entry.urgent,
                copy=entry.copy,
                deputy_for=entry.deputy_for,
                deputy_for_name=names[entry.deputy_for] if entry.deputy_for else None,
                schlagwort=document.schlagwort,
                schlagwort_title=called[document.id],
                aktenzeichen=cover.aktenzeichen if cover else None,
                provisional=bool(cover and cover.provisional),
                people=listed_names(people[document.id]),
                received=document.received_here,
                arrived_at=entry.arrived_at,
                pages=pages.get(document.id, 0),
                note=entry.note,
                sent_by=names[entry.sent_by],
                twins=twins.get(document.id, ()),
                deadline=ends.get(document.id),
                pressing=document.id in ends and ends[document.id] <= pressing,
            )
        )
    return tuple(views)

"""Facts of a document (sender, days, sums, numbers), read while its pages are at hand.

Part of ``classify``: what is read stays a suggestion with its evidence, and the periods that rest
on it are reckoned at once.  Once the case file is known, filing reckons them again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classifiers.deadlines import NOTICES, OBJECTION_NOTICE
from eakte.domain.facts import settled
from eakte.intake.tools import STEP, Pages, Tools
from eakte.models import Document
from eakte.repositories.database import EakteSession
from eakte.repositories.facts import Facts, fact_from_json, fact_to_json
from eakte.services.deadlines import reckon

_WITH_REMEDIES = NOTICES | {OBJECTION_NOTICE}


def facts_on(document: Document, tools: Tools, pages: Pages) -> list[dict[str, Any]]:
    """The facts on ``pages``, as they are kept; what is looked for hangs on the Schlagwort."""
    known = tools.schlagworte.get(document.schlagwort or "")
    found = tools.facts(
        pages,
        own=known is not None and not known.incoming,
        notice=document.schlagwort in _WITH_REMEDIES,
        received=document.received_here,
    )
    return [fact_to_json(one) for one in found]


def keep_facts(
    session: EakteSession, document: Document, payloads: list[dict[str, Any]], now: datetime
) -> None:
    """Keep what was read, beside whatever people corrected before; the periods follow."""
    rows = Facts(session)
    rows.keep(document, payloads, now)
    said = rows.corrections(STEP, [document.id])[document.id]
    facts = settled((fact_from_json(one) for one in payloads), said)
    reckon(session, document, now, facts=facts)

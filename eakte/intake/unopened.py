"""unopened: post that nobody here may read is logged with the picture of its envelope alone.

Comes between recognise and cut: an envelope marked „persönlich“, for the staff council, „Ärztlicher
Dienst – verschlossen“ or an open tender makes no document. What was read on it is deleted, and
there is neither archive copy nor text layer nor index. Only paper has envelopes, and what somebody
files by a map (a backfile) was opened long ago.  What the desk opened after all is not asked again.
"""

from __future__ import annotations

from eakte.domain.arrivals import given_from_json
from eakte.intake.tools import STEP, Tools, the
from eakte.repositories.audit import AuditLog
from eakte.repositories.sources import Sources
from eakte.services.arrivals import OPENED_BY

FOR_WHOM = {
    "personalrat": "für Personalrat oder Schwerbehindertenvertretung",
    "gleichstellung": "für die Gleichstellungsbeauftragte",
    "arzt": "für den Ärztlichen Dienst",
    "ausschreibung": "Angebot zu einer Ausschreibung",
    "persoenlich": "persönlich oder vertraulich",
}


def stays_closed(tools: Tools, source_id: str) -> bool:
    """Whether the source is an envelope that stays closed; if so, what was read is gone.

    Run twice, it says the same: the state of the source remembers.
    """
    with tools.database.write() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        if source.form != "paper" or source.state != "received":
            return source.state == "unopened"
        if given_from_json(source.given).filed or source.given.get(OPENED_BY):
            return False
        pages = sources.pages(STEP, source_id)
        texts = sources.texts(STEP, [page.id for page in pages])
        mark = tools.closed_post(tuple(texts[page.id] for page in pages if page.id in texts))
        if mark is None:
            return False
        whom = mark.rule.rpartition(".")[2]
        sources.forget_words(STEP, source_id)
        source.state, source.changed_at = "unopened", tools.database.clock.now()
        source.reason_code = f"unopened_{whom}"
        source.reason = f"Ungeöffnet weiterzugeben: {FOR_WHOM[whom]}."
        AuditLog(session).note(STEP, "source.unopened", "source", source_id, details={"whom": whom})
    return True

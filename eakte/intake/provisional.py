"""A provisional case file: a first application opens it; the register's number comes later."""

from __future__ import annotations

from eakte.domain.findings import CaseFileCandidate, CaseFileFinding, Sender
from eakte.intake.tools import STEP, Tools
from eakte.models import Document
from eakte.repositories.database import EakteSession
from eakte.services.provisional_files import open_for, site_for


def open_provisional_file(
    session: EakteSession, tools: Tools, document: Document, sender: Sender
) -> CaseFileFinding | None:
    """Open the file at the site of the applicant's postcode.

    Where no one site has it, at the site of the channel it came through; None without either.
    """
    site = site_for(session, document, sender.postcode)
    if site is None:
        return None
    now = tools.database.clock.now()
    cover, person_id = open_for(session, STEP, document, sender, site=site, now=now)
    candidate = CaseFileCandidate(
        case_file_id=cover.id,
        aktenzeichen=cover.aktenzeichen,
        score=1.0,
        facts=frozenset({"application"}),
        evidence=sender.evidence,
        person_ids=(person_id,),
    )
    return CaseFileFinding(
        chosen=candidate,
        candidates=(candidate,),
        reason="Erstantrag ohne Akte: vorläufige Akte nach Name und Postleitzahl.",
    )

"""A provisional case file: a first application opens it; the register's number comes later."""

from __future__ import annotations

from eakte.domain.findings import CaseFileCandidate, CaseFileFinding, Sender
from eakte.domain.ids import derived_id
from eakte.intake.tools import STEP, Tools, the
from eakte.language.addresses import address_key
from eakte.language.names import name_keys
from eakte.models import CaseFile, CaseFileNumber, Document, Membership, NameKey, PersonRow
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import Proof
from eakte.repositories.sources import Sources


def open_provisional_file(
    session: EakteSession, tools: Tools, document: Document, sender: Sender
) -> CaseFileFinding | None:
    """Open the file at the site of the applicant's postcode.

    Where no one site has it, at the site of the channel it came through; None without either.
    """
    source = the(Sources(session).get(STEP, document.source_id), "source")
    batch = the(Proof(session).batch(STEP, source.batch_id), "batch")
    site = Organisation(session).site_of_postcode(sender.postcode, batch.site_id)
    if site is None:
        return None
    case_file_id = derived_id("provisional", document.id)
    person_id = derived_id("provisional person", document.id)
    number = f"V-{document.received_here:%Y%m%d}-{case_file_id[:6].upper()}"
    if session.get(CaseFile, case_file_id) is None:
        _write(session, tools, sender, case_file_id, person_id, number, site)
    candidate = CaseFileCandidate(
        case_file_id=case_file_id,
        aktenzeichen=number,
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


def _write(  # noqa: PLR0917  one row each, in the order of their keys
    session: EakteSession,
    tools: Tools,
    sender: Sender,
    case_file_id: str,
    person_id: str,
    number: str,
    site: str,
) -> None:
    session.add(
        CaseFile(
            id=case_file_id,
            aktenzeichen=number,
            site_id=site,
            street=sender.street,
            postcode=sender.postcode,
            city=sender.city,
            address_key=address_key(sender.street, sender.postcode),
            provisional=True,
            opened_at=tools.database.clock.now(),
        )
    )
    session.add(
        PersonRow(
            id=person_id,
            first_name=sender.first_name,
            last_name=sender.last_name,
            birth_date=sender.birth_date,
        )
    )
    session.flush()
    session.add_all(
        (
            CaseFileNumber(
                number_key=number, case_file_id=case_file_id, written=number, former=False
            ),
            Membership(case_file_id=case_file_id, person_id=person_id, applicant=True, position=0),
            *(
                NameKey(name_key=key[:200], person_id=person_id)
                for key in name_keys(sender.first_name, sender.last_name)
            ),
        )
    )
    session.flush()
    AuditLog(session).note(STEP, "case_file.provisional", "case_file", case_file_id)

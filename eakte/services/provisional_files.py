"""A provisional case file: opened by a first application, by the machine or at the clearing desk.

It waits for the register's number and is marked as provisional wherever it is named.  Works within
the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

from eakte.domain.findings import Sender
from eakte.domain.ids import derived_id
from eakte.domain.provisional import provisional_number
from eakte.domain.rights import Reader, system_reader
from eakte.language.addresses import address_key
from eakte.language.names import name_keys
from eakte.models import CaseFile, CaseFileNumber, Document, Membership, NameKey, PersonRow
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import Proof
from eakte.repositories.register_terms import RegisterTerms
from eakte.repositories.sources import Sources

PLACE = system_reader("provisional")


def site_for(session: EakteSession, document: Document, postcode: str) -> str | None:
    """The site that answers for ``postcode``, else that of the channel the document came through.

    None without either.
    """
    source = Sources(session).get(PLACE, document.source_id)
    batch = Proof(session).batch(PLACE, source.batch_id) if source is not None else None
    return Organisation(session).site_of_postcode(postcode, batch.site_id if batch else None)


def open_for(
    session: EakteSession,
    reader: Reader,
    document: Document,
    sender: Sender,
    *,
    site: str,
    now: datetime,
) -> tuple[CaseFile, str]:
    """The provisional file of this document and its applicant's id; made where there is none.

    Where it was joined with the real one meanwhile, that one and its applicant.
    """
    case_file_id = derived_id("provisional", document.id)
    person_id = derived_id("provisional person", document.id)
    found = session.get(CaseFile, case_file_id)
    if found is not None and found.joined_into is not None:
        found = session.get_one(CaseFile, found.joined_into)
        members = CaseFiles(session).people(PLACE, [found.id])[found.id]
        return found, members[0][0].id
    if found is not None:
        return found, person_id
    number = provisional_number(document.received_here, case_file_id)
    cover = CaseFile(
        id=case_file_id,
        aktenzeichen=number,
        site_id=site,
        street=sender.street,
        postcode=sender.postcode,
        city=sender.city,
        address_key=address_key(sender.street, sender.postcode),
        provisional=True,
        opened_at=now,
    )
    session.add(cover)
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
    RegisterTerms(session).refresh(PLACE, [case_file_id])
    AuditLog(session).note(reader, "case_file.provisional", "case_file", case_file_id)
    return cover, person_id

"""``eakte register import``: the register becomes rows, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from eakte.domain.rights import Reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_file_upsert import CaseFileUpsert
from eakte.repositories.database import Database
from eakte.repositories.joins import Joins
from eakte.repositories.register_facts import (
    AbsenceFacts,
    CaseFileGiven,
    CaseworkerFacts,
    OrganisationGiven,
    PersonFacts,
    RangeFacts,
    RepresentativeFacts,
    SiteFacts,
    TeamFacts,
)
from eakte.repositories.register_upsert import OrganisationUpsert
from eakte.services.register_file import (
    CaseFileEntry,
    CaseworkerEntry,
    PersonEntry,
    RegisterFile,
)


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """Takes a checked register file as an upsert in one transaction."""

    database: Database
    pattern: AktenzeichenPattern

    def run(self, reader: Reader, register: RegisterFile) -> dict[str, int]:
        """Upsert everything; returns how many entries of each kind were taken.

        ``provisional``: how many provisional files may be joined with one of the register.

        Raises ``RegisterError`` for a reference to something unknown; then nothing was changed.
        """
        now = self.database.clock.now()
        with self.database.write() as session:
            organisation = OrganisationUpsert(session, reader)
            organisation.put(_organisation(register))
            case_files = CaseFileUpsert(session, reader, self.pattern, now)
            changed = case_files.put_all(_case_file(entry) for entry in register.case_files)
            joins = Joins(session)
            waiting = [one.id for one in joins.waiting(reader)]
            counts = {
                "sites": len(register.sites),
                "teams": len(register.teams),
                "caseworkers": len(register.caseworkers),
                "absences": len(register.absences),
                "case_files": len(register.case_files),
                "provisional": len({one.provisional_id for one in joins.alike(reader, waiting)}),
            }
            AuditLog(session).note(
                reader,
                "register.import",
                "register",
                "register",
                details={
                    **counts,
                    "case_files_changed": changed,
                    "overruled": organisation.overruled + case_files.overruled,
                },
            )
        return counts


def _organisation(register: RegisterFile) -> OrganisationGiven:
    return OrganisationGiven(
        sites=tuple(
            SiteFacts(id=site.id, name=site.name, postcodes=site.postcodes)
            for site in register.sites
        ),
        teams=tuple(
            TeamFacts(id=team.id, site=team.site, function=team.function, name=team.name)
            for team in register.teams
        ),
        caseworkers=tuple(_caseworker(worker) for worker in register.caseworkers),
        absences=tuple(
            AbsenceFacts(login=absence.login, starts=absence.from_day, ends=absence.to_day)
            for absence in register.absences
        ),
    )


def _caseworker(entry: CaseworkerEntry) -> CaseworkerFacts:
    return CaseworkerFacts(
        login=entry.login,
        name=entry.name,
        roles=tuple(str(role) for role in entry.roles),
        teams=entry.teams,
        deputies=entry.deputies,
        ranges=None
        if entry.surname_ranges is None
        else tuple(
            RangeFacts(function=one.function, from_name=one.from_name, to_name=one.to_name)
            for one in entry.surname_ranges
        ),
    )


def _case_file(entry: CaseFileEntry) -> CaseFileGiven:
    given = entry.model_fields_set
    if entry.protected is None:
        given = given - {"protected"}  # null takes no protection away
    return CaseFileGiven(
        aktenzeichen=entry.aktenzeichen,
        site=entry.site,
        people=tuple(_person(person) for person in entry.people),
        street=entry.street or "",
        postcode=entry.postcode or "",
        city=entry.city or "",
        responsible=entry.responsible,
        protected=bool(entry.protected),
        protected_reason=entry.protected_reason,
        excluded_logins=entry.excluded_logins,
        former_numbers=entry.former_numbers,
        closed=entry.closed,
        given=frozenset(given),
    )


def _person(entry: PersonEntry) -> PersonFacts:
    return PersonFacts(
        first_name=entry.first_name,
        last_name=entry.last_name,
        former_names=entry.former_names,
        birth_date=entry.birth_date,
        customer_number=entry.customer_number,
        applicant=bool(entry.applicant),
        responsible=entry.responsible,
        member_from=entry.member_from,
        member_to=entry.member_to,
        died=entry.died,
        representatives=None
        if entry.representatives is None
        else tuple(
            RepresentativeFacts(
                kind=one.kind,
                name=one.name,
                street=one.street or "",
                postcode=one.postcode or "",
                city=one.city or "",
            )
            for one in entry.representatives
        ),
        given=frozenset(entry.model_fields_set),
    )

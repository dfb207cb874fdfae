"""Every repository method with every role, against a table of what each may see.

The table below is what ``docs/adr/0002-rights.md`` promises. A new repository method fails here
until it stands in ``PROBES`` (it takes a Reader) or in ``WITHOUT_READER`` (with its reason).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from eakte import repositories
from eakte.domain.facts import Correction, FactKind
from eakte.domain.file_filters import FileFilter
from eakte.domain.ids import derived_id
from eakte.domain.rights import Reader, system_reader
from eakte.errors import NotPermitted, RegisterError
from eakte.language.addresses import address_key
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.names import name_keys
from eakte.language.references import FoundReference
from eakte.models import (
    Annotation,
    BadScan,
    Batch,
    BatchDecision,
    CaseFile,
    CutProposal,
    DeskLook,
    Document,
    DocumentPage,
    DocumentVersion,
    Example,
    FindingRow,
    Page,
    PersonRow,
    PostboxEntry,
    QualityCheck,
    RegisterTerm,
    RuleTrial,
    RuleTrialChange,
    Site,
    Source,
    TransferNote,
    Vorgang,
    Wiedervorlage,
)
from eakte.repositories.absences import Absences
from eakte.repositories.access_terms import AccessFacts, reader_terms
from eakte.repositories.annotations import Annotations
from eakte.repositories.assignments import Assignments
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_file_upsert import CaseFileUpsert
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.checks import Checks
from eakte.repositories.cuts import Cuts
from eakte.repositories.database import EakteSession
from eakte.repositories.deadlines import Deadlines
from eakte.repositories.desk_looks import DeskLooks
from eakte.repositories.documents import Documents
from eakte.repositories.examples import Examples
from eakte.repositories.facts import Facts
from eakte.repositories.file_contents import FileContents
from eakte.repositories.found import Found
from eakte.repositories.joins import Joins
from eakte.repositories.known_references import KnownReferences
from eakte.repositories.outbox import Outbox
from eakte.repositories.page_lists import PageLists
from eakte.repositories.postboxes import Postboxes
from eakte.repositories.proof import Proof
from eakte.repositories.register import SqlRegister
from eakte.repositories.register_facts import OrganisationGiven
from eakte.repositories.register_terms import RegisterTerms
from eakte.repositories.register_upsert import OrganisationUpsert
from eakte.repositories.responsibilities import Responsibilities
from eakte.repositories.rule_trials import RuleTrials
from eakte.repositories.sources import Sources
from eakte.repositories.stacks import Stacks
from eakte.repositories.vorgaenge import Vorgaenge
from eakte.repositories.wiedervorlagen import Wiedervorlagen
from eakte.services.routing import Receiver
from tests.authority import MORNING, Authority, recognised_page
from tests.small_authority import (
    COLLEAGUE,
    MUELLER,
    OTHER_SITE,
    PROTECTED,
    SCHMIDT,
    small_register,
)

SYSTEM = system_reader("test")
COURT_NUMBER = FoundReference("court", "s31as27014", 0, 0)
INSURANCE_NUMBER = FoundReference("insured", "A123456780", 0, 0)
BEFORE, DURING, AFTER = "2026-11-23", "2026-12-01", "2026-12-08"
"""m.petersen and j.hansen are away from 30 November to 7 December."""

DOCUMENTS = {
    "ordinary",
    "vermittlung",
    "copied",
    "other_site",
    "protected",
    "protected_done",
    "colleague",
    "medizin",
    "medizin_done",
    "hinweise",
    "handakte",
    "recht",
    "clearing",
    "undelivered",
    "routed",
    "beschwerde",
    "done",
    "came",
}
_HUSUM = {"ordinary", "copied", "colleague", "recht", "routed", "done"}
_PROTECTED = {"protected", "protected_done"}

VISIBLE: dict[str, set[str]] = {
    "responsible": _HUSUM | _PROTECTED,
    "same site, same function": _HUSUM,
    "same site, other function": {"vermittlung", "copied", "medizin", "came"},
    "other site": {"other_site", "came"},
    "team lead": _HUSUM | _PROTECTED,
    "legal": _HUSUM | {"vermittlung", "other_site", "handakte", "came"},
    "scan": {"clearing", "undelivered", "routed"},
    "administrator": set(),
    "excluded": _HUSUM - {"colleague"},
    "central team": {"hinweise", "beschwerde"},
    "named for medizin": {"medizin", "medizin_done"},
    "emergency": {"other_site", "came"} | {"ordinary", "vermittlung", "copied", "routed", "done"},
    "deputy before": set(),
    "deputy during": _HUSUM | _PROTECTED,
    "deputy after": set(),
    "deputy of the excluded": _HUSUM - {"colleague"},
    "system": DOCUMENTS,
}
UNINDEXED = {"undelivered", "routed"}

_COVERS = {MUELLER, COLLEAGUE, SCHMIDT}
COVERS: dict[str, set[str]] = {
    "responsible": _COVERS | {PROTECTED},
    "same site, same function": _COVERS,
    "same site, other function": _COVERS | {OTHER_SITE},
    "other site": {OTHER_SITE},
    "team lead": _COVERS | {PROTECTED},
    "legal": _COVERS | {OTHER_SITE},
    "scan": set(),
    "administrator": set(),
    "excluded": _COVERS - {COLLEAGUE},
    "central team": _COVERS | {OTHER_SITE},
    "named for medizin": {MUELLER},
    "emergency": {OTHER_SITE, MUELLER},
    "deputy before": set(),
    "deputy during": _COVERS | {PROTECTED},
    "deputy after": set(),
    "deputy of the excluded": _COVERS - {COLLEAGUE},
    "system": _COVERS | {OTHER_SITE, PROTECTED},
}
AT_DESK_TOO = COVERS | {"scan": _COVERS | {OTHER_SITE}}
"""Whose files may be joined: at the clearing desk all but protected ones."""

_OWN = {f"{name}@m.petersen" for name in ("ordinary", "copied", "protected", "colleague")}
OPEN_ENTRIES: dict[str, set[str]] = {
    "responsible": _OWN,
    "same site, same function": set(),
    "same site, other function": {
        f"{name}@k.thomsen" for name in ("vermittlung", "copied", "medizin", "came")
    },
    "other site": {"other_site@i.clausen"},
    "team lead": _OWN | {"recht@j.hansen"},
    "legal": {"recht@recht"},
    "scan": {"clearing@clearing"},
    "administrator": set(),
    "excluded": {"recht@j.hansen"},
    "central team": {"hinweise@leitung", "beschwerde@leitung"},
    "named for medizin": set(),
    "emergency": {"other_site@i.clausen"},
    "deputy before": set(),
    "deputy during": _OWN,
    "deputy after": set(),
    "deputy of the excluded": {"recht@j.hansen"},
    "system": _OWN
    | {f"{name}@k.thomsen" for name in ("vermittlung", "copied", "medizin", "came")}
    | {"hinweise@leitung", "beschwerde@leitung", "recht@recht", "recht@j.hansen"}
    | {"other_site@i.clausen", "clearing@clearing"},
}
AT_THE_DESK = {"scan", "system"}
YES_IN_POSTBOXES = {name for name, entries in OPEN_ENTRIES.items() if entries}
REPORTED_TO = {"team lead", "administrator", "system"}


class World:
    """The fixed documents and the readers of the table."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.ids: dict[str, str] = {}
        authority.policy_with(named_logins={"medizin": frozenset({"n.amed"})})
        authority.register(_register())
        authority.clock.set_day(BEFORE)
        self._letters()
        self._proof()
        self._rule_trial()
        authority.clock.set_day(BEFORE)
        self.readers = {
            "responsible": authority.reader("m.petersen"),
            "same site, same function": authority.reader("n.neben"),
            "same site, other function": authority.reader("k.thomsen"),
            "other site": authority.reader("i.clausen"),
            "team lead": authority.reader("a.lead"),
            "legal": authority.reader("r.legal"),
            "scan": authority.reader("s.scan"),
            "administrator": authority.reader("x.admin"),
            "excluded": authority.reader("j.hansen"),
            "central team": authority.reader("c.chief"),
            "named for medizin": authority.reader("n.amed"),
            "deputy before": authority.reader("v.tretung"),
            "system": SYSTEM,
        }
        authority.case_files.open_in_emergency(
            authority.reader("i.clausen"), MUELLER, "Wohnungslos, steht am Empfang"
        )
        self.readers["emergency"] = authority.reader("i.clausen")
        authority.clock.set_day(DURING)
        self.readers["deputy during"] = authority.reader("v.tretung")
        self.readers["deputy of the excluded"] = authority.reader("e.ersatz")
        authority.clock.set_day(AFTER)
        self.readers["deputy after"] = authority.reader("v.tretung")
        self.names = {identifier: name for name, identifier in self.ids.items()}
        with authority.database.read() as session:
            self.sources = {
                row.source_id: self.names[row.id] for row in session.scalars(select(Document))
            }
            self.pages = {
                row.page_id: self.names[row.document_id]
                for row in session.scalars(select(DocumentPage))
            }
            self.entries = {
                row.id: f"{self.names[row.document_id]}@{row.postbox}"
                for row in session.scalars(select(PostboxEntry))
            }

    def _letters(self) -> None:
        letter = self.authority.letter
        ids = self.ids
        ids["ordinary"] = letter("kontoauszug", MUELLER)
        ids["vermittlung"] = letter("bewerbung", MUELLER)
        ids["copied"] = letter("arbeitsaufnahme", MUELLER)
        ids["other_site"] = letter("kontoauszug", OTHER_SITE)
        ids["protected"] = letter("kontoauszug", PROTECTED)
        ids["colleague"] = letter("kontoauszug", COLLEAGUE)
        ids["medizin"] = letter("attest", MUELLER)
        ids["hinweise"] = letter("hinweis_dritter", SCHMIDT)
        ids["recht"] = letter("widerspruch", SCHMIDT)
        ids["clearing"] = letter("sonstiges", MUELLER, state="clearing")
        ids["undelivered"] = letter("sonstiges", None, state="classified")
        ids["routed"] = letter("kontoauszug", MUELLER, state="routed")
        ids["beschwerde"] = letter("sonstiges", None, state="clearing")
        self.authority.clearing.assign(
            self.authority.reader("s.scan"),
            ids["beschwerde"],
            self.authority.document(ids["beschwerde"]).version,
            schlagwort="beschwerde",
            aktenzeichen=None,
        )
        for name, schlagwort, number, login in (
            ("done", "kontoauszug", MUELLER, "m.petersen"),
            ("protected_done", "kontoauszug", PROTECTED, "m.petersen"),
            ("medizin_done", "attest", MUELLER, "k.thomsen"),
        ):
            ids[name] = letter(schlagwort, number)
            self._file(ids[name], login)
        desk = Receiver(postbox="r.legal", login="r.legal", rule="hand")
        ids["handakte"] = letter("sonstiges", SCHMIDT, sub_file="handakte", to=desk)
        self._file(ids["handakte"], "r.legal")
        ids["came"] = letter("kontoauszug", OTHER_SITE)
        entry = self.authority.entry(ids["came"], "i.clausen")
        self.authority.postboxes.forward(
            self.authority.reader("i.clausen"), entry.id, entry.version, "k.thomsen", "bitte sehen"
        )
        self._changed_once()
        self._leave_a_stack()
        assert ids.keys() == DOCUMENTS

    def _changed_once(self) -> None:
        """Every document's list of pages was made by a change of its own."""
        with self.authority.database.write() as session:
            for row in session.scalars(select(DocumentVersion)):
                row.change_id = derived_id("change", row.document_id)

    def _leave_a_stack(self) -> None:
        self.stack = self.authority.source(pages=2)
        self.separator = self.authority.source()
        with self.authority.database.write() as session:
            session.get_one(Source, self.separator).state = "cut"
            source = session.get_one(Source, self.stack)
            source.state = "waiting"
            self.stack_page = session.scalars(
                select(Page.id).where(Page.source_id == self.stack)
            ).first()
            session.add(
                CutProposal(
                    source_id=self.stack,
                    before=2,
                    score=0.5,
                    reasons=[],
                    state="refused",
                    decided_by="s.scan",
                    decided_at=self.authority.clock.now(),
                )
            )

    def _rule_trial(self) -> None:
        """A trial of rules to which every document would be another."""
        with self.authority.database.write() as session:
            trial = RuleTrial(
                id=derived_id("trial"),
                origin="screen",
                files={},
                digest="0" * 64,
                against=1,
                asked_at=self.authority.clock.now() + timedelta(days=99),
                asked_by="x.admin",
                last_documents=1000,
                state="running",
                tally={},
            )
            RuleTrials(session).add(trial)
            RuleTrials(session).add_changes(
                RuleTrialChange(
                    trial_id=trial.id,
                    document_id=one,
                    position=position,
                    kind="primary",
                    old="klage",
                    new="widerspruch",
                    old_score=0.9,
                    new_score=0.9,
                    old_why=[],
                    new_why=[],
                )
                for position, one in enumerate(self.ids.values())
            )

    def _proof(self) -> None:
        """Every letter has a note, is drawn for the check, and is reported as a bad scan."""
        at = MORNING
        with self.authority.database.write() as session:
            for name, one in self.ids.items():
                page = session.get_one(Page, _page_id(session, one))
                source = session.get_one(Source, page.source_id)
                by = {"made_at": at, "made_by": "s.scan"}
                session.merge(TransferNote(source_id=source.id, number=1, note={}, **by))
                session.merge(
                    QualityCheck(
                        page_id=page.id, batch_id=source.batch_id, reason="sample", drawn_at=at
                    )
                )
                said = {"reported_at": at, "reported_by": "x", "reason": "Sichtprüfung: grau"}
                session.add(BadScan(id=derived_id(name), document_id=one, page_id=page.id, **said))
            session.add(
                BatchDecision(
                    id=derived_id("decision"),
                    batch_id=source.batch_id,
                    kind="counted",
                    decided_at=at,
                    decided_by="s.scan",
                    details={},
                )
            )

    def _file(self, document_id: str, login: str) -> None:
        entry = self.authority.entry(document_id, login)
        document = self.authority.document(document_id)
        with self.authority.database.write() as session:
            row = session.get(PostboxEntry, entry.id)
            assert row is not None
            row.done_at, row.done_by, row.done_how = self.authority.clock.now(), login, "filed"
            kept = session.get(Document, document.id)
            assert kept is not None
            kept.state = "filed"

    def named(self, ids: Iterable[str]) -> set[str]:
        """The names of the documents of these ids."""
        return {self.names[identifier] for identifier in ids}


def _register() -> dict[str, Any]:
    register = small_register()
    workers = {worker["login"]: worker for worker in register["caseworkers"]}
    workers["m.petersen"]["deputies"] = ["v.tretung"]
    workers["j.hansen"]["deputies"] = ["e.ersatz"]
    register["caseworkers"] += [
        {"login": login, "name": login, "roles": ["caseworker"], "teams": teams}
        for login, teams in (
            ("n.neben", ["husum-leistung"]),
            ("n.amed", []),
            ("v.tretung", []),
            ("e.ersatz", []),
        )
    ]
    register["absences"] = [
        {"login": login, "from": "2026-11-30", "to": "2026-12-07"}
        for login in ("m.petersen", "j.hansen")
    ]
    return register


@pytest.fixture
def world(authority: Authority) -> World:
    return World(authority)


# --- one probe a method: what does it give this reader? ------------------------------------------

Probe = Callable[[EakteSession, Reader, World], set[str]]


def _documents(ask: Callable[[Documents, Reader, str], Any]) -> Probe:
    """Asks a method for one document at a time; whatever is not empty was seen."""
    return lambda session, reader, world: {
        name for name, one in world.ids.items() if ask(Documents(session), reader, one)
    }


def _covers(ask: Callable[[CaseFiles, Reader, str], Any]) -> Probe:
    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        system = CaseFiles(session)
        all_files = {one.id: one.aktenzeichen for one in system.find(SYSTEM, "12345", (), 100)}
        assert len(all_files) == 5
        return {number for one, number in all_files.items() if ask(system, reader, one)}

    return probe


def _covers_or_desk(ask: Callable[[Joins, Reader, str], Any]) -> Probe:
    return _covers(lambda rows, who, one: ask(Joins(rows.session), who, one))


def _numbers(ask: Callable[[SqlRegister], Iterable[Any]]) -> Probe:
    return lambda session, reader, world: {
        facts.aktenzeichen for facts in ask(SqlRegister(session, reader, world.authority.pattern))
    }


def _referred(ask: Callable[[SqlRegister], Iterable[str]]) -> Probe:
    """What a filed document of the first case file bears leads there."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        document = session.get_one(Document, world.ids["ordinary"])
        people = Documents(session).people(SYSTEM, [document.id])[document.id]
        person = people[0].id if people else session.scalars(select(PersonRow.id)).first()
        document.filed_by = "m.petersen"
        KnownReferences(session).learn(
            SYSTEM, document.id, [COURT_NUMBER, INSURANCE_NUMBER], person
        )
        return set(ask(SqlRegister(session, reader, world.authority.pattern)))

    return probe


def _entries(rows: Iterable[PostboxEntry], world: World) -> set[str]:
    return {world.entries[row.id] for row in rows}


def _boxes(session: EakteSession, reader: Reader, world: World) -> set[str]:
    names = {entry.split("@")[1] for entry in world.entries.values()}
    return {
        world.entries[entry.id]
        for box in names
        for entry, _ in Postboxes(session).open_in(reader, box, 100)
    }


def _of_documents(ask: Callable[[Postboxes, Reader, str], Iterable[PostboxEntry]]) -> Probe:
    return lambda session, reader, world: {
        entry
        for one in world.ids.values()
        for entry in _entries(ask(Postboxes(session), reader, one), world)
    }


def _counted(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """The postboxes with as many open entries as the counts say."""
    counts = Postboxes(session).counts(reader)
    lying: dict[str, int] = {}
    for entry in _boxes(session, reader, world):
        box = entry.split("@")[1]
        lying[box] = lying.get(box, 0) + 1
    assert {box: tasks + copies for box, (tasks, copies, _) in counts.items()} == lying
    return _boxes(session, reader, world)


def _examples(ask: Callable[[Examples, Reader, str], Any]) -> Probe:
    """Asks about one letter of which an example of either kind is kept."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        letter = world.ids["recht"]
        session.merge(_example(letter, "schlagwort", None))
        session.merge(_example(letter, "case_file", b"x"))
        row = session.scalars(
            select(FindingRow).where(
                FindingRow.document_id == letter, FindingRow.kind == "schlagwort"
            )
        ).one()
        row.rules_version = 7
        session.flush()
        return {"yes"} if ask(Examples(session), reader, letter) else set()

    return probe


def _example(document_id: str, kind: str, pages: bytes | None) -> Example:
    return Example(
        id=derived_id("example", kind),
        document_id=document_id,
        kind=kind,
        suggested="1",
        score=0.5,
        label="2",
        findings=[],
        pages=pages,
        made_at=MORNING,
        delete_after=date(2027, 11, 20),
    )


def _looks(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """What somebody at the desk has open; nobody's own look is told to themselves."""
    mine = session.get(DeskLook, "k.thomsen") or DeskLook(login="k.thomsen", opened_at=MORNING)
    mine.document_id, mine.seen_at = world.ids["clearing"], MORNING
    session.add(mine)
    session.flush()
    return {"yes"} if DeskLooks(session).of_others(reader, MORNING) else set()


def _postbox_looks(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """What somebody has open of that which lies in a postbox of the reader's."""
    look = session.get(DeskLook, "k.thomsen") or DeskLook(login="k.thomsen", opened_at=MORNING)
    look.document_id, look.seen_at = world.ids["ordinary"], MORNING
    session.add(look)
    session.flush()
    return {"yes"} if DeskLooks(session).in_postboxes(reader, MORNING) else set()


def _reminders(ask: Callable[[Wiedervorlagen, Reader, Wiedervorlage], Any]) -> Probe:
    """Every document comes back to m.petersen, on a day of its own."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        seen = set()
        for name, one in world.ids.items():
            row = Wiedervorlage(
                id=derived_id("reminder", name),
                document_id=one,
                login="m.petersen",
                due=date(2026, 12, 1),
                made_by="x",
                made_at=MORNING,
            )
            Wiedervorlagen(session).add(row)
            if ask(Wiedervorlagen(session), reader, row):
                seen.add(name)
            Wiedervorlagen(session).remove(row)
        return seen

    return probe


ON_THAT_DESK: dict[str, set[str]] = {
    who: seen if who in {"responsible", "team lead", "deputy during", "system"} else set()
    for who, seen in VISIBLE.items()
}


def _terms_missing(session: EakteSession, reader: Reader, world: World) -> set[str]:
    cover = world.authority.cover(session, MUELLER).id
    session.execute(delete(RegisterTerm).where(RegisterTerm.case_file_id == cover))
    found = RegisterTerms(session).missing(reader)
    RegisterTerms(session).refresh(SYSTEM, [cover])
    return {"yes"} if found else set()


def _cover(session: EakteSession) -> str:
    return session.scalars(select(CaseFile.id).order_by(CaseFile.id).limit(1)).one()


def _annotations(session: EakteSession, who: Reader, world: World) -> set[str]:
    """A note on every document, found among all of it and by its id."""
    rows, seen = Annotations(session), set()
    for name, one in world.ids.items():
        note = derived_id("note", one)
        if session.get(Annotation, note) is None:
            place = {"x0": 0.1, "y0": 0.1, "x1": 0.2, "y1": 0.2}
            page = {"page_id": _page_id(session, one), "made_at": MORNING}
            rows.add(Annotation(id=note, kind="note", text="x", author="x", **page, **place))
        found = [row.id for row in rows.of_document(who, one)]
        assert (found == [note]) == (rows.get(who, one, note) is not None)
        seen |= {name} if found else set()
    return seen


def _in_all_files(session: EakteSession, who: Reader) -> list[Document]:
    """What is listed of every file; the counts say the same."""
    listed, rows = [], FileContents(session)
    for cover in CaseFiles(session).find(SYSTEM, "12345", (), 100):
        found = rows.page(who, cover.id, FileFilter(), {}, None, "", 100)
        counted = rows.portions(who, cover.id, None)
        assert sum(one.count for one in counted) == len(found)
        listed += [document for document, _ in found]
    return listed


def _lawsuit(session: EakteSession) -> Vorgaenge:
    """One Vorgang with a number, which some document belongs to."""
    vorgaenge, document = Vorgaenge(session), session.scalars(select(Document.id).limit(1)).one()
    vorgang = vorgaenge.open(_cover(session), "klage", document, "x", MORNING)
    vorgaenge.add_numbers(vorgang.id, {"n": "n"})
    vorgaenge.attach(document, vorgang.id, "x", {}, MORNING)
    return vorgaenge


def _at_desk(what: Callable[[EakteSession, Reader, World], Any]) -> Probe:
    return lambda session, reader, world: {"yes"} if what(session, reader, world) else set()


def _sources(ask: Callable[[Sources, Reader, str], Any]) -> Probe:
    return lambda session, reader, world: {
        name for one, name in world.sources.items() if ask(Sources(session), reader, one)
    }


def _refused(make: Callable[[EakteSession, Reader], Any]) -> Probe:
    """For classes that take only the system."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        try:
            make(session, reader)
        except (NotPermitted, RegisterError):
            return set()
        return {"yes"}

    return probe


def _terms(session: EakteSession, reader: Reader, world: World) -> set[str]:
    found = AccessFacts(session, world.authority.policy.closed_subfiles).terms(
        reader, world.ids.values()
    )
    return {"yes"} if found else set()


def _many(session: EakteSession, reader: Reader, world: World) -> set[str]:
    return world.named(Documents(session).many(reader, world.ids.values()))


def _listed(method: str) -> Probe:
    """Methods that take many ids and answer by id."""
    return lambda session, reader, world: world.named(
        key
        for key, value in getattr(Documents(session), method)(reader, world.ids.values()).items()
        if value
    )


def _found(method: str) -> Probe:
    """What a list of hits tells of."""
    return lambda session, reader, world: world.named(
        getattr(Found(session), method)(reader, list(world.ids.values()))
    )


def _without_text(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """As if nothing had been read on any page."""
    session.execute(update(Page).values(word_count=0))
    return world.named(Documents(session).without_text(reader, world.ids.values()))


def _given_titles(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """As if all of it had come from a backfile."""
    for source_id in world.sources:
        source = session.get(Source, source_id)
        assert source is not None
        source.channel, source.given = "backfile", {"title": "Altakte"}
    session.flush()
    return world.named(Documents(session).given_titles(reader, world.ids.values()))


def _page_of(world: World, document_id: str) -> str:
    (page,) = (one for one, name in world.pages.items() if world.ids[name] == document_id)
    return page


def _texts(session: EakteSession, reader: Reader, world: World) -> set[str]:
    return {world.pages[page] for page in Sources(session).texts(reader, list(world.pages))}


def _each_text(session: EakteSession, reader: Reader, world: World) -> set[str]:
    return {world.pages[page] for page, _ in Sources(session).each_text(reader, list(world.pages))}


def _words(session: EakteSession, reader: Reader, world: World) -> set[str]:
    return {name for page, name in world.pages.items() if Sources(session).words(reader, page)}


def _sha(session: EakteSession, source_id: str) -> str:
    source = session.get(Source, source_id)
    assert source is not None
    return source.sha256


def _emergencies(session: EakteSession, reader: Reader, world: World) -> set[str]:
    rows = CaseFiles(session).emergencies(reader, date(2026, 1, 1))
    return {"yes"} if rows else set()


def _keep(session: EakteSession, one: str, kind: str, payload: dict[str, Any]) -> bool:
    document = session.get_one(Document, one)
    Documents(session).keep_findings(document, kind, [("", 1.0, payload)], MORNING)
    return True


def _stamped(session: EakteSession, one: str) -> bool:
    evidence = {"rule": "eingang.stempel", "page": 1, "words": "Eingang", "boxes": []}
    payload = {"day": "2026-11-20", "here": True, "evidence": evidence}
    return _keep(session, one, "receipt", payload)


def _like_itself(session: EakteSession, one: str) -> bool:
    return _keep(session, one, "likeness", {"document_id": one, "score": 1.0})


def _facts(ask: Callable[[Facts, Reader, str], Any]) -> Probe:
    """Asks ``Facts`` about each document, of which a person corrected something."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        said = Correction(
            kind=FactKind.SENDER, value="Stadtwerke", replaces="", given_by="m.petersen"
        )
        for one in world.ids.values():
            Facts(session).correct(session.get_one(Document, one), said, MORNING)
        return {name for name, one in world.ids.items() if ask(Facts(session), reader, one)}

    return probe


def _vorgaenge(ask: Callable[[Vorgaenge, Reader, str, str], Any]) -> Probe:
    """Asks about each document and the Vorgang that holds it alone."""

    def probe(session: EakteSession, reader: Reader, world: World) -> set[str]:
        vorgaenge, seen = Vorgaenge(session), set()
        covers = session.scalars(select(CaseFile.id).order_by(CaseFile.id)).all()
        for name, one in world.ids.items():
            vorgang = vorgaenge.open(covers[0], "klage", one, "x", MORNING)
            vorgaenge.add_numbers(vorgang.id, {name: name})
            vorgaenge.attach(one, vorgang.id, "x", {}, MORNING)
            if ask(vorgaenge, reader, one, vorgang.id):
                seen.add(name)
        return seen

    return probe


ALWAYS_FILED = DOCUMENTS - {"clearing", "undelivered", "beschwerde"}
WITH_PEOPLE = DOCUMENTS - {"undelivered", "beschwerde"}

PROBES: dict[str, tuple[Probe, dict[str, set[str]], set[str] | None]] = {
    # documents: (probe, table, what the method can give at all)
    "Documents.get": (_documents(lambda rows, who, one: rows.get(who, one)), VISIBLE, None),
    "Documents.many": (_many, VISIBLE, None),
    "Documents.of_source": (
        lambda session, who, world: {
            name for one, name in world.sources.items() if Documents(session).of_source(who, one)
        },
        VISIBLE,
        None,
    ),
    "Documents.in_state": (
        lambda session, who, world: world.named(
            Documents(session).in_state(
                who, "cut", "classified", "routed", "delivered", "clearing", "filed"
            )
        ),
        VISIBLE,
        None,
    ),
    "Documents.pages": (_documents(lambda rows, who, one: rows.pages(who, one)), VISIBLE, None),
    "Documents.page": (
        lambda session, who, world: {
            name
            for name, one in world.ids.items()
            if Documents(session).page(who, one, _page_of(world, one))
        },
        VISIBLE,
        None,
    ),
    "Documents.kept_page_ids": (_listed("kept_page_ids"), VISIBLE, None),
    "Documents.page_counts": (_listed("page_counts"), VISIBLE, None),
    "Documents.without_text": (_without_text, VISIBLE, None),
    "Documents.given_titles": (_given_titles, VISIBLE, None),
    "Documents.source": (_documents(lambda rows, who, one: rows.source(who, one)), VISIBLE, None),
    "Documents.schlagworte": (
        _documents(lambda rows, who, one: rows.schlagworte(who, one)),
        VISIBLE,
        None,
    ),
    "Documents.filings": (_listed("filings"), VISIBLE, ALWAYS_FILED),
    "Documents.people": (_listed("people"), VISIBLE, WITH_PEOPLE),
    "Documents.schlagwort_findings": (
        _documents(lambda rows, who, one: rows.schlagwort_findings(who, one)),
        VISIBLE,
        None,
    ),
    "Documents.case_finding": (
        _documents(lambda rows, who, one: rows.case_finding(who, one)),
        VISIBLE,
        None,
    ),
    "Documents.deadlines": (
        _documents(lambda rows, who, one: rows.deadlines(who, one)),
        VISIBLE,
        None,
    ),
    "Documents.kept": (
        _documents(lambda rows, who, one: rows.kept(who, one, "route")),
        VISIBLE,
        None,
    ),
    "Documents.receipts": (
        lambda session, who, world: {
            name
            for name, one in world.ids.items()
            if _stamped(session, one) and Documents(session).receipts(who, one)
        },
        VISIBLE,
        None,
    ),
    "Documents.twins": (
        lambda session, who, world: {
            name
            for name, one in world.ids.items()
            if _like_itself(session, one) and Documents(session).twins(who, [one])
        },
        VISIBLE,
        None,
    ),
    "Facts.as_read": (_facts(lambda rows, who, one: rows.as_read(who, one)), VISIBLE, None),
    "Facts.of_document": (_facts(lambda rows, who, one: rows.of_document(who, one)), VISIBLE, None),
    "Facts.of_documents": (
        _facts(lambda rows, who, one: rows.of_documents(who, [one])[one]),
        VISIBLE,
        None,
    ),
    "Facts.corrections": (
        _facts(lambda rows, who, one: rows.corrections(who, [one])[one]),
        VISIBLE,
        None,
    ),
    "Vorgaenge.of_document": (
        _vorgaenge(lambda rows, who, one, _: rows.of_document(who, one)),
        VISIBLE,
        None,
    ),
    "Vorgaenge.link": (_vorgaenge(lambda rows, who, one, _: rows.link(who, one)), VISIBLE, None),
    "Vorgaenge.of_case_file": (
        _vorgaenge(
            lambda rows, who, _, held: (
                held
                in [
                    one.id
                    for one in rows.of_case_file(
                        who, rows.session.get_one(Vorgang, held).case_file_id
                    )
                ]
            )
        ),
        VISIBLE,
        None,
    ),
    "Vorgaenge.numbers": (
        _vorgaenge(lambda rows, who, _, held: rows.numbers(who, [held])[held]),
        VISIBLE,
        None,
    ),
    "Vorgaenge.documents": (
        _vorgaenge(lambda rows, who, _, held: rows.documents(who, held)),
        VISIBLE,
        None,
    ),
    "Wiedervorlagen.get": (
        _reminders(lambda rows, who, one: rows.get(who, one.id)),
        ON_THAT_DESK,
        None,
    ),
    "Wiedervorlagen.open_on": (
        _reminders(lambda rows, who, one: rows.open_on(who, ["m.petersen"], until=one.due)),
        ON_THAT_DESK,
        None,
    ),
    "Wiedervorlagen.due_counts": (
        _reminders(lambda rows, who, one: rows.due_counts(who, one.due)),
        ON_THAT_DESK,
        None,
    ),
    "Wiedervorlagen.of_document": (
        _reminders(lambda rows, who, one: one in rows.of_document(who, one.document_id)),
        ON_THAT_DESK,
        None,
    ),
    "Deadlines.next_ends": (
        _documents(lambda rows, who, one: Deadlines(rows.session).next_ends(who, [one])),
        VISIBLE,
        None,
    ),
    "Documents.route": (_documents(lambda rows, who, one: rows.route(who, one)), VISIBLE, None),
    "PageLists.of_source": (
        _sources(lambda rows, who, one: PageLists(rows.session).of_source(who, one)),
        VISIBLE,
        None,
    ),
    "PageLists.current": (
        _documents(lambda rows, who, one: PageLists(rows.session).current(who, [one])[one]),
        VISIBLE,
        None,
    ),
    "PageLists.at": (
        _documents(lambda rows, who, one: PageLists(rows.session).at(who, one, 1)),
        VISIBLE,
        None,
    ),
    "PageLists.pages": (
        _documents(lambda rows, who, one: PageLists(rows.session).pages(who, [one])),
        VISIBLE,
        None,
    ),
    "PageLists.changes": (
        _documents(lambda rows, who, one: PageLists(rows.session).changes(who, [one])),
        VISIBLE,
        None,
    ),
    "PageLists.read_as": (
        _documents(lambda rows, who, one: PageLists(rows.session).read_as(who, [one])),
        VISIBLE,
        None,
    ),
    "AuditLog.of_document": (
        lambda session, who, world: {
            name for name, one in world.ids.items() if AuditLog(session).of_document(who, one)
        },
        VISIBLE,
        DOCUMENTS - UNINDEXED,  # letters without a delivery have no rows yet
    ),
    "Annotations.of_document": (_annotations, VISIBLE, None),
    "Annotations.get": (_annotations, VISIBLE, None),
    "Documents.holding": (
        _documents(lambda rows, who, one: rows.holding(who, _page_id(rows.session, one))),
        VISIBLE,
        None,
    ),
    "FileContents.page": (
        lambda session, who, world: {
            world.names[document.id] for document in _in_all_files(session, who)
        },
        VISIBLE,
        ALWAYS_FILED,
    ),
    "FileContents.portions": (
        lambda session, who, world: {
            world.names[document.id] for document in _in_all_files(session, who)
        },
        VISIBLE,
        ALWAYS_FILED,
    ),
    "FileContents.senders": (
        _facts(lambda rows, who, one: FileContents(rows.session).senders(who, [one])),
        VISIBLE,
        None,
    ),
    "Found.documents": (_found("documents"), VISIBLE, None),
    "Found.visible": (_found("visible"), VISIBLE, None),
    "Sources.words": (_words, VISIBLE, None),
    "Sources.texts": (_texts, VISIBLE, None),
    "Sources.each_text": (_each_text, VISIBLE, None),
    "Sources.get": (_sources(lambda rows, who, one: rows.get(who, one)), VISIBLE, None),
    "Sources.pages": (_sources(lambda rows, who, one: rows.pages(who, one)), VISIBLE, None),
    # case files
    "CaseFiles.get": (_covers(lambda rows, who, one: rows.get(who, one)), COVERS, None),
    "CaseFiles.by_number": (
        lambda session, who, _world: {
            cover.aktenzeichen
            for number in COVERS["system"]
            for cover in CaseFiles(session).by_number(who, number)
        },
        COVERS,
        None,
    ),
    "CaseFiles.numbered": (
        lambda session, who, _world: set(
            CaseFiles(session).numbered(who, "12345", 100, begun=True) or ()
        ),
        COVERS,
        None,
    ),
    "CaseFiles.find": (
        lambda session, who, _world: {
            cover.aktenzeichen for cover in CaseFiles(session).find(who, "12345", (), 100)
        },
        COVERS,
        None,
    ),
    "CaseFiles.people": (
        _covers(lambda rows, who, one: rows.people(who, [one]).get(one)),
        COVERS,
        None,
    ),
    "CaseFiles.responsible": (
        _covers(lambda rows, who, one: rows.responsible(who, one)),
        COVERS,
        {MUELLER, OTHER_SITE, PROTECTED, COLLEAGUE},
    ),
    "Joins.known": (
        _covers_or_desk(lambda rows, who, one: rows.known(who, [one])),
        AT_DESK_TOO,
        None,
    ),
    "Joins.by_number": (
        lambda session, who, _world: {
            number for number in COVERS["system"] if Joins(session).by_number(who, number)
        },
        AT_DESK_TOO,
        None,
    ),
    "Joins.document_counts": (
        _covers_or_desk(lambda rows, who, one: rows.document_counts(who, [one])),
        AT_DESK_TOO,
        None,
    ),
    "CaseFiles.numbers": (_covers(lambda rows, who, one: rows.numbers(who, one)), COVERS, None),
    "SqlRegister.by_number": (
        lambda session, who, world: {
            facts.aktenzeichen
            for number in COVERS["system"]
            for facts in SqlRegister(session, who, world.authority.pattern).by_number(number)
        },
        COVERS,
        None,
    ),
    "SqlRegister.by_customer_number": (
        _numbers(lambda register: register.by_customer_number("123A456789")),
        COVERS,
        {MUELLER},
    ),
    "SqlRegister.by_names": (
        _numbers(
            lambda register: register.by_names(
                name_keys("Ole", "Schmidt") | name_keys("Greta", "Verborgen")
            )
        ),
        COVERS,
        {SCHMIDT, PROTECTED},
    ),
    "SqlRegister.by_birth_dates": (
        _numbers(lambda register: register.by_birth_dates([date(1990, 1, 15), date(1988, 5, 5)])),
        COVERS,
        {OTHER_SITE, COLLEAGUE},
    ),
    "SqlRegister.by_addresses": (
        _numbers(
            lambda register: register.by_addresses(
                [address_key("Süderstr. 12", "25813"), address_key("Am Hafen 3", "25832")]
            )
        ),
        COVERS,
        {MUELLER, OTHER_SITE},
    ),
    "SqlRegister.by_references": (
        _referred(
            lambda register: [
                facts.aktenzeichen
                for files in register.by_references([COURT_NUMBER]).values()
                for facts in files
            ]
        ),
        COVERS,
        {MUELLER},
    ),
    "SqlRegister.person_of": (
        _referred(
            lambda register: [MUELLER] if register.person_of(INSURANCE_NUMBER) else [],
        ),
        COVERS,
        {MUELLER},
    ),
    "KnownReferences.places": (
        _referred(
            lambda register: [
                MUELLER
                for _ in KnownReferences(register.session).places(register.reader, [COURT_NUMBER])
            ],
        ),
        COVERS,
        {MUELLER},
    ),
    # postboxes
    "Postboxes.counts": (_counted, OPEN_ENTRIES, None),
    "Postboxes.open_in": (_boxes, OPEN_ENTRIES, None),
    "Postboxes.some": (
        lambda session, who, world: {
            world.entries[entry.id]
            for entry, _ in Postboxes(session).some(who, list(world.entries))
            if entry.done_at is None
        },
        OPEN_ENTRIES,
        None,
    ),
    "Postboxes.get": (
        lambda session, who, world: {
            name
            for one, name in world.entries.items()
            if (row := Postboxes(session).get(who, one)) is not None and row.done_at is None
        },
        OPEN_ENTRIES,
        None,
    ),
    "Postboxes.open_for_document": (
        _of_documents(lambda rows, who, one: rows.open_for_document(who, one)),
        OPEN_ENTRIES,
        None,
    ),
    "Postboxes.places": (
        lambda session, who, world: world.named(
            Postboxes(session).places(who, list(world.ids.values()))
        ),
        VISIBLE,
        {entry.split("@")[0] for entry in OPEN_ENTRIES["system"]},
    ),
    "Postboxes.all_open_of": (
        lambda session, who, world: {
            world.names[row.document_id]
            for one in world.ids.values()
            for row in Postboxes(session).all_open_of(who, one)
        },
        VISIBLE,
        {entry.split("@")[0] for entry in OPEN_ENTRIES["system"]},
    ),
}


def _source_of(session: EakteSession, document_id: str) -> str:
    return session.get_one(Document, document_id).source_id


def _page_id(session: EakteSession, document_id: str) -> str:
    listed = select(DocumentPage.page_id).where(DocumentPage.document_id == document_id)
    return session.scalars(listed.order_by(DocumentPage.position).limit(1)).one()


def _envelope(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """Whether the picture of an envelope is there, for a letter that is made one meanwhile."""
    source = session.get_one(Source, _source_of(session, world.ids["came"]))
    before, source.state = source.state, "unopened"
    session.flush()
    seen = {"yes"} if Sources(session).envelope(reader, source.id) else set()
    source.state = before
    session.flush()
    return seen


def _sites(session: EakteSession, reader: Reader, world: World) -> set[str]:
    """As if a profile had named a site for every batch."""
    site = session.scalars(select(Site.id)).first()
    session.execute(update(Batch).values(site_id=site))
    return {"yes"} if Sources(session).sites(reader, [*world.sources]) else set()


def _batch_of(session: EakteSession) -> str:
    return session.scalars(select(BatchDecision)).one().batch_id


def _in_archive(session: EakteSession) -> tuple[str, str]:
    """The ids of two sources, the second of which is made a member of the first."""
    archive, member = session.scalars(select(Source).order_by(Source.id).limit(2))
    member.parent_id = archive.id
    session.flush()
    return archive.id, member.id


def _just_received(session: EakteSession) -> set[str]:
    """A source is given back to the state before recognition; the channels to ask for."""
    source = session.scalars(select(Source).order_by(Source.id).limit(1)).one()
    source.state = "received"
    session.flush()
    return {source.channel}


def _proof(ask: Callable[[Proof, Reader, EakteSession, str], Any]) -> Probe:
    """Asks ``Proof`` about each document; whatever is not empty was seen."""
    return lambda session, reader, world: {
        name for name, one in world.ids.items() if ask(Proof(session), reader, session, one)
    }


def _batch(ask: Callable[[Proof, Reader, str], Any]) -> Probe:
    """Asks ``Proof`` about the batch that a decision was made about."""
    return _at_desk(lambda session, who, _world: ask(Proof(session), who, _batch_of(session)))


SEEN_AT_THE_DESK = {name: (DOCUMENTS if name in AT_THE_DESK else set()) for name in VISIBLE}
PROBES |= {
    "Proof.notes": (
        _proof(lambda proof, who, session, one: proof.notes(who, _source_of(session, one))),
        VISIBLE,
        None,
    ),
    "Proof.bad_scans_of": (
        _proof(lambda proof, who, _session, one: proof.bad_scans_of(who, one)),
        VISIBLE,
        None,
    ),
    "Proof.check_page": (
        _proof(lambda proof, who, session, one: proof.check_page(who, _page_id(session, one))),
        SEEN_AT_THE_DESK,
        None,
    ),
    "Proof.bad_scan_page": (
        lambda session, who, world: {
            name for name in world.ids if Proof(session).bad_scan_page(who, derived_id(name))
        },
        SEEN_AT_THE_DESK,
        None,
    ),
}


def _trial(session: EakteSession) -> RuleTrial:
    return session.get_one(RuleTrial, derived_id("trial"))


def _of_the_system(seen: set[str]) -> dict[str, set[str]]:
    return {who: seen if who == "system" else set() for who in VISIBLE}


PROBES |= {
    "RuleTrials.changes": (
        lambda session, who, world: world.named(
            document.id for _, document in RuleTrials(session).changes(who, derived_id("trial"))
        ),
        VISIBLE,
        None,
    ),
    "RuleTrials.open_changes": (
        lambda session, who, _world: {
            str(RuleTrials(session).open_changes(who, derived_id("trial")))
        },
        {who: {str(len(names))} for who, names in VISIBLE.items()},
        None,
    ),
    "RuleTrials.following": (
        lambda session, who, world: world.named(
            one.id for one in RuleTrials(session).following(who, _trial(session), 1000)
        ),
        _of_the_system(DOCUMENTS),
        None,
    ),
    "RuleTrials.count": (
        lambda session, who, _world: {str(RuleTrials(session).count(who, _trial(session)))},
        {who: {str(len(DOCUMENTS) if who == "system" else 0)} for who in VISIBLE},
        None,
    ),
    "RuleTrials.intake_is_busy": (
        lambda session, who, _world: {"yes"} if RuleTrials(session).intake_is_busy(who) else set(),
        _of_the_system({"yes"}),
        None,
    ),
}


def _only(names: set[str]) -> dict[str, set[str]]:
    return {name: ({"yes"} if name in names else set()) for name in VISIBLE}


DESK_PROBES: dict[str, tuple[Probe, dict[str, set[str]]]] = {
    "Documents.of_sources": (
        _at_desk(lambda session, who, world: Documents(session).of_sources(who, [*world.sources])),
        _only(AT_THE_DESK),
    ),
    "Sources.by_arrival": (
        _at_desk(lambda session, who, _world: Sources(session).by_arrival(who, "arrival-1")),
        _only(AT_THE_DESK),
    ),
    "Sources.first_with_bytes": (
        _at_desk(
            lambda session, who, world: Sources(session).first_with_bytes(
                who, _sha(session, next(iter(world.sources)))
            )
        ),
        _only(AT_THE_DESK),
    ),
    "Sources.separators": (
        _at_desk(lambda session, who, world: Sources(session).separators(who, world.separator)),
        _only(AT_THE_DESK),
    ),
    "Cuts.of_source": (
        _at_desk(lambda session, who, world: Cuts(session).of_source(who, world.stack)),
        _only(AT_THE_DESK),
    ),
    "Sources.recent": (
        _at_desk(lambda session, who, _world: Sources(session).recent(who)),
        _only(AT_THE_DESK),
    ),
    "Sources.in_state": (
        _at_desk(lambda session, who, _world: Sources(session).in_state(who, "cut")),
        _only(AT_THE_DESK),
    ),
    "Documents.fingerprints_near": (
        _at_desk(
            lambda session, who, world: (
                Documents(session).fingerprints_near(
                    who, session.get_one(Document, world.ids["ordinary"]), date(2020, 1, 1)
                )
                or who.is_system
            )
        ),
        _only({"system"}),
    ),
    "Sources.knows_companion": (
        _at_desk(
            lambda session, who, _world: (
                Sources(session).knows_companion(who, "0" * 64) or who.is_system
            )
        ),
        _only({"system"}),
    ),
    "Sources.waiting_in": (
        _at_desk(
            lambda session, who, _world: Sources(session).waiting_in(who, _just_received(session))
        ),
        _only({"system"}),
    ),
    "Sources.members": (
        _at_desk(
            lambda session, who, _world: Sources(session).members(who, _in_archive(session)[0])
        ),
        _only(AT_THE_DESK),
    ),
    "Sources.depth": (
        _at_desk(lambda session, who, _world: Sources(session).depth(who, _in_archive(session)[1])),
        _only({"system"}),
    ),
    "Sources.last_change": (
        _at_desk(lambda session, who, _world: Sources(session).last_change(who)),
        _only(AT_THE_DESK),
    ),
    "Sources.pages_done": (
        _at_desk(lambda session, who, world: Sources(session).pages_done(who, [*world.sources])),
        _only(AT_THE_DESK),
    ),
    "Sources.sheets": (
        _at_desk(lambda session, who, world: Sources(session).sheets(who, [*world.sources])),
        _only(AT_THE_DESK),
    ),
    "Sources.sites": (_sites, _only(AT_THE_DESK)),
    "Sources.envelope": (_envelope, _only(AT_THE_DESK)),
    "Postboxes.counts_in": (
        _at_desk(
            lambda session, who, _world: Postboxes(session).counts_in(who, "m.petersen", ())[0]
        ),
        _only({"responsible", "team lead", "deputy during", "system"}),
    ),
    "Postboxes.first_places": (
        _at_desk(
            lambda session, who, world: Postboxes(session).first_places(who, [*world.ids.values()])
        ),
        _only(AT_THE_DESK),
    ),
    "Postboxes.last_change": (
        _at_desk(
            lambda session, who, _world: Postboxes(session).last_change(who).removeprefix("0-0-0")
        ),
        _only(YES_IN_POSTBOXES),
    ),
    "Postboxes.copies_of": (
        _at_desk(
            lambda session, who, world: Postboxes(session).copies_of(who, world.ids["copied"])
        ),
        _only({"system"}),
    ),
    "Postboxes.cleared_by": (
        _at_desk(
            lambda session, who, world: Postboxes(session).cleared_by(who, world.ids["beschwerde"])
        ),
        _only({"system"}),
    ),
    "CaseFiles.excluded": (
        _at_desk(
            lambda session, who, _world: CaseFiles(session).excluded(
                who, CaseFiles(session).by_number(SYSTEM, COLLEAGUE)[0].id
            )
        ),
        _only({"system"}),
    ),
    "CaseFiles.emergencies": (_emergencies, _only(REPORTED_TO)),
    "PageLists.last_change_of_source": (
        _at_desk(
            lambda session, who, world: PageLists(session).last_change_of_source(
                who, next(one for one, name in world.sources.items() if name == "ordinary")
            )
        ),
        _only({"system"}),
    ),
    "PageLists.entries_closed_as": (
        _at_desk(
            lambda session, who, world: PageLists(session).entries_closed_as(
                who, world.ids["came"], "forwarded"
            )
        ),
        _only({"system"}),
    ),
    "Facts.beside": (
        _at_desk(
            lambda session, who, _world: Facts(session).beside(
                who, CaseFiles(session).by_number(SYSTEM, MUELLER)[0].id, ["kontoauszug"]
            )
        ),
        _only({"system"}),
    ),
    "Vorgaenge.by_numbers": (
        _at_desk(
            lambda session, who, _world: _lawsuit(session).by_numbers(who, _cover(session), ["n"])
        ),
        _only({"system"}),
    ),
    "Vorgaenge.naming": (
        _at_desk(
            lambda session, who, _world: _lawsuit(session).naming(
                who, _cover(session), "klage", "2026-12-21"
            )
        ),
        _only({"system"}),
    ),
    "Deadlines.planned": (
        _at_desk(
            lambda session, who, world: Deadlines(session).planned(
                who, world.ids["ordinary"], "system:deadlines"
            )
        ),
        _only({"system"}),
    ),
    "Stacks.waiting": (
        _at_desk(lambda session, who, _world: Stacks(session).waiting(who)),
        _only(AT_THE_DESK),
    ),
    "Stacks.get": (
        _at_desk(lambda session, who, world: Stacks(session).get(who, world.stack)),
        _only(AT_THE_DESK),
    ),
    "Stacks.pages": (
        _at_desk(lambda session, who, world: Stacks(session).pages(who, world.stack)),
        _only(AT_THE_DESK),
    ),
    "Stacks.page": (
        _at_desk(
            lambda session, who, world: Stacks(session).page(who, world.stack, world.stack_page)
        ),
        _only(AT_THE_DESK),
    ),
    "Stacks.proposals": (
        _at_desk(lambda session, who, world: Stacks(session).proposals(who, world.stack)),
        _only(AT_THE_DESK),
    ),
    "Stacks.decided_by": (
        _at_desk(lambda session, who, world: Stacks(session).decided_by(who, world.stack)),
        _only(AT_THE_DESK),
    ),
    "Outbox.waiting": (
        _at_desk(lambda session, who, _world: Outbox(session).waiting(who, 10)),
        _only({"system"}),
    ),
    "Outbox.is_waiting": (
        _at_desk(lambda session, who, world: Outbox(session).is_waiting(who, world.ids["came"])),
        _only({"system"}),
    ),
    "Outbox.waiting_ids": (
        _at_desk(lambda session, who, _world: Outbox(session).waiting_ids(who)),
        _only({"system"}),
    ),
    "Outbox.any_indexed": (
        _at_desk(lambda session, who, _world: Outbox(session).any_indexed(who)),
        _only({"system"}),
    ),
    "Outbox.few_waiting": (
        _at_desk(lambda session, who, _world: Outbox(session).few_waiting(who, 1_000)),
        _only({"system"}),
    ),
    "Outbox.indexable": (
        _at_desk(lambda session, who, _world: Outbox(session).indexable(who)),
        _only({"system"}),
    ),
    "AccessFacts.terms": (_terms, _only({"system"})),
    "Examples.of_document": (
        _examples(lambda rows, who, one: rows.of_document(who, one)),
        _only({"system"}),
    ),
    "Examples.unread": (_examples(lambda rows, who, _: rows.unread(who, 9)), _only({"system"})),
    "Examples.ready": (
        _examples(lambda rows, who, _: list(rows.ready(who, "case_file"))),
        _only({"system"}),
    ),
    "Examples.outlived": (
        _examples(lambda rows, who, _: rows.outlived(who, date(2028, 1, 1), 9)),
        _only({"system"}),
    ),
    "Examples.names_of": (
        _at_desk(
            lambda session, who, world: Examples(session).names_of(
                who, [world.authority.cover(session, MUELLER).id]
            )[0]
        ),
        _only({"system"}),
    ),
    "Examples.rules_version": (
        _examples(lambda rows, who, one: rows.rules_version(who, one)),
        _only({"system"}),
    ),
    "DeskLooks.in_postboxes": (
        _postbox_looks,
        _only({"responsible", "team lead", "deputy during", "system"}),
    ),
    "DeskLooks.of_others": (_looks, _only(AT_THE_DESK)),
    "RegisterTerms.missing": (_terms_missing, _only({"system"})),
    "Assignments.entry_at_desk": (
        _at_desk(
            lambda session, who, world: Assignments(session).entry_at_desk(
                who, world.ids["beschwerde"]
            )
        ),
        _only({"system"}),
    ),
    "Checks.blobs": (
        _refused(lambda session, who: list(Checks(session, who).blobs())),
        _only({"system"}),
    ),
    "Checks.custody": (
        _refused(lambda session, who: list(Checks(session, who).custody())),
        _only({"system"}),
    ),
    "Checks.words": (
        _refused(lambda session, who: list(Checks(session, who).words())),
        _only({"system"}),
    ),
    "OrganisationUpsert.put": (
        _refused(lambda session, who: OrganisationUpsert(session, who).put(OrganisationGiven())),
        _only({"system"}),
    ),
    "CaseFileUpsert.put_all": (
        _refused(
            lambda session, who: CaseFileUpsert(
                session, who, AktenzeichenPattern(), MORNING
            ).put_all(())
        ),
        _only({"system"}),
    ),
}

_CARE_FOR_MAIKE = {"responsible", "team lead", "administrator", "system"}
DESK_PROBES |= {
    "Absences.rows": (
        _at_desk(lambda session, who, _world: Absences(session).rows(who, ["m.petersen"], _AUTUMN)),
        _only(_CARE_FOR_MAIKE),
    ),
    "Absences.spans": (
        _at_desk(
            lambda session, who, _world: Absences(session).spans(who, ["m.petersen"], _AUTUMN)
        ),
        _only(_CARE_FOR_MAIKE),
    ),
    "Absences.lock": (
        _at_desk(lambda session, who, _world: Absences(session).lock(who, "m.petersen")),
        _only(_CARE_FOR_MAIKE),
    ),
    "Responsibilities.counts": (
        _at_desk(
            lambda session, who, _world: Responsibilities(session).counts(who, ["m.petersen"])
        ),
        _only(_CARE_FOR_MAIKE),
    ),
    "Responsibilities.waiting": (
        _at_desk(
            lambda session, who, _world: Responsibilities(session).waiting(who, ["m.petersen"])
        ),
        _only(_CARE_FOR_MAIKE),
    ),
}

DESK_PROBES |= {
    f"Proof.{name}": (probe, _only(AT_THE_DESK))
    for name, probe in {
        "batches": _batch(lambda proof, who, _one: proof.batches(who)),
        "batch": _batch(lambda proof, who, one: proof.batch(who, one)),
        "sources": _batch(lambda proof, who, one: proof.sources(who, one)),
        "page_counts": _batch(lambda proof, who, one: proof.page_counts(who, [one])),
        "kinds": _batch(lambda proof, who, one: proof.kinds(who, one)),
        "unsettled": _batch(lambda proof, who, one: proof.unsettled(who, one)),
        "decisions": _batch(lambda proof, who, one: proof.decisions(who, one)),
        "drawable": _batch(lambda proof, who, one: proof.drawable(who, one)),
        "schlagworte_of_pages": _batch(
            lambda proof, who, one: proof.schlagworte_of_pages(who, one)
        ),
        "checks": _batch(lambda proof, who, one: proof.checks(who, one)),
        "documents": _batch(lambda proof, who, one: proof.documents(who, one)),
        "open_bad_scans": _batch(lambda proof, who, _one: proof.open_bad_scans(who)),
        "bad_scans_in": _batch(lambda proof, who, one: proof.bad_scans_in(who, one)),
        "decision": _batch(lambda proof, who, _one: proof.decision(who, derived_id("decision"))),
        "bad_scan": _batch(lambda proof, who, _one: proof.bad_scan(who, derived_id("came"))),
        "schlagworte_of": _at_desk(
            lambda session, who, world: Proof(session).schlagworte_of(who, [*world.ids.values()])
        ),
        "stood_in": _at_desk(
            lambda session, who, world: Proof(session).stood_in(who, [*world.ids.values()])
        ),
        "check": _at_desk(
            lambda session, who, world: Proof(session).check(
                who, _page_id(session, world.ids["came"])
            )
        ),
        "reports_of_check": _at_desk(
            lambda session, who, world: Proof(session).reports_of_check(
                who, _page_id(session, world.ids["came"])
            )
        ),
        "document_of_page": _at_desk(
            lambda session, who, world: Proof(session).document_of_page(
                who, _page_id(session, world.ids["came"])
            )
        ),
        "paper_of": _at_desk(
            lambda session, who, _world: Proof(session).paper_of(
                who, session.get_one(BadScan, derived_id("came"))
            )
        ),
    }.items()
}

_STEP = "writes; steps and services call it with a row that they read with a Reader"
_REGISTER = "part of the register's upsert, which only the system may make"
_TRAIL = "the chain itself: ids only, and no way to ask for one thing's rows"
_STAFF = "the authority's structure: no client data, open to all staff"
_DOOR = "runs before there is a Reader: the door"
_RULES = "rules and counts: no client data; the service asks who may"
_WORK = "ids of documents and of processes for the worker, no contents"
_AUTUMN = date(2026, 9, 1)
WRITES_WITH_READER = {
    "Documents.cut": "names who cut",
    "PageLists.write": "names who changed the list",
    "PageLists.copy_place": "copies where the first part stands, in the same transaction",
    "Cuts.propose": "only the system, as Sources.add_page",
    "Cuts.decide": "names who decided; Cutting.decide asks for the desk",
    "Sources.batch": "only at the desk: see below",
    "Proof.misplaced": "a number, only at the desk: see test_quality.py",
    "Proof.found_bad": "ids, only at the desk: see test_quality.py",
    "Sources.add_page": "only the system: see below",
    "Sources.note_run": "only at the desk, as opening a batch",
    "Sources.forget_words": "only the system: see test_unopened_post.py",
    "Sources.read_after_all": "only the system: see test_unopened_post.py",
    "Sources.ask_again": "only the system: see test_turned_pages.py",
    "Sources.read_no_more": "only the system: see test_turned_pages.py",
    "Documents.split_and_unread": "only the system: see test_split_at_the_desk.py",
    "Documents.waiting_to_be_read": "only the system: see test_turned_pages.py",
    "Cuts.forget_words": "only the system: see test_unopened_post.py",
    "Sources.read_again": "only at the desk: see test_unopened_post.py",
    "Joins.waiting": "the files of Joins.known that are provisional: see test_joining.py",
    "Joins.alike": "answers with files of Joins.known: see test_joining.py",
    "Joins.locked": "only the system: see test_joining.py",
    "Joins.move": "only the system: see test_joining.py",
    "Vorgaenge.merge": "only the system: see test_joining.py",
    "Sources.sent_by": "tells of what the reader handed in alone",
    "AuditLog.note": "names who did it",
    "FileWindows.called_since": "only the system: see test_windows.py",
    "FileWindows.forget": "the reader's own window alone",
    "FileWindows.forget_before": "what is over, of everybody; tells nothing",
    "FileWindows.forget_waiting": "the reader's own call alone",
    "FileWindows.get": "the reader's own window alone: see test_windows.py",
    "FileWindows.listening": "the reader's own windows alone: see test_windows.py",
    "FileWindows.waiting": "the reader's own call alone",
    "Visits.note": "the reader's own visits alone",
    "DeskLooks.put": "tells what the reader has open; see test_clearing_undo.py",
    "DeskDeeds.add": "names who did it",
    "DeskDeeds.last_round": "the reader's own actions alone: see test_desk_undo.py",
    "SavedSearches.all": "the reader's own searches alone: see test_searching.py",
    "SavedSearches.forget": "the reader's own search alone: see test_searching.py",
    "SavedSearches.get": "the reader's own search alone: see test_searching.py",
    "SavedSearches.named": "the reader's own search alone",
    "KeptFilters.get": "the reader's own filter alone: see test_desk_undo.py",
    "KeptFilters.put": "the reader's own filter alone",
    "KeptFilters.typed_before": "only the system: see test_desk_undo.py",
    "CounterRows.born_on": "only with the grant counter: see test_counter.py",
    "CaseFiles.excludes": "whether a file excludes the reader; asked before anything is told",
    "CounterRows.letters": "only with the grant counter: see test_counter.py",
    "CounterRows.lying": "only with the grant counter: see test_counter.py",
    "CounterRows.receipt": "only for counter and clearing desk: see test_counter.py",
    "CounterRows.by_number": "only the system: see test_counter.py",
    "CounterRows.waiting": "only for counter and clearing desk: see test_counter.py",
    **dict.fromkeys(
        (
            f"ScanFigures.{name}"
            for name in (
                "arrived_since",
                "bad_scans",
                "batches",
                "clearing",
                "receipts",
                "sources",
                "unchecked",
                "undelivered",
            )
        ),
        "numbers, only at the desk: see test_scan_centre.py",
    ),
    **dict.fromkeys(
        (
            f"Figures.{name}"
            for name in ("between", "days", "first_arrival", "last_day", "of_people", "open_post")
        ),
        "only the system: see test_statistics.py",
    ),
    **dict.fromkeys(
        (
            f"FileMoves.{name}"
            for name in (
                "documents_of",
                "due",
                "get",
                "keeper",
                "of_file",
                "open_entries",
                "open_reminders",
                "reminders_of",
            )
        ),
        "only the system: see test_moving_files.py",
    ),
    "Misfilings.get": "the author's, their lead's, the administration's: see test_misfiled.py",
    "Misfilings.newest": "the same",
    "Misfilings.taken_out": "only the system: see test_misfiled.py",
    "Misfilings.numbers": "only the system: names the files of reports that the reader has",
    "Misfilings.first_delivery": "only the system: see test_misfiled.py",
    "Misfilings.came_into": "only the system: see test_misfiled.py",
    "Misfilings.looks": "only the system: see test_misfiled.py",
    "KnownReferences.learn": "only the system writes; places() asks",
    "KnownReferences.forget": "only the system writes",
    "SqlRegister.known_words": "whether a word is a name in the register, not whose",
    "RegisterTerms.refresh": "only the system writes; found_by() asks within CaseFiles.find",
    "RegisterTerms.refresh_people": "only the system writes",
    "RegisterTerms.fill_missing": "only the system writes",
    "AuditLog.opened_since": "tells of the reader's own openings alone",
    "AuditLog.moved_since": "only the system: see test_page_desk.py",
    "AuditLog.newest": "only the system: see test_absences.py",
    "Absences.beginning": "only the system: see test_absences.py",
    "IndexFacts.is_behind": "only the system: see test_searching.py",
    "IndexFacts.told": "only the system: see test_searching.py",
    "LocalChanges.note": "names who changed it",
    **dict.fromkeys(
        (
            f"StaffAccounts.{name}"
            for name in ("add", "changes", "doors", "holders", "roles", "sessions")
        ),
        "for those who keep the accounts: see test_account_list.py",
    ),
    **dict.fromkeys(
        (f"SettingChanges.{name}" for name in ("add", "history", "last", "last_of")),
        "for those who keep the settings: see test_live_settings.py",
    ),
    "TeamRows.add": "names who makes it; only the administration may",
    "TeamRows.rename": "names who renames it; only the administration may",
    "StaffLists.put": "names who changed it; services ask whose list it may be",
    "WaitingPost.held_for_present": "only the system: see test_absences.py",
    "WaitingPost.held_by": "only the system: see test_absences.py",
    "WaitingPost.held_in": "only the system: see test_absences.py",
    "WaitingPost.begun": "only the system: see test_absences.py",
    "WaitingPost.counts": "only the system: see test_absences.py",
    "WaitingPost.may_lie_with": "only the system: see test_absences.py",
    "WaitingPost.open_in_postboxes": "only the system: see test_absences.py",
    "WaitingPost.files_of": "only the system: see test_absences.py",
    "WaitingPost.people_of": "only the system: see test_absences.py",
    "Responsibilities.unnamed": "only the system: see test_responsibilities.py",
    "Responsibilities.held_by": "only the system: see test_responsibilities.py",
    "Responsibilities.due": "only the system: see test_responsibilities.py",
    "Responsibilities.handovers": "among one's people: see test_responsibilities.py",
    "Responsibilities.handover": "among one's people: see test_responsibilities.py",
    "Responsibilities.give": "names who gives; services ask who may",
    "Responsibilities.put_one": "names who puts; services ask who may",
}
WITHOUT_READER = {
    "Accounts": _DOOR,
    "RuleBook": _RULES,
    "RuleTrials.add": _RULES,
    "RuleTrials.add_changes": _STEP,
    "RuleTrials.claim": _RULES,
    "RuleTrials.forget_before": _RULES,
    "RuleTrials.get": _RULES,
    "RuleTrials.newest": _RULES,
    "AuditTrail": _TRAIL,
    "Assignments.forget_plans": _STEP,
    "Assignments.put_labels": _STEP,
    "Assignments.remove": _STEP,
    "Changes": _REGISTER,
    "Database": "hands out transactions; what is asked in them takes the Reader",
    "Documents.keep_findings": _STEP,
    "Documents.set_filing": _STEP,
    "Documents.set_people": _STEP,
    "Documents.set_schlagworte": _STEP,
    "Examples.add": _STEP,
    "Examples.delete": _STEP,
    "Facts.correct": _STEP,
    "Facts.keep": _STEP,
    "Annotations.add": _STEP,
    "FileWindows.add": "the service has asked who it is",
    "Heartbeats": _WORK,
    "CounterRows.add": _STEP,
    "CounterRows.taken": "whether a number was drawn before; tells of no file",
    "Figures.fold": _STEP,
    "Figures.keep": _STEP,
    "FileMoves.add": _STEP,
    "FileMoves.keep": _STEP,
    "FileMoves.remove": _STEP,
    "Misfilings.add": _STEP,
    "Misfilings.drop_annotations": _STEP,
    "Misfilings.drop_entries": _STEP,
    "Misfilings.drop_findings": _STEP,
    "Misfilings.drop_wiedervorlagen": _STEP,
    "Misfilings.overrule": _STEP,
    "LocalChanges.of": _REGISTER,
    "LocalChanges.forget": _REGISTER,
    "Organisation": _STAFF,
    "IndexFacts.tell": _WORK,
    "Outbox.done": _WORK,
    "SavedSearches.put": "keeps what its service made for the reader",
    "Outbox.put": _WORK,
    "Outbox.put_case_files": _WORK,
    "Outbox.put_sub_files": _WORK,
    "PageLists.add": _STEP,
    "PeopleUpsert": _REGISTER,
    "Postboxes.add": _STEP,
    "Present": _REGISTER,
    "Proof.add": _STEP,
    "Sources.add": _STEP,
    "StaffLists.rows": _STAFF,
    "StaffPicture": _STAFF,
    "Tokens": _DOOR,
    "Vorgaenge.add_numbers": _STEP,
    "Wiedervorlagen.add": _STEP,
    "Wiedervorlagen.remove": _STEP,
    "Vorgaenge.attach": _STEP,
    "Vorgaenge.close_if_empty": _STEP,
    "Vorgaenge.forget": _STEP,
    "Vorgaenge.open": _STEP,
    "Sources.lock_bytes": "locks a hash, tells nothing",
}


def public_methods() -> dict[str, bool]:
    """Every public method of a repository class, and whether a Reader goes into it."""
    found: dict[str, bool] = {}
    for info in pkgutil.iter_modules(repositories.__path__):
        module = importlib.import_module(f"eakte.repositories.{info.name}")
        for name, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ != module.__name__:
                continue
            made_with = _takes_reader(cls.__init__)
            for method, function in vars(cls).items():
                plain = function.__func__ if isinstance(function, classmethod) else function
                if not method.startswith("_") and inspect.isfunction(plain):
                    found[f"{name}.{method}"] = made_with or _takes_reader(plain)
    return found


def _takes_reader(function: Any) -> bool:
    signature = inspect.signature(function)
    return any(one.annotation in ("Reader", Reader) for one in signature.parameters.values())


def test_every_method_stands_in_the_table_or_has_a_reason_to_need_no_reader():
    found = public_methods()
    probed = PROBES.keys() | DESK_PROBES.keys() | WRITES_WITH_READER.keys()
    with_reader = {name for name, takes in found.items() if takes}
    without = {name for name, takes in found.items() if not takes}
    assert with_reader - probed == set()
    assert probed - with_reader == set()
    excused = {
        name for name in without if name in WITHOUT_READER or name.split(".")[0] in WITHOUT_READER
    }
    assert without - excused == set()
    used = {one for name in without for one in (name, name.split(".")[0])}
    assert WITHOUT_READER.keys() - used == set()


def _differences(world: World) -> dict[str, tuple[set[str], set[str]]]:
    """By method and reader: what was seen too much, and what too little."""
    wrong: dict[str, tuple[set[str], set[str]]] = {}
    asked = {
        name: (
            probe,
            {who: cells if limit is None else cells & limit for who, cells in table.items()},
        )
        for name, (probe, table, limit) in PROBES.items()
    } | DESK_PROBES
    # A writing transaction: taking an entry up locks its row.
    with world.authority.database.write() as session:
        for method, (probe, table) in asked.items():
            for who, expected in table.items():
                session.expunge_all()
                seen = probe(session, world.readers[who], world)
                if seen != expected:
                    wrong[f"{method} as {who}"] = (seen - expected, expected - seen)
    return wrong


def test_every_method_gives_every_role_what_the_table_says_and_nothing_else(world: World):
    assert _differences(world) == {}


def test_only_a_step_adds_pages_and_only_the_desk_opens_batches(world: World):
    who = world.readers["responsible"]
    with world.authority.database.write() as session:
        sources, source_id = Sources(session), next(iter(world.sources))
        sources.add_page(who, source_id, recognised_page(7), "0" * 64, "0" * 64)
        batch = sources.batch(who, "scanner", "other", date(2026, 11, 20), MORNING)
        assert session.get(Batch, batch) is None
        numbers = set(session.scalars(select(Page.number).where(Page.source_id == source_id)))
    assert numbers == {1}


def test_the_index_terms_open_the_same_documents_as_the_database(world: World):
    closed = world.authority.policy.closed_subfiles
    with world.authority.database.read() as session:
        terms = AccessFacts(session, closed).terms(SYSTEM, world.ids.values())
    for who, expected in VISIBLE.items():
        if who == "system":
            continue
        groups = reader_terms(world.readers[who])
        found = {
            name
            for name, one in world.ids.items()
            if any(terms[one].allow & at.allow and not terms[one].deny & at.deny for at in groups)
        }
        # What is not yet delivered is not in the index.
        assert found - UNINDEXED == expected - UNINDEXED, who

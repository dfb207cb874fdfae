"""The small authority with its services, a clock to set, and letters that arrive when asked for.

Lighter than the whole product: no search engine, no OCR, rules loaded once a test process.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from sqlalchemy import event, select

from classifiers.catalogue import load_catalogue
from eakte.domain.facts import Fact, FactKind
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.live_settings import LiveValues
from eakte.domain.pages import Box, PageText, RecognisedPage, Word
from eakte.domain.rights import AccessPolicy, Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.intake.receive import Arrival, receive
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import AuditRow, CaseFile, Document, PersonRow, PostboxEntry, Source
from eakte.recognition.excerpt import excerpt
from eakte.repositories import codec
from eakte.repositories.audit import AuditTrail
from eakte.repositories.case_files import CaseFiles as CaseFileRows
from eakte.repositories.database import Database, EakteSession, make_engine
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.facts import Facts, fact_to_json
from eakte.repositories.organisation import Organisation
from eakte.repositories.sources import Sources
from eakte.services import fact_examples
from eakte.services.absence_lists import AbsenceLists
from eakte.services.absences import Absences
from eakte.services.accounts import Accounts, LoginRules
from eakte.services.archive_copies import ArchiveCopies
from eakte.services.case_files import CaseFiles
from eakte.services.checking import Checking
from eakte.services.clearing import Clearing
from eakte.services.clearing_desk import ClearingDesk
from eakte.services.counter_receipts import CounterReceipts
from eakte.services.deadlines import reckon
from eakte.services.delivery import Delivery
from eakte.services.desk_undo import DeskUndo
from eakte.services.documents import Documents
from eakte.services.examples import Examples, Keeping
from eakte.services.file_responsibles import FileResponsibles
from eakte.services.handovers import Handovers
from eakte.services.joining import Joining
from eakte.services.live_settings import LiveSettings
from eakte.services.lookup import CounterRules, Lookup
from eakte.services.misfiled import Misfiled
from eakte.services.moving_files import MovingFiles
from eakte.services.page_desk import PageDesk
from eakte.services.postboxes import Postboxes
from eakte.services.probe import Probe
from eakte.services.register import RegisterImport
from eakte.services.register_file import parse_register
from eakte.services.responsibilities import Responsibilities
from eakte.services.rounds import Rounds
from eakte.services.routing import CLEARING_DESK, Receiver
from eakte.services.scan_centre import ScanCentre
from eakte.services.settings_in_force import SettingsInForce
from eakte.services.stack_desk import StackDesk
from eakte.services.statistics import Statistics
from eakte.services.team_list import TeamList
from eakte.services.wiedervorlagen import Wiedervorlagen
from eakte.settings import Settings
from eakte.storage.folder import FolderStore

STEP = system_reader("intake")
OPERATOR = system_reader("operator")
COUNTER_RULES = CounterRules(
    silent=frozenset({"hinweis_dritter", "sonstiges"}),
    silent_subfiles=frozenset({"hinweise", "handakte"}),
    groups={"Antrag": ("weiterbewilligung",)},
)
MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class SetClock:
    """A clock that goes only when told to."""

    at: datetime = MORNING

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(BERLIN).date()

    def forward(self, **span: float) -> None:
        """Let time pass: ``forward(minutes=5)``."""
        self.at += timedelta(**span)

    def set_day(self, day: str) -> None:
        """Morning of the desk's day ``day``."""
        self.at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=BERLIN).astimezone(UTC)


@cache
def catalogue(folder: Path) -> dict[str, Schlagwort]:
    """The shipped Schlagworte."""
    return dict(load_catalogue(folder).schlagworte)


class Authority:
    """The services over one database, and short ways to make things happen."""

    step = STEP

    def __init__(self, settings: Settings, key: bytes, folder: Path) -> None:
        self.clock = SetClock()
        self.trail = AuditTrail(key, self.clock)
        engine = make_engine(settings.database_url)
        if engine.dialect.name == "sqlite":
            # No test here pulls the plug; waiting for the disk would cost more than all else.
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        self.database = Database(engine, self.trail, self.clock)
        self.words = catalogue(settings.schlagworte)
        self.pattern = AktenzeichenPattern(settings.values.authority.aktenzeichen_patterns)
        self.store = FolderStore(folder / "store")
        self.heads = folder / "heads.jsonl"
        self.register_import = RegisterImport(self.database, self.pattern)
        self.scan_centre = ScanCentre(self.database)
        self.live = SettingsInForce(LiveValues())
        self.live_settings = LiveSettings(self.database, self.live)
        self.statistics = Statistics(self.database, self.live)
        self.checking = Checking(self.database, self.store, self.heads)
        self.documents = Documents(self.database, self.store, self.words)
        self.archive_copies = ArchiveCopies(self.database, self.store, self.words, excerpt)
        self.case_files = CaseFiles(self.database, self.words, self.pattern)
        self.use_policy(settings.access)
        self._numbers = count(1)

    def use_policy(self, policy: AccessPolicy) -> None:
        """Let other rights hold from here on."""
        self.policy = policy
        self.absences = Absences(self.database, policy)
        self.absence_lists = AbsenceLists(self.database, policy)
        self.team_list = TeamList(self.database)
        self.file_responsibles = FileResponsibles(self.database, policy, self.pattern)
        self.handovers = Handovers(self.database, policy)
        self.joining = Joining(self.database, self.pattern)
        self.responsibilities = Responsibilities(self.database, self.words, policy)
        self.postboxes = Postboxes(self.database, self.words, policy)
        self.reminders = Wiedervorlagen(self.database, self.words, policy)
        self.rounds = Rounds(self.database, self.words, self.postboxes, self.reminders)
        self.desk_undo = DeskUndo(self.database, self.words, policy)
        self.probe = Probe(self.database, self.words, policy, self.pattern)
        self.clearing = Clearing(self.database, self.words, policy, self.pattern)
        self.clearing_desk = ClearingDesk(self.database, self.words, policy, self.pattern)
        self.examples = Examples(
            self.database, Keeping(), policy.closed_subfiles, fact_examples.settle
        )
        self.stack_desk = StackDesk(self.database, self.store, self.pattern)
        self.counter_receipts = CounterReceipts(self.database, self.pattern, self.live)
        self.lookup = Lookup(self.database, self.words, self.pattern, COUNTER_RULES, self.live)
        self.misfiled = Misfiled(self.database, self.words, policy, self.pattern)
        self.moving_files = MovingFiles(self.database, self.words, policy, self.pattern)
        self.page_desk = PageDesk(self.database, self.words, policy)
        self.accounts = self.accounts_with(LoginRules())

    def accounts_with(self, rules: LoginRules) -> Accounts:
        """The door with other rules."""
        return Accounts(self.database, self.policy, rules)

    def policy_with(self, **changes: Any) -> None:
        """Change single settings of the rights."""
        self.use_policy(replace(self.policy, **changes))

    # -- who ----------------------------------------------------------------------------------

    def reader(self, login: str) -> Reader:
        """Who ``login`` is today."""
        with self.database.read() as session:
            reader = Organisation(session).reader(login, self.clock.today(), self.policy)
        assert reader is not None
        return reader

    def register(self, content: dict[str, Any]) -> dict[str, int]:
        """Take a register file, or the part of one."""
        return self.register_import.run(OPERATOR, parse_register(content))

    def away(self, login: str, start: str, end: str | None = None) -> None:
        """Note an absence."""
        self.register({"absences": [{"login": login, "from": start, "to": end}]})

    # -- letters ------------------------------------------------------------------------------

    def source(self, *, data: bytes | None = None, channel: str = "scanner", pages: int = 1) -> str:
        """A file that arrived and was recognised; returns its id."""
        number = next(self._numbers)
        content = data or f"Brief {number}".encode()
        arrival = Arrival(
            key=f"arrival-{number}",
            channel=channel,
            batch="inbox",
            name=f"brief-{number}.pdf",
            sha256=self.store.put(content),
            size=len(content),
            received=self.clock.today(),
        )
        source_id = receive(self.database, arrival).source_id
        with self.database.write() as session:
            sources = Sources(session)
            for page in range(1, pages + 1):
                made = recognised_page(page)
                sources.add_page(
                    STEP,
                    source_id,
                    made,
                    self.store.put(made.preview),
                    self.store.put(made.thumbnail),
                )
            row = sources.get(STEP, source_id)
            assert row is not None
            row.page_count, row.archive_sha256 = pages, self.store.put(archive_of(pages))
            row.state = "recognised"
        return source_id

    def letter(
        self,
        schlagwort: str,
        aktenzeichen: str | None,
        *,
        first_name: str | None = None,
        state: str = "delivered",
        to: Receiver | None = None,
        sub_file: str | None = None,
        pages: int = 1,
    ) -> str:
        """A document as the pipeline leaves it in ``state``; returns its id.

        ``to`` overrides the routing rule, ``sub_file`` where it is filed.
        """
        source_id = self.source(pages=pages)
        with self.database.write() as session:
            document = self._cut(session, source_id, schlagwort)
            if state in ("cut", "classified"):
                document.state = state
                return document.id
            cover = None if aktenzeichen is None else self.cover(session, aktenzeichen)
            people = self.people(session, cover, first_name)
            delivery = self.delivery(session)
            delivery.file_into(STEP, document, cover, people)
            if sub_file is not None and cover is not None:
                filing = (cover.id, sub_file, None)
                DocumentRows(session).set_filing(document, filing, (), self.clock.now())
            main, copies = delivery.receivers(STEP, document, cover, people)
            if state == "routed":
                document.state = state
                return document.id
            if state == "clearing":
                DocumentRows(session).set_filing(document, None, (), self.clock.now())
                main, copies = CLEARING_DESK, ()
                document.clearing_reason = "unsicher"
            if to is not None:
                main, copies = to, ()
            delivery.deliver(STEP, document, main, copies, round_key="intake")
            return document.id

    def _cut(self, session: EakteSession, source_id: str, schlagwort: str) -> Document:
        sources, documents = Sources(session), DocumentRows(session)
        source = sources.get(STEP, source_id)
        assert source is not None
        document = documents.cut(STEP, source, sources.pages(STEP, source_id), self.clock.now())
        source.state = "cut"
        finding = SchlagwortFinding(schlagwort=schlagwort, score=0.9, pages=(1,), evidence=())
        asked = Fact(kind=FactKind.SET_DATE, value="2026-12-21", score=0.9)
        found = {
            "schlagwort": codec.schlagwort_to_json(finding),
            "case_file": {"chosen": None, "candidates": [], "reason": ""},
            "route": {"postbox": "x"},
        }
        for kind, payload in found.items():
            documents.keep_findings(document, kind, [(kind, 0.9, payload)], self.clock.now())
        documents.set_schlagworte(document, [(schlagwort, (1,))], "rules")
        document.schlagwort, document.score = schlagwort, 0.9
        Facts(session).keep(document, [fact_to_json(asked)], self.clock.now())
        reckon(session, document, self.clock.now())
        return document

    @staticmethod
    def cover(session: EakteSession, aktenzeichen: str) -> CaseFile:
        """The case file of that number."""
        return session.scalars(select(CaseFile).where(CaseFile.aktenzeichen == aktenzeichen)).one()

    @staticmethod
    def people(session: EakteSession, cover: CaseFile | None, first_name: str | None) -> list[str]:
        """Ids of the member of that first name, else of the applicant."""
        if cover is None:
            return []
        members = CaseFileRows(session).people(STEP, [cover.id])[cover.id]
        return [
            person.id
            for person, member in members
            if (member.applicant if first_name is None else person.first_name == first_name)
        ]

    def delivery(self, session: EakteSession) -> Delivery:
        """Filing, routing and delivering in this authority."""
        return Delivery(
            session,
            self.words,
            self.policy.protected_postbox,
            today=self.clock.today(),
            now=self.clock.now(),
        )

    # -- looking behind the scenes --------------------------------------------------------------

    def entries(self, document_id: str) -> list[PostboxEntry]:
        """Every postbox entry of a document, tasks first, in their order."""
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(PostboxEntry)
                    .where(PostboxEntry.document_id == document_id)
                    .order_by(PostboxEntry.copy, PostboxEntry.arrived_at, PostboxEntry.id)
                )
            )

    def entry(self, document_id: str, postbox: str) -> PostboxEntry:
        """The open entry of a document in a postbox."""
        (found,) = (
            entry
            for entry in self.entries(document_id)
            if entry.postbox == postbox and entry.done_at is None
        )
        return found

    def receivers(self, document_id: str) -> tuple[str, list[str]]:
        """Where the task lies, and where copies do."""
        lying = [entry for entry in self.entries(document_id) if entry.done_at is None]
        (task,) = (entry.postbox for entry in lying if not entry.copy)
        return task, [entry.postbox for entry in lying if entry.copy]

    def document(self, document_id: str) -> Document:
        """The document's row."""
        with self.database.read() as session:
            return session.get_one(Document, document_id)

    def source_row(self, source_id: str) -> Source:
        """The source's row."""
        with self.database.read() as session:
            return session.get_one(Source, source_id)

    def person(self, first_name: str) -> PersonRow:
        """The one person of that first name."""
        with self.database.read() as session:
            return session.scalars(
                select(PersonRow).where(PersonRow.first_name == first_name)
            ).one()

    def trail_of(self, subject_id: str) -> list[tuple[str, str, str | None]]:
        """Actor, action and on whose behalf, of a thing's audit rows, oldest first."""
        with self.database.read() as session:
            rows = session.scalars(
                select(AuditRow).where(AuditRow.subject_id == subject_id).order_by(AuditRow.seq)
            )
            return [(row.actor, row.action, row.on_behalf_of) for row in rows]


def archive_of(pages: int) -> bytes:
    """A PDF of empty pages that can be told apart: page n is 200 + n points wide."""
    with pikepdf.Pdf.new() as pdf:
        for number in range(1, pages + 1):
            pdf.add_blank_page(page_size=(200 + number, 300))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def recognised_page(number: int) -> RecognisedPage:
    """A page of three words."""
    words = tuple(
        Word(text=text, box=Box(0.1, place / 10, 0.2, (place + 1) / 10), line=place)
        for place, text in enumerate(("Sehr", "geehrte", "Damen"))
    )
    return RecognisedPage(
        number=number,
        text=PageText(words=words),
        dpi=200,
        turn=0,
        preview=f"preview {number}".encode(),
        thumbnail=f"thumbnail {number}".encode(),
    )

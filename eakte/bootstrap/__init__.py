"""The composition root: the only place that knows concrete engines.

An engine more is one file and one line in a table here.  Engines are named and imported when they
are opened, so that ``eakte search`` waits for no OCR and ``eakte --help`` for nothing at all;
:mod:`eakte.bootstrap.intake` puts together what only the intake needs.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from classifiers.catalogue import Catalogue
from classifiers.deadlines_calendar import Reckoning, WorkingCalendar
from eakte.bootstrap.audit_key import make_audit_key, read_audit_key
from eakte.bootstrap.live_settings import values_of_file
from eakte.bootstrap.note_templates import note_templates
from eakte.bootstrap.quality import quality_rules
from eakte.bootstrap.rules import rule_problems, rules_of, take_up_rules
from eakte.domain.proof import TransferNote
from eakte.errors import SettingsError, Unavailable
from eakte.intake.indexer import Indexer
from eakte.intake.receive import receive
from eakte.language.abbreviations import load_abbreviations
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.language.expansion import Expansion
from eakte.migrations import HEAD, upgrade
from eakte.ports import SearchIndex
from eakte.recognition.engines import require_engine
from eakte.repositories.audit import AuditTrail
from eakte.repositories.database import Database, make_engine
from eakte.repositories.schema_stand import difference, stand_of
from eakte.services import Services, fact_examples
from eakte.services.absence_lists import AbsenceLists
from eakte.services.absences import Absences
from eakte.services.account_list import AccountList
from eakte.services.accounts import Accounts, LoginRules
from eakte.services.annotations import Annotations
from eakte.services.archive_copies import ArchiveCopies, PickedPages
from eakte.services.arrivals import Arrivals
from eakte.services.bad_scans import BadScans
from eakte.services.case_files import CaseFiles
from eakte.services.checking import Checking
from eakte.services.clearing import Clearing
from eakte.services.clearing_desk import ClearingDesk
from eakte.services.counter_receipts import CounterReceipts
from eakte.services.desk_presence import Presence
from eakte.services.desk_undo import DeskUndo
from eakte.services.documents import Documents
from eakte.services.examples import Examples, Keeping
from eakte.services.facts import Facts
from eakte.services.file_responsibles import FileResponsibles
from eakte.services.handing_in import HandingIn
from eakte.services.handovers import Handovers
from eakte.services.index_check import IndexCheck
from eakte.services.index_documents import IndexDocuments
from eakte.services.joining import Joining
from eakte.services.live_settings import LiveSettings
from eakte.services.lookup import CounterRules, Lookup
from eakte.services.misfiled import Misfiled
from eakte.services.moving_files import MovingFiles
from eakte.services.note_writing import NoteWriting
from eakte.services.page_desk import PageDesk
from eakte.services.paper import Paper
from eakte.services.postbox_filters import PostboxFilters
from eakte.services.postboxes import Postboxes
from eakte.services.probe import Probe
from eakte.services.quality import Quality
from eakte.services.register import RegisterImport
from eakte.services.responsibilities import Responsibilities
from eakte.services.rounds import Rounds
from eakte.services.rules import Rules
from eakte.services.rules_in_force import LiveSchlagworte, RulesInForce
from eakte.services.saved_searches import SavedSearches
from eakte.services.scan_centre import ScanCentre
from eakte.services.searching import Searching
from eakte.services.settings_in_force import SettingsInForce
from eakte.services.stack_desk import StackDesk
from eakte.services.statistics import Statistics
from eakte.services.team_list import TeamList
from eakte.services.tokens import Tokens
from eakte.services.wiedervorlagen import Wiedervorlagen
from eakte.services.windows import Windows
from eakte.settings import Settings
from eakte.storage.folder import FolderStore

SEARCH_ENGINES: Mapping[str, str] = {
    "tantivy": "eakte.search.tantivy_index:TantivyIndex",
    "whoosh": "eakte.search.whoosh_index:WhooshIndex",
    "none": "eakte.search.none:NoIndex",
    "postgresql": "eakte.search.postgresql:PostgresIndex",
}
"""Every class is made with the folder that its index may use, or with the database."""

IN_DATABASE = frozenset({"postgresql"})
"""Search engines whose index lies in the database: it must be theirs."""

BERLIN = ZoneInfo("Europe/Berlin")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The desk's day in Europe/Berlin."""
        return datetime.now(BERLIN).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product as this process has it: settings, engines, services."""

    settings: Settings
    database: Database
    store: FolderStore
    index: SearchIndex
    services: Services
    indexer: Indexer

    @property
    def catalogue(self) -> Catalogue:
        """The rules in force."""
        return self.services.rules.live.now.catalogue

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.settings.path(self.settings.values.inbox.folder)


def prepare(settings: Settings) -> None:
    """Make the data folder, the audit key and the schema; may be repeated."""
    values = settings.values
    for folder in (settings.home, settings.path(values.inbox.folder)):
        folder.mkdir(parents=True, exist_ok=True)
    settings.home.chmod(0o700)
    key = settings.path(values.data.audit_key_file)
    engine = make_engine(settings.database_url)
    try:
        make_audit_key(key, engine)
        stand = stand_of(engine)
        if stand is not None and stand > HEAD and (told := difference(stand, HEAD)):
            message, remedy = told
            raise SettingsError(message, remedy=remedy)
        upgrade(engine)
        trail = AuditTrail(read_audit_key(key), SystemClock())
        with Session(engine) as session, session.begin():
            trail.found(session)
        _index(settings, engine).ensure()
    except SQLAlchemyError as error:
        raise no_database(settings, error) from error
    finally:
        engine.dispose()


def open_product(settings: Settings) -> Product:
    """Put everything together; raises ``SettingsError`` where something is not set up."""
    values = settings.values
    clock = SystemClock()
    trail = AuditTrail(read_audit_key(settings.path(values.data.audit_key_file)), clock)
    live = SettingsInForce(values_of_file(settings))
    calendar = WorkingCalendar(values.authority.land)

    def reckoning() -> Reckoning:
        return Reckoning(calendar=calendar, lead_days=live().deadlines_lead_days)

    database = Database(_engine(settings), trail, clock, reckoning, schema=HEAD)
    with ExitStack() as undone:
        undone.callback(database.close)
        live.refresh(database)
        product = _put_together(settings, database, live)
        undone.pop_all()
    return product


def _put_together(settings: Settings, database: Database, live: SettingsInForce) -> Product:
    values = settings.values
    store = FolderStore(settings.path(values.data.store))
    rules = rules_of(settings, database, RulesInForce(database))
    take_up_rules(settings, rules)
    rule_check = partial(rule_problems, settings, rules)
    index = _index(settings, database.engine)
    pattern = AktenzeichenPattern(values.authority.aktenzeichen_patterns)
    words = LiveSchlagworte(rules.live)
    access = settings.access
    quality = quality_rules(settings, words)
    case_files = CaseFiles(database, words, pattern)
    expansion = Expansion(load_abbreviations(settings.abbreviations))
    searching = Searching(database, index, words, case_files, weaker=expansion)
    keeping = Keeping(months=values.examples.keep_months, pages=values.examples.pages)
    postboxes = Postboxes(database, words, access, keeping)
    handing_in = HandingIn(database, store, words, pattern, partial(receive, database))
    reminders = Wiedervorlagen(database, words, access, keeping)
    login = LoginRules(
        max_failures=values.login.max_failures,
        lock=timedelta(minutes=values.login.lock_minutes),
        idle=timedelta(minutes=values.web.idle_minutes),
        lifetime=timedelta(hours=values.web.session_hours),
        min_password_length=values.login.min_password_length,
    )
    accounts = Accounts(database, access, login)
    return Product(
        settings=settings,
        database=database,
        store=store,
        index=index,
        services=Services(
            absence_lists=AbsenceLists(database, access),
            absences=Absences(database, access),
            account_list=AccountList(database, access, accounts),
            accounts=accounts,
            annotations=Annotations(database),
            archive_copies=ArchiveCopies(database, store, words, excerpt),
            arrivals=Arrivals(database, store, words),
            bad_scans=BadScans(database, store, quality),
            case_files=case_files,
            checking=Checking(
                database,
                store,
                settings.path(values.data.audit_heads),
                rule_check,
                IndexCheck(database, index, IndexDocuments(words, access.closed_subfiles)).run,
            ),
            clearing=Clearing(database, words, access, pattern, keeping),
            clearing_desk=ClearingDesk(database, words, access, pattern),
            desk_undo=DeskUndo(database, words, access, keeping),
            counter_receipts=CounterReceipts(database, pattern, live),
            documents=Documents(database, store, words),
            facts=Facts(database, keeping, access.closed_subfiles),
            examples=Examples(database, keeping, access.closed_subfiles, fact_examples.settle),
            file_responsibles=FileResponsibles(database, access, pattern),
            handovers=Handovers(database, access),
            joining=Joining(database, pattern),
            handing_in=handing_in,
            live_settings=LiveSettings(database, live),
            lookup=Lookup(database, words, pattern, _counter_rules(settings), live),
            misfiled=Misfiled(database, words, access, pattern, keeping),
            note_writing=NoteWriting(
                database, words, handing_in, note_templates(settings.note_templates)
            ),
            moving_files=MovingFiles(database, words, access, pattern),
            page_desk=PageDesk(database, words, access),
            paper=Paper(database, quality),
            postbox_filters=PostboxFilters(database),
            postboxes=postboxes,
            presence=Presence(database),
            probe=Probe(database, words, access, pattern),
            quality=Quality(database, store, quality, live),
            register=RegisterImport(database, pattern),
            responsibilities=Responsibilities(database, words, access),
            rounds=Rounds(database, words, postboxes, reminders),
            rules=rules,
            scan_centre=ScanCentre(database),
            searching=searching,
            saved_searches=SavedSearches(database, searching),
            stack_desk=StackDesk(database, store, pattern),
            statistics=Statistics(database, live),
            team_list=TeamList(database),
            tokens=Tokens(database, access),
            wiedervorlagen=reminders,
            windows=Windows(database, pattern, access),
        ),
        indexer=Indexer(database, index, IndexDocuments(words, access.closed_subfiles)),
    )


def _counter_rules(settings: Settings) -> CounterRules:
    counter = settings.values.counter
    return CounterRules(
        silent=frozenset(counter.silent),
        silent_subfiles=frozenset(counter.silent_subfiles),
        groups=counter.groups,
    )


def open_rules(settings: Settings) -> Rules:
    """The rules alone: to be put right even where the version in force can't be read."""
    clock = SystemClock()
    key = read_audit_key(settings.path(settings.values.data.audit_key_file))
    database = Database(_engine(settings), AuditTrail(key, clock), clock, schema=HEAD)
    return rules_of(settings, database, RulesInForce(database))


def require_recognition(settings: Settings) -> None:
    """Refuse to begin where pages could not be read.

    Raises ``ServiceMissing`` naming the library, program or language model and its package.
    """
    recognition = settings.values.recognition
    require_engine(recognition.engine, Path(recognition.tessdata) if recognition.tessdata else None)


def excerpt(archive: Path, pages: PickedPages | None, note: TransferNote | None) -> bytes:
    """``eakte.recognition.excerpt``, loaded when the first copy is handed out."""
    from eakte.recognition import excerpt as made  # noqa: PLC0415 - pikepdf takes a moment to load

    return made.excerpt(archive, pages, note)


def _engine(settings: Settings) -> Engine:
    engine = make_engine(settings.database_url)
    with ExitStack() as undone:
        undone.callback(engine.dispose)
        try:
            told = difference(stand_of(engine), HEAD)
        except SQLAlchemyError as error:
            raise no_database(settings, error) from error
        if told is not None:
            message, remedy = told
            raise SettingsError(message, remedy=remedy)
        undone.pop_all()
    return engine


def _index(settings: Settings, engine: Engine) -> SearchIndex:
    name = settings.values.search.engine
    if name not in SEARCH_ENGINES:
        raise SettingsError(
            f"Die Suchmaschine „{name}“ gibt es nicht.",
            remedy=f"search.engine auf eine von {', '.join(SEARCH_ENGINES)} setzen.",
        )
    module, _, cls = SEARCH_ENGINES[name].partition(":")
    if name in IN_DATABASE and engine.dialect.name != name:
        raise SettingsError(
            "Die Suchmaschine „postgresql“ braucht eine PostgreSQL-Datenbank.",
            remedy="data.database_url auf eine solche setzen, oder search.engine auf „tantivy“.",
        )
    make = cast("Callable[..., SearchIndex]", getattr(importlib.import_module(module), cls))
    if name in IN_DATABASE:
        return make(engine)
    return make(settings.path(settings.values.data.index) / name)


def no_database(settings: Settings, error: SQLAlchemyError) -> Unavailable:
    """The error for a database that can't be reached, with its address but no password."""
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    detail = str(getattr(error, "orig", error)).strip().splitlines()[:1]
    return Unavailable(
        f"Die Datenbank {where} ist nicht erreichbar: {' '.join(detail)}.",
        remedy="Den Datenbankserver starten oder data.database_url berichtigen.",
    )

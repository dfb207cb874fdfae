"""What people do with the product, one class a subject.  Every method takes the Reader first.

A method is one transaction: it checks rights, changes state and writes the audit row together.
Methods answer with the frozen values of ``views.py``, never with ORM objects.
"""

from __future__ import annotations

from dataclasses import dataclass

from eakte.services.absence_lists import AbsenceLists
from eakte.services.absences import Absences
from eakte.services.account_list import AccountList
from eakte.services.accounts import Accounts
from eakte.services.annotations import Annotations
from eakte.services.archive_copies import ArchiveCopies
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
from eakte.services.examples import Examples
from eakte.services.facts import Facts
from eakte.services.file_responsibles import FileResponsibles
from eakte.services.handing_in import HandingIn
from eakte.services.handovers import Handovers
from eakte.services.joining import Joining
from eakte.services.live_settings import LiveSettings
from eakte.services.lookup import Lookup
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
from eakte.services.saved_searches import SavedSearches
from eakte.services.scan_centre import ScanCentre
from eakte.services.searching import Searching
from eakte.services.stack_desk import StackDesk
from eakte.services.statistics import Statistics
from eakte.services.team_list import TeamList
from eakte.services.tokens import Tokens
from eakte.services.wiedervorlagen import Wiedervorlagen
from eakte.services.windows import Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All services of one product, put together by ``eakte/bootstrap.py``."""

    absence_lists: AbsenceLists
    absences: Absences
    account_list: AccountList
    accounts: Accounts
    annotations: Annotations
    archive_copies: ArchiveCopies
    arrivals: Arrivals
    bad_scans: BadScans
    case_files: CaseFiles
    checking: Checking
    clearing: Clearing
    clearing_desk: ClearingDesk
    desk_undo: DeskUndo
    counter_receipts: CounterReceipts
    documents: Documents
    facts: Facts
    examples: Examples
    file_responsibles: FileResponsibles
    handing_in: HandingIn
    handovers: Handovers
    joining: Joining
    live_settings: LiveSettings
    lookup: Lookup
    misfiled: Misfiled
    note_writing: NoteWriting
    moving_files: MovingFiles
    page_desk: PageDesk
    paper: Paper
    postbox_filters: PostboxFilters
    postboxes: Postboxes
    presence: Presence
    probe: Probe
    quality: Quality
    register: RegisterImport
    responsibilities: Responsibilities
    rounds: Rounds
    rules: Rules
    saved_searches: SavedSearches
    scan_centre: ScanCentre
    searching: Searching
    stack_desk: StackDesk
    statistics: Statistics
    team_list: TeamList
    tokens: Tokens
    wiedervorlagen: Wiedervorlagen
    windows: Windows

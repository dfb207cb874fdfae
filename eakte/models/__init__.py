"""SQLAlchemy mappings, one aggregate a module.  Importing this package knows every table."""

from eakte.models.accounts import Account, ApiToken, EmergencyAccess, UserSession
from eakte.models.annotations import Annotation
from eakte.models.audit import AuditHead, AuditRow
from eakte.models.base import Base
from eakte.models.case_files import (
    CaseFile,
    CaseFileNumber,
    ExcludedLogin,
    KnownReference,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
    SubFile,
)
from eakte.models.clearing import DeskLook, Example, RegisterTerm
from eakte.models.counter import CounterReceipt
from eakte.models.desk import DeskDeed, KeptFilter
from eakte.models.documents import (
    Document,
    DocumentPage,
    DocumentPerson,
    DocumentSchlagwort,
    DocumentVersion,
    Filing,
    FindingRow,
    RelevantFunction,
)
from eakte.models.facts import FactCorrection, Vorgang, VorgangDocument, VorgangNumber
from eakte.models.figures import DailyFigure
from eakte.models.file_moves import FileMove, KeptVorgang
from eakte.models.live_settings import SettingChange
from eakte.models.misfilings import Misfiling
from eakte.models.organisation import (
    Absence,
    Caseworker,
    CaseworkerRole,
    Deputy,
    Handover,
    LocalChange,
    Site,
    SitePostcode,
    SurnameRange,
    Team,
    TeamMember,
)
from eakte.models.postboxes import PostboxEntry, Wiedervorlage
from eakte.models.proof import BadScan, BatchDecision, QualityCheck, TransferNote
from eakte.models.rules import (
    RuleActivation,
    RuleProposal,
    RuleTrial,
    RuleTrialChange,
    RuleVersion,
)
from eakte.models.searching import SavedSearch
from eakte.models.sources import Batch, CutProposal, Page, PageWords, Source
from eakte.models.windows import CaseFileVisit, FileWindow, WaitingCall
from eakte.models.work import IndexFact, IndexOutbox, WorkerHeartbeat

__all__ = [
    "Absence",
    "Account",
    "Annotation",
    "ApiToken",
    "AuditHead",
    "AuditRow",
    "BadScan",
    "Base",
    "Batch",
    "BatchDecision",
    "CaseFile",
    "CaseFileNumber",
    "CaseFileVisit",
    "Caseworker",
    "CaseworkerRole",
    "CounterReceipt",
    "CutProposal",
    "DailyFigure",
    "Deputy",
    "DeskDeed",
    "DeskLook",
    "Document",
    "DocumentPage",
    "DocumentPerson",
    "DocumentSchlagwort",
    "DocumentVersion",
    "EmergencyAccess",
    "Example",
    "ExcludedLogin",
    "FactCorrection",
    "FileMove",
    "FileWindow",
    "Filing",
    "FindingRow",
    "Handover",
    "IndexFact",
    "IndexOutbox",
    "KeptFilter",
    "KeptVorgang",
    "KnownReference",
    "LocalChange",
    "Membership",
    "Misfiling",
    "NameKey",
    "Page",
    "PageWords",
    "PersonRow",
    "PostboxEntry",
    "QualityCheck",
    "RegisterTerm",
    "RelevantFunction",
    "Representative",
    "Responsibility",
    "RuleActivation",
    "RuleProposal",
    "RuleTrial",
    "RuleTrialChange",
    "RuleVersion",
    "SavedSearch",
    "SettingChange",
    "Site",
    "SitePostcode",
    "Source",
    "SubFile",
    "SurnameRange",
    "Team",
    "TeamMember",
    "TransferNote",
    "UserSession",
    "Vorgang",
    "VorgangDocument",
    "VorgangNumber",
    "WaitingCall",
    "Wiedervorlage",
    "WorkerHeartbeat",
]

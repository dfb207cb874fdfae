"""What the services answer with: frozen values, ready for a presenter or for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from eakte.domain.facts import Fact
from eakte.domain.findings import (
    CaseFileFinding,
    DeadlineFinding,
    Evidence,
    ReceiptFinding,
    SchlagwortFinding,
)
from eakte.domain.page_lists import Removal
from eakte.domain.pages import Word

PostboxKind = Literal["own", "team", "deputy", "clearing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostboxSummary:
    """A postbox open to the reader, with its open entries (``tasks`` without copies)."""

    id: str
    title: str
    kind: PostboxKind
    tasks: int
    copies: int
    urgent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostboxEntryView:
    """A row of a postbox. ``version`` goes back with every action (stale writes are refused).

    ``deadline`` is the first day by whose end the authority has to act; ``pressing``: a reminder
    would be due by now.
    """

    id: str
    version: int
    document_id: str
    postbox: str
    urgent: bool
    copy: bool
    deputy_for: str | None
    deputy_for_name: str | None
    schlagwort: str | None
    schlagwort_title: str
    aktenzeichen: str | None
    provisional: bool
    people: tuple[str, ...]
    received: date
    arrived_at: datetime
    pages: int
    note: str
    sent_by: str
    twins: tuple[TwinView, ...] = ()
    deadline: date | None = None
    pressing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page of a document, ``number`` from 1 over the kept pages (removed pages: None).

    ``turn`` in degrees clockwise beyond the upright page; ``reason`` why it was removed.
    """

    number: int | None
    page_id: str
    width_mm: float
    height_mm: float
    turn: int
    removed: bool
    text_source: str
    confidence: float
    source_page: int
    reason: Removal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchlagwortView:
    """A Schlagwort that the document carries; position 0 is the primary one."""

    id: str
    title: str
    position: int
    pages: tuple[int, ...]
    given_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of a thing's audit trail."""

    at: datetime
    actor: str
    actor_name: str
    on_behalf_of: str | None
    action: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationView:
    """A note, highlight or stamp on kept page ``page``; ``own``: the reader may take it away.

    ``box``: left, top, right, bottom as fractions of the upright page.
    """

    id: str
    version: int
    page: int
    kind: str
    box: tuple[float, float, float, float]
    text: str
    author: str
    made_at: datetime
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VorgangView:
    """The Vorgang that a document belongs to, and why; ``by_hand``: a person put it there."""

    id: str
    title: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as its reader sees it.

    ``entries`` are the open postbox entries that this reader may act on; ``findings`` what the
    rules suggested, best first; ``case_finding`` whose the system thought it was;
    ``given_title`` what it was called in the backfile.
    """

    id: str
    version: int
    state: str
    title: str
    received: date
    received_elsewhere: date | None
    source_name: str
    channel: str
    case_file: CaseFileRef | None
    sub_file: str | None
    people: tuple[PersonView, ...]
    schlagworte: tuple[SchlagwortView, ...]
    findings: tuple[SchlagwortFinding, ...]
    case_finding: CaseFileFinding | None
    deadlines: tuple[DeadlineFinding, ...]
    clearing_reason: str | None
    pages: tuple[PageView, ...]
    entries: tuple[PostboxEntryView, ...]
    lies_with: tuple[str, ...]
    filed_at: datetime | None
    filed_by: str | None
    has_archive_copy: bool
    may_take_up: bool
    history: tuple[HistoryRow, ...]
    form: str = "paper"
    stamps: tuple[ReceiptFinding, ...] = ()
    may_set_receipt: bool = False
    twins: tuple[TwinView, ...] = ()
    signature: str = ""
    given_title: str = ""
    facts: tuple[Fact, ...] = ()
    vorgang: VorgangView | None = None
    vorgaenge: tuple[Choice, ...] = ()
    annotations: tuple[AnnotationView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinView:
    """Another document that says the same, open to the reader; 1.0 is word for word."""

    document_id: str
    title: str
    received: date
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileRef:
    """Enough of a case file to name and to link it."""

    id: str
    aktenzeichen: str
    provisional: bool
    protected: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person in a head or a list."""

    id: str
    first_name: str
    last_name: str
    birth_date: date | None
    customer_number: str | None
    applicant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView:
    """An encoded image of the upright page; ``etag`` is its hash."""

    data: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWordsView:
    """The words of a page for the viewer's text layer; ``marked`` are indexes into them."""

    words: tuple[Word, ...]
    marked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileDocument:
    """A row of the case-file view; ``is_new``: filed since the reader's last visit."""

    id: str
    received: date
    schlagwort: str | None
    schlagwort_title: str
    sub_file: str
    person: str | None
    pages: int
    state: str
    filed_by: str | None
    is_new: bool
    sender: str = ""
    given_title: str = ""
    twins: tuple[TwinView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleView:
    """Who answers for the file in a function (of one person, where ``person`` is set)."""

    function: str
    login: str
    name: str
    person: str | None
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileView:
    """A case file with the documents that this reader may open, newest receipt first.

    ``documents`` are a page of the list as it was asked for; the next begins behind the id
    ``following`` ("": there is none).  ``total``, ``fresh`` (filed since ``last_visit``; None at
    the first) and the counts of ``sub_files`` and ``vorgaenge`` are of the whole file.
    """

    id: str
    aktenzeichen: str
    former_numbers: tuple[str, ...]
    provisional: bool
    protected_reason: str | None
    closed: date | None
    site: str
    street: str
    postcode: str
    city: str
    people: tuple[PersonView, ...]
    responsible: tuple[ResponsibleView, ...]
    sub_files: tuple[tuple[str, int], ...]
    documents: tuple[CaseFileDocument, ...]
    following: str = ""
    total: int = 0
    fresh: int = 0
    last_visit: datetime | None = None
    schlagworte: tuple[Choice, ...] = ()
    vorgaenge: tuple[tuple[Choice, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalView:
    """A source on its way: ``state`` received, recognised, cut, quarantined or duplicate.

    ``pages_done`` of ``page_count`` pages are recognised; ``documents`` say where they went.
    ``sheets`` says how many of them are of which kind (page, blank, separator, cover); ``site``
    is the name of the site that the profile of its folder or mailbox stands for, if any.
    """

    source_id: str
    name: str
    channel: str
    arrived_at: datetime
    changed_at: datetime
    received: date
    state: str
    page_count: int | None
    pages_done: int
    sheets: Mapping[str, int]
    reason: str | None
    documents: tuple[ArrivalDocument, ...]
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalDocument:
    """Where one document of a source went; ``openable``: the reader may open it.

    ``closed`` says for whom it is, where it is an envelope that stays closed.
    """

    document_id: str
    state: str
    schlagwort_title: str
    postbox: str | None
    postbox_title: str | None
    openable: bool
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose from in a form: a Schlagwort, a postbox, a case file."""

    id: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyView:
    """A Notzugriff for the report: who, which file, why, when."""

    login: str
    name: str
    aktenzeichen: str
    reason: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedView:
    """What somebody did last and may take back: of ``count`` letters, one called ``title``."""

    round_id: str
    kind: str
    count: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """What became of several letters: the documents done, and (title, reason) of the others."""

    round_id: str
    done: tuple[str, ...]
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """A Wiedervorlage with the document that comes back.

    ``days`` until it is due, negative where that day has passed; ``desk`` the login or team that
    has it; ``made_by`` empty where a period asked for it; ``deputy_for`` the absent one's name
    where the reader has it in their place.
    """

    id: str
    version: int
    document_id: str
    title: str
    aktenzeichen: str | None
    people: tuple[str, ...]
    due: date
    days: int
    note: str
    made_by: str
    desk: str
    desk_title: str
    of_team: bool
    own: bool
    deputy_for: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSubject:
    """The document that a note is about."""

    document_id: str
    title: str
    received: date
    aktenzeichen: str | None

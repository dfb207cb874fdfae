"""What the services about checks, paper and bad scans answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eakte.domain.proof import PaperFate


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch in the list; ``drawn`` pages are to be checked, ``open`` of them still wait."""

    id: str
    name: str
    received: date
    opened_at: datetime
    operator: str
    device: str
    pages: int
    sheets_reported: int | None
    state: str
    drawn: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page that the check is about; ``shut``: it stands in a file closed to the reader."""

    page_id: str
    source_name: str
    number: int
    reason: str
    kind: str
    result: str | None
    remark: str
    shut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """Something that was decided about a batch."""

    id: str
    kind: str
    decided_at: datetime
    decided_by: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch with all that its release hangs on.

    ``expected`` pages follow from the sheets (None: nobody counted). ``obstacles`` are sentences
    that say what still stands against a release; ``may_check`` is False for who scanned it.
    """

    row: BatchRow
    version: int
    files: int
    unsettled: int
    kinds: dict[str, int]
    expected: int | None
    counted: bool
    may_check: bool
    pages: tuple[DrawnPage, ...]
    decisions: tuple[DecisionView, ...]
    open_bad_scans: int
    destroy: int
    kept: int
    paper_until: date
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToCheck:
    """One drawn page to look at, with its neighbours and what is known of it.

    ``remarks`` say where the archive copy differs from what the scanner saw.
    """

    page: DrawnPage
    batch_id: str
    batch_name: str
    position: int
    total: int
    waiting: int
    previous: str | None
    following: str | None
    next_waiting: str | None
    remarks: tuple[str, ...]
    skew: float
    ink: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A line of the list of paper that may be destroyed: enough to find it, nothing it says."""

    document_id: str
    file: str
    pages: tuple[int, ...]
    received: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """A signed-off list; ``sha256`` is that of the CSV as it was signed, byte for byte.

    ``withdrawn`` says of which documents the paper stays after all, and why.
    """

    id: str
    batch_id: str
    batch_name: str
    decided_at: datetime
    decided_by: str
    not_before: date
    rows: tuple[ReleaseRow, ...]
    withdrawn: dict[str, str]
    csv: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """What becomes of a document's paper: as decided, else as the rules suggest."""

    fate: PaperFate
    decided: bool
    decided_by: str
    place: str
    must_be_kept: bool
    released: bool
    is_paper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BadScanView:
    """A report that a page can't be read.

    ``source_page`` counts the file's pages. For the scan centre ``document_id`` is only a name.
    """

    id: str
    document_id: str
    page_id: str | None
    file: str
    source_page: int | None
    batch_name: str
    reported_at: datetime
    reported_by: str
    reason: str
    closed_at: datetime | None
    closed_by: str
    outcome: str
    rescan_id: str | None
    rescan_document_id: str | None
    shut: bool

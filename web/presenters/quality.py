"""Batches, drawn pages, releases and bad scans as their screens print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.domain.proof import PaperFate
from eakte.services.proof_views import (
    BadScanView,
    BatchRow,
    BatchView,
    DrawnPage,
    PageToCheck,
    PaperView,
    ReleaseView,
)
from web.presenters import german

HERE = "/sichtpruefung"
STATES = {
    "open": "zu prüfen",
    "checked": "geprüft",
    "rejected": "zurückgewiesen",
    "released": "Papier freigegeben",
}
REASONS = {"sample": "Stichprobe", "full": "Vollprüfung", "remark": "auffällig"}
RESULTS = {"good": "gut", "bad": "schlecht"}
KINDS = {"page": "beschrieben", "blank": "leer", "separator": "Trennblatt", "cover": "Deckblatt"}
DECISIONS = {
    "counted": "Blätter gezählt",
    "checked": "Sichtprüfung abgeschlossen",
    "rejected": "Stapel zurückgewiesen",
    "released": "Papier freigegeben",
    "withdrawn": "Papier von der Liste genommen",
}
FATES = {
    PaperFate.DESTROY: "vernichten",
    PaperFate.KEEP: "aufbewahren",
    PaperFate.RETURN: "zurücksenden",
    PaperFate.FORWARD: "weitergeben",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch in the list."""

    url: str
    name: str
    date: str
    operator: str
    pages: str
    checks: str
    state: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """A drawn page in the list; ``url`` empty where it may not be looked at."""

    url: str
    title: str
    reason: str
    result: str
    remark: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """What was decided, when and by whom; ``url`` leads to the list of a release."""

    title: str
    when: str
    who: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchScreen:
    """A batch: its count, its drawn pages, what stands against its release."""

    url: str
    title: str
    subtitle: str
    version: int
    state: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    differs: str
    needs_sheets: bool
    needs_count: bool
    unsettled: str
    may_check: bool
    pages: tuple[PageLine, ...]
    first_waiting: str
    obstacles: tuple[str, ...]
    may_release: bool
    may_reject: bool
    release_text: str
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScreen:
    """One drawn page, large."""

    url: str
    image_url: str
    batch_url: str
    batch: str
    title: str
    position: str
    waiting: str
    reason: str
    result: str
    remark: str
    mark: str
    kind: str
    skew: str
    remarks: tuple[str, ...]
    previous: str
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseScreen:
    """A signed-off list to print."""

    batch: str
    when: str
    who: str
    not_before: str
    total: str
    rows: tuple[tuple[int, str, str, str, str, str], ...]
    sha256: str
    csv_url: str
    csv_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadScanLine:
    """A report of a bad scan, for the scan centre or for whoever reported it."""

    id: str
    title: str
    batch: str
    reported: str
    reason: str
    open: bool
    outcome: str
    closed: str
    image_url: str
    rescan_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperScreen:
    """What becomes of a document's paper."""

    is_paper: bool
    title: str
    how: str
    note: str
    fixed: bool
    fate: str
    place: str
    choices: tuple[tuple[str, str], ...]


def batch_lines(rows: Iterable[BatchRow]) -> tuple[BatchLine, ...]:
    """The batches, newest first."""
    return tuple(
        BatchLine(
            url=batch_url(row.id),
            name=row.name,
            date=german.day(row.received),
            operator=german.joined((row.operator, row.device)),
            pages=german.plural(row.pages, "Seite", "Seiten"),
            checks=f"{row.drawn - row.open} von {row.drawn}" if row.drawn else "",
            state=_state(row),
            mark=_mark(row),
        )
        for row in rows
    )


def _state(row: BatchRow) -> str:
    return "noch nicht gezählt" if row.state == "open" and not row.drawn else STATES[row.state]


def _mark(row: BatchRow) -> str:
    marks = {"checked": "erfolg", "released": "erfolg", "rejected": "eilig"}
    return marks.get(row.state, "hinweis" if row.drawn else "warnung")


def batch_screen(view: BatchView) -> BatchScreen:
    """One batch."""
    row = view.row
    undecided = row.state not in {"rejected", "released"} or not view.counted
    waiting = [page for page in view.pages if page.result is None and not page.shut]
    return BatchScreen(
        url=batch_url(row.id),
        title=row.name,
        subtitle=german.joined((german.weekday(row.received), row.operator, row.device), " · "),
        version=view.version,
        state=_state(row),
        mark=_mark(row),
        facts=_facts(view),
        differs=_differs(view),
        needs_sheets=row.sheets_reported is None,
        needs_count=not view.counted and row.state != "rejected",
        unsettled=german.plural(view.unsettled, "Datei oder Dokument", "Dateien oder Dokumente")
        if view.unsettled
        else "",
        may_check=view.may_check,
        pages=tuple(_page_line(row.id, page, row, may=view.may_check) for page in view.pages),
        first_waiting=page_url(row.id, waiting[0].page_id) if waiting and view.may_check else "",
        obstacles=view.obstacles,
        may_release=view.may_check and not view.obstacles,
        may_reject=view.may_check and undecided and view.counted,
        release_text=_release_text(view),
        decisions=tuple(
            DecisionLine(
                title=DECISIONS[one.kind],
                when=german.moment(one.decided_at),
                who=one.decided_by,
                detail=_detail(one.kind, one.details),
                url=f"{batch_url(row.id)}/freigaben/{quote(one.id)}"
                if one.kind == "released"
                else "",
            )
            for one in reversed(view.decisions)
        ),
    )


def _facts(view: BatchView) -> tuple[tuple[str, str], ...]:
    row = view.row
    kinds = german.joined(
        f"{count} {KINDS.get(kind, kind)}" for kind, count in sorted(view.kinds.items())
    )
    sheets = "nicht gemeldet" if row.sheets_reported is None else f"{row.sheets_reported} Blatt"
    expected = "" if view.expected is None else f", das sind {view.expected} Seiten"
    return (
        ("Dateien", str(view.files)),
        ("Seiten", f"{row.pages}{f' ({kinds})' if kinds else ''}"),
        ("Laut Scanner", f"{sheets}{expected}"),
        ("Gescannt von", row.operator or "nicht angegeben"),
        ("Gerät", row.device or "nicht angegeben"),
    )


def _differs(view: BatchView) -> str:
    if view.expected is None or view.expected == view.row.pages:
        return ""
    more = view.row.pages - view.expected
    pages = german.plural(abs(more), "Seite", "Seiten")
    return f"{pages} {'mehr' if more > 0 else 'weniger'} als der Scanner meldet."


def _release_text(view: BatchView) -> str:
    return (
        f"{german.plural(view.destroy, 'Dokument', 'Dokumente')} auf die Vernichtungsliste, "
        f"{view.kept} nicht. Das Papier bleibt bis {german.day(view.paper_until)} liegen."
    )


def _detail(kind: str, details: dict[str, object]) -> str:
    if kind == "counted":
        said = f"{details['sheets']} Blatt, {details['pages']} Seiten"
        return german.joined((said, str(details["explanation"])), " – ")
    if kind == "checked":
        return f"{details['good']} gut, {details['bad']} schlecht"
    return german.joined((str(details.get("reason", "")), str(details.get("document", ""))), " – ")


def _page_line(batch_id: str, page: DrawnPage, row: BatchRow, *, may: bool) -> PageLine:
    open_to = may and row.state == "open" and not page.shut
    return PageLine(
        url=page_url(batch_id, page.page_id) if open_to else "",
        title=f"{page.source_name}, S.\N{NO-BREAK SPACE}{page.number}",
        reason=REASONS[page.reason],
        result=RESULTS.get(page.result or "", "geschlossen" if page.shut else "offen"),
        remark=page.remark,
        mark={"good": "erfolg", "bad": "eilig"}.get(page.result or "", "hinweis"),
    )


def check_screen(view: PageToCheck) -> CheckScreen:
    """One page to look at."""
    page = view.page
    url = page_url(view.batch_id, page.page_id)
    return CheckScreen(
        url=url,
        image_url=f"{batch_url(view.batch_id)}/bilder/{quote(page.page_id)}",
        batch_url=batch_url(view.batch_id),
        batch=view.batch_name,
        title=f"{page.source_name}, Seite {page.number}",
        position=f"{view.position} von {view.total}",
        waiting=german.plural(view.waiting, "Seite wartet", "Seiten warten"),
        reason=REASONS[page.reason],
        result=RESULTS.get(page.result or "", "noch offen"),
        remark=page.remark,
        mark={"good": "erfolg", "bad": "eilig"}.get(page.result or "", "hinweis"),
        kind=KINDS.get(page.kind, page.kind),
        skew=f"{view.skew:.1f}°".replace(".", ",") if view.skew else "",
        remarks=view.remarks,
        previous=page_url(view.batch_id, view.previous) if view.previous else "",
        following=page_url(view.batch_id, view.following) if view.following else "",
    )


def release_screen(view: ReleaseView) -> ReleaseScreen:
    """A signed-off list; its total leaves out what was withdrawn since."""
    to_go = [row for row in view.rows if row.document_id not in view.withdrawn]
    return ReleaseScreen(
        batch=view.batch_name,
        when=german.moment(view.decided_at),
        who=view.decided_by,
        not_before=german.day(view.not_before),
        total=german.joined(
            (
                german.plural(len(to_go), "Dokument", "Dokumente"),
                german.plural(sum(len(row.pages) for row in to_go), "Seite", "Seiten"),
            )
        ),
        rows=tuple(
            (
                number,
                row.file,
                german.page_numbers(row.pages),
                german.day(row.received),
                row.document_id,
                view.withdrawn.get(row.document_id, ""),
            )
            for number, row in enumerate(view.rows, start=1)
        ),
        sha256=view.sha256,
        csv_url=f"{batch_url(view.batch_id)}/freigaben/{quote(view.id)}/liste.csv",
        csv_name=f"vernichtung-{view.not_before.isoformat()}-{view.id[-8:]}.csv",
    )


def bad_scan_lines(reports: Iterable[BadScanView]) -> tuple[BadScanLine, ...]:
    """Reports in the order of the service."""
    return tuple(
        BadScanLine(
            id=one.id,
            title=one.file if one.source_page is None else f"{one.file}, Seite {one.source_page}",
            batch=one.batch_name,
            reported=f"{one.reported_by}, {german.moment(one.reported_at)}",
            reason=one.reason,
            open=one.closed_at is None,
            outcome=one.outcome,
            closed=german.joined((one.closed_by, german.moment(one.closed_at))),
            image_url=f"{HERE}/nachscannen/{quote(one.id)}/bild"
            if one.page_id and not one.shut
            else "",
            rescan_url=f"/dokumente/{quote(one.rescan_document_id)}"
            if one.rescan_document_id
            else "",
        )
        for one in reports
    )


def paper_screen(view: PaperView) -> PaperScreen:
    """What becomes of the paper, and what may be chosen."""
    if view.released:
        note = "Das Papier ist zur Vernichtung freigegeben."
    elif view.must_be_kept:
        note = "Urkunde, Ausweis, Vollmacht oder Titel: wird nie vernichtet."
    else:
        note = ""
    return PaperScreen(
        is_paper=view.is_paper,
        title=german.joined((FATES[view.fate], view.place), ": "),
        how=f"entschieden von {view.decided_by}" if view.decided else "Vorschlag der Regeln",
        note=note,
        fixed=view.released,
        fate=view.fate.value,
        place=view.place,
        choices=tuple(
            (fate.value, title)
            for fate, title in FATES.items()
            if fate is not PaperFate.DESTROY or not view.must_be_kept
        ),
    )


def batch_url(batch_id: str) -> str:
    """Where a batch is."""
    return f"{HERE}/{quote(batch_id)}"


def page_url(batch_id: str, page_id: str) -> str:
    """Where a drawn page is looked at."""
    return f"{batch_url(batch_id)}/seiten/{quote(page_id)}"

"""What a person should look at in a document that was filed without a person: by page, with why.

Finds and tells; changes nothing about where the document is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from eakte.domain.pages import PageText, SheetKind, TextSource
from eakte.intake.tools import STEP, Tools, the
from eakte.models import Page
from eakte.repositories.audit import AuditLog
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.register import SqlRegister
from eakte.repositories.sources import Sources

KIND = "eye"
"""The kind under which a document's remarks are kept among its findings."""

POOR = 0.75
"""Mean confidence below which a page was read poorly; clean office scans are above 0.9."""
FEW_WORDS = 5
NUMBERS = frozenset({"number", "customer_number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ForTheEye:
    """One remark; ``pages`` count the document's pages from 1, none: the whole."""

    code: str
    message: str
    pages: tuple[int, ...] = ()

    @property
    def ranges(self) -> str:
        """The pages as people write them: ``1-3, 7``."""
        runs = groupby(enumerate(self.pages), key=lambda pair: pair[1] - pair[0])
        parts = [[page for _, page in run] for _, run in runs]
        return ", ".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else f"{p[0]}" for p in parts)


def looked_over(session: EakteSession, document_id: str) -> tuple[ForTheEye, ...] | None:
    """What was found before; None where nobody has looked yet."""
    kept = Documents(session).kept(STEP, document_id, KIND)
    if not kept:
        return None
    return tuple(
        ForTheEye(code=one["code"], message=one["message"], pages=tuple(one["pages"]))
        for one in kept[0]["remarks"]
    )


def look_over(
    session: EakteSession, tools: Tools, document_id: str, number: str
) -> tuple[ForTheEye, ...]:
    """Look through the document's pages once and keep what was found, in one transaction.

    ``number`` is the canonical number of the case file that it was given to.
    """
    documents, sources = Documents(session), Sources(session)
    document = the(documents.get(STEP, document_id, lock=True), "document")
    own = {one.id for one in CaseFiles(session).by_number(STEP, number)}
    register = SqlRegister(session, STEP, tools.pattern)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, (_, page) in enumerate(documents.pages(STEP, document_id), start=1):
        text = sources.texts(STEP, [page.id])[page.id]
        for code, message in (*_of_page(page, text), *_of_owner(tools, register, text, own)):
            found[code, message].append(position)
    source = the(documents.source(STEP, document_id), "source")
    remarks = (
        *_of_source(source.remarks, shares_bytes=document.shares_bytes_with is not None),
        *(
            ForTheEye(code=code, message=message, pages=tuple(pages))
            for (code, message), pages in found.items()
        ),
    )
    payload = {
        "remarks": [
            {"code": one.code, "message": one.message, "pages": list(one.pages)} for one in remarks
        ]
    }
    now = tools.database.clock.now()
    documents.keep_findings(document, KIND, [(str(len(remarks)), 1.0, payload)], now)
    AuditLog(session).note(
        STEP, "document.look_over", "document", document_id, details={"remarks": len(remarks)}
    )
    return remarks


def _of_source(kept: Iterable[dict[str, Any]], *, shares_bytes: bool) -> Iterator[ForTheEye]:
    if shares_bytes:
        yield ForTheEye(code="same_bytes", message="Dieselbe Datei ist schon einmal eingegangen.")
    for one in kept:
        page = one.get("page")
        pages = (page,) if isinstance(page, int) else ()
        yield ForTheEye(code=one["code"], message=one["message"], pages=pages)


def _of_page(page: Page, text: PageText) -> Iterator[tuple[str, str]]:
    if page.kind == SheetKind.BLANK:
        yield "blank", "Die Seite ist leer."
        return
    if page.kind == SheetKind.PAGE and not text.words:
        yield "no_text", "Auf der Seite wurde kein Text erkannt."
    elif text.source is TextSource.OCR and len(text.words) >= FEW_WORDS and text.confidence < POOR:
        yield "poor", f"Schlecht gelesen (unter {POOR:.0%} Sicherheit)."
    for one in page.remarks:
        yield one["code"], one["message"]


def _of_owner(
    tools: Tools, register: SqlRegister, text: PageText, own: set[str]
) -> Iterator[tuple[str, str]]:
    """A page that leads to another case file, by two facts or by a number alone."""
    found = tools.match((text,), register)
    chosen = found.chosen
    if chosen is not None:
        if chosen.case_file_id not in own:
            yield "other_case_file", f"Nummer und Namen führen zur Akte {chosen.aktenzeichen}."
        return
    if any(one.case_file_id in own and one.facts & NUMBERS for one in found.candidates):
        return
    for one in found.candidates:
        if one.case_file_id not in own and one.facts & NUMBERS:
            yield "other_number", f"Eine Nummer führt zur Akte {one.aktenzeichen}."

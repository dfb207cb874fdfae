"""Batches as their readers see them: figures, drawn pages, and what stands against a release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from eakte.domain.proof import QualityRules
from eakte.domain.rights import Reader
from eakte.models import Batch, BatchDecision, Page, QualityCheck, Source
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.proof import Proof
from eakte.repositories.sheets import remarks_from_json
from eakte.services import release
from eakte.services.proof_views import (
    BatchRow,
    BatchView,
    DecisionView,
    DrawnPage,
    PageToCheck,
)


def may_check(session: EakteSession, reader: Reader, batch: Batch, rules: QualityRules) -> bool:
    """Nobody checks what they scanned.

    Where nobody said who did, it is who the settings name, and who counted first.
    """
    operators = [batch.operator]
    if not batch.operator:
        counts = [
            one for one in Proof(session).decisions(reader, batch.id) if one.kind == "counted"
        ]
        operators = [rules.operator, *(one.decided_by for one in counts[:1])]
    return not any(rules.is_operator(one, reader.login, reader.name) for one in operators)


def is_counted(session: EakteSession, reader: Reader, batch: Batch) -> bool:
    """Whether the last count was about the pages that the batch has now."""
    proof = Proof(session)
    pages = proof.page_counts(reader, [batch.id]).get(batch.id, 0)
    return _counted(proof.decisions(reader, batch.id), pages)


def _counted(decisions: Iterable[BatchDecision], pages: int) -> bool:
    counts = [one for one in decisions if one.kind == "counted"]
    return bool(counts) and counts[-1].details["pages"] == pages


def paper_until(batch: Batch, rules: QualityRules) -> date:
    """The day before which no paper of the batch is destroyed."""
    return batch.received_here + timedelta(weeks=rules.paper_weeks)


def batch_view(
    session: EakteSession, reader: Reader, batch: Batch, rules: QualityRules
) -> BatchView:
    """One batch with all that its release hangs on."""
    proof = Proof(session)
    pages = proof.page_counts(reader, [batch.id]).get(batch.id, 0)
    checks = proof.checks(reader, batch.id)
    decisions = proof.decisions(reader, batch.id)
    counted = _counted(decisions, pages)
    destroy = release.rows(session, reader, batch.id, rules)
    documents = {document.id for document, *_ in proof.documents(reader, batch.id)}
    bad = proof.bad_scans_in(reader, batch.id)
    misplaced = proof.misplaced(reader, batch.id)
    names = Organisation(session).names(one.decided_by for one in decisions)
    sheets = batch.sheets_reported
    return BatchView(
        row=batch_row(batch, pages, [check for check, *_ in checks]),
        version=batch.version,
        files=len(proof.sources(reader, batch.id)),
        unsettled=proof.unsettled(reader, batch.id),
        kinds=proof.kinds(reader, batch.id),
        expected=None if sheets is None else rules.expected_pages(sheets),
        counted=counted,
        may_check=may_check(session, reader, batch, rules),
        pages=tuple(_drawn(check, page, source, shut=shut) for check, page, source, shut in checks),
        decisions=tuple(
            DecisionView(
                id=one.id,
                kind=one.kind,
                decided_at=one.decided_at,
                decided_by=names[one.decided_by],
                details=one.details,
            )
            for one in decisions
        ),
        open_bad_scans=bad,
        destroy=len({row.document_id for row in destroy}),
        kept=len(documents) - len({row.document_id for row in destroy}),
        paper_until=paper_until(batch, rules),
        obstacles=_obstacles(
            batch, counted=counted, checks=[c for c, *_ in checks], bad=bad, misplaced=misplaced
        ),
    )


def _obstacles(
    batch: Batch, *, counted: bool, checks: Iterable[QualityCheck], bad: int, misplaced: int
) -> tuple[str, ...]:
    """What stands against a release, in the order in which one would see to it."""
    waiting = sum(check.result is None for check in checks)
    said = {
        "Der Stapel ist schon freigegeben.": batch.state == "released" and counted,
        "Der Stapel ist zurückgewiesen; er wird neu gescannt.": batch.state == "rejected",
        "Die Blätter sind noch nicht gezählt.": not counted,
        f"Noch {waiting} Seiten sind zu prüfen.": waiting > 0,
        f"{bad} Meldungen schlechter Scans sind offen.": bad > 0,
        f"{misplaced} Seiten gehören woanders hin und sind noch nicht zugeordnet.": misplaced > 0,
    }
    return tuple(sentence for sentence, holds in said.items() if holds)


def batch_row(batch: Batch, pages: int, checks: list[QualityCheck]) -> BatchRow:
    """A batch in the list; ``checks`` are its drawn pages."""
    return BatchRow(
        id=batch.id,
        name=batch.name,
        received=batch.received_here,
        opened_at=batch.opened_at,
        operator=batch.operator or "",
        device=batch.device or "",
        pages=pages,
        sheets_reported=batch.sheets_reported,
        state=batch.state,
        drawn=len(checks),
        open=sum(check.result is None for check in checks),
    )


def _drawn(check: QualityCheck, page: Page, source: Source, *, shut: bool) -> DrawnPage:
    return DrawnPage(
        page_id=page.id,
        source_name=source.name,
        number=page.number,
        reason=check.reason,
        kind=page.kind,
        result=check.result,
        remark=check.remark or "",
        shut=shut,
    )


def to_check(
    batch: Batch, found: list[tuple[QualityCheck, Page, Source, bool]], place: int
) -> PageToCheck:
    """The drawn page at ``place``, with its neighbours that are open to the reader."""
    check, page, source, shut = found[place]
    open_to = [row[1].id if not row[3] else None for row in found]
    waiting = [
        row[1].id
        for row in (*found[place + 1 :], *found[:place])
        if row[0].result is None and not row[3]
    ]
    return PageToCheck(
        page=_drawn(check, page, source, shut=shut),
        batch_id=batch.id,
        batch_name=batch.name,
        position=place + 1,
        total=len(found),
        waiting=sum(row[0].result is None for row in found),
        previous=next((one for one in reversed(open_to[:place]) if one), None),
        following=next((one for one in open_to[place + 1 :] if one), None),
        next_waiting=waiting[0] if waiting else None,
        remarks=tuple(one.message for one in remarks_from_json(page.remarks)),
        skew=page.skew,
        ink=page.ink,
    )

"""Which pages of a batch are looked at with the eye, and why (TR-03138, A.SC.9).

What must be seen whole is drawn whenever it is found; the lot is drawn once, when the batch is
counted, by the share that counts then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from eakte.domain.proof import QualityRules, sample
from eakte.domain.rights import Reader
from eakte.models import Batch, Page, QualityCheck
from eakte.repositories.database import EakteSession
from eakte.repositories.proof import Proof
from eakte.repositories.sheets import remarks_from_json

HARMLESS = frozenset({"blank", "straightened", "turned"})
"""Remarks on a page that are no reason to look at every one of them."""


def draw(
    session: EakteSession,
    reader: Reader,
    batch: Batch,
    rules: QualityRules,
    now: datetime,
    *,
    percent: float | None = None,
) -> bool:
    """Draw what is not drawn yet; whether anything was.

    ``percent``: the share of the pages that the lot falls on; None: only what is seen whole.
    """
    proof = Proof(session)
    pages = proof.drawable(reader, batch.id)
    by_page = proof.schlagworte_of_pages(reader, batch.id)
    lot: Collection[str] = ()
    if percent is not None:
        lot = sample(batch.id, [page.id for page in pages], percent)
    drawn = {check.page_id for check, *_ in proof.checks(reader, batch.id)}
    new = []
    for page in pages:
        reason = _whole(page, by_page.get(page.id, frozenset()), rules)
        if reason is None and page.id in lot:
            reason = "sample"
        if reason and page.id not in drawn:
            new.append(
                QualityCheck(page_id=page.id, batch_id=batch.id, reason=reason, drawn_at=now)
            )
    proof.add(*new)
    return bool(new)


def _whole(page: Page, schlagworte: frozenset[str], rules: QualityRules) -> str | None:
    """Why the page is seen in any case; None where only the lot can fall on it."""
    if not rules.full_check.isdisjoint(schlagworte):
        return "full"
    if any(one.code not in HARMLESS for one in remarks_from_json(page.remarks)):
        return "remark"
    return None

"""Proposed cuts of a source: where a new document may begin, why, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import CutProposal

RULES = "rules"
"""Who decided a cut that was sure enough."""


class Cuts:
    """Reads and writes proposals; for the scan centre and the steps."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_source(self, reader: Reader, source_id: str) -> Sequence[CutProposal]:
        """The proposals of a source in the order of its pages; none for other readers."""
        if not reader.at_clearing_desk:
            return []
        return self.session.scalars(
            select(CutProposal)
            .where(CutProposal.source_id == source_id)
            .order_by(CutProposal.before)
        ).all()

    def propose(
        self,
        reader: Reader,
        source_id: str,
        found: Iterable[tuple[int, float, Sequence[Mapping[str, Any]]]],
        threshold: float,
        now: datetime,
    ) -> None:
        """Keep (before, score, reasons); from ``threshold`` on a cut is made at once."""
        if not reader.is_system:
            return
        known = {one.before for one in self.of_source(reader, source_id)}
        self.session.add_all(
            CutProposal(
                source_id=source_id,
                before=before,
                score=score,
                reasons=[dict(one) for one in reasons],
                state="made" if score >= threshold else "proposed",
                decided_by=RULES if score >= threshold else None,
                decided_at=now if score >= threshold else None,
            )
            for before, score, reasons in found
            if before not in known
        )
        self.session.flush()

    def decide(
        self, reader: Reader, source_id: str, decisions: Mapping[int, bool], now: datetime
    ) -> None:
        """Note what the desk decided: a cut before the page, or none; further cuts are added."""
        if not reader.at_clearing_desk:
            return
        known = {one.before: one for one in self.of_source(reader, source_id)}
        for before, made in decisions.items():
            if before not in known:
                if not made:
                    continue
                known[before] = CutProposal(
                    source_id=source_id, before=before, score=0.0, reasons=[]
                )
                self.session.add(known[before])
            known[before].state = "made" if made else "refused"
            known[before].decided_by, known[before].decided_at = reader.login, now
        self.session.flush()

    def forget_words(self, reader: Reader, source_id: str, numbers: Collection[int]) -> None:
        """Delete the words that spoke for a cut at these pages, their codes stay."""
        if not reader.is_system:
            return
        beside = {*numbers, *(number + 1 for number in numbers)}
        for one in self.of_source(reader, source_id):
            if one.before in beside:
                one.reasons = [{**reason, "words": ""} for reason in one.reasons]
        self.session.flush()

"""Rules in versions, and proposals.  They hold no client data; who may change them is asked above.

What a trial found about documents is :mod:`eakte.repositories.rule_trials`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from eakte.models import RuleActivation, RuleProposal, RuleVersion

if TYPE_CHECKING:
    from eakte.domain.rules import Origin, RuleFiles


class RuleBook:
    """Versions, which of them counts, and what is proposed."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def lock(self) -> None:
        """Let whoever else changes rules wait until this transaction has ended."""
        self.session.execute(
            select(RuleActivation.seq).where(RuleActivation.seq == 1).with_for_update()
        )

    # -- versions ---------------------------------------------------------------------------

    def in_force_seq(self) -> int:
        """The number of the last decision; 0 before the first."""
        return self.session.scalar(select(func.max(RuleActivation.seq))) or 0

    def in_force(self) -> tuple[RuleActivation, RuleVersion] | None:
        """The last decision and its version; None before the first."""
        found = self.session.execute(
            select(RuleActivation, RuleVersion)
            .join(RuleVersion, RuleVersion.number == RuleActivation.version)
            .order_by(RuleActivation.seq.desc())
            .limit(1)
        ).first()
        return None if found is None else (found[0], found[1])

    def version(self, number: int) -> RuleVersion | None:
        """The version of that number."""
        return self.session.get(RuleVersion, number)

    def versions(self) -> Sequence[RuleVersion]:
        """Every version, newest first, its files left where they are."""
        return self.session.scalars(
            select(RuleVersion)
            .options(defer(RuleVersion.files))
            .order_by(RuleVersion.number.desc())
        ).all()

    def activations(self) -> Sequence[RuleActivation]:
        """Every decision, newest first."""
        return self.session.scalars(
            select(RuleActivation).order_by(RuleActivation.seq.desc())
        ).all()

    def add_version(
        self, files: RuleFiles, digest: str, origin: str, who: str, now: datetime
    ) -> RuleVersion:
        """Keep a set of files under the next number."""
        last = self.session.scalar(select(func.max(RuleVersion.number))) or 0
        made = RuleVersion(
            number=last + 1,
            files=dict(files),
            digest=digest,
            made_at=now,
            made_by=who,
            origin=origin,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def put_in_force(
        self,
        version: int,
        *,
        kind: str,
        reason: str,
        who: str,
        now: datetime,
        trial_id: str | None = None,
        retired: Mapping[str, Any] | None = None,
    ) -> RuleActivation:
        """Let ``version`` count from here on; call :meth:`lock` before."""
        made = RuleActivation(
            seq=self.in_force_seq() + 1,
            version=version,
            decided_at=now,
            decided_by=who,
            reason=reason,
            kind=kind,
            trial_id=trial_id,
            retired=dict(retired or {}),
        )
        self.session.add(made)
        self.session.flush()
        return made

    # -- proposals --------------------------------------------------------------------------

    def proposal(self, origin: Origin) -> RuleProposal | None:
        """What is kept of that origin; the folder's row stays when nothing is proposed."""
        return self.session.get(RuleProposal, origin.value)

    def keep_proposal(
        self, origin: Origin, base: RuleFiles, files: RuleFiles, who: str, now: datetime
    ) -> RuleProposal:
        """Write down what is proposed, and what it began from; nobody has dismissed that yet."""
        row = self.proposal(origin)
        if row is None:
            row = RuleProposal(
                origin=origin.value,
                base=dict(base),
                files=dict(files),
                changed_at=now,
                changed_by=who,
            )
            self.session.add(row)
        else:
            row.base, row.files = dict(base), dict(files)
            row.changed_at, row.changed_by, row.dismissed = now, who, None
        self.session.flush()
        return row

    def drop_proposal(self, origin: Origin) -> None:
        """Nothing of that origin is proposed any more."""
        row = self.proposal(origin)
        if row is not None:
            self.session.delete(row)
            self.session.flush()

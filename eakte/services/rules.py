"""Rules written, tried, put into force and taken back.  Nothing counts before a person says so.

Whoever may change settings does; whoever may see trials looks.  A decision names the state that
was looked at: where somebody was quicker, it is refused and says who did what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from classifiers.catalogue import compile_rules
from classifiers.rule_text import TriggerText, appended, schlagwort_table
from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.domain.rules import OWN_FILE, Origin, RuleFiles, TrialScope, digest_of
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound, NotPermitted, Unusable
from eakte.models import RuleTrial
from eakte.repositories.audit import AuditLog
from eakte.repositories.checks import Problem
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.rule_trials import UNDER_WAY, RuleTrials
from eakte.repositories.rules import RuleBook
from eakte.services import rules_checks as checks
from eakte.services import rules_proposals as proposals
from eakte.services import rules_showing as showing
from eakte.services.rules_in_force import RulesInForce, retired_by
from eakte.services.rules_judging import empty_tally
from eakte.services.rules_proposals import Proposed, in_force
from eakte.services.rules_trials import trial_view, warm_up, whole_view

if TYPE_CHECKING:
    from eakte.services.rules_views import (
        ProposalView,
        RuleFileView,
        RulesView,
        TrialView,
        VersionView,
    )

SUBJECT = "rules"
FIRST_REASON = "Erste Fassung: der ausgelieferte Regelordner."


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions, proposals and trials of the rules.

    ``needed`` are Schlagworte that settings name: no version may be without them.
    """

    database: Database
    live: RulesInForce
    needed: frozenset[str] = frozenset()
    trial_documents: int = 500

    # -- looking ----------------------------------------------------------------------------

    def overview(self, reader: Reader) -> RulesView:
        """What counts, what is proposed, what was tried.  Raises ``NotPermitted``."""
        with self._looking(reader) as session:
            return showing.overview(session)

    def proposal(self, reader: Reader, origin: Origin) -> ProposalView | None:
        """What is proposed from there; None for nothing.  Raises ``NotPermitted``."""
        with self._looking(reader) as session:
            found = proposals.proposed(session, origin)
            return None if found is None else showing.proposal_view(session, found)

    def file(self, reader: Reader, name: str) -> RuleFileView:
        """One file as the screen's proposal has it; the own file may be none yet.

        Raises ``NotPermitted``, ``NotFound``.
        """
        with self._looking(reader) as session:
            return showing.one_file(session, name, may_be_new=name == OWN_FILE)

    def names(self, reader: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Functions and SubFiles that a Schlagwort may name, as the draft has them."""
        with self._looking(reader) as session:
            catalogue = compile_rules(proposals.draft_of(session))
        return catalogue.functions, catalogue.subfiles

    def version(self, reader: Reader, number: int) -> VersionView:
        """A version with its changes.  Raises ``NotPermitted``, ``NotFound``."""
        with self._looking(reader) as session:
            return showing.version_view(session, number)

    def trial(self, reader: Reader, trial_id: str, page: int = 1) -> TrialView:
        """A trial; documents and words of letters as far as ``reader`` may open them.

        Raises ``NotPermitted``, ``NotFound``.
        """
        with self._looking(reader) as session:
            known = RuleTrials(session).get(trial_id)
            warm_up(session, known)
        with self.database.write() as session:
            trial = _trial(session, trial_id)
            found = whole_view(session, reader, trial, self.live.now.schlagworte, page)
            if found.documents:
                AuditLog(session).note(
                    reader,
                    "rules.look",
                    "rule_trial",
                    trial.id,
                    details={"documents": len(found.documents), "page": page},
                )
            return found

    def progress(self, reader: Reader, trial_id: str) -> TrialView:
        """How far a trial is, without its documents.  Raises ``NotPermitted``, ``NotFound``."""
        with self._looking(reader) as session:
            trial = _trial(session, trial_id)
            return trial_view(session, trial)

    # -- proposing --------------------------------------------------------------------------

    def save_file(self, reader: Reader, name: str, text: str, seen: str) -> bool:
        """Propose another text of a file; whether anything is proposed afterwards.

        An empty text takes the file out. ``seen`` is the fingerprint of what was edited. Raises
        ``RuleError`` (the place that is wrong; nothing is kept), ``Conflict``, ``Unusable``,
        ``NotPermitted``.
        """
        checks.check_changes(reader)
        with self.database.read() as session:  # compiled here: it takes half a second
            proposals.edited(session, name, text, seen)
        with self._changing(reader) as session:
            files = proposals.edited(session, name, text, seen)
            there = proposals.keep(session, Origin.SCREEN, files, reader.login)
            AuditLog(session).note(
                reader, "rules.propose", SUBJECT, name, details={"proposed": there}
            )
            return there

    def add_schlagwort(
        self,
        reader: Reader,
        schlagwort: Schlagwort,
        triggers: Sequence[TriggerText],
        file: str = OWN_FILE,
    ) -> None:
        """Propose a new Schlagwort at the end of ``file``; raises as :meth:`save_file`."""
        checks.check_changes(reader)
        with self.database.read() as session:
            draft = proposals.draft_of(session)
            checks.check_new(schlagwort, triggers, draft)
        text = appended(draft.get(file, ""), schlagwort_table(schlagwort, triggers))
        self.save_file(reader, file, text, proposals.fingerprint(draft.get(file)))

    def note_folder(self, reader: Reader, files: RuleFiles) -> ProposalView | None:
        """The rules folder as it is now; what of it is proposed, None for nothing (the system's).

        The first folder ever seen becomes version 1 and counts.
        """
        if not reader.is_system:
            raise NotPermitted("Den Regelordner nimmt nur das System zur Kenntnis.")
        self._found(reader, files)
        with self.database.read() as session:
            row = RuleBook(session).proposal(Origin.FOLDER)
            known = row is not None and row.files == dict(files)
        if not known:
            with self._changing(reader) as session:
                if proposals.note_folder(session, files, reader.login):
                    AuditLog(session).note(
                        reader, "rules.folder", SUBJECT, "folder", details={"files": len(files)}
                    )
        with self.database.read() as session:
            found = proposals.proposed(session, Origin.FOLDER)
            return None if found is None else showing.proposal_view(session, found)

    def dismiss(self, reader: Reader, origin: Origin, seen: str) -> None:
        """Drop a proposal; raises ``Conflict`` where it is another one by now."""
        with self._changing(reader) as session:
            proposals.dismiss(session, proposals.take(session, origin, seen))
            AuditLog(session).note(reader, "rules.dismiss", SUBJECT, origin.value)

    def decide(
        self, reader: Reader, origin: Origin, name: str, seen: str, *, proposal: bool
    ) -> None:
        """Settle a file that was changed on both sides: the proposal's text, or the one in force.

        Raises ``Conflict``, ``NotFound``, ``NotPermitted``.
        """
        with self._changing(reader) as session:
            found = proposals.take(session, origin, seen)
            proposals.decide(session, found, name, proposal=proposal, who=reader.login)
            AuditLog(session).note(
                reader, "rules.decide", SUBJECT, name, details={"proposal": proposal}
            )

    # -- trying -----------------------------------------------------------------------------

    def start_trial(
        self,
        reader: Reader,
        origin: Origin,
        scope: TrialScope | None = None,
        *,
        claimed_by: str | None = None,
    ) -> str:
        """Ask for a trial of what is proposed; its id.  A worker does it, or ``claimed_by``.

        Raises ``Conflict`` where there is nothing to try, ``RuleError`` for rules that are not
        well formed, ``NotPermitted``.
        """
        scope = scope or TrialScope(count=self.trial_documents)
        checks.check_changes(reader)
        with self.database.read() as session:
            compile_rules(checks.ready(session, origin).merged.files)
        with self._changing(reader) as session:
            found = checks.ready(session, origin)
            compile_rules(found.merged.files)
            now = self.database.clock.now()
            decision, _ = in_force(session)
            for one in RuleTrials(session).newest(found.digest):
                if one.state in UNDER_WAY and one.against == decision.version:
                    one.state, one.ended_at = "cancelled", now
            trial = RuleTrial(
                id=new_id(),
                origin=origin.value,
                files=dict(found.merged.files),
                digest=found.digest,
                against=decision.version,
                asked_at=now,
                asked_by=reader.login,
                last_documents=scope.count,
                since=scope.since,
                state="running" if claimed_by else "waiting",
                claimed_by=claimed_by,
                claimed_until=now + timedelta(seconds=30) if claimed_by else None,
                tally=empty_tally(),
            )
            RuleTrials(session).add(trial)
            AuditLog(session).note(
                reader,
                "rules.try",
                "rule_trial",
                trial.id,
                details={"documents": scope.count, "against": decision.version},
            )
            return trial.id

    def cancel_trial(self, reader: Reader, trial_id: str) -> None:
        """End a trial that is no longer wanted; one that has ended stays as it is."""
        with self._changing(reader) as session:
            trial = _trial(session, trial_id, lock=True)
            if trial.state in UNDER_WAY:
                trial.state, trial.ended_at = "cancelled", self.database.clock.now()
                AuditLog(session).note(reader, "rules.cancel_trial", "rule_trial", trial.id)

    # -- deciding ---------------------------------------------------------------------------

    def activate(
        self,
        reader: Reader,
        origin: Origin,
        *,
        digest: str,
        seq: int,
        reason: str,
        untried: bool = False,
    ) -> int:
        """Put what is proposed into force; the number of the new version.

        ``digest`` and ``seq`` name the proposal and the decision that were looked at. Raises
        ``Conflict`` where either is another one, ``NotPermitted`` where exactly this was not
        tried against what counts (``untried`` allows it), ``RuleError``, ``Unusable``.
        """
        checks.check_reason(reason)
        checks.check_changes(reader)
        self.proposal(reader, origin)  # compiled here, not while everybody waits
        with self._changing(reader) as session:
            checks.still_in_force(session, seq)
            found = proposals.take(session, origin, digest)
            checks.without_conflicts(found)
            checks.check_needed(self.needed, compile_rules(found.merged.files))
            decision, _ = in_force(session)
            trial = checks.ended_trial(session, digest, decision.version)
            if trial is None and not untried:
                raise NotPermitted(
                    "Genau diese Regeln wurden noch nicht gegen die geltenden ausprobiert.",
                    remedy="Erst die Probe machen: „eakte rules try“ oder auf dem Bildschirm.",
                )
            made = self._put(session, reader, found, reason, trial.id if trial else None)
        self.live.refresh()
        return made

    def roll_back(self, reader: Reader, number: int, *, seq: int, reason: str) -> None:
        """Let an earlier version count again.

        Raises ``Conflict`` where another decision was made since ``seq``, ``NotFound``,
        ``RuleError``, ``Unusable``, ``NotPermitted``.
        """
        checks.check_reason(reason)
        checks.check_changes(reader)
        with self.database.read() as session:
            wanted = RuleBook(session).version(number)
        if wanted is not None:
            compile_rules(wanted.files)
        with self._changing(reader) as session:
            checks.still_in_force(session, seq)
            version = RuleBook(session).version(number)
            if version is None:
                raise NotFound(f"Eine Fassung {number} der Regeln gibt es nicht.")
            before, _ = in_force(session)
            if before.version == number:
                raise Unusable(f"Die Fassung {number} gilt schon.", remedy="Eine andere wählen.")
            checks.check_needed(self.needed, compile_rules(version.files))
            RuleBook(session).put_in_force(
                number,
                kind="rollback",
                reason=reason.strip(),
                who=reader.login,
                now=self.database.clock.now(),
                retired=retired_by(session, version.files),
            )
            AuditLog(session).note(
                reader,
                "rules.rollback",
                SUBJECT,
                str(number),
                details={"from": before.version, "to": number},
            )
        self.live.refresh()

    # -- the operator -----------------------------------------------------------------------

    def problems(self, folder: RuleFiles | None = None) -> Sequence[Problem]:
        """What ``eakte check`` says of the rules; ``folder``: as the rules folder is now."""
        with self.database.read() as session:
            return showing.problems(session, folder)

    # -- inside -----------------------------------------------------------------------------

    def _found(self, reader: Reader, files: RuleFiles) -> None:
        with self.database.read() as session:
            if RuleBook(session).in_force_seq():
                return
        compile_rules(files)
        now = self.database.clock.now()
        try:
            with self.database.write() as session:
                book = RuleBook(session)
                if book.in_force_seq():
                    return
                version = book.add_version(files, digest_of(files), "delivery", reader.login, now)
                book.put_in_force(
                    version.number, kind="first", reason=FIRST_REASON, who=reader.login, now=now
                )
                book.keep_proposal(Origin.FOLDER, files, files, reader.login, now)
                AuditLog(session).note(reader, "rules.activate", SUBJECT, str(version.number))
        except IntegrityError:
            return  # another process began at the same moment, and with the same folder

    def _put(
        self,
        session: EakteSession,
        reader: Reader,
        found: Proposed,
        reason: str,
        trial_id: str | None,
    ) -> int:
        now, book = self.database.clock.now(), RuleBook(session)
        before, _ = in_force(session)
        files = found.merged.files
        retired = retired_by(session, files)
        version = book.add_version(
            files, found.digest, found.origin.value, found.row.changed_by, now
        )
        book.put_in_force(
            version.number,
            kind="activate",
            reason=reason.strip(),
            who=reader.login,
            now=now,
            trial_id=trial_id,
            retired=retired,
        )
        proposals.settle(session, found.origin, reader.login)
        AuditLog(session).note(
            reader,
            "rules.activate",
            SUBJECT,
            str(version.number),
            details={"from": before.version, "trial": trial_id, "origin": found.origin.value},
        )
        return version.number

    @contextmanager
    def _changing(self, reader: Reader) -> Iterator[EakteSession]:
        """A transaction in which nobody else changes rules."""
        checks.check_changes(reader)
        with self.database.write() as session:
            RuleBook(session).lock()
            yield session

    @contextmanager
    def _looking(self, reader: Reader) -> Iterator[EakteSession]:
        checks.check_sees(reader)
        with self.database.read() as session:
            yield session


def _trial(session: EakteSession, trial_id: str, *, lock: bool = False) -> RuleTrial:
    found = RuleTrials(session).get(trial_id, lock=lock)
    if found is None:
        raise NotFound("Diese Probe gibt es nicht.")
    return found

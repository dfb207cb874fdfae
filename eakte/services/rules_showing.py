"""Versions and proposals as the services of the rules show them; within one transaction."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from classifiers.catalogue import Catalogue, compile_rules
from eakte.domain.rules import (
    FileDiff,
    Merged,
    Origin,
    RuleFiles,
    changed_files,
    differences,
    digest_of,
)
from eakte.errors import NotFound, RuleError
from eakte.models import RuleActivation
from eakte.repositories.checks import Problem
from eakte.repositories.database import EakteSession
from eakte.repositories.rule_trials import RuleTrials
from eakte.repositories.rules import RuleBook
from eakte.services.rules_proposals import (
    ORIGINS,
    Proposed,
    draft_of,
    fingerprint,
    in_force,
    name_of,
    proposed,
    unnoticed,
)
from eakte.services.rules_trials import trial_view
from eakte.services.rules_views import (
    DecisionView,
    ProposalView,
    RuleFileView,
    RuleProblem,
    RulesView,
    SchlagwortLine,
    VersionView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def overview(session: EakteSession) -> RulesView:
    """What counts, what is proposed, what was tried."""
    decision, version = in_force(session)
    draft = draft_of(session)
    catalogue = _readable(draft) or compile_rules(version.files)
    return RulesView(
        in_force=decision_view(session, decision),
        proposals=all_proposals(session),
        files=tuple(file_view(name, draft, version.files, catalogue) for name in sorted(draft)),
        decisions=tuple(decision_view(session, one) for one in RuleBook(session).activations()),
        trials=tuple(trial_view(session, one) for one in RuleTrials(session).newest()),
    )


def one_file(session: EakteSession, name: str, *, may_be_new: bool) -> RuleFileView:
    """A file of the screen's draft; raises ``NotFound``."""
    draft = draft_of(session)
    if name not in draft and not may_be_new:
        raise NotFound(f"Die Regeldatei {name} gibt es nicht.")
    _, version = in_force(session)
    catalogue = _readable(draft) or compile_rules(version.files)
    return file_view(name, draft, version.files, catalogue)


def file_view(name: str, draft: RuleFiles, counts: RuleFiles, catalogue: Catalogue) -> RuleFileView:
    """A file with its Schlagworte."""
    own = [one for one, file in catalogue.files.items() if file == name]
    return RuleFileView(
        name=name,
        text=draft.get(name, ""),
        schlagworte=_lines(catalogue, own),
        proposed=draft.get(name) != counts.get(name),
        fingerprint=fingerprint(draft.get(name)),
    )


def version_view(session: EakteSession, number: int) -> VersionView:
    """A version against the one before it, and against what counts; raises ``NotFound``."""
    book = RuleBook(session)
    found, before = book.version(number), book.version(number - 1)
    if found is None:
        raise NotFound(f"Eine Fassung {number} der Regeln gibt es nicht.")
    decision, present = in_force(session)
    return VersionView(
        number=number,
        made_at=found.made_at,
        made_by=name_of(session, found.made_by),
        origin=found.origin,
        in_force=decision.version == number,
        present=decision.version,
        seq=decision.seq,
        decisions=tuple(
            decision_view(session, one) for one in book.activations() if one.version == number
        ),
        changes=differences(before.files, found.files) if before else (),
        against_present=differences(present.files, found.files),
        files=dict(found.files),
    )


def decision_view(session: EakteSession, row: RuleActivation) -> DecisionView:
    """Who put what into force, when and why."""
    return DecisionView(
        seq=row.seq,
        version=row.version,
        kind=row.kind,
        at=row.decided_at,
        by=name_of(session, row.decided_by),
        reason=row.reason,
        trial_id=row.trial_id,
    )


def all_proposals(session: EakteSession) -> tuple[ProposalView, ...]:
    """What is proposed, from the folder and on the screen."""
    found = (proposed(session, origin) for origin in Origin)
    return tuple(proposal_view(session, one) for one in found if one is not None)


def proposal_view(session: EakteSession, found: Proposed) -> ProposalView:
    """A proposal with its differences, what is wrong with it, and its newest trial."""
    decision, version = in_force(session)
    before, after, problem = _readable(version.files), None, None
    try:
        after = compile_rules(found.merged.files)
    except RuleError as error:
        problem = problem_of(error)
    trials = RuleTrials(session).newest(found.digest)
    newest = [one for one in trials if one.against == decision.version and one.state != "cancelled"]
    known = set(before.schlagworte) if before else set()
    offered = set(after.schlagworte) if after else known
    return ProposalView(
        origin=found.origin,
        changed_at=found.row.changed_at,
        changed_by=name_of(session, found.row.changed_by),
        digest=found.digest,
        seq=decision.seq,
        files=_shown(found, version.files),
        conflicts=found.merged.conflicts,
        problem=problem,
        new=_lines(after, offered - known) if after else (),
        gone=_lines(before, known - offered) if before else (),
        trial=trial_view(session, newest[0]) if newest else None,
    )


def problem_of(error: RuleError) -> RuleProblem:
    """What is wrong, for a screen."""
    return RuleProblem(
        file=error.file,
        key=error.key,
        line=error.line,
        message=error.message,
        remedy=error.remedy,
    )


def waiting(view: ProposalView) -> tuple[str, str]:
    """What an operator is told of a proposal: what there is, and what to do."""
    files = ", ".join(one.name for one in view.files)
    problem = f"{ORIGINS[view.origin]}: geänderte Regeln gelten noch nicht ({files})."
    if view.problem is not None:
        return f"{problem} {view.problem.message}", view.problem.remedy
    option = f" --from {view.origin}"
    if view.tried:
        return (
            problem,
            f"„eakte rules activate{option}“ setzt sie in Kraft, „dismiss“ verwirft sie.",
        )
    return problem, f"„eakte rules try{option}“ probiert sie aus, „dismiss“ verwirft sie."


def problems(session: EakteSession, folder: RuleFiles | None) -> list[Problem]:
    """What ``eakte check`` says: versions that were changed, and proposals that wait."""
    book = RuleBook(session)
    answer = [
        _problem(
            f"version {version.number}",
            "Die Fassung der Regeln wurde in der Datenbank verändert.",
            "Aus der Datensicherung zurückholen.",
        )
        for version in book.versions()
        if digest_of(version.files) != version.digest
    ]
    if book.in_force() is None:
        return answer
    new = unnoticed(session, folder) if folder is not None else None
    if new is not None:
        _, version = in_force(session)
        answer.append(_of_folder(new, version.files))
    waits = [one for one in all_proposals(session) if not (new and one.origin is Origin.FOLDER)]
    return answer + [_problem(one.origin, *waiting(one)) for one in waits]


def _of_folder(new: Merged, counts: RuleFiles) -> Problem:
    """Files in the folder that no process has taken notice of yet."""
    names = sorted({*changed_files(counts, new.files), *new.conflicts})
    problem = f"{ORIGINS[Origin.FOLDER]}: geänderte Regeln gelten noch nicht ({', '.join(names)})."
    try:
        compile_rules(new.files)
    except RuleError as error:
        return _problem(Origin.FOLDER, f"{problem} {error.message}", error.remedy)
    return _problem(
        Origin.FOLDER,
        problem,
        "„eakte rules try --from folder“ probiert sie aus, „dismiss“ verwirft sie.",
    )


def _problem(subject: str, problem: str, remedy: str) -> Problem:
    return Problem(check="rules", subject=str(subject), problem=problem, remedy=remedy)


def _shown(found: Proposed, counts: RuleFiles) -> tuple[FileDiff, ...]:
    """What differs; of files to be decided on, what the proposal would make of them."""
    wanted = dict(found.merged.files)
    for name in found.merged.conflicts:
        wanted.pop(name, None)
        if name in found.row.files:
            wanted[name] = found.row.files[name]
    return differences(counts, wanted) if changed_files(counts, wanted) else ()


def _readable(files: RuleFiles) -> Catalogue | None:
    try:
        return compile_rules(files)
    except RuleError:  # shown beside the proposal itself
        return None


def _lines(catalogue: Catalogue, names: Iterable[str]) -> tuple[SchlagwortLine, ...]:
    triggers = Counter(trigger.schlagwort for trigger in catalogue.triggers)
    found = (catalogue.schlagworte[name] for name in names)
    return tuple(
        SchlagwortLine(
            id=one.id,
            title=one.title,
            function=one.function,
            urgent=one.urgent,
            triggers=triggers[one.id],
        )
        for one in sorted(found, key=lambda one: one.title.casefold())
    )

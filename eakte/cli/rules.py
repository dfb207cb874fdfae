"""``eakte rules``: what counts, what is proposed, trying it, putting it into force, going back."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classifiers.catalogue import load_catalogue
from classifiers.sample_words import load_sample_words
from eakte.bootstrap import BERLIN, open_rules
from eakte.bootstrap.rules import look_at_folder
from eakte.cli.ending import at_the_end
from eakte.cli.options import ConfigOption, JsonOption, iso_day, settings_of
from eakte.cli.output import hint, say, say_error, say_json
from eakte.cli.progress import shown
from eakte.cli.rules_measure import measure
from eakte.domain.rights import system_reader
from eakte.domain.rules import Origin, TrialScope
from eakte.errors import Conflict, RuleError, SettingsError

if TYPE_CHECKING:
    from eakte.domain.rules import FileDiff
    from eakte.services.rules import Rules
    from eakte.services.rules_views import DecisionView, ProposalView, Shift, TrialView

OPERATOR = system_reader("operator")

FromOption = Annotated[
    Origin | None,
    typer.Option("--from", help="folder: der Regelordner, screen: der Entwurf am Bildschirm."),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Warum, in einem Satz.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    rules = typer.Typer(help="Die Regeln der Schlagworte.")
    rules.command("check")(check)
    rules.command("test")(measure)
    rules.command("list")(list_all)
    rules.command("diff")(diff)
    rules.command("try")(try_out)
    rules.command("activate")(activate)
    rules.command("rollback")(rollback)
    rules.command("dismiss")(dismiss)
    rules.command("decide")(decide)
    rules.command("export")(export)
    app.add_typer(rules, name="rules")


def check(*, config: ConfigOption = None) -> None:
    """Prüft, ob Regeldateien und Musterbriefe wohlgeformt sind."""
    settings = settings_of(config)
    try:
        catalogue = load_catalogue(settings.schlagworte)
        samples = load_sample_words(settings.sample_letters)
        for unread in samples.left_out:
            say_error(unread)
        catalogue.check_known(samples.named, settings.sample_letters)
    except RuleError as error:
        say_error(error)
        raise typer.Exit(1) from error
    if samples.left_out:
        raise typer.Exit(1)
    say(
        f"{len(catalogue.schlagworte)} Schlagworte, {len(catalogue.triggers)} Auslöser, "
        f"{samples.letters} Musterbriefe: in Ordnung."
    )


def list_all(*, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Zeigt, welche Fassung gilt, was vorgeschlagen ist und was früher galt."""
    view = _rules(config).overview(OPERATOR)
    if as_json:
        for one in view.decisions:
            say_json(_decision_json(one, in_force=one.seq == view.in_force.seq))
        for proposal in view.proposals:
            say_json(_proposal_json(proposal))
        return
    for one in view.decisions:
        mark = "gilt" if one.seq == view.in_force.seq else "    "
        say(f"{mark}  Fassung {one.version}, {_moment(one.at)}, {one.by}: {one.reason}")
    for proposal in view.proposals:
        names = ", ".join(file.name for file in proposal.files)
        say(f"Vorschlag ({proposal.origin}), {_moment(proposal.changed_at)}: {names}")


def diff(*, origin: FromOption = None, config: ConfigOption = None) -> None:
    """Zeigt, was der Vorschlag an den geltenden Regeln ändert."""
    found = _proposal(_rules(config), origin)
    for file in found.files:
        _say_diff(file)
    if found.problem is not None:
        hint(f"{found.problem.message} {found.problem.remedy}")
        raise typer.Exit(1)


def try_out(
    *,
    origin: FromOption = None,
    last: Annotated[
        int | None, typer.Option("--last", min=1, max=100_000, help="So viele letzte Dokumente.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Eingegangen ab diesem Tag.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Probiert den Vorschlag an Dokumenten aus, die schon da sind; ändert an ihnen nichts."""
    # Imported here: only a trial needs the product with its classifiers.
    from eakte.bootstrap.intake import trial_runner  # noqa: PLC0415
    from eakte.cli.opening import product_of  # noqa: PLC0415

    product = product_of(config)
    rules = product.services.rules
    look_at_folder(product.settings, rules, warn=False)
    found = _proposal(rules, origin)
    runner = trial_runner(product, f"rules-{socket.gethostname()}-{os.getpid()}")
    scope = TrialScope(
        count=last or (100_000 if since else rules.trial_documents),
        since=iso_day(since) if since else None,
    )
    trial_id = rules.start_trial(OPERATOR, found.origin, scope, claimed_by=runner.who)
    with shown() as told:
        runner.work_on(
            trial_id,
            threading.Event(),
            lambda done, total: told("Regeln ausprobieren", done, total),
        )
    trial = _with_all_documents(rules, trial_id)
    if as_json:
        _say_trial_json(trial)
    else:
        _say_trial(trial)
    if trial.state != "done":
        raise typer.Exit(1)


def activate(
    *,
    reason: ReasonOption,
    origin: FromOption = None,
    untried: Annotated[
        bool, typer.Option("--untried", help="Auch ohne vorherige Probe dieser Regeln.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Setzt den Vorschlag in Kraft; alle laufenden Prozesse übernehmen ihn in Sekunden."""
    rules = _rules(config)
    found = _proposal(rules, origin)
    if found.problem is not None:
        raise RuleError(found.problem.message, remedy=found.problem.remedy)
    number = rules.activate(
        OPERATOR,
        found.origin,
        digest=found.digest,
        seq=found.seq,
        reason=reason,
        untried=untried,
    )
    say(f"Die Fassung {number} der Regeln ist in Kraft.")


def rollback(
    version: Annotated[int, typer.Argument(min=1, help="Nummer der früheren Fassung.")],
    *,
    reason: ReasonOption,
    config: ConfigOption = None,
) -> None:
    """Setzt eine frühere Fassung wieder in Kraft."""
    rules = _rules(config)
    seq = rules.version(OPERATOR, version).seq
    rules.roll_back(OPERATOR, version, seq=seq, reason=reason)
    say(f"Die Fassung {version} der Regeln ist wieder in Kraft.")


def dismiss(*, origin: FromOption = None, config: ConfigOption = None) -> None:
    """Verwirft den Vorschlag; Dateien im Regelordner bleiben, wie sie sind."""
    rules = _rules(config)
    found = _proposal(rules, origin)
    rules.dismiss(OPERATOR, found.origin, found.digest)
    say("Der Vorschlag ist verworfen; es gilt weiter, was gilt.")


def decide(
    file: Annotated[str, typer.Argument(help="Name der Regeldatei.")],
    *,
    keep: Annotated[
        bool,
        typer.Option("--keep/--take", help="Den geltenden Text behalten oder den neuen nehmen."),
    ],
    origin: FromOption = None,
    config: ConfigOption = None,
) -> None:
    """Entscheidet über eine Datei, die hier und im Vorschlag verschieden geändert wurde."""
    rules = _rules(config)
    found = _proposal(rules, origin)
    rules.decide(OPERATOR, found.origin, file, found.digest, proposal=not keep)
    say(f"{file}: {'der geltende' if keep else 'der vorgeschlagene'} Text soll gelten.")


def export(
    folder: Annotated[Path, typer.Argument(help="Ein leerer oder noch nicht vorhandener Ordner.")],
    *,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Eine bestimmte Fassung.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Schreibt die geltende Fassung als Regeldateien in einen Ordner."""
    rules = _rules(config)
    number = version or rules.version(OPERATOR, 1).present
    files = rules.version(OPERATOR, number).files
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"Der Ordner {folder} ist nicht leer.", remedy="Einen anderen angeben.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sorted(files.items()):
        (folder / name).write_text(text, encoding="utf-8")
    say(f"Fassung {number}: {len(files)} Dateien in {folder}.")


def _with_all_documents(rules: Rules, trial_id: str) -> TrialView:
    whole, page = rules.trial(OPERATOR, trial_id), 1
    while len(whole.documents) < whole.open_documents:
        page += 1
        more = rules.trial(OPERATOR, trial_id, page).documents
        if not more:
            break  # some were joined with others meanwhile
        whole = replace(whole, documents=whole.documents + more)
    return whole


def _rules(config: Path | None) -> Rules:
    """The rules without the rest of the product: a version that can't be read stops nothing."""
    settings = settings_of(config)
    rules = open_rules(settings)
    at_the_end(rules.database.close)
    look_at_folder(settings, rules, warn=False)
    return rules


def _proposal(rules: Rules, origin: Origin | None) -> ProposalView:
    """The one proposal, or that of ``origin``; raises ``Conflict`` for none or two."""
    asked = (rules.proposal(OPERATOR, one) for one in ([origin] if origin else list(Origin)))
    found = [one for one in asked if one is not None]
    if not found:
        raise Conflict(
            "Es liegt kein Vorschlag vor.",
            remedy="Dateien im Regelordner ändern, oder die Regeln am Bildschirm.",
        )
    if len(found) > 1:
        raise SettingsError(
            "Es gibt zwei Vorschläge: den Regelordner und den Entwurf am Bildschirm.",
            remedy="Mit --from folder oder --from screen sagen, welchen.",
        )
    return found[0]


def _say_diff(file: FileDiff) -> None:
    say(f"--- {file.name}\n+++ {file.name}")
    for sign, text in file.lines:
        say(f"{sign}{text}")


def _say_trial(trial: TrialView) -> None:
    for one in trial.shifts:
        say(
            f"{one.count:5}  {_called(one.old, trial)} → {_called(one.new, trial)}"
            f"  ({_KINDS[one.kind.value]}{_agreement(one)})"
        )
        for rule, count, phrases in (*one.old_rules[:1], *one.new_rules[:2]):
            say(f"         {rule} ({count}): {', '.join(phrases[:3])}")
    for document in trial.documents:
        say(f"{document.document_id}  {document.old or '–'} → {document.new or '–'}")
    say(
        f"{trial.changed} von {trial.done} Dokumenten würden sich ändern "
        f"(gegenüber Fassung {trial.against})."
    )
    if trial.problem:
        hint(trial.problem)


_KINDS = {"primary": "Schlagwort", "certainty": "Sicherheit", "further": "weiteres Schlagwort"}


def _agreement(one: Shift) -> str:
    told = [
        (one.agree_new, "wie neu"),
        (one.agree_old, "wie bisher"),
        (one.agree_neither, "anders"),
    ]
    said = ", ".join(f"{count} {how}" for count, how in told if count)
    return f"; von Hand: {said}" if said else ""


def _called(schlagwort: str, trial: TrialView) -> str:
    return trial.titles.get(schlagwort, schlagwort) or "–"


def _say_trial_json(trial: TrialView) -> None:
    """What changes by Schlagwort and by document, then the sum; no word of a letter."""
    for one in trial.shifts:
        say_json(
            {
                "change": one.kind.value,
                "old": one.old or None,
                "new": one.new or None,
                "documents": one.count,
                "old_rules": {rule: count for rule, count, _ in one.old_rules},
                "new_rules": {rule: count for rule, count, _ in one.new_rules},
                "by_hand": {
                    "old": one.agree_old,
                    "new": one.agree_new,
                    "neither": one.agree_neither,
                },
            }
        )
    for document in trial.documents:
        say_json(
            {
                "document_id": document.document_id,
                "change": document.kind.value,
                "old": document.old or None,
                "old_score": document.old_score,
                "new": document.new or None,
                "new_score": document.new_score,
                "rules": [why.rule for why in document.new_why],
                "by_hand": document.person,
            }
        )
    say_json(
        {
            "trial_id": trial.id,
            "state": trial.state,
            "against": trial.against,
            "documents": trial.done,
            "changed": trial.changed,
        }
    )


def _decision_json(one: DecisionView, *, in_force: bool) -> dict[str, Any]:
    return {
        "version": one.version,
        "in_force": in_force,
        "kind": one.kind,
        "at": one.at.isoformat(),
        "by": one.by,
        "reason": one.reason,
        "tried": one.trial_id is not None,
    }


def _proposal_json(one: ProposalView) -> dict[str, Any]:
    return {
        "proposal": one.origin.value,
        "changed": one.changed_at.isoformat(),
        "files": [file.name for file in one.files],
        "conflicts": list(one.conflicts),
        "problem": one.problem.message if one.problem else None,
        "tried": one.tried,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")

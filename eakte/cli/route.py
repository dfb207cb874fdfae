"""``eakte route``: who would get this letter, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from eakte.cli.looking import OPERATOR
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption, iso_day
from eakte.cli.output import say, say_json
from eakte.services.probe import ProbeAnswer, ProbePart


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("route")(route)


def route(
    aktenzeichen: Annotated[str, typer.Argument(help="Akte; ohne sie --site und --surname.")] = "",
    *,
    schlagwort: Annotated[str, typer.Option("--schlagwort", help="Kennung des Schlagworts.")],
    day: Annotated[str, typer.Option("--date", help="Tag der Zustellung (sonst heute).")] = "",
    site: Annotated[str, typer.Option("--site", help="Standort, statt einer Akte.")] = "",
    surname: Annotated[str, typer.Option("--surname", help="Nachname, statt einer Akte.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Sagt, wer so einen Brief bekäme, und warum; zugestellt wird nichts."""
    if bool(aktenzeichen) == bool(site and surname):
        raise typer.BadParameter("Entweder ein Aktenzeichen oder --site und --surname angeben.")
    product = product_of(config)
    when = iso_day(day) if day else product.database.clock.today()
    probe = product.services.probe
    if aktenzeichen:
        answer = probe.by_file(OPERATOR, aktenzeichen, schlagwort, when)
    else:
        answer = probe.by_surname(OPERATOR, site, surname, schlagwort, when)
    if as_json:
        say_json(_json(answer))
        return
    say(f"{answer.schlagwort_title} – {answer.about} – {answer.day:%d.%m.%Y}")
    for part in answer.parts:
        say(_headline(part))
        for step in part.steps:
            say(f"    {'→' if step.matched else ' '} {step.rule:<6} {step.text}")


def _headline(part: ProbePart) -> str:
    what = (
        f"zur Kenntnis ({part.function_title})" if part.copy else f"Aufgabe ({part.function_title})"
    )
    if part.receiver is None:
        return f"{what}: niemand. {part.remark}"
    in_place = f", in Vertretung für {part.deputy_for}" if part.deputy_for else ""
    return f"{what}: {part.title}{in_place} (Regel {part.receiver.rule})"


def _json(answer: ProbeAnswer) -> dict[str, object]:
    main = answer.main.receiver
    copies = [part.receiver for part in answer.parts[1:] if part.receiver is not None]
    return {
        "aktenzeichen": answer.aktenzeichen,
        "schlagwort": answer.schlagwort,
        "date": answer.day.isoformat(),
        "postbox": main.postbox if main else None,
        "rule": main.rule if main else None,
        "deputy_for": main.deputy_for if main else None,
        "copies": [
            {"postbox": one.postbox, "rule": one.rule, "deputy_for": one.deputy_for}
            for one in copies
        ],
        "steps": [
            {
                "function": part.function,
                "copy": part.copy,
                "rule": step.rule,
                "text": step.text,
                "matched": step.matched,
            }
            for part in answer.parts
            for step in part.steps
        ],
    }

"""Regeln: what counts, what is proposed, what a trial of it shows, and how to take it back."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from classifiers.rule_text import TriggerText
from eakte.domain.rules import OWN_FILE, Origin, TrialScope
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, EakteError, NotFound, RuleError, Unusable
from eakte.services.rules_checks import check_changes
from eakte.services.rules_trials import PAGE_OF_DOCUMENTS
from web.desk import AtDesk, Desk
from web.presenters import rules as presenter
from web.presenters.rule_addresses import HERE, file_url, proposal_url, trial_url
from web.presenters.rule_trials import trial_screen
from web.presenters.rules import NewForm

router = APIRouter(prefix=HERE)
DONE = {
    "gespeichert": "Der Entwurf ist gespeichert. Er gilt noch nicht: erst ausprobieren.",
    "gleich": "Der Text ist wieder wie der geltende; es liegt kein Entwurf mehr vor.",
    "in-kraft": "Die neue Fassung gilt ab sofort.",
    "zurueck": "Die frühere Fassung gilt wieder.",
    "verworfen": "Der Vorschlag ist verworfen.",
    "entschieden": "Festgehalten, welcher Text in der Datei gelten soll.",
    "abgebrochen": "Die Probe ist abgebrochen.",
}
FileName = Annotated[str, Path(max_length=60)]
Done = Annotated[str, Query(max_length=20)]
Short = Annotated[str, Form(max_length=64)]
Reason = Annotated[str, Form(max_length=1000)]
Seq = Annotated[int, Form(ge=0, le=2**31 - 1)]
_TRIGGER_FIELD = re.compile(r"zonen-(\d)")


@router.get("")
def overview(desk: AtDesk, erledigt: Done = "") -> Response:
    """What counts, what is proposed, which files and versions there are."""
    view = desk.services.rules.overview(desk.reader)
    return desk.show(
        "rules.html",
        rules=presenter.rules_screen(view, desk.reader),
        notice=DONE.get(erledigt, ""),
    )


@router.get("/dateien/{name}")
def file(desk: AtDesk, name: FileName) -> Response:
    """One rule file."""
    return _file(desk, name)


@router.post("/dateien/{name}")
def save(
    desk: AtDesk,
    name: FileName,
    *,
    text: Annotated[str, Form(max_length=500_000)] = "",
    stand: Short,
) -> Response:
    """Its text becomes the draft, unless something in it is wrong: then it is shown again."""
    try:
        proposed = desk.services.rules.save_file(desk.reader, name, text, stand)
    except (RuleError, Unusable, Conflict) as error:
        return _refused(desk, name, text, stand, error)
    if not proposed:
        return desk.go(f"{HERE}?erledigt=gleich")
    return desk.go(f"{proposal_url(Origin.SCREEN)}?erledigt=gespeichert")


@router.get("/neu")
def new(desk: AtDesk) -> Response:
    """The form for a new Schlagwort."""
    return _new(desk, NewForm())


async def _form(request: Request) -> FormData:
    """The whole form: its fields are counted, not named one by one."""
    return await request.form()


@router.post("/neu")
def add(desk: AtDesk, form: Annotated[FormData, Depends(_form)]) -> Response:
    """A new Schlagwort becomes part of the draft."""
    filled = _filled(form)
    try:
        schlagwort, triggers = _schlagwort(filled)
        desk.services.rules.add_schlagwort(
            desk.reader, schlagwort, triggers, filled.of("datei", OWN_FILE)
        )
    except (RuleError, Unusable, Conflict) as error:
        return _new(desk, filled, error=error)
    return desk.go(f"{proposal_url(Origin.SCREEN)}?erledigt=gespeichert")


@router.get("/vorschlag/{origin}")
def proposal(desk: AtDesk, origin: Origin, erledigt: Done = "") -> Response:
    """What would change against the rules in force."""
    found = desk.services.rules.proposal(desk.reader, origin)
    if found is None:
        raise NotFound("Hier liegt kein Vorschlag vor.")
    return desk.show(
        "rules_proposal.html",
        proposal=presenter.proposal_screen(found, desk.reader),
        documents=desk.services.rules.trial_documents,
        notice=DONE.get(erledigt, ""),
    )


@router.post("/vorschlag/{origin}/probe")
def start_trial(
    desk: AtDesk,
    origin: Origin,
    *,
    anzahl: Annotated[int, Form(ge=1, le=100_000)],
    seit: Annotated[date | Literal[""], Form()] = "",
) -> Response:
    """A worker tries it on documents that are there."""
    scope = TrialScope(count=anzahl, since=seit or None)
    return desk.go(trial_url(desk.services.rules.start_trial(desk.reader, origin, scope)))


@router.post("/vorschlag/{origin}/in-kraft")
def activate(
    desk: AtDesk,
    origin: Origin,
    *,
    vorschlag: Short,
    stand: Seq,
    grund: Reason,
    ungeprueft: Annotated[Literal["", "ja"], Form()] = "",
) -> Response:
    """From here on it counts."""
    desk.services.rules.activate(
        desk.reader,
        origin,
        digest=vorschlag,
        seq=stand,
        reason=grund,
        untried=ungeprueft == "ja",
    )
    return desk.go(f"{HERE}?erledigt=in-kraft")


@router.post("/vorschlag/{origin}/verwerfen")
def dismiss(desk: AtDesk, origin: Origin, *, vorschlag: Short) -> Response:
    """It is not wanted."""
    desk.services.rules.dismiss(desk.reader, origin, vorschlag)
    return desk.go(f"{HERE}?erledigt=verworfen")


@router.post("/vorschlag/{origin}/entscheiden")
def decide(
    desk: AtDesk,
    origin: Origin,
    *,
    vorschlag: Short,
    datei: Short,
    gilt: Annotated[Literal["vorschlag", "geltend"], Form()],
) -> Response:
    """Which text counts of a file that was changed on both sides."""
    desk.services.rules.decide(desk.reader, origin, datei, vorschlag, proposal=gilt == "vorschlag")
    return desk.go(f"{HERE}?erledigt=entschieden")


@router.get("/proben/{trial_id}")
def trial(
    desk: AtDesk, trial_id: str, seite: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """What a trial shows, as far as the reader may see it."""
    found = desk.services.rules.trial(desk.reader, trial_id, seite)
    return desk.show(
        "rules_trial.html",
        trial=trial_screen(found, desk.reader, seite, PAGE_OF_DOCUMENTS),
    )


@router.get("/proben/{trial_id}/stand")
def progress(desk: AtDesk, trial_id: str) -> Response:
    """How far it is; asked again and again while it goes on."""
    found = desk.services.rules.progress(desk.reader, trial_id)
    return desk.show_part(
        "_rules_progress.html",
        trial=trial_screen(found, desk.reader, 1, PAGE_OF_DOCUMENTS),
        fresh=True,
    )


@router.post("/proben/{trial_id}/abbrechen")
def cancel(desk: AtDesk, trial_id: str) -> Response:
    """It is no longer wanted."""
    desk.services.rules.cancel_trial(desk.reader, trial_id)
    return desk.go(f"{HERE}?erledigt=abgebrochen")


@router.get("/fassungen/{number}")
def version(desk: AtDesk, number: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """A version: what it changed, and when it counted."""
    found = desk.services.rules.version(desk.reader, number)
    return desk.show("rules_version.html", version=presenter.version_screen(found, desk.reader))


@router.post("/fassungen/{number}/zurueck")
def roll_back(
    desk: AtDesk,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    *,
    stand: Seq,
    grund: Reason,
) -> Response:
    """An earlier version counts again."""
    desk.services.rules.roll_back(desk.reader, number, seq=stand, reason=grund)
    return desk.go(f"{HERE}?erledigt=zurueck")


def _file(desk: Desk, name: str) -> Response:
    view = desk.services.rules.file(desk.reader, name)
    return desk.show(
        "rules_file.html",
        file=view,
        url=file_url(name),
        text=view.text,
        stand=view.fingerprint,
        may_change=desk.reader.keeps_settings,
        problem="",
        line=None,
        conflict=False,
    )


def _refused(desk: Desk, name: str, text: str, stand: str, error: EakteError) -> Response:
    """The form again with what was typed; it still names the state that was edited."""
    problem, line = presenter.said(error, name)
    return desk.show(
        "rules_file.html",
        status=422,
        file=desk.services.rules.file(desk.reader, name),
        url=file_url(name),
        text=text,
        stand=stand,
        may_change=desk.reader.keeps_settings,
        problem=problem,
        line=line,
        conflict=isinstance(error, Conflict),
    )


def _new(desk: Desk, form: NewForm, error: EakteError | None = None) -> Response:
    check_changes(desk.reader)
    functions, subfiles = desk.services.rules.names(desk.reader)
    return desk.show(
        "rules_new.html",
        status=422 if error else 200,
        form=form,
        functions=functions,
        subfiles=subfiles,
        zones=presenter.ZONES,
        triggers=range(1, presenter.TRIGGERS + 1),
        problem=presenter.said(error)[0] if error else "",
    )


def _filled(form: FormData) -> NewForm:
    zones = {
        int(found[1]): frozenset(str(one) for one in form.getlist(name))
        for name in form
        if (found := _TRIGGER_FIELD.fullmatch(name))
    }
    values = {name: str(form[name])[:4000] for name in form if not name.startswith("zonen-")}
    copies = frozenset(str(one) for one in form.getlist("kopien"))
    return NewForm(values=values, copies=copies, zones=zones)


def _schlagwort(form: NewForm) -> tuple[Schlagwort, list[TriggerText]]:
    schlagwort = Schlagwort(
        id=form.of("kennung").strip(),
        title=form.of("titel").strip(),
        function=form.of("funktion"),
        copies=tuple(sorted(form.copies - {form.of("funktion")})),
        subfile=form.of("teilakte") or None,
        urgent=form.of("eilig") == "ja",
        description=form.of("beschreibung").strip(),
    )
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", schlagwort.id):
        raise Unusable(
            "Die Kennung taugt nicht.",
            remedy="Kleinbuchstaben ohne Umlaute, Ziffern und _: etwa hundesteuer.",
        )
    return schlagwort, [
        trigger
        for number in range(1, presenter.TRIGGERS + 1)
        if (trigger := _trigger(form, number))
    ]


def _trigger(form: NewForm, number: int) -> TriggerText | None:
    lines = (line.strip() for line in form.of(f"wendungen-{number}").splitlines())
    phrases = tuple(line for line in lines if line)
    if not phrases:
        return None
    written = form.of(f"gewicht-{number}").strip().replace(",", ".")
    try:
        weight = float(written)
    except ValueError as error:
        raise Unusable(
            f"Das Gewicht des {number}. Auslösers ist keine Zahl.",
            remedy="Etwa 5 für ein deutliches Zeichen, 2 für einen Hinweis.",
        ) from error
    return TriggerText(
        phrases=phrases, weight=weight, zones=tuple(sorted(form.zones.get(number, frozenset())))
    )

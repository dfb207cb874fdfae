"""What one does with letters of a postbox: one by one, several at once, and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.domain.postbox_filters import PostboxFilter
from eakte.services.postbox_entries import DoneAlready
from eakte.services.rounds import Wish
from web.desk import AtDesk, Desk
from web.presenters import german
from web.presenters import postboxes as presenter
from web.sessions import local_target
from web.views.postboxes import (
    Back,
    EntryVersion,
    Note,
    address,
    begins_at,
    onward,
    screen,
    with_query,
)

router = APIRouter(prefix="/postkorb")
HERE = "/postkorb"
Id = Annotated[str, Form(max_length=64)]
Day = Annotated[date, Form()]
Text = Annotated[str, Form(max_length=200)]


def done(desk: Desk, entry_id: str, back: str, what: str, act: Callable[[], object]) -> Response:
    """Do it and go on to the next letter; what the reader has done already is no error."""
    target = onward(desk, entry_id, back, what)
    try:
        act()
    except DoneAlready:
        target = onward(desk, entry_id, back, "schon")
    return desk.go(target)


def stay(desk: Desk, back: str, document_id: str, what: str) -> Response:
    """The letter stays before the reader."""
    target = local_target(back)
    if not target.startswith("/postkorb/"):
        return desk.go(target)
    path = target.partition("?")[0]
    return desk.go(with_query(path, erledigt=what, dokument=document_id, ab=begins_at(target)))


@router.post("/eintraege/{entry_id}/zu-den-akten")
def file_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    schlagwort: Id,
    zurueck: Back = HERE,
) -> Response:
    """Done: leaves the postbox, stays in the file under this Schlagwort."""
    boxes = desk.services.postboxes
    act = partial(boxes.file, desk.reader, entry_id, version, schlagwort)
    return done(desk, entry_id, zurueck, "akten", act)


@router.post("/eintraege/{entry_id}/weiterleiten")
def forward_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    ziel: Id,
    vermerk: Note = "",
    zurueck: Back = HERE,
) -> Response:
    """Into another postbox, with a note."""
    boxes = desk.services.postboxes
    act = partial(boxes.forward, desk.reader, entry_id, version, ziel, vermerk)
    return done(desk, entry_id, zurueck, "weiter", act)


@router.post("/eintraege/{entry_id}/zur-klaerung")
def clear_entry(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    vermerk: Note = "",
    zurueck: Back = HERE,
) -> Response:
    """To the clearing desk, saying what is wrong."""
    boxes = desk.services.postboxes
    act = partial(boxes.to_clearing, desk.reader, entry_id, version, vermerk)
    return done(desk, entry_id, zurueck, "klaerung", act)


@router.post("/eintraege/{entry_id}/gesehen")
def acknowledge_entry(
    desk: AtDesk, entry_id: str, version: EntryVersion, zurueck: Back = HERE
) -> Response:
    """A copy was seen."""
    boxes = desk.services.postboxes
    act = partial(boxes.acknowledge, desk.reader, entry_id, version)
    return done(desk, entry_id, zurueck, "gesehen", act)


@router.post("/eintraege/{entry_id}/uebernehmen")
def take_over(desk: AtDesk, entry_id: str, version: EntryVersion, zurueck: Back = HERE) -> Response:
    """Out of a team's or a colleague's postbox into the own one."""
    boxes = desk.services.postboxes
    act = partial(boxes.take_over, desk.reader, entry_id, version)
    return done(desk, entry_id, zurueck, "uebernommen", act)


@router.post("/eintraege/{entry_id}/wiedervorlage")
def remind(
    desk: AtDesk,
    entry_id: str,
    *,
    version: EntryVersion,
    tag: Day,
    notiz: Note = "",
    ablegen: Annotated[bool, Form()] = False,
    zurueck: Back = HERE,
) -> Response:
    """Onto a desk on a day; ``ablegen``: zu den Akten meanwhile."""
    target = onward(desk, entry_id, zurueck, "vorgelegt")
    shown = document_of(desk, entry_id)
    desk.services.wiedervorlagen.from_entry(
        desk.reader, entry_id, version, tag, notiz, leave=ablegen
    )
    return desk.go(target) if ablegen else stay(desk, zurueck, shown, "vorgelegt")


@router.post("/eintraege/{entry_id}/vorgang")
def attach(
    desk: AtDesk,
    entry_id: str,
    version: EntryVersion,
    vorgang: Id = "",
    zurueck: Back = HERE,
) -> Response:
    """Into a Vorgang of its file, or (empty) out of every one."""
    desk.services.postboxes.attach(desk.reader, entry_id, version, vorgang)
    return stay(desk, zurueck, document_of(desk, entry_id), "vorgang")


@router.post("/eintraege/{entry_id}/schlechter-scan")
def report_scan(
    desk: AtDesk,
    entry_id: str,
    *,
    seite: Annotated[int, Form(ge=1, le=100_000)],
    grund: Note,
    zurueck: Back = HERE,
) -> Response:
    """A page that can't be read, told to the scan centre; the letter stays where it is."""
    document_id = document_of(desk, entry_id)
    desk.services.bad_scans.report(desk.reader, document_id, seite, grund)
    return stay(desk, zurueck, document_id, "gemeldet")


def document_of(desk: Desk, entry_id: str) -> str:
    """The document of an entry in one of the reader's postboxes."""
    return desk.services.postboxes.document_of(desk.reader, entry_id)


# -- several at once, and back --------------------------------------------------------------------


@router.post("/rueckgaengig")
def undo(desk: AtDesk, runde: Id, zurueck: Back = HERE) -> Response:
    """Take the last round back; the letter that lies there again is shown."""
    result = desk.services.desk_undo.take_back(desk.reader, runde)
    target = local_target(zurueck)
    if result.problems:
        box = box_of(desk, target)
        return screen(desk, box, "", 0, said(len(result.done), "zurückgenommen"), result.problems)
    if len(result.done) == 1:
        return stay(desk, target, result.done[0], "zurueck")
    return desk.go(with_query(target.partition("?")[0], erledigt="zurueck"))


@router.post("/{postbox_id}/mehrere")
def several(  # noqa: PLR0917  the fields of one form
    desk: AtDesk,
    postbox_id: str,
    aktion: Annotated[str, Form(max_length=20)] = "",
    eintrag: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006  a form's default
    schlagwort: Id = "",
    ziel: Id = "",
    vermerk: Note = "",
    tag: Annotated[str, Form(max_length=10)] = "",
    notiz: Note = "",
    ablegen: Annotated[bool, Form()] = False,
    zurueck: Back = HERE,
) -> Response:
    """The same with every chosen letter; those that could not be settled are named.

    ``listen`` changes nothing: it fetches what the form offers, for browsers without scripts.
    ``zurueck`` is the page of the list on which the letters were chosen.
    """
    offset = begins_at(local_target(zurueck))
    if aktion == "listen":
        ticked = [entry_id for entry_id, _ in presenter.chosen(eintrag)]
        typed = presenter.BulkText(note=vermerk, due=tag, reminder=notiz, leave=ablegen)
        return screen(desk, postbox_id, "", offset, ticked=ticked, typed=typed)
    wish = Wish(
        deed=aktion,
        schlagwort=schlagwort,
        postbox=ziel,
        note=notiz if aktion == "wiedervorlage" else vermerk,
        due=german.date_of(tag),
        leave=ablegen,
    )
    presenter.find(desk.services.postboxes.summaries(desk.reader), postbox_id)
    result = desk.services.rounds.run(desk.reader, presenter.chosen(eintrag), wish)
    if result.problems:
        text = said(len(result.done), "erledigt")
        return screen(desk, postbox_id, "", offset, text, result.problems)
    return desk.go(address(postbox_id, erledigt="mehrere"))


def said(count: int, what: str) -> str:
    """``2 Eingänge erledigt.``; nothing for none."""
    return f"{german.plural(count, 'Eingang', 'Eingänge')} {what}." if count else ""


def box_of(desk: Desk, target: str) -> str:
    """The postbox that an address shows, else the reader's first."""
    box = target.partition("?")[0].removeprefix("/postkorb/")
    boxes = [one.id for one in desk.services.postboxes.summaries(desk.reader)]
    return box if box in boxes else boxes[0]


@router.post("/{postbox_id}/filter")
def keep_filter(  # noqa: PLR0917  the fields of one form
    desk: AtDesk,
    postbox_id: str,
    schlagwort: Id = "",
    standort: Id = "",
    text: Text = "",
    frist: Annotated[str, Form(max_length=4)] = "",
    eilig: Annotated[bool, Form()] = False,
    aufheben: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a filter for this postbox, or take it away."""
    presenter.find(desk.services.postboxes.summaries(desk.reader), postbox_id)
    known = {one for one, _ in presenter.WITHIN}
    wanted = PostboxFilter(
        schlagwort=schlagwort,
        site=standort,
        text=text,
        urgent=eilig,
        within_days=int(frist) if frist in known else None,
    )
    if aufheben:
        wanted = PostboxFilter()
    desk.services.postbox_filters.keep(desk.reader, postbox_id, wanted)
    return desk.go(address(postbox_id))


@router.post("/offen/{document_id}")
def look(desk: AtDesk, document_id: str) -> Response:
    """The letter is on the screen now; colleagues are told."""
    desk.services.presence.look(desk.reader, document_id)
    return Response(status_code=204)

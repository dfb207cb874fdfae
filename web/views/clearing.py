"""Klärung: what the machine was not sure about, decided by a person; the next follows at once."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.domain.findings import Sender
from eakte.domain.rights import CLEARING
from eakte.errors import Unusable
from eakte.services.clearing import check_at_desk
from eakte.services.clearing_views import LookView
from eakte.services.views import DocumentView, PostboxEntryView
from web.desk import AtDesk, Desk
from web.presenters import clearing as presenter
from web.presenters import documents as document_presenter
from web.presenters import postboxes as postbox_presenter
from web.presenters.documents import UNDELIVERED
from web.views.postboxes import (
    MAX_OFFSET,
    PAGE,
    EntryVersion,
    Offset,
    page_of,
    rule_phrases,
    titles,
    turning,
    with_query,
)

HERE = "/klaerung"
router = APIRouter(prefix=HERE)
NO_FILE = "keine"
OTHER_FILE = "andere"
TAKEN_BACK = "zurueck"

Id = Annotated[str, Query(max_length=80)]
Typed = Annotated[str, Query(max_length=200)]


Short = Annotated[str, Form(max_length=64)]
Name = Annotated[str, Form(max_length=200)]
FormOffset = Annotated[int, Form(ge=0, le=MAX_OFFSET)]


def next_one(desk: Desk, document_id: str, offset: int) -> tuple[str, int]:
    """What follows a document in the list, and where its page begins; asked before it leaves."""
    entries, offset = page_of(desk, CLEARING, offset)
    looks = desk.services.clearing_desk.looks(desk.reader)
    return presenter.following(entries[:PAGE], document_id, looks), offset


@router.get("")
def clearing(  # noqa: PLR0917  what an address of the desk may say
    desk: AtDesk,
    dokument: Id = "",
    ab: Offset = 0,
    erledigt: Id = "",
    seiten: Annotated[str, Query(max_length=20)] = "",
    aenderung: Id = "",
    bei: Id = "",
) -> Response:
    """The waiting documents; the first one that nobody else has open is shown where none is chosen.

    What was assigned already (the browser's way back) is told, and the next one is shown.
    ``erledigt`` is what was just assigned; ``seiten`` what was just done with the page ``bei``.
    """
    check_at_desk(desk.reader)
    found, ab = page_of(desk, CLEARING, ab)
    entries = found[:PAGE]
    looks = desk.services.clearing_desk.looks(desk.reader)
    values: dict[str, Any] = {
        "rows": postbox_presenter.rows(entries, with_query(HERE, ab=ab)),
        "looks": {one: presenter.looking(look) for one, look in looks.items()},
        **turning(HERE, ab, len(found)),
    }
    if desk.partial == "liste":
        return desk.show_part("_clearing_list.html", selected=dokument, **values)
    gone = desk.services.clearing_desk.gone(desk.reader, dokument) if dokument else None
    chosen = "" if gone else dokument
    chosen = chosen or presenter.following(entries, "", looks)
    shown = desk.services.documents.open(desk.reader, chosen) if chosen else None
    return desk.show(
        "clearing.html",
        **values,
        offset=ab,
        selected=chosen,
        no_file=NO_FILE,
        other_file=OTHER_FILE,
        notice=presenter.gone_notice(gone) if gone else notice(desk, erledigt),
        provisional=desk.services.joining.count(desk.reader),
        stacks=len(desk.services.stack_desk.waiting(desk.reader)),
        **on_the_desk(desk, shown, entries, looks, page=bei, done=(seiten, aenderung)),
    )


def notice(desk: Desk, done: str) -> presenter.Notice | None:
    """What was done just now."""
    if done == TAKEN_BACK:
        return presenter.Notice(text="Zurückgenommen. Das Dokument liegt wieder hier.")
    if not done:
        return None
    return presenter.assigned_notice(desk.services.clearing_desk.assigned(desk.reader, done))


def on_the_desk(
    desk: Desk,
    view: DocumentView | None,
    entries: list[PostboxEntryView] | Any,  # noqa: ANN401  a sequence of them
    looks: dict[str, LookView],
    *,
    page: str,
    done: tuple[str, str],
) -> dict[str, Any]:
    """The document beside the list: candidates, receiver, what comes next."""
    if view is None:
        return {"document": None, "page_notice": None}
    services, reader = desk.services, desk.reader
    if view.state == CLEARING:
        services.clearing_desk.look(reader, view.id)
    document = document_presenter.screen(
        view, titles=titles(desk), written=rule_phrases(desk), clearing=True
    )
    refs = services.clearing_desk.refs(reader, (row.aktenzeichen for row in document.candidates))
    choices = presenter.choices(document, refs)
    chosen = next((one.row.aktenzeichen for one in choices if one.chosen), "")
    upcoming = presenter.following(entries, view.id, looks)
    return {
        "document": document,
        "case_files": choices,
        "labels": presenter.labels(document),
        "choices": services.postboxes.schlagwort_choices(),
        "reading": view.state in UNDELIVERED,
        "here_url": with_query(HERE, dokument=view.id),
        "entry": next((one for one in entries if one.document_id == view.id), None),
        "looking": presenter.looking(looks.get(view.id)),
        "pages": presenter.pages(view),
        "start": presenter.start_page(view, page),
        "page_notice": presenter.page_notice(document, *done),
        "preview": preview_of(desk, view, chosen) if chosen else None,
        "upcoming": with_query(HERE, dokument=upcoming) if upcoming else "",
        "ahead": presenter.image_urls(
            upcoming, services.clearing_desk.page_ids(reader, upcoming) if upcoming else ()
        ),
    }


def preview_of(desk: Desk, view: DocumentView, aktenzeichen: str) -> presenter.Preview | None:
    """Who would get it as it is suggested; None for what does not wait here."""
    if view.state != CLEARING:
        return None
    label = next((one.id for one in view.schlagworte if one.position == 0), "")
    return presenter.preview(
        desk.services.clearing_desk.preview(
            desk.reader, view.id, schlagwort=label, aktenzeichen=aktenzeichen
        )
    )


@router.get("/akten")
def suggestions(desk: AtDesk, andere: Typed = "") -> Response:
    """Case files by number, name, birth date or address, while one types."""
    found = desk.services.clearing_desk.search(desk.reader, andere)
    return desk.show_part("_suggestions.html", found=presenter.hits(found), text=andere.strip())


@router.get("/{document_id}/empfaenger")
def receiver(
    desk: AtDesk,
    document_id: str,
    *,
    akte: Id = "",
    andere: Typed = "",
    schlagwort: Id = "",
    person: Id = "",
) -> Response:
    """Who would get it as the form stands now."""
    number = andere.strip() if akte == OTHER_FILE else akte
    made = None
    if number or akte == NO_FILE:
        made = presenter.preview(
            desk.services.clearing_desk.preview(
                desk.reader,
                document_id,
                schlagwort=schlagwort,
                aktenzeichen=None if akte == NO_FILE else number,
                person_id=person or None,
            )
        )
    else:
        check_at_desk(desk.reader)
    return desk.show_part("_clearing_preview.html", preview=made)


@router.get("/{document_id}/gelesen")
def is_read(desk: AtDesk, document_id: str) -> Response:
    """Empty while the machine reads what was split; then it leads to the desk as it is now."""
    if desk.services.clearing_desk.is_being_read(desk.reader, document_id):
        return Response(status_code=204)
    place = {
        "path": with_query(HERE, dokument=document_id),
        "target": "#inhalt",
        "select": "#inhalt",
        "swap": "outerHTML",
    }
    return Response(status_code=200, headers={"HX-Location": json.dumps(place)})


@router.post("/{document_id}/offen")
def look(desk: AtDesk, document_id: str) -> Response:
    """The screen tells now and then that this document is still before its reader."""
    desk.services.clearing_desk.look(desk.reader, document_id)
    return Response(status_code=204)


@router.post("/{document_id}/zuruecknehmen")
def take_back(desk: AtDesk, document_id: str) -> Response:
    """Undo one's own assignment, as long as nobody has looked at the letter."""
    desk.services.clearing.take_back(desk.reader, document_id)
    return desk.go(with_query(HERE, erledigt=TAKEN_BACK, dokument=document_id))


@router.post("/{document_id}/vorlaeufig")
def open_provisional(
    desk: AtDesk,
    document_id: str,
    *,
    version: EntryVersion,
    schlagwort: Short,
    nachname: Name = "",
    vorname: Name = "",
    plz: Annotated[str, Form(max_length=5)] = "",
    strasse: Name = "",
    ort: Name = "",
    geboren: Short = "",
    ab: FormOffset = 0,
) -> Response:
    """File it in a provisional file of its own; then the next one."""
    check_at_desk(desk.reader)
    upcoming, ab = next_one(desk, document_id, ab)
    sender = Sender(
        first_name=vorname.strip(),
        last_name=nachname.strip(),
        postcode=plz.strip(),
        street=strasse.strip(),
        city=ort.strip(),
        birth_date=presenter.birth_date(geboren, desk.services.absence_lists.today(desk.reader)),
    )
    desk.services.clearing.open_provisional(
        desk.reader, document_id, version, schlagwort=schlagwort, sender=sender
    )
    return desk.go(with_query(HERE, erledigt=document_id, dokument=upcoming, ab=ab))


@router.post("/{document_id}")
def assign(
    desk: AtDesk,
    document_id: str,
    *,
    version: EntryVersion,
    schlagwort: Short,
    akte: Short,
    andere: Name = "",
    person: Annotated[str, Form(max_length=64)] = "",
    nachname: Name = "",
    ab: FormOffset = 0,
) -> Response:
    """File it under the Schlagwort, in the chosen case file or in none; the rule delivers it.

    Not while the form names an applicant for a file of their own: one of the two is a slip.
    """
    check_at_desk(desk.reader)
    if nachname.strip():
        raise Unusable(
            "Im Formular stehen Angaben für eine vorläufige Akte.",
            remedy="„Akte anlegen und zuordnen“ wählen oder den Nachnamen dort löschen.",
        )
    upcoming, ab = next_one(desk, document_id, ab)
    number = andere.strip() if akte == OTHER_FILE else akte
    desk.services.clearing.assign(
        desk.reader,
        document_id,
        version,
        schlagwort=schlagwort,
        aktenzeichen=None if akte == NO_FILE else number,
        person_id=person or None,
    )
    return desk.go(with_query(HERE, erledigt=document_id, dokument=upcoming, ab=ab))

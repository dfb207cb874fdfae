"""Klärung: what the machine was not sure about, decided by a person; the next follows at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.domain.rights import CLEARING
from eakte.errors import NotPermitted
from eakte.services.views import DocumentView
from web.desk import AtDesk, Desk
from web.presenters import documents as document_presenter
from web.presenters import postboxes as postbox_presenter
from web.views.postboxes import (
    MAX_OFFSET,
    PAGE,
    EntryVersion,
    Offset,
    page_of,
    titles,
    turning,
    with_query,
)

HERE = "/klaerung"
router = APIRouter(prefix=HERE)
NO_FILE = "keine"
OTHER_FILE = "andere"


def at_clearing(desk: Desk) -> Desk:
    """Raises ``NotPermitted`` for everybody to whom the clearing desk is closed."""
    if not desk.reader.at_clearing_desk:
        raise NotPermitted("Die Klärung ist für Ihre Rolle nicht offen.")
    return desk


@router.get("")
def clearing(
    desk: AtDesk,
    dokument: Annotated[str, Query(max_length=64)] = "",
    ab: Offset = 0,
    erledigt: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The waiting documents; the first one is shown where none is chosen."""
    at_clearing(desk)
    found, ab = page_of(desk, CLEARING, ab)
    entries = found[:PAGE]
    rows = postbox_presenter.rows(entries, with_query(HERE, ab=ab))
    turns = turning(HERE, ab, len(found))
    if desk.partial == "liste":
        return desk.show_part("_clearing_list.html", rows=rows, selected=dokument, **turns)
    chosen = dokument or (entries[0].document_id if entries else "")
    shown = desk.services.documents.open(desk.reader, chosen) if chosen else None
    entry = next((one for one in entries if one.document_id == chosen), None)
    return desk.show(
        "clearing.html",
        rows=rows,
        offset=ab,
        **turns,
        selected=chosen,
        document=(
            document_presenter.screen(shown, titles=titles(desk), clearing=True) if shown else None
        ),
        entry=entry,
        names=names(desk, shown),
        choices=desk.services.postboxes.schlagwort_choices(),
        no_file=NO_FILE,
        other_file=OTHER_FILE,
        notice="Zugeordnet." if erledigt else "",
        stacks=len(desk.services.stack_desk.waiting(desk.reader)),
    )


def names(desk: Desk, view: DocumentView | None) -> dict[str, str]:
    """Whose the candidates' files are, by number."""
    finding = view.case_finding if view else None
    case_files = desk.services.case_files
    return {
        ref.aktenzeichen: ref.title
        for candidate in (finding.candidates if finding else ())
        for ref in case_files.suggest_for_clearing(desk.reader, candidate.aktenzeichen)
    }


@router.get("/akten")
def suggestions(desk: AtDesk, andere: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Case files by number or name, while one types."""
    found = at_clearing(desk).services.case_files.suggest_for_clearing(desk.reader, andere)
    return desk.show_part("_suggestions.html", found=found, text=andere)


@router.post("/{document_id}")
def assign(
    desk: AtDesk,
    document_id: str,
    *,
    version: EntryVersion,
    schlagwort: Annotated[str, Form(max_length=64)],
    akte: Annotated[str, Form(max_length=64)],
    andere: Annotated[str, Form(max_length=200)] = "",
    ab: Annotated[int, Form(ge=0, le=MAX_OFFSET)] = 0,
) -> Response:
    """File it under the Schlagwort, in the chosen case file or in none; the rule delivers it."""
    entries, ab = page_of(at_clearing(desk), CLEARING, ab)
    done = next((one.id for one in entries if one.document_id == document_id), "")
    following = postbox_presenter.neighbour(entries[:PAGE], done)
    number = andere.strip() if akte == OTHER_FILE else akte
    desk.services.clearing.assign(
        desk.reader,
        document_id,
        version,
        schlagwort=schlagwort,
        aktenzeichen=None if akte == NO_FILE else number,
    )
    following = "" if following == document_id else following
    return desk.go(with_query(HERE, erledigt=1, dokument=following, ab=ab))

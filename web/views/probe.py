"""Wer bekäme das? The routing rule asked about a letter that did not come."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from eakte.domain.rights import Role
from eakte.services.probe import ProbeAnswer
from web.desk import AtDesk, Desk
from web.presenters import probe as presenter
from web.presenters.shell import READS_FILES

router = APIRouter(prefix="/wer-bekaeme-das")
Word = Annotated[str, Query(max_length=64)]
Name = Annotated[str, Query(max_length=200)]


@router.get("")
def probe(
    desk: AtDesk,
    *,
    schlagwort: Word = "",
    aktenzeichen: Word = "",
    person: Word = "",
    standort: Word = "",
    nachname: Name = "",
    tag: Annotated[date | Literal[""], Query()] = "",
) -> Response:
    """The form, and the answer once enough is given: a Schlagwort and a file, or a name."""
    today = desk.services.absence_lists.today(desk.reader)
    day = tag or today
    answer = None
    if schlagwort and aktenzeichen and desk.reader.has_role(*READS_FILES):
        answer = desk.services.probe.by_file(desk.reader, aktenzeichen, schlagwort, day, person)
    elif schlagwort and standort and nachname:
        answer = desk.services.probe.by_surname(desk.reader, standort, nachname, schlagwort, day)
    return desk.show(
        "probe.html",
        schlagwort=schlagwort,
        aktenzeichen=aktenzeichen,
        person=person,
        standort=standort,
        nachname=nachname,
        **_values(desk, answer, day),
    )


def _values(desk: Desk, answer: ProbeAnswer | None, day: date) -> dict[str, Any]:
    leads = desk.services.absence_lists.leads(desk.reader)
    return {
        "answer": presenter.screen(answer) if answer else None,
        "day": day.isoformat(),
        "choices": desk.services.postboxes.schlagwort_choices(),
        "sites": desk.services.probe.sites(desk.reader),
        "by_file": desk.reader.has_role(*READS_FILES),
        "leads": leads or desk.reader.has_role(Role.ADMINISTRATOR),
    }

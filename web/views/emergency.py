"""Notzugriff: another file of the authority, for today, with a reason; and the report of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from eakte.domain.rights import Reader, Role
from eakte.errors import NotPermitted
from web.desk import AtDesk
from web.presenters.case_files import path_of

router = APIRouter(prefix="/notzugriff")


def may_open(reader: Reader) -> bool:
    """Whether the reader may open other files in an emergency."""
    return reader.has_role(Role.CASEWORKER, Role.TEAM_LEAD)


def may_review(reader: Reader) -> bool:
    """Whether the reader sees the report."""
    return reader.has_role(Role.TEAM_LEAD, Role.ADMINISTRATOR)


@router.get("")
def emergency(desk: AtDesk) -> Response:
    """The form, and for leads and administrators the report of the last 90 days."""
    opens, reviews = may_open(desk.reader), may_review(desk.reader)
    if not opens and not reviews:
        raise NotPermitted("Den Notzugriff gibt es nur für die Sachbearbeitung.")
    return desk.show(
        "emergency.html",
        may_open=opens,
        may_review=reviews,
        report=desk.services.case_files.emergencies(desk.reader) if reviews else (),
    )


@router.post("")
def open_in_emergency(
    desk: AtDesk,
    aktenzeichen: Annotated[str, Form(max_length=64)],
    grund: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Open the file for today; logged and reported."""
    number = desk.services.case_files.open_in_emergency(desk.reader, aktenzeichen, grund)
    return desk.go(f"/akten/{path_of(number)}")

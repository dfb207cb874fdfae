"""Who works there, and what each of them may look at: taken from the seeded database."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

from district import logins
from history import LARGE_AT, LARGE_FILES
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eakte.bootstrap import open_product
from eakte.demo.places import SITES
from eakte.models import (
    CaseFile,
    Document,
    DocumentPage,
    Filing,
    PageWords,
    PostboxEntry,
    Responsibility,
)
from eakte.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from web.presenters.case_files import path_of

DOCUMENTS, FILES = 60, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One caseworker: open letters (ids), and addresses of what they may open."""

    login: str
    team: str = ""
    waiting: list[str]
    documents: list[str]
    files: list[str]
    large: list[str]
    images: list[str]
    words: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Caseworkers of all sites who stand in for nobody, one of the clearing desk, and a lead.

    The lead is that of the first caseworker's team.
    """

    everybody: list[Desk]
    scan: str
    lead: str


def staff(settings: Settings, count: int) -> Staff:
    """Those who take part: ``count`` caseworkers, the first of a site with a large file."""
    product = open_product(settings)
    found: list[Desk] = []
    teams = [f"{site.id}-leistung" for site in SITES]
    candidates = [
        (team, login)
        for place in range(1, 40)
        for team in teams
        for login in logins(team)[place : place + 1]
    ]
    with product.database.read() as session:
        for team, login in candidates:
            reader = product.services.accounts.reader(login)
            if not reader.standing_in_for and not reader.away and len(found) < count:
                found.append(_desk(session, login, team))
    product.database.close()
    found.sort(key=lambda desk: not desk.large)
    lead = logins(found[0].team)[0]
    return Staff(everybody=found, scan=logins("zentral-scan")[0], lead=lead)


def _desk(session: Session, login: str, team: str) -> Desk:
    rng = Random(login)
    mine = (
        select(Responsibility.case_file_id)
        .where(Responsibility.login == login)
        .order_by(Responsibility.case_file_id)
    )
    files = session.execute(
        select(CaseFile.id, CaseFile.aktenzeichen).where(CaseFile.id.in_(mine.limit(FILES)))
    ).all()
    site = team.removesuffix("-leistung")
    # The seeder made the large ones in the order of their numbers (``history.py``).
    made_large = select(CaseFile.id).order_by(CaseFile.aktenzeichen)
    sizes = (
        select(CaseFile.aktenzeichen)
        .join(Filing, Filing.case_file_id == CaseFile.id)
        .where(
            CaseFile.id.in_(made_large.offset(LARGE_AT).limit(LARGE_FILES)),
            CaseFile.site_id == site,
            ~CaseFile.protected,
        )
        .group_by(CaseFile.id)
        .order_by(func.count().desc())
        .limit(3)
    )
    documents = session.scalars(
        select(Document.id)
        .join(Filing, Filing.document_id == Document.id)
        .where(
            Filing.case_file_id.in_([one for one, _ in files]),
            Filing.sub_file == "leistung",
            Document.state == "filed",
        )
        .order_by(Document.id)
    ).all()
    waiting = session.scalars(
        select(PostboxEntry.document_id)
        .where(PostboxEntry.login == login, PostboxEntry.done_at.is_(None))
        .order_by(PostboxEntry.id)
    ).all()
    shown = rng.sample(list(documents), min(DOCUMENTS, len(documents)))
    pages = session.execute(
        select(DocumentPage.document_id, DocumentPage.page_id, PageWords.page_id)
        .outerjoin(PageWords, PageWords.page_id == DocumentPage.page_id)
        .where(DocumentPage.document_id.in_([*shown, *waiting]), DocumentPage.position == 1)
    ).all()
    return Desk(
        login=login,
        team=team,
        waiting=list(waiting),
        documents=shown,
        files=[f"/akten/{path_of(number)}" for _, number in files],
        large=[f"/akten/{path_of(number)}" for number in session.scalars(sizes)],
        images=[f"/dokumente/{one}/bilder/{page}/seite" for one, page, _ in pages],
        words=[f"/dokumente/{one}/seiten/1/worte" for one, _, words in pages if words],
    )

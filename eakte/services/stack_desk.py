"""The stack desk: where a person says where one letter ends and the next begins.

A source waits (state ``waiting``) while some of its proposed cuts are unsure.  The answers go to
:mod:`eakte.services.cutting`, which makes the documents; whatever worker looks next for forgotten
work takes them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eakte.domain.rights import Reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import CutProposal, Page, Source
from eakte.ports import BlobStore
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.organisation import Organisation
from eakte.repositories.stacks import Stacks
from eakte.services.clearing import check_at_desk
from eakte.services.cutting import CutRules, Cutting
from eakte.services.daily_trace import leave_trace
from eakte.services.refusals import PAGE_GONE
from eakte.services.views import ImageView


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStack:
    """A line of the list: ``open`` proposals wait for an answer."""

    source_id: str
    name: str
    received: date
    pages: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPage:
    """A page of the stack; ``kind`` is what it is on paper (page, blank, separator, cover).

    ``words`` says how many were read on it.
    ``proposal``: a cut before this page was proposed, with its score (0..1) and its reasons.
    ``cut``: None while undecided or not proposed, else whether a document begins here.
    """

    page_id: str
    number: int
    kind: str
    words: int
    width_mm: float
    height_mm: float
    proposal: float | None
    reasons: tuple[str, ...]
    cut: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView:
    """A stack with its pages."""

    source_id: str
    name: str
    received: date
    pages: tuple[StackPage, ...]


@dataclass(frozen=True, slots=True)
class StackDesk:
    """For those at the clearing desk."""

    database: Database
    store: BlobStore
    pattern: AktenzeichenPattern

    def waiting(self, reader: Reader) -> tuple[WaitingStack, ...]:
        """What waits, oldest first; raises ``NotPermitted`` away from the desk."""
        check_at_desk(reader)
        with self.database.read() as session:
            return tuple(
                WaitingStack(
                    source_id=source.id,
                    name=source.name,
                    received=source.received_here,
                    pages=source.page_count or 0,
                    open=count,
                )
                for source, count in Stacks(session).waiting(reader)
            )

    def open(self, reader: Reader, source_id: str) -> StackView:
        """The stack; the look is audited. Raises ``NotFound``, ``Conflict`` where it is cut."""
        with self.database.write() as session:
            source = self._source(session, reader, source_id)
            AuditLog(session).note(reader, "source.open", "source", source.id)
            stacks = Stacks(session)
            proposals = {row.before: row for row in stacks.proposals(reader, source.id)}
            return StackView(
                source_id=source.id,
                name=source.name,
                received=source.received_here,
                pages=tuple(
                    _page(page, proposals.get(page.number))
                    for page in stacks.pages(reader, source.id)
                ),
            )

    def image(
        self, reader: Reader, source_id: str, page_id: str, *, thumbnail: bool = False
    ) -> ImageView:
        """The picture of a page of a stack that waits; a trace of the stack once a day."""
        with self.database.read() as session:
            page = Stacks(session).page(reader, source_id, page_id)
            if page is None:
                raise NotFound(PAGE_GONE)
            sha256 = page.thumbnail_sha256 if thumbnail else page.preview_sha256
            media_type = page.media_type
        leave_trace(self.database, reader, "source.open", "source", source_id)
        return ImageView(data=self.store.read(sha256), media_type=media_type, etag=sha256)

    def decide(
        self,
        reader: Reader,
        source_id: str,
        decisions: Mapping[int, bool],
        *,
        accept_rest: bool = False,
    ) -> int:
        """Cut the stack: by page number, whether a document begins there; returns how many.

        ``accept_rest``: proposals without an answer are accepted. Raises ``NotPermitted`` where
        proposals are left open, ``NotFound`` for a page that the stack does not have, ``Conflict``
        where somebody else was quicker.
        """
        with self.database.write() as session:
            source = self._source(session, reader, source_id, lock=True)
            stacks = Stacks(session)
            numbers = {page.number for page in stacks.pages(reader, source_id)}
            if decisions.keys() - numbers or 1 in decisions:
                raise NotFound("Vor dieser Seite lässt sich nicht trennen.")
            waiting = {
                row.before for row in stacks.proposals(reader, source_id) if row.state == "proposed"
            }
            rest = waiting - decisions.keys()
            if rest and not accept_rest:
                raise NotPermitted(
                    f"Zu {len(rest)} Vorschlägen fehlt noch die Antwort.",
                    remedy="Jeden mit Ja oder Nein beantworten oder alle annehmen.",
                )
            made = {**dict.fromkeys(rest, True), **decisions}
            # The rules' limits say what is proposed; here a person has the word.
            cutting = Cutting(session, self.pattern, CutRules())
            documents = cutting.decide(reader, source_id, made)
            AuditLog(session).note(
                reader,
                "source.decide_cuts",
                "source",
                source.id,
                details={
                    "made": sorted(one for one, wanted in made.items() if wanted),
                    "refused": sorted(one for one, wanted in made.items() if not wanted),
                },
            )
            return len(documents)

    @staticmethod
    def _source(
        session: EakteSession, reader: Reader, source_id: str, *, lock: bool = False
    ) -> Source:
        check_at_desk(reader)
        stacks = Stacks(session)
        source = stacks.get(reader, source_id, lock=lock)
        if source is not None:
            return source
        by = stacks.decided_by(reader, source_id)
        if by is not None:
            name = Organisation(session).names([by])[by]
            raise Conflict(f"{name} hat den Stapel schon getrennt.", remedy="Die Liste neu laden.")
        raise NotFound("Dieser Stapel wartet nicht.")


def _page(page: Page, proposal: CutProposal | None) -> StackPage:
    decided = {"made": True, "refused": False}
    return StackPage(
        page_id=page.id,
        number=page.number,
        kind=page.kind,
        words=page.word_count,
        width_mm=page.width_mm,
        height_mm=page.height_mm,
        proposal=proposal.score if proposal is not None else None,
        reasons=tuple(_words(reason) for reason in proposal.reasons) if proposal else (),
        cut=decided.get(proposal.state) if proposal is not None else None,
    )


def _words(reason: Any) -> str:  # noqa: ANN401  JSON: code and words
    if isinstance(reason, Mapping):
        return str(reason.get("words") or reason.get("message") or reason.get("code") or "")
    return str(reason[-1]) if isinstance(reason, list | tuple) and reason else str(reason)

"""Cutting a source into documents: surely at separators and covers, by proposal elsewhere.

Used by the step ``cut`` and by the desk that decides proposals: the logic stands once.  Works
within its caller's transaction.  Whatever happens, every page of the source is then in exactly one
place: kept or removed in one document, or a recorded separator sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from eakte.domain.arrivals import Given, given_from_json
from eakte.domain.conversion import MAIL_BODY
from eakte.domain.page_lists import Removal
from eakte.domain.pages import PageText, Remark, SheetKind
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.models import Page, Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.cuts import Cuts
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.sheets import remarks_to_json, sheet_of
from eakte.repositories.sources import Sources
from eakte.repositories.stacks import WAITING
from eakte.services.by_number import by_number
from eakte.services.counter_receipts import scan_came
from scanner_inbox.division import divide, proposable
from scanner_inbox.duplex import reading_order
from scanner_inbox.letter_starts import OTHER_REFERENCE, Look, look_at, starts_among
from scanner_inbox.payloads import (
    WRITTEN_COVER,
    WRITTEN_SEPARATOR,
    Cover,
    cover_key,
    cover_on,
)

COVERS = "covers"
"""Key of ``sources.given``: what the covers in it say, by document."""

COMMAND = "command"
"""``eakte intake``: whoever calls it waits for what became of the file, so it waits for no desk."""

WITH_SHEETS = frozenset({"scanner", COMMAND})
"""Channels whose files may hold separator and cover sheets."""

_CUTTER = system_reader("cut")
"""Reads the text of pages that are in no document yet."""

_UNSEEN = look_at(PageText(()))

_NOTED = {(WRITTEN_SEPARATOR, SheetKind.PAGE), (WRITTEN_COVER, SheetKind.COVER)}
"""Remarks on our own sheets that a person has to see, with what such a sheet is taken for."""

_NOT_OURS = "Das Deckblatt ist nicht von dieser Behörde gedruckt oder falsch gelesen."
_UNKNOWN = "Die Akte auf dem Deckblatt ist nicht bekannt."
_REORDERED = "Vorder- und Rückseiten wurden nach den gedruckten Seitenzahlen geordnet."


@dataclass(frozen=True, slots=True, kw_only=True)
class CutRules:
    """When a proposed cut is made, and when it is worth asking.

    ``made_from``: scores from which on a cut is made at once; ``asked_from``: from which on the
    source waits at the desk. Where not a single cut in a source is sure, it is taken for one letter
    with its enclosures; only scores from ``asked_alone_from`` on are asked, and only where the page
    names another file number than the one before.
    """

    made_from: float = 0.9
    asked_from: float = 0.5
    asked_alone_from: float = 0.8


_Start = tuple[int, float, list[dict[str, str]]]
"""Before which page, how sure (0..1), and why (code, words)."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """Cuts sources within ``session``'s transaction."""

    session: EakteSession
    pattern: AktenzeichenPattern
    rules: CutRules

    # -- the step ---------------------------------------------------------------------------

    def cut(self, reader: Reader, source: Source) -> list[str]:
        """The documents' ids; none where the source waits at the desk or holds separators only.

        What the command delivers never waits: cuts that are not sure are not made there.
        Run twice, it finds the same ones.
        """
        if source.state in {"cut", WAITING}:
            return self.document_ids(reader, source)
        run = self._run(reader, source)
        if self._is_run(source):
            starts = self._starts(run)
            if source.channel == COMMAND:
                starts = [one for one in starts if one[1] >= self.rules.made_from]
            Cuts(self.session).propose(reader, source.id, starts, self.rules.made_from, self._now)
            if self._must_ask(starts):
                source.state, source.changed_at = WAITING, self._now
                AuditLog(self.session).note(
                    reader, "source.wait", "source", source.id, details={"places": len(starts)}
                )
                return []
        return self._make(reader, source, run)

    def document_ids(self, reader: Reader, source: Source) -> list[str]:
        """The documents that were cut from ``source``."""
        return [one.id for one in Documents(self.session).of_source(reader, source.id)]

    # -- the desk ---------------------------------------------------------------------------

    def decide(self, reader: Reader, source_id: str, decisions: Mapping[int, bool]) -> list[str]:
        """Cut a waiting source as the desk says: ``{before: whether a document begins there}``.

        Proposals that are not named are refused.  Returns the documents' ids; a worker begins
        their workflows by itself (``Durable.resume_forgotten``).  Raises ``NotPermitted`` for
        other roles, ``NotFound``, ``Conflict`` where somebody was faster.
        """
        if not reader.at_clearing_desk:
            raise NotPermitted("Stapel trennt die Scanstelle.")
        source = Sources(self.session).get(reader, source_id)
        if source is None:
            raise NotFound("Diese Datei gibt es nicht.")
        if source.state != WAITING:
            raise Conflict(
                f"„{source.name}“ wurde inzwischen schon getrennt.", remedy="Die Seite neu laden."
            )
        run = self._run(reader, source)
        if not decisions.keys() <= {one.number for one in run}:
            raise NotFound("Vor dieser Seite lässt sich nicht trennen.")
        cuts = Cuts(self.session)
        open_ones = [
            one.before for one in cuts.of_source(reader, source_id) if one.state == "proposed"
        ]
        answers = {**dict.fromkeys(open_ones, False), **decisions}
        cuts.decide(reader, source_id, answers, self._now)
        return self._make(reader, source, run)

    # -- how --------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self.session.trail.clock.now()

    @staticmethod
    def _is_run(source: Source) -> bool:
        """Whether it may hold several letters: scans may, a mail with its enclosures may not."""
        if source.parts and source.parts[0]["name"] == MAIL_BODY:
            return False
        given = given_from_json(source.given)
        scanned = source.channel == "scanner"
        named = source.channel == COMMAND and source.reading_sha256 is None
        usual = "run" if scanned or named else "letter"
        mode = source.given.get("batch_mode") or usual
        return mode == "run" and not given.one_letter and not given.aktenzeichen

    def _run(self, reader: Reader, source: Source) -> list[_Sheet]:
        """The sheets in the order in which they are to be read.

        Our own sheets are known only in what a scanner or the command delivers; a cover that can't
        be trusted is a page like any other, with a remark.
        """
        pages = Sources(self.session).pages(reader, source.id)
        looks = self._looks(pages)
        sheets = []
        for page in pages:
            kind, cover = SheetKind(page.kind), None
            if source.channel not in WITH_SHEETS and kind is not SheetKind.BLANK:
                kind = SheetKind.PAGE
            if kind is SheetKind.COVER:
                cover = cover_on(sheet_of(page).codes)
                doubt = self._doubt(cover)
                if doubt is not None:
                    kind, cover = SheetKind.PAGE, None
                    remark = Remark(code="cover_ignored", message=doubt, page=page.number)
                    _note(source, remark)
            noted = source.channel in WITH_SHEETS and any(
                (one["code"], kind) in _NOTED for one in page.remarks
            )
            look = looks.get(page.id, _UNSEEN)
            sheets.append(_Sheet(page=page, kind=kind, cover=cover, look=look, noted=noted))
        return self._in_order(source, sheets)

    def _looks(self, pages: Sequence[Page]) -> dict[str, Look]:
        """What is seen on each page, by its id."""
        if len(pages) < 2:
            return {}  # nothing to cut
        texts = Sources(self.session).each_text(_CUTTER, [page.id for page in pages])
        return {page_id: look_at(text) for page_id, text in texts}

    @staticmethod
    def _in_order(source: Source, sheets: list[_Sheet]) -> list[_Sheet]:
        """Fronts and backs of a one-sided scanner in the order that their numbers prove."""
        ours = {SheetKind.SEPARATOR, SheetKind.COVER}
        if source.channel not in WITH_SHEETS or any(
            one.kind in ours or one.noted for one in sheets
        ):
            return sheets
        printed = [(one.number, (one.look.number or (None,))[0]) for one in sheets]
        order = reading_order(printed)
        if order is None:
            return sheets
        _note(source, Remark(code="reordered", message=_REORDERED))
        sheet_of = {one.number: one for one in sheets}
        return [sheet_of[number] for number in order]

    def _doubt(self, cover: Cover | None) -> str | None:
        """Why the cover is not believed; None where it is."""
        if cover is None or not cover.is_signed(cover_key(self.session.trail.key)):
            return _NOT_OURS
        known = by_number(self.session, _CUTTER, self.pattern, cover.aktenzeichen)
        return _UNKNOWN if known is None else None

    def _starts(self, run: Sequence[_Sheet]) -> list[_Start]:
        """Places worth a cut or a question, within what separators leave together."""
        sensible = set(proposable(_kinds(run), _noted(run)))
        content = [one for one in run if one.kind is SheetKind.PAGE]
        return [
            (content[one.place].number, one.score, [asdict(reason) for reason in one.reasons])
            for one in starts_among([sheet.look for sheet in content])
            if content[one.place].number in sensible and one.score >= self.rules.asked_from
        ]

    def _must_ask(self, starts: Sequence[_Start]) -> bool:
        unsure = [one for one in starts if one[1] < self.rules.made_from]
        if len(unsure) < len(starts):
            return bool(unsure)
        return any(
            score >= self.rules.asked_alone_from
            and any(reason["code"] == OTHER_REFERENCE for reason in reasons)
            for _, score, reasons in unsure
        )

    def _make(self, reader: Reader, source: Source, run: Sequence[_Sheet]) -> list[str]:
        proposals = Cuts(self.session).of_source(reader, source.id)
        cuts = {one.before for one in proposals if one.state == "made"}
        division = divide(_kinds(run), cuts, _noted(run))
        sheets = {one.number: one for one in run}
        audit, ids, covers = AuditLog(self.session), [], {}
        for ordinal, letter in enumerate(division.letters, start=1):
            listed = [sheets[number] for number in letter.pages]
            document = Documents(self.session).cut(
                reader,
                source,
                [one.page for one in listed],
                self._now,
                removed={
                    one.page.id: one.removal for one in listed if one.number in letter.removed
                },
                ordinal=ordinal,
            )
            ids.append(document.id)
            said = next((one.given for one in listed if one.given is not None), None)
            if said is not None:
                covers[document.id] = said.to_json()
                if said.receipt is not None:
                    scan_came(self.session, reader, said.receipt, document, self._now)
            audit.note(
                reader, "document.cut", "document", document.id, details={"source": source.id}
            )
        if division.separators:
            details = {"pages": list(division.separators)}
            audit.note(reader, "source.separators", "source", source.id, details=details)
        if covers:
            source.given = {**source.given, COVERS: covers}
        source.state, source.changed_at = "cut", self._now
        return ids


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A page as the cutting takes it."""

    page: Page
    kind: SheetKind
    cover: Cover | None
    look: Look
    noted: bool = False
    """One of our own sheets with something written on it."""

    @property
    def number(self) -> int:
        return self.page.number

    @property
    def removal(self) -> Removal:
        return Removal.COVER if self.kind is SheetKind.COVER else Removal.BLANK

    @property
    def given(self) -> Given | None:
        """What the cover gives the letter under it."""
        if self.cover is None:
            return None
        return Given(
            aktenzeichen=self.cover.aktenzeichen,
            schlagwort=self.cover.schlagwort or None,
            by="cover",
            receipt=self.cover.receipt or None,
        )


def _kinds(run: Iterable[_Sheet]) -> list[tuple[int, SheetKind]]:
    return [(one.number, one.kind) for one in run]


def _noted(run: Iterable[_Sheet]) -> frozenset[int]:
    return frozenset(one.number for one in run if one.noted)


def _note(source: Source, remark: Remark) -> None:
    row = remarks_to_json((remark,))[0]
    if row not in source.remarks:
        source.remarks = [*source.remarks, row]

"""Sticky notes, highlights and stamps: a layer over the pages, never in the original.

They key on the page: split, merged or turned, a document carries them along.  Whoever may open the
document sees them; only who made one takes it away, and it stays among the rows as removed.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.models import Annotation
from eakte.repositories.annotations import Annotations as AnnotationRows
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.organisation import Organisation
from eakte.services.refusals import attempts_noted, kept_page, open_document
from eakte.services.views import AnnotationView

PLACE = system_reader("annotations")
LONGEST = 1_000
"""Characters of a note."""
SMALLEST = 0.004
"""A box is never thinner than this share of the page: a click without a drag."""


class AnnotationKind(enum.StrEnum):
    """What is put on a page."""

    NOTE = "note"
    HIGHLIGHT = "highlight"
    STAMP = "stamp"


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the upright page."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """Putting something on a page, and taking it away."""

    database: Database

    def add(  # noqa: PLR0917  who puts what where
        self,
        reader: Reader,
        document_id: str,
        number: int,
        kind: AnnotationKind,
        box: Sequence[float],
        text: str = "",
    ) -> str:
        """Put it on kept page ``number`` (from 1); returns its id.

        Raises ``NotFound`` for a document not open to the reader or a page that is not there, and
        ``Unusable`` for a box that is none, a note without words or a text that is too long.
        """
        place, words = placed(box), said(kind, text)
        with attempts_noted(self.database, reader), self.database.write() as session:
            page_id = _page(session, reader, document_id, number)
            row = Annotation(
                id=new_id(),
                page_id=page_id,
                kind=kind.value,
                x0=place[0],
                y0=place[1],
                x1=place[2],
                y1=place[3],
                text=words,
                author=reader.login,
                made_at=self.database.clock.now(),
                case_file_id=_file_of(session, document_id),
            )
            AnnotationRows(session).add(row)
            _note(session, reader, "document.annotate", document_id, row)
            return row.id

    def remove(self, reader: Reader, document_id: str, annotation_id: str, version: int) -> None:
        """Take away what the reader put there; it stays as removed.

        Raises ``NotFound``, ``NotPermitted`` where somebody else made it, ``Conflict`` where it is
        gone already.
        """
        with attempts_noted(self.database, reader), self.database.write() as session:
            open_document(session, reader, document_id)
            row = AnnotationRows(session).get(reader, document_id, annotation_id)
            if row is None:
                raise NotFound("Diese Anmerkung gibt es nicht.")
            if row.author != reader.login:
                raise NotPermitted(
                    "Diese Anmerkung hat jemand anderes gemacht.",
                    remedy="Nur wer sie gemacht hat, kann sie entfernen.",
                )
            if row.removed_at is not None or row.version != version:
                raise Conflict("Diese Anmerkung ist schon entfernt.")
            row.removed_at, row.removed_by = self.database.clock.now(), reader.login
            _note(session, reader, "document.unannotate", document_id, row)


def annotation_views(
    session: EakteSession, reader: Reader, document_id: str, numbers: dict[str, int]
) -> tuple[AnnotationView, ...]:
    """What stands on the kept pages; ``numbers`` are those of the pages by their ids."""
    rows = [
        row
        for row in AnnotationRows(session).of_document(reader, document_id)
        if row.page_id in numbers
    ]
    names = Organisation(session).names(row.author for row in rows) if rows else {}
    return tuple(
        AnnotationView(
            id=row.id,
            version=row.version,
            page=numbers[row.page_id],
            kind=row.kind,
            box=(row.x0, row.y0, row.x1, row.y1),
            text=row.text,
            author=names[row.author],
            made_at=row.made_at,
            own=row.author == reader.login,
        )
        for row in rows
    )


def placed(box: Sequence[float]) -> Box:
    """The box in its order and on the page; raises ``Unusable`` where it is none."""
    if len(box) != 4 or not all(math.isfinite(one) for one in box):
        raise Unusable("Der Platz auf der Seite fehlt.", remedy="Die Anmerkung noch einmal setzen.")
    left, right = _side(box[0], box[2])
    top, bottom = _side(box[1], box[3])
    return left, top, right, bottom


def said(kind: AnnotationKind, text: str) -> str:
    """What is written; raises ``Unusable`` where a note or stamp says nothing."""
    words = text.replace("\r\n", "\n").strip()
    if not words and kind is not AnnotationKind.HIGHLIGHT:
        raise Unusable("Die Anmerkung ist leer.", remedy="Einen Text eingeben.")
    if len(words) > LONGEST:
        raise Unusable("Die Anmerkung ist zu lang.", remedy=f"Höchstens {LONGEST} Zeichen.")
    return words


def _side(first: float, second: float) -> tuple[float, float]:
    """Both ends within the page, at least ``SMALLEST`` apart."""
    start = min(max(min(first, second), 0.0), 1.0 - SMALLEST)
    return start, max(min(max(first, second), 1.0), start + SMALLEST)


def _page(session: EakteSession, reader: Reader, document_id: str, number: int) -> str:
    open_document(session, reader, document_id)
    return kept_page(session, reader, document_id, number)


def _file_of(session: EakteSession, document_id: str) -> str | None:
    """The file in which it is made, whoever may see that: a Fehlablage takes it out with it."""
    filings = Documents(session).filings(PLACE, [document_id])[document_id]
    return filings[0][0].case_file_id if filings else None


def _note(
    session: EakteSession, reader: Reader, action: str, document_id: str, row: Annotation
) -> None:
    details = {"annotation": row.id, "page": row.page_id, "kind": row.kind}
    AuditLog(session).note(reader, action, "document", document_id, details=details)

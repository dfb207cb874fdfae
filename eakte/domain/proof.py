"""What replaces the paper, as values: the transfer note, and what becomes of the sheets.

The transfer note (Transfervermerk) is demanded of every scan by BSI TR-03138 (RESISCAN) 1.5; its
points (a) to (f) are the fields below, in that order.
"""

from __future__ import annotations

import enum
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from eakte.domain.pages import Remark

SEVERAL = "; "
"""Between the names of several people who scanned one batch."""

AND_MORE = "und weitere"
OPERATOR_LENGTH = 200
"""As much as fits ``Batch.operator``."""

STANDARD = "BSI TR-03138 (RESISCAN) 1.5"


class PaperFate(enum.StrEnum):
    """What becomes of a document's sheets once the scan stands for them."""

    DESTROY = "destroy"
    KEEP = "keep"
    RETURN = "return"
    FORWARD = "forward"


def operators_together(before: str | None, more: str) -> str:
    """Who scanned a batch to which several people added: each once, in the order of arrival."""
    known = before.split(SEVERAL) if before else []
    if more in known or AND_MORE in known:
        return SEVERAL.join(known)
    joined = SEVERAL.join([*known, more])
    if len(joined) <= OPERATOR_LENGTH:
        return joined
    end = SEVERAL + AND_MORE
    return SEVERAL.join(known)[: OPERATOR_LENGTH - len(end)] + end


def stricter(one: str | None, other: str | None) -> str | None:
    """The fate of paper that comes together: kept before sent, destroyed only if both are."""
    order = (PaperFate.KEEP, PaperFate.RETURN, PaperFate.FORWARD, None, PaperFate.DESTROY)
    return min(one, other, key=order.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNote:
    """The note of one scan, one field a point of the guideline.

    ``creator`` is who scanned, by name or pseudonym; ``environment`` pairs of label and value
    (device, profile, product, engine, steps); ``anomalies`` whatever was out of the ordinary;
    ``scanned_at`` when the scan reached the system; ``quality`` what was counted and checked;
    ``identity`` the statement that scan and paper agree, as far as it is known. ``number`` counts
    the notes of one scan from 1; ``original_sha256`` names the bytes that they speak of.
    """

    number: int
    original_sha256: str
    creator: str
    environment: tuple[tuple[str, str], ...]
    anomalies: tuple[Remark, ...]
    scanned_at: datetime
    quality: tuple[str, ...]
    identity: str

    def adding(self, remarks: Iterable[Remark]) -> TransferNote:
        """The note with further anomalies, each once."""
        more = tuple(one for one in dict.fromkeys(remarks) if one not in self.anomalies)
        return replace(self, anomalies=self.anomalies + more)

    def to_json(self) -> dict[str, Any]:
        """For ``transfer_notes.note``."""
        return {
            "standard": STANDARD,
            "number": self.number,
            "original_sha256": self.original_sha256,
            "creator": self.creator,
            "environment": [list(pair) for pair in self.environment],
            "anomalies": [
                {"code": one.code, "message": one.message, "page": one.page}
                for one in self.anomalies
            ],
            "scanned_at": self.scanned_at.isoformat(),
            "quality": list(self.quality),
            "identity": self.identity,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> TransferNote:
        """The note of a row; the inverse of :meth:`to_json`."""
        return cls(
            number=row["number"],
            original_sha256=row["original_sha256"],
            creator=row["creator"],
            environment=tuple((label, value) for label, value in row["environment"]),
            anomalies=tuple(
                Remark(code=one["code"], message=one["message"], page=one["page"])
                for one in row["anomalies"]
            ),
            scanned_at=datetime.fromisoformat(row["scanned_at"]),
            quality=tuple(row["quality"]),
            identity=row["identity"],
        )


def anomaly_text(remark: Remark) -> str:
    """A remark as one line of the note: ``Seite 3: gerade gerückt``."""
    return remark.message if remark.page is None else f"Seite {remark.page}: {remark.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRules:
    """``[quality]`` and ``[paper]`` of the settings.

    All pages of documents that carry a Schlagwort of ``full_check`` are checked by eye, of others
    a share. Paper is kept ``paper_weeks`` after its scan.
    ``duplex``: a sheet makes two pages. ``operator`` is the creator where nobody named one, and
    ``pseudonyms`` say which login is behind the name that a scanner tells. Documents with a
    Schlagwort of ``never_destroy`` never stand on a list for destruction; ``suggested`` says what
    else becomes of whose paper.
    """

    paper_weeks: int = 13
    duplex: bool = True
    operator: str = ""
    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    full_check: frozenset[str] = frozenset()
    never_destroy: frozenset[str] = frozenset()
    suggested: Mapping[str, PaperFate] = field(default_factory=dict)

    def expected_pages(self, sheets: int) -> int:
        """How many pages ``sheets`` make."""
        return sheets * 2 if self.duplex else sheets

    def must_be_kept(self, schlagworte: Iterable[str]) -> bool:
        """Whether paper with these Schlagworte may never be destroyed."""
        return not self.never_destroy.isdisjoint(schlagworte)

    def fate(self, schlagworte: Iterable[str]) -> PaperFate:
        """What the rules suggest: the first Schlagwort with a rule decides, else destroy."""
        carried = sorted(schlagworte)
        for schlagwort in carried:
            if schlagwort in self.suggested:
                return self.suggested[schlagwort]
        return PaperFate.KEEP if self.must_be_kept(carried) else PaperFate.DESTROY

    def is_operator(self, operator: str | None, login: str, name: str) -> bool:
        """Whether ``login`` is one of those who scanned, by login, name or pseudonym."""
        if not operator:
            return False
        if operator.endswith(AND_MORE):
            return True  # not all of them are known: nobody can prove to be another
        named = [operator, *operator.split(SEVERAL)]
        known = {one.casefold() for one in named}
        known |= {self.pseudonyms.get(one, one).casefold() for one in named}
        return login.casefold() in known or name.casefold() in known


def sample(batch_id: str, page_ids: Iterable[str], percent: float) -> frozenset[str]:
    """Those of ``page_ids`` that are checked by eye: ``percent`` of them, at least one.

    The order is that of a hash over batch and page: nobody chooses, everybody can do it again, and
    the answer does not depend on the order in which the pages are given.
    """
    ordered = sorted(set(page_ids), key=lambda one: _lot(batch_id, one))
    return frozenset(ordered[: math.ceil(len(ordered) * percent / 100) or 1])


def _lot(batch_id: str, page_id: str) -> bytes:
    return hashlib.sha256(f"{batch_id}:{page_id}".encode()).digest()

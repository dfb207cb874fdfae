"""What the codes on our own sheets say: „a document ends here“, „what follows goes there“.

A cover sheet's text is signed with a secret of this authority, so that nobody outside can print a
sheet that carries a letter into a file of their choice.  Reading the form needs no secret (OCR
processes do it); trusting a cover does (:meth:`Cover.is_signed`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace

from eakte.domain.pages import PageCode, SheetKind

SEPARATOR = "EAKTE1|T|TRENNBLATT"
"""QR and Code 128 of every separator sheet; the ``1`` is the version of the form."""

WRITTEN_SEPARATOR, WRITTEN_COVER = "written_separator", "written_cover"
"""Codes of the remarks on sheets that bear more than their print."""

_COVER = "EAKTE1|C|"
_PURPOSE = b"eakte cover sheets 1"
_SIGNS = 16
"""Hexadecimal digits of the signature: 64 bits, against one try a printed sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a cover sheet says: file number (canonical form), Schlagwort, signature.

    ``receipt`` is the number of the receipt for what was handed in at the counter; empty: none.
    """

    aktenzeichen: str
    schlagwort: str
    signature: str
    receipt: str = ""

    def is_signed(self, key: bytes) -> bool:
        """Whether this authority printed it; ``key`` as of :func:`cover_key`."""
        return hmac.compare_digest(self.signature, _signature(self, key))

    @property
    def text(self) -> str:
        """The text of its code."""
        more = f"|{self.receipt}" if self.receipt else ""
        return f"{_COVER}{self.aktenzeichen}|{self.schlagwort}|{self.signature}{more}"


def cover_key(secret: bytes) -> bytes:
    """The key for cover sheets, derived from the authority's ``secret``."""
    return hmac.new(secret, _PURPOSE, hashlib.sha256).digest()


def signed_cover(aktenzeichen: str, schlagwort: str, key: bytes, receipt: str = "") -> Cover:
    """The cover for a file and a Schlagwort, and for what a receipt was given for."""
    plain = Cover(aktenzeichen=aktenzeichen, schlagwort=schlagwort, signature="", receipt=receipt)
    return replace(plain, signature=_signature(plain, key))


def read_cover(text: str) -> Cover | None:
    """The cover that a code's text spells, signed or not; None for any other code."""
    parts = text.removeprefix(_COVER).split("|")
    if not text.startswith(_COVER) or len(parts) not in {3, 4} or not parts[0]:
        return None
    receipt = parts[3] if len(parts) == 4 else ""
    return Cover(aktenzeichen=parts[0], schlagwort=parts[1], signature=parts[2], receipt=receipt)


def kind_of(codes: Iterable[PageCode]) -> SheetKind:
    """What sheet the codes make of a page; foreign codes make nothing of it."""
    texts = [code.text for code in codes]
    if SEPARATOR in texts:
        return SheetKind.SEPARATOR
    if any(read_cover(text) is not None for text in texts):
        return SheetKind.COVER
    return SheetKind.PAGE


def cover_on(codes: Iterable[PageCode]) -> Cover | None:
    """The first cover among the codes of a page."""
    return next((cover for code in codes if (cover := read_cover(code.text)) is not None), None)


def _signature(cover: Cover, key: bytes) -> str:
    more = f"|{cover.receipt}" if cover.receipt else ""
    said = f"{cover.aktenzeichen}|{cover.schlagwort}{more}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:_SIGNS]

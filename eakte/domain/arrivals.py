"""One file as it arrived, and what its channel already says about it.

Every channel stores the bytes (fsynced) and hands an :class:`Arrival` to ``receive``; nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from eakte.domain.pages import Remark

ONLINE, MAIL, COURT_MAIL, UPLOAD, INTERFACE, NOTE = (
    "online",
    "mail",
    "court_mail",
    "upload",
    "interface",
    "note",
)
"""Names of channels that are at the same time the form of arrival."""

SidecarField = Literal[
    "operator",
    "device",
    "sheets",
    "received",
    "aktenzeichen",
    "schlagwort",
    "first_name",
    "last_name",
    "birth_date",
    "street",
    "postcode",
    "city",
]
"""What a side-car may tell.  The last six make an online application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerRun:
    """What is known of a batch beside its files; None where nobody said.

    ``operator`` and ``device`` are who scanned with what (TR-03138), ``sheets`` is the scanner's
    own count.
    """

    profile: str | None = None
    site_id: str | None = None
    operator: str | None = None
    device: str | None = None
    sheets: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file as it arrived.

    ``key`` names this very arrival (same file, same moment), so that taking it again after a
    crash finds the first; ``batch`` is the folder or run it came with.  ``form`` is how it reached
    the authority, ``given`` what the channel already says about it, ``parent_id`` the source that
    it was a member of (an archive), ``run`` what the scanner tells about the batch.  ``refused``
    (code, sentence) sends it straight into quarantine.
    """

    key: str
    channel: str
    batch: str
    name: str
    sha256: str
    size: int
    received: date
    form: str = "paper"
    given: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    parent_id: str | None = None
    refused: tuple[str, str] | None = None
    run: ScannerRun | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The source of an arrival; ``state`` ``received`` waits for its workflow."""

    source_id: str
    state: str
    duplicate_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known of a document before anybody reads it: from its channel or its cover sheet.

    ``schlagwort`` and ``aktenzeichen`` (canonical) are decisions of ``by``: a login, ``token:NAME``
    or ``cover``; they are not guessed again.  ``filed``: it goes to the file at once, to no
    postbox.  ``claims`` are lines that the sender says about himself (a number, a name, an
    address): they are checked like what stands in a letter, never believed (invariant 3).
    ``sub_file`` is where it is filed, if not where its Schlagwort belongs.
    ``schlagwort_else`` is the Schlagwort where the rules find none.  ``one_letter``: the source
    is one letter, whatever its pages look like.  ``applicant`` is who sent an online application
    (``first_name``, ``last_name``, ``birth_date``, ``street``, ``postcode``, ``city``).
    ``receipt`` is the number of the receipt that was given for it at the counter.
    """

    aktenzeichen: str | None = None
    schlagwort: str | None = None
    schlagwort_else: str | None = None
    sub_file: str | None = None
    by: str = ""
    filed: bool = False
    one_letter: bool = False
    claims: tuple[str, ...] = ()
    applicant: Mapping[str, str] = field(default_factory=dict)
    receipt: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``sources.given``; what is not said is left out."""
        values = {
            "aktenzeichen": self.aktenzeichen,
            "schlagwort": self.schlagwort,
            "schlagwort_else": self.schlagwort_else,
            "sub_file": self.sub_file,
            "by": self.by,
            "filed": self.filed,
            "one_letter": self.one_letter,
            "claims": list(self.claims),
            "applicant": dict(self.applicant),
            "receipt": self.receipt,
        }
        return {name: value for name, value in values.items() if value}


def given_from_json(value: Mapping[str, Any]) -> Given:
    """The reverse of ``Given.to_json``; further keys of a channel's own are left alone."""
    return Given(
        aktenzeichen=value.get("aktenzeichen"),
        schlagwort=value.get("schlagwort"),
        schlagwort_else=value.get("schlagwort_else"),
        sub_file=value.get("sub_file"),
        by=value.get("by", ""),
        filed=bool(value.get("filed", False)),
        one_letter=bool(value.get("one_letter", False)),
        claims=tuple(value.get("claims", ())),
        applicant=dict(value.get("applicant", {})),
        receipt=value.get("receipt"),
    )

"""What is known of a folder before anything lies in it: whose scanner, which day, which form.

Every watched folder has a profile (``[[inbox.profiles]]``).  The rules here are pure; watching is
:mod:`scanner_inbox.watch`'s affair, custody that of :mod:`scanner_inbox.custody`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from eakte.domain.pages import Remark
from scanner_inbox.sidecar import SidecarRule

BERLIN = ZoneInfo("Europe/Berlin")
FUTURE = Remark(
    code="receipt_in_future",
    message="Die Zeit der Datei liegt in der Zukunft; als Eingang gilt der Tag der Annahme.",
)
NO_DAY = Remark(
    code="receipt_unknown",
    message="Die Begleitdatei nennt keinen Eingangstag; es gilt der Tag der Annahme.",
)
_RULE = re.compile(r"(today|file_time|sidecar)|next_working_day_after (\d\d):(\d\d)")

WorkingDay = Callable[[date], bool]


class BatchMode(enum.StrEnum):
    """What one file is.

    ``folder``: a part of its folder's batch of the day; ``run``: a scanner run of its own, which
    may hold many letters; ``letter``: one letter, which nobody cuts.
    """

    FOLDER = "folder"
    RUN = "run"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRule:
    """Which day counts as the day of receipt.

    ``today``: when it is taken.  ``file_time``: the file's own time stamp.  ``sidecar``: as the
    side-car says.  ``next_working_day_after``: the file's day; from ``after`` on, and on days
    without work, the next working day.
    """

    kind: str = "today"
    after: time | None = None

    @classmethod
    def parse(cls, text: str) -> ReceiptRule:
        """The rule as the settings write it; raises ``ValueError`` with a German sentence."""
        found = _RULE.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                f"„{text}“ ist keine Regel für den Eingangstag; erlaubt sind today, file_time, "
                "sidecar und next_working_day_after HH:MM"
            )
        if found[1]:
            return cls(kind=found[1])
        hour, minute = int(found[2]), int(found[3])
        if hour > 23 or minute > 59:
            raise ValueError(f"„{text}“ nennt keine Uhrzeit")
        return cls(kind="next_working_day_after", after=time(hour, minute))

    def day(
        self, modified_ns: int, now: datetime, is_working_day: WorkingDay, said: date | None
    ) -> tuple[date, Remark | None]:
        """The day of receipt in Europe/Berlin, and what was out of the ordinary about it.

        ``modified_ns`` is the file's time stamp, ``now`` the present instant, ``said`` what the
        side-car says.  No rule gives a day after today, except that of the next working day.
        """
        here = now.astimezone(BERLIN)
        if self.kind == "today":
            return here.date(), None
        if self.kind == "sidecar":
            if said is None:
                return here.date(), NO_DAY
            return (here.date(), FUTURE) if said > here.date() else (said, None)
        written = datetime.fromtimestamp(modified_ns / 1e9, tz=UTC).astimezone(BERLIN)
        remark = None
        if written > here + timedelta(minutes=5):  # clocks of scanners differ a little
            written, remark = here, FUTURE
        day = min(written, here).date()
        if self.after is not None:
            late = written.time() >= self.after
            while late or not is_working_day(day):
                day, late = day + timedelta(days=1), False
        return day, remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A watched folder; None where nobody said.  ``form`` is how its post reached the authority."""

    id: str
    folder: Path
    site: str | None = None
    receipt: ReceiptRule = field(default_factory=ReceiptRule)
    batch: BatchMode = BatchMode.FOLDER
    operator: str | None = None
    device: str | None = None
    form: str = "paper"
    sidecar: SidecarRule | None = None

    def batch_name(self, folder: str, name: str) -> str:
        """The batch that a file belongs to; ``folder`` is its place below the profile's."""
        if self.batch is BatchMode.RUN:
            stem = name.rpartition(".")[0] or name
            return f"{folder}/{stem}" if folder else stem
        return folder or ("inbox" if self.id == DEFAULT else self.id)


DEFAULT = "standard"
"""The id of the profile that ``[inbox]`` itself describes."""

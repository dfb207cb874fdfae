"""The watched inbox folders bound to ``receive``: settled files become sources.

Every folder has a profile; a side-car beside a file is taken into custody with it and leaves the
folder after it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from eakte.domain.arrivals import ONLINE, Given
from eakte.domain.pages import Remark
from eakte.intake.receive import Arrival, Received, ScannerRun, receive
from eakte.intake.tools import STEP
from eakte.ports import BlobStore
from eakte.repositories.database import Database
from eakte.repositories.sources import Sources
from eakte.services.handing_in import claims_of
from scanner_inbox import custody, sidecar
from scanner_inbox.custody import Left, LeftBecause, Taken
from scanner_inbox.profiles import BatchMode, Profile, WorkingDay
from scanner_inbox.sidecar import SidecarFacts, SidecarRule
from scanner_inbox.watch import Inbox, WatchSettings

log = structlog.get_logger(__name__)

NO_FACTS = SidecarFacts()
Begin = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Companion:
    """A side-car that was read and whose bytes are in the store; ``path`` None: there is none."""

    facts: SidecarFacts = NO_FACTS
    path: Path | None = None
    name: str = ""
    sha256: str = ""


@dataclass(slots=True, kw_only=True)
class InboxChannel:
    """Takes files of one profile's folder; ``begin`` starts the work on a committed source."""

    database: Database
    store: BlobStore
    profile: Profile
    begin: Begin
    is_working_day: WorkingDay
    quiet_seconds: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)

    def take(self, path: Path) -> Taken[Received] | Left:
        """One settled file, with its side-car where the profile has such."""
        rule = self.profile.sidecar
        if rule is None:
            return self._take(path, _Companion())
        if rule.is_sidecar(path):
            return self._take_left_over(path, rule)
        companion = self._companion(path, rule)
        if isinstance(companion, Left):
            return companion
        taken = self._take(path, companion)
        if isinstance(taken, Taken):
            self._forget(path)
            if companion.path is not None:
                self._remove(companion.path)
        return taken

    def _take(self, path: Path, companion: _Companion) -> Taken[Received] | Left:
        def received(arrival: custody.Arrival) -> Received:
            taken = receive(self.database, self._arrival(arrival, companion))
            if taken.state == "received":
                self.begin(taken.source_id)
            return taken

        return custody.take(path, self.store, received, inbox=self.profile.folder)

    # -- side-cars ----------------------------------------------------------------------------

    def _companion(self, path: Path, rule: SidecarRule) -> _Companion | Left:
        """The side-car of the scan, once it has settled; a scan waits for it for a while."""
        found = rule.beside(path)
        if found is None:
            if self._quiet_for(path) < rule.wait_seconds:
                return _waiting(path)
            return _Companion(facts=SidecarFacts(remarks=(sidecar.missing(rule.wait_seconds),)))
        if self._quiet_for(found) < self.quiet_seconds:
            return _waiting(path)
        with found.open("rb") as file:
            data = file.read(sidecar.MAX_BYTES + 1)
        return _Companion(
            facts=sidecar.read_sidecar(data, rule),
            path=found,
            name=custody.display_name(found),
            sha256=self.store.put_file(found),
        )

    def _take_left_over(self, path: Path, rule: SidecarRule) -> Left:
        """A side-car alone: its scan follows, or was taken before a crash; else it stays."""
        if rule.has_scan(path) or self._quiet_for(path) < rule.wait_seconds:
            return _waiting(path)
        sha256 = self.store.put_file(path)
        with self.database.read() as session:
            known = Sources(session).knows_companion(STEP, sha256)
        if known:
            self._remove(path)
            return _waiting(path)
        return Left(
            path=path,
            because=LeftBecause.ALONE,
            message=f"„{custody.display_name(path)}“ ist eine Begleitdatei ohne ihre Datei.",
            remedy="Bitte die fehlende Datei dazulegen oder die Begleitdatei entfernen.",
        )

    def _remove(self, path: Path) -> None:
        """Out of the folder, its bytes being in the store and its hash in the source's row."""
        left = custody.take(path, self.store, lambda arrival: arrival)
        self._forget(path)
        if isinstance(left, Left) and left.because is not LeftBecause.VANISHED:
            log.warning("inbox.left", file=str(path), reason=left.message, remedy=left.remedy)

    def _quiet_for(self, path: Path) -> float:
        """For how many seconds the file has been as it is now."""
        found = path.stat()
        state = (found.st_size, found.st_mtime_ns)
        known = self._seen.get(path)
        if known is None or known[0] != state:
            self._seen[path] = known = (state, self.clock())
        return self.clock() - known[1]

    def _forget(self, path: Path) -> None:
        self._seen.pop(path, None)

    # -- the arrival --------------------------------------------------------------------------

    def _arrival(self, arrival: custody.Arrival, companion: _Companion) -> Arrival:
        profile, facts = self.profile, companion.facts
        now = self.database.clock.now()
        day, remark = profile.receipt.day(
            arrival.modified_ns, now, self.is_working_day, facts.received
        )
        remarks: list[Remark] = [*facts.remarks, *([remark] if remark else [])]
        online = profile.form == ONLINE
        return Arrival(
            key=arrival.key,
            channel=ONLINE if online else "scanner",
            batch=profile.batch_name(arrival.folder, arrival.name),
            name=arrival.name,
            sha256=arrival.sha256,
            size=arrival.size,
            received=day,
            form=profile.form,
            given=self._given(facts, companion, online=online),
            remarks=tuple(remarks),
            run=ScannerRun(
                profile=profile.id,
                site_id=profile.site,
                operator=facts.operator or profile.operator,
                device=facts.device or profile.device,
                sheets=facts.sheets,
            ),
        )

    def _given(self, facts: SidecarFacts, companion: _Companion, *, online: bool) -> dict[str, Any]:
        """A number in a side-car is a claim: somebody typed it, and nobody looked at the name."""
        given = Given(
            schlagwort=facts.schlagwort if online else None,
            schlagwort_else=None if online else facts.schlagwort,
            by=f"sidecar:{self.profile.id}" if facts.schlagwort else "",
            one_letter=online or self.profile.batch is BatchMode.LETTER,
            claims=claims_of(facts.aktenzeichen or "", facts.applicant),
            applicant=facts.applicant,
        ).to_json()
        if companion.sha256:
            given["files"] = [
                {"name": companion.name, "sha256": companion.sha256, "what": "sidecar"}
            ]
        return given


def watched(
    channel: InboxChannel, settings: WatchSettings, *, without: Collection[Path] = ()
) -> Inbox[Received]:
    """The profile's folder under watch; ``without`` are folders below it that others watch."""

    def report(left: Left) -> None:
        log.warning(
            "inbox.left", file=os.fspath(left.path), reason=left.message, remedy=left.remedy
        )

    return Inbox(
        channel.profile.folder, channel.take, report=report, settings=settings, without=without
    )


def _waiting(path: Path) -> Left:
    return Left(
        path=path,
        because=LeftBecause.WAITING,
        message=f"„{custody.display_name(path)}“ wartet auf das andere seines Paars.",
        retry=True,
    )

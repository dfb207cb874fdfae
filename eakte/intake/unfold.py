"""unfold: the members of a ZIP become sources of their own; the archive itself stays as it came.

Only ZIP unfolds; a mail with its attachments stays one unit (``recognise`` makes its reading copy).
Works outside any transaction until the members' bytes are in the store; run twice, it finds the
same members.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from eakte.domain.conversion import Member, Part, Unfolded
from eakte.errors import IntakeError
from eakte.intake.quarantine import quarantine
from eakte.intake.receive import Arrival, receive
from eakte.intake.tools import STEP, PagePool, Tools, the
from eakte.models import Batch, Source
from eakte.repositories.audit import AuditLog
from eakte.repositories.sheets import remarks_to_json
from eakte.repositories.sources import Sources

NESTED = 3
"""Archives within archives; one that lies deeper goes into quarantine unopened."""

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def unfold(tools: Tools, source_id: str) -> list[str]:
    """The members that want a workflow of their own; none where the source is no archive."""
    with tools.database.read() as session:
        sources = Sources(session)
        source = the(sources.get(STEP, source_id), "source")
        if source.state == "received" and sources.depth(STEP, source_id) >= NESTED:
            return []
        if source.state not in ("received", "unfolded"):
            return []
        sha256, state = source.sha256, source.state
    if state == "received":
        try:
            with tools.store.local_path(sha256) as path:
                if not _may_be_zip(path):
                    return []
                with tools.open_pool() as pool:
                    if not _unfold(tools, pool, path, source_id):
                        return []
        except IntakeError as error:
            quarantine(tools.database, source_id, error.reason, str(error))
            return []
    with tools.database.read() as session:
        members = Sources(session).members(STEP, source_id)
        return [member.id for member in members if member.state == "received"]


def _may_be_zip(path: Path) -> bool:
    """Spares scans the way through an OCR process; whether it is one is decided there."""
    with path.open("rb") as file:
        return file.read(4) in _ZIP_STARTS


def _unfold(tools: Tools, pool: PagePool, path: Path, source_id: str) -> bool:
    with TemporaryDirectory(prefix="eakte-") as folder:
        unfolded = pool.unfold(path, Path(folder))
        if unfolded is None:
            return False
        arrivals = list(_arrivals(tools, source_id, unfolded))
    for arrival in arrivals:
        receive(tools.database, arrival)
    with tools.database.write() as session:
        source = the(Sources(session).get(STEP, source_id), "source")
        if source.state != "received":
            return source.state == "unfolded"
        source.state, source.changed_at = "unfolded", tools.database.clock.now()
        source.parts = [
            Part(
                name=member.name,
                sha256=None if member.problem else arrival.sha256,
                problem=member.problem[1] if member.problem else None,
            ).to_json()
            for member, arrival in zip(unfolded.members, arrivals, strict=True)
        ]
        source.remarks = [*source.remarks, *remarks_to_json(unfolded.remarks)]
        AuditLog(session).note(
            STEP, "source.unfold", "source", source_id, details={"members": len(arrivals)}
        )
    return True


def _arrivals(tools: Tools, source_id: str, unfolded: Unfolded) -> Iterator[Arrival]:
    """Each member as it arrives, its bytes in the store."""
    with tools.database.read() as session:
        parent = the(Sources(session).get(STEP, source_id), "source")
        batch = the(session.get(Batch, parent.batch_id), "batch").name
    for number, member in enumerate(unfolded.members, start=1):
        yield _arrival(tools, parent, batch, member, number)


def _arrival(tools: Tools, parent: Source, batch: str, member: Member, number: int) -> Arrival:
    """What could not be unpacked has no bytes of its own: it points to the archive's."""
    sha256 = parent.sha256 if member.path is None else tools.store.put_file(member.path)
    key = f"member\x1f{parent.arrival_key}\x1f{number}\x1f{member.name}"
    return Arrival(
        key=hashlib.sha256(key.encode()).hexdigest(),
        channel=parent.channel,
        batch=batch,
        name=f"{parent.name}/{member.name}",
        sha256=sha256,
        size=member.size,
        received=parent.received_here,
        form=parent.form,
        given=parent.given,
        parent_id=parent.id,
        refused=member.problem,
    )

"""How the reader filters their postboxes; it stays until they take it away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eakte.domain.postbox_filters import TEXT_LENGTH, PostboxFilter
from eakte.domain.rights import Reader
from eakte.repositories.database import Database
from eakte.repositories.organisation import Organisation
from eakte.repositories.postbox_filters import KeptFilters
from eakte.services.effective_days import require_worker
from eakte.services.views import Choice


@dataclass(frozen=True, slots=True)
class PostboxFilters:
    """Kept in the database by login and postbox (``docs/adr/0145-...``)."""

    database: Database

    def kept(self, reader: Reader, postbox: str) -> PostboxFilter:
        """The reader's filter for this postbox; what was typed counts on its day only."""
        with self.database.read() as session:
            row = KeptFilters(session).get(reader, postbox)
            if row is None:
                return PostboxFilter()
            wanted = PostboxFilter.from_json(row.filter)
            fresh = row.kept_on == self.database.clock.today()
            return wanted if fresh else replace(wanted, text="")

    def keep(self, reader: Reader, postbox: str, wanted: PostboxFilter) -> None:
        """Keep it; an empty one is forgotten."""
        short = replace(wanted, text=" ".join(wanted.text.split())[:TEXT_LENGTH])
        with self.database.write() as session:
            KeptFilters(session).put(reader, postbox, short, self.database.clock.today())

    def forget_typed(self, reader: Reader) -> int:
        """The worker's part at the day's change: names typed on an earlier day go; how many."""
        require_worker(reader)
        today = self.database.clock.today()
        with self.database.read() as session:
            if not KeptFilters(session).typed_before(reader, today):
                return 0
        with self.database.write() as session:
            stale = KeptFilters(session).typed_before(reader, today)
            for row in stale:
                rest = replace(PostboxFilter.from_json(row.filter), text="")
                row.filter = rest.to_json()
                if not rest:
                    session.delete(row)
            return len(stale)

    def sites(self, reader: Reader) -> tuple[Choice, ...]:  # noqa: ARG002  no secret
        """The sites to choose from."""
        with self.database.read() as session:
            return tuple(
                Choice(id=one.id, title=one.name) for one in Organisation(session).all_sites()
            )

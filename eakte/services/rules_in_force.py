"""Which rules count now in this process.  Follows the database without a restart.

Everyone who knows Schlagworte holds a mapping that always answers from the version in force, so
that a new one is at once in every list.  A document's steps take one version and keep it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from classifiers.catalogue import Catalogue, compile_rules
from eakte.domain.rules import RuleFiles
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import EakteError, RuleError
from eakte.models import RuleActivation
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.rules import RuleBook

log = structlog.get_logger(__name__)


class KnownSchlagworte(Mapping[str, Schlagwort]):
    """The Schlagworte of a version; what earlier ones knew answers too, but is not offered.

    As with a ``dict`` that has ``__missing__``: ``known["old"]`` may answer though ``"old"`` is
    not in it.  A document that was filed under a Schlagwort keeps its title and its function when
    the rules go back to a version without it; nobody can choose it any more.
    """

    def __init__(
        self, present: Mapping[str, Schlagwort], retired: Mapping[str, Schlagwort] | None = None
    ) -> None:
        self._present = present
        self.retired = MappingProxyType(dict(retired or {}))

    def __getitem__(self, name: str) -> Schlagwort:
        return self._present[name] if name in self._present else self.retired[name]

    def __contains__(self, name: object) -> bool:
        return name in self._present

    def __iter__(self) -> Iterator[str]:
        return iter(self._present)

    def __len__(self) -> int:
        return len(self._present)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RulesOfVersion:
    """A version as it is used: ``seq`` is the decision that put it into force."""

    seq: int
    number: int
    catalogue: Catalogue
    schlagworte: KnownSchlagworte


class RulesInForce:
    """The version in force, loaded; :meth:`watch` keeps up with decisions made elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._now: RulesOfVersion | None = None
        self._refused = 0
        self._loading = threading.Lock()

    @property
    def now(self) -> RulesOfVersion:
        """What counts; the same object until another version does."""
        if self._now is None:
            self.refresh()
        if self._now is None:
            raise none_in_force()
        return self._now

    def refresh(self) -> bool:
        """Load the version in force where it is another one; whether it was.

        Raises ``RuleError`` for one that can't be read where none counts yet; later the one that
        counts stays, and the log says why.
        """
        with self._loading:
            with self._database.read() as session:
                book = RuleBook(session)
                seq = book.in_force_seq()
                known = self._now.seq if self._now else 0
                if seq in (known, self._refused):
                    return False
                found = book.in_force()
            if found is None:
                return False
            decision, version = found
            try:
                catalogue = compile_rules(version.files)
            except RuleError as error:
                if self._now is None:
                    raise unusable(version.number, error) from error
                self._refused = seq
                log.exception("rules.unusable", version=version.number, kept=self._now.number)
                return False
            before, self._now = (
                self._now,
                RulesOfVersion(
                    seq=decision.seq,
                    number=version.number,
                    catalogue=catalogue,
                    schlagworte=KnownSchlagworte(catalogue.schlagworte, retired_of(decision)),
                ),
            )
            if before is not None:  # shown at the usual level: from here on letters are judged so
                log.warning("rules.in_force", version=version.number, before=before.number)
            return True

    def watch(self, stop: threading.Event, every: float = 1.0) -> None:
        """Look for another version every ``every`` seconds until told to stop.

        While the database is away, what was loaded counts.
        """
        while not stop.wait(every):
            try:
                self.refresh()
            except (EakteError, SQLAlchemyError) as error:
                log.warning("rules.watch_failed", reason=str(error))


class LiveSchlagworte(Mapping[str, Schlagwort]):
    """The Schlagworte in force, whenever asked."""

    def __init__(self, rules: RulesInForce) -> None:
        self._rules = rules

    def __getitem__(self, name: str) -> Schlagwort:
        return self._rules.now.schlagworte[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rules.now.schlagworte

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules.now.schlagworte)

    def __len__(self) -> int:
        return len(self._rules.now.schlagworte)


def none_in_force() -> RuleError:
    """What to say before the first version counts."""
    return RuleError(
        "Es ist noch keine Fassung der Regeln in Kraft.",
        remedy="„eakte init“ übernimmt den Regelordner als erste Fassung.",
    )


def unusable(number: int, error: RuleError) -> RuleError:
    """The version in force can't be read by this release; how to get out of that."""
    return RuleError(
        f"Die Fassung {number} der Regeln ist in Kraft und nicht lesbar: {error.message}",
        remedy=(
            f"{error.remedy} Mit „eakte rules activate --untried --reason …“ den Regelordner oder "
            "mit „eakte rules rollback“ eine frühere Fassung in Kraft setzen."
        ),
        file=error.file,
        key=error.key,
        line=error.line,
    )


def retired_of(decision: RuleActivation) -> dict[str, Schlagwort]:
    """The Schlagworte that only versions before ``decision`` knew."""
    return {
        name: Schlagwort(**{**told, "copies": tuple(told["copies"])})
        for name, told in decision.retired.items()
    }


def retired_by(session: EakteSession, files: RuleFiles) -> dict[str, object]:
    """What rows keep of the Schlagworte that ``files`` no longer know."""
    found = RuleBook(session).in_force()
    if found is None:
        return {}
    decision, version = found
    known = retired_of(decision) | _schlagworte_of(version.files)
    gone = known.keys() - _schlagworte_of(files).keys()
    return {name: _told(known[name]) for name in sorted(gone)}


def _schlagworte_of(files: RuleFiles) -> dict[str, Schlagwort]:
    try:
        return dict(compile_rules(files).schlagworte)
    except RuleError:
        log.warning("rules.unreadable_version_left")
        return {}


def _told(one: Schlagwort) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "function": one.function,
        "copies": list(one.copies),
        "subfile": one.subfile,
        "urgent": one.urgent,
        "incoming": one.incoming,
        "description": one.description,
    }

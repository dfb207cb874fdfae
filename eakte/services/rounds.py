"""The same action on several letters at once: each with its own check, what failed is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eakte.domain.ids import new_id
from eakte.domain.rights import Reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import EakteError, Unusable
from eakte.repositories.database import Database
from eakte.repositories.postboxes import Postboxes as PostboxRows
from eakte.services.describing import titles
from eakte.services.postbox_entries import DoneAlready
from eakte.services.postboxes import Postboxes
from eakte.services.views import RoundResult
from eakte.services.wiedervorlagen import Wiedervorlagen

MOST = 100
"""Letters of one round: a page of the list."""
DEEDS = ("akten", "gesehen", "weiter", "klaerung", "uebernehmen", "wiedervorlage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done with each: one of ``DEEDS`` with what it needs.

    ``schlagwort`` empty: each under the one that it has; ``leave``: a Wiedervorlage goes zu den
    Akten meanwhile.
    """

    deed: str
    schlagwort: str = ""
    postbox: str = ""
    note: str = ""
    due: date | None = None
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Rounds:
    """Every letter is a transaction of its own; together they are one round, taken back at once."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    postboxes: Postboxes
    reminders: Wiedervorlagen

    def run(self, reader: Reader, chosen: Sequence[tuple[str, int]], wish: Wish) -> RoundResult:
        """Do it with the chosen entries (id, version).

        Raises ``Unusable`` for no letter, too many, or a wish that lacks something.
        """
        _check(chosen, wish)
        with self.database.read() as session:
            rows = PostboxRows(session).some(reader, [one for one, _ in chosen])
            documents = {entry.id: document for entry, document in rows}
            called = titles(session, reader, self.schlagworte, documents.values())
            labels = {one: document.schlagwort for one, document in documents.items()}
            ids = {one: document.id for one, document in documents.items()}
        round_id, done, problems = new_id(), [], []
        for entry_id, version in chosen:
            try:
                label = wish.schlagwort or labels.get(entry_id) or "sonstiges"
                self._do(reader, entry_id, version, wish, label, round_id)
            except DoneAlready:
                pass
            except EakteError as error:
                title = called.get(ids.get(entry_id, ""), "Ein Dokument")
                problems.append((title, str(error)))
                continue
            done.append(ids.get(entry_id, entry_id))
        return RoundResult(round_id=round_id, done=tuple(done), problems=tuple(problems))

    def _do(  # noqa: PLR0917  the entry, then the wish
        self, reader: Reader, entry_id: str, version: int, wish: Wish, label: str, round_id: str
    ) -> None:
        boxes = self.postboxes
        match wish.deed:
            case "akten":
                boxes.file(reader, entry_id, version, label, round_id=round_id)
            case "gesehen":
                boxes.acknowledge(reader, entry_id, version, round_id=round_id)
            case "weiter":
                boxes.forward(reader, entry_id, version, wish.postbox, wish.note, round_id=round_id)
            case "klaerung":
                boxes.to_clearing(reader, entry_id, version, wish.note, round_id=round_id)
            case "uebernehmen":
                boxes.take_over(reader, entry_id, version, round_id=round_id)
            case _:
                self.reminders.from_entry(
                    reader,
                    entry_id,
                    version,
                    wish.due or self.database.clock.today(),
                    wish.note,
                    leave=wish.leave,
                    round_id=round_id,
                )


def _check(chosen: Sequence[tuple[str, int]], wish: Wish) -> None:
    if wish.deed not in DEEDS:
        raise Unusable("Diese Handlung gibt es nicht.", remedy="Die Seite neu laden.")
    if not chosen:
        raise Unusable("Es ist nichts ausgewählt.", remedy="Eingänge ankreuzen (Taste x).")
    if len(chosen) > MOST:
        raise Unusable(f"Auf einmal gehen höchstens {MOST} Eingänge.")
    if wish.deed == "weiter" and not wish.postbox:
        raise Unusable("Es fehlt, an wen.", remedy="Einen Postkorb wählen.")
    if wish.deed == "klaerung" and not wish.note.strip():
        raise Unusable("Es fehlt, was nicht stimmt.", remedy="Einen Satz dazu schreiben.")
    if wish.deed == "wiedervorlage" and wish.due is None:
        raise Unusable("Es fehlt der Tag.", remedy="Einen Tag wählen.")

"""Settings that the administration may change while the product runs.

A table of what they are, and the values in force.  All others of ``config/eakte.toml`` count after
the next start: keys, paths, databases, engines, what guards the door, and whatever can't be taken
back, with one exception: a no to figures of people, which is asked back
(``docs/adr/0156-...``).  One more is a field of :class:`LiveValues`, a row of
:data:`LIVE_SETTINGS` and its line in the file.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from eakte.errors import Unusable

Value = bool | int | float

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,20})?")
_TOO_FINE = re.compile(r"\d+[.,]\d{4,}")
_YES_NO = {"ja": True, "nein": False}

SPANS = ((7, "1 Woche"), (28, "4 Wochen"), (90, "3 Monate"))
"""Days that figures are shown for, with their titles."""


class Kind(enum.StrEnum):
    """What may be put in."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveValues:
    """What counts now.  The field of the setting ``section.name`` is ``section_name``."""

    quality_sample_percent: float = 4.0
    classify_threshold: float = 0.6
    deadlines_lead_days: int = 7
    counter_days: int = 60
    counter_receipt_days: int = 3
    statistics_per_person: bool = False
    statistics_old_days: int = 7
    statistics_span_days: int = 28

    def of(self, setting: LiveSetting) -> Value:
        """The value of one setting."""
        found: Value = getattr(self, setting.field)
        return found

    def having(self, values: Mapping[str, Value]) -> LiveValues:
        """The same with other ``values``, by field."""
        return replace(self, **values)  # type: ignore[arg-type]  # parsed by the setting's kind


Live = Callable[[], LiveValues]
"""Asked at every use, never kept: the answer may be another one the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSetting:
    """One setting as the administration sees it.

    ``least`` and ``most`` bound numbers; ``choices`` are those of a choice with their titles;
    ``unit`` follows the value, ``unit_of_one`` after 1.  ``decision``: to say yes, somebody must
    have decided it, and the change names who and why. ``final``: what a no does to the figures kept
    of people that can't be undone; it is asked back while there are any.
    """

    key: str
    section: str
    title: str
    explanation: str
    kind: Kind
    unit: str = ""
    unit_of_one: str = ""
    least: float = 0
    most: float = 0
    choices: tuple[tuple[int, str], ...] = ()
    decision: str = ""
    final: str = ""

    @property
    def field(self) -> str:
        """Its field in :class:`LiveValues`."""
        return self.key.replace(".", "_", 1)

    def parse(self, text: str) -> Value:
        """The value that somebody wrote, with comma or point.

        Raises ``Unusable`` naming the setting and what may be put in.
        """
        said = text.strip()
        found = self.read(said)
        finer = _TOO_FINE.fullmatch(said)
        if found is None or finer or not self._allows(found):
            fine = self.kind is Kind.DECIMAL and finer
            digits = ", mit höchstens drei Nachkommastellen" if fine else ""
            raise Unusable(
                f"Für „{self.title}“ geht „{said[:40]}“ nicht.",
                remedy=f"{self.allowed} angeben{digits}.",
            )
        return found

    def read(self, text: str) -> Value | None:
        """The value that ``text`` means, whether it is allowed or not; None: it means none."""
        if self.kind is Kind.YES_NO:
            return _YES_NO.get(text.casefold())
        if not _NUMBER.fullmatch(text):
            return None
        number = float(text.replace(",", "."))
        if self.kind is Kind.DECIMAL:
            return number
        return int(number) if number.is_integer() else None

    def shown(self, value: Value) -> str:
        """A value as the form shows it: :meth:`written` with a decimal comma."""
        return self.written(value).replace(".", ",")

    def written(self, value: Value) -> str:
        """How the database keeps a value; the inverse of :meth:`parse`."""
        if self.kind is Kind.YES_NO:
            return "ja" if value else "nein"
        return f"{value:g}" if self.kind is Kind.DECIMAL else str(value)

    def told(self, value: Value) -> str:
        """A value for people: ``4,5 %``, ``1 Tag``, ``ja``, ``4 Wochen``."""
        if self.kind is Kind.CHOICE:
            return dict(self.choices).get(int(value), str(value))
        said = self.shown(value)
        unit = self.unit_of_one if said == "1" and self.unit_of_one else self.unit
        return f"{said} {unit}".rstrip()

    @property
    def allowed(self) -> str:
        """What may be put in: ``1 bis 100 %``."""
        if self.kind is Kind.YES_NO:
            return "„ja“ oder „nein“"
        if self.kind is Kind.CHOICE:
            return " oder ".join(f"„{title}“" for _, title in self.choices)
        low, high = (f"{bound:g}".replace(".", ",") for bound in (self.least, self.most))
        return f"{low} bis {high} {self.unit}".rstrip()

    def _allows(self, value: Value) -> bool:
        if self.kind is Kind.YES_NO:
            return True
        if self.kind is Kind.CHOICE:
            return value in dict(self.choices)
        return self.least <= value <= self.most


LIVE_SETTINGS: tuple[LiveSetting, ...] = (
    LiveSetting(
        key="classify.threshold",
        section="Posteingang",
        title="Sicherheit der Schlagworte",
        explanation="Ist die E-Akte bei einem Schlagwort weniger sicher, kommt der Brief in die "
        "Klärung; 0,6 heißt, dass von zehn so gelesenen Briefen etwa sechs stimmen. Ein höherer "
        "Wert bringt mehr Briefe in die Klärung und weniger falsche Schlagworte. Er gilt für "
        "Briefe, die danach gelesen werden.",
        kind=Kind.DECIMAL,
        least=0.3,
        most=0.95,
    ),
    LiveSetting(
        key="quality.sample_percent",
        section="Posteingang",
        title="Stichprobe der Sichtprüfung",
        explanation="Anteil der Seiten eines Stapels, der mit dem Auge geprüft wird, mindestens "
        "eine Seite. Er gilt für Stapel, die danach gezählt werden; steht er in Ihrer "
        "Verfahrensdokumentation, ändern Sie ihn auch dort.",
        kind=Kind.DECIMAL,
        unit="%",
        least=1,
        most=100,
    ),
    LiveSetting(
        key="deadlines.lead_days",
        section="Arbeitsplatz",
        title="Vorlauf vor Fristen",
        explanation="So viele Tage vor dem Ende einer Frist wird sie im Postkorb hervorgehoben und "
        "liegt ihre Wiedervorlage vor. Wiedervorlagen, die schon geplant sind, behalten ihren Tag, "
        "bis sich an der Frist etwas ändert.",
        kind=Kind.WHOLE,
        unit="Tage",
        unit_of_one="Tag",
        least=0,
        most=90,
    ),
    LiveSetting(
        key="counter.days",
        section="Telefon und Empfang",
        title="Rückblick der Auskunft",
        explanation="So weit zurück nennt die Auskunft Briefe, die eingegangen sind.",
        kind=Kind.WHOLE,
        unit="Tage",
        unit_of_one="Tag",
        least=1,
        most=3660,
    ),
    LiveSetting(
        key="counter.receipt_days",
        section="Telefon und Empfang",
        title="Beleg ohne Scan",
        explanation="Nach so vielen Tagen ohne Scan wird ein Beleg der Annahme hervorgehoben, "
        "damit jemand nach den Papieren fragt.",
        kind=Kind.WHOLE,
        unit="Tage",
        unit_of_one="Tag",
        least=1,
        most=60,
    ),
    LiveSetting(
        key="statistics.old_days",
        section="Zahlen der Teamleitung",
        title="Ältere Post",
        explanation="Offene Post, die länger liegt, zählt in den Zahlen als älter.",
        kind=Kind.WHOLE,
        unit="Tage",
        unit_of_one="Tag",
        least=3,
        most=90,
    ),
    LiveSetting(
        key="statistics.span_days",
        section="Zahlen der Teamleitung",
        title="Zeitraum der Zahlen",
        explanation="Diesen Zeitraum zeigen die Zahlen, solange niemand einen anderen wählt.",
        kind=Kind.CHOICE,
        choices=SPANS,
    ),
    LiveSetting(
        key="statistics.per_person",
        section="Zahlen der Teamleitung",
        title="Zahlen einzelner Personen",
        explanation="Bei „ja“ werden Zahlen je Person gezählt und der Leitung gezeigt; das setzt "
        "die Zustimmung des Personalrats voraus. Bei „nein“ werden auch die schon gezählten Tage "
        "mit denen des Teams zusammengefasst, und das lässt sich nicht zurücknehmen.",
        kind=Kind.YES_NO,
        decision="Personalrat",
        final="Die je Person gezählten Tage werden für immer mit denen des Teams zusammengefasst.",
    ),
)


def setting_of(key: str) -> LiveSetting | None:
    """The setting of that key; None for any that needs a restart."""
    return next((one for one in LIVE_SETTINGS if one.key == key), None)

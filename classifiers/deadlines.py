"""The one period that an incoming letter starts for the authority: inactivity, § 88 SGG.

Six months after an application, three after an objection, an action for failure to act
(Untätigkeitsklage) becomes admissible.  The period is counted from the day of receipt, the end
falls on the day of the month with the same number (§ 64(2) SGG, as § 188(2) and (3) BGB).

It is a waiting period, no period within which somebody must act (Handlungsfrist): the claimant
must wait, and nobody does anything "on" its last day.  So § 64(3) SGG, which moves the *end of a
period for acting* from a Saturday, Sunday or holiday to the next working day, is not applied; the
authority gains no day, and the date shown is the earlier and therefore the safe one for the desk.
"""

from __future__ import annotations

import calendar
from datetime import date

from eakte.domain.findings import DeadlineFinding

RULE = "§ 88 SGG"

_APPLICATIONS = frozenset(
    {
        "erstantrag",
        "weiterbewilligung",
        "mehrbedarf",
        "einmalige_leistung",
        "darlehen",
        "bildung_teilhabe",
        "umzug",
        "foerderantrag",
        "ueberpruefungsantrag",
    }
)
_WAITING = {"widerspruch": 3, **dict.fromkeys(_APPLICATIONS, 6)}
_MONTHS_IN_WORDS = {3: "drei", 6: "sechs"}
_KINDS = {3: "eines Widerspruchs (§ 88 Abs. 2 SGG)", 6: "eines Antrags (§ 88 Abs. 1 SGG)"}


def deadlines(schlagwort: str, received: date) -> tuple[DeadlineFinding, ...]:
    """The periods that a document filed under ``schlagwort`` starts on the day of receipt.

    Empty where it starts none.  What the day of receipt was, the person at the desk may still
    correct, so the reason says „voraussichtlich“.
    """
    months = _WAITING.get(schlagwort)
    if months is None:
        return ()
    ends = add_months(received, months)
    reason = (
        f"Eingang {_KINDS[months]} am {received:%d.%m.%Y}: Wird nicht entschieden, ist eine "
        f"Untätigkeitsklage voraussichtlich nach Ablauf von {_MONTHS_IN_WORDS[months]} Monaten "
        f"zulässig, also nach dem {ends:%d.%m.%Y}. Als Wartefrist verschiebt sie sich nicht auf "
        f"den nächsten Werktag."
    )
    return (DeadlineFinding(rule=RULE, starts=received, ends=ends, reason=reason),)


def add_months(day: date, months: int) -> date:
    """The day ``months`` later with the same number, or the last of a shorter month.

    § 64(2) SGG and § 188(3) BGB: 31 August and three months end on 30 November.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))

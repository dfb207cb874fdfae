"""What checks and paper go by, from the settings; a Schlagwort that does not exist stops the start.

A misspelt one would silently let a deed onto the list for destruction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eakte.domain.proof import PaperFate, QualityRules
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import SettingsError
from eakte.services.transfer_notes import Surroundings
from eakte.settings import Settings


def quality_rules(settings: Settings, known: Mapping[str, Schlagwort]) -> QualityRules:
    """``[quality]`` and ``[paper]``; raises ``SettingsError`` for an unknown Schlagwort."""
    quality, paper = settings.values.quality, settings.values.paper
    _all_known("quality.full_check", quality.full_check, known)
    _all_known("paper.never_destroy", paper.never_destroy, known)
    _all_known("paper.suggested", paper.suggested, known)
    return QualityRules(
        paper_weeks=quality.paper_weeks,
        duplex=quality.duplex,
        operator=quality.operator,
        pseudonyms=quality.pseudonyms,
        full_check=frozenset(quality.full_check),
        never_destroy=frozenset(paper.never_destroy),
        suggested={one: PaperFate(fate) for one, fate in paper.suggested.items()},
    )


def surroundings(settings: Settings, rules: QualityRules) -> Surroundings:
    """What the transfer note says of this installation."""
    recognition = settings.values.recognition
    return Surroundings(engine=recognition.engine, rules=rules)


def _all_known(key: str, named: Iterable[str], known: Mapping[str, Schlagwort]) -> None:
    unknown = sorted(set(named) - known.keys())
    if unknown:
        raise SettingsError(
            f"Die Einstellung „{key}“ nennt ein Schlagwort, das es nicht gibt: {unknown[0]}.",
            remedy="Den Namen berichtigen; er steht in config/schlagworte/.",
        )

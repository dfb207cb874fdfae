"""Where the screens of the rules are."""

from __future__ import annotations

from urllib.parse import quote

from eakte.domain.rules import Origin

HERE = "/regeln"


def proposal_url(origin: Origin) -> str:
    """Where a proposal is."""
    return f"{HERE}/vorschlag/{origin.value}"


def trial_url(trial_id: str) -> str:
    """Where a trial is."""
    return f"{HERE}/proben/{quote(trial_id)}"


def version_url(number: int) -> str:
    """Where a version is."""
    return f"{HERE}/fassungen/{number}"


def file_url(name: str) -> str:
    """Where a rule file is edited."""
    return f"{HERE}/dateien/{quote(name)}"

"""Settings that may change at run time, and whoever watches what is changed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from eakte.bootstrap.rules import in_background, rules_watched
from eakte.domain.live_settings import LIVE_SETTINGS, LiveValues
from eakte.services import Services
from eakte.settings import Settings


def values_of_file(settings: Settings) -> LiveValues:
    """What ``eakte.toml`` says of them."""
    found: dict[str, Any] = {}
    for one in LIVE_SETTINGS:
        section, _, name = one.key.partition(".")
        found[one.field] = getattr(getattr(settings.values, section), name)
    return LiveValues(**found)


@contextmanager
def kept_current(settings: Settings, services: Services) -> Iterator[None]:
    """Rules and settings that are changed elsewhere count in this process within seconds."""
    live = services.live_settings
    watch = partial(live.in_force.watch, live.database, every=settings.values.rules.watch_seconds)
    with rules_watched(settings, services.rules), in_background("settings", watch):
        yield

"""What long work tells of itself, so that a terminal can draw a bar of it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of every stage and how far it is."""

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """``stage`` is a German title; ``total`` None: nobody knows."""
        ...


def silent(stage: str, done: int = 0, total: int | None = None) -> None:
    """Tell nobody."""

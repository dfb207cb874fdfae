"""What one transaction over one document has read already is not asked for again.

Only the steps of a document in one transaction switch it on (``eakte/intake/at_once.py``): there
nobody else writes what is held here, because the document's row is locked, and whoever writes in
the same transaction says so.  Everywhere else every question goes to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

_HELD = "eakte_once"

T = TypeVar("T")


@contextmanager
def answers_held(session: Session) -> Iterator[None]:
    """Hold answers within the context, which is no longer than the transaction."""
    session.info[_HELD] = {}
    try:
        yield
    finally:
        del session.info[_HELD]


def holds(session: Session) -> bool:
    """Whether answers are held."""
    return session.info.get(_HELD) is not None


def once(session: Session, key: Hashable, ask: Callable[[], T]) -> T:
    """The answer held under ``key``; ``ask`` for it where there is none, or none is held."""
    held: dict[Hashable, Any] | None = session.info.get(_HELD)
    if held is None:
        return ask()
    if key not in held:
        held[key] = ask()
    return cast("T", held[key])


def held(session: Session, key: Hashable) -> Any:  # noqa: ANN401  whatever was told
    """What is held under ``key``; None where nothing is."""
    answers: dict[Hashable, Any] = session.info.get(_HELD) or {}
    return answers.get(key)


def tell(session: Session, key: Hashable, answer: Any) -> None:  # noqa: ANN401  whatever was asked
    """What the answer is from now on, where answers are held."""
    answers: dict[Hashable, Any] | None = session.info.get(_HELD)
    if answers is not None:
        answers[key] = answer


def forget(session: Session, key: Hashable) -> None:
    """Ask again next time."""
    answers: dict[Hashable, Any] = session.info.get(_HELD) or {}
    answers.pop(key, None)

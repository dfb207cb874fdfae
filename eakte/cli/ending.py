"""What a command puts away when it is done, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

_ENDING: ContextVar[ExitStack | None] = ContextVar("ending", default=None)


@contextmanager
def tidied_up() -> Iterator[None]:
    """A command runs in it; what was given to :func:`at_the_end` is called when it is left."""
    with ExitStack() as ending:
        token = _ENDING.set(ending)
        try:
            yield
        finally:
            _ENDING.reset(token)


def at_the_end(action: Callable[[], object]) -> None:
    """Call ``action`` when the command that runs is done; without a command, never."""
    ending = _ENDING.get()
    if ending is not None:
        ending.callback(action)

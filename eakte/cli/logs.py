"""The log: structured lines on stderr, so that stdout holds results alone."""

from __future__ import annotations

import io
import logging
import os
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class _NeverInTheWay(io.TextIOBase):
    """A stream whose full disk or closed pipe is nobody's error: work matters more than its log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what can be handed on."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def set_up_logging() -> None:
    """``EAKTE_LOG`` says how much: DEBUG, INFO, WARNING (default) or ERROR."""
    level = os.environ.get("EAKTE_LOG", "WARNING").upper()
    logging.raiseExceptions = False
    stream = cast("TextIO", _NeverInTheWay(sys.stderr))
    logging.basicConfig(level=logging.WARNING, stream=stream, format="%(message)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(
            getattr(logging, level, logging.WARNING)
        ),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], bool_as_flag=False
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
    )

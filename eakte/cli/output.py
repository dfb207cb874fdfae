"""What commands write: results on stdout, sentences for people and the log on stderr."""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

import structlog

from eakte.errors import EakteError


def set_up_logging() -> None:
    """Structured lines on stderr, so that stdout holds results alone."""
    level = os.environ.get("EAKTE_LOG", "WARNING").upper()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def say(line: str = "") -> None:
    """A line for the person at the terminal, on stdout."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_json(value: dict[str, Any]) -> None:
    """One JSON object a line."""
    say(json.dumps(value, ensure_ascii=False))


def hint(line: str) -> None:
    """Progress and remarks, on stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def say_error(error: EakteError) -> None:
    """Name the thing and the remedy."""
    hint(str(error))

"""The log: structured lines on stderr, so that stdout holds results alone."""

from __future__ import annotations

import logging
import os
import sys

import structlog


def set_up_logging() -> None:
    """``EAKTE_LOG`` says how much: DEBUG, INFO, WARNING (default) or ERROR."""
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

"""What commands write: results on stdout, sentences for people on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from eakte.errors import EakteError


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

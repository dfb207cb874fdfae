"""How a provisional case file is numbered until the register has a number for it."""

from __future__ import annotations

import re
from datetime import date

_NUMBER = re.compile(r"V-\d{8}-[0-9A-F]{6}")


def provisional_number(day: date, case_file_id: str) -> str:
    """``V-20261120-3F9A01``: the day of receipt and the beginning of the file's own id."""
    return f"V-{day:%Y%m%d}-{case_file_id[:6].upper()}"


def is_provisional_number(written: str) -> bool:
    """Whether the number was given here, and no register knows it."""
    return _NUMBER.fullmatch(written) is not None

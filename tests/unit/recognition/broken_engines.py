"""Engines that fail in every way a page can make a process fail; started by name in the pool."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from eakte.domain.pages import Word

MISCHIEF = "EAKTE_TEST_MISCHIEF"
"""A folder: each use of a broken engine leaves a file there, so that uses can be counted."""


class BrokenEngine:
    """Does what the environment variable ``EAKTE_TEST_FAILURE`` says, to dark pages only."""

    name = "broken"

    def __init__(self, _tessdata: Path | None = None) -> None:
        self._kind = os.environ["EAKTE_TEST_FAILURE"]

    def recognise(self, image: Image, _dpi: int) -> tuple[Word, ...]:
        if image.getpixel((5, 5)) == 255:
            return ()
        tries = Path(os.environ[MISCHIEF])
        (tries / f"{os.getpid()}-{len(list(tries.iterdir()))}").touch()
        first = len(list(tries.iterdir())) == 1
        match self._kind:
            case "crash":
                ctypes.string_at(0)
            case "crash once" if first:
                os.abort()
            case "hang":
                threading.Event().wait()
            case "memory":
                grown = []
                while True:
                    grown.append(b"x" * 10_000_000)
            case "one huge allocation":
                bytearray(20_000_000_000)
            case "bug":
                raise ZeroDivisionError("division by zero")
            case "killed once" if first:
                os.kill(os.getpid(), signal.SIGKILL)
            case "always killed":
                os.kill(os.getpid(), signal.SIGTERM)
        return ()

    def orientation(self, _image: Image) -> int:
        return 0

"""The clock of a process is as many seconds off as the file in ``EAKTE_TEST_CLOCK`` says.

Python runs this module at the start of every process that finds it on its path, before anything
else could have asked for the time.  What the product and the durable engine ask is off: the
system clock of ``eakte.bootstrap`` and ``time.time``.  The monotonic clock runs on, as it does when
a machine's clock is set.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any

_FILE = Path(os.environ["EAKTE_TEST_CLOCK"])
_real_time, _real_ns = time.time, time.time_ns


def _off() -> int:
    return int(_FILE.read_text("ascii"))


class _WrongNow:
    """Stands where ``eakte.bootstrap`` has ``datetime``: the name of types, and ``now``."""

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(seconds=_off())


class _Finder:
    """Puts the wrong clock into ``eakte.bootstrap`` once it is there."""

    def find_spec(self, name: str, path: Any, _target: Any = None) -> Any:
        if name != "eakte.bootstrap":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.loader is not None
        run = spec.loader.exec_module

        def then_wrong(module: ModuleType) -> None:
            run(module)
            module.datetime = _WrongNow  # type: ignore[attr-defined]

        spec.loader.exec_module = then_wrong  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, _Finder())
time.time = lambda: _real_time() + _off()
time.time_ns = lambda: _real_ns() + _off() * 1_000_000_000

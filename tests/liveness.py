"""Bounds on how long something takes: they notice a hang or a fall into quadratic time, never a slow machine.

`make bench` measures speed. A test names what it once took at the most, on a machine that was busy, and gets ten times
the room. `LIVENESS_REPORT=file make test` appends a line for each bound: the share of it that was used, what it
took, what was named, the test; `sort -n file | tail` shows those whose room has become narrow.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOM = 10
LEAST_S = 2.0
"""No bound is narrower: in a process that has run thousands of tests, collecting garbage takes tenths of a second."""


@contextmanager
def lively(measured: float, clock: Callable[[], float] = time.process_time) -> Iterator[None]:
    """What stands inside ends within ten times the seconds that were measured.

    `clock` is the time of this process, unless what is bounded waits for something else: then `time.monotonic`.
    """
    began = clock()
    yield
    took, bound = clock() - began, max(ROOM * measured, LEAST_S)
    if report := os.environ.get("LIVENESS_REPORT"):
        with Path(report).open("a", encoding="utf-8") as lines:
            test = os.environ.get("PYTEST_CURRENT_TEST", "?")
            lines.write(f"{took / bound:.4f} {took:.4f} {measured:g} {test[:160]!r}\n")
    assert took < bound, f"{took:.1f} s, and {bound:.1f} are ten times what it once took at the most"

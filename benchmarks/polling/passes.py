"""What one side costs: a cold pass, passes where nothing changed, one where a tenth had news of its own, one where a
tenth told the same. Runs inside the process that is measured, in whatever environment that is: only the standard
library.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.farm import Farm

Costs = dict[str, float]
"""`wall` and `cpu` in seconds, `peak` memory of the process in MiB, `fetched` and `unmodified` answers of the farm."""
Opened = AbstractContextManager[Callable[[], None]]
"""A side, ready to poll: calling it is one pass over all feeds."""


def child(open_side: Callable[[list[str], Path], Opened]) -> None:
    """Measure a side in this process, start-up not counted, and print its costs by pass as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--feeds", type=int, required=True)
    parser.add_argument("--unchanged", type=int, required=True)
    asked = parser.parse_args()
    farm = Farm(asked.port)
    with tempfile.TemporaryDirectory() as folder, open_side(farm.urls(asked.feeds), Path(folder)) as once:
        print(json.dumps(in_turn(once, farm, asked.feeds, asked.unchanged)))


def in_turn(once: Callable[[], None], farm: Farm, feeds: int, unchanged: int) -> dict[str, Costs]:
    farm.answers()
    found = {"cold": measured(once, farm)}
    found["unchanged"] = middle(measured(once, farm) for _ in range(unchanged))
    farm.bump(feeds // 10)
    found["changed"] = measured(once, farm)
    farm.bump(feeds // 10, same=True)
    found["one story"] = measured(once, farm)
    return found


def measured(once: Callable[[], None], farm: Farm) -> Costs:
    """The cost of one pass, threads and finished children included."""
    gc.collect()
    forget_peak()
    wall, cpu = time.perf_counter(), busy()
    once()
    wall, cpu = time.perf_counter() - wall, busy() - cpu
    answers = farm.answers()
    return {
        "wall": wall,
        "cpu": cpu,
        "peak": status_mib("VmHWM"),
        "fetched": answers.get("200", 0),
        "unmodified": answers.get("304", 0),
    }


def middle(several: Iterable[Costs]) -> Costs:
    """The median of each figure."""
    rows = list(several)
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def busy() -> float:
    """Processor seconds of this process so far, all threads, and of its children that ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def status_mib(name: str) -> float:
    """A figure of this process as Linux tells it: VmRSS now, VmHWM the peak."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    """Let VmHWM begin anew, so that each pass has a peak of its own."""
    Path("/proc/self/clear_refs").write_text("5")

"""From `chipwatch run` to ready: with both platforms connected and with neither, on a new store and on an old one.

`python -m benchmarks.starting [TIMES]`; a table in Markdown, medians of so many starts.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.installation import Running, Wire, installation, machine, row

TARGETS_S = {True: 4.5, False: 3.5}
MOST_MIB = 160.0


async def measure(times: int) -> bool:
    """Print the table; whether every target was met."""
    print(machine())
    print()
    print(row("start to ready", "ready (median)", "slowest", "processor time", "memory at ready", "target"))
    print(row(*["---"] * 6))
    met = True
    for connected in (True, False):
        found: dict[str, list[Running]] = {"new store": [], "started again": []}
        for _ in range(times):
            with tempfile.TemporaryDirectory(prefix="chipwatch-start-") as folder:
                async with installation(Path(folder), [Wire("wire")]) as place:
                    place.sources({"wire": 60})
                    for runs in found.values():
                        async with place.run({}, connected=connected) as bot:
                            runs.append(bot)
        for name, runs in found.items():
            ready = [run.ready_s for run in runs]
            cpu = statistics.median(run.at_ready.cpu_s for run in runs)
            memory = max(run.at_ready.rss_mib for run in runs)
            with_what = "both platforms" if connected else "no platform"
            print(
                row(
                    f"{with_what}, {name}",
                    f"{statistics.median(ready):.2f} s",
                    f"{max(ready):.2f} s",
                    f"{cpu:.2f} s",
                    f"{memory:.0f} MiB",
                    f"{TARGETS_S[connected]} s",
                )
            )
            met = met and statistics.median(ready) < TARGETS_S[connected] and memory < MOST_MIB
    return met


if __name__ == "__main__":
    sys.exit(not asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))

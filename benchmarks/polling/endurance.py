"""What a bot that goes on polling costs: its memory over hundreds of passes, its processor time over half an hour."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.farm import Farm
from benchmarks.polling.ours import parts_for
from benchmarks.polling.passes import busy, forget_peak, status_mib
from bot.clock import SystemClock

SETTLED = 5
"""The first fifth of the passes fills caches (the database's own is 16 MiB); what memory does after it is told."""
CHANGED_EVERY = 10


async def memory(farm: Farm, feeds: int, passes: int, folder: Path) -> dict[str, float]:
    """Resident memory over many passes of one process; at every tenth a tenth of the feeds has something new."""
    parts = await parts_for(farm.urls(feeds), folder)
    ids = list(parts.poller.sources)
    await parts.poller.ask(ids)
    forget_peak()
    points = {0: "first", passes // SETTLED: "settled", passes - 1: "last"}
    seen: dict[str, float] = {}
    for n in range(passes):
        if n % CHANGED_EVERY == 0:
            await asyncio.to_thread(farm.bump, feeds // 10)
        await parts.poller.ask(ids)
        if n in points:
            gc.collect()
            seen[points[n]] = status_mib("VmRSS")
    await parts.close()
    return {**seen, "peak": status_mib("VmHWM")}


class Shifted(SystemClock):
    """The machine's clock, ahead by what the beats have skipped."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


async def beats(farm: Farm, feeds: int, folder: Path, seconds: int = 1800) -> dict[str, float]:
    """Processor time for half an hour of `chipwatch run`: a beat a second, each feed due once, nothing new."""
    clock = Shifted()
    parts = await parts_for(farm.urls(feeds), folder, clock)
    poller = parts.poller
    polls = 0

    async def second() -> None:
        nonlocal polls
        clock.ahead += timedelta(seconds=1)
        polls += await poller.start_due()
        await asyncio.gather(*poller.under_way)

    await poller.ask(list(poller.sources))
    for _ in range(int(seconds * 1.2)):  # one round spreads the polls over the interval
        await second()
    polls, cpu = 0, busy()
    for _ in range(seconds):
        await second()
    cpu = busy() - cpu
    await parts.close()
    return {"polls": polls, "cpu": cpu, "seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("memory", "beats"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--feeds", type=int, required=True)
    parser.add_argument("--passes", type=int, default=500)
    asked = parser.parse_args()
    farm = Farm(asked.port)
    with tempfile.TemporaryDirectory() as name:
        if asked.what == "memory":
            print(json.dumps(asyncio.run(memory(farm, asked.feeds, asked.passes, Path(name)))))
        else:
            print(json.dumps(asyncio.run(beats(farm, asked.feeds, Path(name)))))


if __name__ == "__main__":
    main()

"""How quickly the knowledge loads and answers, and how much memory it takes.

python -m benchmarks.knowledge [QUERIES]
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta


def main(queries: int = 100_000) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    from bot.knowledge.library import Knowledge

    imported = time.perf_counter()
    knowledge = Knowledge.load()
    loaded = time.perf_counter()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"import   {(imported - began) * 1000:7.0f} ms")
    print(f"load     {(loaded - imported) * 1000:7.0f} ms   {grown:.1f} MiB with the import")

    dice = random.Random(3090)
    chips, places, first = list(knowledge.chips), list(knowledge.countries), date(2022, 8, 1)
    slowest = 0.0
    began = time.perf_counter()
    for _ in range(queries):
        asked = time.perf_counter()
        knowledge.status(dice.choice(chips), dice.choice(places), first + timedelta(days=dice.randrange(1640)))
        slowest = max(slowest, time.perf_counter() - asked)
    whole = time.perf_counter() - began
    each = whole / queries * 1000
    print(f"status   {each:7.3f} ms a query, slowest {slowest * 1000:.1f} ms; {queries:,} in {whole:.1f} s")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", "status", "H20", "CN", "--json"], capture_output=True, check=True)
        took.append(time.perf_counter() - began)
    print(f"process  {statistics.median(took) * 1000:7.0f} ms for `chipwatch status H20 CN --json` (target: under 800)")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

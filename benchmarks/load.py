"""What one store carries: a story for 100,000 channels, a claim among 1,000,000 rows, the lag of the loop meanwhile.

`python -m benchmarks.load [--subscriptions N] [--rows N] [--fan-out N]`; both databases, figures as a table.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.store import claims, schema
from bot.store.engine import Connection, Store
from tests.databases import Server
from tests.pipeline.desk import Desk, news

ORDERS: tuple[dict[str, Any], ...] = (
    {"severity": "high", "trust": "press", "quiet": ["22:00", "07:00"]},
    {"kinds": ["rule", "licence_requirement"], "trust": "official"},
    {},
    {"chips": ["H20"], "growth": "new"},
    {"destinations": ["CN"], "pace": "weekly"},
)
BATCH = 20_000


class Lag:
    """How late the event loop is, every 5 ms."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._task = asyncio.create_task(self._measure())

    async def _measure(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.late.append(time.perf_counter() - began - 0.005)

    def stop(self) -> float:
        """The 99th percentile in milliseconds."""
        self._task.cancel()
        return statistics.quantiles(self.late, n=100)[98] * 1000 if len(self.late) > 1 else 0.0


async def measure(url: str, subscriptions: int, rows: int) -> dict[str, float]:
    """The figures of one database."""
    store = await Store.open(url)
    desk = await Desk(store).open()
    await desk.poll()
    await desk.poll(news("first"))  # loads the vocabulary and the weights, once in the life of a process
    now = desk.now
    for table in (schema.deliveries, schema.subscriptions):
        await store.write(partial(_empty, table=table))
    for first in range(0, subscriptions, BATCH):
        values = [
            {
                "platform": "chat",
                "workspace": f"w{n // 7}",
                "channel": f"c{n}",
                "order": ORDERS[n % len(ORDERS)],
                "created_at": now,
                "created_by": "load",
            }
            for n in range(first, min(first + BATCH, subscriptions))
        ]
        await store.write(partial(_put, values=values))
    found: dict[str, float] = {}
    lag = Lag()
    await asyncio.sleep(2)
    found["loop lag p99 ms (idle)"] = lag.stop()
    lag = Lag()
    began, used = time.perf_counter(), time.process_time()
    await desk.poll(news("first"), news("a", "China bars ByteDance from buying Nvidia H20 chips"))
    found["match and write s"] = time.perf_counter() - began
    found["  of it our processor s"] = time.process_time() - used
    found["rows written"] = await desk.count(schema.deliveries)
    found["loop lag p99 ms (match)"] = lag.stop()
    await _fill(store, rows)
    lag = Lag()
    times = [await _claim(store, desk) for _ in range(30)]
    found["claim of 100 ms (median)"] = statistics.median(times) * 1000
    found["claim of 100 ms (worst)"] = max(times) * 1000
    found["loop lag p99 ms (claims)"] = lag.stop()
    await store.close()
    return found


def _empty(conn: Connection, table: sa.Table) -> None:
    conn.execute(table.delete())


def _put(conn: Connection, values: list[dict[str, Any]]) -> None:
    conn.execute(schema.subscriptions.insert(), values)


def _do(conn: Connection, statement: sa.Insert) -> None:
    conn.execute(statement)


async def _fill(store: Store, rows: int) -> None:
    """Copy what stands there until there are so many rows, all but the first hundred thousand of them sent."""
    columns = [c for c in schema.deliveries.c if c.name not in ("id", "story", "state")]
    have = await store.read(
        lambda conn: conn.execute(sa.select(sa.func.count()).select_from(schema.deliveries)).scalar()
    )
    while have and have < rows:
        count = min(have, rows - have)
        source = sa.select(sa.null(), sa.literal("sent"), *columns).limit(count)
        insert = schema.deliveries.insert().from_select(["story", "state", *(c.name for c in columns)], source)
        await store.write(partial(_do, statement=insert))
        have += count
    if store.path is None:
        await store.write(lambda conn: conn.exec_driver_sql("ANALYZE") and None)


async def _claim(store: Store, desk: Desk) -> float:
    def work(conn: Connection) -> float:
        began = time.perf_counter()
        got = claims.claim(conn, "bench", desk.now + timedelta(minutes=1), timedelta(minutes=5), "chat", 100)
        assert len(got) == 100
        return time.perf_counter() - began

    return await store.write(work)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--subscriptions", type=int, default=100_000)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--fan-out", type=int, default=0, help="rows for two processes, one of which is killed")
    wanted = asked.parse_args()
    server = Server()
    try:
        with tempfile.TemporaryDirectory(prefix="chipwatch-load-") as folder:
            addresses: dict[str, Callable[[], str]] = {
                "sqlite": lambda: f"sqlite:///{folder}/load.db",
                "postgresql": server.fresh,
            }
            for name, address in addresses.items():
                for what, figure in asyncio.run(measure(address(), wanted.subscriptions, wanted.rows)).items():
                    print(f"{name:<12}{what:<28}{figure:>12,.2f}", flush=True)
        if wanted.fan_out:
            from tests.faults.machines import fan_out

            print(asyncio.run(fan_out(server.fresh(), wanted.fan_out, 500.0)))
    finally:
        server.stop()


if __name__ == "__main__":
    main()

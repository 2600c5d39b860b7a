"""A pass over 200 local feeds, ours beside the bare loop (aiohttp, feedparser, sqlite3), in one process each.

Imports and start-up are not counted: each side runs in a child that measures only its passes, by its own CPU clock.

    python -m benchmarks.polling [--feeds 200] [--passes 50]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

AT_ONCE = 20


def rss_mib() -> float:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1048576


async def bare_passes(urls: list[str], folder: Path, passes: int) -> dict[str, float]:
    """What a bare poller costs: fetch conditionally, parse in a thread, remember the ids."""
    import aiohttp
    import feedparser

    with closing(sqlite3.connect(folder / "bare.db")) as con:
        con.executescript("create table f(u primary key, e, m); create table i(u, g, primary key(u, g))")
        room = asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:

            async def one(url: str) -> None:
                row = con.execute("select e, m from f where u = ?", (url,)).fetchone()
                headers = {"If-None-Match": row[0]} if row else {}
                async with room, session.get(url, headers=headers) as answer:
                    if answer.status == 304:
                        return
                    content = await answer.read()
                parsed = await asyncio.to_thread(feedparser.parse, content)
                for entry in parsed.entries:
                    con.execute("insert or ignore into i values (?, ?)", (url, entry.get("id")))
                con.execute("insert or replace into f values (?, ?, ?)", (url, answer.headers.get("ETag"), None))
                con.commit()

            async def once() -> None:
                await asyncio.gather(*(one(url) for url in urls))

            return await measured(once, passes)


async def our_passes(urls: list[str], folder: Path, passes: int) -> dict[str, float]:
    """Our poller as `chipwatch poll` runs it, on a store on disk."""
    from bot.app import assemble, network
    from bot.clock import SystemClock
    from bot.platforms.console import Console
    from bot.settings import load
    from bot.sources.base import source_from
    from bot.store.engine import Store

    settings = load(
        None,
        {
            "CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]',
            "CHIPWATCH_FETCH__PER_HOST": str(AT_ONCE),
            "CHIPWATCH_FETCH__PACE": "0",
        },
    )
    sources = [source_from({"id": f"feed-{n}", "kind": "feed", "url": url}) for n, url in enumerate(urls)]
    clock = SystemClock()
    store = await Store.open(f"sqlite:///{folder}/ours.db")
    platforms = {"console": Console(journal=None, as_json=True)}
    parts = assemble(settings, sources, store, network(settings, clock), clock, platforms)
    await parts.prepare()
    ids = list(parts.poller.sources)

    async def once() -> None:
        outcomes = await parts.poller.ask(ids)
        assert len(outcomes) == len(ids)
        assert not any(outcome.failed for outcome in outcomes)

    try:
        return await measured(once, passes)
    finally:
        await parts.close()


async def measured(once, passes: int) -> dict[str, float]:
    gc.collect()
    started_rss = rss_mib()
    cpu = time.process_time()
    await once()
    cold = time.process_time() - cpu
    unchanged, memory = [], []
    for _ in range(passes):
        cpu = time.process_time()
        await once()
        unchanged.append(time.process_time() - cpu)
        memory.append(rss_mib())
    settled = memory[len(memory) // 5]
    return {
        "cold_cpu_s": round(cold, 3),
        "unchanged_cpu_s": round(statistics.median(unchanged), 4),
        "rss_before_mib": round(started_rss, 1),
        "rss_after_mib": round(memory[-1], 1),
        "grown_over_passes_mib": round(memory[-1] - settled, 2),
    }


SIDES = {"bare": bare_passes, "ours": our_passes}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the farm did not start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--passes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--port", type=int)
    asked = parser.parse_args()
    port = asked.port or free_port()
    urls = [f"http://127.0.0.1:{port}/feed/{n}.xml" for n in range(1, asked.feeds + 1)]
    if asked.side:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(SIDES[asked.side](urls, Path(folder), asked.passes))))
        return
    farm = subprocess.Popen([sys.executable, "-m", "benchmarks.farm", str(port)])
    try:
        wait_for(port)
        rounds = [{side: run(side, port, asked) for side in SIDES} for _ in range(asked.rounds)]
    finally:
        farm.terminate()
        farm.wait()
    show(rounds, asked.feeds, asked.passes)


def run(side: str, port: int, asked: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.polling", "--side", side, "--port", str(port)]
    command += ["--feeds", str(asked.feeds), "--passes", str(asked.passes)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def show(rounds: list[dict[str, dict[str, float]]], feeds: int, passes: int) -> None:
    """Medians over the rounds, in which the two sides took turns: machines are noisy, their ratios less so."""

    def middle(side: str, key: str) -> float:
        return statistics.median(found[side][key] for found in rounds)

    print(f"{feeds} feeds of 20 items, {passes} unchanged passes, CPU of one process, imports not counted")
    print(
        f"{'median of ' + str(len(rounds)) + ' rounds':24}{'bare loop':>12}{'chipwatch':>12}{'ratio':>9}{'target':>9}"
    )
    for key, target in (("cold_cpu_s", "< 1"), ("unchanged_cpu_s", "<= 1.5")):
        ratio = statistics.median(found["ours"][key] / found["bare"][key] for found in rounds)
        print(f"{key:24}{middle('bare', key):12.3f}{middle('ours', key):12.3f}{ratio:9.2f}{target:>9}")
    for key in ("rss_before_mib", "rss_after_mib", "grown_over_passes_mib"):
        print(f"{key:24}{middle('bare', key):12.1f}{middle('ours', key):12.1f}")


if __name__ == "__main__":
    main()

"""How fast pages answer under 50 requests a second, in the process of a bot that polls all the while.

A farm of publishers changes at every poll; the board's pages are asked for at fixed moments by a process of its own,
whether the ones before were answered or not. Times are from the moment at which a request was due.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from statistics import quantiles
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from bot.app import Parts

PAGES = (
    "/", "/?on=2025-05-20", "/?on=2024-02-01", "/chips/H20", "/chips", "/status/H20/CN",
    "/status/H200/MY?on=2026-02-01", "/stories", "/ledger", "/rules", "/upcoming", "/promises", "/record", "/about",
    "/index.json", "/status/H100/SG.json", "/feed.xml", "/calendar.ics", "/try",
)  # fmt: skip
WARM_S = 3.0
BETWEEN_POLLS_S = 0.25
"""Some hundred times as often as a bot with fifty publishers polls."""


async def ask(address: str, rate: float, seconds: float) -> dict[str, list[float]]:
    """Ask for the pages in turn, `rate` a second; milliseconds of each answer by its page."""
    took: dict[str, list[float]] = {page: [] for page in PAGES}
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as browser:

        async def one(page: str, due: float) -> None:
            async with browser.get(address + page) as answer:
                await answer.read()
                assert answer.status == 200, (page, answer.status)
            took[page].append((loop.time() - due) * 1000)

        for page in PAGES:  # templates are compiled and figures loaded at the first request of a process
            await one(page, loop.time())
        for each in took.values():
            each.clear()
        begin, running = loop.time(), []
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            running.append(asyncio.create_task(one(PAGES[number % len(PAGES)], due)))
        await asyncio.gather(*running)
    return took


async def serve(rate: float, seconds: float, sources: int) -> dict[str, float]:
    """A board beside polls of `sources` publishers, one after the other; the percentiles in milliseconds."""
    from bot.app import Bot, assemble
    from bot.clock import SystemClock
    from bot.fetch.exchange import Answer, Request
    from bot.platforms.browser import Window
    from bot.settings import Settings
    from bot.settings.tables import WebSettings
    from bot.sources.curated import sources_of_text
    from bot.store.engine import Store

    class Farm:
        """Publishers at no distance: a feed whose newest article is another one at every poll."""

        polls = 0

        async def get(self, request: Request) -> Answer:
            self.polls += 1
            newest = 30 + self.polls // sources  # one new article at each poll
            items = "".join(_item(request.url, newest - back) for back in range(30))
            body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
            return Answer(request.url, 200, {"content-type": "application/rss+xml"}, body, datetime.now(UTC))

        async def close(self) -> None:
            """Nothing is held."""

    farm = Farm()
    settings = Settings(web=WebSettings(port=0))
    table = "".join(
        f'[[source]]\nid = "farm-{n}"\nkind = "feed"\nurl = "https://farm-{n}.example/feed"\ninterval = 60\n\n'
        for n in range(sources)
    )
    with tempfile.TemporaryDirectory(prefix="chipwatch-bench-") as folder:
        store = await Store.open(f"sqlite:///{folder}/bench.db")
        parts = assemble(settings, sources_of_text(table), store, farm, SystemClock(), {"console": Window()}, seed=0)
        bot, stop, found = Bot(parts), asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(bot.serve(stop, found.set_result))
        await asyncio.wait([serving, found], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        address = found.result()
        polling = asyncio.create_task(_poll_on(parts))
        await asyncio.sleep(WARM_S)
        before = farm.polls
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.web", "--ask", address, "--rate", str(rate), "--seconds", str(seconds),
            stdout=subprocess.PIPE,
        )  # fmt: skip
        began, busy = time.perf_counter(), time.process_time()
        out, _ = await child.communicate()
        took = time.perf_counter() - began
        polls, busy = (farm.polls - before) / took, (time.process_time() - busy) / took
        polling.cancel()
        stop.set()
        await serving
        await parts.close()
    return {**json.loads(out), "polls_per_second": polls, "busy": busy}


async def _poll_on(parts: Parts) -> None:
    """One source after the other, without end."""
    while True:
        for source in list(parts.poller.sources):
            await parts.poller.ask([source])
            await asyncio.sleep(BETWEEN_POLLS_S)


def _item(url: str, number: int) -> str:
    link = f"{url}/{number}"
    return (
        f"<item><guid>{link}</guid><link>{link}</link><title>Nvidia H20 licence for China, part {number}</title>"
        f"<description>The export of chips, told for the {number}th time.</description></item>"
    )


def figures(took: dict[str, list[float]]) -> dict[str, float]:
    """The percentiles over all pages, and the slowest page's."""
    every = sorted(ms for each in took.values() for ms in each)
    cut = quantiles(every, n=1000)
    slowest = max(took, key=lambda page: quantiles(took[page], n=100)[98])
    print(f"the slowest page: {slowest}, 99 % under {quantiles(took[slowest], n=100)[98]:.1f} ms", file=sys.stderr)
    return {"requests": len(every), "p50": cut[499], "p90": cut[899], "p99": cut[989], "worst": every[-1]}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ask", default="")
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--sources", type=int, default=10)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(figures(asyncio.run(ask(given.ask, given.rate, given.seconds)))))
        return
    found = asyncio.run(serve(given.rate, given.seconds, given.sources))
    polls = found["polls_per_second"]
    load = f"{polls:.1f} polls a second, {found['busy']:.0%} of a core"
    print(f"{found['requests']:.0f} requests at {given.rate:.0f} a second beside {load}")
    print("  ".join(f"{name} {found[name]:.1f} ms" for name in ("p50", "p90", "p99", "worst")))


if __name__ == "__main__":
    main()

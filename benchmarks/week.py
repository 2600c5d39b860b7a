"""The main process over a simulated week, both platforms connected: its memory at the end of each day.

`python -m benchmarks.week [--days N] [--trace]`; a table in Markdown, and what grew by file and line with `--trace`.

The whole bot runs, with the real store on SQLite, the real network and both adapters; its clock goes from beat to beat
of its own jobs. Publishers, Discord and Slack are servers in another process. 60 feeds are asked every half an hour
(2,880 polls a day), one in six answers has something new (every twelfth document is about chips), one in fifty fails;
30 channels with five kinds of orders read it, people ask on both platforms and look at the board.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from benchmarks.driven import DrivenBeats, DrivenClock
from benchmarks.happenings import Happenings
from benchmarks.installation import Installation, Item, Running, Use, Wire, installation, machine, row, until
from benchmarks.placing import title
from tests.fakes.slack import Channel
from tests.platforms.slack.office import command

if TYPE_CHECKING:
    from bot.pipeline.clockwork import Trouble
    from bot.pipeline.outcome import Outcome
    from bot.store.deliveries import Delivery

START = datetime(2026, 6, 1, tzinfo=UTC)
FEEDS = 60
CHANNELS = 30
OF_THE_SUBJECT = 12
"""One in so many documents is about the export of AI chips: a new happening and another report of the last, in turn."""
EVERY_S = 1800.0
SLOWER = {"poll": 60.0, "snapshot": 600.0}
"""Beats of the simulation in seconds, where the bot's own are shorter and find nothing to do."""
WARM = 1
"""Days that fill what is kept for good (vocabularies, pages of the store, patterns) and are no growth."""
MOST_A_DAY_MIB = 1.0
MOST_MIB = 160.0
ORDERS: tuple[dict[str, Any], ...] = (
    {},
    {"severity": "high", "bundle": False},
    {"pace": "daily", "at": "09:00"},
    {"chips": ["H20"], "growth": "new"},
    {"quiet": ["22:00", "07:00"], "trust": "press"},
)
ASK_EVERY_S = 0.5
PAGES = ("/", "/stories", "/upcoming", "/healthz", "/metrics")


class Busy(Wire):
    """A feed that has something new in one of six answers and fails in one of fifty; its dates keep step with the
    simulated clock by the number of polls."""

    chance = random.Random(1)  # what happens in the week, the same in every run
    happenings = Happenings()
    last = happenings.another("high")
    written = 0

    def answer(self, tag: str | None) -> web.Response:
        if self.chance.random() < 1 / 50:
            self.asked += 1
            return web.Response(status=500)
        if self.chance.random() < 1 / 6:
            Busy.written += 1
            at = START + timedelta(seconds=EVERY_S * self.asked)
            words, lead = title(Busy.written)
            words = f"Quarterly figures of firm {Busy.written} were better than expected"
            if Busy.written % OF_THE_SUBJECT == 0:
                if Busy.written % (2 * OF_THE_SUBJECT) == 0:
                    Busy.last = self.happenings.another("high" if Busy.written % 5 else "critical")
                words, at = Busy.last
                lead = ""
            self.add(Item(f"k-{Busy.written}", words, at, lead * 4))
        return super().answer(tag)


async def run_bot(days: int, config: Path, trace: bool) -> None:
    """The bot's process: as `chipwatch run` builds it, but for the clock. Says on standard error what it uses, as JSON,
    at the end of each simulated day."""
    from bot.app import Bot, assemble, network
    from bot.app.chat import Chat
    from bot.cli.setup import console, journal_of, settings_of, sources_of
    from bot.logs import Scrubber, configure, logger
    from bot.settings import secret_values
    from bot.store.engine import Store

    settings = settings_of(config)
    configure("error", "console", Scrubber(secret_values(settings)))
    clock = DrivenClock(START)
    store = await Store.open(settings.store.url)
    chat = Chat.of(settings, clock, logger("week"))
    platforms = {**console(settings, as_json=True, journal=journal_of(store.path)), **chat.platforms}
    counted: Counter[str] = Counter()
    snapshots: list[tracemalloc.Snapshot] = []

    def heard(outcome: Outcome) -> None:
        counted.update(polls=1, documents=len(outcome.changes), stories=len(outcome.revisions))

    def delivered(delivery: Delivery, end: str, reason: str) -> None:
        counted.update((end,))

    parts = assemble(
        settings, sources_of(config), store, network(settings, clock), clock, platforms, report=heard,
        delivered=delivered,
    )  # fmt: skip
    stop = asyncio.Event()

    async def idle() -> bool:
        await parts.poller.finish(60)
        due = await parts.outbox.next_due()
        if due is None or due > clock.now():
            return True
        bot.services.wake()
        return False

    async def end_of_day() -> None:
        gc.collect()
        used = Use.of(os.getpid())
        told = {"rss": used.rss_mib, "peak": used.peak_mib, "cpu": used.cpu_s, **counted}
        print(json.dumps(told), file=sys.stderr, flush=True)
        counted.clear()
        if trace:
            snapshots.append(tracemalloc.take_snapshot())

    def beats(trouble: Trouble) -> DrivenBeats:
        made = DrivenBeats(clock, START + timedelta(days=days), idle, stop.set, trouble, SLOWER)
        made.every(timedelta(days=1).total_seconds(), "end of day", end_of_day)
        return made

    bot = Bot(parts, beats=beats)
    bot.doors, bot.mounts = chat.connect(parts, bot.services, bot.roles)
    platforms |= chat.platforms
    await bot.serve(stop, lambda address: print(f"is ready {address}", file=sys.stderr, flush=True))
    await chat.close()
    await parts.close()
    if len(snapshots) > WARM:
        for line in snapshots[-1].compare_to(snapshots[WARM - 1], "lineno")[:30]:
            print(line, file=sys.stderr)


async def look_on(place: Installation, bot: Running, address: str) -> None:
    """People who ask on both platforms and look at the board, until cancelled."""
    asked = itertools.cycle(itertools.product(("H200", "H20", "MI300X", "A100"), ("Malaysia", "China", "India")))
    pages = itertools.cycle(PAGES)
    async with aiohttp.ClientSession() as session:
        while True:
            chip, where = next(asked)
            await place.discord.command("chip", "status", {"chip": chip, "destination": where}, wait=60)
            payload, answer = command(place.slack, f"status {chip} {where}", "/chip")
            await place.slack.envelope("slash_commands", payload)
            await until(partial(place.slack.responses.__contains__, answer), 60, lambda: "an answer on Slack")
            async with session.get(address + next(pages)) as page:
                await page.read()
            await asyncio.sleep(ASK_EVERY_S)


async def measure(days: int, trace: bool) -> bool:
    """Print the table; whether memory stayed as it should."""
    print(machine())
    wires = [Busy(f"feed-{number}") for number in range(FEEDS)]
    with tempfile.TemporaryDirectory(prefix="chipwatch-week-") as folder:
        async with installation(Path(folder), wires, limits=False) as place:
            place.sources({wire.name: EVERY_S for wire in wires})
            await place.subscribe(orders(place))
            program = ["benchmarks.week", "--days", str(days), "--bot", *(["--trace"] if trace else [])]
            settings = {"FETCH__PACE": "0", "FETCH__PER_HOST": "50"}
            async with place.run(settings, program=program) as bot:
                looking = asyncio.create_task(look_on(place, bot, bot.said[-1].split()[-1]))
                while sum(line.startswith("{") for line in bot.said) < days and not bot.reading.done():
                    await asyncio.wait({looking, bot.reading}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
                    if looking.done():
                        looking.result()
                looking.cancel()
                await bot.process.wait()
    told = [json.loads(line) for line in bot.said if line.startswith("{")]
    print(*(line.rstrip() for line in bot.said if not line.startswith("{")), sep="\n", file=sys.stderr)
    return show(told)


def orders(place: Installation) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Channels on both platforms, with orders of all kinds."""
    place.discord.world.guild("300")
    for number in range(CHANNELS):
        order = ORDERS[number % len(ORDERS)]
        if number % 2:
            place.slack.world.add(Channel(f"N{number}"))
            yield "slack", "T1", f"N{number}", order
        else:
            place.discord.world.channel(f"3{number:03}", "300")
            yield "discord", "300", f"3{number:03}", order


def show(days: list[dict[str, float]]) -> bool:
    """The table, and the slope of the days after the first."""
    print()
    print(row("simulated day", "polls", "changes", "stories told", "messages", "processor time", "memory", "peak"))
    print(row(*["---"] * 8))
    before = 0.0
    for number, day in enumerate(days, start=1):
        counts = [f"{day.get(name, 0):,.0f}" for name in ("polls", "documents", "stories", "sent")]
        memory = (f"{day['rss']:.1f} MiB", f"{day['peak']:.1f} MiB")
        print(row(number, *counts, f"{day['cpu'] - before:.1f} s", *memory))
        before = day["cpu"]
    settled = [day["rss"] for day in days[WARM:]]
    print()
    if len(settled) < 2:
        return True
    slope = statistics.linear_regression(range(len(settled)), settled).slope
    print(f"Slope after day {WARM}: {slope:+.2f} MiB a simulated day (target: below {MOST_A_DAY_MIB:.0f})")
    return slope < MOST_A_DAY_MIB and days[-1]["peak"] < MOST_MIB


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--days", type=int, default=7)
    asked.add_argument("--trace", action="store_true", help="say what grew, by line; all is slower and larger")
    asked.add_argument("--bot", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--config", type=Path, help=argparse.SUPPRESS)
    wanted = asked.parse_args()
    if wanted.bot:
        if wanted.trace:
            tracemalloc.start()
        asyncio.run(run_bot(wanted.days, wanted.config, wanted.trace))
    else:
        sys.exit(not asyncio.run(measure(wanted.days, wanted.trace)))

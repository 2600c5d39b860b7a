"""From publication to post, and commands meanwhile: the real bot on SQLite, both platforms connected, idle and while an
earlier story goes out to thousands of Discord channels.

`python -m benchmarks.latency [--happenings N] [--channels N] [--fan-outs N]`; tables in Markdown.

The clock starts when a publisher gives the first answer that has the news in it (not when the news comes up: how often
a source is asked is a setting), and ends when the message stands at the platform's server. The news is for readers: a
channel on each platform for each of three feeds, which want nothing of what goes out to the thousands. 200 more feeds
are polled all the while. A story for the thousands themselves takes as long as the platform's limit makes it take: of
those the first and the last channel are told.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.arrivals import Arrivals
from benchmarks.happenings import Happenings
from benchmarks.installation import Installation, Item, Running, Wire, installation, machine, row, until
from tests.fakes.slack import Channel
from tests.platforms.slack.office import command

FEEDS = ("news-1", "news-2", "news-3")
READERS = {
    (platform, feed): f"{letter}30{number}"
    for platform, letter in (("discord", ""), ("slack", "N"))
    for number, feed in enumerate(FEEDS)
}
"""The channel that reads a feed, by platform."""
FIRST = 100_000
GUILD_SIZE = 10
"""Channels of one Discord server that want the story for the thousands."""
QUIET = {f"quiet-{number}": 30.0 for number in range(200)}
COMMAND_EVERY_S = 0.25
LEAST_HAPPENINGS = 3
TARGET_S = 1.0
SLOW_S = 0.5
MOST_MIB = 160.0
SETTINGS = {"DELIVERY__SINGLES_PER_HOUR": "100000", "DELIVERY__POSTS_PER_HOUR": "100000", "FETCH__PACE": "0",
            "FETCH__PER_HOST": "50"}  # fmt: skip
"""Under these every story is a message of its own, and all publishers may live on one machine."""


@dataclass(slots=True)
class Phase:
    """What was measured while the bot was in one state: seconds by what they are of, and what it used."""

    name: str
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slow: list[str] = field(default_factory=list)  # a line for each message that took longer than SLOW_S
    cpu_s: float = 0.0
    wall_s: float = 0.0
    rss_mib: float = 0.0


@dataclass(slots=True)
class Measurement:
    """One bot at work among its servers; each method is a phase."""

    place: Installation
    bot: Running
    channels: int
    arrivals: Arrivals
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # spreads happenings in time
    _turns: Iterator[str] = field(default_factory=lambda: itertools.cycle(FEEDS))
    _keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _happenings: Happenings = field(default_factory=Happenings)

    async def first_story(self) -> Phase:
        """The first relevant document in the life of the process."""
        async with self._phase("first story after the start") as phase:
            await self._read(phase, [(FEEDS[0], self._publish(FEEDS[0], "critical"))])
        return phase

    async def idle(self, count: int) -> Phase:
        """So many happenings, while nothing else is to be posted."""
        async with self._phase("idle") as phase, self._asking(phase):
            await self._read(phase, [await self._happen("critical") for _ in range(count)])
        return phase

    async def fan_out(self) -> Phase:
        """Happenings, two of three more urgent than the story that goes out to the thousands, the third as urgent."""
        async with self._phase("during a fan-out") as phase, self._asking(phase):
            crowd = self._publish("crowd", "high")
            await self._reaches(crowd, 1)
            told: list[tuple[str, str]] = []
            while self._reached(crowd) < self.channels * 0.9 or len(told) < LEAST_HAPPENINGS:
                told.append(await self._happen("critical" if len(told) % 3 else "high"))
            await self._read(phase, told)
            await self._reaches(crowd, self.channels)
        self._tell_of_crowd(phase, "story to the thousands", crowd)
        return phase

    async def alarm(self) -> Phase:
        """A critical story for the thousands, while a lesser one is on its way to them."""
        async with self._phase("during a fan-out to the same channels") as phase, self._asking(phase):
            lesser = self._publish("crowd", "high")
            await self._reaches(lesser, self.channels // 10)
            urgent = self._publish("crowd", "critical")
            await self._reaches(urgent, self.channels)
            await self._reaches(lesser, self.channels)
        self._tell_of_crowd(phase, "critical story to the thousands", urgent)
        return phase

    def _publish(self, feed: str, urgency: str) -> str:
        key = f"{urgency}-{next(self._keys)}"
        self.place.publishers.wires[feed].add(Item(key, *self._happenings.another(urgency)))
        return key

    async def _happen(self, urgency: str) -> tuple[str, str]:
        """Something happens: a feed and its newest key, after a while that is no whole part of a poll's beat. A reader
        has some seconds between two: Slack's limit of one message a second and channel is not what is measured."""
        feed = next(self._turns)
        key = self._publish(feed, urgency)
        await asyncio.sleep(self.chance.uniform(0.7, 1.3))
        return feed, key

    async def _read(self, phase: Phase, told: list[tuple[str, str]]) -> None:
        """Wait until every reader has what his feed told, and note how long each message took."""
        wanted = {
            (platform, READERS[platform, feed], key): feed for platform in ("discord", "slack") for feed, key in told
        }
        await until(
            lambda: wanted.keys() <= self.arrivals.look().at.keys(),
            60,
            lambda: sorted(wanted.keys() - self.arrivals.at.keys()),
        )
        for (platform, channel, key), feed in wanted.items():
            began = self.place.publishers.wires[feed].served[key]
            took = self.arrivals.at[platform, channel, key] - began
            phase.seconds[f"{key.split('-')[0]} story to a reader on {platform.title()}"].append(took)
            if took > SLOW_S:
                phase.slow.append(
                    f"{key} on {platform.title()}: {took:.3f} s; {self._circumstances(platform, feed, key)}"
                )

    def _circumstances(self, platform: str, feed: str, key: str) -> str:
        """What else was there when an item was slow: others in its answer, and the message before it in its channel."""
        served, channel = self.place.publishers.wires[feed].served, READERS[platform, feed]
        company = sum(at == served[key] for at in served.values()) - 1
        arrived = self.arrivals.at[platform, channel, key]
        before = [at for (where, what, _), at in self.arrivals.at.items() if (where, what) == (platform, channel)]
        gap = min((arrived - at for at in before if at < arrived), default=None)
        said = "none before it" if gap is None else f"the one before it in its channel {gap:.3f} s earlier"
        return f"{company} others in its answer, {said}"

    def _reached(self, key: str) -> int:
        return len(self.arrivals.look().of(key))

    async def _reaches(self, key: str, channels: int) -> None:
        """Wait until so many have a story, with four times the time that the platform's limit asks for."""
        seconds = 60 + self.channels / 10
        await until(lambda: self._reached(key) >= channels, seconds, lambda: f"{key}: {self._reached(key)} have it")

    def _tell_of_crowd(self, phase: Phase, what: str, key: str) -> None:
        began = self.place.publishers.wires["crowd"].served[key]
        times = self.arrivals.of(key)
        phase.seconds[f"{what}: first channel"].append(times[0] - began)
        phase.seconds[f"{what}: last channel"].append(times[-1] - began)

    @asynccontextmanager
    async def _phase(self, name: str) -> AsyncIterator[Phase]:
        phase, began, before = Phase(name), time.monotonic(), self.bot.use()
        yield phase
        after = self.bot.use()
        phase.cpu_s, phase.wall_s, phase.rss_mib = after.cpu_s - before.cpu_s, time.monotonic() - began, after.rss_mib

    @asynccontextmanager
    async def _asking(self, phase: Phase) -> AsyncIterator[None]:
        """While people ask, on both platforms in turn; the time until each answer stands."""
        enough = asyncio.Event()
        asking = asyncio.create_task(self._ask(phase, enough))
        try:
            yield
        finally:
            enough.set()
            await asking

    async def _ask(self, phase: Phase, enough: asyncio.Event) -> None:
        asked = itertools.cycle(itertools.product(("H200", "H20", "MI300X"), ("Malaysia", "China")))
        for ask, platform in itertools.cycle(((self._ask_on_discord, "Discord"), (self._ask_on_slack, "Slack"))):
            began = time.monotonic()
            await ask(*next(asked))
            phase.seconds[f"/chip status on {platform}"].append(time.monotonic() - began)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(enough.wait(), COMMAND_EVERY_S)
                return

    async def _ask_on_discord(self, chip: str, place: str) -> None:
        """An answer that had to be put off counts when it comes."""
        discord = self.place.discord
        said = await discord.command("chip", "status", {"chip": chip, "destination": place}, wait=30)
        if said.json["type"] == 5:
            token = said.path.split("/")[3]
            await discord.until(
                lambda: any(token in r.path and r.method == "PATCH" for r in discord.world.requests), 30
            )
        elif said.json["type"] != 4:
            raise RuntimeError(f"no answer: {said.json}")

    async def _ask_on_slack(self, chip: str, place: str) -> None:
        slack = self.place.slack
        payload, answer = command(slack, f"status {chip} {place}", "/chip")
        await slack.envelope("slash_commands", payload)
        await until(lambda: answer in slack.responses, 30, lambda: f"an answer to {chip} {place}")


async def measure(count: int, channels: int, fan_outs: int) -> bool:
    """Print the tables; whether every target was met."""
    crowd = [str(FIRST + number) for number in range(channels)]
    intervals = {**dict.fromkeys((*FEEDS, "crowd"), 1.0), **QUIET}
    with tempfile.TemporaryDirectory(prefix="chipwatch-latency-") as folder:
        async with installation(Path(folder), map(Wire, intervals)) as place:
            place.sources(intervals)
            settle(place, crowd)
            await place.subscribe(orders(crowd))
            async with place.run(SETTINGS) as bot:
                wires = place.publishers.wires
                await until(lambda: all(wire.asked for wire in wires.values()), 120, lambda: "the first polls")
                work = Measurement(place, bot, channels, Arrivals(place.discord, place.slack))
                print(machine())
                phases = [await work.first_story(), await work.idle(count)]
                phases += [await work.fan_out() for _ in range(fan_outs)]
                phases.append(await work.alarm())
                peak = bot.use().peak_mib
    joined = join(phases)
    show(joined, peak)
    return met(joined, peak)


def settle(place: Installation, crowd: list[str]) -> None:
    """The servers and channels of readers and thousands."""
    place.discord.world.guild("300")
    for (platform, _), channel in READERS.items():
        if platform == "discord":
            place.discord.world.channel(channel, "300")
        else:
            place.slack.world.add(Channel(channel))
    for number, channel in enumerate(crowd):
        if number % GUILD_SIZE == 0:
            place.discord.world.guild(f"4{number // GUILD_SIZE:05}")
        place.discord.world.channel(channel, f"4{number // GUILD_SIZE:05}")


def orders(crowd: list[str]) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    """What each of them wants."""
    for (platform, feed), channel in READERS.items():
        yield platform, "300" if platform == "discord" else "T1", channel, {"sources": [feed], "bundle": False}
    for number, channel in enumerate(crowd):
        yield "discord", f"4{number // GUILD_SIZE:05}", channel, {"sources": ["crowd"], "bundle": False}


def join(phases: list[Phase]) -> list[Phase]:
    """Phases of one name as one."""
    found: dict[str, Phase] = {}
    for phase in phases:
        whole = found.setdefault(phase.name, Phase(phase.name))
        for what, seconds in phase.seconds.items():
            whole.seconds[what] += seconds
        whole.cpu_s, whole.wall_s = whole.cpu_s + phase.cpu_s, whole.wall_s + phase.wall_s
        whole.rss_mib = max(whole.rss_mib, phase.rss_mib)
        whole.slow += phase.slow
    return list(found.values())


def p99(seconds: list[float]) -> float:
    """The 99th percentile; of less than a hundred, the slowest."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) >= 100 else max(seconds)


def show(phases: list[Phase], peak: float) -> None:
    """The tables."""
    print()
    print(row("state", "what", "times", "median", "99th percentile", "slowest"))
    print(row(*["---"] * 6))
    for phase in phases:
        for what, seconds in sorted(phase.seconds.items()):
            middle, high, worst = statistics.median(seconds), p99(seconds), max(seconds)
            print(row(phase.name, what, len(seconds), f"{middle:.3f} s", f"{high:.3f} s", f"{worst:.3f} s"))
    print()
    print(row("state", "processor of the main process", "memory at its end"))
    print(row(*["---"] * 3))
    for phase in phases:
        print(row(phase.name, f"{phase.cpu_s / phase.wall_s:.0%} of a core", f"{phase.rss_mib:.0f} MiB"))
    for phase in phases:
        for line in phase.slow:
            print(f"\nslow, {phase.name}: {line}")
    print()
    print(f"Peak memory of the main process: {peak:.0f} MiB (target: under {MOST_MIB:.0f})")


def met(phases: list[Phase], peak: float) -> bool:
    """Whether what is more urgent than what else goes out, or goes out alone, came in time, and the memory held."""
    timed = [
        seconds
        for phase in phases
        for what, seconds in phase.seconds.items()
        if what.startswith("critical story to a reader") or what == "critical story to the thousands: first channel"
    ]
    return all(p99(seconds) < TARGET_S for seconds in timed) and peak < MOST_MIB


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--happenings", type=int, default=40)
    asked.add_argument("--channels", type=int, default=1000)
    asked.add_argument("--fan-outs", type=int, default=1)
    wanted = asked.parse_args()
    sys.exit(not asyncio.run(measure(wanted.happenings, wanted.channels, wanted.fan_outs)))

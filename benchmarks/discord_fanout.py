"""One alert into ten thousand Discord channels over a local server, while people ask: pace, refusals, and the answers.

python -m benchmarks.discord_fanout [CHANNELS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.commands.ask import Services
from bot.commands.custom_id import pack
from bot.commands.desk import Desk as CommandDesk
from bot.delivery.outbox import Outbox
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord.client import Client, use_addresses
from bot.platforms.discord.door import DiscordDoor
from bot.platforms.discord.pace import Pace
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.settings import Settings
from bot.settings.tables import DiscordSettings, Secret
from bot.store import subscriptions
from bot.store.engine import Connection, Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.presence import Reported
from tests.fakes.discord.world import TOKEN
from tests.pipeline.desk import Desk, news

FIRST = 100_000
EVERY_S = 0.25
"""Seconds between two commands."""


async def main(channels: int = 10_000) -> None:
    """Discord's side: the server, and the people who ask. The bot runs in a process of its own."""
    fake = FakeDiscord()
    await fake.start()
    fake.world.guild("100")
    fake.world.channel("200")
    ids = [str(FIRST + number) for number in range(channels)]
    words = [sys.executable, "-m", "benchmarks.discord_fanout", str(channels), fake.api_url]
    bot = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    await fake.gateway.ready.wait()
    for id_ in ids:
        fake.world.channel(id_)
    asked: list[float] = []
    asking = asyncio.create_task(ask(fake, asked))
    took = await asyncio.wait_for(bot.communicate(), channels / 20 + 120)
    asking.cancel()
    await fake.stop()
    seconds, busiest = took[0].split()[-2:]
    show(fake, ids, float(seconds), int(busiest), sorted(asked))


async def run_bot(channels: int, api_url: str) -> None:
    """The bot's side: a store with the orders, the outbox and the door; prints how long the outbox took."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{Path(folder)}/fanout.db", scratch=True)
        await prepare(store, [str(FIRST + number) for number in range(channels)])
        settings = Settings(discord=DiscordSettings(Secret(TOKEN), api_url))
        use_addresses(settings.discord)
        clock = SystemClock()
        pace = Counted(clock)
        wire = Wire(TOKEN, clock, pace)
        client = Client(wire, "fan-out")
        services = Services(store, clock, settings, Librarian())
        door = DiscordDoor(client, wire, CommandDesk(), services, Reported(lambda where, what: None))
        await door.open()
        outbox = Outbox(store, {"discord": Discord(wire, pack, clock=clock)}, clock, "bench")
        began = time.perf_counter()
        await outbox.drain()
        print(time.perf_counter() - began, pace.busiest)
        await door.close()
        await store.close()


class Counted(Pace):
    """A pace that notes when requests start: a starved server sees in a bunch what was sent spread out."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._starts: deque[float] = deque()
        self.busiest = 0

    async def wait(self) -> None:
        await super().wait()
        now = time.perf_counter()
        self._starts.append(now)
        while self._starts[0] <= now - 1.0:
            self._starts.popleft()
        self.busiest = max(self.busiest, len(self._starts))


async def prepare(store: Store, ids: list[str]) -> None:
    """So many orders, and one story for all of them."""
    desk = await Desk(store).open()
    await desk.poll()

    def subscribe(conn: Connection) -> None:
        for id_ in ids:
            subscriptions.add(conn, "discord", id_, {}, desk.now, "bench", workspace="100")

    await store.write(subscribe)
    await desk.poll(news("a"))


async def ask(fake: FakeDiscord, asked: list[float]) -> None:
    """Commands one after another, and how long each answer took."""
    while True:
        began = time.perf_counter()
        said = await fake.command("chip", "status", {"chip": "H200", "destination": "Malaysia"})
        asked.append(time.perf_counter() - began)
        if said.json["type"] not in (4, 5):
            raise RuntimeError(f"no answer: {said.json}")
        await asyncio.sleep(EVERY_S)


def show(fake: FakeDiscord, ids: list[str], took: float, busiest: int, asked: list[float]) -> None:
    counts = [len(fake.world.messages[id_]) for id_ in ids]
    once = counts.count(1)
    p99 = asked[min(len(asked) - 1, int(len(asked) * 0.99))] * 1000
    print(f"channels   {once:,} of {len(ids):,} have it exactly once (more than once: {sum(n > 1 for n in counts)})")
    print(f"pace       {len(ids) / took:.1f} requests/s over {took:.0f} s (wanted: 45 to 50)")
    print(f"busiest    {busiest} requests started within one second, {fake.limits.highest} arrived (limit: 50)")
    print(f"refused    {fake.limits.refused} answers of 429, each tried again")
    middle = asked[len(asked) // 2] * 1000
    print(f"commands   {len(asked)} answered meanwhile; median {middle:.0f} ms, p99 {p99:.0f} ms (wanted: under 300)")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        asyncio.run(run_bot(int(sys.argv[1]), sys.argv[2]))
    else:
        asyncio.run(main(*map(int, sys.argv[1:])))

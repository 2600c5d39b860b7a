"""A simulated month with faults: a real store, the real poller and outbox, publishers and chat services that fail over
real connections, a clock that is handed in and jumps, a bot that is struck down in the middle of its steps and starts
anew, a database that is locked, full or gone. Then everything is counted.

`make soak` runs a month on SQLite and ten days on PostgreSQL; the tests run one day. What a strike leaves is what a
killed process leaves: its open transaction is rolled back, its leases stay; `make crash` kills real processes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import assemble
from bot.app.running import Bot
from bot.errors import StoreError
from bot.fetch.network import Network
from bot.pipeline.outcome import Outcome
from bot.settings import Settings
from bot.sources.base import source_from
from bot.store import backends, subscriptions
from bot.store.engine import Connection, Store
from tests.fakes.publisher import Publisher
from tests.faults.chat_server import ChatServer
from tests.faults.clocks import JumpingClock
from tests.faults.crash import STEPS
from tests.faults.newsroom import DEADLINE_S, Newsroom
from tests.faults.promises import Report, memory_mib, reckon, told
from tests.faults.story_chat import ORDERS, StoryChat

BEGINS = datetime(2026, 10, 12, 5, tzinfo=UTC)
"""So that both changes of the clocks lie in the month: 25 October in Berlin, 1 November in New York."""
TICK = timedelta(minutes=10)
INTERVAL = timedelta(minutes=30)
CHAT_FAULTS = ("500", "429", "reset_before", "reset_after")
REFUSALS = ("store full", "store locked")


class StruckError(BaseException):
    """The process is dead: nobody handles it."""


class Month:
    """A world that goes on from day to day, and the lives of a bot in it."""

    def __init__(self, url: str, publisher: Publisher, days: int, *, feeds: int, a_day: int, seed: int) -> None:
        self.url = url
        self.report = Report(days)
        self.chance = random.Random(seed)
        self.clock = JumpingClock(BEGINS)
        self.newsroom = Newsroom(publisher, feeds, BEGINS + timedelta(hours=2), days, a_day, seed)
        self.servers = {"tells": ChatServer(nonces=True), "cannot": ChatServer(nonces=False)}
        self.chats = {name: StoryChat(name, each.url, self.clock) for name, each in self.servers.items()}
        self.sources = [
            source_from({"id": name, "kind": "feed", "url": address, "trust": "press", "interval": 1800})
            for name, address in self.newsroom.urls.items()
        ]
        self.jumped = timedelta(0)
        self._due: dict[str, datetime] = {}
        self._strike = ("", 0)
        self._dead = False

    # A life

    def _step(self, name: str) -> None:
        step, left = self._strike
        if name == step:
            self._strike = (step, left - 1)
            self._dead = self._dead or left <= 1
        if self._dead:
            raise StruckError(name)

    def _heard(self, outcome: Outcome) -> None:
        """A good poll says when the next one is due, at the latest: an interval with its jitter, and two ticks."""
        self.report.polls += 1
        due = self._due.pop(outcome.source, None)
        if due is not None and self.newsroom.now > due:
            self.report.late_polls += 1
        if not outcome.failed:
            self._due[outcome.source] = self.newsroom.now + INTERVAL * 1.1 + 2 * TICK

    @contextlib.asynccontextmanager
    async def life(self) -> AsyncIterator[Bot]:
        """A bot over the store, until it ends or is struck down."""
        store = await Store.open(self.url)
        network = Network(clock=self.clock, allow_private=("127.0.0.1",), deadline=DEADLINE_S, pace=0.0)
        parts = assemble(
            Settings(),
            self.sources,
            store,
            network,
            self.clock,
            self.chats,
            report=self._heard,
            trouble=self._refused,
            step=self._step,
            seed=self.chance.randrange(1 << 30),
        )
        self._dead, self._strike = False, ("", 0)
        try:
            await parts.prepare()
            yield Bot(parts)
        finally:
            running = list(parts.poller._running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await parts.close()

    async def _tried(self, work: Awaitable[Any]) -> None:
        """As the clockwork would: what the store refuses is tried at the next beat."""
        try:
            await work
        except StoreError as error:
            self._refused(error)

    def _refused(self, error: StoreError) -> None:
        """A poll that the store refused is asked for again when its lease has run out: none is late until then."""
        self.report.faults[f"store {error.name}"] += 1
        self._due.clear()

    async def tick(self, bot: Bot) -> None:
        """Ten minutes: what is due is polled, what is due goes out, now and then the house is kept."""
        self.newsroom.now += TICK
        self.clock.set(self.newsroom.now + self.jumped)
        self.report.ticks += 1
        poller, outbox = bot.parts.poller, bot.parts.outbox
        await self._tried(poller.start_due())
        while poller._running:
            await asyncio.wait(set(poller._running))
        await self._tried(poller._store_quiet())
        await self._tried(outbox.drain())
        if self.report.ticks % 6 == 0:
            for beat in (bot._look_for_silence, bot._keep_house, bot._plan_reminders, bot.parts.presence.look_again):
                await self._tried(beat())
        if self.report.ticks % 144 == 0:
            await self._tried(bot._write_snapshot())
            self.report.memory.append(memory_mib())
        if self._dead:
            raise StruckError("somewhere")

    # Its faults

    def plan(self) -> None:
        """What the services are up to in the next hour."""
        calm = self.chance.random() < 0.5
        self.newsroom.share = 0.0 if calm else 0.3
        for server in self.servers.values():
            server.plan = [] if calm else [self.chance.choice(CHAT_FAULTS) for _ in range(self.chance.randrange(4))]
            self.report.faults.update(f"chat {each}" for each in server.plan)

    def jump(self) -> None:
        """The machine's clock goes wrong by up to three hours, or is put right again."""
        by = -self.jumped if self.jumped else timedelta(minutes=self.chance.choice((-90, -60, 60, 180)))
        self.jumped += by
        self.clock.jump(by)
        self.report.faults["clock jumps"] += 1
        self._due.clear()  # what was due by the old clock

    @contextlib.asynccontextmanager
    async def trouble(self, bot: Bot) -> AsyncIterator[int]:
        """The database is locked by another process, its disk is full, or its server cuts all connections; for so many
        ticks at most, until the store has refused something: a file has some room left inside."""
        path = bot.parts.store.path
        if path is None:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            kick = f"SELECT pg_terminate_backend(pid) {others}"
            await self._tried(bot.parts.store.read(lambda conn: conn.exec_driver_sql(kick).all()))
            self.report.faults["database connections cut"] += 1
            yield 1
        elif self.chance.random() < 0.5:
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield 1
                other.execute("ROLLBACK")
        else:
            await bot.parts.store.write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1").all())
            yield 12
            await bot.parts.store.write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1073741823").all())

    # The whole

    async def live(self) -> Report:
        """Every day, then as long as it takes until all has come to rest without faults; counts."""
        await self._subscribe()
        ends = BEGINS + timedelta(days=self.report.days, hours=2)
        while self.newsroom.now < ends:
            with contextlib.suppress(StruckError):
                async with self.life() as bot:
                    await self._days(bot, ends)
            if self._dead:
                self.report.faults["struck down"] += 1
                self._due.clear()  # leases run out first
        self.newsroom.share = 0.0
        self.clock.jump(-self.jumped)
        self.jumped = timedelta(0)
        for server in self.servers.values():
            server.plan = []
        async with self.life() as bot:
            for _ in range(60):
                await self.tick(bot)
            await self._come_to_rest(bot)
            await reckon(self.report, bot.parts.store, self.newsroom, self.servers, self.chats)
        for name, count in self.newsroom.met.items():
            if name != "good":
                self.report.faults[f"publisher {name}"] = count
        return self.report

    async def _days(self, bot: Bot, ends: datetime) -> None:
        while self.newsroom.now < ends:
            if self.report.ticks % 6 == 0:
                self.plan()
            if self.report.ticks % 200 == 199:
                self.jump()
            if self.report.ticks % 180 == 120:
                self._strike = (self.chance.choice(STEPS), self.chance.randrange(1, 6))
            if self.report.ticks % 97 == 96:
                async with self.trouble(bot) as ticks:
                    before = sum(self.report.faults[name] for name in REFUSALS)
                    while ticks and sum(self.report.faults[name] for name in REFUSALS) == before:
                        await self.tick(bot)
                        ticks -= 1
            else:
                await self.tick(bot)

    async def _come_to_rest(self, bot: Bot) -> None:
        """What waits for its hour, up to a week's digest, goes out at it."""
        outbox, last = bot.parts.outbox, self.clock.now() + timedelta(days=9)
        while (due := await outbox.next_due()) is not None and due <= last:
            self.clock.set(max(due, self.clock.now() + timedelta(seconds=1)))
            await outbox.drain()

    async def _subscribe(self) -> None:
        store = await Store.open(self.url)

        def work(conn: Connection) -> None:
            for platform in self.chats:
                for channel, (order, zone) in ORDERS.items():
                    order = {"analyses": True, **order}
                    subscriptions.add(conn, platform, channel, order, BEGINS, "soak", time_zone=zone)

        await store.write(work)
        await store.close()


def _say_nothing_of_the_dead(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if not isinstance(context.get("exception"), StruckError):
        loop.default_exception_handler(context)


async def simulate(url: str, days: int, *, feeds: int = 6, a_day: int = 100, seed: int = 1) -> Report:
    """A month, or as many days as are asked for."""
    asyncio.get_running_loop().set_exception_handler(_say_nothing_of_the_dead)
    publisher = Publisher()
    await publisher.start()
    month = Month(url, publisher, days, feeds=feeds, a_day=a_day, seed=seed)
    try:
        return await month.live()
    finally:
        for chat in month.chats.values():
            await chat.close()
        for server in month.servers.values():
            server.close()
        await publisher.stop()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--postgres-days", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    from tests.databases import Server

    backends.BUSY_TIMEOUT_MS = 50
    broken = False
    runs: list[tuple[str, int, Callable[[str], str]]] = [
        ("SQLite", given.days, lambda folder: f"sqlite:///{folder}/m.db")
    ]
    server = Server() if given.postgres_days else None
    if server is not None:
        fresh = server.fresh
        runs.append(("PostgreSQL", given.postgres_days, lambda folder: fresh()))
    try:
        for name, days, address in runs:
            with tempfile.TemporaryDirectory(prefix="chipwatch-soak-") as folder:
                began, cpu = time.monotonic(), time.process_time()
                report = asyncio.run(simulate(address(folder), days, seed=given.seed))
                told(name, report, began, cpu)
                broken = broken or bool(report.broken)
    finally:
        if server is not None:
            server.stop()
    if broken:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""A whole installation on one machine, for measuring: `chipwatch run` in a process of its own with both platforms
connected; beside it a local Discord, a local Slack and publishers, which note when they served and were told what."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.store import subscriptions
from bot.store.engine import Connection, Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import Channel, FakeSlack, User

READY_S = 120.0
TICKS = os.sysconf("SC_CLK_TCK")
WINDOW = 20
"""Items that a feed shows: the newest."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed."""

    key: str
    title: str
    published: datetime
    summary: str = ""


@dataclass
class Wire:
    """A feed: `add` puts an item in; `served` is when each item first went out in an answer (`time.monotonic`)."""

    name: str
    items: list[Item] = field(default_factory=list)
    served: dict[str, float] = field(default_factory=dict)
    asked: int = 0

    def add(self, item: Item) -> None:
        """From the next answer on, this item is in it."""
        self.items.append(item)

    def answer(self, tag: str | None) -> web.Response:
        """What a poll gets: 304 where it knows the newest."""
        self.asked += 1
        own = f'"{self.name}-{len(self.items)}"'
        if tag == own:
            return web.Response(status=304, headers={"ETag": own})
        shown = self.items[-WINDOW:]
        items = "".join(
            f"<item><guid>{item.key}</guid><title>{item.title}</title><link>https://{self.name}.example/{item.key}</link>"
            f"<description>{item.summary}</description><pubDate>{format_datetime(item.published)}</pubDate></item>"
            for item in reversed(shown)
        )
        text = f'<rss version="2.0"><channel><title>{self.name}</title>{items}</channel></rss>'
        now = time.monotonic()
        for item in shown:
            self.served.setdefault(item.key, now)
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": own})


class Publishers:
    """One server on 127.0.0.1 with a feed for each wire."""

    def __init__(self) -> None:
        self.wires: dict[str, Wire] = {}
        self.address = ""
        self._runner: web.AppRunner | None = None

    async def start(self, wires: Iterable[Wire]) -> None:
        self.wires = {wire.name: wire for wire in wires}
        app = web.Application()
        app.router.add_get("/{wire}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        return self.wires[request.match_info["wire"]].answer(request.headers.get("If-None-Match"))


@dataclass(frozen=True, slots=True)
class Use:
    """What the bot's main process has used: processor time in seconds, memory now and at most in MiB."""

    cpu_s: float
    rss_mib: float
    peak_mib: float

    @classmethod
    def of(cls, pid: int) -> Use:
        """Of a process that runs; its helper processes are not counted."""
        used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        status = Path(f"/proc/{pid}/status").read_text()
        rss, peak = (int(re.findall(rf"{name}:\s*(\d+)", status)[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return cls(sum(map(int, used)) / TICKS, rss, peak)


@dataclass(slots=True)
class Running:
    """A bot that is ready; `ready_s` after it was started, having used `at_ready`."""

    process: asyncio.subprocess.Process
    ready_s: float
    at_ready: Use
    said: list[str]
    reading: asyncio.Task[None]

    def use(self) -> Use:
        """What it has used until now."""
        return Use.of(self.process.pid)

    async def stop(self) -> None:
        """As an operator would. Raises RuntimeError where it does not end as it should."""
        if self.process.returncode is None:
            self.process.terminate()
        status = await asyncio.wait_for(self.process.wait(), 60)
        await self.reading
        if status != 0:
            raise RuntimeError(f"the bot ended with {status}: {''.join(self.said[-20:])}")


@dataclass(slots=True)
class Installation:
    """The folder with settings, sources and store, and the servers around it."""

    folder: Path
    publishers: Publishers
    discord: FakeDiscord
    slack: FakeSlack

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder}/bot.db"

    def sources(self, intervals: Mapping[str, float]) -> None:
        """Write a source for each wire, polled every so many seconds."""
        (self.folder / "sources").mkdir(exist_ok=True)
        tables = (
            f'[[source]]\nid = "{name}"\nkind = "feed"\ntrust = "official"\n'
            f'url = "{self.publishers.address}/{name}"\ninterval = {seconds}\n'
            for name, seconds in intervals.items()
        )
        (self.folder / "sources" / "wires.toml").write_text("\n".join(tables), encoding="utf-8")

    async def subscribe(self, orders: Iterable[tuple[str, str, str, Mapping[str, Any]]]) -> None:
        """Store orders: platform, workspace, channel, what is wanted."""
        store, now = await Store.open(self.store_url), datetime.now(UTC)

        def add(conn: Connection) -> None:
            for platform, workspace, channel, order in orders:
                subscriptions.add(conn, platform, channel, order, now, "bench", workspace=workspace)

        await store.write(add)
        await store.close()

    @asynccontextmanager
    async def run(
        self, settings: Mapping[str, str], *, connected: bool = True, program: Iterable[str] = ("bot", "run")
    ) -> AsyncIterator[Running]:
        """The bot, with both platforms connected or with neither, from when it says that it is ready. `program` is what
        runs it: a module and its arguments."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHIPWATCH_")}
        own = {"STORE__URL": self.store_url, "WEB__PORT": "0", "FETCH__ALLOW_PRIVATE": '["127.0.0.1"]'}
        if connected:
            own |= {"DISCORD__TOKEN": TOKEN, "DISCORD__API_URL": self.discord.api_url}
            own |= {"DISCORD__GATEWAY_URL": self.discord.gateway_url, "SLACK__API_URL": self.slack.api}
            own |= {"SLACK__BOT_TOKEN": "xoxb-1", "SLACK__APP_TOKEN": "xapp-1"}
        words = [sys.executable, "-m", *program, "--config", str(self.folder)]
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *words,
            env=kept | {f"CHIPWATCH_{name}": value for name, value in (own | dict(settings)).items()},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            bot = await _ready(process, began)
            yield bot
            await bot.stop()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _ready(process: asyncio.subprocess.Process, began: float) -> Running:
    assert process.stderr is not None
    said: list[str] = []
    while "is ready" not in (said or [""])[-1]:
        line = (await asyncio.wait_for(process.stderr.readline(), READY_S)).decode()
        if not line:
            raise RuntimeError(f"the bot ended: {''.join(said)}")
        said.append(line)
    took, used = time.monotonic() - began, Use.of(process.pid)
    return Running(process, took, used, said, asyncio.create_task(_read(process.stderr, said)))


async def _read(stream: asyncio.StreamReader, said: list[str]) -> None:
    while line := await stream.readline():
        said.append(line.decode())


@asynccontextmanager
async def installation(folder: Path, wires: Iterable[Wire], *, limits: bool = True) -> AsyncIterator[Installation]:
    """The servers up, nothing polled and nobody subscribed yet. Without `limits` the platforms take all that comes: a
    clock that is driven keeps their pace on its own time."""
    publishers, discord = Publishers(), FakeDiscord(limits=None if limits else Limits(None, per_second=1_000_000))
    await publishers.start(wires)
    await discord.start()
    discord.world.guild("100")
    discord.world.channel("200")
    try:
        async with FakeSlack(pace=1.0 if limits else 0.0) as slack:
            slack.world.tokens["xapp-1"] = "T1"
            slack.world.add(Channel("C1"), User("U1"))
            yield Installation(folder, publishers, discord, slack)
    finally:
        await discord.stop()
        await publishers.stop()


async def until(condition: Callable[[], object], seconds: float, what: Callable[[], object]) -> None:
    """Wait until something is so. Raises RuntimeError with `what` is missing."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise RuntimeError(f"in {seconds:.0f} s there did not come: {what()}")
        await asyncio.sleep(0.01)


def machine() -> str:
    """What it was measured on, for beside the figures: cores, Python and the load at this moment."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} cores, Python {version}, load averages {load} on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def row(*cells: object) -> str:
    """A row of a table in Markdown."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"

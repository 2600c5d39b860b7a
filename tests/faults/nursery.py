"""Forks bots that are to be killed: everything is imported once, so that a life begins in milliseconds.

Reads one JSON object a line, {store, feed, discord, slack, pid_file, step, count, delay}, and prints how that life
ended: the exit status, negative for a signal. A life polls once and delivers what is due; it dies at the `count`-th
time that it reaches `step`, or `delay` seconds after its start.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp  # noqa: F401  # imported before the fork
import asyncpg  # noqa: F401
import slack_sdk.web.async_client  # noqa: F401

from bot.app import assemble, network
from bot.clock import Clock, SystemClock
from bot.commands.custom_id import pack
from bot.delivery.outbox import Patience
from bot.delivery.platform import Platform
from bot.model import Document, Trust
from bot.pipeline.assess import assess
from bot.platforms.discord import pace as discord_pace
from bot.platforms.discord.client import Client, use_addresses
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.platforms.slack import pace as slack_pace
from bot.platforms.slack.api import Api, OneToken
from bot.platforms.slack.platform import Slack
from bot.settings import load
from bot.settings.tables import DiscordSettings
from bot.sources.base import source_from
from bot.store.engine import Store
from tests.fakes.discord.world import TOKEN

ENVIRONMENT = {"CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]', "CHIPWATCH_FETCH__PACE": "0"}
QUICK = Patience(first=timedelta(milliseconds=50), longest=timedelta(milliseconds=200))
LONGEST_S = 20.0


async def life(spec: dict[str, Any]) -> None:
    seen = 0

    def die_at(name: str) -> None:
        nonlocal seen
        if name == spec["step"]:
            seen += 1
            if seen == spec["count"]:
                os.kill(os.getpid(), signal.SIGKILL)

    clock = SystemClock()
    store = await Store.open(spec["store"])
    settings = load(None, ENVIRONMENT)
    source = source_from({"id": "wire", "kind": "feed", "url": spec["feed"], "trust": "press", "interval": 60})
    platforms, close = adapters(spec, clock)
    parts = assemble(settings, [source], store, network(settings, clock), clock, platforms, step=die_at)
    parts.outbox.patience = QUICK
    try:
        await parts.prepare()
        await parts.poller.ask(["wire"])
        ends = asyncio.get_running_loop().time() + LONGEST_S
        while asyncio.get_running_loop().time() < ends:
            await parts.outbox.drain()
            due = await parts.outbox.next_due()
            if due is None:
                break
            await asyncio.sleep(min(0.25, max(0.0, (due - clock.now()).total_seconds())))
    finally:
        await close()
        await parts.close()


def adapters(spec: dict[str, Any], clock: Clock) -> tuple[dict[str, Platform], Callable[[], Awaitable[None]]]:
    """The adapters of Discord and Slack before the local servers. They may edit at once: nobody wants to wait here."""
    use_addresses(DiscordSettings(api_url=spec["discord"]))
    wire = Wire(TOKEN, clock, discord_pace.Pace(clock))
    client = Client(wire, "testing")
    discord = Discord(wire, pack, clock=clock)
    api = Api(OneToken("xoxb-1"), clock, spec["slack"])
    slack = Slack(api, clock, alone=lambda: "T1", pace=slack_pace.Pace(clock, timedelta(milliseconds=10)))
    at_once = {"edit_gap": timedelta(0), "old_edit_gap": timedelta(0), "channel_interval": timedelta(0)}
    discord.limits = replace(Discord.limits, **at_once)  # type: ignore[arg-type]
    slack.limits = replace(Slack.limits, **at_once)  # type: ignore[arg-type]

    async def close() -> None:
        await client.close()
        await slack.close()

    return {"discord": discord, "slack": slack}, close


def born(spec: dict[str, Any]) -> int:
    """Fork a life and wait for its end."""
    pid = os.fork()
    if pid == 0:
        Path(spec["pid_file"]).write_text(str(os.getpid()))
        if spec.get("delay"):
            timer = threading.Timer(spec["delay"], os.kill, (os.getpid(), signal.SIGKILL))
            timer.daemon = True
            timer.start()
        status = 1
        try:
            asyncio.run(life(spec))
            status = 0
        except BaseException as error:  # the parent hears of it by the status
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    _, ended = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(ended)


def warm() -> None:
    """Load before the first fork what every life would load: the knowledge and the weights of the assessment."""
    with tempfile.TemporaryDirectory() as folder:

        async def work() -> None:
            clock = SystemClock()
            store = await Store.open(f"sqlite:///{folder}/warm.db", scratch=True)
            settings = load(None, ENVIRONMENT)
            parts = assemble(settings, [], store, network(settings, clock), clock, {})
            document = Document("wire", "a", "US adopts an export licence rule for Nvidia AI chips to China")
            assess(document, Trust.PRESS, "Wire")
            await parts.prepare()
            await parts.close()

        asyncio.run(work())


if __name__ == "__main__":
    warm()
    for line in sys.stdin:
        print(born(json.loads(line)), flush=True)

"""The running bot: ready, polling a real publisher, posting, answering health checks, recording, ending cleanly."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.e2e.conftest import environment

READY_S = 5.0 * 10
NEWS = [
    ("1", "US requires a licence for Nvidia H20 exports to China"),
    ("2", "Malaysia requires a permit for exports of US AI chips"),
]


def feed(count: int) -> str:
    items = "".join(
        f"<item><guid>{key}</guid><title>{title}</title><link>http://wire.example/{key}</link>"
        f"<pubDate>Mon, 01 Jun 2026 1{key}:00:00 GMT</pubDate></item>"
        for key, title in NEWS[:count]
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'


class Wire:
    """A publisher that can be switched off and given news."""

    def __init__(self) -> None:
        self.count = 0
        self.status = 200
        self.asked = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.status != 200:
            return web.Response(status=self.status)
        return web.Response(text=feed(self.count), content_type="application/rss+xml")


@pytest.fixture
async def wire():
    publisher = Wire()
    app = web.Application()
    app.router.add_get("/feed", publisher.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    publisher.url = f"http://127.0.0.1:{runner.addresses[0][1]}/feed"
    yield publisher
    await runner.cleanup()


class Running:
    """A bot in a process of its own."""

    def __init__(self, process, address: str, took: float) -> None:
        self.process = process
        self.address = address
        self.took = took

    async def message(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(await asyncio.wait_for(self.process.stdout.readline(), 60))
        return said

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 40)


async def start(tmp_path: Path, url: str, *arguments: str) -> Running:
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    (sources / "wire.toml").write_text(f'[[source]]\nid = "wire"\nkind = "feed"\nurl = "{url}"\ninterval = 1\n')
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "--json",
        "--config",
        str(tmp_path / "config"),
        *arguments,
        cwd=tmp_path,
        env=environment(tmp_path, CHIPWATCH_FETCH__ALLOW_PRIVATE='["127.0.0.1"]', CHIPWATCH_WEB__PORT="0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while line := (await asyncio.wait_for(process.stderr.readline(), READY_S)).decode():
        if "ready" in line:
            address = line.split("health at ")[1].split("/healthz")[0]
            return Running(process, address, time.monotonic() - began)
    raise AssertionError(f"the bot ended: {(await process.stderr.read()).decode()}")


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.1)


async def test_from_ready_to_the_first_post_and_a_clean_end(tmp_path, wire):
    bot = await start(tmp_path, wire.url)
    assert bot.took < READY_S
    assert (await bot.get("/healthz"))[0] == 200
    assert (await bot.get("/readyz"))[0] == 200

    await until(lambda: wire.asked >= 1)
    await asyncio.sleep(0.5)
    wire.count = 1
    message = await bot.message()
    assert message["op"] == "post"
    assert [d["url"] for d in message["documents"]] == ["http://wire.example/1"]
    sent = 'chipwatch_deliveries_total{end="sent",platform="console"} 1.0'
    while sent not in (metrics := (await bot.get("/metrics"))[1]):  # noted down once the message stands there
        await asyncio.sleep(0.1)
    assert 'chipwatch_changes_total{kind="new"} 1.0' in metrics
    assert await bot.stop() == 0


async def test_a_restart_announces_what_is_new_and_nothing_twice(tmp_path, wire):
    bot = await start(tmp_path, wire.url)

    await until(lambda: wire.asked >= 1)
    await asyncio.sleep(0.5)
    wire.count = 1
    assert (await bot.message())["documents"][0]["url"] == "http://wire.example/1"
    assert await bot.stop() == 0
    wire.count = 2
    bot = await start(tmp_path, wire.url)
    assert [d["url"] for d in (await bot.message())["documents"]] == ["http://wire.example/2"]
    assert await bot.stop() == 0


async def test_a_failing_source_is_logged_once_and_once_when_it_recovers(tmp_path, wire):
    bot = await start(tmp_path, wire.url)

    await until(lambda: wire.asked >= 1)
    wire.status = 500
    line = ""
    while "source_outage" not in line:
        line = (await asyncio.wait_for(bot.process.stderr.readline(), 30)).decode()
    assert "wire" in line
    assert "http_500" in line
    wire.status = 200
    while "source_recovered" not in line:
        line = (await asyncio.wait_for(bot.process.stderr.readline(), 60)).decode()
        assert "source_outage" not in line
    assert await bot.stop() == 0


async def test_what_it_records_can_be_replayed(tmp_path, wire, chipwatch):
    bot = await start(tmp_path, wire.url, "--record", str(tmp_path / "tape"))

    await until(lambda: wire.asked >= 1)
    await asyncio.sleep(1.2)
    wire.count = 1
    live = await bot.message()
    assert await bot.stop() == 0
    replayed = chipwatch("replay", tmp_path / "tape", "--json")
    assert replayed.status == 0, replayed.err
    assert [line["documents"][0]["url"] for line in replayed.lines] == [live["documents"][0]["url"]]

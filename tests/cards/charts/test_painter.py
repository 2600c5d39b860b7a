"""The painter makes pictures in a child process, and outlives whatever that child does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from bot.cards.charts import painter as painting
from bot.cards.charts.painter import Painter, PictureError, paint_now

DOT = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def painter():
    made = Painter(deadline=30)
    yield made
    await made.close()


async def test_a_specification_becomes_a_png_and_the_child_stays_for_the_next(painter):
    assert painter.pid is None
    assert (await painter.paint(DOT)).startswith(PNG)
    first = painter.pid
    assert first is not None
    both = await asyncio.gather(painter.paint(DOT), painter.paint(DOT))
    assert all(png.startswith(PNG) for png in both)
    assert painter.pid == first


def test_a_command_without_a_loop_gets_its_picture_too():
    assert paint_now(DOT).startswith(PNG)


async def test_a_wrong_specification_is_refused_and_the_child_goes_on(painter):
    with pytest.raises(PictureError, match="refused"):
        await painter.paint({"mark": "no such mark", "data": {"values": []}, "encoding": 5})
    assert (await painter.paint(DOT)).startswith(PNG)
    with pytest.raises(PictureError, match="refused"):
        paint_now({"hconcat": 5})


async def test_a_child_that_is_killed_is_replaced(painter):
    await painter.paint(DOT)
    os.kill(painter.pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    assert (await painter.paint(DOT)).startswith(PNG)


async def test_a_picture_without_end_is_ended_at_the_deadline():
    painter = Painter(deadline=4)
    await painter.paint(DOT)
    child = painter.pid
    endless = {**DOT, "data": {"sequence": {"start": 0, "stop": 300_000_000, "as": "a"}}}
    with pytest.raises(PictureError, match="timeout"):
        await painter.paint(endless)
    assert painter.pid is None
    assert gone(child)
    assert (await Painter(deadline=30).paint(DOT)).startswith(PNG)
    with pytest.raises(PictureError, match="timeout"):
        paint_now(endless, deadline=4)


async def test_an_idle_child_is_put_away():
    painter = Painter(deadline=30, idle=0.2)
    await painter.paint(DOT)
    child = painter.pid
    async with asyncio.timeout(10):
        while not gone(child):
            await asyncio.sleep(0.05)
    assert painter.pid is None
    assert (await painter.paint(DOT)).startswith(PNG)
    await painter.close()


async def test_a_cancelled_picture_does_not_become_the_next_ones(painter):
    await painter.paint(DOT)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await painter.paint(DOT)
    assert (await painter.paint(DOT)).startswith(PNG)


async def test_a_specification_cannot_make_the_child_fetch(painter):
    asked = []

    async def answer(request):
        asked.append(request.path)
        return web.json_response([{"a": 1}])

    application = web.Application()
    application.router.add_get("/data.json", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        with pytest.raises(PictureError, match="refused"):
            await painter.paint({**DOT, "data": {"url": f"http://127.0.0.1:{port}/data.json"}})
    finally:
        await runner.cleanup()
    assert asked == []


async def test_the_child_sees_no_secret(painter, monkeypatch):
    monkeypatch.setenv("CHIPWATCH_DISCORD__TOKEN", "secret-token")
    await painter.paint(DOT)
    environment = Path(f"/proc/{painter.pid}/environ")
    if not environment.exists():
        pytest.skip("this system shows no process's environment")
    assert b"secret-token" not in environment.read_bytes()


async def test_a_child_that_cannot_start_is_a_named_error(monkeypatch):
    monkeypatch.setattr(painting, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(PictureError, match="died"):
        await Painter(deadline=10).paint(DOT)
    with pytest.raises(PictureError, match="died"):
        paint_now(DOT)


def test_specifications_load_no_engine():
    code = (
        "import sys; from bot.cards.charts import clocks, limits, matrix, timeline; "
        "print(sorted({'vl_convert', 'asyncio', 'babel'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"

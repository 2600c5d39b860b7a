"""SIGKILL at every step of a poll, then a restart: no document is lost and none is announced twice."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

STEPS = ("answered", "documents", "stories", "alerts", "source", "committed", "claimed", "sent", "acknowledged")
VICTIM = Path(__file__).with_name("victim.py")

ITEMS = [
    ("a", "US requires a licence for Nvidia H20 exports to China"),
    ("b", "Malaysia requires a permit for exports of US AI chips"),
    ("c", "Commerce Department adds 12 Chinese server makers to the Entity List over Nvidia AI chips"),
    ("d", "AMD says US will review licence applications for MI308 exports to China"),
    ("e", "Dutch government tightens licence rules for ASML chip-making equipment exports to China"),
]


def feed(count: int) -> str:
    items = "".join(
        f"<item><guid>{key}</guid><title>{title}</title><link>http://wire.example/{key}</link>"
        f"<pubDate>Mon, {n + 1:02d} Jun 2026 12:00:00 GMT</pubDate></item>"
        for n, (key, title) in enumerate(ITEMS[:count])
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'


@pytest.fixture
async def wire():
    """A publisher whose feed grows from one item to five."""
    shown = {"count": 1}

    async def answer(request: web.Request) -> web.Response:
        body = feed(shown["count"])
        etag = f'"{shown["count"]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": etag})

    app = web.Application()
    app.router.add_get("/feed", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/feed", shown
    await runner.cleanup()


async def bot(store: Path, url: str, step: str = "none", count: int = 1) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(VICTIM), str(store), url, step, str(count), stdout=asyncio.subprocess.DEVNULL
    )
    return await asyncio.wait_for(process.wait(), 60)


def journal(store: Path) -> list[dict]:
    file = store.with_suffix(".console.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def announced(store: Path) -> list[str]:
    """The addresses on posts, as often as they were posted."""
    return sorted(
        document["url"] for line in journal(store) if line["op"] == "post" for document in line["facts"]["documents"]
    )


def stored(store: Path) -> set[str]:
    with closing(sqlite3.connect(store)) as conn:
        return {row[0] for row in conn.execute("SELECT key FROM documents")}


@pytest.fixture
async def baseline(tmp_path, wire):
    """A store that knows the first item, and what an undisturbed run makes of the other four."""
    url, shown = wire
    store = tmp_path / "calm.db"
    assert await bot(store, url) == 0
    untouched = tmp_path / "untouched.db"
    shutil.copy(store, untouched)
    shown["count"] = len(ITEMS)
    assert await bot(store, url) == 0
    calm = announced(store)
    assert len(calm) == len(set(calm)) >= 4
    return untouched, calm


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_loses_nothing_and_doubles_nothing(step, baseline, wire, tmp_path):
    url, _ = wire
    untouched, calm = baseline
    store = tmp_path / f"{step}.db"
    shutil.copy(untouched, store)
    assert await bot(store, url, step) == -signal.SIGKILL
    assert await bot(store, url) == 0
    assert stored(store) == {key for key, _ in ITEMS}
    assert announced(store) == calm


async def test_a_row_of_kills_loses_nothing_and_doubles_nothing(baseline, wire, tmp_path):
    url, _ = wire
    untouched, calm = baseline
    store = tmp_path / "row.db"
    shutil.copy(untouched, store)
    deaths = [await bot(store, url, step) for step in STEPS]
    assert deaths.count(-signal.SIGKILL) >= 6  # a later step may find its work done
    assert await bot(store, url) == 0
    assert stored(store) == {key for key, _ in ITEMS}
    assert announced(store) == calm

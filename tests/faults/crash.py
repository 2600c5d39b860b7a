"""The crash test: a bot is killed again and again, at every named step and at random, on a real store, while it posts
to the local Discord and the local Slack; then it lives to its end, and everything is counted. `make crash` runs 300
kills, over both databases, with a Slack that can tell whether it has a message and with one that cannot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import SystemClock
from bot.store import schema, subscriptions
from bot.store.engine import Connection, Store
from tests.faults.chats import CHANNELS, FAULTS, Chats

STEPS = ("answered", "documents", "stories", "alerts", "source", "committed", "claimed", "sent", "acknowledged")
STORED = "stored"
"""The platform kills the sender when it has stored the message and before it answers."""
SHOWN = 60
"""With fewer, a row of kills would replace half of the feed at once, which is held as absurd."""
ROOT = Path(__file__).resolve().parents[2]
MAKERS = ("Nvidia H20", "AMD MI308", "Intel Gaudi 3", "Huawei Ascend 910C", "Cerebras", "Biren", "Cambricon", "SMIC",
          "TSMC", "Samsung HBM", "Micron")  # fmt: skip
PLACES = ("China", "Malaysia", "Vietnam", "Singapore", "India", "Qatar", "Russia", "Iran", "Brazil", "Kenya", "Japan")
ACTS = (
    "US requires a licence for {maker} exports to {place}",
    "{place} bars its data centres from buying {maker} AI chips",
    "Commerce Department adds {n} firms from {place} to the Entity List over {maker} chips",
    "Prosecutors charge two traders with smuggling {maker} AI chips to {place}",
    "US lifts the licence requirement for {maker} AI chips sold to {place}",
    "{place} requires a permit for exports of {maker} AI chips",
    "{maker} says the US will review its licence applications for AI chips to {place}",
)


def title(n: int, *, more: bool = False) -> str:
    """The headline of the n-th item: about two in five begin a story of their own, the others let one grow. With `more`
    it names another chip besides, by which its story rises."""
    maker = MAKERS[n * 3 % 11] + (" and Nvidia B300" if more else "")
    return ACTS[n % 7].format(maker=maker, place=PLACES[n * 5 % 11], n=n + 12)


class Wire:
    """A publisher whose feed grows by an item at a time and shows the latest; every other is reworded when three have
    followed it."""

    def __init__(self) -> None:
        self.count = 3
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = wire.feed().encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

            def handle_error(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *args: None  # type: ignore[method-assign]  # killed readers are the point
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/feed"

    def feed(self) -> str:
        items = "".join(
            f"<item><guid>i{n}</guid><title>{title(n, more=n % 2 == 0 and n < self.count - 3)}</title>"
            f"<link>http://wire.example/{n}</link>"
            f"<pubDate>Mon, {n % 27 + 1:02d} Jun 2026 {n % 24:02d}:00:00 GMT</pubDate></item>"
            for n in range(max(0, self.count - SHOWN), self.count)
        )
        return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass(frozen=True)
class Tally:
    """What a campaign came to. `unknown` messages are those of which the policy says: never twice."""

    kills: int
    messages: int
    lost: int
    doubled: int
    unknown: int
    gave_up: int
    documents: int
    stories: int


def campaign(store_url: str, plan: list[str], *, slack_tells: bool, enough: int = 0, seed: int = 1) -> Tally:
    """Kill a bot at each step of `plan` (`random`: some time) until it has died `enough` times (0: to the plan's end),
    then let it live and count. A step whose work is done already kills nobody."""
    chance = random.Random(seed)
    folder = tempfile.TemporaryDirectory(prefix="chipwatch-pid-")
    pid_file = Path(folder.name) / "pid"
    wire, chats = Wire(), Chats(pid_file, slack_tells=slack_tells)
    command = [sys.executable, "-m", "tests.faults.nursery"]
    nursery = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def live(step: str = "", count: int = 1, delay: float = 0.0) -> int:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        spec = {"store": store_url, "feed": wire.url, "step": step, "count": count, "delay": delay, **chats.addresses}
        spec["pid_file"] = str(pid_file)
        nursery.stdin.write(json.dumps(spec) + "\n")
        nursery.stdin.flush()
        return int(nursery.stdout.readline())

    try:
        asyncio.run(_subscribe(store_url))
        assert live() == 0
        kills = 0
        for step in plan:
            if enough and kills >= enough:
                break
            wire.count += chance.randrange(1, 3)
            chats.forget()
            if chance.random() < 0.5:
                chats.plan([chance.choice(FAULTS) for _ in range(2)])
            if step == STORED:
                chats.die_at(chance.randrange(1, 4))
                kills += live() < 0
                chats.die_at(0)
            elif step == "random":
                kills += live(delay=chance.uniform(0.02, 0.4)) < 0
            else:
                kills += live(step, chance.randrange(1, 3)) < 0
        chats.plan([])
        chats.forget()
        assert live() == 0
        assert live() == 0
        return asyncio.run(_count(store_url, chats, kills))
    finally:
        assert nursery.stdin is not None
        nursery.stdin.close()
        nursery.wait(30)
        assert nursery.stdout is not None
        nursery.stdout.close()
        wire.close()
        chats.close()
        folder.cleanup()


async def _subscribe(url: str) -> None:
    store, now = await Store.open(url), SystemClock().now()

    def work(conn: Connection) -> None:
        for platform, channel, place in CHANNELS:
            order = {"growth": "reply", "bundle": False, "place": place}
            subscriptions.add(conn, platform, channel, order, now, "crash")

    await store.write(work)
    await store.close()


async def _count(url: str, chats: Chats, kills: int) -> Tally:
    store = await Store.open(url)

    def read(conn: Connection) -> tuple[list[Any], dict[str, set[str]]]:
        rows = conn.execute(
            sa.select(schema.deliveries, schema.subscriptions.c.channel).join(schema.subscriptions)
        ).all()
        told = sa.select(schema.members.c.story, schema.members.c.member).where(schema.members.c.source == "wire")
        urls: dict[str, set[str]] = {}
        for story, record in conn.execute(told):
            urls.setdefault(story, set()).add(record["url"])
        return list(rows), urls

    rows, urls = await store.read(read)
    await store.close()
    states = Counter(row.state for row in rows)
    posted = [row for row in rows if row.state == "sent" and row.op != "edit"]
    missing = [row for row in posted if not chats.has(row.platform, _key(row))]
    unsettled = sum(states[state] for state in ("due", "sending", "scheduled", "held", "paused"))
    unsure = {r.channel for r in rows if r.state in ("unknown", "gave_up")}
    sure = [channel for _, channel, _ in CHANNELS if channel not in unsure]
    untold = sum(told.isdisjoint(links) for told in map(chats.told, sure) for links in urls.values())
    return Tally(
        kills,
        chats.count(),
        len(missing) + unsettled + untold,
        chats.doubled(),
        states["unknown"],
        states["gave_up"],
        sum(map(len, urls.values())),
        len(urls),
    )


def _key(row: Any) -> str:
    return f"{row.story}.{row.number}.{row.subscription}"


def plan_of(kills: int) -> list[str]:
    """Every named step in turn, and every other kill at random."""
    named = (*STEPS, STORED)
    return ["random" if n >= len(named) and n % 2 else named[n % len(named)] for n in range(kills)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=300)
    kills = asked.parse_args().kills
    from tests.databases import Server

    server = Server()
    bad = 0
    try:
        with tempfile.TemporaryDirectory(prefix="chipwatch-crash-") as folder:
            print(
                f"{'store':<12}{'Slack':<14}{'kills':>11}{'documents':>11}{'stories':>11}{'messages':>11}{'lost':>11}"
                f"{'doubled':>11}{'unknown':>11}"
            )
            for database in ("sqlite", "postgresql"):
                for tells in (True, False):
                    name = "tells" if tells else "cannot tell"
                    url = f"sqlite:///{folder}/{tells}.db" if database == "sqlite" else server.fresh()
                    t = campaign(url, plan_of(kills), slack_tells=tells, enough=kills // 4)
                    figures = (t.kills, t.documents, t.stories, t.messages, t.lost, t.doubled, t.unknown)
                    print(f"{database:<12}{name:<14}" + "".join(f"{figure:>11}" for figure in figures), flush=True)
                    bad += t.lost + t.doubled + (t.unknown if tells else 0)
    finally:
        server.stop()
    if bad:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

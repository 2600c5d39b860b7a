"""A farm of local feeds for measuring: /feed/N.xml with ETag and 304.

/bump?feeds=K&same=0 gives the first K a new item each, with same=1 all the same one; /answers tells how often each
status was given since it was asked last.

python -m benchmarks.farm [--port PORT] [--latency MS]      (127.0.0.1 only; the benches start it by themselves)
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import subprocess
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

ITEMS = 20
SENTENCE = (
    "The Bureau of Industry and Security amends the Export Administration Regulations to revise controls on advanced "
    "computing integrated circuits and on supercomputer end uses. "
)
PLACES = (
    "Lyon", "Graz", "Porto", "Oslo", "Brno", "Turku", "Malmo", "Cork", "Bern", "Ghent", "Split", "Riga", "Varna",
    "Tartu", "Bergen", "Aarhus", "Delft",
)  # fmt: skip
NAMES = (
    "Albers", "Brandt", "Cervera", "Dubois", "Egger", "Ferrari", "Gruber", "Hansen", "Ivanova", "Jansen", "Keller",
    "Lindqvist", "Moreau",
)  # fmt: skip
DEEDS = (
    "opens a bridge over the river", "plans a tram to the airport", "wins the regional cup after extra time",
    "shows paintings from the harbour", "warns of floods in spring", "restores the old library",
    "counts more visitors than ever", "sells the brewery to its workers", "grows tomatoes on the roof of a school",
)  # fmt: skip
CHIPS = ("H20", "H100", "A100", "MI308", "B200", "L40S", "H200")


class Farm:
    """A farm that runs, as whoever measures sees it. Only the standard library: peers use it from their own rooms."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"

    def urls(self, feeds: int) -> list[str]:
        return [f"{self._root}/feed/{n}.xml" for n in range(1, feeds + 1)]

    def bump(self, feeds: int, *, same: bool = False) -> None:
        """Give the first so many feeds a new item: each its own news, or all the `same`."""
        self._ask(f"/bump?feeds={feeds}&same={int(same)}")

    def answers(self) -> dict[str, int]:
        """How often each status was given since this was asked last."""
        return dict(json.loads(self._ask("/answers")))

    def _ask(self, path: str) -> bytes:
        with urllib.request.urlopen(self._root + path, timeout=30) as answer:  # noqa: S310  # our own farm
            return bytes(answer.read())


@contextlib.contextmanager
def running(latency_ms: float = 0.0) -> Iterator[int]:
    """A farm in a process of its own; its port."""
    command = [sys.executable, "-m", "benchmarks.farm", "--latency", str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@cache
def body(number: int, news: tuple[str, ...] = ()) -> tuple[bytes, str]:
    """A feed and its ETag: the items that it always had, and `news`, the oldest first."""
    titles = [f"Feed {number} item {n}: advanced computing rule" for n in range(1, ITEMS + 1)]
    items = "".join(
        f"<item><title>{title}</title>"
        f"<link>https://farm.example/item/{number}/{n}</link>"
        f'<guid isPermaLink="false">feed-{number}-item-{n}</guid>'
        f"<pubDate>Mon, {1 + n % 28:02d} Jun 2026 12:00:00 GMT</pubDate>"
        f"<description>{SENTENCE * 3 if n <= ITEMS else f'{title}. ' * 6}</description></item>"
        for n, title in reversed(list(enumerate((*titles, *news), 1)))
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed {number}</title>'
        f"<link>https://farm.example/</link><description>d</description>{items}</channel></rss>"
    ).encode()
    return text, f'"{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"'


def headline(number: int, nth: int) -> str:
    """The `nth` news of a feed, unlike that of others: every tenth is about chips, the rest about anything."""
    turn = number + 7 * nth
    where, who = PLACES[turn % len(PLACES)], NAMES[(turn // 10) % len(NAMES)]
    if turn % 10 == 0:
        chip = CHIPS[(turn // 10) % len(CHIPS)]
        return f"{where}: licence for the export of {chip} chips to {who} is asked for, no. {number}-{nth}"
    return f"{who} of {where} {DEEDS[(turn // 3) % len(DEEDS)]}, no. {number}-{nth}"


async def serve(port: int, latency: float) -> None:
    """Serve until killed, after printing the port; `latency` in seconds is waited before each feed is given."""
    from aiohttp import web

    news: dict[int, tuple[str, ...]] = defaultdict(tuple)
    given: Counter[int] = Counter()

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        content, etag = body(number, news[number])
        if latency:
            await asyncio.sleep(latency)
        headers = {"ETag": etag, "Content-Type": "application/rss+xml; charset=utf-8"}
        if request.headers.get("If-None-Match") == etag:
            given[304] += 1
            return web.Response(status=304, headers=headers)
        given[200] += 1
        return web.Response(body=content, headers=headers)

    async def bump(request: web.Request) -> web.Response:
        for number in range(1, int(request.query["feeds"]) + 1):
            nth = len(news[number]) + 1
            told = f"The H20 rule is lifted, no. {nth}" if request.query["same"] == "1" else headline(number, nth)
            news[number] += (told,)
        return web.Response()

    async def answers(request: web.Request) -> web.Response:
        told = {str(status): count for status, count in given.items()}
        given.clear()
        return web.json_response(told)

    app = web.Application()
    app.router.add_get(r"/feed/{number:\d+}.xml", feed)
    app.router.add_get("/bump", bump)
    app.router.add_get("/answers", answers)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS")
    asked = parser.parse_args()
    asyncio.run(serve(asked.port, asked.latency / 1000))


if __name__ == "__main__":
    main()

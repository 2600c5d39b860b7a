"""Publishers on 127.0.0.1 whose feeds grow by the simulated time, and that answer as badly as real ones do."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_right
from collections import Counter
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial

from aiohttp import web

from tests.fakes.publisher import RSS, Publisher
from tests.faults.crash import title

SHOWN = 60
"""Items in a feed: more than appear during the longest back-off."""
FAULTS = ("500", "429", "503", "reset", "timeout", "cut", "half", "stale", "challenge", "empty")
DEADLINE_S = 0.4
"""Real seconds that the bot gives a publisher here; one that times out takes longer."""


class Newsroom:
    """`now` is the true time, which no jump of the bot's clock moves; `share` of the answers fail while it is set."""

    def __init__(self, publisher: Publisher, feeds: int, begins: datetime, days: int, a_day: int, seed: int) -> None:
        self.now = begins
        self.share = 0.0
        self.met: Counter[str] = Counter()
        self._chance = random.Random(seed)
        spread = random.Random(seed + 1)
        moments = sorted(begins + timedelta(seconds=spread.uniform(0, days * 86400)) for _ in range(days * a_day))
        self.items: dict[str, list[tuple[datetime, int]]] = {f"wire{n}": [] for n in range(feeds)}
        for number, moment in enumerate(moments):
            self.items[f"wire{spread.randrange(feeds)}"].append((moment, number))
        self.urls = {name: publisher.on(name, partial(self._answer, name)) for name in self.items}

    def published(self, name: str, by: datetime) -> list[tuple[datetime, int]]:
        """What a publisher has told by a moment, the oldest first."""
        return self.items[name][: bisect_right(self.items[name], (by, 1 << 30))]

    def feed(self, name: str, by: datetime) -> bytes:
        """Its feed at a moment, the newest first, over one item that has always been there."""
        items = "".join(
            f"<item><guid>i{n}</guid><title>{title(n)}</title><link>http://{name}.example/{n}</link>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
            for at, n in reversed(self.published(name, by)[-SHOWN:])
        )
        first = f"<item><guid>old</guid><title>Chip fair opens</title><link>http://{name}.example/old</link></item>"
        return f'<rss version="2.0"><channel><title>{name}</title>{items}{first}</channel></rss>'.encode()

    async def _answer(self, name: str, request: web.Request) -> web.StreamResponse:
        whole = self.feed(name, self.now)
        tag = f'"{len(self.published(name, self.now))}"'
        fault = self._chance.choice(FAULTS) if self._chance.random() < self.share else ""
        self.met[fault or "good"] += 1
        headers = RSS | {"ETag": tag}
        match fault:
            case "500":
                return web.Response(status=500)
            case "429" | "503":
                return web.Response(status=int(fault), headers={"Retry-After": str(self._chance.choice((60, 3600)))})
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "timeout":
                await asyncio.sleep(DEADLINE_S * 2)
                return web.Response(status=504)
            case "cut":
                response = web.StreamResponse(headers=RSS | {"Content-Length": str(len(whole))})
                await response.prepare(request)
                await response.write(whole[: len(whole) // 2])
                assert request.transport is not None
                request.transport.close()
                return response
            case "half":
                return web.Response(body=whole[: len(whole) // 2], headers=RSS)
            case "stale":
                return web.Response(body=self.feed(name, self.now - timedelta(hours=5)), headers=RSS)
            case "challenge":
                return web.Response(text="<html><title>Just a moment...</title></html>", content_type="text/html")
            case "empty":
                return web.Response(body=b'<rss version="2.0"><channel><title>x</title></channel></rss>', headers=RSS)
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=whole, headers=headers)

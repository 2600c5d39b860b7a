"""A farm of local feeds for measuring: /feed/N.xml with ETag and 304; /bump?feeds=K gives the first K a new item.

python -m benchmarks.farm PORT        (127.0.0.1 only; the bench starts it by itself)
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache

from aiohttp import web

ITEMS = 20
SENTENCE = (
    "The Bureau of Industry and Security amends the Export Administration Regulations to revise controls on advanced "
    "computing integrated circuits and on supercomputer end uses. "
)


@cache
def body(number: int, extra: int) -> tuple[bytes, str]:
    items = "".join(
        f"<item><title>Feed {number} item {n}: advanced computing rule</title>"
        f"<link>https://farm.example/item/{number}/{n}</link>"
        f'<guid isPermaLink="false">feed-{number}-item-{n}</guid>'
        f"<pubDate>Mon, {1 + n % 28:02d} Jun 2026 12:00:00 GMT</pubDate>"
        f"<description>{SENTENCE * 3}</description></item>"
        for n in range(ITEMS + extra, 0, -1)
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed {number}</title>'
        f"<link>https://farm.example/</link><description>d</description>{items}</channel></rss>"
    ).encode()
    return text, f'"{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"'


def farm() -> web.Application:
    extra: dict[int, int] = {}

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        content, etag = body(number, extra.get(number, 0))
        headers = {"ETag": etag, "Content-Type": "application/rss+xml; charset=utf-8"}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, headers=headers)

    async def bump(request: web.Request) -> web.Response:
        for number in range(1, int(request.query["feeds"]) + 1):
            extra[number] = extra.get(number, 0) + 1
        return web.Response()

    app = web.Application()
    app.router.add_get(r"/feed/{number:\d+}.xml", feed)
    app.router.add_get("/bump", bump)
    return app


if __name__ == "__main__":
    web.run_app(farm(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)

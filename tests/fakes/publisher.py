"""A publisher on 127.0.0.1 (and 127.0.0.2, to play an internal address) that answers as badly as a test wants it to."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable

import brotli  # type: ignore[import-untyped]
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from backports import zstd

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]

MIB = 1024 * 1024
RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


def rss(count: int = 10) -> str:
    """A well-formed feed of so many items."""
    items = "".join(
        f"<item><title>Item {n}</title><link>https://wire.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Mon, {n % 28 + 1:02d} Jun 2026 12:00:00 GMT</pubDate></item>"
        for n in range(count)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'
    )


class Publisher:
    """Routes by path; counts what it was asked and keeps the last request's headers."""

    def __init__(self) -> None:
        self.behaviours: dict[str, Behaviour] = {}
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, str] = {}
        self.gone_away = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        await web.TCPSite(self._runner, "127.0.0.2", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"

    def on(self, path: str, behaviour: Behaviour) -> str:
        self.behaviours[path] = behaviour
        return self.url(path)

    def says(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        """Answer with these bytes. Underscores in header names stand for hyphens."""
        raw = body.encode() if isinstance(body, str) else body
        told = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.Request) -> web.Response:
            return web.Response(body=raw, status=status, headers=told)

        return self.on(path, answer)

    def redirects(self, path: str, target: str, status: int = 302) -> str:
        return self.says(path, "", status, Location=target)

    def streams(self, path: str, chunk: bytes, count: int, pause: float = 0.0, **headers: str) -> str:
        """Send a chunk many times, slowly if wanted; notes when the other side hangs up."""
        told = RSS | {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers=told)
            await response.prepare(request)
            try:
                for _ in range(count):
                    await response.write(chunk)
                    await asyncio.sleep(pause)
            except (ConnectionError, asyncio.CancelledError):
                self.gone_away += 1
                raise
            return response

        return self.on(path, answer)

    def raw(self, path: str, answer: bytes) -> str:
        """Put these bytes on the wire in place of an answer of HTTP, and hang up."""

        async def write(request: web.Request) -> web.StreamResponse:
            assert request.transport is not None
            request.transport.write(answer)
            request.transport.close()
            return web.Response()

        return self.on(path, write)

    def cuts(self, path: str, body: bytes, after: int) -> str:
        """Promise the whole body and hang up in the middle of it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers=RSS | {"Content-Length": str(len(body))})
            await response.prepare(request)
            await response.write(body[:after])
            assert request.transport is not None
            request.transport.close()
            return response

        return self.on(path, answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.asked[path] += 1
        self.headers = dict(request.headers)
        if path not in self.behaviours:
            raise web.HTTPNotFound
        return await self.behaviours[path](request)


class Names(AbstractResolver):
    """A resolver that says what a test wants: the same addresses for every name, or other ones at each question."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing was opened."""


def bomb(coding: str, size: int) -> bytes:
    """Few bytes that swell to `size`."""
    chunk = b"A" * MIB
    if coding == "gzip":
        squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
        return b"".join(squeezer.compress(chunk) for _ in range(size // MIB)) + squeezer.flush()
    if coding == "br":
        brewer = brotli.Compressor(quality=5)
        brewed: bytes = b"".join(brewer.process(chunk) for _ in range(size // MIB)) + brewer.finish()
        return brewed
    packed: bytes = zstd.compress(chunk * (size // MIB))
    return packed

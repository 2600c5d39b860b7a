"""What pages load: our own style and scripts, and the drawing library, all from this host, under names that carry a
hash, so that browsers keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from aiohttp import web

from bot.logs import logger

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CHARTS = "charts.js"
"""The drawing library: it comes with the package that also makes the pictures for chat."""
FOREVER = "public, max-age=31536000, immutable"


@cache
def address(name: str) -> str:
    """The address of a file, with a hash of what is in it; the drawing library's carries its version."""
    if name == CHARTS:
        from importlib.metadata import version

        return f"/static/{version('vl-convert-python')}/{name}"
    return f"/static/{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}/{name}"


@cache
def _packed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), 9, mtime=0)


class Assets:
    """Serves the files. The drawing library is made once, at the first page that draws, in a process of its own."""

    def __init__(self) -> None:
        self._library: bytes | None = None

    def add_to(self, app: web.Application) -> None:
        """The routes."""
        app.router.add_get("/static/{hash}/{name}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name == CHARTS:
            body = await self._charts()
        elif name in _names():
            body = _packed(name)
        else:
            raise web.HTTPNotFound
        headers = {"Cache-Control": FOREVER, "Content-Encoding": "gzip"}
        return web.Response(body=body, content_type=TYPES[Path(name).suffix], charset="utf-8", headers=headers)

    async def _charts(self) -> bytes:
        import asyncio

        if self._library is None:
            made = await asyncio.to_thread(_bundle)
            self._library = self._library or made
        return self._library


@cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in STATIC.iterdir() if file.suffix in TYPES)


def _bundle() -> bytes:
    """The drawing library as one packed script; in a child, since making it holds 90 MiB."""
    code = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle(vl_version='6.4'))"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHIPWATCH_")}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)  # noqa: S603  # our own
    if done.returncode:
        logger("web").error("charts_missing", error=done.stderr.decode(errors="replace")[-500:])
        raise web.HTTPServiceUnavailable
    return gzip.compress(done.stdout, 9, mtime=0)

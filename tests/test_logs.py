"""What strangers cannot write into the log."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys

from aiohttp import web

from bot import logs


async def asked(raw: bytes) -> bytes:
    """What a server of ours that has a bug at / answers to bytes."""

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    app = web.Application()
    app.router.add_get("/", broken)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    writer.write(raw)
    async with asyncio.timeout(10):
        answer = await reader.read(100)
    writer.close()
    await runner.cleanup()
    return answer


async def test_what_is_no_http_leaves_no_traceback_and_a_bug_of_ours_does(caplog):
    server = logging.getLogger("aiohttp.server")
    server.addFilter(logs._is_no_strangers_mistake)
    try:
        assert b" 400 " in await asked(b"\x16\x03\x01 TLS to the wrong port\r\n\r\n")
        assert caplog.records == []
        assert b" 500 " in await asked(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [type(record.exc_info[1]) for record in caplog.records if record.exc_info] == [ZeroDivisionError]
    finally:
        server.removeFilter(logs._is_no_strangers_mistake)


def test_the_log_is_set_up_so():
    say = "import logging; from bot import logs; logs.configure(); print(logging.getLogger('aiohttp.server').filters)"
    done = subprocess.run([sys.executable, "-c", say], capture_output=True, text=True, check=True)
    assert "_is_no_strangers_mistake" in done.stdout

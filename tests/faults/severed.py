"""Two workers, one of them in a network namespace with two cables: one to the database, which is cut and joined again
in the middle of a fan-out, and one to the chat service, which holds. Needs root and iproute2."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine import make_url

from bot.store import deliveries
from bot.store.engine import Store
from tests.faults.chat_server import ChatServer
from tests.faults.machines import ROOT, Report, _held_by, _most, _open, caught_sending, ready_desk
from tests.pipeline.desk import news

DATABASE, CHAT = "10.213.1", "10.213.2"
CUT_S = 13.0
"""Longer than a lease: the other takes over meanwhile."""


def _run(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)


def missing() -> str:
    """Why there can be no namespaces here; empty where there can."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "namespaces need root and iproute2"
    try:
        with namespace():
            return ""
    except subprocess.CalledProcessError as error:
        return f"no namespace can be made here: {error.stderr.decode().strip()}"


@contextmanager
def namespace() -> Iterator[str]:
    """A namespace with the cables `DATABASE` and `CHAT`: .1 is our end, .2 its own."""
    name = f"chipwatch{os.getpid()}"
    _run(f"ip netns add {name}")
    try:
        for cable, net in (("cwdb", DATABASE), ("cwchat", CHAT)):
            _run(f"ip link add {cable} type veth peer name {cable}2 netns {name}")
            _run(f"ip addr add {net}.1/24 dev {cable}")
            _run(f"ip link set {cable} up")
            _run(f"ip netns exec {name} ip addr add {net}.2/24 dev {cable}2")
            _run(f"ip netns exec {name} ip link set {cable}2 up")
        yield name
    finally:
        _run(f"ip netns del {name}")


class Doorway:
    """Hands what comes in at `DATABASE`.1 on to the database's socket."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._socket = f"{address.query['host']}/.s.PGSQL.{address.port or 5432}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        port = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        self.url = address.set(host=f"{DATABASE}.1", port=port, query={}).render_as_string(hide_password=False)

    async def _open(self) -> int:
        self._server = await asyncio.start_server(self._through, f"{DATABASE}.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(self._socket)
        await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))

    async def _stop(self) -> None:
        self._server.close()
        mine = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()


async def cut_off(url: str, rows: int, rate: float) -> Report:
    """One worker beside the database, one in the namespace. The cable is cut when a third is out, and joined again
    `CUT_S` later; `takeover` is how long what the one behind the cut held stayed its own."""
    with namespace() as name:
        server, door = ChatServer(nonces=True, host=f"{CHAT}.1"), Doorway(url)
        store = await Store.open(url)
        desk = await ready_desk(store, rows)
        near = [sys.executable, "-m", "tests.faults.machines", "worker", url, server.url, str(rate)]
        far = ["ip", "netns", "exec", name, *near[:4], door.url, *near[5:]]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        workers = [subprocess.Popen(each, cwd=ROOT, text=True, **pipes) for each in (far, near)]  # type: ignore[call-overload]
        try:
            for worker in workers:
                await asyncio.to_thread(worker.stdout.readline)
            began = time.monotonic()
            await desk.poll(news("a"))
            owner = await caught_sending(store, server, rows // 3, workers[0].pid)
            _run("ip link set cwdb down")
            server.answering.set()
            cut, takeover = time.monotonic(), 0.0
            joined = False
            while not joined or len(server.messages) < rows or await store.read(_open) > 0:
                if not joined and await store.read(lambda conn: _held_by(conn, owner)):
                    takeover = time.monotonic() - cut
                if not joined and time.monotonic() - cut > CUT_S:
                    _run("ip link set cwdb up")
                    joined = True
                if time.monotonic() - began > 240 + rows / rate * 3:
                    break
                await asyncio.sleep(0.1)
            seconds = time.monotonic() - began
            states = await store.read(deliveries.by_state)
            sent = states.get("sent", 0)
            return Report(rows, sent, server.doubled(), takeover, _most(server.times), seconds)
        finally:
            for worker in workers:
                worker.stdin.close()
                try:
                    worker.wait(20)
                except subprocess.TimeoutExpired:
                    worker.kill()  # it waits for a connection of which it cannot know that it is gone
                    worker.wait(10)
                worker.stdout.close()
            await store.close()
            door.close()
            server.close()

"""Several processes on one PostgreSQL deliver together, and one is killed in the middle of a fan-out.

machines.py worker STORE CHAT RATE    one process that delivers until its standard input ends
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import SystemClock
from bot.delivery.outbox import Outbox, Patience
from bot.delivery.platform import Limits
from bot.errors import StoreError
from bot.owner import own_name
from bot.store import deliveries, schema
from bot.store.engine import Connection, Store
from tests.faults.chat_server import ChatServer
from tests.faults.http_chat import HttpChat
from tests.pipeline.desk import Desk, news

BURST = 5
ROOT = Path(__file__).resolve().parents[2]


async def work(url: str, chat_url: str, rate: float) -> None:
    """Deliver, woken by the database, until told to stop."""
    clock, store = SystemClock(), await Store.open(url)
    chat = HttpChat(chat_url, clock, Limits(per_second=rate, burst=BURST))
    outbox = Outbox(store, {"chat": chat}, clock, own_name(), Patience(first=timedelta(milliseconds=200)))
    wake, ended = asyncio.Event(), asyncio.Event()
    await store.listen(wake.set)

    def stop() -> None:
        outbox.stopping = True
        ended.set()

    asyncio.get_running_loop().add_reader(sys.stdin, stop)
    print("ready", flush=True)
    while not ended.is_set():
        wake.clear()
        with contextlib.suppress(StoreError):  # the bot's supervisor would begin again
            await outbox.drain()
        waits = [asyncio.create_task(wake.wait()), asyncio.create_task(ended.wait())]
        await asyncio.wait(waits, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
    await chat.close()
    await store.close()


@dataclass(frozen=True)
class Report:
    """`takeover` is how many seconds after the kill nothing was left under the dead one's leases; `most` the most
    messages that the chat service got within one second."""

    rows: int
    sent: int
    doubled: int
    takeover: float
    most: int
    seconds: float


async def ready_desk(store: Store, rows: int) -> Desk:
    """A desk whose next story goes to so many channels of the chat service."""
    desk = await Desk(store).open()
    await desk.poll()
    values = [
        {"platform": "chat", "channel": f"c{n}", "order": {}, "created_at": desk.now, "created_by": "test"}
        for n in range(rows)
    ]
    await store.write(lambda conn: conn.execute(schema.subscriptions.delete()) and None)
    await store.write(lambda conn: conn.execute(schema.subscriptions.insert(), values) and None)
    return desk


async def fan_out(url: str, rows: int, rate: float) -> Report:
    """Two workers; one is killed when a third is out."""
    server = ChatServer(nonces=True)
    store = await Store.open(url)
    desk = await ready_desk(store, rows)
    command = [sys.executable, "-m", "tests.faults.machines", "worker", url, server.url, str(rate)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    workers = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    try:
        for worker in workers:
            await asyncio.to_thread(worker.stdout.readline)
        began = time.monotonic()
        await desk.poll(news("a"))
        dead = await caught_sending(store, server, rows // 3, workers[0].pid)
        os.kill(workers[0].pid, signal.SIGKILL)
        server.answering.set()
        killed, takeover = time.monotonic(), 0.0
        while len(server.messages) < rows or await store.read(_open) > 0:
            if await store.read(lambda conn: _held_by(conn, dead)):
                takeover = time.monotonic() - killed
            if time.monotonic() - began > 240 + rows / rate * 3:
                break
            await asyncio.sleep(0.1)
        seconds = time.monotonic() - began
        states = await store.read(deliveries.by_state)
        return Report(rows, states.get("sent", 0), server.doubled(), takeover, _most(server.times), seconds)
    finally:
        for worker in workers:
            worker.stdin.close()
            worker.wait(30)
            worker.stdout.close()
        await store.close()
        server.close()


async def caught_sending(store: Store, server: ChatServer, after: int, pid: int) -> str:
    """The name under which a process holds what it is sending, once so many messages are out. The service answers
    nobody from then on, so that it holds that still when it is struck; `server.answering` lets it go on."""
    deadline = time.monotonic() + 240
    while len(server.messages) < after:
        assert time.monotonic() < deadline, "too few messages went out"
        await asyncio.sleep(0.005)
    server.answering.clear()
    while pid not in server.waiting:
        assert time.monotonic() < deadline, "it never sent anything"
        await asyncio.sleep(0.005)
    return await store.read(lambda conn: _name_of(conn, pid))


def _name_of(conn: Connection, pid: int) -> str:
    owner = schema.deliveries.c.lease_owner
    return str(conn.execute(sa.select(owner).where(owner.like(f"%|{pid}|%")).limit(1)).scalar_one())


def _held_by(conn: Connection, owner: str) -> bool:
    query = sa.select(schema.deliveries.c.id).where(schema.deliveries.c.lease_owner == owner)
    return conn.execute(query.limit(1)).first() is not None


def _open(conn: Connection) -> int:
    query = sa.select(sa.func.count()).select_from(schema.deliveries).where(schema.OPEN)
    return int(conn.execute(query).scalar_one())


def _most(times: list[float]) -> int:
    """The most of them within any one second."""
    times, first, most = sorted(times), 0, 0
    for last, moment in enumerate(times):
        while moment - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    asyncio.run(work(sys.argv[2], sys.argv[3], float(sys.argv[4])))

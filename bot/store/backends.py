"""The two databases behind the store: SQLite through one writer and one reader thread, PostgreSQL through asyncpg."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import URL

from bot.errors import StoreError

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
Undo = Callable[[], None]
BUSY_TIMEOUT_MS = 5_000
ALONE = 0x43484950
"""The advisory lock of units that must run one at a time in all processes."""
WAKE = "chipwatch_outbox"
"""The channel on which PostgreSQL tells every process that the outbox has something new."""


SESSION = {"application_name": "chipwatch", "idle_in_transaction_session_timeout": "10s"}
"""A process that is cut off in the middle of a unit would keep its locks, and hold up all others, for hours: the server
ends its session soon after its leases."""


class Backend(Protocol):
    """Runs units of work, each in a transaction of its own."""

    async def write(self, work: Work[T], undo: Undo | None) -> T:
        """One unit that may write. Those with an `undo` run one at a time, whatever the process; it is called when
        nothing was committed, before the next of them begins."""
        ...

    async def read(self, work: Work[T]) -> T:
        """One unit that only reads."""
        ...

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever another process has put something into the outbox, if the database can tell."""
        ...

    async def close(self) -> None:
        """Finish what is running and let go."""
        ...


class Sqlite:
    """All writing happens on one connection in one thread, so that no unit ever waits for a lock of our own process;
    reading has a thread and a connection of its own (WAL)."""

    def __init__(self, url: URL, *, scratch: bool) -> None:
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self.write_engine = _sqlite(url, "IMMEDIATE")
        self.read_engine = _sqlite(url, "DEFERRED")
        if scratch:
            sa.event.listen(self.write_engine, "connect", _do_not_wait_for_the_disk)

    async def write(self, work: Work[T], undo: Undo | None) -> T:
        def unit() -> T:
            try:
                with self.write_engine.begin() as conn:
                    return work(conn)
            except BaseException:
                if undo is not None:
                    undo()
                raise

        return await self.run(unit)

    async def rebuild(self, work: Work[T]) -> T:
        """A unit that drops and remakes tables. SQLite minds the keys of those that are away for a moment,
        and lets that be switched off between transactions only: they are compared at the end instead."""

        def unit() -> T:
            held = self.write_engine.raw_connection()
            held.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with self.write_engine.begin() as conn:
                    done = work(conn)
                    if conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                        raise StoreError("corrupt", "rows point at rows that are gone; `chipwatch db check` names them")
                    return done
            finally:
                held.cursor().execute("PRAGMA foreign_keys=ON")
                held.close()

        return await self.run(unit)

    async def read(self, work: Work[T]) -> T:
        def unit() -> T:
            with self.read_engine.connect() as conn:
                return work(conn)

        return await asyncio.get_running_loop().run_in_executor(self._reader, unit)

    async def run(self, unit: Callable[[], T]) -> T:
        """Something in the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, unit)

    async def listen(self, wake: Callable[[], None]) -> None:
        """One process at a time works with a file: it wakes itself."""

    async def close(self) -> None:
        def dispose() -> None:
            self.write_engine.dispose()
            self.read_engine.dispose()

        await self.run(dispose)
        self._writer.shutdown()
        self._reader.shutdown()


class Postgres:
    """Units run side by side on a pool of connections, in the event loop, as greenlets."""

    def __init__(self, url: URL, *, connections: int = 10) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine

        self.engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=connections,
            max_overflow=connections,
            pool_pre_ping=True,
            connect_args={"timeout": 10, "server_settings": SESSION},
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
        )
        self._one_at_a_time = asyncio.Lock()
        self._ear: Any = None

    async def write(self, work: Work[T], undo: Undo | None) -> T:
        if undo is None:
            async with self.engine.begin() as conn:
                return await conn.run_sync(work)
        async with self._one_at_a_time:
            try:
                async with self.engine.begin() as conn:
                    await conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ALONE})")
                    return await conn.run_sync(work)
            except BaseException:
                undo()
                raise

    async def read(self, work: Work[T]) -> T:
        async with self.engine.connect() as conn:
            return await conn.run_sync(work)

    async def listen(self, wake: Callable[[], None]) -> None:
        """A connection of its own, outside the pool; when it breaks, polling goes on all the same."""
        import asyncpg

        if self._ear is not None:
            await self._ear.close(timeout=2)
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._ear = await asyncpg.connect(url, timeout=10)
        await self._ear.add_listener(WAKE, lambda *_: wake())

    async def close(self) -> None:
        if self._ear is not None:
            await self._ear.close(timeout=2)
        await self.engine.dispose()


def notify(conn: sa.Connection) -> None:
    """Wake the other processes once this unit of work is committed."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"NOTIFY {WAKE}")


def alone(conn: sa.Connection, *what: str) -> None:
    """Let no other process work on the same thing until this unit of work ends: what it reads of it stays true, and
    both do not make it. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.blake2b("/".join(what).encode(), digest_size=8).digest(), signed=True)
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")


def _sqlite(url: URL, begin: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions of its own, too late for reads
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA cache_size=-4096")
        cursor.close()

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(f"BEGIN {begin}"))
    return engine


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")

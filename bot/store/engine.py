"""The store: units of work are plain functions `fn(conn)`, run one after another in one writer thread."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from bot.errors import ConfigError, StoreError
from bot.store import migrate

T = TypeVar("T")
Connection = sa.Connection
"""What a unit of work is handed. Other rooms name it from here and know nothing of the library behind it."""
FULL_BYTES = 64 * 1024
"""With less room than this nothing can be written: SQLite needs a few pages for its log."""

Work = Callable[[Connection], T]

BUSY_TIMEOUT_MS = 5_000
QUICK_CHECK_BYTES = 64 * 1024 * 1024
"""Up to this size the whole file is checked at start; a larger one by `chipwatch db check`."""


class Store:
    """An open store. `write` and `read` run a unit of work in a transaction of its own and give back its result.

    On SQLite all writing happens on one connection in one thread, so that no unit ever waits for a lock of our own
    process; reading has a thread and a connection of its own (WAL). Errors become StoreError with a remedy.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self._write_engine = _sqlite(url, "IMMEDIATE")
        self._read_engine = _sqlite(url, "DEFERRED")

    @classmethod
    async def open(cls, url: str, *, upgrade: bool = True, scratch: bool = False) -> Store:
        """Open a store and bring its schema up to date.

        `scratch` is for a store that is deleted at the end (replay, demo): it need not survive a power cut.
        Raises ConfigError for an address that cannot be a store, StoreError when it cannot be used.
        """
        store = cls(store_url(url))
        if scratch:
            sa.event.listen(store._write_engine, "connect", _do_not_wait_for_the_disk)
        try:
            await store._run(store._writer, lambda: store._prepare(upgrade))
        except BaseException:
            await store.close()
            raise
        return store

    def _prepare(self, upgrade: bool) -> None:
        path = self.path
        if not upgrade and path is not None and not path.exists():
            raise StoreError("missing", f"there is no store at {path}; `chipwatch db upgrade` makes one")
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError("unwritable", f"the folder {path.parent} cannot be made: {error.strerror}") from error
            if path.exists() and path.stat().st_size <= QUICK_CHECK_BYTES:
                self._quick_check()
        if not migrate.is_current(self._read_engine):
            if not upgrade:
                raise StoreError("old", "the store was written by an older version; run `chipwatch db upgrade`")
            migrate.upgrade(self._write_engine)

    def _quick_check(self) -> None:
        with self._read_engine.connect() as conn:
            found = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise StoreError("corrupt", f"{_corrupt_remedy(self.path)} ({found})")

    @property
    def path(self) -> Path | None:
        """The database file of an SQLite store; None where there is none."""
        name = self.url.database
        return Path(name) if name and name != ":memory:" else None

    async def write(self, work: Work[T], undo: Callable[[], None] | None = None) -> T:
        """Run a unit of work that may write; all of it is committed, or nothing.

        `undo` is called, in the writer's thread and before the next unit begins, when nothing was: for what a unit
        keeps in memory beside the store.
        """

        def unit() -> T:
            try:
                with self._write_engine.begin() as conn:
                    return work(conn)
            except BaseException:
                if undo is not None:
                    undo()
                raise

        return await self._run(self._writer, unit)

    async def read(self, work: Work[T]) -> T:
        """Run a unit of work that only reads, beside the writer."""

        def unit() -> T:
            with self._read_engine.connect() as conn:
                return work(conn)

        return await self._run(self._reader, unit)

    async def _run(self, thread: ThreadPoolExecutor, unit: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, unit)
        except sa.exc.DatabaseError as error:
            raise as_store_error(error, self.path) from error

    async def close(self) -> None:
        """Finish what is running and let go of the file."""

        def dispose() -> None:
            self._write_engine.dispose()
            self._read_engine.dispose()

        await asyncio.get_running_loop().run_in_executor(self._writer, dispose)
        self._writer.shutdown()
        self._reader.shutdown()


def store_url(text: str) -> URL:
    """The address of a store. Raises ConfigError for one that Chipwatch cannot use."""
    try:
        url = make_url(text)
    except sa.exc.ArgumentError as error:
        raise ConfigError(f"store.url: {text!r} is no address; for example sqlite:///var/chipwatch.db") from error
    if url.get_backend_name() != "sqlite" or url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ConfigError(
            f"store.url: {url.drivername} cannot be used yet; this version stores in SQLite: sqlite:///var/chipwatch.db"
        )
    if not url.database or url.database == ":memory:":
        raise ConfigError("store.url: a store is a file, for example sqlite:///var/chipwatch.db")
    return url


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
        cursor.execute("PRAGMA cache_size=-16384")
        cursor.close()

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(f"BEGIN {begin}"))
    return engine


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _corrupt_remedy(path: Path | None) -> str:
    return f"the store {path} is damaged or no database; put a backup in its place: `chipwatch db restore FILE`"


def as_store_error(error: sa.exc.DatabaseError, path: Path | None) -> StoreError:
    """What a database error means for people, and what to do."""
    text = str(error.orig or error).lower()
    if "locked" in text or "busy" in text:
        return StoreError("locked", f"another process holds the store {path}; stop it, or wait until it is done")
    unwritable = "unable to open" in text or "readonly" in text or "disk i/o" in text
    if "full" in text or (unwritable and _is_full(path)):
        return StoreError("full", f"the disk that holds {path} is full; make room, nothing was lost")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return StoreError("corrupt", _corrupt_remedy(path))
    if unwritable:
        return StoreError("unwritable", f"the store {path} cannot be written; check its folder's owner and rights")
    return StoreError("database", f"{error.orig or error}")


def _is_full(path: Path | None) -> bool:
    """Whether no room is left beside the store: SQLite often says only that a file could not be opened."""
    try:
        return path is not None and shutil.disk_usage(path.parent).free < FULL_BYTES
    except OSError:
        return False

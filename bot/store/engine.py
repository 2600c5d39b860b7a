"""The store: units of work are plain functions `fn(conn)`, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from bot.errors import ConfigError, StoreError
from bot.store import migrate
from bot.store.backends import Backend, Postgres, Sqlite, Undo, Work

T = TypeVar("T")
Connection = sa.Connection
"""What a unit of work is handed. Other rooms name it from here and know nothing of the library behind it."""
FULL_BYTES = 64 * 1024
"""With less room than this nothing can be written: SQLite needs a few pages for its log."""
QUICK_CHECK_BYTES = 64 * 1024 * 1024
"""Up to this size the whole file is checked at start; a larger one by `chipwatch db check`."""


class Store:
    """An open store. `write` and `read` run a unit of work in a transaction of its own and give back its result.

    Errors become StoreError with a remedy.
    """

    def __init__(self, url: URL, *, scratch: bool = False) -> None:
        self.url = url
        self._backend: Backend = Postgres(url) if is_postgres(url) else Sqlite(url, scratch=scratch)

    @classmethod
    async def open(cls, url: str, *, upgrade: bool = True, scratch: bool = False) -> Store:
        """Open a store and bring its schema up to date.

        `scratch` is for a store that is deleted at the end (replay, demo): it need not survive a power cut.
        Raises ConfigError for an address that cannot be a store, StoreError when it cannot be used.
        """
        store = cls(store_url(url), scratch=scratch)
        try:
            await store._prepare(upgrade)
        except BaseException:
            await store.close()
            raise
        return store

    async def _prepare(self, upgrade: bool) -> None:
        backend, path = self._backend, self.path
        if isinstance(backend, Sqlite) and path is not None:
            await self._run(lambda: backend.run(lambda: self._prepare_file(backend, path, upgrade)))
        if await self.read(migrate.is_current):
            return
        if not upgrade:
            raise StoreError("old", "the store was written by an older version; run `chipwatch db upgrade`")
        if isinstance(backend, Sqlite):
            await self._run(lambda: backend.rebuild(migrate.upgrade))
        else:
            await self.write(migrate.upgrade, lambda: None)

    def _prepare_file(self, backend: Sqlite, path: Path, upgrade: bool) -> None:
        if not upgrade and not path.exists():
            raise StoreError("missing", f"there is no store at {path}; `chipwatch db upgrade` makes one")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("unwritable", f"the folder {path.parent} cannot be made: {error.strerror}") from error
        if not path.exists():
            with contextlib.suppress(OSError):  # what is wrong with the folder SQLite says at once
                make_closed(path)
        elif path.stat().st_size <= QUICK_CHECK_BYTES:
            with backend.read_engine.connect() as conn:
                found = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found != "ok":
                raise StoreError("corrupt", f"{_corrupt_remedy(path)} ({found})")

    @property
    def path(self) -> Path | None:
        """The database file of an SQLite store; None where there is none."""
        return None if is_postgres(self.url) else Path(self.url.database or "")

    async def write(self, work: Work[T], undo: Undo | None = None) -> T:
        """Run a unit of work that may write; all of it is committed, or nothing.

        `undo` is for units that keep something in memory beside the store: they run one at a time, in all processes
        that share it, and `undo` is called, before the next of them begins, when nothing was committed.
        """
        return await self._run(lambda: self._backend.write(work, undo))

    async def read(self, work: Work[T]) -> T:
        """Run a unit of work that only reads, beside the writer."""
        return await self._run(lambda: self._backend.read(work))

    def only_read(self, refusal: Callable[[], Exception]) -> Store:
        """The same store for somebody who may not write: his units that would raise `refusal`."""
        return _OnlyRead(self.url, self._backend, refusal)

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever another process has put something into the outbox. Only a database on a server can tell;
        looking every few seconds stays the truth."""
        await self._run(lambda: self._backend.listen(wake))

    async def _run(self, unit: Callable[[], Awaitable[T]]) -> T:
        try:
            return await unit()
        except sa.exc.DBAPIError as error:
            raise as_store_error(error, self.path) from error
        except (OSError, TimeoutError, sa.exc.TimeoutError) as error:
            if self.path is not None:
                raise
            raise _unreachable(error) from error

    async def close(self) -> None:
        """Finish what is running and let go."""
        await self._backend.close()


class _OnlyRead(Store):
    def __init__(self, url: URL, backend: Backend, refusal: Callable[[], Exception]) -> None:
        self.url, self._backend, self._refusal = url, backend, refusal

    async def write(self, work: Work[T], undo: Undo | None = None) -> T:
        raise self._refusal()


def file_of(url: str) -> Path | None:
    """The file of an SQLite store, there or not; None for a store on a server. Raises ConfigError."""
    address = store_url(url)
    return None if is_postgres(address) else Path(address.database or "")


def is_made(url: str) -> bool:
    """Whether an address has a store behind it, as far as that can be seen without opening it: a file that is there, or
    any server. Raises ConfigError."""
    path = file_of(url)
    return path is None or path.exists()


def make_closed(path: Path) -> None:
    """Make an empty file that its owner alone may read and write; SQLite gives its log files the same rights.

    Raises FileExistsError, OSError.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def is_postgres(url: URL) -> bool:
    """Whether an address is that of a PostgreSQL server."""
    return url.get_backend_name() == "postgresql"


def store_url(text: str) -> URL:
    """The address of a store. Raises ConfigError for one that Chipwatch cannot use."""
    try:
        url = make_url(text)
    except sa.exc.ArgumentError as error:
        shown = text.rpartition("@")[2]  # what stands before it may be a password
        raise ConfigError(f"store.url: {shown!r} is no address; for example sqlite:///var/chipwatch.db") from error
    if url.drivername in ("postgresql", "postgresql+asyncpg"):
        if not url.database:
            raise ConfigError("store.url: name the database, for example postgresql://user@host/chipwatch")
        return url
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ConfigError(
            f"store.url: {url.drivername} cannot be used; it is sqlite:///var/chipwatch.db or postgresql://user@host/name"
        )
    if not url.database or url.database == ":memory:":
        raise ConfigError("store.url: a store is a file, for example sqlite:///var/chipwatch.db")
    return url


def _corrupt_remedy(path: Path | None) -> str:
    return f"the store {path} is damaged or no database; put a backup in its place: `chipwatch db restore FILE`"


def _unreachable(error: BaseException) -> StoreError:
    why = str(error) or type(error).__name__
    return StoreError("unreachable", f"the database does not answer ({why}); it is asked again, nothing was lost")


def as_store_error(error: sa.exc.DBAPIError, path: Path | None) -> StoreError:
    """What a database error means for people, and what to do."""
    if path is None:
        return _of_server(error)
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


def _of_server(error: sa.exc.DBAPIError) -> StoreError:
    """What PostgreSQL reports, by its classes of errors (SQLSTATE)."""
    state = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or "")
    if state.startswith("53"):
        return StoreError("full", f"the database has no room or no connection left ({error.orig}); nothing was lost")
    if state.startswith("28") or state == "3D000":
        return StoreError("refused", f"the database refuses us ({error.orig}); check store.url, user and rights")
    if state.startswith("XX"):
        return StoreError("corrupt", f"the database is damaged ({error.orig}); restore it from a dump")
    if error.connection_invalidated or state.startswith(("08", "57")) or not state:
        return _unreachable(error.orig or error)
    return StoreError("database", f"{error.orig or error}")


def _is_full(path: Path | None) -> bool:
    """Whether no room is left beside the store: SQLite often says only that a file could not be opened."""
    try:
        return path is not None and shutil.disk_usage(path.parent).free < FULL_BYTES
    except OSError:
        return False

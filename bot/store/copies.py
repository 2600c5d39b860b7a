"""Copies of an SQLite store: made while the bot runs, put back when it stands still, and the search for damage.

A PostgreSQL is copied with its own tools; the errors here name them.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.engine import file_of, make_closed
from bot.store.schema import metadata


def problems(conn: sa.Connection) -> list[str]:
    """What is wrong with the file, the foreign keys and the counts; empty when all is well."""
    if conn.dialect.name == "postgresql":
        return _problems_of_server(conn)
    found = [row[0] for row in conn.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    broken = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    found += [f"{row[0]} row {row[1]} points to a missing row of {row[2]}" for row in broken[:20]]
    return found


def _problems_of_server(conn: sa.Connection) -> list[str]:
    """PostgreSQL keeps its keys by itself; what can be seen from here is whether every table can be read to its end,
    and whether an index is not usable."""
    found = []
    for table in metadata.sorted_tables:
        try:
            with conn.begin_nested():
                conn.execute(sa.select(sa.func.count()).select_from(table))
        except sa.exc.DBAPIError as error:
            found.append(f"{table.name} cannot be read: {error.orig}")
    broken = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"
    return found + [f"the index {row[0]} is not valid; REINDEX it" for row in conn.exec_driver_sql(broken)]


def backup(url: str, file: Path) -> int:
    """Copy a store page by page beside its writer; the size of the copy in bytes. Raises StoreError."""
    path = _path(url, "pg_dump -Fc -f FILE")
    if not path.exists():
        raise StoreError("missing", f"there is no store at {path}")
    try:
        make_closed(file)
    except FileExistsError:
        raise StoreError("exists", f"{file} exists; choose another name") from None
    except OSError as error:
        raise StoreError("unwritable", f"the copy could not be made: {error.strerror}") from error
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target, pages=1024)
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise StoreError("unwritable", f"the copy could not be made: {error}") from error
    return file.stat().st_size


def restore(url: str, file: Path) -> Path | None:
    """Put a sound copy in the place of the store; where the old one was kept. Raises StoreError for a damaged copy."""
    path = _path(url, "pg_restore --clean -d DATABASE FILE")
    if not file.exists():
        raise StoreError("missing", f"there is no file {file}")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            ours = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError("corrupt", f"{file} is damaged or no store: {error}") from error
    if not sound or not ours:
        raise StoreError("corrupt", f"{file} is damaged or no store of Chipwatch")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        make_closed(fresh)
        shutil.copyfile(file, fresh)  # before anything is moved: a disk that is full takes nothing away
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError("unwritable", f"{path} cannot be written: {error.strerror}; nothing was changed") from error
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}.old")
        for suffix in ("", "-wal", "-shm"):
            old = path.with_name(path.name + suffix)
            if old.exists():
                old.rename(kept.with_name(kept.name + suffix))
    fresh.rename(path)
    return kept


def _path(url: str, instead: str) -> Path:
    """The file of an SQLite store. Raises StoreError for a server, with the command that does it there."""
    path = file_of(url)
    if path is None:
        raise StoreError("server", f"a PostgreSQL is copied with its own tools, while the bot runs: `{instead}`")
    return path

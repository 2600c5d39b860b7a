"""The store as an operator meets it: made at start, migrated, refused with a remedy when it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import ConfigError, StoreError
from bot.store import copies, migrate, schema
from bot.store import sources as source_states
from bot.store.engine import Store


async def open_store(path: Path) -> Store:
    return await Store.open(f"sqlite:///{path}")


async def test_a_new_store_is_made_with_its_folder_in_wal_mode_with_foreign_keys(tmp_path):
    store = await open_store(tmp_path / "var" / "new.db")
    facts = await store.write(
        lambda conn: [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")]
    )
    await store.close()
    assert facts == ["wal", 1]


async def test_an_old_store_with_rows_that_point_at_one_another_is_upgraded_and_keeps_them(tmp_path):
    from alembic import command
    from alembic.config import Config

    path = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    with sa.create_engine(f"sqlite:///{path}").begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0002")
        at = "2026-11-20T00:00:00.000000"
        conn.exec_driver_sql("INSERT INTO stories VALUES ('s-1', ?, ?, '{}', 1)", (at, at))
        conn.exec_driver_sql("INSERT INTO alerts VALUES ('s-1', 1, 'post', ?, '[]', '{}')", (at,))
    store = await open_store(path)
    kept = await store.read(
        lambda conn: [conn.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ("stories", "alerts")]  # noqa: S608  # names of the test
    )
    minds = await store.write(lambda conn: conn.exec_driver_sql("PRAGMA foreign_keys").scalar())
    await store.close()
    assert kept == [1, 1]
    assert minds == 1


def test_opening_a_new_store_or_a_current_one_does_not_import_alembic(tmp_path):
    script = (
        "import asyncio, sys\n"
        "from bot.store.engine import Store\n"
        f"asyncio.run((lambda: Store.open('sqlite:///{tmp_path}/s.db'))())\n"
        "print('alembic' in sys.modules)\n"
    )
    seen = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    ]
    assert seen == ["False", "False"]


async def test_a_unit_of_work_that_fails_leaves_nothing_behind(tmp_path):
    store = await open_store(tmp_path / "s.db")

    def half_done(conn: sa.Connection) -> None:
        conn.execute(schema.notices.insert().values(at=sa.func.now(), notice="outage", source="a", detail=""))
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await store.write(half_done)
    count = await store.read(lambda conn: conn.execute(sa.select(sa.func.count()).select_from(schema.notices)).scalar())
    await store.close()
    assert count == 0


async def test_a_file_that_is_no_database_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "s.db"
    path.write_bytes(b"this was never a database " * 400)
    with pytest.raises(StoreError, match="db restore") as refused:
        await open_store(path)
    assert refused.value.name == "corrupt"


async def test_a_damaged_page_is_noticed_at_start(tmp_path):
    path = tmp_path / "s.db"
    await (await open_store(path)).close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    for place in range(4096 * 2, len(whole), 4096):
        whole[place : place + 64] = b"\xff" * 64
    path.write_bytes(bytes(whole))
    with pytest.raises(StoreError) as refused:
        await open_store(path)
    assert refused.value.name == "corrupt"


async def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "s.db"
    await (await open_store(path)).close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()
    with pytest.raises(StoreError) as refused:
        await open_store(path)
    assert refused.value.name == "newer"


async def test_a_store_that_another_process_locks_is_named_as_locked(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.store.backends.BUSY_TIMEOUT_MS", 100)
    path = tmp_path / "s.db"
    await (await open_store(path)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store = await open_store(path)
        with pytest.raises(StoreError, match="another process") as refused:
            await store.write(lambda conn: None)
        await store.close()
    assert refused.value.name == "locked"


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://x/y"])
async def test_an_address_that_is_no_store_stops_the_start(url):
    with pytest.raises(ConfigError, match=r"store\.url"):
        await Store.open(url)


async def test_a_full_disk_is_one_clear_line_and_loses_nothing(tmp_path):
    """The page limit of SQLite raises the very error that a full disk raises."""
    path = tmp_path / "s.db"
    store = await open_store(path)

    def fill(conn: sa.Connection) -> None:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        row = {"at": datetime.now(UTC), "notice": "outage", "source": "x" * 2000, "detail": ""}
        conn.execute(schema.notices.insert(), [row for _ in range(200)])

    with pytest.raises(StoreError) as refused:
        await store.write(fill)
    count = await store.read(lambda conn: conn.execute(sa.select(sa.func.count()).select_from(schema.notices)).scalar())
    await store.close()
    assert (refused.value.name, count) == ("full", 0)
    assert "make room" in refused.value.remedy


async def test_a_copy_made_while_the_store_is_open_can_be_put_back(tmp_path):
    url, copy = f"sqlite:///{tmp_path}/s.db", tmp_path / "copy.db"
    store = await Store.open(url)
    await store.write(lambda conn: source_states.register(conn, {"a": "feed"}))
    assert copies.backup(url, copy) > 0
    await store.close()
    (tmp_path / "s.db").write_bytes(b"ruined")
    kept = copies.restore(url, copy)
    assert kept is not None
    assert kept.read_bytes() == b"ruined"
    store = await Store.open(url)
    assert await store.read(lambda conn: conn.exec_driver_sql("SELECT id FROM sources").scalar()) == "a"
    assert await store.read(copies.problems) == []
    await store.close()


def test_a_damaged_copy_is_not_put_back(tmp_path):
    url, copy = f"sqlite:///{tmp_path}/s.db", tmp_path / "copy.db"
    copy.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="damaged"):
        copies.restore(url, copy)
    assert not (tmp_path / "s.db").exists()

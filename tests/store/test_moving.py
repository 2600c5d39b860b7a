"""An installation moves from SQLite to PostgreSQL and back, whole."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.store import copies, schema
from bot.store.engine import Store
from bot.store.moving import copy
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news


async def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    def read(conn: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
        return {
            table.name: [tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in schema.metadata.sorted_tables
        }

    return await store.read(read)


async def test_there_and_back_every_row_is_the_same_and_the_work_goes_on(postgres, tmp_path):
    first = await Store.open(f"sqlite:///{tmp_path}/first.db")
    desk = await Desk(first).open()
    await desk.poll()
    await desk.poll(news("a"))
    await Post(desk, Chat()).drain()
    there = await Store.open(postgres.fresh())
    back = await Store.open(f"sqlite:///{tmp_path}/back.db")
    assert await copy(first, there) == await copy(there, back) > 5
    assert await rows(first) == await rows(there) == await rows(back)
    with pytest.raises(StoreError, match="not_empty"):
        await copy(first, there)
    moved = Desk(there)
    moved.now = desk.now
    await moved.poll(news("a"), later(news("b", news("a").title), 1))
    chat = Chat()
    await Post(moved, chat).drain()
    assert "edit" in chat.ops
    assert await there.read(copies.problems) == []
    for store in (first, there, back):
        await store.close()


async def test_a_server_is_copied_with_its_own_tools(postgres, tmp_path):
    with pytest.raises(StoreError, match="pg_dump"):
        copies.backup(postgres.fresh(), tmp_path / "copy.db")


async def test_a_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(StoreError, match="unreachable"):
        await Store.open("postgresql://nobody@127.0.0.1:9/none")


async def test_both_databases_have_the_schema_that_the_code_works_with(store_url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = await Store.open(store_url)
    found = await store.read(lambda conn: compare_metadata(MigrationContext.configure(conn), schema.metadata))
    await store.close()
    assert [entry for entry in found if "comment" not in str(entry[0])] == []

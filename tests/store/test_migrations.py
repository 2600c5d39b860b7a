"""The schema that the migrations end with, and the one that a new store gets at once, are one and the same."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import migrate, schema
from bot.store.engine import Connection, Store


@pytest.fixture
async def stores(store_url, request, tmp_path, monkeypatch):
    """A store made at once, and one that went through every migration."""
    new = await Store.open(store_url)
    monkeypatch.setattr(migrate, "upgrade", migrate.migrate)
    on_sqlite = store_url.startswith("sqlite")
    grown = await Store.open(
        f"sqlite:///{tmp_path}/grown.db" if on_sqlite else request.getfixturevalue("postgres").fresh()
    )
    yield new, grown
    await new.close()
    await grown.close()


def shape(conn: Connection) -> dict[str, Any]:
    """Everything that the database itself says of its tables, but for defaults: those with which a migration filled the
    rows of an older store stay there, and the code names every column that it writes."""
    found = sa.inspect(conn)
    lite = conn.dialect.name == "sqlite"
    ddl = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = ddl if lite else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    tables = {table: _table(found, table) for table in found.get_table_names()}
    made = {name: " ".join(text.split()) for name, text in conn.exec_driver_sql(indexes).all()}
    return {"tables": tables, "indexes": made, "version": migrate.current(conn)}


def _table(found: Any, table: str) -> dict[str, Any]:
    foreign = found.get_foreign_keys(table)
    return {
        "columns": sorted((each["name"], str(each["type"]), each["nullable"]) for each in found.get_columns(table)),
        "key": found.get_pk_constraint(table)["constrained_columns"],
        "unique": sorted(sorted(each["column_names"]) for each in found.get_unique_constraints(table)),
        "foreign": sorted(
            (*each["constrained_columns"], each["referred_table"], *each["referred_columns"], str(each["options"]))
            for each in foreign
        ),
    }


async def test_a_new_store_is_what_the_migrations_end_with(stores):
    new, grown = stores
    at_once, in_steps = await new.read(shape), await grown.read(shape)
    for part, expected in in_steps.items():
        assert at_once[part] == expected, part


async def test_the_migrations_lead_to_the_schema_that_the_code_works_with(stores):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    _, grown = stores
    difference = await grown.read(lambda conn: compare_metadata(MigrationContext.configure(conn), schema.metadata))
    assert difference == []

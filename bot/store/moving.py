"""Moves an installation from one store to another, SQLite or PostgreSQL, either way, in batches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.engine import Store
from bot.store.schema import metadata

BATCH = 2000


async def copy(source: Store, target: Store, tell: Callable[[str, int], None] = lambda table, rows: None) -> int:
    """Copy every row of `source` into the empty `target`; how many there were. `tell` hears of each table.

    Both have the schema of this version when they are open. Raises StoreError when the target holds anything, or when
    the counts differ at the end. Leases are not taken along: whoever held them works on the old store.
    """
    if await target.read(_rows):
        raise StoreError("not_empty", "the store that is copied to holds rows already; name an empty one")
    total = 0
    for table in metadata.sorted_tables:
        copied = 0
        async for batch in _batches(source, table):
            await target.write(partial(_put, table=table, rows=batch))
            copied += len(batch)
        await target.write(partial(_go_on_counting, table=table))
        tell(table.name, copied)
        total += copied
    if (found := await target.read(_rows)) != total:
        raise StoreError("incomplete", f"{total} rows were read and {found} stand in the new store; do not use it")
    return total


async def _batches(source: Store, table: sa.Table) -> AsyncIterator[list[dict[str, Any]]]:
    """The rows of a table in the order of its key, some thousands at a time."""
    key = list(table.primary_key.columns)
    after: Sequence[Any] | None = None
    while True:
        rows = await source.read(partial(_after, table=table, key=key, after=after))
        if not rows:
            return
        after = [rows[-1][column.name] for column in key]
        yield [_free(row) for row in rows]


def _after(
    conn: sa.Connection, table: sa.Table, key: Sequence[sa.Column[Any]], after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    query = sa.select(table).order_by(*key).limit(BATCH)
    if after is not None:
        bounds = [sa.bindparam(None, value, type_=column.type) for column, value in zip(key, after, strict=True)]
        query = query.where(sa.tuple_(*key) > sa.tuple_(*bounds) if len(key) > 1 else key[0] > bounds[0])
    return [dict(row) for row in conn.execute(query).mappings()]


def _put(conn: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    conn.execute(table.insert(), rows)


def _free(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: None for name in ("lease_owner", "lease_until") if name in row}


def _rows(conn: sa.Connection) -> int:
    """How many rows there are in all tables."""
    return sum(_counted(conn))


def _counted(conn: sa.Connection) -> Iterator[int]:
    for table in metadata.sorted_tables:
        yield conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _go_on_counting(conn: sa.Connection, table: sa.Table) -> None:
    """On PostgreSQL a table's numbers go on after the highest that was copied."""
    column = table.autoincrement_column
    if conn.dialect.name != "postgresql" or column is None:
        return
    highest = conn.execute(sa.select(sa.func.max(column))).scalar()
    if highest is not None:
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        conn.execute(sa.select(sa.func.setval(sequence, highest)))

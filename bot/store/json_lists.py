"""Many values handed to a statement as one: a JSON list, which the database itself takes apart."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
import sqlalchemy as sa


def listed(conn: sa.Connection, numbers: Collection[int]) -> sa.Select[Any]:
    """Numbers as a table that can be selected from, handed over as one value: there may be a hundred thousand."""
    return elements(conn.dialect.name, None, sa.Integer, orjson.dumps(list(numbers)).decode())


def elements(
    database: str, name: str | None, kind: type[sa.types.TypeEngine[Any]] = sa.Text, text: str | None = None
) -> sa.Select[Any]:
    """The elements of a JSON list, which is `text` or comes as the parameter `name`: one value however many there are,
    so that the statement and its plan stay the same."""
    given: sa.BindParameter[Any] = sa.bindparam(name, text, type_=sa.Text, required=text is None)
    if database == "sqlite":
        return sa.select(sa.func.json_each(given).table_valued("value").alias(name or "listed").c.value)
    element = sa.func.json_array_elements_text(sa.cast(given, sa.JSON)).column_valued(f"one_of_{name or 'listed'}")
    return sa.select(sa.cast(element, kind))

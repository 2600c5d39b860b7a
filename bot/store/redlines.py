"""The redlines that were stored with changes: what was amended in a text, word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import changes, documents

SHOWN = 60
LOOKED_AT = 400
"""Of so many changes with a detail, the newest; rows of lists are among them and are no redlines."""


@dataclass(frozen=True, slots=True)
class Amended:
    """A change of a text. `redline` has its counts and, in order, its hunks."""

    change: int
    source: str
    at: datetime
    story: str | None
    title: str
    url: str
    redline: Mapping[str, Any]


def newest(conn: sa.Connection, limit: int = SHOWN) -> list[Amended]:
    """The newest amended texts."""
    found = (_amended(row) for row in conn.execute(_query().order_by(changes.c.id.desc()).limit(LOOKED_AT)))
    return [each for each in found if each is not None][:limit]


def one(conn: sa.Connection, change: int) -> Amended | None:
    """The amended text of a change; None where it has none."""
    row = conn.execute(_query().where(changes.c.id == change)).one_or_none()
    return _amended(row) if row is not None else None


def _query() -> sa.Select[Any]:
    detail = changes.c.detail
    its_own = sa.and_(documents.c.source == changes.c.source, documents.c.key == changes.c.key)
    return (
        sa.select(
            changes.c.id, changes.c.source, changes.c.at, changes.c.story, documents.c.title, documents.c.url,
            detail.label("detail"),
        )
        .join(documents, its_own)
        .where(detail.is_not(None))
    )  # fmt: skip


def _amended(row: Any) -> Amended | None:
    redline = row.detail.get("redline") if isinstance(row.detail, Mapping) else None
    if not isinstance(redline, Mapping):
        return None
    return Amended(row.id, row.source, row.at, row.story, row.title, row.url or "", redline)

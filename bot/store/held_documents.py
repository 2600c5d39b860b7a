"""Documents that are stored but kept from the channels until an operator has looked: old articles under a new date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import held_documents


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that waits: `reason` is the rule that held it, `detail` what it saw (the text's own date)."""

    id: int
    source: str
    key: str
    at: datetime
    reason: str
    detail: str


_HELD = [held_documents.c[name] for name in HeldDocument.__slots__]
_WAITS = held_documents.c.resolved_at.is_(None)


def hold(conn: sa.Connection, source: str, key: str, reason: str, detail: str, at: datetime) -> bool:
    """Keep a document back; False when it was held before, whatever came of it."""
    mine = (held_documents.c.source == source, held_documents.c.key == key)
    if conn.execute(sa.select(held_documents.c.id).where(*mine)).first():
        return False
    conn.execute(held_documents.insert().values(source=source, key=key, at=at, reason=reason, detail=detail))
    return True


def standing(conn: sa.Connection, source: str, key: str) -> str | None:
    """What became of a held document: `waiting`, `released` or `dropped`; None for one that was never held."""
    query = sa.select(held_documents.c.resolved_at, held_documents.c.resolution).where(
        held_documents.c.source == source, held_documents.c.key == key
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    return str(row.resolution) if row.resolved_at is not None else "waiting"


def count(conn: sa.Connection) -> int:
    """How many wait for an operator."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(held_documents).where(_WAITS)).scalar_one())


def waiting(conn: sa.Connection, limit: int | None = None) -> list[HeldDocument]:
    """What waits for an operator, oldest first, at most `limit` of it."""
    query = sa.select(*_HELD).where(_WAITS).order_by(held_documents.c.id).limit(limit)
    return [HeldDocument(*row) for row in conn.execute(query)]


def resolve(conn: sa.Connection, id_: int, resolution: str, at: datetime) -> HeldDocument | None:
    """End the waiting of one: `released` or `dropped`. None when no document of this number waits."""
    mine = (held_documents.c.id == id_, _WAITS)
    row = conn.execute(sa.select(*_HELD).where(*mine)).first()
    if row is None:
        return None
    conn.execute(held_documents.update().where(*mine).values(resolved_at=at, resolution=resolution))
    return HeldDocument(*row)


def rename(conn: sa.Connection, source: str, old: str, new: str) -> None:
    """The publisher gave a held document a new key."""
    mine = (held_documents.c.source == source, held_documents.c.key == old)
    conn.execute(held_documents.update().where(*mine).values(key=new))

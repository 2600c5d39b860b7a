"""Changes that looked absurd: kept from the channels until an operator releases or drops them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import held, sources


@dataclass(frozen=True, slots=True)
class Held:
    """One held change. `resolution` is None while it waits."""

    id: int
    source: str
    at: datetime
    digest: str
    reason: str
    resolution: str | None


_HELD = [held.c[name] for name in Held.__slots__]


def hold(conn: sa.Connection, source: str, digest: str, reason: str, at: datetime) -> bool:
    """Hold a change of a source; False when the same one is held already."""
    waits = (held.c.source == source, held.c.resolved_at.is_(None))
    if conn.execute(sa.select(held.c.id).where(*waits, held.c.digest == digest)).first():
        return False
    conn.execute(held.update().where(*waits).values(resolved_at=at, resolution="passed"))
    row = held.insert().values(source=source, at=at, digest=digest, reason=reason).returning(held.c.id)
    conn.execute(sources.update().where(sources.c.id == source).values(held_id=conn.execute(row).scalar_one()))
    return True


def resolve(conn: sa.Connection, source: str, resolution: str, at: datetime) -> bool:
    """End what is held of a source. False when nothing was held.

    `released` lets the next reading through and announces it, `dropped` stores it silently, `passed` says that the
    publisher's answer came back to normal.
    """
    waits = (held.c.source == source, held.c.resolved_at.is_(None))
    done = conn.execute(held.update().where(*waits).values(resolved_at=at, resolution=resolution)).rowcount
    if done:
        values = {"held_id": None, "next_poll_at": at} if resolution != "passed" else {"held_id": None}
        conn.execute(sources.update().where(sources.c.id == source).values(**values))
    return bool(done)


def word_on(conn: sa.Connection, source: str, at: datetime) -> str | None:
    """What an operator said of a source's newest held change: `released` or `dropped`. It holds for one reading."""
    query = sa.select(held.c.id, held.c.resolution, held.c.used_at).where(held.c.source == source)
    row = conn.execute(query.order_by(held.c.id.desc()).limit(1)).first()
    if row is None or row.used_at is not None or row.resolution not in ("released", "dropped"):
        return None
    conn.execute(held.update().where(held.c.id == row.id).values(used_at=at))
    return str(row.resolution)


def waiting(conn: sa.Connection) -> list[Held]:
    """What waits for an operator, oldest first."""
    query = sa.select(*_HELD).where(held.c.resolved_at.is_(None)).order_by(held.c.id)
    return [Held(*row) for row in conn.execute(query)]

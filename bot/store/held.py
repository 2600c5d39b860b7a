"""Changes that looked absurd: kept from the channels until an operator releases or drops them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import held, sources


@dataclass(frozen=True, slots=True)
class Held:
    """One held change: the keys of what was new or amended, and why it looked absurd."""

    id: int
    source: str
    at: datetime
    keys: Sequence[str]
    reason: str


_HELD = [held.c[name] for name in Held.__slots__]


def hold(conn: sa.Connection, source: str, keys: Sequence[str], reason: str, at: datetime) -> bool:
    """Hold a change of a source; False when one is held already, which this takes the place of without a word."""
    waits = (held.c.source == source, held.c.resolved_at.is_(None))
    if conn.execute(held.update().where(*waits).values(keys=list(keys), reason=reason)).rowcount:
        return False
    row = held.insert().values(source=source, at=at, keys=list(keys), reason=reason).returning(held.c.id)
    conn.execute(sources.update().where(sources.c.id == source).values(held_id=conn.execute(row).scalar_one()))
    return True


def resolve(conn: sa.Connection, source: str, resolution: str, at: datetime) -> bool:
    """End what is held of a source. False when nothing was held.

    `released` lets just this change through at the next poll and announces it, `dropped` stores it silently, `passed`
    says that the publisher's answer came back to normal.
    """
    waits = (held.c.source == source, held.c.resolved_at.is_(None))
    done = conn.execute(held.update().where(*waits).values(resolved_at=at, resolution=resolution)).rowcount
    if done:
        values = {"held_id": None, "next_poll_at": at} if resolution != "passed" else {"held_id": None}
        conn.execute(sources.update().where(sources.c.id == source).values(**values))
    return bool(done)


def word_on(conn: sa.Connection, source: str, keys: Sequence[str], at: datetime) -> str | None:
    """What an operator said of a change: `released` or `dropped`; None when nobody has looked at it.

    A word covers a change that holds all that was held, and few entries more (the publisher goes on publishing).
    """
    row = _newest_word(conn, source)
    if row is None:
        return None
    seen, now = set(row.seen), set(keys)
    if not seen <= now or len(now) > len(seen) * 5 / 4 + 1:
        return None
    conn.execute(held.update().where(held.c.id == row.id).values(used_at=at))
    return str(row.resolution)


def end_words(conn: sa.Connection, source: str, at: datetime) -> None:
    """The publisher's answer is normal again: an operator's word on what was held has nothing left to cover."""
    spoken = (held.c.source == source, held.c.resolved_at.is_not(None), held.c.used_at.is_(None))
    conn.execute(held.update().where(*spoken).values(used_at=at))


def _newest_word(conn: sa.Connection, source: str) -> Any:
    columns = (held.c.id, held.c["keys"].label("seen"), held.c.resolution)
    query = sa.select(*columns).where(
        held.c.source == source, held.c.resolution.in_(("released", "dropped")), held.c.used_at.is_(None)
    )
    return conn.execute(query.order_by(held.c.id.desc()).limit(1)).first()


def waiting(conn: sa.Connection) -> list[Held]:
    """What waits for an operator, oldest first."""
    query = sa.select(*_HELD).where(held.c.resolved_at.is_(None)).order_by(held.c.id)
    return [Held(*row) for row in conn.execute(query)]

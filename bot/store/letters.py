"""Letters to a workspace's managers: kept until somebody there has been told, so that a crash forgets none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import letters


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: `kind` is lost, regained or watched, `facts` what its card is made of."""

    id: int
    platform: str
    workspace: str
    kind: str
    facts: Mapping[str, Any]
    at: datetime
    attempts: int

    @property
    def key(self) -> str:
        """The same for every try: what a platform recognises a message by."""
        return f"letter-{self.id}"


def write(
    conn: sa.Connection,
    platform: str,
    workspace: str,
    kind: str,
    facts: Mapping[str, Any],
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    """Put a letter into the box: due at `due_at`, or at once."""
    row = {"platform": platform, "workspace": workspace, "kind": kind, "facts": dict(facts)}
    conn.execute(letters.insert().values(**row, at=at, due_at=due_at or at))


def facts_of(conn: sa.Connection, platform: str, kind: str, at: datetime) -> list[Mapping[str, Any]]:
    """What the letters of a kind say of one moment."""
    mine = (letters.c.platform == platform, letters.c.kind == kind, letters.c.at == at)
    return list(conn.execute(sa.select(letters.c.facts).where(*mine)).scalars())


def due(conn: sa.Connection, platforms: Sequence[str], now: datetime, limit: int = 20) -> list[Letter]:
    """The letters whose time has come, oldest first."""
    columns = [letters.c[name] for name in Letter.__slots__]
    query = sa.select(*columns).where(letters.c.due_at <= now, letters.c.platform.in_(platforms))
    return [Letter(*row) for row in conn.execute(query.order_by(letters.c.id).limit(limit))]


def take(conn: sa.Connection, letter: Letter, until: datetime) -> bool:
    """Lease a letter: False where another worker was quicker."""
    mine = (letters.c.id == letter.id, letters.c.attempts == letter.attempts, letters.c.due_at.is_not(None))
    taken = letters.update().where(*mine).values(attempts=letter.attempts + 1, due_at=until)
    return conn.execute(taken).rowcount == 1


def done(conn: sa.Connection, id_: int, outcome: str) -> None:
    """Somebody was told (`told:WHERE`), or nobody can be (`nobody`)."""
    conn.execute(letters.update().where(letters.c.id == id_).values(due_at=None, outcome=outcome))

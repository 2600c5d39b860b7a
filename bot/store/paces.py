"""How fast a platform may be written to, shared by all workers: one row for each platform and each slowed workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.schema import paces, subscriptions


@dataclass(frozen=True, slots=True)
class Pace:
    """A row of `paces`."""

    scope: str
    rate: float | None
    filled_at: datetime | None
    stopped_until: datetime | None
    slowed_at: datetime | None


def hold(conn: sa.Connection, scope: str) -> Pace:
    """The pace of a scope, locked until this unit of work ends; made where there is none."""
    insert = postgresql.insert(paces) if conn.dialect.name == "postgresql" else sqlite.insert(paces)
    query = sa.select(paces).where(paces.c.scope == scope).with_for_update()
    row = conn.execute(query).one_or_none()
    if row is None:
        conn.execute(insert.values(scope=scope).on_conflict_do_nothing())
        row = conn.execute(query).one()
    return Pace(*row)


def save(conn: sa.Connection, pace: Pace) -> None:
    """Keep a pace that was held."""
    values = {"rate": pace.rate, "filled_at": pace.filled_at, "stopped_until": pace.stopped_until}
    conn.execute(paces.update().where(paces.c.scope == pace.scope).values(**values, slowed_at=pace.slowed_at))


def stopped(conn: sa.Connection, platform: str, now: datetime) -> dict[str, datetime]:
    """The stops of a platform in effect: by workspace, the whole platform's under the empty name."""
    query = sa.select(paces.c.scope, paces.c.stopped_until).where(
        paces.c.stopped_until > now, sa.or_(paces.c.scope == platform, paces.c.scope.startswith(f"{platform}/"))
    )
    return {row.scope.removeprefix(platform).removeprefix("/"): row.stopped_until for row in conn.execute(query)}


def rest(conn: sa.Connection, subscription: int, until: datetime) -> None:
    """Let nothing be posted in a channel until then."""
    mine = subscriptions.update().where(subscriptions.c.id == subscription)
    conn.execute(mine.values(not_before=until))

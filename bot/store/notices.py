"""What operators are told: outages and recoveries, held changes, silence. Never shown in subscribers' channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: `notice` is outage, recovered, held, stale or challenge."""

    notice: str
    source: str
    at: datetime
    detail: str = ""


def add(conn: sa.Connection, found: list[Notice]) -> None:
    """Keep notices in the operators' log."""
    if found:
        rows = [{"at": n.at, "notice": n.notice, "source": n.source, "detail": n.detail} for n in found]
        conn.execute(notices.insert(), rows)


def since(conn: sa.Connection, moment: datetime) -> list[Notice]:
    """The notices from `moment` on, oldest first."""
    columns = (notices.c.notice, notices.c.source, notices.c.at, notices.c.detail)
    query = sa.select(*columns).where(notices.c.at >= moment).order_by(notices.c.id)
    return [Notice(*row) for row in conn.execute(query)]


def newest(conn: sa.Connection, limit: int) -> list[Notice]:
    """The newest notices, newest first."""
    columns = [notices.c[name] for name in ("notice", "source", "at", "detail")]
    query = sa.select(*columns).order_by(notices.c.id.desc()).limit(limit)
    return [Notice(*row) for row in conn.execute(query)]

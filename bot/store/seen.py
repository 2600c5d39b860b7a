"""What came in from a platform and was dealt with: what it sends again, or to several processes, is done once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.schema import seen_events

KEPT = timedelta(hours=6)
"""Slack sends again within minutes, and lets a trigger live for half an hour at most; Discord forgets what somebody
pressed after fifteen minutes."""


def first_time(conn: sa.Connection, platform: str, id_: str, at: datetime) -> bool:
    """Note that something came in; False where it had come before, to whichever process. Of several that note it at
    once one is the first. Forgets what is older than `KEPT`."""
    conn.execute(seen_events.delete().where(seen_events.c.at < at - KEPT))
    insert = postgresql.insert(seen_events) if conn.dialect.name == "postgresql" else sqlite.insert(seen_events)
    row = insert.values(platform=platform, id=id_, at=at).on_conflict_do_nothing().returning(seen_events.c.id)
    return conn.execute(row).first() is not None

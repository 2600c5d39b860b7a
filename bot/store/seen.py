"""What came in from a platform and was dealt with: a platform that sends again changes nothing a second time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.schema import seen_events

KEPT = timedelta(hours=6)
"""Slack sends again within minutes, and lets a trigger live for half an hour at most."""


def first_time(conn: sa.Connection, platform: str, id_: str, at: datetime) -> bool:
    """Note that something came in; False where it had come before. Forgets what is older than `KEPT`."""
    conn.execute(seen_events.delete().where(seen_events.c.at < at - KEPT))
    mine = (seen_events.c.platform == platform, seen_events.c.id == id_)
    if conn.execute(sa.select(seen_events.c.at).where(*mine)).first() is not None:
        return False
    conn.execute(seen_events.insert().values(platform=platform, id=id_, at=at))
    return True

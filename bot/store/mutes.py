"""Stories and channels that managers do not want to hear of for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import mutes


def mute(conn: sa.Connection, subscription: int, story: str, at: datetime, who: str, until: datetime | None) -> None:
    """Silence a story in a channel, or with an empty `story` the channel; `until` None: until it is taken back."""
    unmute(conn, subscription, story)
    row = {"subscription": subscription, "story": story, "until": until, "at": at, "who": who}
    conn.execute(mutes.insert().values(**row))


def unmute(conn: sa.Connection, subscription: int, story: str) -> bool:
    """Take a silence back; whether there was one."""
    mine = (mutes.c.subscription == subscription, mutes.c.story == story)
    return conn.execute(mutes.delete().where(*mine)).rowcount > 0


def standing(conn: sa.Connection, subscriptions: Collection[int], now: datetime) -> dict[int, set[str]]:
    """What is silenced in each of these channels now; an empty story stands for all."""
    query = sa.select(mutes.c.subscription, mutes.c.story).where(
        mutes.c.subscription.in_(list(subscriptions)), sa.or_(mutes.c.until.is_(None), mutes.c.until > now)
    )
    found: dict[int, set[str]] = {}
    for subscription, story in conn.execute(query):
        found.setdefault(subscription, set()).add(story)
    return found

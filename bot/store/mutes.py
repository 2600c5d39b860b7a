"""Stories and channels that managers do not want to hear of for a while."""

from __future__ import annotations

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


def muting(conn: sa.Connection, subscription: int, story: str, now: datetime) -> str:
    """Why a story is not told in a channel: `story muted`, `channel muted`; empty where it is."""
    query = sa.select(mutes.c.story).where(
        mutes.c.subscription == subscription,
        mutes.c.story.in_(("", story)),
        sa.or_(mutes.c.until.is_(None), mutes.c.until > now),
    )
    found = set(conn.execute(query).scalars())
    return "channel muted" if "" in found else "story muted" if found else ""

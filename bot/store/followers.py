"""Who follows a story: its rises go to them as direct messages."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import followers


def turn(conn: sa.Connection, platform: str, person: str, story: str, language: str, at: datetime) -> bool:
    """Begin to follow, or stop when he did already; whether he follows now."""
    if stop(conn, platform, person, story):
        return False
    row = {"platform": platform, "person": person, "story": story, "language": language, "since": at}
    conn.execute(followers.insert().values(**row))
    return True


def stop(conn: sa.Connection, platform: str, person: str, story: str) -> bool:
    """Stop following; False when he did not."""
    mine = (followers.c.platform == platform, followers.c.person == person, followers.c.story == story)
    return bool(conn.execute(followers.delete().where(*mine)).rowcount)


def hand_on(conn: sa.Connection, away: str, into: str) -> None:
    """Whoever follows a story that went into another follows that one."""
    mine = followers.alias("mine")
    there = sa.select(sa.literal(1)).where(
        mine.c.story == into, mine.c.platform == followers.c.platform, mine.c.person == followers.c.person
    )
    conn.execute(followers.delete().where(followers.c.story == away, there.exists()))
    conn.execute(followers.update().where(followers.c.story == away).values(story=into))

"""Stories that a channel, or a person, wants to hear no more of. The outbox asks `channels` before it posts a revision,
whoever sends direct messages asks `people`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import mutes

CHANNEL, PERSON = "channel", "person"


def turn_channel(conn: sa.Connection, platform: str, channel: str, story: str, who: str, at: datetime) -> bool:
    """End a story for a channel, or let it go on again; whether it is muted now."""
    return _turn(conn, platform, CHANNEL, channel, story, who, at)


def turn_person(conn: sa.Connection, platform: str, person: str, story: str, at: datetime) -> bool:
    """End a story for one person, or let it go on again; whether it is muted now."""
    return _turn(conn, platform, PERSON, person, story, "", at)


def _turn(conn: sa.Connection, platform: str, scope: str, whose: str, story: str, who: str, at: datetime) -> bool:
    mine = (mutes.c.platform == platform, mutes.c.scope == scope, mutes.c.whose == whose, mutes.c.story == story)
    if conn.execute(mutes.delete().where(*mine)).rowcount:
        return False
    row = {"platform": platform, "scope": scope, "whose": whose, "story": story, "who": who, "at": at}
    conn.execute(mutes.insert().values(**row))
    return True


def channels(conn: sa.Connection, story: str) -> frozenset[tuple[str, str]]:
    """The channels in which a story is muted: (platform, channel)."""
    return _whose(conn, CHANNEL, story)


def people(conn: sa.Connection, story: str) -> frozenset[tuple[str, str]]:
    """The people who have muted a story for themselves: (platform, person)."""
    return _whose(conn, PERSON, story)


def _whose(conn: sa.Connection, scope: str, story: str) -> frozenset[tuple[str, str]]:
    query = sa.select(mutes.c.platform, mutes.c.whose).where(mutes.c.scope == scope, mutes.c.story == story)
    return frozenset((platform, whose) for platform, whose in conn.execute(query))


def is_muted(conn: sa.Connection, platform: str, channel: str, story: str) -> bool:
    """Whether a channel wants nothing more of a story."""
    return (platform, channel) in channels(conn, story)


def forget(conn: sa.Connection, platform: str, scope: str, whose: Iterable[str]) -> int:
    """Erase the mutes of channels or people; how many there were."""
    mine = (mutes.c.platform == platform, mutes.c.scope == scope, mutes.c.whose.in_(list(whose)))
    return conn.execute(mutes.delete().where(*mine)).rowcount

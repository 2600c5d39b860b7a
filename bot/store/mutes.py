"""Stories that a channel, or a person, wants to hear no more of. The outbox asks `standing` before it posts; direct
messages are not written for whoever muted the story (`store.tellings`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import mutes, subscriptions

CHANNEL, PERSON = "channel", "person"


def turn_channel(conn: sa.Connection, platform: str, channel: str, story: str, who: str, at: datetime) -> bool:
    """End a story for a channel, or let it go on again; whether it is muted now."""
    return _turn(conn, platform, CHANNEL, channel, story, who, at)


def turn_person(conn: sa.Connection, platform: str, person: str, story: str, at: datetime) -> bool:
    """End a story for one person, or let it go on again; whether it is muted now."""
    return _turn(conn, platform, PERSON, person, story, "", at)


def _turn(conn: sa.Connection, platform: str, scope: str, whose: str, story: str, who: str, at: datetime) -> bool:
    if conn.execute(mutes.delete().where(*_mine(platform, scope, whose, story))).rowcount:
        return False
    row = {"platform": platform, "scope": scope, "whose": whose, "story": story, "who": who, "at": at}
    conn.execute(mutes.insert().values(**row))
    return True


def _mine(platform: str, scope: str, whose: str, story: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (mutes.c.platform == platform, mutes.c.scope == scope, mutes.c.whose == whose, mutes.c.story == story)


def standing(conn: sa.Connection, orders: Collection[int]) -> dict[int, set[str]]:
    """The stories that are muted in the channels of these orders, by the orders' numbers."""
    channel = sa.and_(subscriptions.c.platform == mutes.c.platform, subscriptions.c.channel == mutes.c.whose)
    query = (
        sa.select(subscriptions.c.id, mutes.c.story)
        .join(mutes, channel)
        .where(subscriptions.c.id.in_(list(orders)), mutes.c.scope == CHANNEL)
    )
    found: dict[int, set[str]] = {}
    for order, story in conn.execute(query):
        found.setdefault(order, set()).add(story)
    return found


def forget(conn: sa.Connection, platform: str, scope: str, whose: Iterable[str]) -> int:
    """Erase the mutes of channels or people; how many there were."""
    mine = (mutes.c.platform == platform, mutes.c.scope == scope, mutes.c.whose.in_(list(whose)))
    return conn.execute(mutes.delete().where(*mine)).rowcount


def forget_within(conn: sa.Connection, platform: str, beginning: str) -> int:
    """Erase the mutes of people whose ids begin so; how many there were."""
    theirs = mutes.c.whose.startswith(beginning, autoescape=True)
    return conn.execute(mutes.delete().where(mutes.c.platform == platform, mutes.c.scope == PERSON, theirs)).rowcount

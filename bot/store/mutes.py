"""Stories that a channel, or a person, wants to hear no more of, and channels that want silence for a while. The outbox
asks `standing` before it posts, whoever sends direct messages asks `people`."""

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


def mute(conn: sa.Connection, subscription: int, story: str, at: datetime, who: str, until: datetime | None) -> None:
    """Silence a story in the channel of an order, or with an empty `story` the channel; `until` None: for good."""
    unmute(conn, subscription, story)
    chosen = sa.select(
        subscriptions.c.platform,
        sa.literal(CHANNEL),
        subscriptions.c.channel,
        sa.literal(story),
        sa.literal(until, mutes.c.until.type),
        sa.literal(who),
        sa.literal(at, mutes.c.at.type),
    ).where(subscriptions.c.id == subscription)
    conn.execute(mutes.insert().from_select(["platform", "scope", "whose", "story", "until", "who", "at"], chosen))


def unmute(conn: sa.Connection, subscription: int, story: str) -> bool:
    """Take a silence back; whether there was one."""
    channel = sa.select(subscriptions.c.channel).where(subscriptions.c.id == subscription).scalar_subquery()
    platform = sa.select(subscriptions.c.platform).where(subscriptions.c.id == subscription).scalar_subquery()
    mine = (mutes.c.platform == platform, mutes.c.scope == CHANNEL, mutes.c.whose == channel, mutes.c.story == story)
    return conn.execute(mutes.delete().where(*mine)).rowcount > 0


def standing(conn: sa.Connection, orders: Collection[int], now: datetime) -> dict[int, set[str]]:
    """What is silenced in the channels of these orders now, by the orders' numbers; an empty story stands for all."""
    channel = sa.and_(subscriptions.c.platform == mutes.c.platform, subscriptions.c.channel == mutes.c.whose)
    query = (
        sa.select(subscriptions.c.id, mutes.c.story)
        .join(mutes, channel)
        .where(
            subscriptions.c.id.in_(list(orders)),
            mutes.c.scope == CHANNEL,
            sa.or_(mutes.c.until.is_(None), mutes.c.until > now),
        )
    )
    found: dict[int, set[str]] = {}
    for order, story in conn.execute(query):
        found.setdefault(order, set()).add(story)
    return found


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


def forget_within(conn: sa.Connection, platform: str, beginning: str) -> int:
    """Erase the mutes of people whose ids begin so; how many there were."""
    theirs = mutes.c.whose.startswith(beginning, autoescape=True)
    return conn.execute(mutes.delete().where(mutes.c.platform == platform, mutes.c.scope == PERSON, theirs)).rowcount

"""The messages of a story that stand in channels: where and since when, what was said beside them, holding back what is
not out yet, handing one to another story."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.model import Op
from bot.store.deliveries import COMING, Posted
from bot.store.schema import deliveries

WAITING = tuple(state for state in COMING if state != "sending")
"""The states of rows that no worker has taken."""
Place = tuple[str, int | None, datetime | None]
"""How a story came to a channel: the state of its post, the gathering that holds it, when it was sent."""
_MAY_STAND = ("sending", "sent", "unknown")
_IS_POST = deliveries.c.op == Op.POST.value


def told(conn: sa.Connection, story: str) -> set[int]:
    """The subscriptions that have the story's head, or will: later revisions edit it or reply under it."""
    query = sa.select(deliveries.c.subscription).where(
        deliveries.c.story == story,
        _IS_POST,
        deliveries.c.state.in_((*COMING, "sent", "unknown")),
    )
    return set(conn.execute(query).scalars())


def reached(conn: sa.Connection, story: str) -> set[int]:
    """As `told`, with those where it was announced under a roundup and has no line: whom a correction is owed."""
    query = sa.select(deliveries.c.subscription).where(*_announces(story, _MAY_STAND))
    return told(conn, story) | set(conn.execute(query).scalars())


def announced(conn: sa.Connection, story: str, subscription: int) -> int | None:
    """The gathering under whose message a story was announced in a channel, or may have been."""
    mine = (deliveries.c.subscription == subscription, *_announces(story, _MAY_STAND))
    return conn.execute(sa.select(deliveries.c.gathering).where(*mine).limit(1)).scalar()


def _announces(story: str, states: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        deliveries.c.about == story,
        deliveries.c.story.is_(None),
        deliveries.c.op == Op.REPLY.value,
        deliveries.c.state.in_(states),
    )


def head(conn: sa.Connection, story: str, subscription: int) -> Posted | None:
    """Where the story's head message stands for a subscription, if it was sent."""
    query = (
        sa.select(deliveries.c.message_channel, deliveries.c.message)
        .where(
            deliveries.c.story == story,
            deliveries.c.subscription == subscription,
            _IS_POST,
            deliveries.c.state == "sent",
        )
        .order_by(deliveries.c.id)
        .limit(1)
    )
    row = conn.execute(query).first()
    return Posted(*row) if row else None


def place_of(conn: sa.Connection, story: str, subscription: int) -> Place | None:
    """How the story came to a channel: the state of its post, the gathering that holds it, and when it was sent; None
    where it never did."""
    query = sa.select(deliveries.c.state, deliveries.c.gathering, deliveries.c.sent_at).where(
        deliveries.c.story == story, deliveries.c.subscription == subscription, _IS_POST
    )
    row = conn.execute(query.order_by((deliveries.c.state == "sent").desc(), deliveries.c.id).limit(1)).first()
    return (row.state, row.gathering, row.sent_at) if row else None


def born(conn: sa.Connection, story: str, subscription: int, at: datetime) -> bool:
    """Whether a channel has something coming of what a story became at a moment."""
    mine = (deliveries.c.story == story, deliveries.c.subscription == subscription, deliveries.c.created_at == at)
    return conn.execute(sa.select(deliveries.c.id).where(*mine).limit(1)).first() is not None


def last_touched(conn: sa.Connection, story: str, subscription: int) -> tuple[datetime, datetime] | None:
    """When the story's message in a channel was posted, and when it was posted or edited last."""
    query = sa.select(sa.func.min(deliveries.c.sent_at), sa.func.max(deliveries.c.sent_at)).where(
        deliveries.c.story == story,
        deliveries.c.subscription == subscription,
        deliveries.c.op != Op.REPLY.value,
        deliveries.c.state == "sent",
    )
    first, last = conn.execute(query).one()
    return (first, last) if first is not None else None


def was_mentioned(conn: sa.Connection, story: str, subscription: int) -> bool:
    """Whether somebody was mentioned for a story in a channel already."""
    query = sa.select(deliveries.c.id).where(
        deliveries.c.subscription == subscription,
        deliveries.c.mentioned,
        sa.or_(deliveries.c.story == story, deliveries.c.about == story),
    )
    return conn.execute(query.limit(1)).first() is not None


def withdraw(conn: sa.Connection, story: str, reason: str) -> None:
    """What of a story waits is not sent any more: neither at once, nor at its hour, nor inside a message with others,
    nor when a lost channel is back. What a worker is just sending goes out, by itself or inside a message with others:
    the channel counts as told."""
    message = deliveries.alias("message")
    leaving = sa.exists().where(
        message.c.gathering == deliveries.c.gathering,
        message.c.story.is_(None),
        message.c.op != Op.REPLY.value,
        message.c.state == "sending",
    )
    waits = (deliveries.c.story == story, deliveries.c.state.in_(WAITING))
    not_leaving = sa.not_(sa.and_(deliveries.c.state == "held", leaving))
    for waiting in ((*waits, not_leaving), _announces(story, WAITING)):
        conn.execute(deliveries.update().where(*waiting).values(state="superseded", reason=reason))


def standing(conn: sa.Connection, story: str) -> dict[int, Posted]:
    """Where the head of a story stands, by subscription."""
    query = (
        sa.select(deliveries.c.subscription, deliveries.c.message_channel, deliveries.c.message)
        .where(deliveries.c.story == story, _IS_POST, deliveries.c.state == "sent")
        .order_by(deliveries.c.id.desc())
    )
    return {subscription: Posted(channel, message) for subscription, channel, message in conn.execute(query)}


def adopt(conn: sa.Connection, story: str, number: int, subscription: int, posted: Posted, at: datetime) -> None:
    """A message that another story left in a channel is this story's head there: it will be edited, not posted anew."""
    mine = (deliveries.c.story == story, deliveries.c.number == number, deliveries.c.subscription == subscription)
    conn.execute(deliveries.delete().where(*mine))
    conn.execute(
        deliveries.insert().values(
            story=story,
            number=number,
            subscription=subscription,
            op=Op.POST.value,
            urgency=0,
            state="sent",
            due_at=at,
            created_at=at,
            sent_at=at,
            message_channel=posted.channel,
            message=posted.message,
        )
    )


def shown(conn: sa.Connection, story: str) -> tuple[datetime | None, int]:
    """Since when a story has been on screen, and in how many channels."""
    query = sa.select(sa.func.min(deliveries.c.sent_at), sa.func.count(sa.distinct(deliveries.c.subscription))).where(
        deliveries.c.story == story, _IS_POST, deliveries.c.state == "sent"
    )
    since, channels = conn.execute(query).one()
    return since, channels

"""The outbox: one row for each revision and subscription, born in the transaction of its change.

States: `due`, `sending` (claimed: the platform may have it), and the ends `sent`, `superseded`, `gave_up` (with a
reason) and `unknown` (given up because nobody can tell whether the platform has it: it may stand there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Op
from bot.store.schema import OPEN, deliveries, subscriptions

_OPEN_STATES = ("due", "sending")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox with where it goes. `state` is what it was before it was claimed: `sending` means that an
    earlier worker died and nobody knows whether the platform has the message."""

    id: int
    story: str
    number: int
    subscription: int
    op: Op
    state: str
    attempts: int
    created_at: datetime
    first_tried_at: datetime | None
    platform: str
    channel: str
    language: str

    @property
    def key(self) -> str:
        """The same for every try: what a platform recognises a message by."""
        return f"{self.story}.{self.number}.{self.subscription}"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where the head message of a story stands in a channel."""

    channel: str
    message: str


def add(conn: sa.Connection, rows: Sequence[tuple[str, int, int, Op, int]], at: datetime) -> None:
    """Put deliveries into the outbox, due at once: (story, number, subscription, op, urgency)."""
    if rows:
        conn.execute(
            deliveries.insert(),
            [
                {
                    "story": story,
                    "number": number,
                    "subscription": subscription,
                    "op": op.value,
                    "urgency": urgency,
                    "state": "due",
                    "due_at": at,
                    "created_at": at,
                }
                for story, number, subscription, op, urgency in rows
            ],
        )


def told(conn: sa.Connection, story: str) -> set[int]:
    """The subscriptions that have the story's head, or will: later revisions edit it or reply under it."""
    query = sa.select(deliveries.c.subscription).where(
        deliveries.c.story == story,
        deliveries.c.op == Op.POST.value,
        deliveries.c.state.in_((*_OPEN_STATES, "sent", "unknown")),
    )
    return set(conn.execute(query).scalars())


def claim(
    conn: sa.Connection, owner: str, now: datetime, lease: timedelta, limit: int, platforms: Sequence[str]
) -> list[Delivery]:
    """Lease the next deliveries: the most urgent first, then what has waited longest; in one channel in their order.

    Only for `platforms` (those that this process serves) and orders that are not paused. A row waits while an earlier
    one to the same subscription is open.
    """
    earlier = deliveries.alias("earlier")
    blocked = sa.exists().where(
        earlier.c.subscription == deliveries.c.subscription,
        earlier.c.id < deliveries.c.id,
        earlier.c.state.in_([sa.literal_column("'due'"), sa.literal_column("'sending'")]),
    )
    served = sa.select(subscriptions.c.id).where(
        subscriptions.c.platform.in_(platforms), subscriptions.c.paused_at.is_(None)
    )
    chosen = list(
        conn.execute(
            sa.select(deliveries.c.id, deliveries.c.state)
            .where(
                deliveries.c.subscription.in_(served),
                OPEN,
                deliveries.c.due_at <= now,
                sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now),
                ~blocked,
            )
            .order_by(deliveries.c.urgency.desc(), deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    if not chosen:
        return []
    ids = [id_ for id_, _ in chosen]
    conn.execute(
        deliveries.update()
        .where(deliveries.c.id.in_(ids))
        .values(
            state="sending",
            lease_owner=owner,
            lease_until=now + lease,
            attempts=deliveries.c.attempts + 1,
            first_tried_at=sa.func.coalesce(deliveries.c.first_tried_at, now),
        )
    )
    was = dict(tuple(row) for row in chosen)
    query = (
        sa.select(deliveries, subscriptions.c.platform, subscriptions.c.channel, subscriptions.c.language)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
        .where(deliveries.c.id.in_(ids))
    )
    rows = {row.id: row for row in conn.execute(query)}
    return [_delivery(rows[id_], was[id_]) for id_ in ids]


def _delivery(row: Any, state: str) -> Delivery:
    return Delivery(
        row.id,
        row.story,
        row.number,
        row.subscription,
        Op(row.op),
        state,
        row.attempts,
        row.created_at,
        row.first_tried_at,
        row.platform,
        row.channel,
        row.language,
    )


def head(conn: sa.Connection, story: str, subscription: int) -> Posted | None:
    """Where the story's head message stands for a subscription, if it was sent."""
    query = (
        sa.select(deliveries.c.message_channel, deliveries.c.message)
        .where(
            deliveries.c.story == story,
            deliveries.c.subscription == subscription,
            deliveries.c.op == Op.POST.value,
            deliveries.c.state == "sent",
        )
        .order_by(deliveries.c.id)
        .limit(1)
    )
    row = conn.execute(query).first()
    return Posted(*row) if row else None


def newest_edit(conn: sa.Connection, delivery: Delivery) -> int | None:
    """The number of the newest open edit of the same message after this delivery, which makes this one's text old."""
    query = sa.select(sa.func.max(deliveries.c.number)).where(
        deliveries.c.story == delivery.story,
        deliveries.c.subscription == delivery.subscription,
        deliveries.c.op == Op.EDIT.value,
        deliveries.c.number > delivery.number,
        deliveries.c.state == "due",
    )
    return conn.execute(query).scalar()


def supersede(conn: sa.Connection, delivery: Delivery, upto: int) -> None:
    """Open edits of the same message with a number up to `upto` say nothing new any more."""
    conn.execute(
        deliveries.update()
        .where(
            deliveries.c.story == delivery.story,
            deliveries.c.subscription == delivery.subscription,
            deliveries.c.op == Op.EDIT.value,
            deliveries.c.number <= upto,
            deliveries.c.id != delivery.id,
            deliveries.c.state == "due",
        )
        .values(state="superseded")
    )


def sent(conn: sa.Connection, id_: int, posted: Posted, at: datetime) -> None:
    """The platform has it."""
    _end(conn, id_, state="sent", sent_at=at, message_channel=posted.channel, message=posted.message, reason=None)


def again(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """It did not work; try again not before `due_at`."""
    _end(conn, id_, state="due", due_at=due_at, reason=reason)


def unsettled(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """The platform may have it or not: the next try, not before `due_at`, looks first."""
    _end(conn, id_, state="sending", due_at=due_at, reason=reason)


def give_up(conn: sa.Connection, id_: int, reason: str) -> None:
    """It will never work: an operator is shown the reason."""
    _end(conn, id_, state="gave_up", reason=reason)


def leave_unknown(conn: sa.Connection, id_: int, reason: str) -> None:
    """Nobody can tell whether the platform has it, and it must never stand there twice."""
    _end(conn, id_, state="unknown", reason=reason)


def superseded(conn: sa.Connection, id_: int) -> None:
    """A later revision says all that this one said."""
    _end(conn, id_, state="superseded")


def _end(conn: sa.Connection, id_: int, **values: Any) -> None:
    conn.execute(deliveries.update().where(deliveries.c.id == id_).values(**values, lease_owner=None, lease_until=None))


def by_state(conn: sa.Connection) -> dict[str, int]:
    """How many rows the outbox has in each state."""
    query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
    return dict(tuple(row) for row in conn.execute(query))


def by_state_of(conn: sa.Connection, subscription: int) -> dict[str, int]:
    """How many rows one channel has in each state."""
    query = sa.select(deliveries.c.state, sa.func.count()).where(deliveries.c.subscription == subscription)
    return dict(tuple(row) for row in conn.execute(query.group_by(deliveries.c.state)))


def next_due(conn: sa.Connection) -> datetime | None:
    """When the next delivery wants to go out, or its lease ends; None for an empty outbox."""
    waits = sa.func.coalesce(deliveries.c.lease_until, deliveries.c.due_at)
    return conn.execute(sa.select(sa.func.min(waits)).where(OPEN)).scalar()

"""Messages that hold several stories: digests, what was held overnight, roundups of a busy day, catching up.

The stories are `held` rows of the outbox with the gathering's number; the gathering's own messages (the post, its edits
and the replies under it) are rows without a story, with all the promises of any delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import Op
from bot.store.deliveries import Posted
from bot.store.schema import deliveries, gatherings, subscriptions


@dataclass(frozen=True, slots=True)
class Gathering:
    """A row of `gatherings`."""

    id: int
    subscription: int
    kind: str
    opened_at: datetime
    grown_at: datetime
    due_at: datetime
    closed_at: datetime | None
    revision: int


_ROW = [gatherings.c[name] for name in Gathering.__slots__]


def one(conn: sa.Connection, id_: int) -> Gathering:
    """A gathering by its number."""
    return Gathering(*conn.execute(sa.select(*_ROW).where(gatherings.c.id == id_)).one())


def standing_open(conn: sa.Connection, subscription: int, kind: str) -> Gathering | None:
    """The newest gathering of a kind that more can go into."""
    mine = (gatherings.c.subscription == subscription, gatherings.c.kind == kind, gatherings.c.closed_at.is_(None))
    row = conn.execute(sa.select(*_ROW).where(*mine).order_by(gatherings.c.id.desc()).limit(1)).first()
    return Gathering(*row) if row else None


def begin(
    conn: sa.Connection, subscription: int, kind: str, at: datetime, due_at: datetime, urgency: int = 1
) -> Gathering:
    """Open a gathering whose post is due at `due_at`."""
    values = {"subscription": subscription, "kind": kind, "opened_at": at, "grown_at": at, "due_at": due_at}
    id_ = conn.execute(gatherings.insert().values(**values).returning(gatherings.c.id)).scalar_one()
    opened = one(conn, int(id_))
    message(conn, opened, Op.POST, at, due_at, urgency)
    return opened


def message(
    conn: sa.Connection,
    gathering: Gathering,
    op: Op,
    at: datetime,
    due_at: datetime,
    urgency: int,
    about: str | None = None,
) -> None:
    """Put a message of a gathering into the outbox: its post (or the next part of it), an edit, a reply under it."""
    grown = (
        gatherings.update()
        .where(gatherings.c.id == gathering.id)
        .values(revision=gatherings.c.revision + 1)
        .returning(gatherings.c.revision)
    )
    number = conn.execute(grown).scalar_one()
    platform = sa.select(subscriptions.c.platform).where(subscriptions.c.id == gathering.subscription)
    conn.execute(
        deliveries.insert().values(
            story=None,
            number=number,
            subscription=gathering.subscription,
            platform=platform.scalar_subquery(),
            op=op.value,
            urgency=urgency,
            state="scheduled" if due_at > at else "due",
            due_at=due_at,
            created_at=at,
            gathering=gathering.id,
            about=about,
        )
    )


def grow(conn: sa.Connection, id_: int, at: datetime) -> None:
    """A story has come into it."""
    conn.execute(gatherings.update().where(gatherings.c.id == id_).values(grown_at=at))


def close(conn: sa.Connection, id_: int, at: datetime) -> None:
    """Nothing more goes in."""
    conn.execute(gatherings.update().where(gatherings.c.id == id_).values(closed_at=at))


def held(conn: sa.Connection, id_: int, states: Sequence[str] = ("held",)) -> list[tuple[int, str, int]]:
    """(row, story, urgency) of the stories in a gathering, the most urgent first, then in their order."""
    query = sa.select(deliveries.c.id, deliveries.c.story, deliveries.c.urgency).where(
        deliveries.c.gathering == id_, deliveries.c.story.is_not(None), deliveries.c.state.in_(states)
    )
    return [tuple(row) for row in conn.execute(query.order_by(deliveries.c.urgency.desc(), deliveries.c.id))]


def carried(conn: sa.Connection, ids: Sequence[int], posted: Posted, at: datetime, mentioned: Sequence[str]) -> None:
    """These rows went out inside a gathering's message."""
    mine = deliveries.update().where(deliveries.c.id.in_(ids))
    conn.execute(mine.values(state="sent", sent_at=at, message_channel=posted.channel, message=posted.message))
    if mentioned:
        conn.execute(mine.where(deliveries.c.story.in_(mentioned)).values(mentioned=True))


def lose_all(conn: sa.Connection, id_: int, state: str, reason: str) -> None:
    """The gathering's message will never come: its stories end the same way."""
    mine = (deliveries.c.gathering == id_, deliveries.c.state == "held")
    conn.execute(deliveries.update().where(*mine).values(state=state, reason=reason))


def find_again(conn: sa.Connection, id_: int, state: str, reason: str | None) -> None:
    """The gathering's message is tried once more after all: the stories that ended with it wait in it again."""
    mine = (deliveries.c.gathering == id_, deliveries.c.story.is_not(None), deliveries.c.state == state)
    conn.execute(deliveries.update().where(*mine, deliveries.c.reason == reason).values(state="held", reason=None))


def waiting(conn: sa.Connection, id_: int, op: Op) -> int | None:
    """The row of a message of this kind that has not gone out yet."""
    query = sa.select(deliveries.c.id).where(
        deliveries.c.gathering == id_,
        deliveries.c.story.is_(None),
        deliveries.c.op == op.value,
        deliveries.c.state.in_(("due", "scheduled", "sending", "paused")),
    )
    return conn.execute(query.limit(1)).scalar()


def head(conn: sa.Connection, id_: int) -> tuple[Posted, datetime, datetime] | None:
    """Where the gathering's first message stands, when it was posted, and when it was touched last."""
    mine = (
        deliveries.c.gathering == id_,
        deliveries.c.story.is_(None),
        deliveries.c.op != Op.REPLY.value,
        deliveries.c.state == "sent",
    )
    columns = (deliveries.c.message_channel, deliveries.c.message, deliveries.c.sent_at)
    found = conn.execute(sa.select(*columns).where(*mine).order_by(deliveries.c.id)).all()
    if not found:
        return None
    return Posted(found[0].message_channel, found[0].message), found[0].sent_at, max(row.sent_at for row in found)


def release(conn: sa.Connection, row: int, at: datetime) -> None:
    """A held row goes out by itself after all, now."""
    values = {"state": "due", "gathering": None, "due_at": at}
    conn.execute(deliveries.update().where(deliveries.c.id == row).values(**values))


def holding(conn: sa.Connection, story: str, subscription: int) -> list[tuple[int, str]]:
    """(row, kind of its gathering) of a story's rows that are held for a channel."""
    query = (
        sa.select(deliveries.c.id, gatherings.c.kind)
        .join(gatherings, gatherings.c.id == deliveries.c.gathering)
        .where(deliveries.c.story == story, deliveries.c.subscription == subscription, deliveries.c.state == "held")
    )
    return [tuple(row) for row in conn.execute(query)]

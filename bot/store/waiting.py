"""Rows that wait for a lost channel, and what becomes of them when it is back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import Op
from bot.store.schema import deliveries


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paused row; `posted` says that its story's message stands in the channel."""

    id: int
    story: str | None
    op: str
    gathering: int | None
    posted: bool


def paused(conn: sa.Connection, subscription: int) -> list[Waiting]:
    """The paused rows of an order, in their order."""
    post = deliveries.alias("post")
    posted = sa.exists().where(
        post.c.story == deliveries.c.story,
        post.c.subscription == deliveries.c.subscription,
        post.c.op == Op.POST.value,
        post.c.state == "sent",
        post.c.gathering.is_(None),
    )
    query = sa.select(deliveries.c.id, deliveries.c.story, deliveries.c.op, deliveries.c.gathering, posted).where(
        deliveries.c.subscription == subscription, deliveries.c.state == "paused"
    )
    return [Waiting(*row) for row in conn.execute(query.order_by(deliveries.c.id))]


def set_state(conn: sa.Connection, ids: Sequence[int], state: str, due_at: datetime) -> None:
    """Let rows go on in another state."""
    conn.execute(deliveries.update().where(deliveries.c.id.in_(ids)).values(state=state, due_at=due_at))


def gather(conn: sa.Connection, ids: Sequence[int], gathering: int) -> None:
    """Rows that go out inside a gathering's message."""
    conn.execute(deliveries.update().where(deliveries.c.id.in_(ids)).values(state="held", gathering=gathering))


def urgency_of(conn: sa.Connection, ids: Sequence[int]) -> int:
    """The urgency of the most urgent of these rows."""
    return conn.execute(sa.select(sa.func.max(deliveries.c.urgency)).where(deliveries.c.id.in_(ids))).scalar() or 0

"""The outbox as operators see and mend it: what stands there, once more, never mind; and the way of a story."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Op
from bot.store import audit
from bot.store import gatherings as gathered
from bot.store.deliveries import FAILED
from bot.store.schema import deliveries, gatherings, subscriptions

MENDABLE = (*FAILED, "scheduled", "paused", "due")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the outbox, with where it goes. `trail` are the decisions about it: (when, what). `gathering` is the
    kind of message that holds it, `message` where it stands."""

    id: int
    story: str | None
    number: int
    op: str
    state: str
    platform: str
    workspace: str
    channel: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    reason: str | None
    message_channel: str | None
    message: str | None
    gathering: str | None
    trail: tuple[tuple[str, str], ...]


_LINE = (
    sa.select(
        *(deliveries.c[name] for name in Line.__slots__ if name in deliveries.c and name not in ("gathering", "trail")),
        subscriptions.c.workspace,
        subscriptions.c.channel,
        gatherings.c.kind.label("gathering"),
        deliveries.c.trail,
    )
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
    .outerjoin(gatherings, gatherings.c.id == deliveries.c.gathering)
)


def listing(
    conn: sa.Connection, states: Collection[str] = FAILED, *, limit: int = 50, before: int | None = None
) -> list[Line]:
    """The newest rows in one of these states; with `before`, those older than that row."""
    query = _LINE.where(deliveries.c.state.in_(list(states)))
    if before is not None:
        query = query.where(deliveries.c.id < before)
    return [_line(row) for row in conn.execute(query.order_by(deliveries.c.id.desc()).limit(limit))]


def retry(conn: sa.Connection, id_: int, at: datetime, who: str) -> bool:
    """Send a row that failed, or waits, now; False for one that is out, being sent or not there.

    One of which nobody knew whether the platform has it is looked for first where the platform can tell. The stories
    that ended with a gathering's message are in it again.
    """
    row = conn.execute(_ENDING.where(deliveries.c.id == id_)).one_or_none()
    if row is None or row.state not in MENDABLE:
        return False
    if _brings_stories(row):
        gathered.find_again(conn, row.gathering, row.state, row.reason)
    fresh: dict[str, Any] = {"due_at": at, "attempts": 0, "first_tried_at": None, "reason": None, "state": "due"}
    conn.execute(deliveries.update().where(deliveries.c.id == id_).values(**fresh))
    audit.log(conn, at, who, "delivery.retry", str(id_), row.state, "due")
    return True


def cancel(conn: sa.Connection, id_: int, at: datetime, who: str) -> bool:
    """Let a row that has not gone out never go out, nor the stories that a gathering's message was to bring; False for
    one that is out, being sent or not there."""
    row = conn.execute(_ENDING.where(deliveries.c.id == id_)).one_or_none()
    if row is None or row.state not in (*MENDABLE, "held"):
        return False
    ended = {"state": "gave_up", "reason": f"cancelled by {who}"}
    conn.execute(deliveries.update().where(deliveries.c.id == id_).values(**ended))
    if _brings_stories(row):
        gathered.lose_all(conn, row.gathering, ended["state"], ended["reason"])
        gathered.close(conn, row.gathering, at)  # what came into it now would wait for a message that never stands
    audit.log(conn, at, who, "delivery.cancel", str(id_), row.state, "gave_up")
    return True


_ENDING = sa.select(
    deliveries.c.state, deliveries.c.reason, deliveries.c.op, deliveries.c.story, deliveries.c.gathering
)


def _brings_stories(row: Any) -> bool:
    return row.gathering is not None and row.story is None and row.op == Op.POST.value


def _line(row: Any) -> Line:
    values = row._asdict()
    values["trail"] = tuple((when, what) for when, what in values["trail"] or ())
    return Line(**values)

"""The outbox: one row for each revision and subscription, born in the transaction of its change.

Open states: `due`, `sending` (claimed: the platform may have it). Waiting: `scheduled` (due later, holds up nobody),
`held` (goes out inside its gathering's message), `paused` (the channel is lost). Ends: `sent`, `superseded`, `gave_up`
(with a reason) and `unknown` (given up because nobody can tell whether the platform has it: it may stand there).

A row without a story is a message of its gathering (a digest, a roundup) or a reply under one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from bot.model import Op
from bot.store.backends import notify
from bot.store.json_lists import listed
from bot.store.schema import OPEN, SCHEDULED, Instant, deliveries, subscriptions

COMING = ("due", "sending", "scheduled", "held", "paused")
"""The states of rows that are still to reach their channel."""
FAILED = ("gave_up", "unknown")
DONE = ("sent", "superseded")
STATES = (*FAILED, *COMING, *DONE)


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
    workspace: str = ""
    time_zone: str = "UTC"
    order: Mapping[str, Any] = field(default_factory=dict)
    urgency: int = 0
    gathering: int | None = None
    about: str | None = None
    trail: Sequence[Sequence[str]] = ()

    @property
    def key(self) -> str:
        """The same for every try: what a platform recognises a message by. SQLite gives the number of a gathering that
        was cleaned away to another one, so its day belongs to it."""
        about = self.story or f"gathering-{self.gathering}-{self.created_at:%Y%m%d}-{self.op}"
        return f"{about}.{self.number}.{self.subscription}"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where the head message of a story stands in a channel."""

    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Born:
    """What one revision does in many channels: the same operation for all of `subscriptions`."""

    story: str
    number: int
    op: Op
    urgency: int
    subscriptions: Sequence[int]


def add(conn: sa.Connection, born: Sequence[Born], at: datetime) -> None:
    """Put deliveries into the outbox, due at once; in a channel that is lost they wait for its return.

    One statement for each revision and operation, however many channels there are. What is still open of the same
    story becomes as urgent as its newest revision.
    """
    if born:
        notify(conn)
    for each in born:
        if not each.subscriptions:
            continue
        values: dict[str, sa.ColumnElement[Any]] = {
            "story": sa.literal(each.story),
            "number": sa.literal(each.number),
            "subscription": subscriptions.c.id,
            "platform": subscriptions.c.platform,
            "op": sa.literal(each.op.value),
            "urgency": sa.literal(each.urgency),
            "state": sa.case((subscriptions.c.lost.is_(None), "due"), else_="paused"),
            "due_at": sa.literal(at, Instant),
            "created_at": sa.literal(at, Instant),
            "attempts": sa.literal(0),
            "mentioned": sa.literal(False),
        }
        chosen = sa.select(*values.values()).where(subscriptions.c.id.in_(listed(conn, each.subscriptions)))
        conn.execute(deliveries.insert().from_select(list(values), chosen.order_by(subscriptions.c.id)))
        if each.number > 1:
            behind = deliveries.update().where(deliveries.c.story == each.story, deliveries.c.state.in_(COMING))
            conn.execute(behind.where(deliveries.c.urgency < each.urgency).values(urgency=each.urgency))


ROW = sa.select(
    *(c for c in deliveries.c if c.name in Delivery.__slots__),
    subscriptions.c.channel,
    subscriptions.c.language,
    subscriptions.c.workspace,
    subscriptions.c.time_zone,
    sa.cast(subscriptions.c.order, sa.Text).label("wishes"),
).join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
"""A delivery with where it goes, for `delivery_of`."""


def rows(conn: sa.Connection, ids: Sequence[int]) -> list[Delivery]:
    """Deliveries by their numbers, in the order given."""
    found = {row.id: row for row in conn.execute(ROW.where(deliveries.c.id.in_(ids)))}
    return [delivery_of(found[id_]) for id_ in ids if id_ in found]


@lru_cache(4096)
def _order(stored: str) -> Mapping[str, Any]:
    """An order from its text: thousands of channels have the very same."""
    found: Mapping[str, Any] = orjson.loads(stored)
    return found


def delivery_of(row: Any, claimed_at: datetime | None = None) -> Delivery:
    """A row of `ROW`; as it is once it was claimed, but for its state."""
    return Delivery(
        id=row.id,
        story=row.story or "",
        number=row.number,
        subscription=row.subscription,
        op=Op(row.op),
        state=row.state,
        attempts=row.attempts if claimed_at is None else row.attempts + 1,
        created_at=row.created_at,
        first_tried_at=row.first_tried_at or claimed_at,
        platform=row.platform,
        channel=row.channel,
        language=row.language,
        workspace=row.workspace,
        time_zone=row.time_zone,
        order=_order(row.wishes),
        urgency=row.urgency,
        gathering=row.gathering,
        about=row.about,
        trail=row.trail or (),
    )


def newest_edit(conn: sa.Connection, delivery: Delivery) -> int | None:
    """The number of the newest open edit of the same message after this delivery, which makes this one's text old."""
    query = sa.select(sa.func.max(deliveries.c.number)).where(
        deliveries.c.story == delivery.story,
        deliveries.c.subscription == delivery.subscription,
        deliveries.c.op == Op.EDIT.value,
        deliveries.c.number > delivery.number,
        deliveries.c.state.in_(("due", "scheduled")),
    )
    return conn.execute(query).scalar()


def supersede(conn: sa.Connection, delivery: Delivery, upto: int) -> None:
    """Edits of the same message that wait, with a number up to `upto`, say nothing new any more."""
    conn.execute(
        deliveries.update()
        .where(
            deliveries.c.story == delivery.story,
            deliveries.c.subscription == delivery.subscription,
            deliveries.c.op == Op.EDIT.value,
            deliveries.c.number <= upto,
            deliveries.c.id != delivery.id,
            deliveries.c.state.in_(("due", "scheduled")),
        )
        .values(state="superseded", reason="a later edit says it all")
    )


def sent(
    conn: sa.Connection,
    id_: int,
    posted: Posted,
    at: datetime,
    *,
    mentioned: bool = False,
    publish: bool = False,
) -> None:
    """The platform has it; `publish` asks that it be handed on to the channel's followers."""
    _end(
        conn,
        id_,
        state="sent",
        sent_at=at,
        message_channel=posted.channel,
        message=posted.message,
        reason=None,
        mentioned=mentioned,
        publish_at=at if publish else None,
    )


def again(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """It did not work; try again not before `due_at`."""
    _end(conn, id_, state="due", due_at=due_at, reason=reason)


def untried(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """The platform asked to be left alone, which is nobody's failure: the try does not count."""
    _end(conn, id_, state="due", due_at=due_at, reason=reason, first_tried_at=None, attempts=deliveries.c.attempts - 1)


def unsettled(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """The platform may have it or not: the next try, not before `due_at`, looks first."""
    _end(conn, id_, state="sending", due_at=due_at, reason=reason)


def schedule(conn: sa.Connection, delivery: Delivery, due_at: datetime, reason: str, at: datetime) -> None:
    """Not now: due again at `due_at`, and in nobody's way until then."""
    _end(conn, delivery.id, state="scheduled", due_at=due_at, trail=_trail(delivery, reason, at), **_UNTRIED)


def hold(conn: sa.Connection, delivery: Delivery, gathering: int, reason: str, at: datetime) -> None:
    """It goes out inside its gathering's message."""
    _end(conn, delivery.id, state="held", gathering=gathering, trail=_trail(delivery, reason, at), **_UNTRIED)


def pause(conn: sa.Connection, id_: int, reason: str) -> None:
    """Its channel is lost; it waits for the return."""
    _end(conn, id_, state="paused", reason=reason, **_UNTRIED)


_UNTRIED: Mapping[str, Any] = {"attempts": 0, "first_tried_at": None}


def _trail(delivery: Delivery, reason: str, at: datetime) -> list[list[str]]:
    """The decisions about a row so far, for `why`: at most eight."""
    return [*map(list, delivery.trail), [at.isoformat(), reason]][-8:]


def give_up(conn: sa.Connection, id_: int, reason: str) -> None:
    """It will never work: an operator is shown the reason."""
    _end(conn, id_, state="gave_up", reason=reason)


def leave_unknown(conn: sa.Connection, id_: int, reason: str) -> None:
    """Nobody can tell whether the platform has it, and it must never stand there twice."""
    _end(conn, id_, state="unknown", reason=reason)


def superseded(conn: sa.Connection, id_: int, reason: str = "a later revision says it all") -> None:
    """It says nothing that the channel is not told otherwise, or does not want to be told."""
    _end(conn, id_, state="superseded", reason=reason)


def _end(conn: sa.Connection, id_: int, **values: Any) -> None:
    conn.execute(deliveries.update().where(deliveries.c.id == id_).values(**values, lease_owner=None, lease_until=None))


def posts_since(conn: sa.Connection, subscription: int, since: datetime) -> list[tuple[str, int | None, datetime]]:
    """(op, gathering, sent at) of the messages that a channel was sent since a moment, edits left out, oldest first.

    A story that went out inside a gathering is none: its gathering's own message is.
    """
    single = sa.or_(deliveries.c.gathering.is_(None), deliveries.c.story.is_(None))
    query = sa.select(deliveries.c.op, deliveries.c.gathering, deliveries.c.sent_at).where(
        deliveries.c.subscription == subscription,
        deliveries.c.sent_at > since,
        deliveries.c.op != Op.EDIT.value,
        single,
    )
    return [tuple(row) for row in conn.execute(query.order_by(deliveries.c.sent_at))]


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
    first = conn.execute(sa.select(sa.func.min(waits)).where(OPEN)).scalar()
    return min((moment for moment in (first, next_scheduled(conn)) if moment is not None), default=None)


def next_scheduled(conn: sa.Connection) -> datetime | None:
    """When the next delivery that waits for its hour wants to go out."""
    return conn.execute(sa.select(sa.func.min(deliveries.c.due_at)).where(SCHEDULED)).scalar()

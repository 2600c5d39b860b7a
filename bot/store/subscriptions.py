"""The channels' standing orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from bot.store.backends import alone
from bot.store.schema import deliveries, gatherings, subscriptions


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A row of `subscriptions`; `order` is what `pipeline.match` compiles."""

    id: int
    platform: str
    workspace: str
    channel: str
    order: Mapping[str, Any]
    language: str
    time_zone: str
    lost: str | None = None
    """What of it cannot be reached at present: its stories wait, and come in one message when it is back."""


_ROW = [subscriptions.c[name] for name in SubscriptionRow.__slots__]


def add(
    conn: sa.Connection,
    platform: str,
    channel: str,
    order: Mapping[str, Any],
    at: datetime,
    who: str,
    *,
    language: str = "en",
    time_zone: str = "UTC",
    workspace: str = "",
) -> int:
    """Store a channel's standing order; its number."""
    row = (
        subscriptions.insert()
        .values(
            platform=platform,
            workspace=workspace,
            channel=channel,
            order=dict(order),
            language=language,
            time_zone=time_zone,
            created_at=at,
            created_by=who,
        )
        .returning(subscriptions.c.id)
    )
    return int(conn.execute(row).scalar_one())


def active(conn: sa.Connection) -> list[SubscriptionRow]:
    """The orders that are not paused."""
    query = sa.select(*_ROW).where(subscriptions.c.paused_at.is_(None)).order_by(subscriptions.c.id)
    return [SubscriptionRow(*row) for row in conn.execute(query)]


def every(conn: sa.Connection) -> list[SubscriptionRow]:
    """All orders, paused ones too."""
    return [SubscriptionRow(*row) for row in conn.execute(sa.select(*_ROW).order_by(subscriptions.c.id))]


@dataclass(frozen=True, slots=True)
class Addressed:
    """Channels with the very same order, as it is stored (JSON)."""

    order: str
    ids: tuple[int, ...]


def addressed(conn: sa.Connection) -> list[Addressed]:
    """The orders that stories are matched with: those that run, and those whose channel is lost at present."""
    raw, number = sa.cast(subscriptions.c.order, sa.Text), sa.cast(subscriptions.c.id, sa.Text)
    # Grouped by the database: a loop over a hundred thousand rows in this thread would hold up the event loop.
    ids = sa.func.aggregate_strings(number, ",")
    running = sa.or_(subscriptions.c.paused_at.is_(None), subscriptions.c.paused_at == subscriptions.c.lost_at)
    rows = conn.execute(sa.select(raw, ids).where(running).group_by(raw).order_by(sa.func.min(subscriptions.c.id)))
    return [Addressed(order, tuple(orjson.loads(f"[{numbers}]"))) for order, numbers in rows]


def one(conn: sa.Connection, id_: int) -> SubscriptionRow | None:
    """One order, paused or not."""
    row = conn.execute(sa.select(*_ROW).where(subscriptions.c.id == id_)).one_or_none()
    return SubscriptionRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel's order with who made it and whether it rests."""

    id: int
    platform: str
    workspace: str
    channel: str
    order: Mapping[str, Any]
    language: str
    time_zone: str
    created_at: datetime
    created_by: str
    paused_at: datetime | None
    pause_reason: str | None
    lost: str | None = None
    """What cannot be reached at present: the channel, its workspace or the platform."""


_STANDING = [subscriptions.c[name] for name in Standing.__slots__]


def hold(conn: sa.Connection, platform: str, channel: str) -> Standing | None:
    """The order of a channel, which no other process makes or changes until this unit of work ends."""
    alone(conn, "order", platform, channel)
    return of_channel(conn, platform, channel)


def of_channel(conn: sa.Connection, platform: str, channel: str) -> Standing | None:
    """The order of a channel, paused or not."""
    query = sa.select(*_STANDING).where(subscriptions.c.platform == platform, subscriptions.c.channel == channel)
    row = conn.execute(query).one_or_none()
    return Standing(*row) if row else None


def of_workspace(conn: sa.Connection, platform: str, workspace: str) -> list[Standing]:
    """Every order of a server or workspace, in the order of their making."""
    query = sa.select(*_STANDING).where(subscriptions.c.platform == platform, subscriptions.c.workspace == workspace)
    return [Standing(*row) for row in conn.execute(query.order_by(subscriptions.c.id))]


def standing(conn: sa.Connection, id_: int) -> Standing | None:
    """One order, paused or not, with who made it."""
    row = conn.execute(sa.select(*_STANDING).where(subscriptions.c.id == id_)).one_or_none()
    return Standing(*row) if row else None


def newest(conn: sa.Connection, limit: int, before: int | None = None) -> list[Standing]:
    """The newest orders; with `before`, those older than that one."""
    query = sa.select(*_STANDING).order_by(subscriptions.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(subscriptions.c.id < before)
    return [Standing(*row) for row in conn.execute(query)]


def change(
    conn: sa.Connection,
    id_: int,
    order: Mapping[str, Any],
    *,
    language: str | None = None,
    time_zone: str | None = None,
) -> None:
    """What a channel asks for from now on."""
    values: dict[str, Any] = {"order": dict(order)}
    values |= {"language": language} if language else {}
    values |= {"time_zone": time_zone} if time_zone else {}
    conn.execute(subscriptions.update().where(subscriptions.c.id == id_).values(**values))


def resume(conn: sa.Connection, id_: int) -> None:
    """Deliver again."""
    conn.execute(subscriptions.update().where(subscriptions.c.id == id_).values(paused_at=None, pause_reason=None))


def remove(conn: sa.Connection, id_: int) -> None:
    """Forget an order, its deliveries and what waits in its gatherings."""
    conn.execute(deliveries.delete().where(deliveries.c.subscription == id_))
    conn.execute(gatherings.delete().where(gatherings.c.subscription == id_))
    conn.execute(subscriptions.delete().where(subscriptions.c.id == id_))


def count(conn: sa.Connection) -> int:
    """How many orders are stored, paused ones too."""
    return conn.execute(sa.select(sa.func.count()).select_from(subscriptions)).scalar_one()


def pause(conn: sa.Connection, id_: int, at: datetime, reason: str) -> None:
    """Stop delivering to a channel that cannot be reached; the order is kept."""
    conn.execute(subscriptions.update().where(subscriptions.c.id == id_).values(paused_at=at, pause_reason=reason))

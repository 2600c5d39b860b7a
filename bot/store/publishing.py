"""Messages that are to be handed on to the followers of their channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import TO_PUBLISH, deliveries


@dataclass(frozen=True, slots=True)
class Message:
    """A message that stands in its channel."""

    id: int
    platform: str
    channel: str
    message: str


def _due(platforms: Sequence[str], now: datetime) -> list[sa.ColumnElement[bool]]:
    return [TO_PUBLISH, deliveries.c.publish_at <= now, deliveries.c.platform.in_(platforms)]


def any_due(conn: sa.Connection, platforms: Sequence[str], now: datetime) -> bool:
    """Whether anything waits to be published."""
    return conn.execute(sa.select(deliveries.c.id).where(*_due(platforms, now)).limit(1)).first() is not None


def claim(conn: sa.Connection, platforms: Sequence[str], now: datetime, until: datetime, limit: int) -> list[Message]:
    """Take the next ones until then."""
    columns = (deliveries.c.id, deliveries.c.platform, deliveries.c.message_channel, deliveries.c.message)
    query = sa.select(*columns).where(*_due(platforms, now)).order_by(deliveries.c.publish_at, deliveries.c.id)
    found = [Message(*row) for row in conn.execute(query.limit(limit).with_for_update(skip_locked=True))]
    ids = [message.id for message in found]
    conn.execute(deliveries.update().where(deliveries.c.id.in_(ids)).values(publish_at=until))
    return found


def done(conn: sa.Connection, id_: int, again: datetime | None) -> None:
    """It is published (`again` None), or is to be tried again."""
    conn.execute(deliveries.update().where(deliveries.c.id == id_).values(publish_at=again))

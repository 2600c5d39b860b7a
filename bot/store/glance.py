"""What a workspace sees at a glance: which channels follow what, and what was posted lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import deliveries, subscriptions


@dataclass(frozen=True, slots=True)
class Followed:
    """One standing order of a channel."""

    id: int
    channel: str
    order: Mapping[str, Any]
    language: str
    paused_at: datetime | None
    pause_reason: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as it was posted."""

    story: str
    number: int
    channel: str
    message: str
    at: datetime


def followed(conn: sa.Connection, platform: str, workspace: str) -> list[Followed]:
    """The orders of a workspace, the oldest first."""
    columns = [subscriptions.c[name] for name in Followed.__slots__]
    mine = (subscriptions.c.platform == platform, subscriptions.c.workspace == workspace)
    return [Followed(*row) for row in conn.execute(sa.select(*columns).where(*mine).order_by(subscriptions.c.id))]


def told(conn: sa.Connection, platform: str, workspace: str, limit: int = 5) -> list[Told]:
    """The newest posts of a workspace, the newest first."""
    d, s = deliveries.c, subscriptions.c
    query = (
        sa.select(d.story, d.number, d.message_channel, d.message, d.sent_at)
        .join(subscriptions, s.id == d.subscription)
        .where(s.platform == platform, s.workspace == workspace, d.op == "post", d.sent_at.is_not(None))
        .order_by(d.sent_at.desc(), d.id.desc())
        .limit(limit)
    )
    return [Told(*row) for row in conn.execute(query)]


def workspace_of(conn: sa.Connection, platform: str, channel: str) -> str:
    """The workspace of a channel that has an order; empty where nobody knows."""
    mine = (subscriptions.c.platform == platform, subscriptions.c.channel == channel)
    return str(conn.execute(sa.select(subscriptions.c.workspace).where(*mine)).scalar() or "")

"""Claims: which rows of the outbox a worker takes next, and under which lease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Severity
from bot.store.deliveries import Delivery, rows
from bot.store.schema import OPEN, SCHEDULED, Instant, deliveries, subscriptions

_LEVELS = sorted((severity.rank for severity in Severity), reverse=True)
_ROUNDS = 4
"""How often more is looked for once some workspaces have their share."""


def promote(conn: sa.Connection, now: datetime) -> None:
    """Scheduled rows whose time has come are due."""
    ripe = (SCHEDULED, deliveries.c.due_at <= now)
    if conn.execute(sa.select(deliveries.c.id).where(*ripe).limit(1)).first() is not None:
        conn.execute(deliveries.update().where(*ripe).values(state="due"))


def claim(
    conn: sa.Connection,
    owner: str,
    now: datetime,
    lease: timedelta,
    platform: str,
    limit: int,
    *,
    share: int = 0,
    busy: Mapping[str, int] | None = None,
    stopped: Collection[str] = (),
    without: Collection[int] = (),
) -> list[Delivery]:
    """Lease the next deliveries of one platform: the most urgent first, then what has waited longest.

    In one channel the same order holds strictly: a row waits while a more urgent or earlier one is open or any is being
    sent; one whose sending is not settled waits for no new one. No workspace has more than `share` rows in work (0: no
    limit) while `busy` says how many it has already; `stopped` workspaces and paused orders get none. A row whose lease
    ran out is taken over in its state `sending`, but for those in `without`, which this worker has in work itself: its
    clock may have jumped.
    """
    in_work: Counter[str] = Counter(busy or {})
    chosen: list[tuple[int, str, str]] = []
    shut = set(stopped)
    for _ in range(_ROUNDS):
        full = {workspace for workspace, count in in_work.items() if share and workspace and count >= share}
        found = _next(conn, now, platform, limit - len(chosen), shut | full, [*without, *(id_ for id_, _, _ in chosen)])
        spilt = False
        for id_, state, workspace in found:
            if share and workspace and in_work[workspace] >= share:
                spilt = True
                continue
            in_work[workspace] += 1
            chosen.append((id_, state, workspace))
        if not spilt or len(chosen) >= limit:
            break
    if not chosen:
        return []
    ids = [id_ for id_, _, _ in chosen]
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
    was = {id_: state for id_, state, _ in chosen}
    return [replace(delivery, state=was[delivery.id]) for delivery in rows(conn, ids)]


def renew(conn: sa.Connection, owner: str, ids: Collection[int], until: datetime) -> None:
    """Keep the leases of rows that are still being sent. One that another worker has taken over stays his."""
    mine = (deliveries.c.id.in_(list(ids)), deliveries.c.lease_owner == owner)
    conn.execute(deliveries.update().where(*mine).values(lease_until=until))


def _query() -> sa.Select[Any]:
    """What may be claimed at one level of urgency. Built once: that would be half of a claim's time."""
    other, now = deliveries.alias("other"), sa.bindparam("now", type_=Instant)
    due, sending = deliveries.c.state == "due", other.c.state == "sending"
    before = sa.exists().where(
        other.c.subscription == deliveries.c.subscription,
        other.c.state.in_([sa.literal_column("'due'"), sa.literal_column("'sending'")]),
        other.c.id != deliveries.c.id,
        sa.or_(
            sa.and_(sending, sa.or_(due, other.c.id < deliveries.c.id)),
            sa.and_(due, other.c.urgency > deliveries.c.urgency),
            sa.and_(due, other.c.urgency == deliveries.c.urgency, other.c.id < deliveries.c.id),
        ),
    )
    mine = subscriptions.c.id == deliveries.c.subscription
    open_to_us = sa.exists().where(
        mine,
        subscriptions.c.paused_at.is_(None),
        sa.or_(subscriptions.c.not_before.is_(None), subscriptions.c.not_before <= now),
        subscriptions.c.workspace.not_in(sa.bindparam("shut", expanding=True)),
    )
    home = sa.select(subscriptions.c.workspace).where(mine).scalar_subquery()
    return (
        sa.select(deliveries.c.id, deliveries.c.state, home.label("workspace"))
        .where(
            OPEN,
            deliveries.c.platform == sa.bindparam("platform"),
            deliveries.c.urgency == sa.bindparam("level"),
            deliveries.c.due_at <= now,
            sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now),
            deliveries.c.id.not_in(sa.bindparam("without", expanding=True)),
            open_to_us,
            ~before,
        )
        .order_by(deliveries.c.id)
        .limit(sa.bindparam("room", type_=sa.Integer))
        .with_for_update(skip_locked=True, of=deliveries)
    )


_NEXT = _query()


def _next(
    conn: sa.Connection, now: datetime, platform: str, limit: int, shut: Collection[str], without: Collection[int]
) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    values = {"now": now, "platform": platform, "shut": list(shut), "without": list(without)}
    for level in _LEVELS:
        if len(found) < limit:
            ranked = conn.execute(_NEXT, values | {"level": level, "room": limit - len(found)})
            found += [tuple(row) for row in ranked]
    return found

"""Claims: which rows of the outbox a worker takes next, and under which lease."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.model import Severity
from bot.store.deliveries import ROW, Delivery, delivery_of
from bot.store.json_lists import elements
from bot.store.schema import OPEN, SCHEDULED, Instant, deliveries, subscriptions

_LEVELS = sorted((severity.rank for severity in Severity), reverse=True)
_ROUNDS = 4
"""How often more is looked for once some workspaces have their share."""
_NEWEST = 256
"""So many rows of a level, the last that came, are looked at for the newest: most of a longer story's would be behind
others of their channels, and each claim would look at all of them."""


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
    newest: bool = False,
) -> list[Delivery]:
    """Lease the next deliveries of one platform: the most urgent first, then what has waited longest; or then what came
    last, where the `newest` are asked for: a story for few channels need not wait for one as urgent for thousands.

    In one channel the same order holds strictly: a row waits while a more urgent or earlier one is open or any is being
    sent; one whose sending is not settled waits for no new one. No workspace has more than `share` rows in work (0: no
    limit) while `busy` says how many it has already; `stopped` workspaces and paused orders get none. A row whose lease
    ran out is taken over in its state `sending`, but for those in `without`, which this worker has in work itself: its
    clock may have jumped.
    """
    in_work: Counter[str] = Counter(busy or {})
    chosen: list[Any] = []
    shut = set(stopped)
    for attempt in range(_ROUNDS):
        last = newest and attempt == 0
        full = {workspace for workspace, count in in_work.items() if share and workspace and count >= share}
        passed = [*without, *(row.id for row in chosen)]
        found = _next(conn, now, platform, limit - len(chosen), shut | full, passed, newest=last)
        spilt = False
        for row in found:
            if share and row.workspace and in_work[row.workspace] >= share:
                spilt = True
                continue
            in_work[row.workspace] += 1
            chosen.append(row)
        if len(chosen) >= limit or not (spilt or last):
            break
    if not chosen:
        return []
    taken = {"ids": json.dumps([row.id for row in chosen]), "owner": owner, "until": now + lease, "now": now}
    conn.execute(_taking(conn.dialect.name), taken)
    return [delivery_of(row, claimed_at=now) for row in chosen]


def renew(conn: sa.Connection, owner: str, ids: Collection[int], until: datetime) -> None:
    """Keep the leases of rows that are still being sent. One that another worker has taken over stays his."""
    mine = (deliveries.c.id.in_(list(ids)), deliveries.c.lease_owner == owner)
    conn.execute(deliveries.update().where(*mine).values(lease_until=until))


def _at_level(
    level: sa.ColumnElement[Any],
    shut: sa.Select[Any],
    without: sa.Select[Any],
    last: sa.Select[Any] | None,
) -> sa.Select[Any]:
    """What may be claimed at one level of urgency: of the `last` rows the newest first, else the oldest of all."""
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
    return (
        ROW.where(
            OPEN,
            *(() if last is None else (deliveries.c.id.in_(last),)),
            deliveries.c.platform == sa.bindparam("platform"),
            deliveries.c.urgency == level,
            deliveries.c.due_at <= now,
            sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now),
            deliveries.c.id.not_in(without),
            subscriptions.c.paused_at.is_(None),
            sa.or_(subscriptions.c.not_before.is_(None), subscriptions.c.not_before <= now),
            subscriptions.c.workspace.not_in(shut),
            ~before,
        )
        .order_by(deliveries.c.id if last is None else deliveries.c.id.desc())
        .limit(sa.bindparam("room", type_=sa.Integer))
        .with_for_update(skip_locked=True, of=deliveries)
    )


def _last(level: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The ids of the rows of a level that came last."""
    late, now = deliveries.alias("late"), sa.bindparam("now", type_=Instant)
    return (
        sa.select(late.c.id)
        .where(
            late.c.state.in_([sa.literal_column("'due'"), sa.literal_column("'sending'")]),
            late.c.platform == sa.bindparam("platform"),
            late.c.urgency == level,
            late.c.due_at <= now,
            sa.or_(late.c.lease_until.is_(None), late.c.lease_until <= now),
        )
        .order_by(late.c.id.desc())
        .limit(_NEWEST)
    )


@cache
def _query(database: str, newest: bool) -> sa.Select[Any]:
    """Built once: that would be half of a claim's time. PostgreSQL goes through all levels in one round trip; a sort by
    urgency would read every open row instead of the first hundred."""
    names, numbers = elements(database, "shut"), elements(database, "without", sa.Integer)
    if database != "postgresql":
        level = sa.bindparam("level", type_=sa.Integer)
        return _at_level(level, names, numbers, _last(level) if newest else None)
    levels = sa.func.generate_series(_LEVELS[0], _LEVELS[-1], -1).table_valued(sa.column("rank", sa.Integer))
    levels = levels.render_derived("levels")
    last = _last(levels.c.rank).correlate(levels) if newest else None
    one = _at_level(levels.c.rank, names, numbers, last).lateral("one")
    return sa.select(one).select_from(levels.join(one, sa.true())).limit(sa.bindparam("room", type_=sa.Integer))


@cache
def _taking(database: str) -> sa.Update:
    """Put `ids` under the lease of `owner`."""
    now = sa.bindparam("now", type_=Instant)
    return (
        deliveries.update()
        .where(deliveries.c.id.in_(elements(database, "ids", sa.Integer)))
        .values(
            state="sending",
            lease_owner=sa.bindparam("owner"),
            lease_until=sa.bindparam("until", type_=Instant),
            attempts=deliveries.c.attempts + 1,
            first_tried_at=sa.func.coalesce(deliveries.c.first_tried_at, now),
        )
    )


def _next(
    conn: sa.Connection,
    now: datetime,
    platform: str,
    limit: int,
    shut: Collection[str],
    without: Collection[int],
    *,
    newest: bool,
) -> list[Any]:
    lists = {"shut": json.dumps(list(shut)), "without": json.dumps(list(without))}
    values = {"now": now, "platform": platform, "room": limit, **lists}
    query = _query(conn.dialect.name, newest)
    if conn.dialect.name == "postgresql":
        return list(conn.execute(query, values))
    found: list[Any] = []
    for level in _LEVELS:
        if len(found) < limit:
            found += conn.execute(query, values | {"level": level, "room": limit - len(found)})
    return found

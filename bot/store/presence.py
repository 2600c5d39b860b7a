"""What Chipwatch may do where: channels, workspaces and platforms that are lost, regained, joined and left.

A lost order is paused with the platform's reason; its stories wait as `paused` rows. Only what we paused ourselves is
resumed by `regain`: an order that a manager paused stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import Reach
from bot.store.backends import alone
from bot.store.schema import deliveries, subscriptions, workspaces


@dataclass(frozen=True, slots=True)
class Affected:
    """An order that was lost or regained."""

    subscription: int
    workspace: str
    channel: str
    language: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whom to tell in a workspace: its notices channel, `fallbacks` (channels, or `person:ID`), then `added_by`."""

    platform: str
    id: str
    name: str
    notices_channel: str | None
    added_by: str | None
    fallbacks: tuple[str, ...]
    left_at: datetime | None
    language: str


_AFFECTED = [subscriptions.c[name] for name in ("id", "workspace", "channel", "language")]


def _within(platform: str, reach: Reach, id_: str) -> list[sa.ColumnElement[bool]]:
    mine = [subscriptions.c.platform == platform]
    if reach == "channel":
        mine.append(subscriptions.c.channel == id_)
    elif reach == "workspace":
        mine.append(subscriptions.c.workspace == id_)
    return mine


def _held(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Affected]:
    """The orders, held until this unit of work ends: where several processes hear of the same, one finds them."""
    query = sa.select(*_AFFECTED).where(*where).order_by(subscriptions.c.id).with_for_update()
    return [Affected(*row) for row in conn.execute(query)]


def lose(conn: sa.Connection, platform: str, reach: Reach, id_: str, reason: str, at: datetime) -> list[Affected]:
    """Pause the orders within reach and let their open rows wait; those that were not lost before."""
    found = _held(conn, *_within(platform, reach, id_), subscriptions.c.lost.is_(None))
    ids = [order.subscription for order in found]
    mine = subscriptions.c.id.in_(ids)
    conn.execute(subscriptions.update().where(mine).values(lost=reach, lost_at=at))
    paused = {"paused_at": at, "pause_reason": reason}
    conn.execute(subscriptions.update().where(mine, subscriptions.c.paused_at.is_(None)).values(**paused))
    waiting = deliveries.c.state.in_(("due", "scheduled"))
    rows = deliveries.update().where(deliveries.c.subscription.in_(ids), waiting)
    conn.execute(rows.values(state="paused", reason=reason, lease_owner=None, lease_until=None))
    return found


def regain(conn: sa.Connection, platform: str, reach: Reach, id_: str) -> list[Affected]:
    """Resume the orders that were lost by just this reach. Their rows still wait: see `delivery.catching_up`."""
    found = _held(conn, *_within(platform, reach, id_), subscriptions.c.lost == reach)
    ids = [order.subscription for order in found]
    ours = sa.and_(subscriptions.c.id.in_(ids), subscriptions.c.paused_at == subscriptions.c.lost_at)
    conn.execute(subscriptions.update().where(ours).values(paused_at=None, pause_reason=None))
    conn.execute(subscriptions.update().where(subscriptions.c.id.in_(ids)).values(lost=None, lost_at=None))
    return found


def lost_channels(conn: sa.Connection, platforms: Sequence[str]) -> list[tuple[str, str]]:
    """(platform, channel) of the orders whose channel is lost."""
    query = sa.select(subscriptions.c.platform, subscriptions.c.channel)
    rows = conn.execute(query.where(subscriptions.c.lost == "channel", subscriptions.c.platform.in_(platforms)))
    return [(row.platform, row.channel) for row in rows]


def join(
    conn: sa.Connection, platform: str, id_: str, name: str, added_by: str, fallbacks: Sequence[str], at: datetime
) -> None:
    """Remember a workspace; one that had left keeps its settings."""
    alone(conn, "workspace", platform, id_)
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    told: dict[str, Any] = {"name": name, "fallbacks": list(fallbacks), "left_at": None}
    if added_by:
        told["added_by"] = added_by
    if conn.execute(workspaces.update().where(*mine).values(**told)).rowcount == 0:
        conn.execute(workspaces.insert().values(platform=platform, id=id_, settings={}, joined_at=at, **told))


def leave(conn: sa.Connection, platform: str, id_: str, at: datetime) -> None:
    """The workspace has put us out: from now on its time to be erased runs."""
    alone(conn, "workspace", platform, id_)
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    if conn.execute(workspaces.update().where(*mine).values(left_at=at)).rowcount == 0:
        conn.execute(workspaces.insert().values(platform=platform, id=id_, joined_at=at, left_at=at))


def present(conn: sa.Connection, platform: str) -> list[str]:
    """The workspaces that we are in, for all we know: those that have not left, and those that only an order names."""
    known = sa.select(workspaces.c.id).where(workspaces.c.platform == platform)
    unnamed = sa.select(subscriptions.c.workspace).where(
        subscriptions.c.platform == platform, subscriptions.c.workspace != "", subscriptions.c.workspace.not_in(known)
    )
    return list(conn.execute(known.where(workspaces.c.left_at.is_(None)).union(unnamed)).scalars())


def workspace(conn: sa.Connection, platform: str, id_: str) -> Workspace | None:
    """Whom to tell in a workspace; None where we do not know it."""
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    row = conn.execute(sa.select(workspaces).where(*mine)).one_or_none()
    if row is None:
        return None
    language = str((row.settings or {}).get("language") or "en")
    fallbacks = tuple(row.fallbacks or ())
    return Workspace(platform, id_, row.name, row.notices_channel, row.added_by, fallbacks, row.left_at, language)


def left_before(conn: sa.Connection, moment: datetime) -> list[tuple[str, str]]:
    """The workspaces that left before a moment: (platform, id)."""
    query = sa.select(workspaces.c.platform, workspaces.c.id).where(workspaces.c.left_at < moment)
    return [(row.platform, row.id) for row in conn.execute(query)]


def lost_before(conn: sa.Connection, moment: datetime) -> list[int]:
    """The orders whose channel has been lost since before a moment."""
    query = sa.select(subscriptions.c.id).where(subscriptions.c.lost == "channel", subscriptions.c.lost_at < moment)
    return list(conn.execute(query).scalars())


def workspaces_lost_before(conn: sa.Connection, moment: datetime) -> list[tuple[str, str]]:
    """The workspaces out of reach since before a moment, though nobody said that we were put out: (platform, id)."""
    gone = sa.and_(subscriptions.c.lost == "workspace", subscriptions.c.lost_at < moment)
    there = (subscriptions.c.platform, subscriptions.c.workspace)
    # one that is reached all the same has orders that are not lost
    query = sa.select(*there).group_by(*there).having(sa.func.count() == sa.func.sum(sa.case((gone, 1), else_=0)))
    return [(row.platform, row.workspace) for row in conn.execute(query)]


def teams_of(conn: sa.Connection, platform: str, organisation: str) -> list[str]:
    """The workspaces of an organisation of which anything is kept: those called `ORGANISATION/...`."""
    found: set[str] = set()
    for table, column in ((workspaces, workspaces.c.id), (subscriptions, subscriptions.c.workspace)):
        within = column.startswith(f"{organisation}/", autoescape=True)
        found |= set(conn.execute(sa.select(column).where(table.c.platform == platform, within)).scalars())
    return sorted(found)

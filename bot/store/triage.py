"""Who looked at which alert, and what became of it, in the channels that want to show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store import audit
from bot.store.schema import triage_channels, triage_items

STATES = ("open", "reviewed", "no_action", "duplicate", "other")


@dataclass(frozen=True, slots=True)
class Item:
    """One alert in one channel. `due` is YYYY-MM-DD; `state` one of `STATES`."""

    platform: str
    channel: str
    story: str
    workspace: str
    message: str
    headline: str
    severity: str
    opened_at: datetime
    state: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None
    assignee: str | None = None
    due: str | None = None


_ROW = [triage_items.c[name] for name in Item.__slots__]


def switch(conn: sa.Connection, platform: str, workspace: str, channel: str, on: bool, by: str, at: datetime) -> None:
    """Begin or end triage in a channel; what was decided is kept."""
    mine = (triage_channels.c.platform == platform, triage_channels.c.channel == channel)
    was = is_on(conn, platform, channel)
    conn.execute(triage_channels.delete().where(*mine))
    if on:
        row = {"platform": platform, "channel": channel, "workspace": workspace, "since": at, "by": by}
        conn.execute(triage_channels.insert().values(**row))
    audit.log(conn, at, f"{platform}:{by}", "triage_switch", f"{platform}:{channel}", was, on, workspace)


def switched_on_by(conn: sa.Connection, platform: str, channel: str) -> str:
    """The workspace that triages a channel; empty where none does."""
    mine = (triage_channels.c.platform == platform, triage_channels.c.channel == channel)
    return str(conn.execute(sa.select(triage_channels.c.workspace).where(*mine)).scalar() or "")


def is_on(conn: sa.Connection, platform: str, channel: str) -> bool:
    """Whether a channel triages its alerts."""
    mine = (triage_channels.c.platform == platform, triage_channels.c.channel == channel)
    return conn.execute(sa.select(triage_channels.c.since).where(*mine)).first() is not None


def open_item(conn: sa.Connection, item: Item) -> Item | None:
    """The item of an alert, made where it is not there yet; None where the channel does not triage and never did."""
    found = one(conn, item.platform, item.channel, item.story)
    if found is not None:
        if found.headline != item.headline:
            _change(conn, found, headline=item.headline)
        return found
    if not is_on(conn, item.platform, item.channel):
        return None
    conn.execute(triage_items.insert().values(**{name: getattr(item, name) for name in Item.__slots__}))
    return item


def one(conn: sa.Connection, platform: str, channel: str, story: str) -> Item | None:
    """The item of a story in a channel."""
    query = sa.select(*_ROW).where(*_mine(platform, channel, story))
    row = conn.execute(query).one_or_none()
    return Item(*row) if row is not None else None


def change(conn: sa.Connection, item: Item, who: str, at: datetime, **new: Any) -> Item | None:
    """Note a decision (`state`), an `assignee`, a `due` date or where the `message` stands; the item as it is now, None
    where there is none or nothing is new. Raises ValueError for a state that there is not."""
    if new.get("state", "open") not in STATES:
        raise ValueError(f"no state {new['state']!r}")
    before = one(conn, item.platform, item.channel, item.story)
    if before is None or all(getattr(before, name) == value for name, value in new.items()):
        return None
    if "state" in new:
        new |= {"decided_by": who, "decided_at": at}
    _change(conn, before, **new)
    subject = f"{item.platform}:{item.channel}:{item.story}"
    old = {name: getattr(before, name) for name in new if name not in ("decided_by", "decided_at")}
    said = {name: value for name, value in new.items() if name in old}
    audit.log(conn, at, f"{item.platform}:{who}", "triage", subject, old, said, item.workspace)
    return one(conn, item.platform, item.channel, item.story)


def placed(conn: sa.Connection, platform: str, channel: str, story: str, message: str) -> None:
    """Where the alert of an item stands."""
    conn.execute(triage_items.update().where(*_mine(platform, channel, story)).values(message=message))


def items(
    conn: sa.Connection, platform: str, workspace: str, *, since: datetime | None = None, until: datetime | None = None,
    only_open: bool = False, limit: int = 10_000,
) -> list[Item]:  # fmt: skip
    """The items of a workspace, oldest first; those opened in [since, until)."""
    query = sa.select(*_ROW).where(triage_items.c.platform == platform, triage_items.c.workspace == workspace)
    if since is not None:
        query = query.where(triage_items.c.opened_at >= since)
    if until is not None:
        query = query.where(triage_items.c.opened_at < until)
    if only_open:
        query = query.where(triage_items.c.state == "open")
    return [Item(*row) for row in conn.execute(query.order_by(triage_items.c.opened_at).limit(limit))]


def _mine(platform: str, channel: str, story: str) -> tuple[Any, ...]:
    return (
        triage_items.c.platform == platform,
        triage_items.c.channel == channel,
        triage_items.c.story == story,
    )


def _change(conn: sa.Connection, item: Item, **new: Any) -> None:
    conn.execute(triage_items.update().where(*_mine(item.platform, item.channel, item.story)).values(**new))

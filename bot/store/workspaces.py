"""Servers and workspaces: what their managers set, where notices go, when the bot came and left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.backends import alone
from bot.store.schema import workspaces


@dataclass(frozen=True, slots=True)
class Workspace:
    """A row of `workspaces`. `settings` may hold `language`, `time_zone`, `manager_role`, `order` (the default)."""

    platform: str
    id: str
    name: str
    settings: Mapping[str, Any]
    notices_channel: str | None
    added_by: str | None
    joined_at: datetime
    left_at: datetime | None


_ROW = [workspaces.c[name] for name in Workspace.__slots__]


def join(
    conn: sa.Connection, platform: str, id_: str, at: datetime, *, name: str = "", added_by: str | None = None
) -> bool:
    """The bot is in a workspace; True when it was not there before. What was set before it left is kept."""
    alone(conn, "workspace", platform, id_)
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    there = conn.execute(sa.select(workspaces.c.left_at).where(*mine)).one_or_none()
    if there is None:
        row: dict[str, Any] = {
            "platform": platform,
            "id": id_,
            "name": name,
            "settings": {},
            "added_by": added_by,
            "joined_at": at,
        }
        conn.execute(workspaces.insert().values(**row))
        return True
    conn.execute(workspaces.update().where(*mine).values(left_at=None, **({"name": name} if name else {})))
    return there.left_at is not None


def one(conn: sa.Connection, platform: str, id_: str) -> Workspace | None:
    """A workspace that the bot is or was in."""
    query = sa.select(*_ROW).where(workspaces.c.platform == platform, workspaces.c.id == id_)
    row = conn.execute(query).one_or_none()
    return Workspace(*row) if row else None


def settings(conn: sa.Connection, platform: str, id_: str) -> dict[str, Any]:
    """What a workspace's managers have set; empty for an unknown one."""
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    return dict(conn.execute(sa.select(workspaces.c.settings).where(*mine)).scalar() or {})


def change(
    conn: sa.Connection, platform: str, id_: str, at: datetime, changed: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change settings, None takes one away; what they were and what they are. An unknown workspace is made."""
    alone(conn, "workspace", platform, id_)
    if one(conn, platform, id_) is None:
        join(conn, platform, id_, at)
    before = settings(conn, platform, id_)
    after = {name: value for name, value in {**before, **changed}.items() if value is not None}
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    conn.execute(workspaces.update().where(*mine).values(settings=after))
    return before, after


def send_notices_to(conn: sa.Connection, platform: str, id_: str, channel: str | None) -> None:
    """Where managers are told of troubles."""
    mine = (workspaces.c.platform == platform, workspaces.c.id == id_)
    conn.execute(workspaces.update().where(*mine).values(notices_channel=channel))

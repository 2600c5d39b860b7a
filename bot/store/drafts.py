"""Orders in the making: what somebody has chosen so far, kept so that a restart loses nothing; they expire."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.schema import drafts


def begin(conn: sa.Connection, whose: str, draft: Mapping[str, Any], expires_at: datetime, workspace: str = "") -> str:
    """Keep a new draft of an order in a server or workspace; its id, short enough for a button."""
    id_ = secrets.token_urlsafe(9)
    row = {"id": id_, "whose": whose, "draft": dict(draft), "expires_at": expires_at, "workspace": workspace}
    conn.execute(drafts.insert().values(**row))
    return id_


def one(conn: sa.Connection, id_: str, whose: str, now: datetime) -> dict[str, Any] | None:
    """A draft of the person who began it; None for another's, an expired or an unknown one."""
    query = sa.select(drafts.c.draft).where(drafts.c.id == id_, drafts.c.whose == whose, drafts.c.expires_at > now)
    found = conn.execute(query).scalar()
    return dict(found) if found is not None else None


def save(conn: sa.Connection, id_: str, draft: Mapping[str, Any], expires_at: datetime) -> None:
    """What has been chosen by now."""
    conn.execute(drafts.update().where(drafts.c.id == id_).values(draft=dict(draft), expires_at=expires_at))


def drop(conn: sa.Connection, id_: str) -> None:
    """The draft has become an order, or was given up."""
    conn.execute(drafts.delete().where(drafts.c.id == id_))


def expire(conn: sa.Connection, now: datetime) -> int:
    """Forget what nobody finished; how many drafts."""
    return conn.execute(drafts.delete().where(drafts.c.expires_at <= now)).rowcount

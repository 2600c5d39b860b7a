"""Forgetting: everything of a server or workspace, everything of a person. What was said stays in the evidence, which
never held who asked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store import audit, mutes, standing, tellings, watchlists
from bot.store.schema import drafts, followers, reports, subscriptions
from bot.store.watchlists import Owner, OwnerKind


def workspace(conn: sa.Connection, platform: str, id_: str, at: datetime) -> int:
    """Erase the orders, their deliveries, settings, muted stories and audit lines of a workspace; how many channels it
    was. One line remains in the audit log: that it was done, and when."""
    mine = (subscriptions.c.platform == platform, subscriptions.c.workspace == id_)
    found = list(conn.execute(sa.select(subscriptions.c.channel).where(*mine)))
    channels = [row.channel for row in found]
    standing.erase_workspace(conn, platform, id_)
    audit.forget(conn, [f"{platform}:{each}" for each in (*channels, id_)])
    audit.log(conn, at, "erased", "workspace.erase", platform)
    return len(found)


def person(conn: sa.Connection, platform: str, id_: str) -> int:
    """Erase what a person follows, watches, has muted and has begun, and his name under reports; how many rows."""
    own = f"{platform}:{id_}"
    gone = conn.execute(followers.delete().where(followers.c.platform == platform, followers.c.person == id_)).rowcount
    gone += mutes.forget(conn, platform, mutes.PERSON, [id_]) + tellings.forget(conn, platform, id_)
    gone += watchlists.forget(conn, Owner(platform, OwnerKind.PERSON, id_))
    gone += conn.execute(drafts.delete().where(drafts.c.whose == own)).rowcount
    gone += conn.execute(reports.update().where(reports.c.reporter == own).values(reporter="")).rowcount
    return gone

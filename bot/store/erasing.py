"""Forgetting: everything of a server or workspace, everything of a person. What was said stays in the evidence, which
never held who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.store import audit, mutes, tellings, watchlists
from bot.store.schema import (
    deliveries,
    drafts,
    followers,
    gatherings,
    letters,
    paces,
    reminders,
    reports,
    subscriptions,
    triage_channels,
    triage_items,
    workspaces,
)
from bot.store.watchlists import Owner, OwnerKind


def orders(conn: sa.Connection, ids: Sequence[int]) -> None:
    """Erase orders, with all that was kept for their channels: what was delivered, gathered, muted and triaged, and who
    changed what there."""
    found = conn.execute(
        sa.select(subscriptions.c.platform, subscriptions.c.channel).where(subscriptions.c.id.in_(ids))
    )
    channels: dict[str, list[str]] = {}
    for row in found:
        channels.setdefault(row.platform, []).append(row.channel)
    for table in (deliveries, gatherings, reminders):  # a delivery may be held by a gathering
        conn.execute(table.delete().where(table.c.subscription.in_(ids)))
    conn.execute(subscriptions.delete().where(subscriptions.c.id.in_(ids)))
    for platform, mine in channels.items():
        mutes.forget(conn, platform, mutes.CHANNEL, mine)
        for table in (triage_channels, triage_items):
            conn.execute(table.delete().where(table.c.platform == platform, table.c.channel.in_(mine)))
        for channel in mine:
            watchlists.forget(conn, Owner(platform, OwnerKind.CHANNEL, channel))
            audit.forget_all_of(conn, f"{platform}:{channel}")


def workspace(conn: sa.Connection, platform: str, id_: str, at: datetime) -> int:
    """Erase everything of a workspace: orders, deliveries, gatherings, letters, triage, settings, muted stories, what
    its people follow and have muted where their ids name it, audit lines; how many channels it was. One line remains in
    the audit log: that it was done, and when."""
    mine = (subscriptions.c.platform == platform, subscriptions.c.workspace == id_)
    ids = list(conn.execute(sa.select(subscriptions.c.id).where(*mine)).scalars())
    orders(conn, ids)
    triaged = sa.select(triage_items.c.channel).where(
        triage_items.c.platform == platform, triage_items.c.workspace == id_
    )
    # Channels whose order is gone: their lists and mutes stayed, should it be made again.
    channels = audit.channels_of(conn, platform, id_) | set(conn.execute(triaged).scalars())
    shared = (subscriptions.c.platform == platform, subscriptions.c.channel.in_(sorted(channels)))
    # Channels that another workspace shares and has ordered something for by now are its own.
    channels -= set(conn.execute(sa.select(subscriptions.c.channel).where(*shared)).scalars())
    mutes.forget(conn, platform, mutes.CHANNEL, channels)
    for channel in channels:
        watchlists.forget(conn, Owner(platform, OwnerKind.CHANNEL, channel))
    begun = drafts.c.whose.startswith(f"{platform}:", autoescape=True)
    conn.execute(drafts.delete().where(drafts.c.workspace == id_, begun))
    for table in (letters, triage_channels, triage_items):
        conn.execute(table.delete().where(table.c.platform == platform, table.c.workspace == id_))
    conn.execute(workspaces.delete().where(workspaces.c.platform == platform, workspaces.c.id == id_))
    conn.execute(paces.delete().where(paces.c.scope == f"{platform}/{id_}"))
    watchlists.forget(conn, Owner(platform, OwnerKind.WORKSPACE, id_))
    _people(conn, platform, f"{id_}/")
    audit.forget_workspace(conn, platform, id_)
    audit.log(conn, at, "erased", "workspace.erase", platform)
    return len(ids)


def _people(conn: sa.Connection, platform: str, within: str) -> None:
    """Erase what people keep whose ids name their workspace (Slack's `T1/U1`); Discord's people belong to no server."""
    theirs = followers.c.person.startswith(within, autoescape=True)
    conn.execute(followers.delete().where(followers.c.platform == platform, theirs))
    mutes.forget_within(conn, platform, within)
    tellings.forget_within(conn, platform, within)
    watchlists.forget_within(conn, platform, within)
    conn.execute(drafts.delete().where(drafts.c.whose.startswith(f"{platform}:{within}", autoescape=True)))
    theirs = reports.c.reporter.startswith(f"{platform}:{within}", autoescape=True)
    conn.execute(reports.update().where(theirs).values(reporter=""))


def person(conn: sa.Connection, platform: str, id_: str, at: datetime) -> int:
    """Erase what a person follows, watches, has muted and has begun, and his number under reports; how many rows. One
    line remains in the audit log: that it was done, and when. `id_` is the platform's own: `T1/U1` in Slack."""
    own = f"{platform}:{id_}"
    gone = conn.execute(followers.delete().where(followers.c.platform == platform, followers.c.person == id_)).rowcount
    gone += mutes.forget(conn, platform, mutes.PERSON, [id_]) + tellings.forget(conn, platform, id_)
    gone += watchlists.forget(conn, Owner(platform, OwnerKind.PERSON, id_))
    gone += conn.execute(drafts.delete().where(drafts.c.whose == own)).rowcount
    gone += conn.execute(reports.update().where(reports.c.reporter == own).values(reporter="")).rowcount
    audit.log(conn, at, "erased", "person.erase", platform)
    return gone

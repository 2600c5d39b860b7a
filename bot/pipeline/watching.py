"""What a list's change touches of private watch lists: a letter to each owner, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.delivery import watched
from bot.delivery.order import Order
from bot.model import Change
from bot.store import heads, subscriptions, watchlists
from bot.store.engine import Connection
from bot.store.watchlists import Owner, OwnerKind


def tell_owners(conn: Connection, change: Change, story: str | None, at: datetime) -> None:
    """Write a letter to every owner of a watch list that the change touches. A channel that gets the change at once is
    told by the outbox: in a message of its own, or by a letter beside one that it shares with others."""
    rows = change.detail.get("rows")
    if not isinstance(rows, Mapping):
        return
    for hits in watchlists.hits(conn, rows):
        if story is None or not _told_there(conn, hits.owner, story, at):
            watched.write(conn, hits, rows, change.document.url, _workspace(conn, hits.owner), at)


def _told_there(conn: Connection, owner: Owner, story: str, at: datetime) -> bool:
    """Whether the outbox has the change for the owner's channel and brings it at once, or when a lost channel, which no
    letter reaches, is back."""
    if owner.kind is not OwnerKind.CHANNEL:
        return False
    standing = subscriptions.of_channel(conn, owner.platform, owner.id)
    if standing is None or not heads.born(conn, story, standing.id, at):
        return False
    try:
        return standing.lost is not None or Order.of(standing.order).pace == "now"
    except ValueError:  # an order of another version
        return False


def _workspace(conn: Connection, owner: Owner) -> str:
    if owner.kind is OwnerKind.WORKSPACE:
        return owner.id
    order = subscriptions.of_channel(conn, owner.platform, owner.id) if owner.kind is OwnerKind.CHANNEL else None
    return order.workspace if order is not None else ""

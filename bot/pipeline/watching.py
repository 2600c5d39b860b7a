"""What a list's change touches of private watch lists: a letter to each owner, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.delivery.order import Order
from bot.model import Change
from bot.store import heads, letters, subscriptions, watchlists
from bot.store.engine import Connection
from bot.store.watchlists import Hits, Owner, OwnerKind

WATCHED = "watched"
"""The kind of these letters."""


def tell_owners(conn: Connection, change: Change, story: str | None, at: datetime) -> None:
    """Write a letter to every owner of a watch list that the change touches. A channel that gets the change
    as a message of its own sees its hits there, and gets none."""
    rows = change.detail.get("rows")
    if not isinstance(rows, Mapping):
        return
    for hits in watchlists.hits(conn, rows):
        if story is not None and _shown_there(conn, hits.owner, story):
            continue
        letters.write(conn, hits.owner.platform, _workspace(conn, hits.owner), WATCHED, _facts(change, rows, hits), at)


def _facts(change: Change, rows: Mapping[str, object], hits: Hits) -> dict[str, object]:
    return {
        "owner_kind": hits.owner.kind.value,
        "owner": hits.owner.id,
        "list": rows.get("list"),
        "title": rows.get("title"),
        "url": change.document.url,
        "watched": hits.watched,
        "hits": [hit.json() for hit in hits.hits],
    }


def _shown_there(conn: Connection, owner: Owner, story: str) -> bool:
    if owner.kind is not OwnerKind.CHANNEL:
        return False
    standing = subscriptions.of_channel(conn, owner.platform, owner.id)
    if standing is None or standing.paused_at is not None or heads.place_of(conn, story, standing.id) is None:
        return False
    try:
        return Order.of(standing.order).pace == "now"
    except ValueError:  # an order of another version: the story went there under the one before
        return False


def _workspace(conn: Connection, owner: Owner) -> str:
    if owner.kind is OwnerKind.WORKSPACE:
        return owner.id
    order = subscriptions.of_channel(conn, owner.platform, owner.id) if owner.kind is OwnerKind.CHANNEL else None
    return order.workspace if order is not None else ""

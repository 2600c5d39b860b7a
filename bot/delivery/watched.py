"""What a list's change touches of a private watch list, where no message shows it: a letter to the owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.delivery.hours import quiet_until
from bot.delivery.order import Order
from bot.store import letters, watchlists
from bot.store.deliveries import Delivery
from bot.store.engine import Connection
from bot.store.revisions import Issued
from bot.store.watchlists import Hits, Owner, OwnerKind

WATCHED = "watched"
"""The kind of these letters."""


def write(
    conn: Connection,
    hits: Hits,
    rows: Mapping[str, Any],
    url: str | None,
    workspace: str,
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    """A letter with all that its card shows. `rows` is the record of the list's change, `at` its moment."""
    facts = {
        "owner_kind": hits.owner.kind.value,
        "owner": hits.owner.id,
        "list": rows.get("list"),
        "title": rows.get("title"),
        "url": url,
        "watched": hits.watched,
        "hits": [hit.json() for hit in hits.hits],
    }
    letters.write(conn, hits.owner.platform, workspace, WATCHED, facts, at, due_at)


def tell_channel(conn: Connection, delivery: Delivery, issued: Issued, order: Order, now: datetime) -> None:
    """Write to a channel what its watch list has of the lists' changes that `delivery` was to bring, when their story
    is told there among others: neither a line of a roundup nor one of a digest shows it. Each change is told once: what
    a letter has told already is not told again. The letter waits for the end of quiet hours."""
    owner = Owner(delivery.platform, OwnerKind.CHANNEL, delivery.channel)
    for rows in (detail["rows"] for detail in issued.details if "rows" in detail):
        at = datetime.fromisoformat(str(rows["at"]))
        if at < delivery.created_at or _written(conn, owner, rows, at):
            continue
        hits = watchlists.hits_of(conn, owner, rows)
        if hits is not None:
            story = issued.revision.story
            url = next((member.url for member in story.members if member.key == rows["list"]), story.head.url)
            due_at = quiet_until(order.quiet, delivery.time_zone, now)
            write(conn, hits, rows, url, delivery.workspace, at, due_at or now)


def _written(conn: Connection, owner: Owner, rows: Mapping[str, Any], at: datetime) -> bool:
    told = letters.facts_of(conn, owner.platform, WATCHED, at)
    mine = (owner.kind.value, owner.id, rows["list"])
    return any((facts["owner_kind"], facts["owner"], facts["list"]) == mine for facts in told)

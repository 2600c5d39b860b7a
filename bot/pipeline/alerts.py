"""From a story to what it says: a post for a new one, an edit when it grows, and a reply under it when it rises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.model import Assessment, Op, Revision, Story
from bot.pipeline import match
from bot.pipeline.stories import rises
from bot.store import deliveries, stories, subscriptions
from bot.store.engine import Connection
from bot.store.records import Record

LawOf = Callable[[Assessment, datetime], list[Record]]
"""The law as it stands for what a story is about, from the ledger and the rules only: what a card's Law line says."""

Standing = Sequence[tuple[match.Order, subscriptions.SubscriptionRow]]
"""The channels' standing orders, compiled."""


def revisions(before: Story | None, after: Story, last: int, at: datetime, withdrawn: bool = False) -> list[Revision]:
    """What channels are to be told. `before` is the story as last told (None: not yet), `last` its last number.

    Growth edits the head in place. A rise (in trust, stage, severity, a turn of direction, a changed binding fact, or a
    document taken back) is told by a reply as well, since nobody is notified of an edit.
    """
    if before is None:
        return [Revision(after, 1, Op.POST, at)]
    rise = rises(before.facts, after.facts) + (("withdrawn",) if withdrawn else ())
    if not rise and _shown(before) == _shown(after):
        return []
    found = [Revision(after, last + 1, Op.EDIT, at, rise)]
    if rise:
        found.append(Revision(after, last + 2, Op.REPLY, at, rise))
    return found


def standing_orders(conn: Connection) -> Standing:
    """The orders that are not paused."""
    return [(match.Order.of(row.order), row) for row in subscriptions.active(conn)]


def publish(
    conn: Connection,
    found: Sequence[Revision],
    law_of: LawOf,
    orders: Standing,
    told: Collection[int],
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Store revisions and put into the outbox one row for each channel that is to be told.

    `told` are the subscriptions that had the story's head before; `beside` what a correction or pointer says besides.
    """
    for revision in found:
        stories.issue(conn, revision, law_of(revision.story.facts, revision.at), beside=beside)
        urgency = revision.story.facts.severity.rank
        rows: list[tuple[str, int, int, Op, int]] = []
        for order, row in orders:
            op = match.op_for(order, revision, row.id in told)
            if op is not None:
                rows.append((revision.story.id, revision.number, row.id, op, urgency))
        deliveries.add(conn, rows, revision.at)


def _shown(story: Story) -> tuple[object, ...]:
    """What of a story stands on its card."""
    members = tuple((m.source, m.key, m.title, m.url, m.trust) for m in story.members)
    facts = story.facts
    labels = (facts.chips, facts.companies, facts.origin, facts.destinations, facts.kind, facts.direction)
    return (members, *labels, facts.trust, facts.severity, facts.stage)

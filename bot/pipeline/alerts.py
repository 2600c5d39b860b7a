"""From a story to what it says: a post for a new one, an edit when it grows, and a reply under it when it rises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.model import Assessment, Op, Revision, Story
from bot.pipeline import match
from bot.pipeline.stories import changed_facts, rises
from bot.store import deliveries, subscriptions, tellings
from bot.store.engine import Connection
from bot.store.records import Record
from bot.store.revisions import details_of, issue

LawOf = Callable[[Assessment, datetime], list[Record]]
"""The law as it stands for what a story is about, from the ledger and the rules only: what a card's Law line says."""

Standing = Sequence[subscriptions.Addressed]
"""The channels' standing orders: those with the very same order together."""


def revisions(before: Story | None, after: Story, last: int, at: datetime, stood: Sequence[str] = ()) -> list[Revision]:
    """What channels are to be told. `before` is the story as last told (None: not yet), `last` its last number.

    Growth edits the head in place. A rise (in trust, stage, severity, a turn of direction, a changed binding fact, or a
    document taken back or corrected by its publisher) is told by a reply as well, since nobody is notified of an edit.
    `stood` names what publishers did to documents of the story: `withdrawn`, `correction`.
    """
    if before is None:
        return [Revision(after, 1, Op.POST, at)]
    rise = rises(before.facts, after.facts) + tuple(stood)
    if not rise and _shown(before) == _shown(after):
        return []
    changes = changed_facts(before.facts, after.facts)
    found = [Revision(after, last + 1, Op.EDIT, at, rise, changes)]
    if rise:
        found.append(Revision(after, last + 2, Op.REPLY, at, rise, changes))
    return found


def standing_orders(conn: Connection) -> Standing:
    """The orders that stories are matched with."""
    return subscriptions.addressed(conn)


def publish(
    conn: Connection,
    found: Sequence[Revision],
    law_of: LawOf,
    orders: Standing,
    told: Collection[int],
    beside: Mapping[str, Any] | None = None,
    details: Sequence[Record] = (),
) -> None:
    """Store revisions and put into the outbox one row for each channel that is to be told; followers hear of rises.

    `told` are the subscriptions that had the story's head before; `beside` what a correction or pointer says besides;
    `details` the redlines and rows that the revisions show besides those that the story showed before.
    """
    shown = [*details_of(conn, found[0].story.id), *details] if found else []
    for revision in found:
        issue(conn, revision, law_of(revision.story.facts, revision.at), beside=beside, details=shown)
        _address(conn, revision, orders, told)
        if revision.op is Op.REPLY:
            tellings.add(conn, revision.story.id, revision.number, revision.at, loud=revision.corrects)


def _address(conn: Connection, revision: Revision, orders: Standing, told: Collection[int]) -> None:
    """One outbox row for each channel that is to be told.

    Channels with the same order want the same stories: each order is read and asked once, however many have it.
    """
    wanted: dict[Op, list[int]] = {}
    for same in orders:
        groups = ((False, [id_ for id_ in same.ids if id_ not in told]), (True, [i for i in same.ids if i in told]))
        for knows, ids in groups if told else ((False, list(same.ids)),):
            op = match.op_in(same.order, revision, knows) if ids else None
            if op is not None:
                wanted.setdefault(op, []).extend(ids)
    story, urgency = revision.story.id, revision.story.facts.severity.rank
    born = [deliveries.Born(story, revision.number, op, urgency, sorted(ids)) for op, ids in wanted.items()]
    deliveries.add(conn, born, revision.at)


def _shown(story: Story) -> tuple[object, ...]:
    """What of a story stands on its card."""
    members = tuple((m.source, m.key, m.title, m.url, m.trust) for m in story.members)
    facts = story.facts
    labels = (facts.chips, facts.companies, facts.origin, facts.destinations, facts.kind, facts.direction)
    return (members, *labels, facts.trust, facts.severity, facts.stage)

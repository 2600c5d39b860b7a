"""Why a story is, or is not, in a channel: each stage's decision, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import moment_of
from bot.delivery.order import Order
from bot.model import Story
from bot.store import outbox_view, stories, subscriptions
from bot.store.engine import Connection
from bot.store.outbox_view import Line

Refusal = Callable[[Order, Story], str | None]
"""The first clause of an order that a story does not meet: `pipeline.match.refusal`, handed in."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One stage's decision. `stage` is story, order, match, delivery or message; `outcome` in one word, `detail` what
    it turned on, `at` when (UTC) where that is kept. A message that is out has its place in `channel` and `message`."""

    stage: str
    outcome: str
    detail: str = ""
    at: datetime | None = None
    channel: str | None = None
    message: str | None = None


def why(conn: Connection, story: str, platform: str, channel: str, refusal: Refusal) -> list[Decision]:
    """The way of a story to a channel; it ends where it ended."""
    row = stories.row(conn, story)
    if row is None or row.revision == 0:
        return [Decision("story", "unknown", story)]
    issued = stories.issued(conn, story, row.revision).revision.story
    facts = issued.facts
    told = [Decision("story", "told", f"{facts.kind} · {facts.severity} · {facts.trust}", row.began_at)]
    order = subscriptions.of_channel(conn, platform, channel)
    if order is None:
        return [*told, Decision("order", "none", channel)]
    try:
        clause = refusal(Order.of(order.order), issued)
    except ValueError as error:
        return [*told, Decision("order", "unreadable", str(error))]
    if order.lost:
        told.append(Decision("order", "lost", order.lost))
    lines = outbox_view.of_story(conn, story, platform, channel)
    told.append(Decision("match", "refused", clause) if clause else Decision("match", "wanted"))
    if not lines and clause is None:
        told.append(Decision("delivery", "none", "the order is younger than the story, or was paused"))
    for line in lines:
        told += _of(line)
    return told


def _of(line: Line) -> list[Decision]:
    found = []
    for when, what in line.trail:
        at = moment_of(when)
        found.append(Decision("delivery", "waited", what, at if isinstance(at, datetime) else None))
    if line.state == "sent":
        how = f"{line.op} in {line.gathering}" if line.gathering else line.op
        found.append(Decision("message", "sent", how, line.sent_at, line.message_channel, line.message))
    else:
        found.append(Decision("delivery", line.state, line.reason or "", line.due_at))
    return found

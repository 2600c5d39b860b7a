"""The days that stored documents name, and the reminders of them that subscriptions asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.knowledge.dated import Dated
from bot.knowledge.deadlines import Due
from bot.store.schema import deadlines, reminders, subscriptions

MOST_DATED = 500


def keep(conn: sa.Connection, document: str, key: str, found: Sequence[Dated]) -> None:
    """Store the days that a document names, in place of those that it named before. No days: it names none any more."""
    conn.execute(deadlines.delete().where(deadlines.c.document == document))
    if found:
        conn.execute(deadlines.insert(), [_row(entry, key) for entry in found])


def _row(entry: Dated, key: str) -> dict[str, Any]:
    record = entry.record()
    plain = {name: record.pop(name) for name in ("document", "due", "day", "source", "title", "url", "story")}
    return {**plain, "key": key, "about": record}


def dated(conn: sa.Connection, since: date) -> list[Dated]:
    """The days that documents name, from a day on, the earliest first."""
    query = (
        sa.select(deadlines)
        .where(deadlines.c.day >= since.isoformat())
        .order_by(deadlines.c.day, deadlines.c.document, deadlines.c.due)
        .limit(MOST_DATED)
    )
    return [Dated.of({**row._asdict(), **row.about}) for row in conn.execute(query)]


def binding_on(conn: sa.Connection, since: date, until: date) -> list[tuple[str, date]]:
    """The stories with a document whose day of effect lies between two days, both included: (story, day), in order."""
    query = (
        sa.select(deadlines.c.story, deadlines.c.day)
        .where(
            deadlines.c.due == str(Due.EFFECTIVE),
            deadlines.c.day.between(since.isoformat(), until.isoformat()),
            deadlines.c.story.is_not(None),
        )
        .order_by(deadlines.c.day, deadlines.c.story)
        .distinct()
    )
    return [(row.story, date.fromisoformat(row.day)) for row in conn.execute(query)]


def binding_documents(conn: sa.Connection, day: date) -> list[tuple[str, str]]:
    """The documents in stories that take effect on a day: (source, key)."""
    query = sa.select(deadlines.c.source, deadlines.c.key).where(
        deadlines.c.due == str(Due.EFFECTIVE), deadlines.c.day == day.isoformat(), deadlines.c.story.is_not(None)
    )
    return [(row.source, row.key) for row in conn.execute(query.order_by(deadlines.c.document))]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is to be sent: where to, in which language, and the calendar entry as `upcoming` prints it.

    `days` is how many days before the entry's day it was asked for.
    """

    id: int
    subscription: int
    entry: str
    days: int
    day: str
    due_at: datetime
    shown: dict[str, Any]
    platform: str
    channel: str
    language: str
    time_zone: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A reminder to be kept: `due_at` is when to send it (UTC)."""

    subscription: int
    entry: str
    days: int
    day: str
    due_at: datetime
    shown: dict[str, Any]


def plan(conn: sa.Connection, wanted: Iterable[Plan], at: datetime) -> int:
    """Keep the reminders that are not kept yet; how many were new. One whose entry has moved to another day is ended:
    whoever was reminded already is reminded again of the new day."""
    rows = list(wanted)
    there = {
        (row.subscription, row.entry, row.days, row.day)
        for row in conn.execute(
            sa.select(reminders.c.subscription, reminders.c.entry, reminders.c.days, reminders.c.day)
        )
    }
    fresh = [row for row in rows if (row.subscription, row.entry, row.days, row.day) not in there]
    for row in fresh:
        moved = (
            reminders.c.subscription == row.subscription,
            reminders.c.entry == row.entry,
            reminders.c.day != row.day,
            reminders.c.settled_at.is_(None),
        )
        conn.execute(reminders.update().where(*moved).values(settled_at=at, settlement="moved"))
    if fresh:
        columns = ("subscription", "entry", "days", "day", "due_at", "shown")
        conn.execute(reminders.insert(), [{name: getattr(row, name) for name in columns} for row in fresh])
    return len(fresh)


def due(conn: sa.Connection, now: datetime, limit: int = 100) -> list[Reminder]:
    """The reminders whose time has come, of subscriptions that are not paused, the earliest first.

    Whoever sends one calls `take` before and `settle` after: an unsettled one comes again.
    """
    names = ("id", "subscription", "entry", "days", "day", "due_at", "shown", "attempts")
    query = (
        sa.select(
            *(reminders.c[name] for name in names),
            *(subscriptions.c[name] for name in ("platform", "channel", "language", "time_zone")),
        )
        .join(subscriptions, subscriptions.c.id == reminders.c.subscription)
        .where(reminders.c.settled_at.is_(None), reminders.c.due_at <= now, subscriptions.c.paused_at.is_(None))
        .order_by(reminders.c.due_at, reminders.c.id)
        .limit(limit)
    )
    return [Reminder(**row._asdict()) for row in conn.execute(query)]


def take(conn: sa.Connection, reminder: Reminder, until: datetime) -> bool:
    """Lease a reminder until a moment at which it is due again: False where another worker was quicker."""
    mine = (
        reminders.c.id == reminder.id,
        reminders.c.settled_at.is_(None),
        reminders.c.due_at == reminder.due_at,
    )
    taken = reminders.update().where(*mine).values(due_at=until, attempts=reminder.attempts + 1)
    return bool(conn.execute(taken).rowcount)


def settle(conn: sa.Connection, id_: int, settlement: str, at: datetime) -> bool:
    """End a reminder: `sent` or `gave_up`. False when it is settled already."""
    mine = (reminders.c.id == id_, reminders.c.settled_at.is_(None))
    return bool(conn.execute(reminders.update().where(*mine).values(settled_at=at, settlement=settlement)).rowcount)


def withdraw(conn: sa.Connection, entries: Iterable[str], at: datetime) -> None:
    """The entries are no more: their open reminders are ended."""
    names = list(entries)
    if names:
        open_ones = (reminders.c.entry.in_(names), reminders.c.settled_at.is_(None))
        conn.execute(reminders.update().where(*open_ones).values(settled_at=at, settlement="moved"))

"""Dates ahead: what a taken-in document puts into the calendar, and which subscriptions are reminded of which dates."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import EASTERN
from bot.delivery.order import Order
from bot.knowledge.dated import Dated, calendar
from bot.knowledge.deadlines import deadlines_of
from bot.knowledge.ledger import Ledger
from bot.model import Assessment, Document, Revision, State
from bot.pipeline.editor import Editor
from bot.pipeline.identity import identity
from bot.store import calendar as kept
from bot.store import revisions, subscriptions
from bot.store.engine import Connection

LOOKED_BACK = timedelta(days=3)
REMINDED_AT = time(9)
"""The hour of a reminder, in the subscription's own zone."""


def enter(conn: Connection, document: Document, assessment: Assessment, story: str, at: datetime) -> tuple[Dated, ...]:
    """Put the days that a relevant document names into the calendar, in place of those that it named before.

    What only lies on the inspection desk names no days yet; what was taken back names none any more.
    """
    name = next(iter(identity(document)), f"{document.source}/{document.key}")
    if document.state is State.SCHEDULED:
        return ()
    if document.state is State.WITHDRAWN:
        gone = [entry.name for entry in kept.dated(conn, date.min) if entry.document == name]
        kept.withdraw(conn, gone, at)
        kept.keep(conn, name, document.key, ())
        return ()
    found = tuple(
        Dated(
            document=name,
            due=deadline.due,
            day=deadline.day,
            source=document.source,
            title=document.title,
            url=document.url or "",
            story=story,
            words=deadline.words,
            contradicts=deadline.contradicts,
            chips=assessment.chips,
            destinations=assessment.destinations,
            kind=assessment.kind.value,
        )
        for deadline in deadlines_of(document)
    )
    kept.keep(conn, name, document.key, found)
    return found


def days_that_came(conn: Connection, editor: Editor, now: datetime, since: datetime | None = None) -> list[Revision]:
    """Edit the messages of documents whose day of effect has come since they were last told.

    Looked at are the last days only (`since`: from that moment on): a message is not dug out for a day long past.
    """
    last = now.astimezone(EASTERN).date()
    first = since.astimezone(EASTERN).date() if since else last - LOOKED_BACK
    told = []
    for story, day in kept.binding_on(conn, first, last):
        begins = datetime.combine(day, time(), EASTERN)
        before = revisions.last_told(conn, story)
        if before is None or before >= begins:
            continue
        revision = editor.tell_again(conn, story, max(begins, since).astimezone(UTC) if since else now)
        told += [revision] if revision else []
    return told


def dates_ahead(conn: Connection, ledger: Ledger, day: date, *, past: bool = True) -> list[dict[str, Any]]:
    """The dates ahead of a day as `upcoming` prints them: what the ledger foresees and what stored documents name, in
    one order; with `past` also those that have passed without a recorded outcome. For whoever shows dates."""
    return calendar(ledger, kept.dated(conn, day), day, past=past)


def plan_reminders(conn: Connection, ledger: Ledger, now: datetime) -> int:
    """Keep a reminder for each subscription that asked for them (`Order.reminders`) and each date ahead that it wants;
    how many were new. Asked again it adds nothing."""
    today = now.date()
    entries = [(entry.name, entry) for entry in kept.dated(conn, today)]
    about = {name: (entry.chips, entry.destinations) for name, entry in entries}
    rows = calendar(ledger, [entry for _, entry in entries], today, past=False)
    events = {event.id: event for event in ledger.events}
    for row in rows:
        event = events.get(row["event"] or "")
        if event is not None:
            about[row["name"]] = (event.chips, event.destinations)
    plans = []
    for standing in subscriptions.active(conn):
        with contextlib.suppress(ValueError):  # an order of another version
            order, zone = Order.of(standing.order), ZoneInfo(standing.time_zone)
            plans += [
                plan
                for row in rows
                if order.reminders and _wants(order, *about[row["name"]])
                for plan in _plans(standing.id, row, order.reminders, zone, now)
            ]
    return kept.plan(conn, plans, now)


def _plans(
    subscription: int, row: Mapping[str, Any], wanted: Sequence[int], zone: ZoneInfo, now: datetime
) -> list[kept.Plan]:
    """The reminders of one date whose moment lies ahead: what would be late already is not sent at all."""
    day = date.fromisoformat(row["date"])
    moments = [(days, datetime.combine(day - timedelta(days=days), REMINDED_AT, zone)) for days in wanted]
    return [
        kept.Plan(subscription, row["name"], days, row["date"], moment.astimezone(UTC), dict(row))
        for days, moment in moments
        if moment > now
    ]


def _wants(order: Order, chips: Iterable[str], destinations: Iterable[str]) -> bool:
    """Whether an order's chips and destinations let a date through; a date that names none concerns everyone."""
    for asked, told in ((order.chips, set(chips)), (order.destinations, set(destinations))):
        if asked and told and asked.isdisjoint(told):
            return False
    return True

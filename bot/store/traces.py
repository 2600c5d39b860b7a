"""What the store knows of one address: its documents, what each was judged to be, and where its story was posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import Assessment, Document
from bot.store.records import assessment_of, document_of
from bot.store.schema import aliases, changes, deliveries, documents, subscriptions

MOST = 20


@dataclass(frozen=True, slots=True)
class Trace:
    """A stored document; `assessment` as it was judged last (None: a first poll brought it and announced nothing)."""

    document: Document
    found_at: datetime
    assessment: Assessment | None


def of_alias(conn: sa.Connection, alias: str, url: str) -> list[Trace]:
    """The documents that an alias (`link:host/path`) leads to, in any source, and those whose key is the address."""
    named = sa.select(aliases.c.source, aliases.c.key).where(aliases.c.alias == alias).limit(MOST)
    keys = {tuple(row) for row in conn.execute(named)}
    pair = sa.tuple_(documents.c.source, documents.c.key)
    query = (
        sa.select(documents).where(pair.in_(sorted(keys)))
        if keys
        else sa.select(documents).where(documents.c.url == url)
    )
    rows = list(conn.execute(query.order_by(documents.c.first_seen_at, documents.c.source).limit(MOST)))
    return [Trace(document_of(row._asdict()), row.first_seen_at, judged(conn, row.source, row.key)) for row in rows]


def judged(conn: sa.Connection, source: str, key: str) -> Assessment | None:
    """What a document was judged to be at its last change; None for one that a first poll brought."""
    query = (
        sa.select(changes.c.assessment)
        .where(changes.c.source == source, changes.c.key == key)
        .order_by(changes.c.id.desc())
        .limit(1)
    )
    record = conn.execute(query).scalar()
    return assessment_of(record) if record is not None else None


@dataclass(frozen=True, slots=True)
class Sending:
    """How the post of a story to a subscription ended: its state in the outbox, when, and why it did not go out."""

    subscription: int
    state: str
    sent_at: datetime | None
    reason: str | None


def posts(conn: sa.Connection, story: str) -> dict[int, Sending]:
    """The newest post of a story to each subscription."""
    query = (
        sa.select(deliveries.c.subscription, deliveries.c.state, deliveries.c.sent_at, deliveries.c.reason)
        .where(deliveries.c.story == story, deliveries.c.op == "post")
        .order_by(deliveries.c.id)
    )
    return {row.subscription: Sending(*row) for row in conn.execute(query)}


def paused(conn: sa.Connection) -> set[int]:
    """The subscriptions that are paused."""
    return set(conn.execute(sa.select(subscriptions.c.id).where(subscriptions.c.paused_at.is_not(None))).scalars())

"""How much has been read, and when something was told last: the bot's pulse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import Severity
from bot.store.schema import alerts, changes, deliveries, documents, sources


@dataclass(frozen=True, slots=True)
class Count:
    """Since the last story (`last`; None: there was none): documents read, those about chips, the highest severity."""

    last: datetime | None
    documents: int
    relevant: int
    highest: Severity | None


def last_told(conn: sa.Connection, subscription: int | None) -> datetime | None:
    """When a channel got its last story; without one, when the last story was told at all."""
    if subscription is None:
        return conn.execute(sa.select(sa.func.max(alerts.c.at)).where(alerts.c.number == 1)).scalar()
    mine = (deliveries.c.subscription == subscription, deliveries.c.state == "sent")
    return conn.execute(sa.select(sa.func.max(deliveries.c.sent_at)).where(*mine)).scalar()


def count(conn: sa.Connection, since: datetime | None) -> Count:
    """What was read since a moment, or at all."""
    query = sa.select(changes.c.assessment)
    if since is not None:
        query = query.where(changes.c.at > since)
    documents = relevant = 0
    highest: Severity | None = None
    for assessment in conn.execute(query).scalars():
        documents += 1
        if assessment.get("relevant"):
            relevant += 1
            severity = Severity(assessment.get("severity", "low"))
            highest = severity if highest is None or severity.rank > highest.rank else highest
    return Count(since, documents, relevant, highest)


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a codified text: when it was found, and the document's title."""

    at: datetime
    title: str


def ear_changed(conn: sa.Connection) -> Change | None:
    """The last change of a part of the Export Administration Regulations, where a source reads them; None otherwise."""
    query = (
        sa.select(documents.c.changed_at, documents.c.title)
        .join(sources, sources.c.id == documents.c.source)
        .where(sources.c.kind == "ecfr")
        .order_by(documents.c.changed_at.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return Change(*row) if row else None

"""What was told of stories: each revision as it was issued, with what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Revision, State
from bot.store import evidence
from bot.store.records import Record, revision_of, revision_record
from bot.store.schema import alerts, deadlines, documents, ledger_drafts, members


def issue(
    conn: sa.Connection,
    revision: Revision,
    law: list[Record],
    flips: list[Record] | None = None,
    beside: Mapping[str, Any] | None = None,
    details: list[Record] | None = None,
) -> None:
    """Store a revision with the law as it stood, the answers that it flips, and the redlines and rows of its changes:
    all that cards are rendered from. It is logged as evidence in the same transaction.

    `beside` is what a correction (`correction`) or the pointer to another story (`survivor`) says besides.
    """
    stands_beside = {"law": law, "flips": flips or [], "beside": dict(beside or {}), "details": details or []}
    conn.execute(
        alerts.insert().values(
            story=revision.story.id,
            number=revision.number,
            op=revision.op.value,
            at=revision.at,
            rise=list(revision.rise),
            revision={**revision_record(revision), **stands_beside},
        )
    )
    evidence.log_revision(conn, revision, law)


@dataclass(frozen=True, slots=True)
class Issued:
    """A stored revision, the law lines beside it, the answers that it flips, and what it says besides.

    `pending` says that at this moment a document of the story waits as a draft of the ledger; `days` are those that its
    documents name, each with what it is for; `details` are the redlines and rows of its changes.
    """

    revision: Revision
    law: list[Record]
    flips: list[Record]
    beside: Record = field(default_factory=dict)
    pending: bool = False
    days: tuple[tuple[str, date], ...] = ()
    details: list[Record] = field(default_factory=list)

    @property
    def ends(self) -> bool:
        """Whether the story is told no more from here on: it was taken back, or went into another."""
        return self.revision.corrects or "survivor" in self.beside


def issued(conn: sa.Connection, story: str, number: int) -> Issued:
    """A stored revision with what stands beside it."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story, alerts.c.number == number)
    record = conn.execute(query).scalar_one()
    return Issued(
        revision_of(record),
        record.get("law", []),
        record.get("flips", []),
        record.get("beside", {}),
        _waits(conn, story),
        _days(conn, story),
        record.get("details", []),
    )


def newest_number(conn: sa.Connection, story: str) -> int | None:
    """The number of the newest revision of a story; None for one that was never told."""
    return conn.execute(sa.select(sa.func.max(alerts.c.number)).where(alerts.c.story == story)).scalar()


def last_told(conn: sa.Connection, story: str) -> datetime | None:
    """When the newest revision of a story was issued."""
    return conn.execute(sa.select(sa.func.max(alerts.c.at)).where(alerts.c.story == story)).scalar()


def details_of(conn: sa.Connection, story: str) -> list[Record]:
    """The redlines and rows that the newest revision of a story shows."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story).order_by(alerts.c.number.desc()).limit(1)
    record = conn.execute(query).scalar()
    return list(record.get("details", [])) if record else []


def _days(conn: sa.Connection, story: str) -> tuple[tuple[str, date], ...]:
    """The days that a story's documents name, and its stations where one of them lay on an inspection desk."""
    named = sa.select(deadlines.c.due, deadlines.c.day).where(deadlines.c.story == story).order_by(deadlines.c.day)
    lay = (
        sa.select(documents.c.details)
        .join(members, sa.and_(members.c.source == documents.c.source, members.c.key == documents.c.key))
        .where(members.c.story == story, documents.c.state == State.SCHEDULED.value)
    )
    stations = [
        (station, _day(details.get(name)))
        for details in conn.execute(lay).scalars()
        for station, name in (("filed", "filed_at"), ("published", "publication_date"))
    ]
    pairs = [*stations, *((row.due, _day(row.day)) for row in conn.execute(named))]
    return tuple((due, day) for due, day in pairs if day is not None)


def _day(stated: object) -> date | None:
    try:
        return date.fromisoformat(stated[:10]) if isinstance(stated, str) else None
    except ValueError:
        return None


def _waits(conn: sa.Connection, story: str) -> bool:
    waiting = (
        sa.select(ledger_drafts.c.id)
        .join(members, sa.and_(members.c.source == ledger_drafts.c.source, members.c.key == ledger_drafts.c.key))
        .where(members.c.story == story, ledger_drafts.c.resolved_at.is_(None))
    )
    return conn.execute(waiting.limit(1)).first() is not None

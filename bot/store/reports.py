"""What readers report as a mistake: it waits until an operator has corrected the story or dismissed the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import reports

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class MistakeReport:
    """A report that waits. `reporter` is opaque text of the platform; `reason` is what the reader wrote, cut."""

    id: int
    story: str
    reporter: str
    reason: str
    at: datetime


_REPORT = [reports.c[name] for name in MistakeReport.__slots__]
_WAITS = reports.c.resolved_at.is_(None)


def add(conn: sa.Connection, story: str, reporter: str, reason: str, at: datetime) -> int:
    """Store a report; its number. A reader's second word on the same story takes the place of the first while it
    waits, so that nobody can fill the list alone."""
    said = reason.strip()[:LONGEST_REASON]
    mine = (reports.c.story == story, reports.c.reporter == reporter, _WAITS)
    there = conn.execute(sa.select(reports.c.id).where(*mine)).scalar()
    if there is not None:
        conn.execute(reports.update().where(reports.c.id == there).values(reason=said))
        return int(there)
    row = reports.insert().values(story=story, reporter=reporter, reason=said, at=at).returning(reports.c.id)
    return int(conn.execute(row).scalar_one())


def count(conn: sa.Connection) -> int:
    """How many wait for an operator."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(reports).where(_WAITS)).scalar_one())


def waiting(conn: sa.Connection, limit: int | None = None) -> list[MistakeReport]:
    """What waits for an operator, oldest first, at most `limit` of it."""
    return [
        MistakeReport(*row)
        for row in conn.execute(sa.select(*_REPORT).where(_WAITS).order_by(reports.c.id).limit(limit))
    ]


def dismiss(conn: sa.Connection, id_: int, at: datetime) -> bool:
    """The story was right. False when no report of this number waits."""
    values = {"resolved_at": at, "resolution": "dismissed"}
    return bool(conn.execute(reports.update().where(reports.c.id == id_, _WAITS).values(**values)).rowcount)


def settle(conn: sa.Connection, story: str, at: datetime) -> int:
    """The story was corrected: how many reports of it had waited."""
    values = {"resolved_at": at, "resolution": "corrected"}
    return conn.execute(reports.update().where(reports.c.story == story, _WAITS).values(**values)).rowcount


def hand_on(conn: sa.Connection, away: str, into: str) -> None:
    """A story went into another: what was reported of it is told of that one."""
    conn.execute(reports.update().where(reports.c.story == away).values(story=into))

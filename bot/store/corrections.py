"""The public list of corrections: every story that we took back, for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.store.schema import corrections


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction. The story was on screen in `channels` channels from `shown_from` until `at`; `number` counts the
    corrections of the year."""

    story: str
    at: datetime
    cause: str
    shown_from: datetime
    channels: int
    reported_by_member: bool
    number: int


_ROW = [corrections.c[name] for name in CorrectionRow.__slots__]


def add(
    conn: sa.Connection,
    story: str,
    cause: str,
    shown_from: datetime,
    channels: int,
    *,
    reported_by_member: bool,
    at: datetime,
) -> CorrectionRow:
    """Put a correction on the list, with the next number of its year."""
    number = count(conn, at.year) + 1
    row = CorrectionRow(story, at, cause, shown_from, channels, reported_by_member, number)
    conn.execute(corrections.insert().values({column.name: getattr(row, column.name) for column in _ROW}))
    return row


def listing(conn: sa.Connection, limit: int = 200) -> list[CorrectionRow]:
    """The corrections, newest first."""
    query = sa.select(*_ROW).order_by(corrections.c.at.desc(), corrections.c.id.desc()).limit(limit)
    return [CorrectionRow(*row) for row in conn.execute(query)]


def of_story(conn: sa.Connection, story: str) -> CorrectionRow | None:
    """The correction of a story, if it was taken back."""
    row = conn.execute(sa.select(*_ROW).where(corrections.c.story == story)).first()
    return CorrectionRow(*row) if row else None


def count(conn: sa.Connection, year: int) -> int:
    """How many corrections were made in a year (UTC)."""
    inside = (
        corrections.c.at >= datetime(year, 1, 1, tzinfo=UTC),
        corrections.c.at < datetime(year + 1, 1, 1, tzinfo=UTC),
    )
    return conn.execute(sa.select(sa.func.count()).select_from(corrections).where(*inside)).scalar_one()


def count_all(conn: sa.Connection) -> int:
    """How many corrections there are."""
    return conn.execute(sa.select(sa.func.count()).select_from(corrections)).scalar_one()

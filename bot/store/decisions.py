"""What operators decided about stories. The pipeline follows it from the next document on; `audit` says who it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import decisions


@dataclass(frozen=True, slots=True)
class Decision:
    """`decision` is `merge` (`story` remains, `other` went into it), `split` (`other` was split off `story`) or
    `retract`."""

    id: int
    at: datetime
    decision: str
    story: str
    other: str | None


_DECISION = [decisions.c[name] for name in Decision.__slots__]


def log(conn: sa.Connection, at: datetime, decision: str, story: str, other: str | None = None) -> None:
    """Remember a decision for good."""
    conn.execute(decisions.insert().values(at=at, decision=decision, story=story, other=other))


def newest(conn: sa.Connection) -> int:
    """The number of the newest decision, 0 while there is none: a worker asks whether another has decided since."""
    return conn.execute(sa.select(sa.func.max(decisions.c.id))).scalar() or 0


def every(conn: sa.Connection) -> list[Decision]:
    """All decisions in their order."""
    return [Decision(*row) for row in conn.execute(sa.select(*_DECISION).order_by(decisions.c.id))]

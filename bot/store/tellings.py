"""What followers of a story are to be told: one row for each rise and follower, born in the transaction of the rise, so
that nobody is told twice and a crash forgets nobody who had not been written to yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.backends import notify
from bot.store.schema import Instant, followers, mutes, tellings

BEGUN = "begun"
"""The outcome of a row while its message is being handed over: what still has it later is known to nobody."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One rise of a story for one person, in his language."""

    id: int
    platform: str
    person: str
    story: str
    number: int
    language: str
    attempts: int
    outcome: str | None

    @property
    def key(self) -> str:
        """The same for every try: what a platform recognises a message by."""
        return f"{self.story}.{self.number}.{self.person}"


def add(conn: sa.Connection, story: str, number: int, at: datetime, *, loud: bool) -> None:
    """One row for each follower of a story; who has muted it gets none, unless it is `loud`: a correction is."""
    chosen = sa.select(
        followers.c.platform,
        followers.c.person,
        followers.c.story,
        sa.literal(number),
        followers.c.language,
        sa.literal(at, Instant),
        sa.literal(at, Instant),
        sa.literal(0),
    ).where(followers.c.story == story)
    if not loud:
        silent = sa.select(sa.literal(1)).where(
            mutes.c.scope == "person",
            mutes.c.platform == followers.c.platform,
            mutes.c.whose == followers.c.person,
            mutes.c.story == story,
        )
        chosen = chosen.where(~silent.exists())
    into = ["platform", "person", "story", "number", "language", "born_at", "due_at", "attempts"]
    if conn.execute(tellings.insert().from_select(into, chosen)).rowcount:
        notify(conn)


def due(conn: sa.Connection, platforms: Sequence[str], now: datetime, limit: int = 50) -> list[Telling]:
    """The rows whose time has come, oldest first."""
    columns = [tellings.c[name] for name in Telling.__slots__]
    query = sa.select(*columns).where(tellings.c.due_at <= now, tellings.c.platform.in_(platforms))
    return [Telling(*row) for row in conn.execute(query.order_by(tellings.c.id).limit(limit))]


def take(conn: sa.Connection, telling: Telling, until: datetime) -> bool:
    """Lease a row and note that its message is being handed over: False where another worker was quicker."""
    mine = (tellings.c.id == telling.id, tellings.c.attempts == telling.attempts, tellings.c.due_at.is_not(None))
    taken = tellings.update().where(*mine).values(attempts=telling.attempts + 1, due_at=until, outcome=BEGUN)
    return conn.execute(taken).rowcount == 1


def done(conn: sa.Connection, id_: int, outcome: str) -> None:
    """He was told, cannot be told, or nobody knows."""
    conn.execute(tellings.update().where(tellings.c.id == id_).values(due_at=None, outcome=outcome))


def again(conn: sa.Connection, id_: int, due_at: datetime, reason: str) -> None:
    """The platform did not take it: another try at `due_at`."""
    conn.execute(tellings.update().where(tellings.c.id == id_).values(due_at=due_at, outcome=reason))


def forget(conn: sa.Connection, platform: str, person: str) -> int:
    """Erase what a person was, or was to be, told; how many rows."""
    mine = (tellings.c.platform == platform, tellings.c.person == person)
    return conn.execute(tellings.delete().where(*mine)).rowcount


def forget_within(conn: sa.Connection, platform: str, within: str) -> int:
    """Erase it for the people whose ids begin so; how many rows."""
    theirs = tellings.c.person.startswith(within, autoescape=True)
    return conn.execute(tellings.delete().where(tellings.c.platform == platform, theirs)).rowcount

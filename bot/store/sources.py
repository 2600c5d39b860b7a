"""What is remembered of each source between polls: schedule, lease, validators, the last reading's keys, health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.model import Health
from bot.store.schema import sources

RESTS = "rests"
"""In the place of an error: the source is not asked, and `error_detail` says what it waits for."""


class SourceState(NamedTuple):
    """A row of `sources`, all moments UTC. The keys of its last good reading are asked for by `window_of`: most polls
    change nothing and do not need them."""

    id: str
    baseline_at: datetime | None
    next_poll_at: datetime | None
    validators: Mapping[str, Sequence[str | None]]
    body_hash: str | None
    cursor: Mapping[str, Any] | None
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    last_change_at: datetime | None
    retry_at: datetime | None
    failures: int
    failing_since: datetime | None
    notified_at: datetime | None
    stale_since: datetime | None
    error: str | None
    error_detail: str | None
    held_id: int | None

    @property
    def health(self) -> Health:
        """In one word: what is held and what rests are said before what failed; `new` has never answered."""
        if self.held_id is not None:
            return Health.HELD
        if self.error == RESTS:
            return Health.RESTING
        if self.failures:
            return Health.FAILING
        if self.stale_since is not None:
            return Health.STALE
        return Health.OK if self.last_success_at else Health.NEW


_STATE = [sources.c[name] for name in SourceState._fields]
_NOT_FOR_A_POLL = ("last_attempt_at", "notified_at", "error_detail")
_CLAIMED = [sa.null().label(name) if name in _NOT_FOR_A_POLL else sources.c[name] for name in SourceState._fields]
"""What a poll works with; the rest is None in a claimed state."""


def register(conn: sa.Connection, kinds: Mapping[str, str]) -> None:
    """Make a row for each source that has none yet; `kinds` maps ids to kinds. A new one is due at once."""
    there = set(conn.execute(sa.select(sources.c.id).where(sources.c.id.in_(kinds))).scalars())
    rows = [{"id": id_, "kind": kind} for id_, kind in kinds.items() if id_ not in there]
    if rows:
        conn.execute(sources.insert(), rows)


def due(conn: sa.Connection, now: datetime) -> list[str]:
    """The sources whose time has come and that nobody polls, most overdue first; those without a table are among them.

    It names none: a list of thousands in the question would cost more than the answer.
    """
    query = sa.select(sources.c.id).where(_is_due(now)).order_by(sources.c.next_poll_at, sources.c.id)
    return list(conn.execute(query).scalars())


def claim_due(
    conn: sa.Connection, owner: str, now: datetime, lease: timedelta, ids: Sequence[str]
) -> list[SourceState]:
    """Lease those of `ids` that are still due and that nobody else polls or is about to, in their order.

    A lease that ran out (its owner died) is taken over.
    """
    still = sa.select(sources.c.id).where(sources.c.id.in_(ids), _is_due(now)).with_for_update(skip_locked=True)
    there = set(conn.execute(still).scalars())
    return _lease(conn, owner, now, lease, [id_ for id_ in ids if id_ in there])


def claim(conn: sa.Connection, owner: str, now: datetime, lease: timedelta, ids: Sequence[str]) -> list[SourceState]:
    """Lease the named sources, due or not, in the order given; those that another holds are left out."""
    return _lease(conn, owner, now, lease, ids)


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(sa.or_(sources.c.next_poll_at.is_(None), sources.c.next_poll_at <= now), _free(now))


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(sources.c.lease_until.is_(None), sources.c.lease_until <= now)


def _lease(
    conn: sa.Connection, owner: str, now: datetime, lease: timedelta, chosen: Sequence[str]
) -> list[SourceState]:
    """Lease those of `chosen` that are free, all in one statement, in their order."""
    if not chosen:
        return []
    leased = (
        sources.update()
        .where(sources.c.id.in_(chosen), _free(now))
        .values(lease_owner=owner, lease_until=now + lease, last_attempt_at=now)
        .returning(*_CLAIMED)
    )
    rows = {row.id: _state(row) for row in conn.execute(leased)}
    return [rows[id_] for id_ in chosen if id_ in rows]


def state_of(conn: sa.Connection, id_: str) -> SourceState | None:
    """What is remembered of one source."""
    row = conn.execute(sa.select(*_STATE).where(sources.c.id == id_)).one_or_none()
    return _state(row) if row else None


def window_of(conn: sa.Connection, id_: str) -> list[str]:
    """The keys of a source's last good reading, in its order."""
    return list(conn.execute(sa.select(sources.c.window).where(sources.c.id == id_)).scalar() or ())


def states(conn: sa.Connection) -> list[SourceState]:
    """What is remembered of all sources, by id."""
    return [_state(row) for row in conn.execute(sa.select(*_STATE).order_by(sources.c.id))]


def _state(row: Any) -> SourceState:
    return SourceState._make(row)


def save(conn: sa.Connection, id_: str, **values: Any) -> None:
    """Change what is remembered of one source, and give its lease back."""
    conn.execute(sources.update().where(sources.c.id == id_).values(**values, lease_owner=None, lease_until=None))


def ask_soon(conn: sa.Connection, id_: str, now: datetime) -> bool:
    """Let a source be polled at the next beat; False where there is none of this name."""
    return conn.execute(sources.update().where(sources.c.id == id_).values(next_poll_at=now)).rowcount > 0


def mark_stale(conn: sa.Connection, id_: str, since: datetime) -> None:
    """The source has been silent for longer than it ever should be."""
    conn.execute(sources.update().where(sources.c.id == id_).values(stale_since=since))


def mark_notified(conn: sa.Connection, id_: str, at: datetime) -> None:
    """Operators have been told of the present outage."""
    conn.execute(sources.update().where(sources.c.id == id_).values(notified_at=at))


_UNCHANGED = (
    sources.update()
    .where(sources.c.id == sa.bindparam("source"))
    .values(
        next_poll_at=sa.bindparam("next_poll_at"),
        last_success_at=sa.bindparam("last_success_at"),
        lease_owner=None,
        lease_until=None,
    )
)


def save_unchanged(conn: sa.Connection, polls: Sequence[tuple[str, datetime, datetime]]) -> None:
    """For polls that found nothing new in a healthy source: (id, when it was asked, when to ask again)."""
    if polls:
        conn.execute(
            _UNCHANGED,
            [{"source": id_, "last_success_at": at, "next_poll_at": next_at} for id_, at, next_at in polls],
        )

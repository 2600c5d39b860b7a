"""How fast a platform is written to: a token bucket shared through the store, slowed by the platform's own answers.

However many workers there are, each takes its permits in the transaction of its claim, from the same row: together they
stay under the platform's one limit. A platform that complains is written to more slowly from then on, and faster again
as it bears it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.platform import Limits, Platform
from bot.errors import Reach
from bot.store import paces
from bot.store.engine import Connection

SLOWER = 0.8
"""What becomes of the rate when the platform complains."""
FASTER_AFTER = timedelta(minutes=1)
"""Without a complaint for so long, the rate grows by a tenth of what is declared."""
SLOWEST = 0.05
"""The least share of the declared rate that is learned."""
LONGEST_STOP = timedelta(hours=6)
SHORTEST_STOP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Permits:
    """How many messages may go to a platform now, when the next may (None: as soon as there is one), and which
    workspaces get none."""

    count: int
    next_at: datetime | None = None
    stopped: frozenset[str] = frozenset()


def limits_of(platform: Platform) -> Limits:
    """What a platform declares; one that declares nothing has no limits."""
    declared = getattr(platform, "limits", None)
    return declared if isinstance(declared, Limits) else Limits()


def permits(conn: Connection, name: str, limits: Limits, wanted: int, now: datetime) -> Permits:
    """How many of `wanted` messages may go out now. Nothing is taken yet; other workers wait until the unit ends."""
    stops = paces.stopped(conn, name, now)
    if "" in stops:
        return Permits(0, stops[""])
    workspaces = frozenset(stops)
    if limits.per_second is None:
        return Permits(wanted, None, workspaces)
    pace = paces.hold(conn, name)
    rate, filled = _rate(pace, limits), _filled_at(pace, now)
    room = int((now - filled).total_seconds() * rate + limits.burst + 1e-9)
    if room >= 1:
        return Permits(min(wanted, room), None, workspaces)
    return Permits(0, filled + timedelta(seconds=(1 - limits.burst) / rate), workspaces)


def take(conn: Connection, name: str, limits: Limits, count: int, now: datetime) -> None:
    """`count` messages go out now."""
    if limits.per_second is None or count == 0:
        return
    pace = paces.hold(conn, name)
    rate = _rate(pace, limits)
    if pace.slowed_at is not None and now - pace.slowed_at >= FASTER_AFTER and rate < limits.per_second:
        rate = min(limits.per_second, rate + limits.per_second / 10)
        pace = replace(pace, slowed_at=now, rate=None if rate == limits.per_second else rate)
    paces.save(conn, replace(pace, filled_at=_filled_at(pace, now) + timedelta(seconds=count / rate)))


def slow(conn: Connection, name: str, limits: Limits, reach: Reach, id_: str, until: datetime, now: datetime) -> None:
    """A platform asked to be left alone until then: the whole of it, a workspace (`id_`), or a channel (`id_` is the
    order's number). A clock that jumped, theirs or ours, stops nothing for longer than `LONGEST_STOP`."""
    until = bounded(until, now)
    if reach == "channel":
        paces.rest(conn, int(id_), until)
        return
    pace = paces.hold(conn, name if reach == "platform" else f"{name}/{id_}")
    if reach == "platform" and limits.per_second is not None:
        slowest = limits.per_second * SLOWEST
        pace = replace(pace, rate=max(slowest, _rate(pace, limits) * SLOWER), slowed_at=now)
    paces.save(conn, replace(pace, stopped_until=max(until, pace.stopped_until or until)))


def bounded(until: datetime, now: datetime) -> datetime:
    """When a stop ends that a platform asked for."""
    return max(now + SHORTEST_STOP, min(until, now + LONGEST_STOP))


def _rate(pace: paces.Pace, limits: Limits) -> float:
    assert limits.per_second is not None
    return min(pace.rate or limits.per_second, limits.per_second)


def _filled_at(pace: paces.Pace, now: datetime) -> datetime:
    """When the bucket is full again; a stamp from a clock that ran ahead counts for no more than a minute."""
    if pace.filled_at is None:
        return now
    return min(max(pace.filled_at, now), now + timedelta(minutes=1))

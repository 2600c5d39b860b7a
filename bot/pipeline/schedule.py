"""When a source is asked next. Pure: the moment, the source's wishes and the publisher's go in, a moment comes out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sources.base import Source

LONGEST_WAIT = timedelta(hours=24)
"""However long a publisher asks to be left alone (max-age, ttl): once a day it is asked."""
LONGEST_BACK_OFF = timedelta(hours=6)
CRON_BACK_OFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """The settings of the schedule: the interval of sources without one of their own, and its jitter as a fraction."""

    interval: timedelta = timedelta(minutes=30)
    jitter: float = 0.1


def next_poll(source: Source, now: datetime, wait: float | None, pace: Pace, chance: random.Random) -> datetime:
    """When to ask after a good poll. `wait` is what the publisher asked for, in seconds."""
    if source.cron:
        return _next_cron(source, now)
    asked = min(wait or 0.0, LONGEST_WAIT.total_seconds())
    interval = max(source.interval or pace.interval.total_seconds(), asked)
    return now + timedelta(seconds=max(interval * (1 + pace.jitter * (2 * chance.random() - 1)), asked))


def next_try(
    source: Source, now: datetime, failures: int, retry_at: datetime | None, pace: Pace, chance: random.Random
) -> datetime:
    """When to ask after `failures` failed polls in a row: doubling from the interval, never before `retry_at`."""
    interval = timedelta(seconds=source.interval) if source.interval else pace.interval
    first = CRON_BACK_OFF if source.cron else min(interval, LONGEST_BACK_OFF)
    back_off = min(first * 2.0 ** min(failures - 1, 10), LONGEST_BACK_OFF)
    moment = now + back_off * (1 + pace.jitter * chance.uniform(0, 2))
    return max(moment, retry_at) if retry_at else moment


def foreseen(source: Source, last: datetime, told: datetime | None, pace: Pace) -> datetime:
    """When a source was to be asked again after the good poll at `last`. `told` is the moment that was worked out then,
    None where failures or a rest have taken its place: then the publisher's own wishes are forgotten."""
    if source.cron:
        return _next_cron(source, last)
    interval = source.interval or pace.interval.total_seconds()
    longest = max(interval, LONGEST_WAIT.total_seconds()) * (1 + pace.jitter)
    soonest = last + timedelta(seconds=interval * (1 + pace.jitter))
    return min(max(soonest, told), last + timedelta(seconds=longest)) if told else soonest


def _next_cron(source: Source, now: datetime) -> datetime:
    """The next moment of any of the cron lines in the publisher's own zone, right over both changes of the clock."""
    from cronsim import CronSim

    local = now.astimezone(ZoneInfo(source.timezone))
    following: datetime = min(next(CronSim(line, local)) for line in source.crons)
    return following.astimezone(now.tzinfo)

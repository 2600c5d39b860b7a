"""Time is injected: every part asks a clock, so that a replay and the tests run without sleeping."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
"""Where the days begin that the documents of the United States name."""

Moment = datetime | date
"""A point in time (aware, UTC) or, where the publisher gives no time of day, a date that stays a date."""


class Clock(Protocol):
    """What the rooms know of time."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back when `seconds` of this clock have passed."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        import asyncio  # here, so that whoever only writes dates need not load it

        await asyncio.sleep(seconds)


class SetClock:
    """A clock that is set by hand: for replays and tests. Sleeping moves it on and takes no time."""

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Move to `moment`; a clock never runs backwards, an earlier moment leaves it where it is."""
        self._now = max(self._now, as_utc(moment))

    async def sleep(self, seconds: float) -> None:
        import asyncio

        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_of(moment: Moment) -> date:
    """The UTC day of a moment, or the date itself."""
    return as_utc(moment).date() if isinstance(moment, datetime) else moment


def span_of(day: date) -> tuple[datetime, datetime]:
    """A UTC day's first moment, and the first after it; of the last day that can be named, the last moment there is."""
    begins = datetime.combine(day, time(), UTC)
    return begins, begins + min(timedelta(days=1), datetime.max.replace(tzinfo=UTC) - begins)


def iso(moment: Moment | None) -> str | None:
    """ISO 8601 for machines: UTC with offset, seconds at least; a bare date stays `YYYY-MM-DD`."""
    if moment is None:
        return None
    return as_utc(moment).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def moment_of(text: str | None) -> Moment | None:
    """The inverse of `iso`."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else as_utc(datetime.fromisoformat(text))

"""How fast the bot may ask: fifty requests a second in all, and far fewer refused ones than get an address banned.

The library keeps to the buckets of single routes, but knows neither of the two: a message to thousands of channels
would run into the global limit, and ten thousand refusals within ten minutes into a ban of the whole address.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

from bot.clock import Clock

PER_SECOND = 48
SECOND = 1.03
"""So many requests may start within any such second: below the platform's fifty, for networks bunch what was spread."""
WINDOW = timedelta(minutes=10)
REFUSALS = 2_500
"""Refused requests (401, 403, 429) within `WINDOW` after which the bot rests: a quarter of what leads to a ban."""


class Pace:
    """One for the whole process. Asking and answering on behalf of somebody's command is not held up by it."""

    def __init__(self, clock: Clock, per_second: int = PER_SECOND, refusals: int = REFUSALS) -> None:
        self._clock = clock
        self._step = 1.0 / per_second
        self._started: deque[float] = deque(maxlen=per_second)
        self._next = 0.0
        self._turn = asyncio.Lock()
        self._refused: deque[datetime] = deque(maxlen=refusals)

    async def wait(self) -> None:
        """Come back when the next request may start. Those who wait go in the order in which they came."""
        async with self._turn:
            now = self._seconds()
            earliest = self._next
            if len(self._started) == self._started.maxlen:
                earliest = max(earliest, self._started[0] + SECOND)
            while now < earliest:
                await self._clock.sleep(max(earliest - now, 0.001))
                now = self._seconds()
            self._started.append(now)
            self._next = max(self._next, now - 4 * self._step) + self._step

    def refused(self) -> None:
        """A request came back refused."""
        self._refused.append(self._clock.now())

    @property
    def rests_until(self) -> datetime | None:
        """Until when no request may be made at all, None while there is room."""
        if len(self._refused) < (self._refused.maxlen or 0):
            return None
        until = self._refused[0] + WINDOW
        return until if until > self._clock.now() else None

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

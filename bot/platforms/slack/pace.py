"""About one message a second and channel: Slack hides or refuses what comes faster, and says so only sometimes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import DeliveryError

GAP = timedelta(seconds=1.02)
"""From one message's answer to the next message: never two within a second, wherever on the way they were delayed."""
PATIENCE = timedelta(seconds=3.5)
"""A turn that is farther away than this is given back with its time, so that whoever waits can do other work."""


class Pace:
    """Turns by channel, in the order in which they were asked for."""

    def __init__(self, clock: Clock, gap: timedelta = GAP) -> None:
        self._clock = clock
        self._gap = gap
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, datetime] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, channel: str) -> AsyncIterator[None]:
        """The channel for one message. Raises DeliveryError(`slowed="channel"`) where the turn comes too late."""
        ahead = self._waiting.get(channel, 0)
        self._refuse_long(channel, ahead)
        self._waiting[channel] = ahead + 1
        try:
            async with self._locks.setdefault(channel, asyncio.Lock()):
                self._refuse_long(channel, 0)  # a message before this one may have been told to wait
                wait = (self._next.get(channel, self._clock.now()) - self._clock.now()).total_seconds()
                if wait > 0:
                    await self._clock.sleep(wait)
                try:
                    yield
                finally:
                    self.hold(channel, self._clock.now() + self._gap)
        finally:
            self._leave(channel)

    def hold(self, channel: str, until: datetime) -> None:
        """Nothing goes into the channel before `until`."""
        self._next[channel] = max(until, self._next.get(channel, until))

    def _refuse_long(self, channel: str, ahead: int) -> None:
        now = self._clock.now()
        at = max(self._next.get(channel, now), now) + ahead * self._gap
        if at - now > PATIENCE:
            raise DeliveryError("the channel's turn comes later", retry_at=at, slowed="channel")

    def _leave(self, channel: str) -> None:
        self._waiting[channel] -= 1
        if not self._waiting[channel]:
            del self._waiting[channel]
        if len(self._next) > 10_000:
            now = self._clock.now()
            self._next = {name: at for name, at in self._next.items() if at > now or name in self._waiting}
            self._locks = {name: lock for name, lock in self._locks.items() if name in self._waiting}

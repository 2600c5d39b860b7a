"""Weeks in minutes: a clock that is driven from beat to beat of the bot's own jobs, while everything else is real."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.pipeline.clockwork import Job, Trouble

STEPS = 2000
"""So many steps a beat's work may take before the clock goes on all the same."""


class DrivenClock:
    """A clock that stands until it is moved; who sleeps is woken at his moment."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        """The moment that is played."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Come back when the clock has been moved so far."""
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._numbers), woken))
        await woken

    def move(self, latest: datetime) -> bool:
        """Go to the next sleeper's moment and wake him, or to `latest` if that is sooner; whether somebody woke."""
        while self._sleepers and self._sleepers[0][0] <= latest:
            at, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not woken.done():
                woken.set_result(None)
                return True
        self._now = max(self._now, latest)
        return False


@dataclass(slots=True)
class DrivenBeats:
    """Beats the jobs one after another in the order of their moments, until `ends`. Between two moments it waits until
    `idle` says that what the last one began is done. `slowest` replaces periods by longer ones, by the job's name."""

    clock: DrivenClock
    ends: datetime
    idle: Callable[[], Awaitable[bool]]
    ended: Callable[[], None]
    trouble: Trouble
    slower: Mapping[str, float] = field(default_factory=dict)
    _jobs: list[tuple[datetime, int, timedelta, str, Job]] = field(default_factory=list)
    _driving: asyncio.Task[None] | None = None

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Beat `job` every `seconds`."""
        period = timedelta(seconds=max(seconds, self.slower.get(name, 0)))
        heapq.heappush(self._jobs, (self.clock.now() + period, len(self._jobs), period, name, job))

    def start(self) -> None:
        """Begin to beat."""
        self._driving = asyncio.create_task(self._drive())

    def stop(self) -> None:
        """Stop beating."""
        if self._driving is not None:
            self._driving.cancel()

    async def _drive(self) -> None:
        while self._jobs[0][0] <= self.ends:
            at, order, period, name, job = heapq.heappop(self._jobs)
            await self._wake_until(at)
            try:
                await job()
            except Exception as error:
                self.trouble(name, error)
            await self._settle()
            heapq.heappush(self._jobs, (at + period, order, period, name, job))
        self.ended()

    async def _wake_until(self, moment: datetime) -> None:
        """Go to a moment, waking who sleeps on the way."""
        woke = True
        while woke:
            woke = self.clock.move(moment)
            await asyncio.sleep(0)

    async def _settle(self) -> None:
        """Let sleepers of a moment's work go on, and wait for it."""
        for _ in range(STEPS):
            if await self.idle():
                return
            self.clock.move(self.clock.now() + timedelta(milliseconds=20))
            await asyncio.sleep(0.001)

"""Keeps loops alive: one that dies is restarted with growing patience, and its death is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.clock import Clock

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


@dataclass(slots=True)
class Supervisor:
    """Runs named loops until it is stopped. `report` hears of every death: the loop's name and the error.

    `beats` holds when each loop last said that it is alive (seconds of the event loop's clock); health fails when one
    has been silent for three of its periods.
    """

    clock: Clock
    report: Callable[[str, BaseException], None]
    beats: dict[str, float] = field(default_factory=dict)
    periods: dict[str, float] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def expect(self, name: str, period: float) -> None:
        """Watch a beat that no loop of ours gives (a scheduled job)."""
        self.periods[name] = period
        self.beat(name)

    def start(self, name: str, loop: Callable[[], Awaitable[None]], period: float) -> None:
        """Keep `loop` running; it should call `beat(name)` at least every `period` seconds."""
        self.expect(name, period)
        self._tasks.append(asyncio.create_task(self._keep(name, loop), name=name))

    def beat(self, name: str) -> None:
        """The loop called `name` is alive."""
        self.beats[name] = asyncio.get_running_loop().time()

    def silent(self) -> list[str]:
        """The loops that have not been heard of for three periods."""
        now = asyncio.get_running_loop().time()
        return [name for name, period in self.periods.items() if now - self.beats[name] > 3 * period]

    async def _keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await loop()
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.report(name, error)
            self.restarts[name] = self.restarts.get(name, 0) + 1
            lived = asyncio.get_running_loop().time() - began
            pause = FIRST_PAUSE_S if lived > LONGEST_PAUSE_S else min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)

    async def stop(self, grace: float = 0.0) -> None:
        """Wait `grace` seconds for the loops to end by themselves, then end them."""
        if self._tasks and grace:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

"""Manners towards a host: so many requests at a time, so much time between them, and none while it asks for quiet.

What is remembered here dies with the process; that a source must wait longer than that is kept by whoever stores its
`retry_at`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.clock import Clock
from bot.errors import SourceError

REMEMBERED = 2048
"""Hosts kept in mind before the idle ones are forgotten: redirects can name any number of them."""


class Gate:
    """The door to one host."""

    __slots__ = ("last_start", "quiet_until", "room", "turn", "waiting")

    def __init__(self, per_host: int) -> None:
        self.room = asyncio.Semaphore(per_host)
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.last_start: datetime | None = None
        self.quiet_until: datetime | None = None


class Pacer:
    """The doors to all hosts. `per_host` requests at the same time, `pace` seconds between two starts."""

    def __init__(self, clock: Clock, per_host: int = 2, pace: float = 0.0) -> None:
        self._clock = clock
        self._per_host = per_host
        self._pace = pace
        self._gates: dict[str, Gate] = {}

    @asynccontextmanager
    async def pass_to(self, host: str, quiet: str, *, paced: bool = True) -> AsyncIterator[None]:
        """Wait for a place at `host` and hold it.

        `quiet` names what asked for quiet when it is smaller than the host (see `keep_quiet`); without `paced` the
        time between starts is left out. Raises SourceError `asked_to_wait` while quiet was asked for.
        """
        gate = self._gate(host)
        gate.waiting += 1
        try:
            self._refuse_while_quiet(host, quiet)
            async with gate.room:
                if paced and self._pace > 0:
                    await self._take_turn(gate)
                self._refuse_while_quiet(host, quiet)
                yield
        finally:
            gate.waiting -= 1

    def keep_quiet(self, quiet: str, until: datetime) -> None:
        """Remember that nothing may be asked before `until` (UTC) of what `quiet` names: a host, or one address."""
        gate = self._gate(quiet)
        gate.quiet_until = max(until, gate.quiet_until or until)

    def _refuse_while_quiet(self, host: str, quiet: str) -> None:
        gate = self._gates.get(quiet)
        if gate is None or gate.quiet_until is None:
            return
        if gate.quiet_until <= self._clock.now():
            gate.quiet_until = None
            return
        detail = f"{host} asked not to be asked before {gate.quiet_until:%Y-%m-%d %H:%M:%S} UTC"
        raise SourceError("asked_to_wait", detail, retry_at=gate.quiet_until)

    async def _take_turn(self, gate: Gate) -> None:
        async with gate.turn:
            if gate.last_start is not None:
                since = (self._clock.now() - gate.last_start).total_seconds()
                # A wall clock that was set back must not make anyone wait for more than one step.
                if (wait := min(self._pace - since, self._pace)) > 0:
                    await self._clock.sleep(wait)
            gate.last_start = self._clock.now()

    def _gate(self, host: str) -> Gate:
        gate = self._gates.get(host)
        if gate is None:
            if len(self._gates) >= REMEMBERED:
                self._forget_idle()
            gate = self._gates[host] = Gate(self._per_host)
        return gate

    def _forget_idle(self) -> None:
        now = self._clock.now()
        self._gates = {
            host: gate
            for host, gate in self._gates.items()
            if gate.waiting
            or (gate.quiet_until is not None and gate.quiet_until > now)
            or (gate.last_start is not None and (now - gate.last_start).total_seconds() < self._pace)
        }

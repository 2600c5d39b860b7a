"""Manners towards a host: so many requests at a time, so much time between them, and none while it asks for quiet.

What is remembered here dies with the process; that a source must wait longer than that is kept by whoever stores its
`retry_at`.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.clock import Clock
from bot.errors import SourceError

REMEMBERED = 2048
"""Hosts kept in mind before the idle ones are forgotten: redirects can name any number of them."""
OWN_ROOM = 10
"""Times `per_host` that the operator's own machines are asked at once: nobody is to be spared there."""


class Gate:
    """The door to one host; `inside` counts who has a place there or waits for one."""

    __slots__ = ("inside", "last_start", "quiet_until", "room", "turn")

    def __init__(self, per_host: int) -> None:
        self.room = asyncio.Semaphore(per_host)
        self.turn = asyncio.Lock()
        self.inside = 0
        self.last_start: datetime | None = None
        self.quiet_until: datetime | None = None


class Pacer:
    """The doors to all hosts. `per_host` requests at the same time, `pace` seconds between two starts."""

    def __init__(self, clock: Clock, per_host: int = 2, pace: float = 0.0) -> None:
        self._clock = clock
        self._per_host = per_host
        self._pace = pace
        self._gates: dict[str, Gate] = {}
        self._any_quiet = False

    async def enter(self, host: str, quiet: str, *, own: bool = False, pace: float = 0.0) -> Gate:
        """Wait for a place at `host` and take it; `leave` gives it back.

        `quiet` names what a wish for quiet covers (see `keep_quiet`). At the operator's `own` machines there is no time
        between starts, and room for `OWN_ROOM` times as many. `pace` are the seconds that the request itself wants
        between starts, where they are more. Raises SourceError `asked_to_wait` while quiet was asked.
        """
        gate = self._gates.get(host) or self._gate(host, OWN_ROOM if own else 1)
        if self._any_quiet:
            self._refuse_while_quiet(host, quiet)
        gate.inside += 1
        try:
            await gate.room.acquire()
        except BaseException:
            gate.inside -= 1
            raise
        try:
            if (wanted := max(self._pace, pace)) > 0 and not own:
                await self._take_turn(gate, wanted)
            if self._any_quiet:
                self._refuse_while_quiet(host, quiet)
        except BaseException:
            self.leave(gate)
            raise
        return gate

    def leave(self, gate: Gate) -> None:
        """Give back a place that `enter` took."""
        gate.inside -= 1
        gate.room.release()

    def keep_quiet(self, quiet: str, until: datetime) -> None:
        """Remember that nothing may be asked before `until` (UTC) of what `quiet` names: a host, or one address."""
        gate = self._gate(quiet)
        self._any_quiet = True
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

    async def _take_turn(self, gate: Gate, pace: float) -> None:
        async with gate.turn:
            if gate.last_start is not None:
                since = (self._clock.now() - gate.last_start).total_seconds()
                # A wall clock that was set back must not make anyone wait for more than one step.
                if (wait := min(pace - since, pace)) > 0:
                    await self._clock.sleep(wait)
            gate.last_start = self._clock.now()

    def _gate(self, host: str, times: int = 1) -> Gate:
        gate = self._gates.get(host)
        if gate is None:
            if len(self._gates) >= REMEMBERED:
                self._forget_idle()
            gate = self._gates[host] = Gate(self._per_host * times)
        return gate

    def _forget_idle(self) -> None:
        now = self._clock.now()
        self._gates = {
            host: gate
            for host, gate in self._gates.items()
            if gate.inside
            or (gate.quiet_until is not None and gate.quiet_until > now)
            or (gate.last_start is not None and (now - gate.last_start).total_seconds() < self._pace)
        }

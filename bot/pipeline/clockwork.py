"""The clockwork: APScheduler beats, the store knows what is due. The only module here that touches the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]
Trouble = Callable[[str, BaseException | None], None]


class Beats(Protocol):
    """What the bot's jobs beat by: the clockwork, or one that plays weeks in minutes."""

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Beat `job` every `seconds`."""
        ...

    def start(self) -> None:
        """Begin to beat."""
        ...

    def stop(self) -> None:
        """Stop beating."""
        ...


class Clockwork:
    """Beats named jobs at fixed intervals.

    A beat that comes while the last one still works is left out, several missed ones become one: what is due stands in
    the store, so nothing is lost by that. `trouble` hears of a job that failed (with its error) or was missed.
    """

    def __init__(self, trouble: Trouble) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._trouble = trouble
        self._stopped = False
        self._scheduler.add_listener(self._hear, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Beat `job` every `seconds`."""

        async def beat() -> None:
            try:
                await job()
            except asyncio.CancelledError:
                if not self._stopped:  # the scheduler takes what it cut off itself for a failure
                    raise

        self._scheduler.add_job(beat, "interval", seconds=seconds, id=name)

    def start(self) -> None:
        """Begin to beat; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop beating; jobs that are working are cut off, and that is no trouble."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _hear(self, event: JobExecutionEvent) -> None:
        self._trouble(event.job_id, event.exception)

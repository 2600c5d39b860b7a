"""The outbox's worker: claims what is due, renders it late, hands it to the platform, and keeps what came of it.

Seen is not delivered: a row ends as sent, superseded, or given up with a reason that operators are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.platform import MessageRef, Outgoing, Platform
from bot.delivery.rendering import outgoing, watched_in
from bot.errors import DeliveryError
from bot.model import Op
from bot.store import deliveries, stories
from bot.store.deliveries import Delivery, Posted
from bot.store.engine import Connection, Store
from bot.store.stories import Issued
from bot.store.watchlists import Hits


@dataclass(frozen=True, slots=True)
class Patience:
    """How a failed delivery is tried again: first after `first`, doubling up to `longest`, until `give_up_after`.

    `never_twice` says what becomes of a message of which nobody can tell whether the platform has it: given up and
    counted (the default), or sent again.
    """

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=30)
    give_up_after: timedelta = timedelta(hours=24)
    lease: timedelta = timedelta(seconds=60)
    never_twice: bool = True


@dataclass(frozen=True, slots=True)
class _Job:
    """A claimed delivery with what it says now: the newest revision of its message, and where its head stands.

    `issued` is None where the stored revision cannot be read: `trouble` says why.
    """

    delivery: Delivery
    issued: Issued | None
    head: Posted | None
    newest: int | None
    trouble: str = ""
    watched: Hits | None = None


@dataclass(slots=True)
class Outbox:
    """`report` hears of every end and its reason; `step` of each step (the crash tests kill the process there)."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    owner: str
    patience: Patience = field(default_factory=Patience)
    at_once: int = 20
    report: Callable[[Delivery, str, str], None] = lambda delivery, end, reason: None
    step: Callable[[str], None] = lambda name: None
    beat: Callable[[], None] = lambda: None
    stopping: bool = False

    async def drain(self) -> int:
        """Deliver all that is due now; how many rows were worked on. A slow channel holds up no other.

        When `stopping` is set, what is being sent is finished and nothing more is claimed.
        """
        worked = 0
        sending: set[asyncio.Task[None]] = set()
        try:
            while True:
                room = 0 if self.stopping else self.at_once - len(sending)
                jobs = await self.store.write(partial(self._claim, limit=room)) if room else []
                if jobs:
                    self.step("claimed")
                worked += len(jobs)
                sending |= {asyncio.create_task(self._deliver(job)) for job in jobs}
                self.beat()
                if not sending:
                    return worked
                done, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            await asyncio.gather(*sending, return_exceptions=True)

    async def next_due(self) -> datetime | None:
        """When there will be something to do; None while the outbox is empty."""
        return await self.store.read(deliveries.next_due)

    def _claim(self, conn: Connection, limit: int) -> list[_Job]:
        claimed = deliveries.claim(conn, self.owner, self.clock.now(), self.patience.lease, limit, list(self.platforms))
        return [self._job(conn, delivery) for delivery in claimed]

    def _job(self, conn: Connection, delivery: Delivery) -> _Job:
        newest = deliveries.newest_edit(conn, delivery) if delivery.op is not Op.REPLY else None
        number = newest if newest is not None and delivery.op is Op.POST else delivery.number
        head = deliveries.head(conn, delivery.story, delivery.subscription)
        try:
            issued = stories.issued(conn, delivery.story, number)
            return _Job(delivery, issued, head, newest, watched=watched_in(conn, delivery, issued))
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            trouble = f"the stored revision cannot be read: {type(error).__name__} {error}"
            return _Job(delivery, None, head, newest, trouble)

    async def _deliver(self, job: _Job) -> None:
        delivery = job.delivery
        if delivery.op is Op.EDIT and job.newest is not None:
            await self._end(delivery, "superseded", "", lambda conn: deliveries.superseded(conn, delivery.id))
            return
        if job.issued is None:
            await self._give_up(delivery, job.trouble)
            return
        if delivery.op is not Op.POST and job.head is None:
            await self._give_up(delivery, "the message that it belongs to was never posted")
            return
        platform = self.platforms[delivery.platform]
        try:
            ref = await self._settled(platform, job) or await self._send(platform, job.issued, job)
        except DeliveryError as error:
            await self._failed(delivery, error)
            return
        except Exception as error:  # a platform's bug, or ours, must neither block the channel nor stop the others
            await self._failed(delivery, DeliveryError(f"{type(error).__name__}: {error}"))
            return
        self.step("sent")
        now = self.clock.now()

        def done(conn: Connection) -> None:
            deliveries.sent(conn, delivery.id, Posted(ref.channel, ref.message), now)
            if job.newest is not None:
                deliveries.supersede(conn, delivery, job.newest)

        await self._end(delivery, "sent", "", done)
        self.step("acknowledged")

    async def _settled(self, platform: Platform, job: _Job) -> MessageRef | None:
        """Where an earlier worker's message stands, if it died between sending and noting it down. Edits are repeated:
        the same edit twice is one."""
        delivery = job.delivery
        if delivery.state != "sending" or delivery.op is Op.EDIT:
            return None
        try:
            return await platform.find(delivery.channel, delivery.key)
        except DeliveryError as error:
            if not error.unknown:
                raise
            if self.patience.never_twice:
                raise NobodyKnowsError from error
            return None

    async def _send(self, platform: Platform, issued: Issued, job: _Job) -> MessageRef:
        message: Outgoing = outgoing(job.delivery, issued, job.watched)
        head = MessageRef(job.head.channel, job.head.message) if job.head else None
        if job.delivery.op is Op.POST or head is None:
            return await platform.send(message)
        if job.delivery.op is Op.EDIT:
            return await platform.edit(head, message)
        return await platform.reply(head, message)

    async def _failed(self, delivery: Delivery, error: DeliveryError) -> None:
        now, patience = self.clock.now(), self.patience
        if isinstance(error, NobodyKnowsError):
            leave = partial(deliveries.leave_unknown, id_=delivery.id, reason=error.reason)
            await self._end(delivery, "unknown", error.reason, leave)
            return
        if error.permanent:
            await self._give_up(delivery, error.reason)
            return
        if now - (delivery.first_tried_at or now) >= patience.give_up_after:
            await self._give_up(delivery, f"tried for {patience.give_up_after}: {error.reason}")
            return
        wait = min(patience.first * 2 ** min(delivery.attempts - 1, 16), patience.longest)
        due_at = max(now + wait, error.retry_at or now)
        keep = deliveries.unsettled if error.unknown else deliveries.again
        await self._end(delivery, "retry", error.reason, lambda conn: keep(conn, delivery.id, due_at, error.reason))

    async def _give_up(self, delivery: Delivery, reason: str) -> None:
        await self._end(delivery, "gave_up", reason, lambda conn: deliveries.give_up(conn, delivery.id, reason))

    async def _end(self, delivery: Delivery, end: str, reason: str, work: Callable[[Connection], None]) -> None:
        await self.store.write(work)
        self.report(delivery, end, reason)


class NobodyKnowsError(DeliveryError):
    """An earlier worker died while sending, and the platform has no means to tell whether the message stands there."""

    def __init__(self) -> None:
        super().__init__("nobody can tell whether the platform has it", permanent=True)

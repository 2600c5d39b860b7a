"""The outbox's worker: claims what is due, renders it late, hands it to the platform, and keeps what came of it.

Seen is not delivered: a row ends as sent, superseded, or given up with a reason that operators are shown. What cannot
be reached at present waits as paused.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery import pacing
from bot.delivery.jobs import Job, Reading, after, job_of, tell_watched
from bot.delivery.platform import MessageRef, Outgoing, Platform
from bot.delivery.presence import Presence
from bot.delivery.publishing import publish_due
from bot.delivery.rendering import bundled, outgoing
from bot.delivery.timing import Burst, Triage
from bot.errors import DeliveryError
from bot.model import Op
from bot.store import claims, deliveries, gatherings, mutes, paces
from bot.store.deliveries import Delivery, Posted
from bot.store.engine import Connection, Store

LOOK_S = 0.5
"""While messages are being sent, new ones are looked for this often: a slow channel holds up no other."""
NEWEST_EVERY = 4
"""Every so many claims look for what came last: a story for few channels is not held up by one for thousands, which
still gets the other claims."""
WAITS = timedelta(seconds=2)
"""A pause of the platform's that is waited for on the spot; for a longer one the outbox comes back."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a failed delivery is tried again: first after `first`, doubling up to `longest`, until `give_up_after`.

    `never_twice` says what becomes of a message of which nobody can tell whether the platform has it: given up and
    counted (the default), or sent again. A `lease` is renewed while its message is being sent, which may take
    `longest_send`: it ends soon after its worker.
    """

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=30)
    give_up_after: timedelta = timedelta(hours=72)
    lease: timedelta = timedelta(seconds=10)
    longest_send: timedelta = timedelta(seconds=45)
    never_twice: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """One look at the outbox, `at` a moment: the jobs to do, how many rows were worked on, and when a platform takes
    more (None: no pace holds anything up)."""

    at: datetime
    jobs: list[Job] = field(default_factory=list)
    worked: int = 0
    next_at: datetime | None = None


@dataclass(slots=True)
class Outbox:
    """`report` hears of every end and its reason; `step` of each step (the crash tests kill the process there)."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    owner: str
    patience: Patience = field(default_factory=Patience)
    burst: Burst = field(default_factory=Burst)
    presence: Presence | None = None
    report: Callable[[Delivery, str, str], None] = lambda delivery, end, reason: None
    step: Callable[[str], None] = lambda name: None
    beat: Callable[[], None] = lambda: None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by whoever has put something in: a pause that one channel needs holds up no other."""
    stopping: bool = False
    _in_work: dict[int, Delivery] = field(default_factory=dict)
    _moments: list[datetime] = field(default_factory=list)
    """When something that this worker put off may go out: a channel's pause is over, a second try is due. A heap, since
    each of them is worth a look."""
    _next_at: datetime | None = None
    _renewed_at: datetime | None = None
    _look_again: bool = False
    _claims: int = 0

    async def drain(self) -> int:
        """Deliver all that is due now; how many rows were worked on. A slow channel holds up no other.

        When `stopping` is set, what is being sent is finished and nothing more is claimed.
        """
        worked = 0
        sending: set[asyncio.Task[None]] = set()
        await publish_due(self.store, self.platforms, self.clock)
        try:
            while True:
                turn = Turn(self.clock.now())
                self.woken.clear()  # what is put in from here on is seen by this claim, or ends the wait after it
                if not self.stopping:
                    turn = await self.store.write(partial(self._claim, in_work=tuple(self._in_work.values())))
                if turn.jobs:
                    self.step("claimed")
                worked += turn.worked
                for job in turn.jobs:
                    self._in_work[job.delivery.id] = job.delivery
                sending |= {asyncio.create_task(self._work(job)) for job in turn.jobs}
                self.beat()
                await self._renew()
                if not sending:
                    if turn.worked or await self._rested(turn):
                        continue
                    break
                done = await self._until_woken(sending, LOOK_S)
                self._look_again = not done
                sending -= done
                for task in done:
                    task.result()
        finally:
            await asyncio.gather(*sending, return_exceptions=True)
        await publish_due(self.store, self.platforms, self.clock)
        return worked

    async def next_due(self) -> datetime | None:
        """When there will be something to do; None while the outbox is empty."""
        return await self.store.read(deliveries.next_due)

    async def pause_s(self, longest: float) -> float:
        """For how many seconds, `longest` at most, nothing that this worker knows of becomes due."""
        scheduled = await self.store.read(deliveries.next_scheduled)
        moments = [*self._moments[:1], *(each for each in (scheduled, self._next_at) if each is not None)]
        now = self.clock.now()
        return min([longest, *(max(0.0, (moment - now).total_seconds()) for moment in moments)])

    async def _rested(self, turn: Turn) -> bool:
        """Wait out a short pause of a platform or channel, or until something new was put in; False where there is none
        worth waiting for. A pause that was over when the outbox was looked at is nothing to wait for."""
        self._next_at = turn.next_at
        while self._moments and self._moments[0] <= turn.at:
            heapq.heappop(self._moments)
        now = self.clock.now()
        moments = [*self._moments[:1], *([turn.next_at] if turn.next_at else [])]
        seconds = [(moment - now).total_seconds() for moment in moments if moment - now <= WAITS]
        if not seconds or self.stopping:
            return False
        resting = asyncio.create_task(self.clock.sleep(max(0.0, min(seconds)) + 0.001))
        try:
            await self._until_woken({resting})
        finally:
            resting.cancel()
        return True

    async def _until_woken(
        self, tasks: set[asyncio.Task[None]], seconds: float | None = None
    ) -> set[asyncio.Task[None]]:
        """Wait for any of these or for something new in the outbox, so many seconds at most; those that ended."""
        waking = asyncio.create_task(self.woken.wait())
        try:
            done, _ = await asyncio.wait({*tasks, waking}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waking.cancel()
        return tasks & done

    async def _renew(self) -> None:
        """Keep the leases of what is being sent, three times in each."""
        now, lease = self.clock.now(), self.patience.lease
        if not self._in_work:
            self._renewed_at = now
        elif abs(now - (self._renewed_at or now)) >= lease / 3:
            self._renewed_at = now
            ids = list(self._in_work)
            await self.store.write(lambda conn: claims.renew(conn, self.owner, ids, now + lease))

    def _claim(self, conn: Connection, in_work: Sequence[Delivery] = ()) -> Turn:
        """In the writer's thread, while messages end in the loop's: `in_work` is what was under way when it was asked
        for."""
        now = self.clock.now()
        self._claims += 1
        claims.promote(conn, now)
        jobs: list[Job] = []
        worked, next_at = 0, None
        for name, platform in self.platforms.items():
            limits = pacing.limits_of(platform)
            mine = [delivery for delivery in in_work if delivery.platform == name]
            room = limits.at_once - len(mine)
            if mine and room < limits.at_once // 2 and not self._look_again:
                continue  # a claim costs as much for one as for twenty
            allowed = pacing.permits(conn, name, limits, room, now) if room > 0 else pacing.Permits(0)
            if allowed.next_at is not None:
                next_at = min(next_at or allowed.next_at, allowed.next_at)
            if allowed.count == 0:
                continue
            claimed = claims.claim(
                conn,
                self.owner,
                now,
                self.patience.lease,
                name,
                allowed.count,
                share=limits.workspace_share or max(1, limits.at_once // 2),
                busy=Counter(delivery.workspace for delivery in mine),
                stopped=allowed.stopped,
                without=[delivery.id for delivery in in_work],
                newest=self._claims % NEWEST_EVERY == 0,
            )
            silenced = mutes.standing(conn, [delivery.subscription for delivery in claimed]) if claimed else {}
            triage, reading = Triage(self.burst, limits, silenced), Reading()
            found = [job for each in claimed if (job := job_of(conn, each, triage, reading, now)) is not None]
            pacing.take(conn, name, limits, len(found), now)
            jobs += found
            worked += len(claimed)
        return Turn(now, jobs, worked, next_at)

    async def _work(self, job: Job) -> None:
        try:
            await self._deliver(job)
        finally:
            self._in_work.pop(job.delivery.id, None)

    async def _deliver(self, job: Job) -> None:
        delivery = job.delivery
        if job.issued is None and job.bundle is None:
            await self._give_up(job, job.trouble)
            return
        if job.head is None and delivery.op is not Op.POST:
            if job.headless:
                await self._lose(job, "unknown", "nobody can tell where the message stands that it belongs to")
            else:
                await self._give_up(job, "the message that it belongs to was never posted")
            return
        platform = self.platforms[delivery.platform]
        try:
            async with asyncio.timeout(self.patience.longest_send.total_seconds()):
                ref = await self._settled(platform, job) or await self._send(platform, job)
        except TimeoutError:
            await self._failed(job, DeliveryError("the platform did not answer in time", unknown=True))
            return
        except NotThereError as error:
            now, reason = self.clock.now(), error.reason
            await self.store.write(lambda conn: deliveries.again(conn, delivery.id, now, reason))
            return
        except DeliveryError as error:
            await self._failed(job, error)
            return
        except Exception as error:  # a platform's bug, or ours, must neither block the channel nor stop the others
            await self._failed(job, DeliveryError(f"{type(error).__name__}: {error}"))
            return
        self.step("sent")
        await self._done(platform, job, ref)
        self.step("acknowledged")

    async def _done(self, platform: Platform, job: Job, ref: MessageRef) -> None:
        now, delivery = self.clock.now(), job.delivery
        interval = pacing.limits_of(platform).channel_interval

        def done(conn: Connection) -> None:
            posted = Posted(ref.channel, ref.message)
            deliveries.sent(conn, delivery.id, posted, now, mentioned=bool(job.mention), publish=job.publish)
            after(conn, job, posted, now)
            if interval:
                paces.rest(conn, delivery.subscription, now + interval)

        await self._end(delivery, "sent", "", done)
        if interval:
            heapq.heappush(self._moments, now + interval)

    async def _settled(self, platform: Platform, job: Job) -> MessageRef | None:
        """Where an earlier worker's message stands, if it died between sending and noting it down. Raises NotThereError
        where it turns out to stand nowhere."""
        delivery = job.delivery
        if not _unsettled(delivery):
            return None
        try:
            since = delivery.first_tried_at or delivery.created_at
            found = await platform.find(delivery.channel, delivery.key, since, _head(job))
        except DeliveryError as error:
            if not error.unknown:
                raise
            if self.patience.never_twice:
                raise NobodyKnowsError from error
            return None
        if found is None:
            raise NotThereError
        return found

    async def _send(self, platform: Platform, job: Job) -> MessageRef:
        message = self._message(job)
        head = _head(job)
        if head is None:
            return await platform.send(message)
        if job.delivery.op is Op.EDIT:
            return await platform.edit(head, message)
        return await platform.reply(head, message)

    def _message(self, job: Job) -> Outgoing:
        if job.bundle is not None:
            return bundled(job.delivery, job.bundle, job.order, job.mention)
        assert job.issued is not None
        return outgoing(job.delivery, job.issued, job.order, job.mention, job.watched)

    async def _failed(self, job: Job, error: DeliveryError) -> None:
        now, patience, delivery = self.clock.now(), self.patience, job.delivery
        if isinstance(error, NobodyKnowsError):
            await self._lose(job, "unknown", error.reason)
        elif error.lost is not None:
            await self._end(delivery, "paused", error.reason, lambda conn: self._pause(conn, delivery, error))
        elif error.slowed is not None and error.retry_at is not None and not error.unknown:
            await self._end(delivery, "slowed", error.reason, lambda conn: self._slow(conn, delivery, error, now))
            if error.slowed == "channel":
                heapq.heappush(self._moments, pacing.bounded(error.retry_at, now))
        elif error.permanent:
            await self._give_up(job, error.reason)
        elif now - (delivery.first_tried_at or now) >= patience.give_up_after:
            await self._give_up(job, f"tried for {patience.give_up_after}: {error.reason}")
        else:
            wait = min(patience.first * 2 ** min(max(delivery.attempts - 1, 0), 16), patience.longest)
            due_at = max(now + wait, error.retry_at or now)
            keep = deliveries.unsettled if error.unknown or _unsettled(delivery) else deliveries.again
            await self._end(delivery, "retry", error.reason, lambda conn: keep(conn, delivery.id, due_at, error.reason))
            heapq.heappush(self._moments, due_at)

    def _pause(self, conn: Connection, delivery: Delivery, error: DeliveryError) -> None:
        """What was refused waits for the return, and so do the others within the same reach."""
        assert error.lost is not None
        ids = {"channel": delivery.channel, "workspace": delivery.workspace, "platform": ""}
        reach = error.lost if ids[error.lost] or error.lost == "platform" else "channel"
        presence = self.presence or Presence(self.store, self.platforms, self.clock)
        presence.lose(conn, delivery.platform, reach, ids[reach] or delivery.channel, error.reason)
        if _unsettled(delivery):  # it may stand there: what is told at the return must not tell it again
            deliveries.unsettled(conn, delivery.id, self.clock.now(), error.reason)
        else:
            deliveries.pause(conn, delivery.id, error.reason)

    def _slow(self, conn: Connection, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
        """The platform wants to be left alone for a while: that holds for all within reach, and is nobody's failure."""
        assert error.slowed is not None
        assert error.retry_at is not None
        limits = pacing.limits_of(self.platforms[delivery.platform])
        id_ = str(delivery.subscription) if error.slowed == "channel" else delivery.workspace
        pacing.slow(conn, delivery.platform, limits, error.slowed, id_, error.retry_at, now)
        if _unsettled(delivery):
            deliveries.unsettled(conn, delivery.id, now, error.reason)
        else:
            deliveries.untried(conn, delivery.id, now, error.reason)

    async def _give_up(self, job: Job, reason: str) -> None:
        await self._lose(job, "gave_up", reason)

    async def _lose(self, job: Job, end: str, reason: str) -> None:
        """A message that will never come, or of which nobody knows; the stories that it was to bring end alike."""
        delivery = job.delivery
        leave = deliveries.leave_unknown if end == "unknown" else deliveries.give_up

        def work(conn: Connection) -> None:
            leave(conn, delivery.id, reason)
            if delivery.gathering is not None and not delivery.story and delivery.op is Op.POST:
                if job.bundle is not None:
                    tell_watched(conn, job, job.bundle.rows, self.clock.now())
                gatherings.lose_all(conn, delivery.gathering, end, reason)
                gatherings.close(conn, delivery.gathering, self.clock.now())

        await self._end(delivery, end, reason, work)

    async def _end(self, delivery: Delivery, end: str, reason: str, work: Callable[[Connection], None]) -> None:
        await self.store.write(work)
        self.report(delivery, end, reason)


def _unsettled(delivery: Delivery) -> bool:
    """Whether an earlier try may have left a message. An edit leaves none: the same edit twice is one."""
    return delivery.state == "sending" and delivery.op is not Op.EDIT


def _head(job: Job) -> MessageRef | None:
    """Where the message stands that this one edits or answers; None for one that stands by itself."""
    if job.delivery.op is Op.POST or job.head is None:
        return None
    return MessageRef(job.head.channel, job.head.message)


class NobodyKnowsError(DeliveryError):
    """An earlier worker died while sending, and the platform has no means to tell whether the message stands there."""

    def __init__(self) -> None:
        super().__init__("nobody can tell whether the platform has it", permanent=True)


class NotThereError(DeliveryError):
    """An earlier try left nothing: what is to be said is decided anew, since meanwhile the story may have been taken
    back or muted, or the quiet hours may have begun."""

    def __init__(self) -> None:
        super().__init__("the platform does not have it")

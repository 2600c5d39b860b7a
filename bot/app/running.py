"""A bot at work: what beats when, what is started in which order, and what is left before it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot import model
from bot.app import interpreter
from bot.app.assembly import Parts
from bot.cards.charts.painter import Painter
from bot.commands.ask import Services
from bot.delivery.jobs import expect_digests
from bot.delivery.platform import Door
from bot.errors import ChipwatchError, StoreError
from bot.logs import logger
from bot.pipeline.calendar import days_that_came, plan_reminders
from bot.pipeline.clockwork import Beats, Clockwork, Trouble
from bot.pipeline.outcome import Outcome
from bot.pipeline.silence import long_outages, stale_sources
from bot.settings.roles import ROLES
from bot.store import deliveries, drafts, evidence, retention
from bot.store import sources as source_states
from bot.store.deliveries import Delivery
from bot.store.engine import Connection
from bot.supervision import Supervisor

POLL_BEAT_S = 1.0
STALE_BEAT_S = 600.0
ALL_ROLES = frozenset(ROLES)
"""What a process may do; several processes on one PostgreSQL share the work."""
PRESENCE_BEAT_S = 900.0
HOUSEKEEPING_BEAT_S = 3600.0
LISTEN_BEAT_S = 300.0
GRACE_S = 4.0
"""Seconds that polls, and then sends, may take to end once the bot is told to stop."""
SNAPSHOT_BEAT_S = 60.0
FORGET_BEAT_S = 3600.0
REMINDERS_BEAT_S = 900.0
OUTBOX_BEAT_S = 5.0


@dataclass(slots=True)
class Bot:
    """A running bot: the clockwork polls, the outbox delivers, health answers, and what dies is restarted."""

    parts: Parts
    roles: frozenset[str] = ALL_ROLES
    doors: Sequence[Door] = ()
    mounts: Sequence[Callable[[Any], None]] = ()
    """What the platforms serve beside the pages: each puts its routes into the web application."""
    play: Any = None
    """Plays the bundled week for a visitor of the board; None where there is none."""
    beats: Callable[[Trouble], Beats] = Clockwork
    """What the jobs beat by, made with who hears of one that failed."""
    services: Services = field(init=False)
    log: Any = field(default_factory=lambda: logger("app"))
    _supervisor: Supervisor | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        parts = self.parts
        self.services = Services(
            parts.store,
            parts.clock,
            parts.settings,
            parts.librarian,
            parts.poller.sources,
            parts.outbox.platforms,
            Painter(),
            roster=parts.roster,
            transport=parts.transport,
            wake=self._wake.set,
            roster_changed=self._call_the_roster,
        )
        parts.outbox.woken = self._wake

    async def serve(self, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
        """Work until `stop` is set; `ready` hears the address of the health pages once everything stands.

        Stops in order: no new polls, the running ones end, the outbox is drained, then doors and pages close.
        """
        from bot.web.health import Health, Metrics
        from bot.web.server import Server

        parts = self.parts
        metrics = Metrics()
        self._count(metrics)
        await parts.prepare(parts.settings.bot.language)
        supervisor = Supervisor(parts.clock, self._died(metrics))
        self._supervisor = supervisor
        clockwork = self.beats(self._missed)
        if "poll" in self.roles:
            clockwork.every(POLL_BEAT_S, "poll", self._beat_poll)
            clockwork.every(STALE_BEAT_S, "stale", self._look_for_silence)
        if "deliver" in self.roles:
            clockwork.every(PRESENCE_BEAT_S, "presence", parts.presence.look_again)
            clockwork.every(HOUSEKEEPING_BEAT_S, "housekeeping", self._keep_house)
            clockwork.every(LISTEN_BEAT_S, "listen", self._listen)
        clockwork.every(SNAPSHOT_BEAT_S, "snapshot", self._write_snapshot)
        clockwork.every(FORGET_BEAT_S, "forget", self._forget)
        clockwork.every(REMINDERS_BEAT_S, "reminders", self._plan_reminders)
        if parts.settings.ledger.feed_url:
            clockwork.every(parts.settings.ledger.feed_interval, "ledger", self._pull_ledger)
        health = Health(self._alive, self._ready, metrics, lambda: self._refresh(metrics))
        server, web = Server(health, self.services, self.mounts, self.play), parts.settings.web
        address = await server.start(web.host, web.port) if "web" in self.roles else ""
        parts.outbox.beat = lambda: supervisor.beat("outbox")
        parts.presence.wake = self._wake.set
        try:
            if "deliver" in self.roles:
                await self._keep_house()
                await self._listen()
                supervisor.start("outbox", self._deliver, OUTBOX_BEAT_S)
            if "poll" in self.roles:
                supervisor.expect("poll", POLL_BEAT_S * 10)
            clockwork.start()
            for door in self.doors:
                await door.open()
            interpreter.settle()
            ready(address)
            await stop.wait()
        finally:
            clockwork.stop()
            await parts.poller.finish(GRACE_S)
            parts.outbox.stopping = True
            self._wake.set()
            await supervisor.stop(GRACE_S)
            await self._send_the_rest()
            for door in self.doors:  # after the last messages: they go over the doors' connections
                await door.close()
            await self._write_snapshot()
            await self.services.settled()
            if self.services.painter is not None:
                await self.services.painter.close()
            if address:
                await server.stop()

    async def _call_the_roster(self) -> None:
        """Poll what is to be polled now: operators add and pause sources, in other processes too."""
        parts = self.parts
        parts.poller.sources = await parts.store.read(parts.roster.polled)
        await parts.poller.register()
        self.services.sources = parts.poller.sources

    def _count(self, metrics: Any) -> None:
        poller, outbox = self.parts.poller, self.parts.outbox
        heard, delivered = poller.report, outbox.report

        def count_poll(outcome: Outcome) -> None:
            metrics.polls.labels("failed" if outcome.failed else "changed" if outcome.changes else "good").inc()
            for taken in outcome.changes:
                metrics.changes.labels(taken.change.kind.value).inc()
            for notice in outcome.notices:
                metrics.notices.labels(notice.notice).inc()
            heard(outcome)
            if outcome.revisions:
                self._wake.set()

        def count_delivery(delivery: Delivery, end: str, reason: str) -> None:
            metrics.deliveries.labels(delivery.platform, end).inc()
            delivered(delivery, end, reason)

        poller.report, outbox.report = count_poll, count_delivery

    def _died(self, metrics: Any) -> Callable[[str, BaseException], None]:
        def report(loop: str, error: BaseException) -> None:
            metrics.restarts.labels(loop).inc()
            self._complain("loop_restarted", error, loop=loop)

        return report

    def _missed(self, job: str, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, asyncio.CancelledError):  # a beat that the end cut off
            self._complain("job_failed", error, job=job)

    def _complain(self, event: str, error: BaseException, **where: str) -> None:
        """Errors of our own kind say all there is to say; anything else is a bug and shows where it happened."""
        if isinstance(error, ChipwatchError):
            self.log.error(event, error=str(error), **where)
        else:
            self.log.error(event, exc_info=error, **where)

    async def _beat_poll(self) -> None:
        await self.parts.poller.start_due()
        if self._supervisor is not None:
            self._supervisor.beat("poll")

    async def _look_for_silence(self) -> None:
        parts = self.parts
        sources, now = list(parts.poller.sources.values()), parts.clock.now()
        after = timedelta(seconds=parts.settings.health.notify_after)
        told = await parts.store.write(
            lambda conn: (stale_sources(conn, sources, now), long_outages(conn, now, after)), lambda: None
        )
        for notice in told[0]:
            self.log.warning("source_stale", source=notice.source, detail=notice.detail)
        for notice in told[1]:
            self.log.error("source_down_for_long", source=notice.source, detail=notice.detail)

    async def _plan_reminders(self) -> None:
        """Note which channels are to be reminded of which dates, and say so where a day of effect has come."""
        parts, now = self.parts, self.parts.clock.now()
        ledger, editor = parts.librarian.knowledge.ledger, parts.poller.intake.editor
        await parts.store.write(lambda conn: plan_reminders(conn, ledger, now))
        if await parts.store.write(lambda conn: days_that_came(conn, editor, now), editor.forget):
            self._wake.set()

    async def _write_snapshot(self) -> None:
        """Take up what the command line recorded, and let commands see what was reported."""
        parts, now = self.parts, self.parts.clock.now()
        await parts.librarian.refresh(parts.store, now)
        await parts.keep_archive()
        await parts.librarian.write_snapshot(parts.store, now)
        await self._call_the_roster()

    async def _listen(self) -> None:
        """Be woken when another process has put something into the outbox; anew now and then, should it have broken."""
        try:
            await self.parts.store.listen(self._wake.set)
        except StoreError as error:
            self._complain("not_listening", error)

    async def _send_the_rest(self) -> None:
        """What the last polls found goes out for some seconds more; the rest stands in the store for the next start."""
        outbox = self.parts.outbox
        if "deliver" not in self.roles:
            return
        outbox.stopping = False
        draining = asyncio.create_task(outbox.drain())
        _, late = await asyncio.wait([draining], timeout=GRACE_S)
        outbox.stopping = True
        if late:
            await asyncio.wait(late, timeout=GRACE_S)

    async def _keep_house(self) -> None:
        """See to the digests that are due even when there is nothing, and erase what has been kept long enough."""
        parts = self.parts
        await parts.store.write(lambda conn: expect_digests(conn, parts.clock.now()))
        await parts.presence.erase()
        kept = parts.settings.store
        days = {"documents": kept.keep_documents, "versions": kept.keep_versions, "deliveries": kept.keep_deliveries}
        before = {name: parts.clock.now() - timedelta(days=count) for name, count in days.items()}
        cleaned = retention.STEP
        while cleaned >= retention.STEP:
            cleaned = await parts.store.write(lambda conn: retention.clean(conn, before))

    async def _forget(self) -> None:
        """What is older than its retention: rows of the evidence, drafts of orders that nobody finished."""
        parts, now = self.parts, self.parts.clock.now()
        before = now - timedelta(days=parts.settings.evidence.keep_days)

        def forget(conn: Connection) -> None:
            evidence.purge(conn, before)
            drafts.expire(conn, now)

        await parts.store.write(forget)

    async def _pull_ledger(self) -> None:
        parts = self.parts
        url = parts.settings.ledger.feed_url
        version = await parts.librarian.pull(parts.transport, parts.store, url, parts.clock.now())
        if version is not None:
            self.log.info("ledger_release", version=version)

    async def _deliver(self) -> None:
        """Drain the outbox whenever something was put in or becomes due, and every few seconds besides (leases, second
        tries)."""
        while not self.parts.outbox.stopping:
            self._wake.clear()
            await self.parts.outbox.drain()
            await self.parts.presence.deliver_letters()
            await self.parts.reminders.send_due()
            await self.parts.teller.deliver()
            if self.parts.outbox.stopping:  # draining has taken the wake that said so
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), await self.parts.outbox.pause_s(OUTBOX_BEAT_S))

    async def _alive(self) -> list[str]:
        return [f"loop {name} is silent" for name in self._supervisor.silent()] if self._supervisor else []

    async def _ready(self) -> list[str]:
        try:
            await self.parts.store.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar())
        except StoreError as error:
            return [str(error), *await self._alive()]
        troubles = (getattr(platform, "trouble", "") for platform in self.parts.outbox.platforms.values())
        return [*filter(None, troubles), *await self._alive()]

    async def _refresh(self, metrics: Any) -> None:
        states, rows = await self.parts.store.read(lambda conn: (source_states.states(conn), deliveries.by_state(conn)))
        mine = [state for state in states if state.id in self.parts.poller.sources]
        for health in model.Health:
            metrics.sources.labels(health).set(sum(state.health is health for state in mine))
        for one in mine:
            metrics.heard(one.id, one.last_success_at, one.last_change_at)
        for state in deliveries.STATES:
            metrics.outbox.labels(state).set(rows.get(state, 0))

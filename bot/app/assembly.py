"""The composition root: builds the parts from settings and hands them to one another."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import Clock
from bot.delivery.order import EVERYTHING
from bot.delivery.outbox import Outbox, Patience
from bot.delivery.platform import Platform
from bot.delivery.presence import Keeping, Presence
from bot.delivery.reminders import Reminders
from bot.delivery.telling import Teller
from bot.delivery.timing import Burst
from bot.errors import StoreError
from bot.fetch.exchange import Transport
from bot.owner import is_dead, own_name
from bot.pipeline.account import Account
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.ledger.archive import keep_archive
from bot.pipeline.ledger.librarian import Librarian
from bot.pipeline.operators.roster import Roster
from bot.pipeline.outcome import Outcome
from bot.pipeline.poller import Poller
from bot.pipeline.schedule import Pace
from bot.pipeline.wordlist import catch_up
from bot.settings import Settings
from bot.settings.tables import DeliverySettings
from bot.sources.base import Source
from bot.store import leases, subscriptions
from bot.store.deliveries import Delivery
from bot.store.engine import Connection, Store

STANDBY_CHANNEL = "console"
"""The console channel that gets everything where no channel has been subscribed."""


def network(settings: Settings, clock: Clock) -> Transport:
    """The one HTTP client, as the settings want it."""
    from bot.fetch.network import Network

    fetch = settings.fetch
    return Network(
        user_agent=fetch.user_agent,
        contact=fetch.contact,
        allow_private=tuple(fetch.allow_private),
        deadline=fetch.deadline,
        max_redirects=fetch.max_redirects,
        per_host=fetch.per_host,
        pace=fetch.pace,
        clock=clock,
    )


@dataclass(slots=True)
class Parts:
    """The working parts of one process, wired."""

    settings: Settings
    store: Store
    clock: Clock
    transport: Transport
    poller: Poller
    outbox: Outbox
    librarian: Librarian
    presence: Presence
    teller: Teller
    roster: Roster
    reminders: Reminders
    _archive_kept: tuple[int, date] | None = None

    async def prepare(self, language: str = "en") -> None:
        """Bring the store's rows in line with the sources, free what the dead hold, and see that somebody listens: in
        `language` where no channel has been subscribed."""
        await self.poller.register()
        own = self.poller.owner
        await self.store.write(lambda conn: leases.free_of_the_dead(conn, lambda owner: is_dead(owner, own)))
        await self.store.write(lambda conn: self._stand_by(conn, language))
        await self.librarian.refresh(self.store, self.clock.now())
        await self.store.write(catch_up)
        await self.keep_archive()

    async def keep_archive(self) -> None:
        """Bring the archived stories in step with the ledger, once for each day and ledger."""
        ledger, now = self.librarian.knowledge.ledger, self.clock.now()
        kept = (id(ledger), now.date())
        if kept != self._archive_kept:
            await self.store.write(lambda conn: keep_archive(conn, ledger, now))
            self._archive_kept = kept

    def _stand_by(self, conn: Connection, language: str) -> None:
        standing = subscriptions.hold(conn, "console", STANDBY_CHANNEL)  # another process may be starting as well
        if standing is None and subscriptions.count(conn) == 0:
            order, now = EVERYTHING, self.clock.now()
            subscriptions.add(conn, "console", STANDBY_CHANNEL, order, now, "chipwatch", language=language)

    async def close(self) -> None:
        """Let go of the network and the store."""
        await self.transport.close()
        await self.store.close()


def assemble(
    settings: Settings,
    sources: Sequence[Source],
    store: Store,
    transport: Transport,
    clock: Clock,
    platforms: Mapping[str, Platform],
    *,
    report: Callable[[Outcome], None] = lambda outcome: None,
    delivered: Callable[[Delivery, str, str], None] = lambda delivery, end, reason: None,
    trouble: Callable[[StoreError], None] = lambda error: None,
    step: Callable[[str], None] = lambda name: None,
    seed: int | None = None,
    news_age: timedelta | None = None,
) -> Parts:
    """Wire the parts. `step` hears of every step (crash tests), `seed` makes jitter repeatable (replays), `news_age`
    is how old news may be after an outage (a replay, and a poll by hand, know no age)."""
    owner = own_name()
    chance = random.Random(seed)  # noqa: S311  # spreads polls in time, guards nothing
    poll, delivery = settings.poll, settings.delivery
    librarian = Librarian(settings.ledger.keys)
    intake = Intake(
        editor=Editor(librarian.law_of),
        account=Account(Pace(timedelta(seconds=poll.interval), poll.jitter), chance),
        news_age=news_age,
        step=step,
    )
    poller = Poller(
        sources={source.id: source for source in sources if source.enabled},
        store=store,
        transport=transport,
        clock=clock,
        intake=intake,
        owner=owner,
        concurrency=settings.fetch.concurrency,
        lease=timedelta(seconds=poll.lease),
        max_pages=poll.max_pages,
        contact=settings.fetch.contact,
        report=report,
        trouble=trouble,
    )
    keeping = Keeping(timedelta(days=delivery.keep_lost), timedelta(days=delivery.keep_left))
    presence = Presence(store, platforms, clock, keeping)
    patience, burst = _patience(delivery), _burst(delivery)
    outbox = Outbox(store, platforms, clock, owner, patience, burst, presence, report=delivered, step=step)
    return Parts(
        settings,
        store,
        clock,
        transport,
        poller,
        outbox,
        librarian,
        presence,
        Teller(store, platforms, clock),
        Roster(tuple(sources)),
        Reminders(store, platforms, clock),
    )


def _patience(delivery: DeliverySettings) -> Patience:
    return Patience(
        first=timedelta(seconds=delivery.retry_first),
        longest=timedelta(seconds=delivery.retry_longest),
        give_up_after=timedelta(seconds=delivery.give_up_after),
        lease=timedelta(seconds=delivery.lease),
        never_twice=delivery.outcome_unknown == "never_twice",
    )


def _burst(delivery: DeliverySettings) -> Burst:
    closes = timedelta(hours=delivery.roundup_closes_after)
    return Burst(delivery.singles_per_hour, delivery.posts_per_hour, closes)

"""Polls many sources side by side: claims what is due, asks, takes each answer in. Knows no chat and no scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.clock import Clock
from bot.errors import SourceError, StoreError
from bot.fetch.exchange import Transport
from bot.model import Document
from bot.pipeline.account import is_quiet
from bot.pipeline.follow import follow
from bot.pipeline.intake import Intake
from bot.pipeline.outcome import Outcome
from bot.pipeline.poll import Polled, poll
from bot.sources.base import Source
from bot.store import documents
from bot.store import sources as source_states
from bot.store.engine import Connection, Store
from bot.store.sources import SourceState

FOLLOWED_LATER = timedelta(days=4)
"""So long a second request is tried again: a document may be listed days before its text is there."""
QUIET_AT_ONCE = 256
"""So many polls that found nothing are stored in one transaction."""


@dataclass(slots=True)
class Poller:
    """`owner` names this process in leases, `contact` is the address that publishers are told; `report` hears of every
    outcome, `trouble` of what the store refused."""

    sources: Mapping[str, Source]
    store: Store
    transport: Transport
    clock: Clock
    intake: Intake
    owner: str
    concurrency: int = 20
    lease: timedelta = timedelta(minutes=3)
    max_pages: int = 20
    contact: str = ""
    report: Callable[[Outcome], None] = lambda outcome: None
    trouble: Callable[[StoreError], None] = lambda error: None
    _running: set[asyncio.Task[Outcome | None]] = field(default_factory=set)
    _asking: set[str] = field(default_factory=set)
    _quiet: list[Polled] = field(default_factory=list)

    async def register(self) -> None:
        """Make sure that the store knows every source."""
        kinds = {id_: source.kind for id_, source in self.sources.items()}
        await self.store.write(lambda conn: source_states.register(conn, kinds))

    async def start_due(self) -> int:
        """Start polling what is due, as far as there is room; how many were started. Does not wait for publishers."""
        free, now = self.concurrency - len(self._running), self.clock.now()
        due = await self.store.read(lambda conn: source_states.due(conn, now)) if free > 0 else []
        wanted = [id_ for id_ in due if id_ in self.sources and id_ not in self._asking][: max(free, 0)]
        if not wanted:
            await self._store_quiet()
            return 0
        claimed = await self._store_quiet(
            lambda conn: source_states.claim_due(conn, self.owner, now, self.lease, wanted)
        )
        for state in claimed:
            self._asking.add(state.id)
            task = asyncio.create_task(self._guarded(state), name=f"poll {state.id}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(claimed)

    @property
    def under_way(self) -> Collection[asyncio.Task[Outcome | None]]:
        """The polls that `start_due` began and that have not ended yet."""
        return tuple(self._running)

    async def ask(self, ids: Iterable[str]) -> list[Outcome]:
        """Poll these sources now, due or not, and wait for all; outcomes in the order given, without those that another
        process polls at this moment."""
        wanted, now = list(ids), self.clock.now()
        states = await self.store.write(lambda conn: source_states.claim(conn, self.owner, now, self.lease, wanted))
        outcomes: dict[str, Outcome] = {}
        waiting = iter(states)

        async def work() -> None:
            for state in waiting:
                outcomes[state.id] = await self._one(state)

        await asyncio.gather(*(work() for _ in range(min(self.concurrency, len(states)))))
        await self._store_quiet()
        return [outcomes[state.id] for state in states]

    async def ask_in_turn(self, ids: Sequence[str]) -> list[Outcome]:
        """As `ask`, but one after another: a replay tells the same story in the same order each time."""
        now = self.clock.now()
        states = await self.store.write(lambda conn: source_states.claim(conn, self.owner, now, self.lease, ids))
        outcomes = [await self._one(state, heed=False) for state in states]
        await self._store_quiet()
        return outcomes

    async def finish(self, grace: float) -> None:
        """Let the polls that are under way end within `grace` seconds, then cut them off: what was not taken in is
        asked for again. Stores what they found."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._store_quiet()

    async def _guarded(self, state: SourceState) -> Outcome | None:
        try:
            return await self._one(state)
        except StoreError as error:
            self.trouble(error)  # the lease runs out and the source is asked again: nothing is lost
            return None
        finally:
            self._asking.discard(state.id)

    async def _one(self, state: SourceState, *, heed: bool = True) -> Outcome:
        """`heed` what the publisher asked for: a replay asks nobody and never rests."""
        source = self.sources[state.id]
        if heed and (why := source.rests(self.contact)):
            return await self._rest(source, state, why)
        if heed and state.retry_at is not None and state.retry_at > self.clock.now():
            detail = f"the publisher asked to be left alone until {state.retry_at:%Y-%m-%d %H:%M} UTC"
            error = SourceError("asked_to_wait", detail, source=state.id, retry_at=state.retry_at)
            polled = Polled(source, state, self.clock.now(), error=error)
        else:
            polled = await poll(source, state, self.transport, self.clock, self._unknown, self.max_pages, self._stored)
            polled = await self._followed(polled)
        self.intake.step("answered")
        if is_quiet(polled):
            self._quiet.append(polled)
            if len(self._quiet) >= QUIET_AT_ONCE:
                await self._store_quiet()
            outcome = Outcome(state.id)
        else:
            outcome = await self._take_in(polled)
        self.report(outcome)
        return outcome

    async def _rest(self, source: Source, state: SourceState, why: str) -> Outcome:
        now = self.clock.now()
        outcome = await self.store.write(lambda conn: self.intake.account.rest(conn, source, state, why, now))
        self.report(outcome)
        return outcome

    async def _take_in(self, polled: Polled) -> Outcome:
        forget = self.intake.editor.forget
        try:
            outcome = await self.store.write(lambda conn: self.intake.take_in(conn, polled), forget)
        except StoreError:
            raise
        except Exception as error:  # a mistake of ours with one document: said, and not tried again at once
            what = SourceError("not_taken_in", f"{type(error).__name__}: {error}", source=polled.source.id)
            failed = replace(polled, reading=None, error=what)
            outcome = await self.store.write(lambda conn: self.intake.take_in(conn, failed), forget)
        self.intake.step("committed")
        return outcome

    async def _followed(self, polled: Polled) -> Polled:
        """With what second requests add; a baseline announces nothing and needs none."""
        if polled.reading is None or polled.state.baseline_at is None:
            return polled
        try:
            found = await follow(polled.source, polled.reading.documents, self.transport, self._fresh)
        except Exception as error:  # as in `poll`: a mistake of ours with one publisher
            what = SourceError("unreadable", f"{type(error).__name__}: {error}", source=polled.source.id)
            return Polled(polled.source, polled.state, polled.at, error=what)
        return replace(polled, reading=replace(polled.reading, documents=found))

    async def _fresh(self, source: str, found: Sequence[Document]) -> list[Document]:
        keys = [document.key for document in found]
        since = self.clock.now() - FOLLOWED_LATER
        known, without = await self.store.read(
            lambda conn: (documents.known(conn, source, keys), documents.unfollowed(conn, source, keys, since))
        )
        return [
            d for d in found if d.key not in known or known[d.key].digest != documents.digest(d) or d.key in without
        ]

    async def _unknown(self, source: str, keys: list[str]) -> set[str]:
        known = await self.store.read(lambda conn: documents.known(conn, source, keys))
        return set(keys) - known.keys()

    async def _stored(self, source: str, keys: list[str]) -> Mapping[str, Document]:
        return await self.store.read(lambda conn: documents.several(conn, source, keys))

    async def _store_quiet(self, also: Callable[[Connection], list[SourceState]] | None = None) -> list[SourceState]:
        """Note the quiet polls, and do in the same transaction what is asked for `also`. When the store refuses, they
        wait for the next time: a source whose poll was forgotten would rest until its lease has run out."""
        quiet, self._quiet = self._quiet, []
        if not quiet and also is None:
            return []

        def work(conn: Connection) -> list[SourceState]:
            self.intake.account.note_quiet(conn, quiet)
            return also(conn) if also is not None else []

        try:
            return await self.store.write(work)
        except BaseException:
            self._quiet = [*quiet, *self._quiet]
            raise

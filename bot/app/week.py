"""The bundled week of July 2025, played: for the console, or for one visitor's window with the order of his choice."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.app import Parts
    from bot.cards.card import Card
    from bot.clock import SetClock
    from bot.delivery.platform import Platform
    from bot.fetch.recording import Recording
    from bot.settings import Settings

VISITOR = "visitor"
"""Who made the order of a window, and the channel that it is for."""


@dataclass(slots=True)
class Stage:
    """A week that is set up and not yet played: on its own clock, over a store that nobody keeps."""

    parts: Parts
    recording: Recording
    clock: SetClock

    async def play(self, pause: float) -> None:
        """Play it to its end, with `pause` seconds between two instants."""
        from bot.pipeline.replay import replay

        first = self.recording.instants[0]

        async def arrive(instant: datetime) -> None:
            if instant != first:
                await asyncio.sleep(pause)

        await replay(self.recording, self.parts.poller, self.parts.outbox, self.clock, arrive=arrive)

    async def deliver_what_waits(self) -> None:
        """Send what waits for its hour, a weekly digest for instance, at once."""
        outbox, end = self.parts.outbox, self.recording.instants[-1] + timedelta(days=8)
        while (due := await outbox.next_due()) is not None and due <= end:
            self.clock.set(max(due, self.clock.now()))
            if not await outbox.drain():
                break


@contextlib.asynccontextmanager
async def stage(
    settings: Settings, platforms: Mapping[str, Platform], order: Callable[[Parts], Awaitable[None]] | None = None
) -> AsyncIterator[Stage]:
    """Set the week up; `order` says who listens, the console's stand-in channel where it is left out."""
    from bot.app import assemble
    from bot.clock import SetClock
    from bot.demo import RECORDING
    from bot.fetch.recording import RecordedTransport, Recording
    from bot.sources.curated import sources_of_recording
    from bot.store.engine import Store

    recording = Recording.open(RECORDING)
    clock = SetClock(recording.instants[0])
    with tempfile.TemporaryDirectory(prefix="chipwatch-demo-") as folder:
        store = await Store.open(f"sqlite:///{folder}/demo.db", scratch=True)
        transport = RecordedTransport(recording, clock)
        sources = sources_of_recording(RECORDING / "sources.toml")
        # in a thread: reading the knowledge takes longer than a visitor of another page should wait
        parts = await asyncio.to_thread(assemble, settings, sources, store, transport, clock, platforms, seed=0)
        try:
            if order is not None:
                await order(parts)
            await parts.prepare()
            yield Stage(parts, recording, clock)
        finally:
            await parts.close()


async def play_in_window(
    settings: Settings, order: Mapping[str, Any], language: str, pause: float
) -> AsyncGenerator[tuple[str, str, Card], None]:
    """What a channel with this order would have got, as it comes: what is done, the key of the message it is done to,
    the card. Whoever stops listening stops the play."""
    from bot.platforms.browser import Window
    from bot.store import subscriptions

    window = Window()

    async def listen(parts: Parts) -> None:
        now = parts.clock.now()
        await parts.store.write(
            lambda conn: subscriptions.add(conn, window.name, VISITOR, order, now, VISITOR, language=language)
        )

    async def perform() -> None:
        try:
            async with stage(settings, {window.name: window}, listen) as week:
                await week.play(pause)
                await week.deliver_what_waits()
        finally:
            window.close()

    playing = asyncio.create_task(perform())
    try:
        while (message := await window.messages.get()) is not None:
            op, key, card = message
            yield op.value, key, card
        await playing
    finally:
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing

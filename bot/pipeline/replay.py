"""The pipeline over a recording, on the recording's own clock: driven by its index, not by the sources' intervals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.clock import SetClock
from bot.delivery.outbox import Outbox
from bot.fetch.recording import Recording
from bot.pipeline.calendar import days_that_came
from bot.pipeline.outcome import Outcome
from bot.pipeline.poller import Poller
from bot.pipeline.silence import stale_sources


async def replay(
    recording: Recording,
    poller: Poller,
    outbox: Outbox,
    clock: SetClock,
    *,
    until: datetime | None = None,
    arrive: Callable[[datetime], Awaitable[None]] | None = None,
) -> int:
    """Play a recording to its end, or to `until`; how many polls there were.

    At each instant every source that has an answer recorded just then is polled once, in the order of `sources.toml`;
    what becomes due in the outbox between two instants is delivered at its own time. `arrive` is awaited before each
    instant (a demonstration waits there).
    """
    polls = 0
    for instant in recording.instants:
        if until is not None and instant > until:
            break
        await _tell_of_days(poller, clock, outbox, instant)
        await _deliver_until(outbox, clock, instant)
        if arrive is not None:
            await arrive(instant)
        clock.set(instant)
        await _look_for_silence(poller)
        for id_ in answering(recording, poller, instant):
            await poller.ask_in_turn([id_])
            await outbox.drain()
            polls += 1
    return polls


async def _look_for_silence(poller: Poller) -> None:
    """Tell of the sources that have been silent for too long by now."""
    watched = [source for source in poller.sources.values() if source.expected_silence is not None]
    if watched:
        now = poller.clock.now()
        for notice in await poller.store.write(lambda conn: stale_sources(conn, watched, now)):
            poller.report(Outcome(notice.source, notices=(notice,)))


def answering(recording: Recording, poller: Poller, instant: datetime) -> Sequence[str]:
    """The sources with an answer for one of their requests at just this instant, in their order."""
    return [
        id_
        for id_, source in poller.sources.items()
        if any(recording.answers_at(request, instant) for request in source.requests())
    ]


async def _tell_of_days(poller: Poller, clock: SetClock, outbox: Outbox, instant: datetime) -> None:
    """The days of effect that lie between the last instant and this one, each told at its own time."""
    since, editor = clock.now(), poller.intake.editor
    for revision in await poller.store.write(lambda conn: days_that_came(conn, editor, instant, since), editor.forget):
        await _deliver_until(outbox, clock, revision.at)
        clock.set(revision.at)
        await outbox.drain()


async def _deliver_until(outbox: Outbox, clock: SetClock, instant: datetime) -> None:
    while (due := await outbox.next_due()) is not None and due < instant:
        clock.set(due)
        if not await outbox.drain():
            break

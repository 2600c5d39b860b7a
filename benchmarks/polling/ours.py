"""Our poller as `chipwatch poll` runs it: the network client with its guard, the whole intake, a store on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.polling.passes import child
from bot.app import assemble, network
from bot.app.assembly import Parts
from bot.clock import Clock, SystemClock
from bot.platforms.console import Console
from bot.settings import load
from bot.sources.base import source_from
from bot.store.engine import Store


async def parts_for(urls: list[str], folder: Path, clock: Clock | None = None) -> Parts:
    """The parts of a bot with default settings, but that the farm's machine is let through the guard."""
    clock = clock or SystemClock()
    settings = load(None, {"CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]'})
    sources = [source_from({"id": f"feed-{n}", "kind": "feed", "url": url}) for n, url in enumerate(urls)]
    store = await Store.open(f"sqlite:///{folder}/ours.db")
    platforms = {"console": Console(journal=None, as_json=True)}
    parts = assemble(settings, sources, store, network(settings, clock), clock, platforms)
    await parts.prepare()
    return parts


@contextmanager
def opened(urls: list[str], folder: Path) -> Iterator[Callable[[], None]]:
    with asyncio.Runner() as runner:
        parts = runner.run(parts_for(urls, folder))
        ids = list(parts.poller.sources)

        def once() -> None:
            outcomes = runner.run(parts.poller.ask(ids))
            assert len(outcomes) == len(ids)
            assert not any(outcome.failed for outcome in outcomes)

        yield once
        runner.run(parts.close())


if __name__ == "__main__":
    child(opened)

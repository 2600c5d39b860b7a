"""One pass of a bot over one publisher, in a process of its own, which kills itself at a named step.

victim.py STORE_FILE FEED_URL STEP COUNT     (STEP "none": lives to the end)
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.app import assemble, network
from bot.clock import SystemClock
from bot.platforms.console import Console
from bot.settings import load
from bot.sources.base import source_from
from bot.store.engine import Store


async def main(store_file: str, url: str, step: str, count: int) -> None:
    seen = 0

    def die_at(name: str) -> None:
        nonlocal seen
        if name == step:
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

    settings = load(None, {"CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]'})
    clock = SystemClock()
    store = await Store.open(f"sqlite:///{store_file}")
    source = source_from({"id": "wire", "kind": "feed", "url": url, "trust": "press", "interval": 60})
    journal = Path(store_file).with_suffix(".console.jsonl")
    platforms = {"console": Console(journal=journal, as_json=True)}
    parts = assemble(settings, [source], store, network(settings, clock), clock, platforms, step=die_at)
    try:
        await parts.prepare()
        await parts.poller.ask(["wire"])
        await parts.outbox.drain()
    finally:
        await parts.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))

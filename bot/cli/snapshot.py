"""What a store adds to answers, for commands that only know things: from the small file beside an SQLite store; a
database of another kind is asked itself."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from bot.knowledge.dated import Dated
    from bot.knowledge.event import Event
    from bot.knowledge.ledger import Ledger
    from bot.knowledge.snapshot import Snapshot
    from bot.settings import Settings


@cache
def _snapshot(config: Path | None) -> Snapshot | None:
    from bot.cli.setup import settings_of
    from bot.knowledge.snapshot import read_snapshot, snapshot_path

    settings = settings_of(config)
    file = snapshot_path(settings.store.url)
    if file is None:
        return asyncio.run(_asked(settings))
    return read_snapshot(file) if file.exists() else None


async def _asked(settings: Settings) -> Snapshot:
    """From the store itself. Raises StoreError where it cannot be read."""
    from datetime import UTC, datetime

    from bot.pipeline.ledger.librarian import Librarian
    from bot.store.engine import Store

    librarian = Librarian(settings.ledger.keys)
    store = await Store.open(settings.store.url, upgrade=False)
    try:
        return await store.read(lambda conn: librarian.snapshot_of(conn, datetime.now(UTC)))
    finally:
        await store.close()


def ledger_in_use(config: Path | None) -> Ledger:
    """The ledger to answer from: the shipped or the pulled one, with what this installation has recorded over it."""
    from bot.knowledge.ledger import load_ledger

    found = _snapshot(config)
    return found.over(load_ledger()) if found else load_ledger()


def recorded_events(config: Path | None) -> tuple[Event, ...]:
    """The events that this installation has recorded."""
    found = _snapshot(config)
    return found.events if found else ()


def dated(config: Path | None) -> tuple[Dated, ...]:
    """The days that stored documents name."""
    found = _snapshot(config)
    return found.dated if found else ()


def reported_since(config: Path | None, chip: str, destination: str, since: date | None) -> list[dict[str, Any]]:
    """What publishers have reported on a chip and a destination since a day."""
    found = _snapshot(config)
    return found.reported(chip, destination, since) if found else []

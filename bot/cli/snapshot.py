"""The small file beside an SQLite store: what a store adds to answers, for commands that open no store."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from bot.knowledge.dated import Dated
    from bot.knowledge.event import Event
    from bot.knowledge.ledger import Ledger
    from bot.knowledge.snapshot import Snapshot


@cache
def _snapshot(config: Path | None) -> Snapshot | None:
    from bot.cli.setup import settings_of
    from bot.knowledge.snapshot import read_snapshot, snapshot_path

    file = snapshot_path(settings_of(config).store.url)
    return read_snapshot(file) if file is not None and file.exists() else None


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

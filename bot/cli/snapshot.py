"""The small file beside an SQLite store: what a store adds to answers, for commands that open no store."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.knowledge.event import Event
    from bot.knowledge.snapshot import Snapshot


@cache
def _snapshot(config: Path | None) -> Snapshot | None:
    from bot.cli.setup import settings_of
    from bot.knowledge.snapshot import read_snapshot, snapshot_path

    file = snapshot_path(settings_of(config).store.url)
    return read_snapshot(file) if file is not None and file.exists() else None


def recorded_events(config: Path | None) -> tuple[Event, ...]:
    """The events that this installation has recorded over the shipped ledger."""
    found = _snapshot(config)
    return found.events if found else ()


def reported_since(config: Path | None, chip: str, destination: str) -> list[dict[str, Any]]:
    """What publishers have reported on a chip and a destination since the status began."""
    found = _snapshot(config)
    return found.reported(chip, destination) if found else []

"""What every command that works with sources or a store begins with: settings, sources, platforms."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.delivery.platform import Platform
    from bot.pipeline.outcome import Outcome
    from bot.settings import Settings
    from bot.sources.base import Source


def settings_of(config: Path | None) -> Settings:
    """The effective settings. Raises ConfigError with file and line."""
    from bot.settings import load

    return load(config, os.environ)


def sources_of(config: Path | None) -> list[Source]:
    """The sources of a configuration: its own `sources/`, else the curated list, with the keys of the settings."""
    from bot.settings import sources_dir
    from bot.sources.curated import load_sources, with_key

    return with_key(load_sources(sources_dir(config)), settings_of(config).fetch.data_gov_key.reveal())


def console(settings: Settings, *, as_json: bool, journal: Path | None) -> Mapping[str, Platform]:
    """The console platform: lines for machines or cards for people; `journal` is its channel on disk."""
    from bot.platforms.console import Console

    return {"console": Console(journal=journal, as_json=as_json)}


def journal_of(store: Path | None) -> Path:
    """Where the console remembers what it posted: beside the store's file, or in `var/` where that is a server."""
    return (store or Path("var/chipwatch.db")).with_suffix(".console.jsonl")


def change_lines(outcome: Outcome) -> list[dict[str, Any]]:
    """What `--changes` prints of one poll: its changes, then its notices to operators."""
    from bot.clock import iso

    lines: list[dict[str, Any]] = [
        {
            "op": "change",
            "change": taken.change.kind.value,
            "source": outcome.source,
            "key": taken.change.document.key,
            "title": taken.change.document.title,
            "at": iso(taken.change.at),
            "added": taken.change.added,
            "removed": taken.change.removed,
            "changed": taken.change.changed,
            "story": taken.story,
        }
        for taken in outcome.changes
    ]
    lines += [
        {"op": "notice", "notice": n.notice, "source": n.source, "at": iso(n.at), "detail": n.detail}
        for n in outcome.notices
    ]
    return lines

"""The whole pipeline over a recording: replay."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, ConfigDir


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(replay)


def replay(
    recording: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with sources.toml, index.jsonl, bodies/.")],
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Leave out answers later than this (UTC).")] = None,
    changes: Annotated[bool, typer.Option("--changes", help="Print every change and notice, posted or not.")] = False,
    store: Annotated[str | None, typer.Option(metavar="URL", help="Use this store instead of a fresh one.")] = None,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Run the whole pipeline over a recording, on the recording's own clock."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-replay-") as folder:
        url = store or f"sqlite:///{folder}/replay.db"
        polls, told = asyncio.run(
            _replay(recording, _moment(until), changes, url, as_json=as_json, config=config, scratch=store is None)
        )
    if not as_json:
        from bot.cli.output import remark

        remark(f"{polls} polls, {told} changes")


async def _replay(
    folder: Path, until: datetime | None, changes: bool, url: str, *, as_json: bool, config: Path | None, scratch: bool
) -> tuple[int, int]:
    from bot.app import assemble
    from bot.cli.output import json_line, tell
    from bot.cli.setup import change_lines, console, settings_of
    from bot.clock import SetClock
    from bot.fetch.recording import RecordedTransport, Recording
    from bot.pipeline.outcome import Outcome
    from bot.pipeline.replay import replay as play
    from bot.sources.curated import sources_of_recording
    from bot.store.engine import Store

    settings = settings_of(config)
    recording = Recording.open(folder)
    sources = sources_of_recording(folder / "sources.toml")
    clock = SetClock(recording.instants[0])
    told = 0

    def report(outcome: Outcome) -> None:
        nonlocal told
        told += len(outcome.changes)
        if changes:
            for line in change_lines(outcome):
                json_line(line) if as_json else tell(_in_words(line))

    opened = await Store.open(url, scratch=scratch)
    parts = assemble(
        settings,
        sources,
        opened,
        RecordedTransport(recording, clock),
        clock,
        console(settings, as_json=as_json, journal=None),
        report=report,
        seed=0,
    )
    try:
        await parts.prepare()
        polls = await play(recording, parts.poller, parts.outbox, clock, until=until)
    finally:
        await parts.close()
    return polls, told


def _moment(text: str | None) -> datetime | None:
    """A date or time of ISO 8601 in UTC. Raises UserError."""
    from bot.clock import as_utc
    from bot.errors import UserError

    try:
        return as_utc(datetime.fromisoformat(text)) if text else None
    except ValueError:
        raise UserError("errors.no_such_day", day=text) from None


def _in_words(line: dict[str, object]) -> str:
    if line["op"] == "notice":
        return f"{line['at']} {line['source']}: {line['notice']} {line['detail']}"
    return f"{line['at']} {line['source']}: {line['change']} {line['key']} {line['title']}"

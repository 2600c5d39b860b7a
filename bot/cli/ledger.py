"""The ledger: what is recorded, adding events, drafts that wait, and its export for a pull request."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

group = typer.Typer(help="The ledger of policy events: list, export, add, drafts.", rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(group, name="ledger")


@group.callback(invoke_without_command=True)
def listing(ctx: typer.Context, as_json: AsJson = False, config: ConfigDir = None) -> None:
    """How far the ledger reaches and what this installation has added to it."""
    from bot.cli.asking import knowledge_of
    from bot.cli.output import json_line, tell
    from bot.cli.snapshot import recorded_events

    if ctx.invoked_subcommand is not None:
        return
    ledger, added = knowledge_of(config).ledger, recorded_events(config)
    if as_json:
        found = {"as_of": ledger.as_of.isoformat(), "events": len(ledger.events), "recorded_here": len(added)}
        json_line(found)
        return
    tell(f"Ledger to {ledger.as_of}: {len(ledger.events)} events, {len(added)} of them recorded here.")
    tell("`chipwatch timeline` lists them; `chipwatch ledger drafts` shows what waits for a maintainer.")


@group.command("export")
def export(config: ConfigDir = None) -> None:
    """Print the events recorded here as TOML, for a pull request."""
    from bot.cli.output import tell
    from bot.cli.snapshot import recorded_events
    from bot.knowledge.entry import to_toml

    tell(to_toml(recorded_events(config)).rstrip("\n"))


@group.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML with one or more [[event]] tables.")],
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Record events from today on: proofread, stored with who and when, and the answers that flip are named."""
    from bot.errors import ConfigError

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=file) from None
    asyncio.run(_add(text, file, as_json=as_json, config=config))


async def _add(text: str, file: Path, *, as_json: bool, config: Path | None) -> None:
    from bot.cli.output import json_line, tell
    from bot.cli.setup import settings_of
    from bot.pipeline.ledger.entering import record
    from bot.pipeline.ledger.librarian import Librarian
    from bot.store.engine import Store

    settings = settings_of(config)
    store = await Store.open(settings.store.url)
    try:
        recorded = await record(store, Librarian(settings.ledger.keys), text, datetime.now(UTC), who(), file)
    finally:
        await store.close()
    for event, consequences in recorded:
        days = [each for each in consequences if each.flips]
        if as_json:
            groups = [{"on": c.on.isoformat(), **g.json()} for c in days for g in c.groups]
            json_line({"recorded": event.id, "flips": groups})
            continue
        tell(f"Recorded {event.id}: {event.title}")
        for line in _in_words(days):
            tell(f"  {line}")


def _in_words(days: list[Any]) -> list[str]:
    """What flips, and that nothing else does."""
    lines = [
        f"{c.on}: {len(g.chips)} chips x {', '.join(g.destinations)}: {g.before or 'nothing'} -> {g.after or 'nothing'}"
        f" ({', '.join(g.chips)})"
        for c in days
        for g in c.groups
    ]
    return [*lines, "Nothing else flips." if lines else "No answer flips."]


@group.command("drafts")
def drafts(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """Drafts that were filled in from official documents and wait for a maintainer."""
    from bot.cli.output import json_line, tell
    from bot.cli.setup import settings_of
    from bot.cli.sources import in_store
    from bot.clock import iso
    from bot.store import ledger as recorded_ledger
    from bot.store.engine import is_made

    made = is_made(settings_of(config).store.url)
    waiting = asyncio.run(in_store(config, recorded_ledger.drafts)) if made else []
    for draft in waiting:
        if as_json:
            json_line(
                {"id": draft.id, "source": draft.source, "key": draft.key, "at": iso(draft.drafted_at)}
                | {"event": draft.event}
            )
        else:
            tell(draft.event)
    if not waiting and not as_json:
        tell("No draft waits.")


@group.command("reject")
def reject(
    draft: Annotated[str, typer.Argument(metavar="ID", help="The id of a draft.")], config: ConfigDir = None
) -> None:
    """Take a draft off the list; `ledger add` with the same id confirms one."""
    from bot.cli.output import tell
    from bot.cli.sources import in_store
    from bot.pipeline.ledger.entering import reject as take_off

    asyncio.run(in_store(config, lambda conn: take_off(conn, draft, datetime.now(UTC), who())))
    tell(f"Rejected {draft}.")


def who() -> str:
    """Who works at the command line, for the audit log: the name of the account, or its number where it has none."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or os.environ.get("LOGNAME") or f"uid {os.getuid()}"

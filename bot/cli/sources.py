"""The sources: how they are, whether an address would make one, and what is held."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

group = typer.Typer(help="Health of the sources; trying an address; releasing what is held.", rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(group, name="sources")


@group.callback(invoke_without_command=True)
def listing(ctx: typer.Context, as_json: AsJson = False, config: ConfigDir = None) -> None:
    """How each source is: last success, last change, error, next try."""
    if ctx.invoked_subcommand is None:
        asyncio.run(_list(as_json=as_json, config=config))


async def _list(*, as_json: bool, config: Path | None) -> None:
    from bot.cli.output import json_line, remark, table
    from bot.cli.setup import settings_of, sources_of
    from bot.clock import iso
    from bot.store import sources as source_states
    from bot.store.engine import Store, is_made

    settings = settings_of(config)
    sources = sources_of(config)
    states: dict[str, Any] = {}
    if is_made(settings.store.url):
        store = await Store.open(settings.store.url, upgrade=False)
        try:
            states = {state.id: state for state in await store.read(source_states.states)}
        finally:
            await store.close()
    elif not as_json:
        remark("Nothing has been polled yet: `chipwatch poll` or `chipwatch run` begins.")
    rows: list[dict[str, Any]] = []
    for source in sources:
        state = states.get(source.id)
        rows.append(
            {
                "id": source.id,
                "name": source.label,
                "kind": source.kind,
                "trust": source.trust.value,
                "enabled": source.enabled,
                "health": state.health if state else ("new" if source.enabled else "off"),
                "last_success": iso(state.last_success_at) if state else None,
                "last_change": iso(state.last_change_at) if state else None,
                "next_poll": iso(state.next_poll_at) if state else None,
                "failures": state.failures if state else 0,
                "error": state.error if state else None,
                "error_detail": state.error_detail if state else None,
                "expected_silence": source.expected_silence,
                "since": iso(_since(state)) if state else None,
            }
        )
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("source", "health", "since", "last success", "last change", "silence", "error", "next"),
        [
            (
                row["id"],
                row["health"] if row["enabled"] else "off",
                (row["since"] or "")[:16],
                (row["last_success"] or "")[:16],
                (row["last_change"] or "")[:16],
                _days(row["expected_silence"]),
                _trouble(row),
                (row["next_poll"] or "")[:16],
            )
            for row in rows
        ],
    )


def _since(state: Any) -> Any:
    """When the present trouble began, where there is one."""
    return state.failing_since or (state.stale_since if state.health == "stale" else None)


def _days(seconds: float | None) -> str:
    """The longest silence that is normal, in days."""
    return f"{seconds / 86400:g} d" if seconds else ""


def _trouble(row: dict[str, Any]) -> str:
    """The error's name; of a source that rests what it waits for."""
    return row["error_detail"] if row["health"] == "resting" else row["error"] or ""


@group.command("test")
def try_address(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address to try.")],
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Try an address: say what kind it is and what it would give. Stores nothing."""
    if not asyncio.run(_test(url, as_json=as_json, config=config)):
        raise typer.Exit(1)


async def _test(url: str, *, as_json: bool, config: Path | None) -> bool:
    from bot.app import network
    from bot.cli.output import json_line, tell
    from bot.cli.setup import settings_of
    from bot.clock import SystemClock
    from bot.errors import SourceError
    from bot.fetch.exchange import Request
    from bot.sources.sniff import sniff

    settings = settings_of(config)
    transport = network(settings, SystemClock())
    found: dict[str, Any] = {"url": url, "kind": None, "ok": False, "error": None, "documents": 0, "partial": False}
    detail, first = "", ""
    try:
        answer = await transport.get(Request(url, max_bytes=settings.fetch.max_bytes))
        kind, reading = sniff(answer)
        found |= {"kind": kind, "documents": len(reading.documents), "partial": reading.partial}
        found["ok"] = bool(reading.documents)
        found["error"] = None if reading.documents else "no_documents"
        first = reading.documents[0].title if reading.documents else ""
    except SourceError as error:
        found["error"], detail = error.name, error.detail
    finally:
        await transport.close()
    if as_json:
        json_line(found)
    elif found["ok"]:
        partial = ", cut short" if found["partial"] else ""
        tell(f"{url}: a {found['kind']} with {found['documents']} documents{partial}; the first: {first}")
    else:
        tell(f"{url}: {found['error']}. {detail}".rstrip())
    return bool(found["ok"])


@group.command("held")
def waiting(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """What looked absurd and waits for your word."""
    from bot.cli.output import json_line, tell
    from bot.clock import iso
    from bot.store import held

    rows = asyncio.run(in_store(config, held.waiting))
    for row in rows:
        line = {"source": row.source, "at": iso(row.at), "reason": row.reason}
        json_line(line) if as_json else tell(f"{line['at']} {row.source}: {row.reason}")
    if not rows and not as_json:
        tell("Nothing is held.")


@group.command("release")
def release(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source whose change is held.")],
    drop: Annotated[bool, typer.Option("--drop", help="Store it silently instead of announcing it.")] = False,
    config: ConfigDir = None,
) -> None:
    """Let a held change through at the next poll, or drop it."""
    from datetime import UTC, datetime

    from bot.cli.output import tell
    from bot.errors import ConfigError, UserError
    from bot.pipeline import holding

    word = "dropped" if drop else "released"
    now = datetime.now(UTC)
    try:
        asyncio.run(in_store(config, lambda conn: holding.settle_change(conn, source, word, now, "command line")))
    except UserError:
        raise ConfigError(f"nothing is held of {source!r}; `chipwatch sources held` lists what is") from None
    tell(f"{source}: {word}; the next poll acts on it.")


async def in_store(config: Path | None, work: Any) -> Any:
    """Run a unit of work in the store of an installation; its result."""
    from bot.cli.setup import settings_of
    from bot.store.engine import Store

    store = await Store.open(settings_of(config).store.url, upgrade=False)
    try:
        return await store.write(work)
    finally:
        await store.close()

"""Commands for whoever keeps the bot: db, config, doctor."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.options import AsJson, ConfigDir

if TYPE_CHECKING:
    from bot.settings import Settings

db = typer.Typer(
    help="The store: migrations, consistency, online copy, forgetting a person.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
config_group = typer.Typer(help="The settings in effect.", no_args_is_help=True, rich_markup_mode=None)
PEOPLE = {"discord": re.compile(r"[0-9]{1,20}"), "slack": re.compile(r"[A-Z0-9]{1,24}/[A-Z0-9]{1,24}")}
"""How the number of a person is written."""


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(db, name="db")
    app.add_typer(config_group, name="config")
    app.command()(doctor)


@db.command("upgrade")
def db_upgrade(config: ConfigDir = None) -> None:
    """Make the store, or bring it up to date."""
    from bot.cli.output import tell
    from bot.cli.setup import settings_of
    from bot.store.engine import Store
    from bot.store.migrate import head

    async def work() -> None:
        await (await Store.open(settings_of(config).store.url)).close()

    asyncio.run(work())
    tell(f"The store stands at schema {head()}.")


@db.command("check")
def db_check(config: ConfigDir = None) -> None:
    """Look for damage; says what is wrong, or that all is well."""
    from bot.cli.output import tell
    from bot.cli.setup import settings_of
    from bot.errors import StoreError
    from bot.store.copies import problems
    from bot.store.engine import Store

    async def work() -> list[str]:
        store = await Store.open(settings_of(config).store.url, upgrade=False)
        try:
            return await store.read(problems)
        finally:
            await store.close()

    found = asyncio.run(work())
    if found:
        raise StoreError("damaged", f"{'; '.join(found[:5])}; put a backup in its place: `chipwatch db restore FILE`")
    tell("The store is sound.")


@db.command("backup")
def db_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; must not exist.")],
    config: ConfigDir = None,
) -> None:
    """Copy the store while the bot runs."""
    from bot.cli.output import tell
    from bot.cli.setup import settings_of
    from bot.store.copies import backup

    size = backup(settings_of(config).store.url, file)
    tell(f"{file}: {size / 1024:.0f} KiB")


@db.command("restore")
def db_restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy made by `chipwatch db backup`.")],
    config: ConfigDir = None,
) -> None:
    """Put a copy in the place of the store; the store that stood there is kept beside it. Stop the bot first."""
    from bot.cli.output import tell
    from bot.cli.setup import settings_of
    from bot.store.copies import restore

    settings = settings_of(config)
    kept = restore(settings.store.url, file)
    asyncio.run(_renew(settings))
    tell(f"Restored from {file}." + (f" What stood there is now {kept}." if kept else ""))


async def _renew(settings: Settings) -> None:
    """What commands read of the store is that of the copy now. One of an older version is told by the next start."""
    import contextlib
    from datetime import UTC, datetime

    from bot.errors import StoreError
    from bot.pipeline.ledger.librarian import Librarian
    from bot.store.engine import Store

    with contextlib.suppress(StoreError):
        store = await Store.open(settings.store.url, upgrade=False)
        try:
            await Librarian(settings.ledger.keys).write_snapshot(store, datetime.now(UTC))
        finally:
            await store.close()


@db.command("copy")
def db_copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Address of the store that is read.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Address of an empty store: SQLite or PostgreSQL.")],
    config: ConfigDir = None,
) -> None:
    """Move an installation to another store, either way. Stop the bot first; the old store is left as it is."""
    from bot.cli.output import tell
    from bot.store.engine import Store
    from bot.store.moving import copy

    async def work() -> int:
        old = await Store.open(source, upgrade=False)
        try:
            new = await Store.open(target)
            try:
                return await copy(old, new, lambda table, rows: tell(f"{table}: {rows}") if rows else None)
            finally:
                await new.close()
        finally:
            await old.close()

    rows = asyncio.run(work())
    tell(f"{rows} rows copied. Set `store.url` to the new address and start the bot.")


@db.command("forget")
def db_forget(
    platform: Annotated[Literal["discord", "slack"], typer.Argument(metavar="PLATFORM", help="discord or slack.")],
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Discord: the user's number. Slack: WORKSPACE/USER, as T1/U1.")
    ],
    config: ConfigDir = None,
) -> None:
    """Erase what a person follows, watches, has muted and has begun, and the person's number under reports."""
    from datetime import UTC, datetime

    from bot.cli.output import tell
    from bot.cli.setup import settings_of
    from bot.errors import ConfigError
    from bot.store import erasing
    from bot.store.engine import Store

    if not PEOPLE[platform].fullmatch(person):
        form = "a number: 81384788765712384" if platform == "discord" else "WORKSPACE/USER: T0123ABC/U0123ABC"
        raise ConfigError(f"{person[:80]!r} is nobody in {platform.title()}; a person there is {form}")
    now = datetime.now(UTC)

    async def work() -> int:
        store = await Store.open(settings_of(config).store.url, upgrade=False)
        try:
            return await store.write(lambda conn: erasing.person(conn, platform, person, now))
        finally:
            await store.close()

    gone = asyncio.run(work())
    tell(f"Erased: {gone} rows of this person." if gone else "Nothing of this person is stored.")


@config_group.command("show")
def config_show(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """Every setting in effect and where it came from; secrets are hidden."""
    from bot.cli.output import json_line, table
    from bot.cli.setup import settings_of
    from bot.settings import effective

    rows = effective(settings_of(config))
    if as_json:
        for row in rows:
            json_line({"setting": row.name, "value": row.value, "from": row.origin})
        return
    table(("setting", "value", "from"), [(row.name, str(row.value), row.origin) for row in rows])


@config_group.command("check")
def config_check(config: ConfigDir = None) -> None:
    """Read all settings and sources; the first mistake is named with file and line."""
    from bot.cli.output import tell
    from bot.cli.setup import settings_of, sources_of

    settings_of(config)
    sources = sources_of(config)
    tell(f"Settings are right; {len(sources)} sources, {sum(s.enabled for s in sources)} of them switched on.")


def doctor(as_json: AsJson = False, config: ConfigDir = None) -> None:
    """Check settings, tokens, store, clock and sources; say what to do about each finding."""
    from bot.cli.examination import examine
    from bot.cli.output import json_line, tell

    findings = asyncio.run(examine(config))
    for finding in findings:
        if as_json:
            json_line({"check": finding.check, "ok": finding.ok, "detail": finding.detail, "remedy": finding.remedy})
        else:
            tell(f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.detail}")
            if finding.remedy:
                tell(f"    → {finding.remedy}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)

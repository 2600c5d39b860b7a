"""Commands that work with the network and the store: run, demo, poll."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir
from bot.settings.roles import ROLES

if TYPE_CHECKING:
    from bot.app.error_reports import ErrorReports
    from bot.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(run)
    app.command()(demo)
    app.command()(poll)


def run(
    roles: Annotated[
        str,
        typer.Option(metavar="LIST", help=f"What this process does, of {', '.join(ROLES)}; several share the work."),
    ] = ",".join(ROLES),
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Write every answer into a recording.")] = None,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Run the bot until SIGTERM or SIGINT: poll, post, answer."""
    wanted = frozenset(role.strip() for role in roles.split(",") if role.strip())
    if not wanted or wanted - set(ROLES):
        wrong = ", ".join(sorted(wanted - set(ROLES))) or "nothing"
        raise typer.BadParameter(f"{wrong}: roles are {', '.join(ROLES)}", param_hint="--roles")
    gc.disable()  # until all that a start loads stands (`bot.app.interpreter`): there is no garbage among it
    asyncio.run(_run(wanted, record, as_json=as_json, config=config))


async def _run(roles: frozenset[str], record: Path | None, *, as_json: bool, config: Path | None) -> None:
    from bot.app import Bot, assemble, network
    from bot.app.chat import Chat
    from bot.app.week import play_in_window
    from bot.cli.output import remark
    from bot.cli.setup import console, journal_of, settings_of, sources_of
    from bot.clock import SystemClock
    from bot.logs import logger
    from bot.store.engine import Store

    settings, sources = settings_of(config), sources_of(config)
    reports = _log_as_set(settings)
    for platform, missing in _left_out(settings):
        remark(f"{platform} is left out: {missing} is not set.")
    clock = SystemClock()
    transport = network(settings, clock)
    if record is not None:
        from bot.fetch.recorder import Recorder
        from bot.sources.curated import as_toml

        transport = Recorder(transport, record, as_toml(sources))
    store = await Store.open(settings.store.url)
    journal = journal_of(store.path)
    log = logger("run")
    chat = Chat.of(settings, clock, log)
    platforms = {**console(settings, as_json=as_json, journal=journal), **chat.platforms}
    parts = assemble(
        settings,
        sources,
        store,
        transport,
        clock,
        platforms,
        report=lambda outcome: _log(log, outcome),
        delivered=lambda delivery, end, reason: _log_delivery(log, delivery, end, reason),
        trouble=lambda error: log.error("store", error=str(error)),
        news_age=timedelta(seconds=settings.poll.news_age),
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)

    def ready(address: str) -> None:
        remark(
            f"Chipwatch is ready: {len(parts.poller.sources)} sources, health at {address}/healthz. Ctrl-C stops it."
        )
        if address:
            remark(f"The board: {address}/  Try every command: {address}/try")

    try:
        bot = Bot(parts, roles, play=partial(play_in_window, settings))
        bot.doors, bot.mounts = chat.connect(parts, bot.services, roles)
        platforms |= chat.platforms
        await bot.serve(stop, ready)
    finally:
        await chat.close()
        await parts.close()
        if reports is not None:
            reports.close()


def _log_as_set(settings: Settings) -> ErrorReports | None:
    """Log as the settings say; where errors are reported to, if anywhere."""
    from bot.app.error_reports import error_reports
    from bot.logs import Scrubber, configure
    from bot.settings import secret_values

    scrub = Scrubber(secret_values(settings))
    reports = error_reports(settings.sentry, scrub)
    configure(settings.log.level, settings.log.format, scrub, reports.send if reports else None)
    return reports


def _left_out(settings: Any) -> list[tuple[str, str]]:
    """The platforms that cannot start, and which setting each waits for."""
    from bot.platforms.slack.names import is_set

    found = []
    if not settings.discord.token:
        found.append(("Discord", "discord.token (CHIPWATCH_DISCORD__TOKEN)"))
    if not is_set(settings.slack):
        found.append(("Slack", "slack.bot_token (CHIPWATCH_SLACK__BOT_TOKEN)"))
    return found


def _log(log: Any, outcome: Any) -> None:
    """A failing source is logged once, and once when it recovers."""
    for notice in outcome.notices:
        level = log.info if notice.notice == "recovered" else log.warning
        level(f"source_{notice.notice}", source=notice.source, detail=notice.detail)
    if outcome.rests_anew:
        log.warning("source_rests", source=outcome.source, detail=outcome.rests)
    if outcome.baseline:
        log.info("source_baseline", source=outcome.source)
    for taken in outcome.changes:
        log.info(
            "change",
            kind=taken.change.kind.value,
            source=outcome.source,
            key=taken.change.document.key,
            story=taken.story,
        )


def _log_delivery(log: Any, delivery: Any, end: str, reason: str) -> None:
    from bot.store.deliveries import FAILED

    if end in FAILED:
        where = {"platform": delivery.platform, "channel": delivery.channel, "story": delivery.story}
        log.error("delivery_lost", end=end, reason=reason, **where)


def demo(
    as_json: AsJson = False,
    pause: Annotated[float, typer.Option(help="Seconds between two moments of the recording.", min=0)] = 1.5,
    stay: Annotated[
        bool | None, typer.Option("--stay/--leave", help="Serve the board meanwhile and after; in a terminal: yes.")
    ] = None,
    config: ConfigDir = None,
) -> None:
    """Show a week of July 2025 as alerts: a bundled recording, no network, no tokens, nothing kept."""
    staying = sys.stdin.isatty() and sys.stdout.isatty() if stay is None else stay
    asyncio.run(_demo(pause, staying, as_json=as_json, config=config))


async def _demo(pause: float, stay: bool, *, as_json: bool, config: Path | None) -> None:
    from bot.app.week import play_in_window, stage
    from bot.cli.output import remark
    from bot.cli.setup import console, settings_of
    from bot.web.fair import Fair

    settings = settings_of(config)
    async with stage(settings, console(settings, as_json=as_json, journal=None)) as week:
        if not stay:
            await week.play(pause)
            remark("The board and a place to try every command: `make run`, then /try at the address that it prints.")
            return
        fair = Fair(week.parts.store, settings, week.parts.librarian, partial(play_in_window, settings))
        address = await fair.open()
        remark(f"The board: {address}/  Try every command: {address}/try")
        try:
            await week.play(pause)
            remark(f"The week is over. {address}/try stays open; Ctrl-C ends it.")
            await _interrupted()
        finally:
            await fair.close()


async def _interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


def poll(
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Ids; none: all sources.")] = None,
    changes: Annotated[bool, typer.Option("--changes", help="Print every change and notice, posted or not.")] = False,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Poll the sources once, now, and exit."""
    failed = asyncio.run(_poll(source or [], changes, as_json=as_json, config=config))
    if failed:
        raise typer.Exit(1)


async def _poll(wanted: list[str], changes: bool, *, as_json: bool, config: Path | None) -> bool:
    """True when a named source failed, or all of them."""
    from bot.app import assemble, network
    from bot.cli.output import json_line, remark, tell
    from bot.cli.setup import change_lines, console, journal_of, settings_of, sources_of
    from bot.clock import SystemClock
    from bot.errors import ConfigError
    from bot.pipeline.outcome import Outcome
    from bot.pipeline.silence import stale_sources
    from bot.store.engine import Store

    settings = settings_of(config)
    sources = sources_of(config)
    known = {source.id for source in sources}
    unknown = [id_ for id_ in wanted if id_ not in known]
    if unknown:
        raise ConfigError(f"there is no source {unknown[0]!r}; `chipwatch sources` lists them")
    chosen = [s.model_copy(update={"enabled": True}) if s.id in wanted else s for s in sources]
    clock = SystemClock()
    store = await Store.open(settings.store.url)
    journal = journal_of(store.path)
    outcomes: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if changes:
            for line in change_lines(outcome):
                json_line(line) if as_json else tell(str(line))
        for notice in outcome.notices:
            remark(f"{notice.source}: {notice.notice} {notice.detail}")
        if outcome.rests:
            remark(f"{outcome.source} rests: {outcome.rests}")

    platforms = console(settings, as_json=as_json, journal=journal)
    parts = assemble(settings, chosen, store, network(settings, clock), clock, platforms, report=report)
    try:
        await parts.prepare()
        asked = await parts.poller.ask(wanted or list(parts.poller.sources))
        await parts.outbox.drain()
        for notice in await store.write(lambda conn: stale_sources(conn, chosen, clock.now())):
            report(Outcome(notice.source, notices=(notice,)))
        await parts.librarian.write_snapshot(store, clock.now())
    finally:
        await parts.close()
    failed = {o.source for o in asked if o.failed or (o.rests and o.source in wanted)}
    if not as_json:
        remark(f"{len(asked)} sources polled, {len(failed)} failed, {sum(len(o.changes) for o in asked)} changes")
    return bool(failed) and (bool(wanted) or len(failed) == len(asked))

"""What `chipwatch doctor` looks at: each check gives a finding, and each bad finding what to do."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import ChipwatchError, ConfigError, StoreError
from bot.model import Health

LOW_ON_DISK = 200 * 1024 * 1024
SHORT_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was seen, and what to do where it is not well."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""


async def examine(config: Path | None) -> list[Finding]:
    """All findings, in the order in which one would mend them."""
    from bot.cli.setup import settings_of, sources_of
    from bot.platforms.tokens import asked

    try:
        settings = settings_of(config)
        sources = sources_of(config)
    except ChipwatchError as error:
        return [Finding("settings", False, str(error), "mend the line named above, then run this again")]
    switched_on = [source for source in sources if source.enabled]
    findings = [Finding("settings", True, f"{len(switched_on)} of {len(sources)} sources switched on")]
    findings += [Finding(*said) for said in await asked(settings)]
    findings += [_contact(settings), _web(settings), _desk(settings), _reports(settings)]
    findings += await _store(settings, {source.id for source in switched_on})
    return findings


def _contact(settings: Any) -> Finding:
    if settings.fetch.contact:
        return Finding("contact", True, "publishers can reach you")
    return Finding("contact", True, "no contact address is sent", "set fetch.contact: SEC EDGAR rests without it")


def _web(settings: Any) -> Finding:
    """A board that others reach should know its own names, or a stranger's page could speak for it."""
    web = settings.web
    where = f"the board is served on {web.host}:{web.port}"
    if web.host in ("127.0.0.1", "::1", "localhost") or web.hosts:
        return Finding("web", True, where)
    return Finding("web", False, f"{where} under any name", "set web.hosts to the names that it is reached by")


def _desk(settings: Any) -> Finding:
    token = settings.desk.token
    if not token:
        return Finding("desk", True, "closed: no token is set", "to open it, set CHIPWATCH_DESK__TOKEN")
    if len(token.reveal()) < SHORT_TOKEN:
        remedy = 'set a longer one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        return Finding("desk", False, f"its token is shorter than {SHORT_TOKEN} characters", remedy)
    return Finding("desk", True, "open to whoever has the token")


def _reports(settings: Any) -> Finding:
    from bot.app.error_reports import error_reports
    from bot.logs import Scrubber

    try:
        reports = error_reports(settings.sentry, Scrubber())
    except ConfigError as error:
        fact, _, remedy = str(error).partition(": ")
        return Finding("sentry", False, fact, remedy or "set the address that your Sentry shows for the project")
    if reports is None:
        return Finding("sentry", True, "errors are logged and not sent anywhere")
    reports.close()
    return Finding("sentry", True, "errors are sent to your Sentry")


async def _store(settings: Any, ids: set[str]) -> list[Finding]:
    from bot.store import deliveries, held
    from bot.store import sources as source_states
    from bot.store.engine import Store, file_of

    path = file_of(settings.store.url)
    folder = path.parent if path is not None and path.parent.exists() else Path()
    free = shutil.disk_usage(folder).free
    found = [_disk(folder, free)]
    if path is not None and not path.exists():
        writable = os.access(folder, os.W_OK)
        remedy = "" if writable else f"make {folder} writable, or set store.url"
        return [*found, Finding("store", writable, f"{path} is not there yet; `chipwatch run` makes it", remedy)]
    try:
        store = await Store.open(settings.store.url, upgrade=False)
    except StoreError as error:
        return [*found, Finding("store", False, error.name, error.remedy)]
    try:
        states, waiting, rows = await store.read(
            lambda conn: (source_states.states(conn), held.waiting(conn), deliveries.by_state(conn))
        )
    finally:
        await store.close()
    mine = [state for state in states if state.id in ids]
    size = f"{path}, {path.stat().st_size / 1048576:.1f} MiB" if path is not None else "PostgreSQL answers"
    found.append(Finding("store", True, size))
    found += [*_sources(mine), _clock(mine)]
    found += [
        Finding("held", False, f"{h.source}: {h.reason}", f"look, then `chipwatch sources release {h.source}`")
        for h in waiting
    ]
    lost = sum(rows.get(state, 0) for state in deliveries.FAILED)
    remedy = "look at them, send them once more or let them be: /desk/deliveries" if lost else ""
    found.append(Finding("deliveries", True, f"{rows.get('due', 0)} waiting, {lost} given up", remedy))
    return found


def _disk(folder: Path, free: int) -> Finding:
    detail = f"{free / 1073741824:.1f} GiB free at {folder.resolve()}"
    return Finding("disk", free > LOW_ON_DISK, detail, "" if free > LOW_ON_DISK else "make room")


def _sources(states: list[Any]) -> list[Finding]:
    bad = [state for state in states if state.health in (Health.FAILING, Health.STALE)]
    well = Finding("sources", True, f"{len(states) - len(bad)} of {len(states)} in order")
    resting = [state for state in states if state.health is Health.RESTING]
    return [
        well,
        *(Finding(f"source {state.id}", True, "rests", state.error_detail or "") for state in resting),
        *(
            Finding(
                f"source {state.id}",
                False,
                f"{state.error or 'stale'}: {state.error_detail or 'silent for longer than expected'}",
                f"`chipwatch poll {state.id}` tries it now; if its address moved, change it in config/sources/",
            )
            for state in bad
        ),
    ]


def _clock(states: list[Any]) -> Finding:
    newest = max((state.last_attempt_at for state in states if state.last_attempt_at), default=None)
    now = datetime.now(UTC)
    if newest is not None and newest > now + timedelta(minutes=5):
        detail = f"the store was last used at {newest:%Y-%m-%d %H:%M} UTC, later than now"
        return Finding("clock", False, detail, "set this machine's clock")
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")

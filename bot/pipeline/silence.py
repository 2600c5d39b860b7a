"""Sources of which nothing is heard: those that have failed for long, and those that answer and say nothing new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.sources.base import Source
from bot.store import notices
from bot.store import sources as source_states
from bot.store.engine import Connection
from bot.store.notices import Notice


def long_outages(conn: Connection, now: datetime, after: timedelta) -> list[Notice]:
    """Sources that have failed for longer than operators want to wait before they are told: one notice an outage."""
    told = [
        Notice("outage", state.id, now, f"failing since {state.failing_since:%Y-%m-%d %H:%M} UTC: {state.error}")
        for state in source_states.states(conn)
        if state.failing_since is not None and state.notified_at is None and now - state.failing_since >= after
    ]
    for notice in told:
        source_states.mark_notified(conn, notice.source, now)
    return told


def stale_sources(conn: Connection, sources: Iterable[Source], now: datetime) -> list[Notice]:
    """Sources that answer but have said nothing new for longer than they ever should: one notice each."""
    told: list[Notice] = []
    for source in sources:
        if source.expected_silence is None:
            continue
        state = source_states.state_of(conn, source.id)
        if state is None or state.last_change_at is None or state.stale_since is not None:
            continue
        since = state.last_change_at + timedelta(seconds=source.expected_silence)
        if now > since:
            source_states.mark_stale(conn, source.id, since)
            told.append(
                Notice("stale", source.id, since, f"nothing new since {state.last_change_at:%Y-%m-%d %H:%M} UTC")
            )
    notices.add(conn, told)
    return told

"""What is done with a channel's standing order: kept, paused, resumed, stopped. Each act writes its own line of the
audit log, whoever asks for it; none of them tells the platform."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import UserError
from bot.store import audit, subscriptions
from bot.store.engine import Connection
from bot.store.subscriptions import Standing


def is_own(standing: Standing, workspace: str) -> bool:
    """Whether a workspace may change an order. A channel that workspaces share has one order, of the one that made it.
    A team stays itself when its organisation (`E.../T...`) installs the bot for all of its teams."""
    made_by = standing.workspace.rpartition("/")[2]
    return not (made_by and workspace) or made_by == workspace.rpartition("/")[2]


def as_record(standing: Standing) -> dict[str, Any]:
    """An order as the audit log and exports keep it."""
    return {
        "order": dict(standing.order),
        "language": standing.language,
        "time_zone": standing.time_zone,
        "paused": standing.paused_at is not None,
    }


def keep(
    conn: Connection,
    platform: str,
    workspace: str,
    channel: str,
    order: Mapping[str, Any],
    language: str,
    time_zone: str,
    at: datetime,
    who: str,
) -> None:
    """Store a channel's order, new or in place of the one before, in its stored form; one that rests goes on. Raises
    UserError `errors.order_elsewhere` where the one before is another workspace's."""
    before = subscriptions.hold(conn, platform, channel)
    if before is not None and not is_own(before, workspace):
        raise UserError("errors.order_elsewhere")
    if before is None:
        subscriptions.add(
            conn, platform, channel, order, at, who, language=language, time_zone=time_zone, workspace=workspace
        )
    else:
        subscriptions.change(conn, before.id, order, language=language, time_zone=time_zone)
        if before.paused_at is not None:
            subscriptions.resume(conn, before.id)
    after = subscriptions.of_channel(conn, platform, channel)
    _log(conn, "change" if before else "add", before, after, at, who)


def pause(conn: Connection, number: int, reason: str, at: datetime, who: str) -> Standing | None:
    """Post nothing there until it is resumed. The order as it was; None where there is none or it rests already."""
    before = subscriptions.standing(conn, number)
    if before is None or before.paused_at is not None:
        return None
    subscriptions.pause(conn, number, at, reason)
    _log(conn, "pause", before, subscriptions.standing(conn, number), at, who)
    return before


def resume(conn: Connection, number: int, at: datetime, who: str) -> Standing | None:
    """Post there again. The order as it was; None where there is none, or it does not rest, or its channel is lost:
    that comes back by itself once it is reached."""
    before = subscriptions.standing(conn, number)
    if before is None or before.paused_at is None or before.lost is not None:
        return None
    subscriptions.resume(conn, number)
    _log(conn, "resume", before, subscriptions.standing(conn, number), at, who)
    return before


def stop(conn: Connection, number: int, at: datetime, who: str) -> Standing | None:
    """Forget an order with what waits of it; the audit log keeps it. The order as it was; None where there is none."""
    before = subscriptions.standing(conn, number)
    if before is None:
        return None
    subscriptions.remove(conn, number)
    _log(conn, "stop", before, None, at, who)
    return before


def _log(conn: Connection, word: str, before: Standing | None, after: Standing | None, at: datetime, who: str) -> None:
    there = before or after
    assert there is not None
    subject = f"{there.platform}:{there.channel}"
    was, now = (as_record(each) if each else None for each in (before, after))
    audit.log(conn, at, who, f"order.{word}", subject, was, now, there.workspace)

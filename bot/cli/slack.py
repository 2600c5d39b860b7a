"""Slack as `chipwatch run` starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import Reach

if TYPE_CHECKING:
    from bot.app import Parts
    from bot.clock import Clock
    from bot.delivery.platform import Platform
    from bot.platforms.slack.connection import Connection
    from bot.store.engine import Store


def slack_of(parts: Parts, platforms: dict[str, Platform], services: Any, log: Any) -> Connection | None:
    """Slack, put among the platforms; None where the settings have no tokens for it. Raises ConfigError."""
    from bot.platforms.slack.connection import Connection, is_set

    if not is_set(parts.settings.slack):
        return None
    from bot.commands.desk import Desk

    connection = Connection(parts.settings, services, Desk(), Recorded(parts.store, parts.clock, log))
    platforms["slack"] = connection.platform
    return connection


class Recorded:
    """Where the bot stands with workspaces, written into the store and the log."""

    def __init__(self, store: Store, clock: Clock, log: Any) -> None:
        self._store = store
        self._clock = clock
        self._log = log

    async def joined(self, platform: str, workspace: str, name: str, added_by: str = "") -> None:
        from bot.store import workspaces

        now, by = self._clock.now(), added_by or None
        await self._store.write(lambda conn: workspaces.join(conn, platform, workspace, now, name=name, added_by=by))

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        from bot.store import workspaces

        now = self._clock.now()
        await self._store.write(lambda conn: workspaces.leave(conn, platform, workspace, now))
        self._log.warning("workspace_left", platform=platform, workspace=workspace, reason=reason)

    async def lost(self, platform: str, reach: Reach, id_: str, reason: str) -> int:
        self._log.warning("lost", platform=platform, reach=reach, id=id_, reason=reason)
        return 0

    async def regained(self, platform: str, reach: Reach, id_: str) -> int:
        self._log.info("regained", platform=platform, reach=reach, id=id_)
        return 0

"""The chat platforms of a process: those that the settings have a token for, and the doors to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.app import Parts
    from bot.clock import Clock
    from bot.commands.ask import Services
    from bot.delivery.platform import Door, Platform
    from bot.platforms.discord.assembly import Connection as Discord
    from bot.platforms.slack.assembly import Connection as Slack
    from bot.settings import Settings


@dataclass(slots=True)
class Chat:
    """`platforms` post whatever this process does besides; `doors` answer people, where it has the role for that.

    A platform is built in two steps: what posts needs no store, what answers needs all the parts.
    """

    settings: Settings
    log: Any
    platforms: dict[str, Platform] = field(default_factory=dict)
    _discord: Discord | None = None
    _slack: Slack | None = None

    @classmethod
    def of(cls, settings: Settings, clock: Clock, log: Any) -> Chat:
        """The platforms that have a token. Call it with a running loop."""
        chat = cls(settings, log)
        if settings.discord.token:
            from bot.platforms.discord.assembly import connection

            chat._discord = connection(
                settings, clock, lambda where, what: log.warning("discord", where=where, what=what)
            )
            chat.platforms["discord"] = chat._discord.platform
        return chat

    def connect(
        self, parts: Parts, services: Services, roles: Collection[str]
    ) -> tuple[Sequence[Door], Sequence[Callable[[Any], None]]]:
        """The doors, answering from the same store and knowledge as the rest, and what puts their pages into the web
        application. Raises ConfigError for settings that do not go together."""
        from bot.commands.desk import Desk
        from bot.platforms.slack.names import is_set

        doors: list[Door] = []
        mounts: list[Callable[[Any], None]] = []
        if self._discord is not None and "discord" in roles:
            doors.append(self._discord.door(Desk(), services, parts.presence))
        if is_set(self.settings.slack):
            from bot.platforms.slack.assembly import Connection as Slack

            self._slack = Slack(self.settings, services, Desk(), parts.presence)
            self.platforms["slack"] = self._slack.platform
            if "slack" in roles:
                doors.append(self._slack)
                mounts.append(self._slack.mount)
        return doors, mounts

    async def close(self) -> None:
        """Let go of connections, of those whose door was never opened too."""
        if self._discord is not None:
            await self._discord.close()
        if self._slack is not None:
            await self._slack.shut()

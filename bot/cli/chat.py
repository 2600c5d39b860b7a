"""The chat platforms of a process: those that the settings have a token for, and the doors to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app import Parts
    from bot.clock import Clock
    from bot.delivery.platform import Door, Platform
    from bot.platforms.discord.assembly import Connection
    from bot.settings import Settings


@dataclass(slots=True)
class Chat:
    """`platforms` go into the outbox; `doors` are built once the parts stand."""

    settings: Settings
    log: Any
    discord: Connection | None = None
    platforms: dict[str, Platform] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, clock: Clock, log: Any) -> Chat:
        """The platforms that have a token. Call it with a running loop."""
        chat = cls(settings, log)
        if settings.discord.token:
            from bot.platforms.discord.assembly import connection

            chat.discord = connection(
                settings, clock, lambda where, what: log.warning("discord", where=where, what=what)
            )
            chat.platforms["discord"] = chat.discord.platform
        return chat

    def doors(self, parts: Parts) -> Sequence[Door]:
        """The doors, answering from the same store and knowledge as the rest."""
        if self.discord is None:
            return ()
        from bot.commands.ask import Services
        from bot.commands.desk import Desk
        from bot.platforms.discord.servers import Reported

        knowledge, sources = parts.librarian.knowledge, parts.poller.sources
        services = Services(parts.store, parts.clock, self.settings, knowledge, sources, parts.outbox.platforms)
        parts.librarian.heard_by.append(lambda newest: setattr(services, "knowledge", newest))
        return (self.discord.door(Desk(), services, Reported(self.discord.report)),)

    async def close(self) -> None:
        """Let go of connections whose door was never opened."""
        if self.discord is not None:
            await self.discord.close()

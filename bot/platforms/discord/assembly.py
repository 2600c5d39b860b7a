"""Discord put together from the settings: the platform that posts, and the door by which people come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.commands.ask import Services
from bot.commands.custom_id import pack
from bot.commands.desk import Desk
from bot.delivery.platform import PresenceKeeper
from bot.locale.catalogue import catalogue
from bot.platforms.discord.client import Client, use_addresses
from bot.platforms.discord.door import DiscordDoor
from bot.platforms.discord.pace import Pace
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.settings import Settings

Report = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Connection:
    """One token's two sides. The platform works without the door: messages go out while the gateway is away."""

    platform: Discord
    client: Client
    wire: Wire
    report: Report

    def door(self, desk: Desk, services: Services, presence: PresenceKeeper) -> DiscordDoor:
        """The door over the same connections."""
        return DiscordDoor(self.client, self.wire, desk, services, presence, report=self.report)

    async def close(self) -> None:
        """Let go of the network."""
        await self.client.close()


def connection(settings: Settings, clock: Clock, report: Report) -> Connection:
    """Everything that needs no store. Nothing is asked of Discord yet; call it with a running loop."""
    use_addresses(settings.discord)
    wire = Wire(settings.discord.token.reveal(), clock, Pace(clock))
    client = Client(wire, catalogue(settings.bot.language).text("discord.presence"))
    return Connection(Discord(wire, pack, clock=clock, report=report), client, wire, report)

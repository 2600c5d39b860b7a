"""A bot on Discord for tests: its door on a real store, against a Discord of our own."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock, SystemClock
from bot.commands.ask import Services
from bot.commands.custom_id import pack
from bot.commands.desk import Desk
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord.client import Client, use_addresses
from bot.platforms.discord.door import DiscordDoor
from bot.platforms.discord.pace import Pace
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.settings import Settings
from bot.settings.tables import DiscordSettings, Secret
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN


@dataclass
class Told:
    """Writes down what it is told."""

    told: list[tuple[Any, ...]] = field(default_factory=list)

    async def lost(self, platform, reach, id_, reason):
        self.told.append(("lost", reach, id_))

    async def regained(self, platform, reach, id_):
        self.told.append(("regained", reach, id_))

    async def joined(self, platform, workspace, name, added_by="", fallbacks=()):
        self.told.append(("joined", workspace, tuple(fallbacks)))

    async def left(self, platform, workspace, reason="removed"):
        self.told.append(("left", workspace))

    async def only(self, platform, standing, concerns):
        self.told.append(("only", tuple(sorted(standing))))

    async def look_again(self):
        self.told.append(("looked",))


class SlowDesk(Desk):
    """A desk whose answers take as long as a test says."""

    seconds = 0.0
    held: asyncio.Event | None = None
    error: Exception | None = None

    async def answer(self, ask, path, arguments=None):
        await asyncio.sleep(self.seconds)
        if self.held:
            await self.held.wait()
        return await super().answer(ask, path, arguments)


@dataclass
class House:
    """A door with what stands around it."""

    door: DiscordDoor
    desk: SlowDesk
    presence: Told
    services: Services
    reports: list[tuple[str, str]]


def house(fake, store, knowledge, *, operator_guild="", token=TOKEN, presence=None, **options):
    """A bot with its door still closed, pointed at a fake."""
    wire, client = connected(fake, token=token, **options)
    settings = Settings(discord=DiscordSettings(Secret(token), fake.api_url, "", operator_guild))
    services = Services(store, SystemClock(), settings, Librarian(shipped=knowledge))
    services.platforms = {"discord": Discord(wire, pack, clock=services.clock)}
    presence, desk, reports = presence or Told(), SlowDesk(), []
    door = DiscordDoor(client, wire, desk, services, presence, report=lambda where, what: reports.append((where, what)))
    return House(door, desk, presence, services, reports)


def connected(fake: FakeDiscord, token: str = TOKEN, clock: Clock | None = None, **options: Any) -> tuple[Wire, Client]:
    """A wire with its client, pointed at a fake."""
    use_addresses(DiscordSettings(api_url=fake.api_url, gateway_url=fake.gateway_url))
    clock = clock or SystemClock()
    wire = Wire(token, clock, Pace(clock))
    return wire, Client(wire, "testing", guild_ready_timeout=0.05, **options)


async def answered(fake, said):
    """The answer itself, where it was promised first."""
    if said.json["type"] != 5:
        return said.json
    return (await fake.until(lambda: fake.world.posts("PATCH", "/messages/@original")))[-1].json


def words(body):
    """Everything that a body says, as one text."""
    return json.dumps(body, ensure_ascii=False)

"""What the tests of Discord share: the checker of requests against the official description."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock, SystemClock
from bot.platforms.discord.client import Client, use_addresses
from bot.platforms.discord.pace import Pace
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.settings.tables import DiscordSettings
from bot.store.engine import Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import ANNOUNCEMENT, FORUM, TOKEN
from tests.platforms import checkers


@pytest.fixture(scope="session")
def check(shared: Path) -> checkers.DiscordCheck:
    """What is wrong with a request, by the official description; empty when nothing is."""
    return checkers.discord(shared)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A running Discord with one server (100), two text channels (200, 201), a forum, an announcement channel."""
    server = FakeDiscord()
    await server.start()
    world = server.world
    world.guild("100", system="200")
    world.channel("200")
    world.channel("201")
    world.channel("300", kind=FORUM, available_tags=[{"id": "9", "name": "Law"}, {"id": "8", "name": "Talk"}])
    world.channel("400", kind=ANNOUNCEMENT)
    yield server
    await server.stop()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    made = await Store.open(f"sqlite:///{tmp_path}/door.db", scratch=True)
    yield made
    await made.close()


@pytest.fixture
async def wire(fake: FakeDiscord) -> AsyncIterator[Wire]:
    """The REST side, pointed at the fake."""
    made, client = connected(fake)
    yield made
    await client.close()


def connected(fake: FakeDiscord, token: str = TOKEN, clock: Clock | None = None, **options: Any) -> tuple[Wire, Client]:
    """A wire with its client, pointed at a fake."""
    use_addresses(DiscordSettings(api_url=fake.api_url, gateway_url=fake.gateway_url))
    clock = clock or SystemClock()
    wire = Wire(token, clock, Pace(clock))
    return wire, Client(wire, "testing", guild_ready_timeout=0.05, **options)


@pytest.fixture
def reports() -> list[tuple[str, str]]:
    """What operators were told: channel and reason."""
    return []


@pytest.fixture
def discord(wire: Wire, reports: list[tuple[str, str]]) -> Discord:
    """The platform over the wire."""
    return Discord(wire, pack, clock=wire.clock, report=lambda channel, why: reports.append((channel, why)))


def pack(action: str, values: Any = ()) -> str:
    """Actions as the tests carry them."""
    return (action + "?" + "&".join(f"{name}={value}" for name, value in values))[:100]

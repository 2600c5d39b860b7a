"""What the tests of Discord share: the checker of requests against the official description."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.library import Knowledge
from bot.platforms.discord import render
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.store.engine import Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import ANNOUNCEMENT, FORUM
from tests.platforms import checkers
from tests.platforms.discord.house import House, connected, house


@pytest.fixture(scope="session")
def check(shared: Path) -> checkers.DiscordCheck:
    """What is wrong with a request, by the official description; empty when nothing is."""
    return checkers.discord(shared)


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """No button and no list of any card may be missing in its message; where it runs, that is logged."""

    def missing(labels: Sequence[str]) -> None:
        pytest.fail(f"left out of the message: {labels}")

    monkeypatch.setattr(render, "tell_left_out", missing)


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
async def wire(fake: FakeDiscord) -> AsyncIterator[Wire]:
    """The REST side, pointed at the fake."""
    made, client = connected(fake)
    yield made
    await client.close()


@pytest.fixture
def reports() -> list[tuple[str, str]]:
    """What operators were told: channel and reason."""
    return []


@pytest.fixture
def discord(wire: Wire, reports: list[tuple[str, str]]) -> Discord:
    """The platform over the wire."""
    return Discord(wire, pack, clock=wire.clock, report=lambda channel, why: reports.append((channel, why)))


@pytest.fixture
async def opened(
    fake: FakeDiscord, store: Store, knowledge: Knowledge, check: checkers.DiscordCheck
) -> AsyncIterator[House]:
    """A bot whose door is open; all that it asked Discord must be what the official description allows."""
    made = house(fake, store, knowledge)
    await made.door.open()
    yield made
    await made.door.close()
    for request in fake.world.requests:
        assert check(request.method, request.path, request.json) == [], request.path


def pack(action: str, values: Any = ()) -> str:
    """Actions as the tests carry them."""
    return (action + "?" + "&".join(f"{name}={value}" for name, value in values))[:100]

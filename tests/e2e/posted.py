"""A bot whose channels are on a local Discord or Slack, fed by a desk: real store, outbox, presence and adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import SetClock, SystemClock
from bot.commands.custom_id import pack
from bot.commands.desk import Desk as Answers
from bot.delivery.outbox import Outbox, Patience
from bot.delivery.platform import Platform
from bot.delivery.presence import Presence
from bot.delivery.telling import Teller
from bot.knowledge.library import Knowledge
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord.door import DiscordDoor
from bot.platforms.discord.platform import Discord
from bot.settings import Settings
from bot.settings.tables import DiscordSettings, Secret
from bot.store import schema, subscriptions
from bot.store.engine import Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import Channel, FakeSlack
from tests.pipeline.desk import Desk, news
from tests.platforms.discord.house import connected
from tests.platforms.slack.office import office

TITLES = {
    "a": "US tightens licence rules for Nvidia H20 chip exports to China",
    "b": "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "c": "Malaysia requires a permit for exports of US AI chips",
    "d": "Dutch government tightens licence rules for ASML chip-making equipment exports to China",
}
GOES_ON: dict[str, Any] = {"analyses": True, "bundle": False}


class Newsroom:
    """What a publisher says goes out to `platform`; `clock` is the desk's and the outbox's."""

    def __init__(self, store: Store, name: str, platforms: dict[str, Platform]) -> None:
        self.store, self.name = store, name
        self.desk = Desk(store)
        self.clock = SetClock(self.desk.now)
        self.presence = Presence(store, platforms, self.clock)
        self.outbox = Outbox(
            store, platforms, self.clock, "here", Patience(), presence=self.presence, report=self._heard
        )
        self.teller = Teller(store, platforms, self.clock)
        self.ends: list[str] = []

    def _heard(self, delivery: Any, end: str, reason: str) -> None:
        self.ends.append(end)

    async def begin(self, channels: dict[str, str], **order: Any) -> None:
        """The first poll, and an order in each channel (channel: workspace)."""
        from bot.store import sources as source_states

        await self.store.write(lambda conn: source_states.register(conn, {"wire": "test_wire"}))
        for channel, workspace in channels.items():
            wishes, now = GOES_ON | order, self.desk.now
            add = partial(subscriptions.add, platform=self.name, channel=channel, order=wishes, at=now, who="test")
            await self.store.write(partial(add, workspace=workspace))
        await self.desk.poll()

    async def publish(self, *keys: str) -> None:
        """Documents come out, one poll for all, and what they say goes out."""
        await self.desk.poll(*(news(key, TITLES[key]) for key in keys))
        await self.deliver()

    async def deliver(self, after: timedelta = timedelta(0)) -> None:
        """All that is due now: messages, letters to managers, direct messages to followers."""
        self.clock.set(max(self.clock.now() + after, self.desk.now))
        await self.outbox.drain()
        await self.presence.deliver_letters()
        await self.teller.deliver()

    async def column(self, name: str) -> list[Any]:
        """A column of the orders."""
        query = sa.select(schema.subscriptions.c[name]).order_by(schema.subscriptions.c.id)
        return await self.store.read(lambda conn: list(conn.execute(query).scalars()))

    async def story(self) -> str:
        """The id of the first story."""
        query = sa.select(schema.stories.c.id).order_by(schema.stories.c.began_at).limit(1)
        return str(await self.store.read(lambda conn: conn.execute(query).scalar_one()))


@asynccontextmanager
async def on_discord(tmp_path: Path, fake: FakeDiscord) -> AsyncIterator[Newsroom]:
    """A newsroom over the wire, its door open."""
    store = await Store.open(f"sqlite:///{tmp_path}/bot.db", scratch=True)
    wire, client = connected(fake)
    platforms: dict[str, Platform] = {}
    room = Newsroom(store, "discord", platforms)
    platforms["discord"] = Discord(wire, pack, clock=SystemClock())
    settings = Settings(discord=DiscordSettings(Secret(TOKEN), fake.api_url, ""))
    from bot.commands.ask import Services

    services = Services(store, room.clock, settings, Librarian(), platforms=platforms)
    door = DiscordDoor(client, wire, Answers(), services, room.presence)
    await door.open()
    try:
        yield room
    finally:
        await door.close()
        await client.close()
        await store.close()


@asynccontextmanager
async def on_slack(tmp_path: Path, fake: FakeSlack) -> AsyncIterator[Newsroom]:
    """A newsroom over a socket; its channels C1 and C2, its notices channel C9."""
    fake.world.add(Channel("C9", name="mods"))
    platforms: dict[str, Platform] = {}
    rooms: list[Newsroom] = []

    def presence(store: Store) -> Presence:
        rooms.append(Newsroom(store, "slack", platforms))
        return rooms[0].presence

    async with office(tmp_path, Knowledge.load(), world=fake, presence=presence) as made:
        platforms["slack"] = made.connection.platform
        made.services.platforms = platforms
        yield rooms[0]

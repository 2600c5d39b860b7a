"""Servers that put the bot out while nobody was listening: the next session does not name them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.delivery.presence import Presence
from bot.store import presence as kept
from bot.store import subscriptions
from bot.store.schema import workspaces
from tests.platforms.discord.house import house

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def presence(store):
    return Presence(store, {}, SetClock(NOW))


@pytest.fixture
async def known(store, presence):
    """A store that knows the server of the world, one with an outage, and two of an earlier run: 555 and, from an order
    alone, 556."""
    for id_ in ("100", "101", "555"):
        await presence.joined("discord", id_, f"Server {id_}")
        await ordered(store, id_)
    await ordered(store, "556")
    await presence.joined("slack", "T1", "A workspace")


async def ordered(store, workspace):
    await store.write(
        lambda conn: subscriptions.add(conn, "discord", f"c{workspace}", {}, NOW, "test", workspace=workspace)
    )


async def left(store):
    query = sa.select(workspaces.c.id).where(workspaces.c.left_at.is_not(None))
    return set(await store.read(lambda conn: conn.execute(query).scalars().all()))


async def until_left(store, ids):
    async with asyncio.timeout(10):
        while await left(store) != ids:
            await asyncio.sleep(0.02)


async def test_servers_that_a_session_does_not_name_have_left_and_are_erased_in_time(
    fake, store, knowledge, presence, known
):
    fake.world.guild("101")
    fake.gateway.outages.add("101")
    made = house(fake, store, knowledge, presence=presence)
    await made.door.open()
    await until_left(store, {"555", "556"})
    await made.door.close()
    orders = {row.workspace: row.lost for row in await store.read(subscriptions.every)}
    assert orders == {"100": None, "101": None, "555": "workspace", "556": "workspace"}
    presence.clock.set(NOW + presence.keeping.left + timedelta(seconds=1))
    await presence.erase()
    assert {row.workspace for row in await store.read(subscriptions.every)} == {"100", "101"}


async def test_a_server_lost_between_two_sessions_has_left_and_one_that_comes_back_has_not(
    fake, store, knowledge, presence, monkeypatch
):
    fake.world.guild("101")
    made = house(fake, store, knowledge, presence=presence)
    await made.door.open()
    monkeypatch.setattr("asyncio.sleep", quickly(asyncio.sleep))
    guild = fake.world.guilds.pop("101")
    await fake.gateway.send(9, False)
    await until_left(store, {"101"})
    fake.world.guilds["101"] = guild
    await fake.gateway.send(9, False)
    await until_left(store, set())
    await made.door.close()


def quickly(real):
    async def sleep(seconds, *rest):
        return await real(min(seconds, 0.05), *rest)

    return sleep


async def test_a_shard_speaks_for_its_own_servers_alone(fake, store, knowledge, presence):
    made = house(fake, store, knowledge, presence=presence)
    mine, others = (str(shard << 22 | 7) for shard in (2, 3))
    for id_ in (mine, others, "no-number"):
        await presence.joined("discord", id_, "")
    await made.door._servers.on_servers_named(0, 2, ())
    assert set(await store.read(lambda conn: kept.present(conn, "discord"))) == {others, "no-number"}

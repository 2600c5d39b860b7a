"""When a workspace puts the bot out, all that is kept of it goes some days later, however Slack says so."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.delivery.presence import Presence
from bot.store import schema
from tests.platforms.slack.office import event, office

NOW = datetime(2026, 7, 1, tzinfo=UTC)
REMOVED = event("app_uninstalled", id_="Ev-removed")
REVOKED = event("tokens_revoked", id_="Ev-revoked", tokens={"bot": ["UBOTT1"], "oauth": []})
KEPT = (schema.subscriptions, schema.workspaces, schema.watch_names, schema.mutes, schema.triage_channels)


@pytest.fixture
async def house(tmp_path, knowledge, fake):
    clock = SetClock(NOW)
    async with office(
        tmp_path, knowledge, world=fake, clock=clock, presence=lambda store: Presence(store, {}, clock)
    ) as made:
        made.clock = clock
        yield made


async def rows(house):
    """How many rows are kept, by table; audit lines but the one that says that all was erased."""

    def count(conn):
        found = {t.name: conn.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in KEPT}
        lines = conn.execute(sa.select(schema.audit.c.action).where(schema.audit.c.action != "workspace.erase"))
        return found | {"audit": len(lines.all())}

    return await house.store.read(count)


async def left(house):
    query = sa.select(schema.workspaces.c.left_at)
    return [each for each in await house.store.read(lambda conn: conn.execute(query).scalars().all()) if each]


@pytest.mark.parametrize("told", [(REMOVED,), (REVOKED,), (REVOKED, REMOVED), (REMOVED, REVOKED)])
async def test_all_of_it_is_erased_after_seven_days(house, told):
    lines = ["follow headlines", "settings language:de", "watchlist add Inspur", "triage on", "stop", "follow newsroom"]
    for line in lines:
        await house.answered(await house.command(line, user_id="UA"))
    await house.answered(await house.command("watchlist add Huawei", user_id="UA", channel_id="C2"))
    assert {name for name, count in (await rows(house)).items() if not count} == {"mutes"}
    for each in told:
        await house.slack.envelope("events_api", each)
    async with asyncio.timeout(10):
        while not await left(house):
            await asyncio.sleep(0.01)
    house.clock.set(NOW + timedelta(days=6))
    assert await house.heard.erase() == 0
    house.clock.set(NOW + timedelta(days=8))
    await house.heard.erase()
    assert set((await rows(house)).values()) == {0}

"""A channel that is lost: its order rests, the notices channel is told, and once it is back one message catches up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.store import schema
from tests.e2e.posted import on_discord, on_slack
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.platforms.slack.office import event


@pytest.fixture
async def discord():
    server = FakeDiscord()
    await server.start()
    server.world.guild("100", system="201")
    for channel in ("200", "201", "202"):
        server.world.channel(channel)
    yield server
    await server.stop()


@pytest.fixture
async def slack():
    async with FakeSlack() as server:
        yield server


async def notices(room, workspace, channel):
    """The managers have chosen where they are told of troubles."""
    mine = schema.workspaces.c.id == workspace
    update = schema.workspaces.update().where(mine).values(notices_channel=channel)
    assert (await room.store.write(lambda conn: conn.execute(update).rowcount)) == 1


def said(messages):
    return [json.dumps(message, ensure_ascii=False) for message in messages]


def on_wall(fake, channel):
    return said(fake.world.messages[channel].values())


async def lost_and_found(room, lose, regain, wall, mods):
    await lose()
    await room.publish("a", "b")
    await until_true(room, lambda: room.column("lost"), ["channel", None])
    assert await room.column("lost") == ["channel", None]
    await room.publish("a", "b", "c", "d")
    await room.deliver(timedelta(hours=2))
    assert wall() == []
    letters = mods()
    assert len(letters) == 1
    assert "cannot post" in letters[0]
    await regain()
    await until_true(room, lambda: room.column("lost"), [None, None])
    await room.deliver(timedelta(minutes=1))
    await room.deliver(timedelta(minutes=1))
    (caught_up,) = wall()
    assert "While I could not post: 4 stories" in caught_up
    for words in ("H20", "Malaysia", "Stands on 4 documents"):
        assert words in caught_up
    assert len(mods()) == 2
    assert "again" in mods()[1]
    assert await room.column("paused_at") == [None, None]


async def until_true(room, read, wanted):
    import asyncio

    async with asyncio.timeout(10):
        while await read() != wanted:
            await asyncio.sleep(0.02)


async def test_on_discord_a_right_that_is_taken_and_given_back(discord, tmp_path):
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"200": "100", "202": "100"})
        await notices(room, "100", "201")

        async def lose():
            discord.world.denied["200"] = (403, 50013)

        async def regain():
            del discord.world.denied["200"]
            closed = [{"id": "100", "type": 0, "deny": str(1 << 11), "allow": "0"}]
            channel = discord.world.channels["200"]
            await discord.gateway.dispatch("CHANNEL_UPDATE", channel | {"permission_overwrites": closed})
            await discord.gateway.dispatch("CHANNEL_UPDATE", channel)

        await lost_and_found(room, lose, regain, lambda: on_wall(discord, "200"), lambda: on_wall(discord, "201"))
        assert len(on_wall(discord, "202")) == 4  # the other channel was served all the while


async def test_on_slack_a_channel_that_the_bot_was_put_out_of(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1", "C2": "T1"})
        await notices(room, "T1", "C9")

        async def lose():
            slack.world.channels["C1"].member = False

        async def regain():
            slack.world.channels["C1"].member = True
            joined = event("member_joined_channel", user="UBOTT1", channel="C1", team="T1")
            await slack.envelope("events_api", joined)

        await lost_and_found(
            room, lose, regain, lambda: said(slack.world.messages["C1"]), lambda: said(slack.world.messages["C9"])
        )
        assert len(slack.world.messages["C2"]) == 4


@pytest.mark.parametrize(
    ("refusal", "lost"),
    [((403, 50013), "channel"), ((403, 50001), "channel"), ((404, 10003), "channel"), ((404, 10004), "workspace")],
)
async def test_what_discord_refuses_is_asked_once(discord, tmp_path, refusal, lost):
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"200": "100"})
        discord.world.denied["200"] = refusal
        await room.publish("a")
        for _ in range(5):
            await room.deliver(timedelta(hours=3))
        assert room.ends == ["paused"]
        assert await room.column("lost") == [lost]
        assert len([r for r in discord.world.posts() if r.path == "/channels/200/messages"]) == 1


async def test_a_dead_token_of_discord_pauses_all_and_asks_nothing_more_until_a_good_one_comes(discord, tmp_path):
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"200": "100", "202": "100"})
        discord.fault(lambda request: request.path.endswith("/messages"), times=1, status=401, body={"message": "401"})
        await room.publish("a")
        await room.publish("a", "b")
        await room.deliver(timedelta(days=1))
        assert await room.column("lost") == ["platform", "platform"]
        platform: Any = room.outbox.platforms["discord"]
        assert "does not take the token" in platform.trouble
        assert len([r for r in discord.world.posts() if r.path.startswith("/channels/20")]) <= 2
    discord.world.faults.clear()
    async with on_discord(tmp_path, discord) as room:  # a new start with a token that is good
        assert await room.column("lost") == [None, None]


@pytest.mark.parametrize(
    ("refusal", "lost"),
    [("channel_not_found", "channel"), ("not_in_channel", "channel"), ("is_archived", "channel"),
     ("restricted_action", "channel"), ("account_inactive", "workspace"), ("token_revoked", "workspace"),
     ("invalid_auth", "workspace"), ("missing_scope", "workspace")],
)  # fmt: skip
async def test_what_slack_refuses_is_asked_once(slack, tmp_path, refusal, lost):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        slack.world.plan("chat.postMessage", *[refusal] * 9)
        await room.publish("a")
        for _ in range(5):
            await room.deliver(timedelta(hours=3))
        assert await room.column("lost") == [lost]
        here = [request for request in slack.world.asked("chat.postMessage") if request.args["channel"] == "C1"]
        assert len(here) == 1


@pytest.mark.parametrize("refusal", ["msg_too_long", "invalid_blocks"])
async def test_a_message_that_slack_does_not_take_goes_out_bare(slack, tmp_path, refusal):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        slack.world.plan("chat.postMessage", refusal)
        await room.publish("a")
        assert "H20" in said(slack.world.messages["C1"])[0]
        assert await room.column("lost") == [None]


async def test_a_story_that_was_erased_with_its_channel_leaves_no_trace(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        await room.publish("a")
        await room.presence.left("slack", "T1")
        room.clock.set(room.clock.now() + timedelta(days=8))
        assert await room.presence.erase() == 1
        for table in (schema.subscriptions, schema.deliveries, schema.letters, schema.gatherings):
            assert await room.desk.count(table) == 0

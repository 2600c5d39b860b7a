"""Who follows a story is written to at each rise and correction, once; a mute ends what is no correction."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.pipeline.operators.decisions import retract
from bot.store import followers, mutes, schema, tellings
from tests.e2e.posted import TITLES, on_discord, on_slack
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import ANNOUNCEMENT
from tests.fakes.slack import FakeSlack
from tests.pipeline.desk import news

READER = "700000000000000007"


@pytest.fixture
async def discord():
    server = FakeDiscord()
    await server.start()
    server.world.guild("100", system="201")
    server.world.channel("200")
    server.world.channel("400", kind=ANNOUNCEMENT)
    yield server
    await server.stop()


@pytest.fixture
async def slack():
    async with FakeSlack() as server:
        yield server


async def follow(room, person, language="en"):
    story = await room.story()
    turn = partial(
        followers.turn, platform=room.name, person=person, story=story, language=language, at=room.clock.now()
    )
    assert await room.store.write(turn)
    return story


async def rise(room):
    """The story becomes more than it was: its document names another chip."""
    await room.desk.poll(news("a", TITLES["a"].replace("H20", "H20 and H200")))
    await room.deliver()


async def outcomes(room):
    query = sa.select(schema.tellings.c.outcome).order_by(schema.tellings.c.id)
    return await room.store.read(lambda conn: list(conn.execute(query).scalars()))


def told(messages):
    return [json.dumps(message, ensure_ascii=False) for message in messages]


def direct(fake):
    return told(fake.world.messages.get(f"5{READER[1:]}", {}).values())


async def take_back(room, story):
    now = room.clock.now() + timedelta(minutes=1)
    await room.store.write(lambda conn: retract(conn, story, "redated", now, "op", lambda facts, at: []))
    await room.deliver(timedelta(minutes=2))


async def test_a_follower_on_discord_is_told_of_a_rise_once_and_of_a_correction(discord, tmp_path):
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"200": "100"})
        await room.publish("a")
        story = await follow(room, READER, "de")
        assert direct(discord) == []
        await rise(room)
        for _ in range(3):
            await room.deliver(timedelta(minutes=10))
        (first,) = direct(discord)
        assert "H200" in first
        assert "follow_story" in first
        await take_back(room, story)
        assert len(direct(discord)) == 2
        assert "BERICHTIGUNG" in direct(discord)[1]
        assert await outcomes(room) == ["told", "told"]


async def test_a_follower_on_slack_is_told_once_and_who_takes_no_messages_is_not_asked_again(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        await room.publish("a")
        await follow(room, "T1/U2")
        await follow(room, "T1/U404")
        await rise(room)
        for _ in range(3):
            await room.deliver(timedelta(minutes=10))
        (first,) = told(slack.world.messages["DU2"])
        assert "H200" in first
        assert sorted(end.partition(":")[0] for end in await outcomes(room)) == ["not told", "told"]
        assert len([r for r in slack.world.asked("conversations.open") if r.args["users"] == "U404"]) == 1


async def test_who_died_while_writing_does_not_write_twice(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        await room.publish("a")
        await follow(room, "T1/U2")
        room.teller.platforms = {}
        await rise(room)
        (row,) = await room.store.read(lambda conn: tellings.due(conn, ["slack"], room.clock.now()))
        until = room.clock.now() + timedelta(minutes=5)
        assert await room.store.write(lambda conn: tellings.take(conn, row, until))
        assert not await room.store.write(lambda conn: tellings.take(conn, row, until))
        room.teller.platforms = room.outbox.platforms
        await room.deliver(timedelta(hours=1))
        assert await outcomes(room) == ["unknown"]
        assert told(slack.world.messages["DU2"]) == []


async def test_slack_that_cannot_tell_whether_it_has_the_message_is_not_asked_twice(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"})
        await room.publish("a")
        await follow(room, "T1/U2")
        room.teller.platforms = {}
        await rise(room)
        room.teller.platforms = room.outbox.platforms
        slack.world.plan("chat.postMessage", "lost")
        await room.teller.deliver()
        await room.deliver(timedelta(hours=1))
        assert len(slack.world.messages["DU2"]) == 1
        assert (await outcomes(room))[0].startswith("unknown")


@pytest.mark.parametrize("for_all", [True, False])
async def test_a_mute_ends_a_story_and_not_its_correction(discord, tmp_path, for_all):
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"200": "100"})
        await room.publish("a")
        story = await follow(room, READER)
        if for_all:
            turn = partial(mutes.turn_channel, channel="200", who="mod")
        else:
            turn = partial(mutes.turn_person, person=READER)
        await room.store.write(lambda conn: turn(conn, platform="discord", story=story, at=room.clock.now()))
        await rise(room)
        wall = discord.world.messages["200"]
        assert len(wall) == (1 if for_all else 2)
        assert len(direct(discord)) == (1 if for_all else 0)
        await take_back(room, story)
        assert len(wall) == (2 if for_all else 3)
        assert "CORRECTION" in told(wall.values())[-1]
        assert "CORRECTION" in told(wall.values())[0]
        assert "CORRECTION" in direct(discord)[-1]


async def test_a_correction_mentions_and_publishes_again_on_discord(discord, tmp_path):
    order = {"mention": "55", "mention_from": "low", "place": "announcement", "publish": True}
    async with on_discord(tmp_path, discord) as room:
        await room.begin({"400": "100"}, **order)
        await room.publish("a")
        (head,) = discord.world.messages["400"].values()
        assert head["mention_roles"] == ["55"]
        await take_back(room, await room.story())
        edited, reply = discord.world.messages["400"].values()
        assert edited["edits"] == 1
        assert "CORRECTION" in json.dumps(edited, ensure_ascii=False)
        assert edited["mention_roles"] == []
        assert reply["mention_roles"] == ["55"]
        assert reply["reference"] == head["id"]
        assert set(discord.world.crossposted) == {head["id"], reply["id"]}


async def test_a_correction_mentions_again_on_slack(slack, tmp_path):
    async with on_slack(tmp_path, slack) as room:
        await room.begin({"C1": "T1"}, mention="S55", mention_from="low")
        await room.publish("a")
        assert "<!subteam^S55" in told(slack.world.messages["C1"])[0]
        await take_back(room, await room.story())
        edited, reply = told(slack.world.messages["C1"])
        assert "CORRECTION" in edited
        assert "<!subteam^S55" not in edited
        assert "CORRECTION" in reply
        assert "<!subteam^S55" in reply
        assert slack.world.messages["C1"][1]["thread_ts"] == slack.world.messages["C1"][0]["ts"]

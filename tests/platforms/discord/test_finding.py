"""A message whose sender died is found wherever it was to stand, however busy the place is; where that cannot be told
nobody is told otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.platform import CLOCKS_APART, MessageRef
from bot.errors import DeliveryError
from bot.platforms.discord import finding, rights
from bot.platforms.discord.finding import PAGE, snowflake
from bot.store import subscriptions
from tests.delivery.test_timing import rise
from tests.fakes.discord.world import at_path
from tests.pipeline.desk import START, news
from tests.platforms.discord.test_outages import KilledError, Worker, desk, follow  # noqa: F401
from tests.platforms.discord.test_platform import alert, every_request_is_right  # noqa: F401

pytestmark = pytest.mark.usefixtures("every_request_is_right")
TRIED = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unhurried(fake):
    """What the pace of requests costs is tested elsewhere."""
    fake.limits.per_bucket = None


@pytest.fixture
def at(fake):
    """Sets the platform's time, after the first try."""

    def set_to(after=timedelta(seconds=1)):
        fake.world.moment = lambda: TRIED + after

    set_to()
    return set_to


def alerts(fake, channel):
    return [each for each in fake.world.messages[channel].values() if each["components"]]


async def killed_with_its_reply(desk, wire, fake, channel, place):  # noqa: F811
    """An alert stands there; the one who replied to it died before it was noted."""

    def add(conn):
        order = {"place": place, "bundle": False}
        subscriptions.add(conn, "discord", channel, order, desk.now, "test", workspace="100")

    await desk.store.write(add)
    await desk.poll(news("s0", "US tightens licence rules for Nvidia H20 chip exports to China"))
    await Worker(desk, wire, "zero").drain()
    await rise(desk)
    first, before = Worker(desk, wire, "first"), len(fake.world.posts())

    def step(name):
        if name == "sent" and len(fake.world.posts()) > before:
            raise KilledError

    first.outbox.step = step
    with pytest.raises(KilledError):
        await first.drain(timedelta(minutes=30))
    fake.world.nonces.clear()  # the platform has forgotten the nonce: only looking for the message helps


@pytest.mark.parametrize(("place", "channel"), [("post", "200"), ("thread", "200"), ("forum", "300")])
async def test_a_reply_whose_sender_died_stands_once(desk, wire, fake, place, channel):  # noqa: F811
    await killed_with_its_reply(desk, wire, fake, channel, place)
    second = Worker(desk, wire, "second")
    await second.drain(timedelta(hours=2))
    assert ("sent" in {end for _, end in second.ends}, len(second.ends)) == (True, 1)
    assert sum(len(alerts(fake, place)) for place in fake.world.messages) == 2


async def test_a_reply_that_went_into_the_channel_is_found_though_its_order_wants_threads(discord, fake):
    fake.fault(at_path("POST", "/threads"), status=403, body={"message": "Missing Permissions", "code": 50013})
    head = await discord.send(alert(place="thread"))
    reply = await discord.reply(head, alert(key="s-1.2.7", place="thread"))
    assert await discord.find("200", "s-1.2.7", START, head) == reply
    assert await discord.find("200", "s-1.3.7", START, head) is None


@pytest.mark.parametrize("away", [timedelta(minutes=30), timedelta(days=2)])
async def test_an_alert_is_found_in_a_busy_channel_however_long_the_bot_was_away(desk, wire, fake, away):  # noqa: F811
    fake.world.moment = lambda: desk.now
    await follow(desk, "200")
    await desk.poll(news("a"))
    fake.world.say("200", 5)
    with pytest.raises(KilledError):
        await Worker(desk, wire, "first", "sent").drain()
    fake.world.nonces.clear()
    fake.world.say("200", 120)
    desk.now += away
    second = Worker(desk, wire, "second")
    await second.drain()
    assert second.ends == [("200", "sent")]
    assert len(alerts(fake, "200")) == 1


async def test_it_is_not_there_only_where_all_since_its_first_try_was_seen(discord, fake, at):
    fake.world.say("200", PAGE * 2 + 50)
    await discord.publish(MessageRef("200", "1"))  # it has logged in
    fake.world.requests.clear()
    assert await discord.find("200", "s-1.1.7", TRIED) is None
    assert len(fake.world.requests) == 3
    fake.world.requests.clear()
    at(timedelta(days=1))
    fake.world.say("200", PAGE)
    assert await discord.find("200", "s-1.1.7", TRIED + timedelta(hours=3)) is None
    assert len(fake.world.requests) == 2  # the one that finds nothing says that nothing lies between


async def test_where_more_was_said_than_is_looked_through_nobody_knows(discord, fake, at, monkeypatch):
    monkeypatch.setattr(finding, "MOST_PAGES", 2)
    await discord.send(alert())
    fake.world.say("200", PAGE * 3 + 1)
    assert await discord.find("200", "s-1.1.7", TRIED) is not None
    with pytest.raises(DeliveryError) as caught:
        await discord.find("200", "s-9.1.7", TRIED)
    assert caught.value.unknown


async def test_a_clock_that_is_an_hour_ahead_misses_nothing(discord, fake, at):
    sent = await discord.send(alert())
    fake.world.say("200", PAGE * 2)
    assert await discord.find("200", "s-1.1.7", TRIED + CLOCKS_APART) == sent


async def test_without_the_right_to_read_what_was_said_nobody_knows(discord, fake):
    assert await discord.find("200", "s-1.1.7", START) is None
    head = await discord.send(alert())
    for channel in ("200", "300"):
        denied = {"id": "100", "type": 0, "deny": str(rights.READ_MESSAGE_HISTORY), "allow": "0"}
        fake.world.channels[channel]["permission_overwrites"] = [denied]
    for channel, under in (("200", None), ("200", head), ("300", None)):
        with pytest.raises(DeliveryError) as caught:
            await discord.find(channel, "s-1.1.7", START, under)
        assert (caught.value.unknown, caught.value.lost) == (True, None)


async def test_a_direct_message_is_not_there_where_nothing_was_said(discord, fake):
    fake.world.channel("500", "", 1)
    assert await discord.find("500", "s-1.1.7", START) is None


async def test_a_forum_post_is_found_when_it_was_put_away_and_among_those_of_others(discord, fake, at):
    sent = await discord.send(alert("300", place="forum"))
    at(timedelta(hours=1))
    for n in range(3):
        await discord.send(alert("300", key=f"s-{n}.2.7", place="forum"))
    theirs = [each for each in fake.world.channels.values() if each["parent_id"] == "300"][-1]
    theirs["owner_id"] = "1"
    assert await discord.find("300", "s-1.1.7", TRIED) == sent
    fake.world.channels[sent.channel]["thread_metadata"]["archived"] = True
    assert await discord.find("300", "s-1.1.7", TRIED) == sent
    assert await discord.find("300", "s-1.1.7", TRIED + timedelta(hours=4)) is None


def test_a_snowflake_carries_its_moment():
    """Discord's own example: 175928847299117063 was made on 30 April 2016 at 11:18:25.796 UTC."""
    made = datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert snowflake(made) >> 22 == 175928847299117063 >> 22
    assert snowflake(datetime(2010, 1, 1, tzinfo=UTC)) == 0

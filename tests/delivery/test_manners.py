"""How a channel is treated: busy days, quiet hours, digests, mutes, mentions, publishing, throttled edits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cards.card import plain
from bot.delivery.platform import Limits
from bot.store import mutes, schema
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news

TITLES = [
    "US tightens licence rules for Nvidia H20 chip exports to China",
    "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "Malaysia requires a permit for exports of US AI chips",
    "Dutch government tightens licence rules for ASML chip-making equipment exports to China",
    "Commerce Department adds 12 Chinese server makers to the Entity List over Nvidia AI chips",
    "AMD says US will review licence applications for MI308 exports to China",
]
HOUR = timedelta(hours=1)
STATES = sa.select(schema.deliveries.c.state).order_by(schema.deliveries.c.id)


def stories(count: int):
    return [news(f"s{n}", title) for n, title in enumerate(TITLES[:count])]


async def order(desk: Desk, time_zone: str = "UTC", **wishes) -> None:
    """The console channel's order."""
    update = schema.subscriptions.update().values(order=wishes, time_zone=time_zone)
    await desk.store.write(lambda conn: conn.execute(update))


def rows(conn: sa.Connection, query: sa.Select[Any]) -> list[Any]:
    return list(conn.execute(query))


def run(conn: sa.Connection, statement: sa.Update) -> None:
    conn.execute(statement)


async def severity(desk: Desk, of: dict[str, str]) -> None:
    """Make stored stories as severe as a test wants: what is rendered late is what counts."""
    for story, level in of.items():
        query = sa.select(schema.alerts.c.number, schema.alerts.c.revision).where(schema.alerts.c.story == story)
        for number, record in await desk.store.read(partial(rows, query=query)):
            record["story"]["facts"]["severity"] = level
            mine = (schema.alerts.c.story == story, schema.alerts.c.number == number)
            update = schema.alerts.update().where(*mine).values(revision=record)
            await desk.store.write(partial(run, statement=update))


async def ids(desk: Desk) -> list[str]:
    query = sa.select(schema.stories.c.id).order_by(schema.stories.c.began_at, schema.stories.c.id)
    return await desk.store.read(lambda conn: list(conn.execute(query).scalars()))


async def test_a_busy_day_is_two_alerts_and_one_message_that_is_edited(desk):
    await order(desk)
    chat = Chat()
    post = Post(desk, chat)
    for count in (1, 2, 3, 4, 5, 6):
        desk.now -= timedelta(minutes=25)
        await desk.poll(*stories(count))
        await post.drain()
        await post.drain(timedelta(minutes=3))
    assert chat.ops.count("post") == 3
    assert chat.titles("console")[2].startswith("Big day: 1 story")
    assert chat.titles("console", "edit")[-1].startswith("Big day: 4 stories, 4 documents")
    assert set(await post.states()) <= {"sent", "superseded"}


async def test_a_roundup_closes_after_twelve_hours_without_a_new_story(desk):
    await order(desk)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(3))
    await post.drain()
    assert chat.ops.count("post") == 3
    desk.now += 11 * HOUR
    await desk.poll(*stories(4))
    await post.drain()
    assert chat.ops.count("post") == 3
    desk.now += 12 * HOUR
    await desk.poll(*stories(5))
    await post.drain()
    assert chat.ops.count("post") == 4
    assert not chat.titles("console")[-1].startswith("Big day")


async def test_a_roundup_ends_with_its_day_though_stories_keep_coming(desk):
    await order(desk)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(3))
    await post.drain()
    posts = [chat.ops.count("post")]
    for count in (4, 5, 6):
        desk.now += 10 * HOUR - timedelta(minutes=30)
        await desk.poll(*stories(count))
        await post.drain()
        await post.drain(timedelta(minutes=3))
        posts.append(chat.ops.count("post"))
    assert posts == [3, 3, 3, 4]
    assert not chat.titles("console")[-1].startswith("Big day")
    await desk.poll(*stories(6), later(news("o", TITLES[3]), 30))
    await post.drain(HOUR)
    assert chat.titles("console", "edit")[-1].startswith("Big day: 3 stories, 4 documents")  # what grows in it is told


async def test_a_critical_story_goes_to_the_head_of_the_roundup_and_is_announced_under_it(desk):
    await order(desk, mention="@desk")
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(3))
    await post.drain()
    await desk.poll(*stories(4))
    fresh = (await ids(desk))[-1]
    await severity(desk, {fresh: "critical"})
    await post.drain(timedelta(minutes=5))
    await post.drain(timedelta(minutes=5))
    op, message = next((op, message) for op, message in chat.messages if op == "reply")
    assert (op, message.mention, message.broadcast) == ("reply", "@desk", True)
    edits = [message for op, message in chat.messages if op == "edit"]
    assert "Netherlands" in plain(edits[-1].card.lines[0])
    assert [message.mention for message in edits] == [""] * len(edits)


NIGHT: dict[str, Any] = {"quiet": ["22:00", "07:00"]}


def at(hour: int, day: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


async def test_quiet_hours_hold_what_is_not_critical_and_the_morning_brings_one_message(desk):
    await order(desk, **NIGHT, breaks_through=False)
    chat = Chat()
    post = Post(desk, chat)
    desk.now = at(23)
    await desk.poll(*stories(3))
    await post.drain()
    assert chat.ops == []
    assert sorted(await post.states()) == ["held", "held", "held", "scheduled"]
    desk.now = at(7, 11)
    await post.drain()
    assert chat.titles("console") == ["While it was quiet here: 3 stories"]


async def test_one_story_of_the_night_comes_as_itself(desk):
    await order(desk, **NIGHT)
    chat = Chat()
    post = Post(desk, chat)
    desk.now = at(23)
    await desk.poll(*stories(1))
    await post.drain()
    desk.now = at(7, 11)
    await post.drain()
    assert len(chat.titles("console")) == 1
    assert "quiet" not in chat.titles("console")[0]


@pytest.mark.parametrize("breaks_through", [True, False])
async def test_a_critical_story_breaks_through_unless_that_is_switched_off(desk, breaks_through):
    await order(desk, **NIGHT, breaks_through=breaks_through, mention="@desk")
    chat = Chat()
    post = Post(desk, chat)
    desk.now = at(23)
    await desk.poll(*stories(1))
    await severity(desk, {(await ids(desk))[0]: "critical"})
    await post.drain()
    assert chat.ops == (["post"] if breaks_through else [])
    assert all(message.mention == "@desk" for _, message in chat.messages)


async def test_a_held_story_that_becomes_critical_does_not_wait_for_the_morning(desk):
    await order(desk, **NIGHT)
    chat = Chat()
    post = Post(desk, chat)
    desk.now = at(23)
    await desk.poll(*stories(1))
    await post.drain()
    await desk.poll(*stories(1), later(news("o", TITLES[0]), 1))
    await severity(desk, {(await ids(desk))[0]: "critical"})
    await post.drain()
    assert chat.ops == ["post"]


async def test_a_weekly_brief_is_one_message_and_says_so_when_there_was_nothing(desk):
    await order(desk, "Europe/Berlin", pace="weekly", weekday=0, at="09:00", when_nothing=True)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(4))
    await post.drain()
    assert chat.ops == []
    for _ in range(2):
        due = await post.outbox.next_due()
        assert due is not None
        assert due.astimezone(UTC).weekday() == 0
        desk.now = due
        await post.drain()
    assert chat.titles("console") == ["This week: 4 stories", "A quiet week: nothing for this channel."]
    assert len(chat.messages[1][1].card.lines) == 1


OTHERS = [
    "Two men charged with smuggling Nvidia H100 chips through Singapore",
    "India asks Washington for an exemption from AI chip export caps",
    "Samsung loses its validated end-user status for the fab in Xi'an",
    "Cadence pays $140 million to settle export control violations with a Chinese university",
    "Taiwan puts SMIC on its list of strategic high-tech commodities",
    "Saudi Arabia gets licences for 35,000 Nvidia GB300 chips",
    "Intel must divest its stake before selling Gaudi 3 accelerators to Qatar",
]


async def test_a_long_digest_is_split_and_every_story_stands_in_it_once(desk):
    await order(desk, pace="daily")
    chat = Chat()
    post = Post(desk, chat)
    apart = 240  # hours: with the same makers and days some of these would be taken for one story
    await desk.poll(*(later(news(f"m{n}", title), n * apart) for n, title in enumerate([*TITLES, *OTHERS])))
    assert len(await ids(desk)) == 13
    await post.drain()
    desk.now = await post.outbox.next_due()
    await post.drain()
    assert chat.titles("console") == ["Today: 13 stories", "Continued (2)"]
    cards = [message.card for _, message in chat.messages]
    assert [len(card.lines) for card in cards] == [12, 1]
    assert [plain(line) for line in cards[0].footer][-1] == "1 more story follows"
    lines = [plain(line) for card in cards for line in card.lines]
    assert len(set(lines)) == 13
    assert set(await post.states()) == {"sent"}


async def test_a_story_that_is_muted_in_a_channel_is_not_told_there_and_the_others_are(desk):
    await order(desk)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(2))
    muted = (await ids(desk))[0]
    turn = partial(mutes.turn_channel, platform="console", channel="console", story=muted, who="me", at=desk.now)
    assert await desk.store.write(turn)
    await post.drain()
    assert len(chat.ops) == 1
    await desk.poll(*stories(3))
    await post.drain()
    assert len(chat.ops) == 2
    assert not await desk.store.write(turn)
    assert await desk.store.read(lambda conn: mutes.standing(conn, [1])) == {}


async def mute(desk: Desk, story: str) -> None:
    turn = partial(mutes.turn_channel, platform="console", channel="console", story=story, who="me", at=desk.now)
    assert await desk.store.write(turn)


@pytest.mark.parametrize(
    "wishes", [{"pace": "daily", "at": "09:00"}, {"quiet": ["00:00", "23:59"], "breaks_through": False}], ids=str
)
async def test_what_is_muted_while_it_waits_with_others_is_not_told_with_them(desk, wishes):
    await order(desk, **wishes)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(3))
    await post.drain()
    assert chat.ops == []
    muted, *others = await ids(desk)
    await mute(desk, muted)
    await post.drain(timedelta(days=1))
    (told,) = (str(message.facts["stories"]) for _, message in chat.messages)
    assert [story in told for story in (muted, *others)] == [False, True, True]
    assert sorted(await post.states()) == ["sent", "sent", "sent", "superseded"]


async def test_what_is_muted_is_not_told_by_the_message_that_catches_up(desk):
    await order(desk, bundle=False)
    chat = Chat()
    post = Post(desk, chat)
    await post.presence.lost("console", "channel", "console", "403")
    await desk.poll(*stories(2))
    muted, other = await ids(desk)
    await mute(desk, muted)
    await post.presence.regained("console", "channel", "console")
    await post.drain()
    assert [message.facts["stories"] for _, message in chat.messages] == [[other]]


async def test_nothing_is_said_where_all_that_waited_is_muted(desk):
    await order(desk, pace="daily", at="09:00")
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(2))
    await post.drain()
    for story in await ids(desk):
        await mute(desk, story)
    await post.drain(timedelta(days=1))
    assert chat.ops == []
    assert await post.states() == ["superseded", "superseded", "superseded"]


async def test_a_critical_story_that_was_muted_is_not_announced_under_the_roundup(desk):
    await order(desk)
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(3))
    await post.drain()
    desk.now -= timedelta(minutes=25)
    await desk.poll(*stories(4))
    fresh = (await ids(desk))[-1]
    await severity(desk, {fresh: "critical"})
    post.clock.set(desk.now)
    await desk.store.write(post.outbox._claim)  # the turn that puts it into the roundup and its announcement beside it
    await mute(desk, fresh)
    await post.drain(timedelta(minutes=5))
    assert "reply" not in chat.ops


async def test_a_role_is_mentioned_once_a_story_and_never_in_an_edit(desk):
    await order(desk, mention="@desk", mention_from="low")
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(1))
    await post.drain()
    await desk.poll(*stories(1), later(news("o", TITLES[0]), 1))
    await post.drain(HOUR)
    mentions = [(op, message.mention) for op, message in chat.messages]
    assert mentions[0] == ("post", "@desk")
    assert all(mention == "" for _, mention in mentions[1:])
    assert "edit" in chat.ops


async def test_an_announcement_is_published_once_and_its_edits_are_not(desk):
    await order(desk, place="announcement", publish=True, tags=["law"])
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(1))
    await post.drain()
    await desk.poll(*stories(1), later(news("o", TITLES[0]), 1))
    await post.drain(HOUR)
    await post.drain(HOUR)
    assert chat.published == ["post-1"]
    assert (chat.messages[0][1].place, chat.messages[0][1].tags) == ("announcement", ("law",))


async def test_edits_of_an_old_message_are_rare_and_the_last_one_says_it_all(desk):
    await order(desk)
    chat = Chat(limits=Limits(edit_gap=timedelta(minutes=1), old_edit_gap=timedelta(hours=6)))
    post = Post(desk, chat)
    await desk.poll(*stories(1))
    await post.drain()
    grown = []
    for n in range(6):
        grown.append(later(news(f"g{n}", TITLES[0]), n + 1))
        await desk.poll(*stories(1), *grown)
        await post.drain()
    edits = [m for op, m in chat.messages if op == "edit"]
    assert len(edits) <= 3
    await post.drain(timedelta(hours=7))
    assert str(chat.messages[-1][1].facts["documents"]).count("'url'") == 7

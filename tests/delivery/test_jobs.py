"""What a message is made of at its turn: whom it mentions, what is published, and the digests that nobody must miss."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.cards.card import plain
from bot.delivery.jobs import expect_digests
from bot.delivery.timing import Burst
from bot.store import schema
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import HOUR, NIGHT, at, ids, order, severity, stories
from tests.delivery.test_timing import rise, take_back
from tests.pipeline.desk import Desk, gossip

G = schema.gatherings.c


async def waiting(desk):
    query = sa.select(G.subscription, G.kind, G.due_at).order_by(G.id)
    return await desk.store.read(lambda conn: [tuple(row) for row in conn.execute(query)])


async def test_at_start_a_digest_is_begun_for_each_order_that_wants_one_even_when_there_is_nothing(one_desk):
    await order(one_desk, pace="daily", at="09:00", when_nothing=True)
    wanted: dict[str, dict[str, Any]] = {
        "spoilt": {"chips": "H20"},
        "silent": {"pace": "daily"},
        "at once": {"when_nothing": True},
        "weekly": {"pace": "weekly", "when_nothing": True, "weekday": 2},
    }
    for channel, wishes in wanted.items():
        await one_desk.subscribe(channel, **wishes)
    for _ in range(2):  # a second start begins no second one
        await one_desk.store.write(lambda conn: expect_digests(conn, one_desk.now))
        assert await waiting(one_desk) == [(1, "digest", at(9, 2)), (5, "digest", at(9, 3))]


async def test_a_digest_of_nothing_says_how_much_was_read_and_the_next_one_comes(one_desk):
    await order(one_desk, pace="daily", at="09:00", when_nothing=True, kinds=["bill"])
    await one_desk.store.write(lambda conn: expect_digests(conn, one_desk.now))
    chat = Chat()
    await one_desk.poll(gossip("g"), gossip("h"), *stories(1))
    one_desk.now = at(9, 2)
    await Post(one_desk, chat).drain()
    ((_, message),) = chat.messages
    assert "3 documents read since" in plain(message.card.lines[0])
    assert "about chips: 1." in plain(message.card.lines[0])
    assert await waiting(one_desk) == [(1, "digest", at(9, 2)), (1, "digest", at(9, 3))]


async def test_a_role_is_mentioned_from_its_severity_on(one_desk):
    await order(one_desk, mention="@desk", mention_from="high", bundle=False)
    chat = Chat()
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(2))
    first, second = await ids(one_desk)
    await severity(one_desk, {first: "normal", second: "high"})
    await post.drain()
    assert sorted(message.mention for _, message in chat.messages) == ["", "@desk"]
    assert [message.mention for _, message in chat.messages if message.facts["severity"] == "high"] == ["@desk"]


async def told_without_a_mention(desk: Desk) -> tuple[Post, Chat, str]:
    """A story that was not severe enough for the channel's mention, and its id."""
    await order(desk, mention="@desk", mention_from="critical")
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(*stories(1))
    story = (await ids(desk))[0]
    await severity(desk, {story: "normal"})
    await post.drain()
    return post, chat, story


async def test_a_rise_mentions_whoever_was_not_mentioned_yet_and_a_correction_whoever_was(one_desk):
    post, chat, story = await told_without_a_mention(one_desk)
    await rise(one_desk)
    await severity(one_desk, {story: "critical"})
    await post.drain()
    await take_back(one_desk)
    await severity(one_desk, {story: "critical"})
    await post.drain()
    mentions = [(op, message.mention) for op, message in chat.messages]
    assert mentions == [("post", ""), ("edit", ""), ("reply", "@desk"), ("edit", ""), ("reply", "@desk")]


async def test_a_correction_of_what_mentioned_nobody_mentions_nobody(one_desk):
    post, chat, story = await told_without_a_mention(one_desk)
    await take_back(one_desk)
    await severity(one_desk, {story: "critical"})
    await post.drain()
    assert {message.mention for _, message in chat.messages} == {""}


async def test_the_morning_s_message_mentions_for_the_stories_in_it_and_their_next_rise_does_not(one_desk):
    await order(one_desk, **NIGHT, mention="@desk", mention_from="low", breaks_through=False)
    chat = Chat()
    post = Post(one_desk, chat)
    one_desk.now = at(23)
    await one_desk.poll(*stories(2))
    await post.drain()
    one_desk.now = at(7, 11)
    await post.drain()
    await rise(one_desk)
    await post.drain(HOUR)
    assert [(op, message.mention) for op, message in chat.messages] == [("post", "@desk"), ("reply", "")]


async def test_a_roundup_begins_with_the_most_severe(one_desk):
    await order(one_desk)
    chat = Chat()
    post = Post(one_desk, chat, Burst(singles=0))
    await one_desk.poll(*stories(3))
    first, second, third = await ids(one_desk)
    await severity(one_desk, {first: "low", second: "critical", third: "high"})
    await post.drain()
    await post.drain(HOUR)
    assert chat.messages[-1][1].facts["stories"] == [second, third, first]


async def test_followers_of_a_channel_get_a_rise_to_critical_and_no_lesser_one(one_desk):
    await order(one_desk, place="announcement", publish=True)
    await one_desk.subscribe("no announcements", place="post", publish=True)
    chat = Chat()
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(1))
    story = (await ids(one_desk))[0]
    await post.drain()
    posted = {ref: message.channel for ref, (_, message) in zip(("post-1", "post-2"), chat.messages, strict=True)}
    assert [posted[ref] for ref in chat.published] == ["console"]
    await rise(one_desk)
    query = sa.select(schema.alerts.c.revision).where(schema.alerts.c.number == 3)
    record = await one_desk.store.read(lambda conn: conn.execute(query).scalar_one())
    for level, rose in (("critical", ["fact"]), ("high", ["severity"]), ("critical", ["severity"])):
        record |= {"rise": rose}
        update = schema.alerts.update().where(schema.alerts.c.number == 3).values(revision=record)
        again = schema.deliveries.update().where(schema.deliveries.c.number == 3).values(state="due")
        await one_desk.store.write(lambda conn, update=update: conn.execute(update))
        await severity(one_desk, {story: level})
        await one_desk.store.write(lambda conn, again=again: conn.execute(again))
        before = len(chat.published)
        await post.drain()
        published = 1 if (level, rose) == ("critical", ["severity"]) else 0
        assert len(chat.published) - before == published, (level, rose)

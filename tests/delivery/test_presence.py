"""A lost channel pauses its order and loses nothing; managers are told once; it resumes by itself, in one message."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from bot.cards.card import plain
from bot.errors import DeliveryError
from bot.store import deliveries, schema, subscriptions
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news

TITLES = {
    "a": "US tightens licence rules for Nvidia H20 chip exports to China",
    "b": "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "c": "Malaysia requires a permit for exports of US AI chips",
    "d": "Dutch government tightens licence rules for ASML chip-making equipment exports to China",
}
GONE = DeliveryError("50001 Missing Access", lost="channel")


def story(key: str):
    return news(key, TITLES[key])


async def column(desk: Desk, name: str) -> list[object]:
    query = sa.select(schema.subscriptions.c[name]).order_by(schema.subscriptions.c.id)
    return await desk.store.read(lambda conn: list(conn.execute(query).scalars()))


async def at_home(desk: Desk, post: Post, **told) -> None:
    """The console channel belongs to a workspace that has a notices channel."""
    await post.presence.joined("console", "W", "A server", "owner", **told)
    update = schema.subscriptions.update().values(workspace="W")
    await desk.store.write(lambda conn: conn.execute(update))


async def test_a_lost_right_pauses_the_order_tells_the_managers_once_and_catches_up_in_one_message(desk):
    chat = Chat()
    post = Post(desk, chat)
    await at_home(desk, post, fallbacks=("system",))
    chat.shut["console"] = GONE
    await desk.poll(story("a"), story("b"))
    assert await post.drain() == ["paused"]
    assert await post.states() == ["paused", "paused"]
    assert await column(desk, "pause_reason") == ["50001 Missing Access"]
    await desk.poll(*map(story, "abcd"))
    await post.drain(timedelta(hours=5))
    for _ in range(3):
        await post.presence.deliver_letters()
    assert len(chat.titles("system")) == 1
    assert "cannot post in #console" in chat.titles("system")[0]

    assert await post.presence.look_again() == 0
    del chat.shut["console"]
    assert await post.presence.look_again() == 1
    await post.drain()
    assert chat.titles("console") == ["While I could not post: 4 stories"]
    assert len(chat.messages[-1][1].card.lines) == 4
    assert await column(desk, "paused_at") == [None]
    await desk.poll(story("a"), later(news("x", TITLES["a"]), 1))
    await post.drain(timedelta(hours=13))
    assert chat.titles("console") == ["While I could not post: 4 stories"]


async def test_what_was_edited_meanwhile_is_edited_when_the_channel_is_back(desk):
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(story("a"))
    await post.drain()
    await post.presence.lost("console", "channel", "console", "gone")
    await desk.poll(story("a"), later(news("x", TITLES["a"]), 1))
    await post.drain()
    assert chat.ops == ["post"]
    await post.presence.regained("console", "channel", "console")
    await post.drain()
    assert "edit" in chat.ops
    assert chat.ops.count("post") == 1 + len([t for t in chat.titles("console") if "could not" in t])


async def test_an_order_that_a_manager_paused_stays_so_and_gets_nothing_afterwards(desk):
    post = Post(desk, Chat())
    paused = schema.subscriptions.update().values(paused_at=desk.now - timedelta(hours=1), pause_reason="holidays")
    await desk.store.write(lambda conn: conn.execute(paused))
    await post.presence.lost("console", "channel", "console", "gone")
    await desk.poll(story("a"))
    await post.presence.regained("console", "channel", "console")
    assert await column(desk, "pause_reason") == ["holidays"]
    assert await post.states() == []


async def test_a_token_that_is_no_longer_good_pauses_all_and_gives_nothing_up(desk):
    chat = Chat(DeliveryError("401", lost="platform"))
    post = Post(desk, chat)
    await desk.subscribe("two")
    await desk.poll(story("a"))
    await post.drain()
    assert set(await column(desk, "lost")) == {"platform"}
    await post.drain(timedelta(days=5))
    await post.presence.regained("console", "platform", "")
    await post.drain()
    assert {channel for _, channel, _ in chat.posted} == {"console", "two"}
    assert set(await post.states()) <= {"sent", "superseded"}


async def test_the_letter_goes_to_whoever_can_be_reached_and_not_into_the_lost_channel(desk):
    chat = Chat()
    post = Post(desk, chat)
    await at_home(desk, post, fallbacks=("console", "dead"))
    chat.shut = {"dead": GONE, "console": GONE}
    await post.presence.lost("console", "channel", "console", "gone")
    await post.presence.deliver_letters()
    assert [person for person, _ in chat.told] == ["owner"]
    assert "gone" in " ".join(plain(line) for line in chat.told[0][1].lines)


async def test_a_workspace_that_left_is_erased_after_some_days_and_one_that_comes_back_before_is_not(desk):
    post = Post(desk, Chat())
    await at_home(desk, post)
    await desk.poll(story("a"))
    await post.presence.left("console", "W")
    post.clock.set(desk.now + timedelta(days=6))
    assert await post.presence.erase() == 0
    await post.presence.joined("console", "W", "A server")
    assert await column(desk, "lost") == [None]
    await post.presence.left("console", "W")
    post.clock.set(desk.now + timedelta(days=20))
    assert await post.presence.erase() == 1
    for table in (schema.subscriptions, schema.deliveries, schema.workspaces, schema.gatherings):
        assert await desk.count(table) == 0


async def test_a_workspace_out_of_reach_of_which_nobody_said_that_it_left_is_kept_ninety_days(desk):
    post = Post(desk, Chat())
    await at_home(desk, post)
    await post.presence.lost("console", "workspace", "W", "account_inactive")
    post.clock.set(desk.now + timedelta(days=89))
    assert await post.presence.erase() == 0
    post.clock.set(desk.now + timedelta(days=91))
    assert await post.presence.erase() == 1
    for table in (schema.subscriptions, schema.workspaces):
        assert await desk.count(table) == 0


async def test_a_workspace_that_is_reached_for_another_channel_is_kept(desk):
    post = Post(desk, Chat())
    await at_home(desk, post)
    await post.presence.lost("console", "workspace", "W", "account_inactive")
    await desk.store.write(lambda conn: subscriptions.add(conn, "console", "new", {}, desk.now, "u", workspace="W"))
    post.clock.set(desk.now + timedelta(days=91))
    assert await post.presence.erase() == 0


async def test_a_lost_channel_is_kept_ninety_days(desk):
    post = Post(desk, Chat())
    await post.presence.lost("console", "channel", "console", "gone")
    post.clock.set(desk.now + timedelta(days=89))
    assert await post.presence.erase() == 0
    post.clock.set(desk.now + timedelta(days=91))
    assert await post.presence.erase() == 1
    assert await column(desk, "id") == []


@pytest.mark.parametrize("stood_there", [True, False])
async def test_what_may_stand_in_a_channel_that_is_lost_is_settled_when_it_is_back(desk, stood_there):
    """A catching-up message would tell it once more."""
    chat = Chat(DeliveryError("time-out after sending", unknown=True))
    await desk.poll(news("a"))
    post = Post(desk, chat)
    assert await post.drain() == ["retry"]
    (row,) = await desk.store.read(lambda conn: deliveries.rows(conn, [1]))
    chat.posted += [("post", row.channel, row.key)] * stood_there
    gone = DeliveryError("403", lost="channel")
    with patch.object(chat, "find", side_effect=gone):
        assert await post.drain(timedelta(minutes=1)) == ["paused"]
    await post.presence.regained("console", "channel", "console")
    assert await post.drain(timedelta(minutes=1)) == ["sent"]
    assert [key for _, _, key in chat.posted] == [row.key]

"""Operators see what stands in the outbox and mend it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.errors import DeliveryError
from bot.store import outbox_view, retention, schema
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import later, news

HOUR = timedelta(hours=1)
OTHER = "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"


async def test_what_failed_is_listed_and_sent_when_the_operator_says_so(desk):
    chat = Chat(DeliveryError("invalid blocks", permanent=True))
    post = Post(desk, chat)
    await desk.poll(news("a"))
    await post.drain()
    (line,) = await desk.store.read(outbox_view.listing)
    assert (line.state, line.reason, line.channel) == ("gave_up", "invalid blocks", "console")
    assert await desk.store.write(lambda conn: outbox_view.retry(conn, line.id, desk.now, "operator"))
    await post.drain()
    assert chat.ops == ["post"]
    assert not await desk.store.write(lambda conn: outbox_view.retry(conn, line.id, desk.now, "operator"))
    assert await desk.store.read(outbox_view.listing) == []


async def test_what_is_cancelled_never_goes_out(desk):
    chat = Chat()
    await desk.poll(news("a"))
    (line,) = await desk.store.read(lambda conn: outbox_view.listing(conn, ["due"]))
    assert await desk.store.write(lambda conn: outbox_view.cancel(conn, line.id, desk.now, "operator"))
    await Post(desk, chat).drain(HOUR)
    assert chat.ops == []
    (line,) = await desk.store.read(lambda conn: outbox_view.listing(conn, ["gave_up"]))
    assert line.story == (await desk.store.read(lambda conn: conn.execute(sa.select(schema.stories.c.id)).scalar_one()))


async def waiting_digest(desk, post):
    """A digest with two stories, due in a day; its row."""
    update = schema.subscriptions.update().values(order={"pace": "daily", "at": "09:00", "severity": "low"})
    await desk.store.write(lambda conn: conn.execute(update))
    await desk.poll(news("a"), news("z", OTHER))
    await post.drain()
    (line,) = await desk.store.read(lambda conn: outbox_view.listing(conn, ["scheduled"]))
    return line


async def test_a_cancelled_digest_takes_its_stories_with_it_and_holds_up_no_later_one(desk):
    chat = Chat()
    post = Post(desk, chat)
    line = await waiting_digest(desk, post)
    assert await desk.store.write(lambda conn: outbox_view.cancel(conn, line.id, desk.now, "operator"))
    assert await post.states() == ["gave_up"] * 3
    third = news("m", "Malaysia requires a permit for exports of US AI chips")
    await desk.poll(news("a"), news("z", OTHER), third)
    await post.drain()
    await post.drain(24 * HOUR)
    assert len(chat.messages) == 1
    told = chat.messages[0][1].facts["stories"]
    assert isinstance(told, list)
    assert len(told) == 1


async def test_a_digest_that_failed_brings_its_stories_when_it_is_tried_again(desk):
    chat = Chat(DeliveryError("invalid blocks", permanent=True))
    post = Post(desk, chat)
    line = await waiting_digest(desk, post)
    await post.drain(24 * HOUR)
    assert await post.states() == ["gave_up"] * 3
    held = await desk.store.read(lambda conn: outbox_view.listing(conn, ["gave_up"]))
    single = next(each for each in held if each.story)
    assert await desk.store.write(lambda conn: outbox_view.cancel(conn, single.id, desk.now, "operator"))
    assert await desk.store.write(lambda conn: outbox_view.retry(conn, line.id, desk.now, "operator"))
    await post.drain()
    (message,) = (message for _, message in chat.messages)
    told = message.facts["stories"]
    assert isinstance(told, list)
    assert len(told) == 1
    assert single.story not in told


async def test_old_rows_go_and_the_head_of_a_growing_story_stays(desk):
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(news("a"), news("z", OTHER))
    await post.drain()
    desk.now += timedelta(days=20)
    grown = later(news("b", news("a").title), 1)
    await desk.poll(news("a"), news("z", OTHER), grown)
    await post.drain()
    edge = desk.now - timedelta(days=10)
    before = {"documents": edge, "versions": edge, "deliveries": edge}
    assert await desk.store.write(lambda conn: retention.clean(conn, before)) > 0
    heads = sa.select(sa.func.count()).where(schema.deliveries.c.op == "post")
    assert await desk.store.read(lambda conn: conn.execute(heads).scalar_one()) == 1
    documents = await desk.count(schema.documents)
    await desk.poll(news("a"), news("z", OTHER), grown)
    assert await desk.count(schema.documents) == documents
    assert chat.ops.count("post") == 2

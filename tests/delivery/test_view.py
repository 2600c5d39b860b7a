"""Operators see what stands in the outbox, mend it, and can say of each story why it is in a channel or not."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.delivery.why import why
from bot.errors import DeliveryError
from bot.pipeline.match import refusal
from bot.store import outbox_view, retention, schema
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news

HOUR = timedelta(hours=1)


async def story_of(desk: Desk) -> str:
    query = sa.select(schema.stories.c.id).limit(1)
    return await desk.store.read(lambda conn: conn.execute(query).scalar_one())


async def reasons(desk: Desk) -> list[tuple[str, str, str]]:
    story = await story_of(desk)
    found = await desk.store.read(lambda conn: why(conn, story, "console", "console", refusal))
    return [(d.stage, d.outcome, d.detail) for d in found]


async def order(desk: Desk, **wishes) -> None:
    update = schema.subscriptions.update().values(order=wishes)
    await desk.store.write(lambda conn: conn.execute(update))


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
    assert [(s, o) for s, o, _ in await reasons(desk)][-1] == ("delivery", "gave_up")


async def test_why_names_the_clause_that_refused(desk):
    await order(desk, destinations=["US"])
    await desk.poll(news("a"))
    assert (await reasons(desk))[-1] == ("match", "refused", "destinations")


async def decided(desk: Desk, story: str, channel: str = "console") -> list[tuple[str, str, str]]:
    found = await desk.store.read(lambda conn: why(conn, story, "console", channel, refusal))
    return [(d.stage, d.outcome, d.detail) for d in found]


async def test_why_ends_where_the_way_of_a_story_ended(desk):
    assert await decided(desk, "s-none") == [("story", "unknown", "s-none")]
    await desk.poll(news("a"))
    story = await story_of(desk)
    (told, *rest) = await decided(desk, story, "nowhere")
    assert told[:2] == ("story", "told")
    assert rest == [("order", "none", "nowhere")]
    await desk.subscribe("young")
    assert (await decided(desk, story, "young"))[1:] == [
        ("match", "wanted", ""),
        ("delivery", "none", "the order is younger than the story, or was paused"),
    ]
    await order(desk, growth="sideways")
    (_, unreadable) = await decided(desk, story)
    assert unreadable[:2] == ("order", "unreadable")
    assert "sideways" in unreadable[2]
    await order(desk, severity="low")
    await Post(desk, Chat()).standing.lost("console", "channel", "console", "gone")
    assert [line[:2] for line in await decided(desk, story)] == [
        ("story", "told"),
        ("order", "lost"),
        ("match", "wanted"),
        ("delivery", "paused"),
    ]


async def test_why_tells_of_quiet_hours_and_of_the_message(desk):
    await order(desk, quiet=["00:00", "23:59"], breaks_through=False)
    post = Post(desk, Chat())
    await desk.poll(news("a"))
    await post.drain()
    assert ("delivery", "waited", "quiet hours") in await reasons(desk)
    desk.now = await post.outbox.next_due()
    await post.drain()
    assert (await reasons(desk))[-1] == ("message", "sent", "post")


async def test_old_rows_go_and_the_head_of_a_growing_story_stays(desk):
    chat = Chat()
    post = Post(desk, chat)
    await desk.poll(news("a"), news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"))
    await post.drain()
    desk.now += timedelta(days=20)
    grown = later(news("b", news("a").title), 1)
    await desk.poll(news("a"), news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"), grown)
    await post.drain()
    edge = desk.now - timedelta(days=10)
    before = {"documents": edge, "versions": edge, "deliveries": edge}
    assert await desk.store.write(lambda conn: retention.clean(conn, before)) > 0
    heads = sa.select(sa.func.count()).where(schema.deliveries.c.op == "post")
    assert await desk.store.read(lambda conn: conn.execute(heads).scalar_one()) == 1
    documents = await desk.count(schema.documents)
    await desk.poll(news("a"), news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"), grown)
    assert await desk.count(schema.documents) == documents
    assert chat.ops.count("post") == 2

"""What waited while a channel was lost: told in one message, edited in place, left to its hour, or ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.delivery.timing import Burst
from bot.errors import DeliveryError
from bot.store import schema
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import TITLES, at, ids, order, severity, stories
from tests.delivery.test_timing import begun, rise
from tests.pipeline.desk import Desk, later, news

D, G = schema.deliveries.c, schema.gatherings.c


async def gone(post: Post) -> None:
    await post.presence.lost("console", "channel", "console", "gone")


async def back(post: Post) -> None:
    post.clock.set(max(post.clock.now(), post.desk.now))
    await post.presence.regained("console", "channel", "console")


async def bundles(desk: Desk) -> list[tuple[str, bool]]:
    """(kind, whether it is closed) of each gathering."""
    query = sa.select(G.kind, G.closed_at).order_by(G.id)
    return [
        (row.kind, row.closed_at is not None) for row in await desk.store.read(lambda conn: list(conn.execute(query)))
    ]


async def messages(desk: Desk) -> list[tuple[str, str, datetime]]:
    """(operation, state, due) of the messages of gatherings."""
    query = sa.select(D.op, D.state, D.due_at).where(D.story.is_(None)).order_by(D.id)
    return [tuple(row) for row in await desk.store.read(lambda conn: list(conn.execute(query)))]


async def test_a_digest_whose_hour_is_still_to_come_comes_at_its_hour(one_desk):
    chat, post = await begun(one_desk, 2, pace="daily")
    await gone(post)
    assert await messages(one_desk) == [("post", "paused", at(9, 2))]
    await back(post)
    assert await messages(one_desk) == [("post", "scheduled", at(9, 2))]
    await post.drain()
    assert chat.ops == []
    one_desk.now = at(9, 2)
    await post.drain()
    assert chat.titles("console") == ["Today: 2 stories"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=5)])
async def test_a_digest_whose_hour_has_passed_is_told_at_once_and_the_next_story_waits_for_the_next(one_desk, late):
    chat, post = await begun(one_desk, 2, pace="daily")
    await gone(post)
    one_desk.now = at(9, 2) + late
    await back(post)
    assert await bundles(one_desk) == [("digest", True), ("catch_up", False)]
    await post.drain()
    assert chat.titles("console") == ["While I could not post: 2 stories"]
    await one_desk.poll(*stories(3))
    await post.drain()
    assert len(chat.ops) == 1
    assert await bundles(one_desk) == [("digest", True), ("catch_up", True), ("digest", False)]
    assert [state for _, state, _ in await messages(one_desk)] == ["superseded", "sent", "scheduled"]


async def test_a_roundup_that_stands_is_edited_and_what_would_announce_a_story_under_it_is_left(one_desk):
    chat, post = await begun(one_desk, burst=Burst(singles=0))
    await one_desk.poll(*stories(2))
    await severity(one_desk, {(await ids(one_desk))[-1]: "critical"})
    chat.shut["console"] = DeliveryError("gone", lost="channel")
    await post.drain()
    assert {state for _, state, _ in (await messages(one_desk))[1:]} == {"paused"}
    chat.shut.clear()
    one_desk.now += timedelta(hours=1)
    await back(post)
    await post.drain()
    assert chat.ops == ["post", "edit"]
    assert [(op, state) for op, state, _ in await messages(one_desk)] == [
        ("post", "sent"), ("edit", "sent"), ("reply", "superseded")
    ]  # fmt: skip


async def test_a_roundup_that_never_stood_is_told_as_what_was_missed(one_desk):
    await order(one_desk)
    chat = Chat()
    post = Post(one_desk, chat, Burst(singles=0))
    await gone(post)
    await one_desk.poll(*stories(1))
    await back(post)
    await post.drain()
    assert chat.titles("console") == ["While I could not post: 1 story"]
    assert await bundles(one_desk) == [("catch_up", True)]


async def test_an_edit_of_what_never_stood_there_ends_and_one_of_what_stands_is_made(one_desk):
    chat = Chat()
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(1))
    await post.drain()
    await gone(post)
    grown = later(news("o", TITLES[0]), 1), later(news("p", TITLES[1]), 1)
    await one_desk.poll(*stories(2))
    await one_desk.poll(*stories(2), *grown)
    await back(post)
    edits = sa.select(D.state, D.due_at).where(D.op == "edit").order_by(D.id)
    found = await one_desk.store.read(lambda conn: list(conn.execute(edits)))
    assert sorted(row.state for row in found) == ["due", "superseded"]
    assert {row.due_at for row in found} == {one_desk.now}
    await post.drain()
    assert chat.titles("console")[1:] == ["While I could not post: 1 story"]
    assert chat.ops.count("edit") == 1


async def test_a_rise_that_was_missed_is_told_as_urgently_as_it_was(one_desk):
    chat = Chat()
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(1))
    await post.drain()
    await gone(post)
    await rise(one_desk)
    urgent = sa.select(sa.func.max(D.urgency)).where(D.op == "reply")
    most = await one_desk.store.read(lambda conn: conn.execute(urgent).scalar())
    await back(post)
    mine = sa.select(D.urgency).where(D.story.is_(None))
    assert await one_desk.store.read(lambda conn: list(conn.execute(mine).scalars())) == [most]
    await post.drain()
    assert sorted(chat.ops) == ["edit", "post", "post"]


async def test_who_missed_nothing_is_told_nothing(one_desk):
    chat = Chat()
    post = Post(one_desk, chat)
    await gone(post)
    await back(post)
    await post.drain()
    assert chat.ops == []
    assert await bundles(one_desk) == []

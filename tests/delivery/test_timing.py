"""Each reply and each edit goes out, waits for its hour, joins others or ends, and the outbox says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery.platform import Limits
from bot.delivery.timing import Burst
from bot.pipeline.operators.decisions import retract
from bot.store import mutes, schema
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import HOUR, NIGHT, TITLES, at, ids, order, severity, stories
from tests.pipeline.desk import Desk, later, news

Row = tuple[str, str, str | None, datetime]


async def begun(
    desk: Desk, count: int = 1, *, chat: Chat | None = None, burst: Burst | None = None, **wishes: Any
) -> tuple[Chat, Post]:
    """The channel's order, so many stories, and a first look of the outbox at them."""
    await order(desk, **wishes)
    chat = chat or Chat()
    post = Post(desk, chat, burst)
    await desk.poll(*stories(count))
    await post.drain()
    return chat, post


async def rows(desk: Desk) -> list[Row]:
    """(operation, state, why, due) of what tells a story, in the order of birth; `why` is the reason of an end, or the
    last of the decisions that are kept."""
    d = schema.deliveries.c
    query = sa.select(d.op, d.state, d.reason, d.trail, d.due_at).where(d.story.is_not(None)).order_by(d.id)
    found = await desk.store.read(lambda conn: conn.execute(query).all())
    return [(row.op, row.state, row.reason or (row.trail and row.trail[-1][1]), row.due_at) for row in found]


async def rise(desk: Desk) -> None:
    """The first story becomes more than it was: its document names another chip."""
    await desk.poll(news("s0", TITLES[0].replace("H20", "H20 and H200")))


async def take_back(desk: Desk) -> None:
    story = (await ids(desk))[0]
    desk.now += timedelta(minutes=1)
    await desk.store.write(lambda conn: retract(conn, story, "redated", desk.now, "op", lambda facts, at: []))


async def ends(desk: Desk, op: str) -> list[tuple[str, str | None]]:
    """What became of each post, edit or reply, and why."""
    return [(state, why) for was, state, why, _ in await rows(desk) if was == op]


SAID_WITH_IT = ("superseded", "the message that will bring the story says it")


async def test_a_rise_is_told_under_the_story_at_once(one_desk):
    chat, post = await begun(one_desk)
    await rise(one_desk)
    await post.drain()
    assert chat.ops == ["post", "edit", "reply"]


async def test_a_reply_of_the_night_waits_for_the_morning_and_is_not_lost(one_desk):
    chat, post = await begun(one_desk, **NIGHT)
    one_desk.now = at(23)
    await rise(one_desk)
    await post.drain()
    assert "reply" not in chat.ops
    assert (await rows(one_desk))[-1] == ("reply", "scheduled", "quiet hours", at(7, 11))
    one_desk.now = at(7, 11)
    await post.drain()
    assert chat.ops[-1] == "reply"


async def test_a_critical_reply_breaks_through_the_night(one_desk):
    chat, post = await begun(one_desk, **NIGHT)
    one_desk.now = at(23)
    await rise(one_desk)
    await severity(one_desk, {(await ids(one_desk))[0]: "critical"})
    await post.drain()
    assert chat.ops[-1] == "reply"


async def test_the_reply_that_is_too_many_for_an_hour_comes_when_the_hour_is_over(one_desk):
    chat, post = await begun(one_desk, burst=Burst(posts=1))
    posted = one_desk.now
    await rise(one_desk)
    await post.drain()
    assert (await rows(one_desk))[-1] == ("reply", "scheduled", "enough for one hour", posted + HOUR)
    await post.drain(HOUR)
    assert chat.ops[-1] == "reply"


async def test_a_correction_waits_for_no_hour_to_end(one_desk):
    chat, post = await begun(one_desk, burst=Burst(posts=1))
    await take_back(one_desk)
    await post.drain()
    assert chat.ops == ["post", "edit", "reply"]


async def test_who_wants_a_digest_gets_a_rise_in_the_next_one_and_a_correction_at_once(one_desk):
    chat, post = await begun(one_desk, pace="daily", at="09:00")
    assert await ends(one_desk, "post") == [("held", "daily digest")]
    one_desk.now = at(9, 2)
    await post.drain()
    assert chat.ops == ["post"]
    await rise(one_desk)
    await post.drain()
    assert await ends(one_desk, "reply") == [("held", "daily digest")]
    assert await ends(one_desk, "edit") == [("superseded", "the story stands in a message with others")]
    one_desk.now = at(9, 3)
    await post.drain()
    assert chat.ops == ["post", "post"]
    await take_back(one_desk)
    await post.drain()
    assert chat.ops[2:] == ["reply"]


async def test_what_is_held_already_says_what_the_story_became(one_desk):
    await order(one_desk, **NIGHT, breaks_through=False)
    chat = Chat()
    post = Post(one_desk, chat)
    one_desk.now = at(23)
    await one_desk.poll(*stories(2))
    await post.drain()
    await rise(one_desk)
    await post.drain()
    assert await ends(one_desk, "post") == [("held", "quiet hours")] * 2
    assert await ends(one_desk, "edit") == [SAID_WITH_IT]
    assert await ends(one_desk, "reply") == [SAID_WITH_IT]
    one_desk.now = at(7, 11)
    await post.drain()
    assert chat.ops == ["post"]


async def test_a_story_that_grows_in_a_roundup_has_it_edited_before_long(one_desk):
    chat, post = await begun(one_desk, burst=Burst(singles=0))
    assert await ends(one_desk, "post") == [("sent", "busy day")]
    await one_desk.poll(*stories(1), later(news("o", TITLES[0]), 1))
    await post.drain()
    await post.drain(timedelta(minutes=2))
    assert chat.ops == ["post", "edit"]
    assert await ends(one_desk, "edit") == [("superseded", "the story stands in a message with others")]
    assert "2 documents" in chat.titles("console", "edit")[0]


async def test_an_edit_soon_after_the_last_waits_for_the_gap_of_the_platform(one_desk):
    chat, post = await begun(one_desk, chat=Chat(limits=Limits(edit_gap=timedelta(minutes=45))))
    posted = one_desk.now
    await one_desk.poll(*stories(1), later(news("o", TITLES[0]), 1))
    await post.drain()
    assert (await rows(one_desk))[-1] == ("edit", "scheduled", "edited not long ago", posted + timedelta(minutes=45))
    await post.drain(timedelta(minutes=15))
    assert chat.ops == ["post", "edit"]


async def test_of_two_edits_that_wait_the_older_says_nothing(one_desk):
    await order(one_desk)
    post = Post(one_desk, Chat(limits=Limits(edit_gap=timedelta(hours=3))))
    await one_desk.poll(*stories(1))
    await post.drain()
    for key in "op":
        await one_desk.poll(*stories(1), *(later(news(k, TITLES[0]), 1) for k in "op" if k <= key))
        await post.drain()
    await post.drain(3 * HOUR)
    assert await ends(one_desk, "edit") == [
        ("superseded", "a later revision says it all"),
        ("sent", "edited not long ago"),
    ]


@pytest.mark.parametrize("op", ["post", "edit", "reply"])
async def test_a_muted_story_says_nothing_but_its_correction(one_desk, op):
    await order(one_desk)
    chat = Chat()
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(1))
    if op != "post":
        await post.drain()
        await rise(one_desk)
    before = list(chat.ops)
    story = (await ids(one_desk))[0]
    await one_desk.store.write(lambda conn: mutes.turn_channel(conn, "console", "console", story, "me", one_desk.now))
    await post.drain()
    assert chat.ops == before
    assert await ends(one_desk, op) == [("superseded", "story muted")]
    if op != "post":
        await take_back(one_desk)
        await post.drain()
        assert chat.ops == ["post", "edit", "reply"]

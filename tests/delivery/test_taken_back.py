"""A story that is taken back before a channel saw it is never told there, wherever it waited; where it stands among
others, its line says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards.card import plain
from bot.delivery.platform import Limits
from bot.delivery.timing import Burst
from bot.errors import DeliveryError
from bot.pipeline.operators.decisions import merge
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import HOUR, NIGHT, at, ids, order, stories
from tests.delivery.test_timing import begun, ends, rise, take_back

RETRACTED = ("superseded", "retracted")


@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"pace": "daily"}, id="for a digest"),
        pytest.param({**NIGHT, "breaks_through": False}, id="for the morning"),
    ],
)
@pytest.mark.parametrize(
    "soon", [True, False], ids=["the outbox looks before its hour", "the outbox looks at its hour"]
)
async def test_what_waits_with_others_is_not_told(one_desk, wishes, soon):
    await order(one_desk, **wishes)
    chat = Chat()
    post = Post(one_desk, chat)
    one_desk.now = at(23)
    await one_desk.poll(*stories(1))
    await post.drain()
    await take_back(one_desk)
    if soon:
        await post.drain()
    one_desk.now = at(12, 11)
    await post.drain()
    assert chat.ops == []
    assert await ends(one_desk, "post") == [RETRACTED]
    assert set(await post.states()) == {"superseded"}


async def test_of_a_digest_with_more_than_that_the_others_are_told(one_desk):
    chat, post = await begun(one_desk, 3, pace="daily")
    kept = (await ids(one_desk))[1:]
    await take_back(one_desk)
    one_desk.now = at(9, 2)
    await post.drain()
    ((op, message),) = chat.messages
    assert op == "post"
    told = message.facts["stories"]
    assert isinstance(told, list)
    assert sorted(told) == sorted(kept)


async def test_what_waits_for_a_lost_channel_is_not_told_when_it_is_back(one_desk):
    chat = Chat()
    post = Post(one_desk, chat)
    chat.shut["console"] = DeliveryError("gone", lost="channel")
    await one_desk.poll(*stories(1))
    await post.drain()
    assert await post.states() == ["paused"]
    await take_back(one_desk)
    chat.shut.clear()
    post.clock.set(one_desk.now)
    await post.presence.regained("console", "channel", "console")
    await post.drain()
    assert chat.ops == []


async def test_a_rise_that_waits_for_its_hour_gives_way_to_the_correction(one_desk):
    chat, post = await begun(one_desk, chat=Chat(limits=Limits(edit_gap=timedelta(hours=3))), burst=Burst(posts=1))
    await rise(one_desk)
    await post.drain()
    await take_back(one_desk)
    await post.drain()
    await post.drain(4 * HOUR)
    assert (await ends(one_desk, "reply"))[0] == RETRACTED
    replies = [plain(message.card.marks) for op, message in chat.messages if op == "reply"]
    assert len(replies) == 1
    assert "CORRECTION" in replies[0]


async def test_the_line_of_a_roundup_that_stands_says_that_its_story_was_taken_back(one_desk):
    chat, post = await begun(one_desk, 2, burst=Burst(singles=0))
    await post.drain(timedelta(minutes=5))
    one_desk.now = post.clock.now()
    await take_back(one_desk)
    await post.drain(timedelta(minutes=5))
    *_, edit = (message for op, message in chat.messages if op == "edit")
    withdrawn = ["Withdrawn: " in plain(line) for line in edit.card.lines]
    assert sorted(withdrawn) == [False, True]
    (reply,) = (message for op, message in chat.messages if op == "reply")
    assert "CORRECTION" in plain(reply.card.marks)


async def test_a_story_that_went_into_another_while_it_waited_is_told_as_that_one(one_desk):
    chat, post = await begun(one_desk, 2, pace="daily")
    into, away = await ids(one_desk)
    one_desk.now += timedelta(minutes=1)
    await one_desk.store.write(lambda conn: merge(conn, into, away, one_desk.now, "op", lambda facts, at: []))
    await post.drain()
    one_desk.now = at(9, 2)
    await post.drain()
    ((_, message),) = chat.messages
    assert message.facts["stories"] == [into]

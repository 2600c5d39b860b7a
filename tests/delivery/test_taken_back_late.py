"""A story that is taken back while a message that holds it is on its way, or waits behind a failure: whoever may have
seen it is told the correction, and nobody else is told anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import cast

import pytest

from bot.cards.card import plain
from bot.delivery.platform import Limits, MessageRef, Outgoing
from bot.delivery.timing import Burst
from bot.errors import DeliveryError
from bot.pipeline.operators.decisions import merge, retract
from bot.store import mutes
from tests.delivery.chat import Chat, Post
from tests.delivery.test_catching_up import bundles, messages
from tests.delivery.test_manners import at, ids, order, severity, stories
from tests.delivery.test_timing import begun, ends
from tests.pipeline.desk import Desk

Decision = Callable[[Desk, str], Awaitable[None]]
BUSY = Burst(singles=0)
DOWN = DeliveryError("503")
LOST = DeliveryError("timeout", unknown=True)
CUT = DeliveryError("the line broke before it was handed over", unknown=True)
SOON = timedelta(minutes=5)


class Meanwhile(Chat):
    """A chat during whose next message something is decided about a story in it; then it has the message, has it though
    its answer is lost, refuses it, or never hears of it, as `end` says."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.then: Decision | None = None
        self.end: DeliveryError | None = None
        self.decided = ""

    async def _take(self, op: str, message: Outgoing) -> MessageRef:
        then, self.then = self.then, None
        if then is None:
            return await super()._take(op, message)
        told = cast(list[str], message.facts.get("stories") or [message.facts["story"]])
        self.decided = told[0]
        await then(self.desk, told[0])
        if self.end in (DOWN, CUT):
            raise self.end
        ref = await super()._take(op, message)
        if self.end is not None:
            raise self.end
        return ref

    def told_of(self) -> set[object]:
        """The stories that messages with several brought."""
        return {story for _, message in self.messages for story in cast(list[object], message.facts.get("stories", []))}

    def corrections(self) -> list[str]:
        """What was said under messages to take something back."""
        return [op for op, message in self.messages if op == "reply" and "CORRECTION" in plain(message.card.marks)]


async def retracted(desk: Desk, story: str) -> None:
    desk.now += timedelta(minutes=1)
    await desk.store.write(lambda conn: retract(conn, story, "redated", desk.now, "op", lambda facts, at: []))


async def joined(desk: Desk, away: str) -> None:
    """It goes into the other story."""
    (into,) = (id_ for id_ in await ids(desk) if id_ != away)
    desk.now += timedelta(minutes=1)
    await desk.store.write(lambda conn: merge(conn, into, away, desk.now, "op", lambda facts, at: []))


async def settled(desk: Desk, post: Post) -> None:
    """All that waits for a retry or the gap between two edits has its turn."""
    for _ in range(3):
        await post.drain(SOON)


async def decided_meanwhile(desk, wishes, then, end):
    """A channel and its outbox after two stories, one of which was decided on while their message was being sent."""
    chat = Meanwhile(desk)
    await order(desk, **wishes)
    post = Post(desk, chat, BUSY)
    chat.then, chat.end = then, end
    await desk.poll(*stories(2))
    await post.drain()
    return chat, post


@pytest.mark.parametrize("wishes", [{"pace": "daily"}, {}], ids=["digest", "roundup"])
@pytest.mark.parametrize("end", [None, LOST], ids=["arrives", "answer lost"])
async def test_a_message_that_was_being_sent_is_corrected(one_desk, wishes, end):
    chat, post = await decided_meanwhile(one_desk, wishes, retracted, end)
    one_desk.now = max(one_desk.now, at(9, 2)) if wishes else one_desk.now
    await settled(one_desk, post)
    assert chat.ops.count("post") == 1
    assert chat.corrections() == ["reply"]
    edits = [message for op, message in chat.messages if op == "edit"]
    if not wishes:
        assert sorted("Withdrawn: " in plain(line) for line in edits[-1].card.lines) == [False, True]


@pytest.mark.parametrize("decide", [retracted, joined])
async def test_a_message_that_was_refused_meanwhile_comes_without_the_story(one_desk, decide):
    chat, post = await decided_meanwhile(one_desk, {}, decide, DOWN)
    await settled(one_desk, post)
    assert chat.ops[0] == "post"
    assert chat.decided not in chat.told_of()
    assert chat.corrections() == []
    assert "gave_up" not in await post.states()


@pytest.mark.parametrize("wishes", [{"pace": "daily"}, {}, {"bundle": False}], ids=["digest", "roundup", "single"])
@pytest.mark.parametrize("end", [DOWN, CUT], ids=["refused", "never heard of"])
async def test_what_turns_out_not_to_stand_there_is_not_told_with_what_was_taken_back(one_desk, wishes, end):
    chat, post = await decided_meanwhile(one_desk, wishes, retracted, end)
    one_desk.now = max(one_desk.now, at(9, 2)) if "pace" in wishes else one_desk.now
    await settled(one_desk, post)
    assert [op for op in chat.ops if op != "edit"] == ["post"]
    said = [plain(line) for _, m in chat.messages for line in (m.card.marks, m.card.title, *m.card.lines)]
    assert not any("Withdrawn" in line or "CORRECTION" in line for line in said)
    assert "gave_up" not in await post.states()


async def test_what_turns_out_not_to_stand_there_is_decided_anew(one_desk):
    """The quiet hours have begun meanwhile."""
    chat = Chat(CUT)
    await order(one_desk)
    post = Post(one_desk, chat)
    await one_desk.poll(*stories(2))
    await post.drain()
    assert sorted(await post.states()) == ["due", "sending"]
    await order(one_desk, quiet=["11:00", "20:00"], breaks_through=False)
    await post.drain(SOON)
    assert sorted(await post.states()) == ["held", "held", "scheduled"]
    await post.drain(timedelta(hours=9))
    assert chat.titles("console") == ["While it was quiet here: 2 stories"]


async def test_a_story_that_went_into_another_while_its_roundup_was_sent_counts_as_told(desk):
    chat = Meanwhile(desk)
    await order(desk)
    post = Post(desk, chat, BUSY)
    chat.then = joined
    await desk.poll(*stories(2))
    await post.drain()
    await settled(desk, post)
    assert ("superseded", "the story stands in a message with others") in await ends(desk, "edit")


async def announced(desk: Desk, chat: Chat) -> Post:
    """A roundup stands, and its second story, a critical one, waits to be announced under it."""
    await order(desk)
    post = Post(desk, chat, BUSY)
    await desk.poll(*stories(1))
    await post.drain()
    await desk.poll(*stories(2))
    await severity(desk, {(await ids(desk))[1]: "critical"})
    return post


async def test_an_announcement_that_waits_is_not_made(one_desk):
    chat = Chat()
    post = await announced(one_desk, chat)
    chat.troubles.append(DOWN)
    await post.drain()
    await retracted(one_desk, (await ids(one_desk))[1])
    assert [state for op, state, _ in await messages(one_desk) if op == "reply"] == ["superseded"]
    await settled(one_desk, post)
    assert "reply" not in chat.ops


async def test_an_announcement_that_was_refused_meanwhile_is_not_made(one_desk):
    chat = Meanwhile(one_desk)
    post = await announced(one_desk, chat)
    chat.then, chat.end = retracted, DOWN
    await post.drain()
    await settled(one_desk, post)
    assert "reply" not in chat.ops


@pytest.mark.parametrize("late", [True, False], ids=["made already", "being made"])
async def test_an_announcement_whose_story_has_no_line_yet_is_corrected_under_it(one_desk, late):
    chat = Meanwhile(one_desk)
    chat.limits = Limits(edit_gap=timedelta(hours=3))
    post = await announced(one_desk, chat)
    if not late:
        chat.then = retracted
    await post.drain()
    if late:
        await retracted(one_desk, (await ids(one_desk))[1])
    await settled(one_desk, post)
    assert chat.ops.count("reply") == 2
    assert chat.corrections() == ["reply"]
    assert "gave_up" not in await post.states()


@pytest.mark.parametrize("how", ["muted", "taken back"])
async def test_after_a_roundup_that_had_nothing_left_the_next_story_is_told(one_desk, how):
    chat = Chat(DOWN)
    _, post = await begun(one_desk, 1, chat=chat, burst=BUSY)
    story = (await ids(one_desk))[0]
    if how == "muted":
        turn = partial(
            mutes.turn_channel, platform="console", channel="console", story=story, who="me", at=one_desk.now
        )
        await one_desk.store.write(turn)
    else:
        await retracted(one_desk, story)
    await post.drain(SOON)
    assert chat.ops == []
    assert await bundles(one_desk) == [("roundup", True)]
    one_desk.now = post.clock.now()
    await one_desk.poll(*stories(2))
    await post.drain(SOON)
    assert chat.ops == ["post"]

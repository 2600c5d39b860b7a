"""Whose turn it is: a story for few is not held up by one as urgent for many, and a claim bears what ends meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import SetClock
from bot.delivery.outbox import NEWEST_EVERY
from bot.delivery.platform import Limits, MessageRef, Outgoing
from bot.errors import DeliveryError
from bot.store import claims, deliveries, outbox_view
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news

CROWD = 40
LESSER = "Malaysia requires a permit for exports of US AI chips"
OTHER = "US tightens licence rules for Nvidia H20 chip exports to China"


async def fan_out(desk: Desk) -> Chat:
    """A story for many channels, then one as urgent for a single other; sent one by one."""
    for number in range(CROWD):
        await desk.subscribe(f"crowd-{number}", words=["malaysia"])
    await desk.subscribe("reader", words=["h20"])
    chat = Chat(limits=Limits(at_once=1))
    await desk.poll(news("my", LESSER))
    await desk.poll(news("my", LESSER), news("cn", OTHER))
    await Post(desk, chat).drain()
    return chat


async def test_a_story_for_one_channel_does_not_wait_for_one_as_urgent_for_many(desk):
    chat = await fan_out(desk)
    order = [channel for _, channel, _ in chat.posted]
    assert order.index("reader") < 2 * NEWEST_EVERY
    assert sorted(c for c in order if c.startswith("crowd")) == sorted(f"crowd-{number}" for number in range(CROWD))


async def test_what_waits_longest_keeps_three_of_four_turns(desk):
    order = [channel for _, channel, _ in (await fan_out(desk)).posted]
    crowd = [int(channel.split("-")[1]) for channel in order[: CROWD // 2] if channel.startswith("crowd")]
    oldest = [number for at, number in enumerate(crowd) if number == min(crowd[at:])]
    assert len(oldest) >= len(crowd) // 2


async def test_in_one_channel_what_came_first_is_told_first(desk):
    chat = await fan_out(desk)
    told = chat.titles("console")
    assert [("Malaysia" in title, "China" in title) for title in told] == [(True, False), (False, True)]


async def test_where_all_that_came_last_must_wait_the_oldest_are_claimed(desk):
    for number in range(300):
        await desk.subscribe(f"crowd-{number}", severity="low")
    await desk.poll(news("my", LESSER))
    await desk.poll(news("my", LESSER), news("cn", OTHER))
    lease = timedelta(minutes=5)
    claimed = await desk.store.write(
        lambda conn: claims.claim(conn, "here", desk.now, lease, "console", 5, newest=True)
    )
    assert [delivery.op.value for delivery in claimed] == ["post"] * 5
    assert sorted(delivery.id for delivery in claimed) == [1, 2, 3, 4, 5]


class Waiting(SetClock):
    """A clock that stands while somebody sleeps: only what is put in meanwhile can end a pause."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_a_pause_that_one_channel_needs_holds_up_no_other(desk):
    chat = Chat(limits=Limits(channel_interval=timedelta(seconds=1)))
    await desk.subscribe("reader", words=["h20"])
    await desk.poll(news("my", LESSER))
    post = Post(desk, chat)
    post.clock = post.outbox.clock = Waiting(desk.now)
    draining = asyncio.create_task(post.outbox.drain())
    async with asyncio.timeout(60):
        while not chat.posted or not post.outbox._moments:
            await asyncio.sleep(0.01)
        desk.now -= timedelta(minutes=30)
        await desk.poll(news("my", LESSER), news("cn", OTHER))
        post.outbox.woken.set()
        while "reader" not in [channel for _, channel, _ in chat.posted]:
            await asyncio.sleep(0.01)
    draining.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await draining


class Timed(Chat):
    """A platform that takes its time with the first message of each channel, and notes when it had each."""

    def __init__(self, clock: SetClock, limits: Limits) -> None:
        super().__init__(limits=limits)
        self.clock = clock
        self.at: dict[str, list[datetime]] = {}

    async def _take(self, op: str, message: Outgoing) -> MessageRef:
        ref = await super()._take(op, message)
        if message.channel not in self.at:
            self.clock.set(self.clock.now() + STEP)
        self.at.setdefault(message.channel, []).append(self.clock.now())
        return ref


STEP = timedelta(milliseconds=20)


async def test_each_channel_is_written_to_as_soon_as_its_own_pause_is_over(desk):
    pause = timedelta(seconds=1)
    channels = [f"channel-{number}" for number in range(5)]
    for channel in channels:
        await desk.subscribe(channel, severity="low", bundle=False)
    chat = Timed(SetClock(desk.now), Limits(channel_interval=pause))
    post = Post(desk, chat)
    post.clock = post.outbox.clock = chat.clock
    await desk.poll(news("my", LESSER))
    await desk.poll(
        news("my", LESSER), news("cn", OTHER), news("nl", "Dutch government restricts ASML exports to China")
    )
    await post.drain()
    for channel in channels:
        times = chat.at[channel]
        assert len(times) >= 2
        for before, after in itertools.pairwise(times):
            assert pause <= after - before <= pause + STEP, channel


async def test_the_next_look_is_when_something_becomes_due(desk):
    chat = Chat(limits=Limits(edit_gap=timedelta(seconds=3)))
    await desk.poll(news("my", LESSER))
    await desk.poll(news("my", LESSER), news("cn", OTHER))
    post = Post(desk, chat)
    await post.drain()
    assert await post.outbox.pause_s(5.0) == 5.0
    desk.now += timedelta(seconds=1) - timedelta(minutes=30)
    await desk.poll(news("my", LESSER), news("cn", OTHER), later(news("again", OTHER), 1))
    await post.drain()
    assert (await post.states())[-1] == "scheduled"
    assert await post.outbox.pause_s(5.0) == pytest.approx(2.0)
    assert await post.outbox.pause_s(1.0) == 1.0
    await post.drain(timedelta(seconds=2))
    assert (await post.states())[-1] == "sent"
    assert await post.outbox.pause_s(5.0) == 5.0


async def test_the_next_look_is_when_a_second_try_is_due(desk):
    chat = Chat(DeliveryError("503"))
    await desk.poll()
    await desk.poll(news("my", LESSER))
    post = Post(desk, chat, first=timedelta(seconds=4))
    assert await post.drain() == ["retry"]
    assert await post.outbox.pause_s(5.0) == pytest.approx(4.0)
    assert await post.drain(timedelta(seconds=4)) == ["sent"]
    assert await post.outbox.pause_s(5.0) == 5.0


@pytest.mark.parametrize("reach", ["channel", "platform"])
async def test_the_next_look_is_when_a_platform_bears_more(desk, reach):
    """However short the wait that it asks for, the look comes when the wait that was stored is over."""
    chat = Chat(DeliveryError("429", slowed=reach, retry_at=desk.now), limits=Limits(per_second=50.0))
    await desk.poll()
    await desk.poll(news("my", LESSER))
    post = Post(desk, chat)
    before = post.clock.now()
    assert await post.drain() == ["slowed", "sent"]
    assert timedelta(seconds=1) <= post.clock.now() - before < timedelta(seconds=1.1)


class Crowded(Chat):
    """Counts how many messages it is sent at the same time."""

    now = most = 0

    async def _take(self, op: str, message: Outgoing) -> MessageRef:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super()._take(op, message)
        finally:
            self.now -= 1


async def test_no_more_are_under_way_than_a_platform_takes_at_once(desk):
    channels = [f"channel-{number}" for number in range(12)]
    for channel in channels:
        await desk.subscribe(channel, severity="low")
    chat = Crowded(limits=Limits(at_once=3))
    chat.waits = dict.fromkeys(channels[:3], 0.6)  # longer than the outbox goes without a look
    await desk.poll()
    await desk.poll(news("my", LESSER))
    assert (await Post(desk, chat).drain()).count("sent") == len(channels) + 1
    assert chat.most == 3


async def test_of_a_platform_that_hangs_nobody_knows_whether_it_has_the_message(desk):
    chat = Chat()
    chat.waits["console"] = 60
    await desk.poll()
    await desk.poll(news("my", LESSER))
    post = Post(desk, chat, longest_send=timedelta(seconds=0.05))
    assert await post.drain() == ["retry"]
    assert await post.states() == ["sending"]  # the next try looks first
    chat.waits.clear()
    (line,) = await desk.store.read(lambda conn: outbox_view.listing(conn, ["sending"]))
    assert line.reason == "the platform did not answer in time"
    chat.posted.append(("post", "console", await key_of(desk)))  # it had it all the same
    assert await post.drain(timedelta(minutes=1)) == ["sent"]
    assert chat.ops == ["post"]


async def key_of(desk: Desk) -> str:
    """What the one delivery in the store is recognised by."""
    (delivery,) = await desk.store.read(lambda conn: deliveries.rows(conn, [1]))
    return str(delivery.key)


async def test_what_is_put_in_while_the_outbox_looks_ends_its_pause_too(desk):
    chat = Chat(limits=Limits(channel_interval=timedelta(seconds=1)))
    await desk.poll(news("my", LESSER))
    post = Post(desk, chat)
    post.clock = post.outbox.clock = Waiting(desk.now)
    write, empty = desk.store.write, []

    async def looked(work, undo=None):
        found = await write(work, undo)
        if getattr(found, "jobs", None) == [] and chat.posted:
            empty.append(found)
            if len(empty) == 1:
                post.outbox.woken.set()  # after the look, before the pause
        return found

    desk.store.write = looked
    await desk.poll(news("my", LESSER), news("cn", OTHER))
    draining = asyncio.create_task(post.outbox.drain())
    async with asyncio.timeout(60):
        while len(empty) < 2:
            await asyncio.sleep(0.01)
    draining.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await draining


class Ending:
    """A delivery in work that ends while the claim, in its thread, looks at it."""

    workspace = ""

    def __init__(self, id_: int, in_work: dict[int, Any]) -> None:
        self.id = id_
        self._in_work = in_work

    @property
    def platform(self) -> str:
        self._in_work.clear()
        return "another"


async def test_messages_may_end_while_the_next_are_claimed(desk):
    chat = Chat()
    await desk.poll(news("a"))
    post = Post(desk, chat)
    in_work: dict[int, Any] = post.outbox._in_work
    in_work.update({-1: Ending(-1, in_work), -2: Ending(-2, in_work)})
    assert await post.drain() == ["sent"]

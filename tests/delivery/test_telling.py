"""A follower is told once; what failed is tried again after a while, and given up in the end with the reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.cards.card import plain
from bot.clock import SetClock
from bot.delivery.telling import MOST_TRIES, Teller
from bot.errors import DeliveryError
from bot.pipeline.operators.decisions import merge, retract
from bot.store import followers, schema
from tests.delivery.chat import Chat
from tests.pipeline.desk import Desk, news

TITLE = "US tightens licence rules for Nvidia H20 chip exports to China"
DOWN = DeliveryError("503 come back")


class Listener(Chat):
    """A platform that fails to tell people, with the troubles that a test wants."""

    async def tell(self, person, card, key):
        if self.troubles:
            raise self.troubles.pop(0)
        return await super().tell(person, card, key)


async def risen(desk: Desk, *people: str) -> str:
    """A story that rose after people began to follow it; its id."""
    await desk.poll(news("a", TITLE))
    story = await desk.store.read(lambda conn: conn.execute(sa.select(schema.stories.c.id)).scalar_one())
    for person in people or ("reader",):
        turn = partial(followers.turn, platform="console", person=person, story=story, language="en", at=desk.now)
        await desk.store.write(turn)
    await desk.poll(news("a", TITLE.replace("H20", "H20 and H200")))
    return str(story)


def teller(desk: Desk, chat: Chat, clock: SetClock | None = None) -> Teller:
    return Teller(desk.store, {"console": chat}, clock or SetClock(desk.now))


async def stored(desk: Desk) -> list[tuple[str | None, datetime | None]]:
    t = schema.tellings.c
    query = sa.select(t.outcome, t.due_at).order_by(t.id)
    return [(row.outcome, row.due_at) for row in await desk.store.read(lambda conn: conn.execute(query).all())]


async def test_every_follower_is_told_once_with_the_button_that_ends_it(one_desk):
    chat = Listener()
    story = await risen(one_desk, "ada", "grace")
    writer = teller(one_desk, chat)
    assert [await writer.deliver(), await writer.deliver()] == [2, 0]
    assert [person for person, _ in chat.told] == ["ada", "grace"]
    (card, _) = (card for _, card in chat.told)
    assert [button.action for button in card.buttons][-1] == "follow_story"
    assert dict(card.buttons[-1].values) == {"story": story}
    assert not any(button.menu for button in card.buttons)
    assert await stored(one_desk) == [("told", None)] * 2


async def retracted(desk: Desk, story: str) -> None:
    await desk.store.write(lambda conn: retract(conn, story, "redated", desk.now, "op", lambda facts, at: []))


async def test_a_rise_that_waits_behind_a_failure_is_not_told_after_the_correction(one_desk):
    chat = Listener(DOWN)
    story = await risen(one_desk)
    clock = SetClock(one_desk.now)
    writer = teller(one_desk, chat, clock)
    await writer.deliver()
    await retracted(one_desk, story)
    clock.set(one_desk.now + timedelta(hours=1))
    await writer.deliver()
    assert ["CORRECTION" in plain(card.marks) for _, card in chat.told] == [True]
    assert await stored(one_desk) == [("retracted", None), ("told", None)]


async def test_a_rise_that_was_refused_while_its_story_was_taken_back_is_not_tried_again(one_desk):
    story = await risen(one_desk)

    class Refusing(Listener):
        async def tell(self, person, card, key):
            if self.troubles:
                await retracted(one_desk, story)
            return await super().tell(person, card, key)

    chat = Refusing(DOWN)
    clock = SetClock(one_desk.now)
    writer = teller(one_desk, chat, clock)
    await writer.deliver()
    clock.set(one_desk.now + timedelta(hours=1))
    await writer.deliver()
    assert ["CORRECTION" in plain(card.marks) for _, card in chat.told] == [True]


async def test_a_rise_of_a_story_that_went_into_one_that_was_taken_back_is_not_told(one_desk):
    chat = Listener()
    away = await risen(one_desk)
    await one_desk.poll(news("b", "Malaysia requires a permit for exports of US AI chips"))
    into = await one_desk.store.read(
        lambda conn: conn.execute(sa.select(schema.stories.c.id).where(schema.stories.c.id != away)).scalar_one()
    )
    await one_desk.store.write(lambda conn: merge(conn, into, away, one_desk.now, "op", lambda facts, at: []))
    await retracted(one_desk, into)
    await teller(one_desk, chat).deliver()
    assert (await stored(one_desk))[0] == ("retracted", None)
    assert all("CORRECTION" in plain(card.marks) for _, card in chat.told)


async def test_what_failed_is_tried_again_later_and_later_until_it_is_given_up(one_desk):
    chat = Listener(*[DOWN] * MOST_TRIES)
    await risen(one_desk)
    clock = SetClock(one_desk.now)
    writer = teller(one_desk, chat, clock)
    waits = []
    for _ in range(MOST_TRIES - 1):
        assert await writer.deliver() == 0
        ((outcome, due_at),) = await stored(one_desk)
        assert outcome == "503 come back"
        assert due_at is not None
        waits.append((due_at - clock.now()).total_seconds())
        assert await writer.deliver() == 0  # not before its time
        clock.set(due_at)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240]
    assert await writer.deliver() == 1
    assert await stored(one_desk) == [("not told: 503 come back", None)]
    assert chat.told == []


@pytest.mark.parametrize(("minutes", "wait"), [(1, 60), (-1, 10)])
async def test_a_platform_that_names_a_moment_is_asked_then_and_not_before_the_shortest_wait(one_desk, minutes, wait):
    await risen(one_desk)
    moment = one_desk.now + timedelta(minutes=minutes)
    writer = teller(one_desk, Listener(DeliveryError("429", retry_at=moment)))
    await writer.deliver()
    ((_, due_at),) = await stored(one_desk)
    assert due_at == one_desk.now + timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (DeliveryError("50007 takes no messages", permanent=True), "not told: 50007 takes no messages"),
        (DeliveryError("no such person", lost="channel"), "not told: no such person"),
        (DeliveryError("we were put out", lost="workspace"), "not told: we were put out"),
        (DeliveryError("no answer", unknown=True), "unknown: no answer"),
        (RuntimeError("a mistake of ours"), "failed: RuntimeError: a mistake of ours"),
        (RuntimeError("x" * 400), f"failed: RuntimeError: {'x' * 278}"),
        (DeliveryError("x" * 400, permanent=True), f"not told: {'x' * 290}"),
        (DeliveryError("x" * 400, unknown=True), f"unknown: {'x' * 291}"),
    ],
)
async def test_what_cannot_be_mended_is_left_at_once_with_the_reason_and_stops_nobody(one_desk, trouble, outcome):
    chat = Listener(trouble)
    await risen(one_desk, "ada", "grace")
    assert await teller(one_desk, chat).deliver() == 2
    assert await stored(one_desk) == [(outcome, None), ("told", None)]
    assert [person for person, _ in chat.told] == ["grace"]


async def test_a_platform_that_is_out_of_reach_is_waited_for(one_desk):
    await risen(one_desk)
    writer = teller(one_desk, Listener(DeliveryError("401", lost="platform")))
    assert await writer.deliver() == 0
    ((_, due_at),) = await stored(one_desk)
    assert due_at == one_desk.now + timedelta(seconds=10)

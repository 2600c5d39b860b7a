"""What operators decide about stories is followed, remembered and told, each message once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cards.card import plain
from bot.clock import SetClock
from bot.delivery.outbox import Outbox
from bot.delivery.platform import MessageRef
from bot.errors import UserError
from bot.model import Trust
from bot.pipeline.editor import Editor
from bot.pipeline.operators import decisions
from bot.pipeline.reading.public_list import public_list
from bot.store import audit, corrections, reports, schema, stories
from tests.pipeline.desk import Wire, later, news

H20 = "US tightens licence rules for Nvidia H20 chip exports to China"
CASE = "Two men charged with smuggling Nvidia H100 chips to Malaysia in Operation Gatekeeper"


class Channel:
    """A platform of one channel each: message id -> the title that stands there; `told` is every op in order."""

    name = "console"

    def __init__(self) -> None:
        self.stands: dict[str, str] = {}
        self.told: list[tuple[str, str, str]] = []

    async def send(self, message):
        self.stands[message.key] = plain(message.card.title)
        self.told.append(("post", message.channel, plain(message.card.title)))
        return MessageRef(message.channel, message.key)

    async def edit(self, head, message):
        self.stands[head.message] = plain(message.card.title)
        self.told.append(("edit", message.channel, plain(message.card.title)))
        return head

    async def reply(self, head, message):
        self.told.append(("reply", message.channel, plain(message.card.title)))
        return MessageRef(message.channel, message.key)

    async def find(self, channel, key, since, head=None):
        return None


class Room:
    """A desk with a platform: `poll` and `decide`, then all is delivered."""

    def __init__(self, desk) -> None:
        self.desk, self.channel = desk, Channel()
        self.documents: list[Any] = []
        self.clock = SetClock(desk.now)
        platforms: Any = {"console": self.channel}
        self.outbox = Outbox(desk.store, platforms, self.clock, "here")

    async def poll(self, *documents):
        self.documents += documents
        outcome = await self.desk.poll(*self.documents)
        await self.deliver()
        return [taken.story for taken in outcome.changes]

    async def deliver(self):
        self.clock.set(self.desk.now)
        await self.outbox.drain()

    async def decide(self, decision, *words, deliver=True):
        self.desk.now += timedelta(minutes=5)
        found = await self.desk.store.write(
            lambda conn: decision(conn, *words, self.desk.now, "olga", lambda facts, at: [])
        )
        if deliver:
            await self.deliver()
        return found


@pytest.fixture
async def room(desk):
    await desk.poll()
    return Room(desk)


async def test_a_merged_story_points_to_the_other_and_its_like_join_the_other(room):
    first, second = await room.poll(news("a", H20), news("b", CASE))
    assert first != second
    room.channel.told.clear()
    await room.decide(decisions.merge, first, second)
    assert [(op, "another message" in title) for op, _, title in room.channel.told] == [("edit", False), ("edit", True)]
    seats = await room.desk.store.read(lambda conn: stories.seats(conn, first))
    assert {seat.member.key for seat in seats} == {"a", "b"}

    again = await room.poll(later(news("c", CASE + ", court told"), 2))
    assert again == [first]
    assert not [told for told in room.channel.told if told[0] == "post"]
    room.desk.intake.editor = Editor()  # a process that starts anew reads the decision from the store
    assert await room.poll(later(news("d", CASE + ", says report"), 3)) == [first]
    lines = await room.desk.store.read(audit.lines)
    assert [(line["who"], line["action"], line["subject"]) for line in lines] == [("olga", "story.merge", first)]


async def test_a_channel_that_has_only_the_merged_message_keeps_that_one_message(room):
    await room.desk.subscribe("cases", kinds=["enforcement"])
    first, second = await room.poll(news("a", H20), news("b", CASE))
    room.channel.told.clear()
    await room.decide(decisions.merge, first, second)
    assert [(op, "another message" in title) for op, channel, title in room.channel.told if channel == "cases"] == [
        ("edit", False)
    ]
    await room.poll(later(news("c", H20 + ", officials say"), 2))
    assert "post" not in [op for op, _, _ in room.channel.told]


async def test_what_is_not_out_yet_when_two_stories_become_one_is_never_posted(room):
    room.documents = [news("a", H20), news("b", CASE)]
    outcome = await room.desk.poll(*room.documents)
    first, second = (taken.story for taken in outcome.changes)
    await room.decide(decisions.merge, first, second)
    assert [op for op, _, _ in room.channel.told] == ["post"]


async def test_a_document_that_was_split_off_never_rejoins_and_its_like_follow_it(room):
    first, same = await room.poll(news("a", H20), later(news("b", H20 + " servers of Dell"), 1))
    assert first == same
    room.channel.told.clear()
    await room.decide(decisions.split, first, "https://wire.example/b?utm_source=x")
    assert [op for op, _, _ in room.channel.told] == ["edit", "post"]
    amended = replace(room.documents[1], summary="Now with another paragraph.")
    room.documents[1] = amended
    (own,) = await room.poll()
    assert own != first
    assert await room.poll(later(news("c", H20 + " servers of Dell"), 2)) == [own]
    assert await room.poll(later(news("d", H20), 3)) == [first]
    room.desk.intake.editor = Editor()
    assert await room.poll(later(news("e", H20 + " servers of Dell"), 4)) == [own]


async def test_the_document_that_began_a_story_can_be_split_off_too(room):
    first, _ = await room.poll(news("a", H20), later(news("b", H20 + " servers of Dell"), 1))
    await room.decide(decisions.split, first, "https://wire.example/a")
    assert (await room.poll(later(news("c", H20 + " servers of Dell"), 2))) == [first]


async def test_a_retraction_is_as_loud_as_the_mistake(room):
    """The head is edited and a reply stands under it in every channel that has it, whatever its order says of growth,
    and in no other."""
    await room.desk.subscribe("quiet", growth="edit")
    await room.desk.subscribe("elsewhere", chips=["MI308"])
    (story,) = await room.poll(news("a", H20))
    await room.desk.store.write(lambda conn: decisions.report(conn, story, "m-1", " It is of 2023. ", room.desk.now))
    room.channel.told.clear()
    done = await room.decide(decisions.retract, story, "redated")
    assert sorted((channel, op) for op, channel, _ in room.channel.told) == [
        ("console", "edit"), ("console", "reply"), ("quiet", "edit"), ("quiet", "reply"),
    ]  # fmt: skip
    assert all(title.startswith("Withdrawn: ") for _, _, title in room.channel.told)
    assert (done.channels, done.reported_by_member, done.number) == (2, True, 1)
    assert await room.desk.store.read(reports.waiting) == []
    listed = await room.desk.store.read(lambda conn: public_list(conn, room.desk.now))
    assert [(row.story.id, row.story.retracted, row.cause) for row in listed.corrections] == [(story, True, "redated")]
    assert (listed.this_year, listed.in_all) == (1, 1)


async def test_the_correction_stands_whatever_comes_after_it(room):
    (story,) = await room.poll(news("a", H20))
    await room.decide(decisions.retract, story, "misread")
    room.channel.told.clear()
    room.documents[0] = replace(room.documents[0], summary="Amended.")
    assert await room.poll(later(news("b", H20), 1)) == [story, story]
    assert room.channel.told == []
    (head,) = room.channel.stands.values()
    assert head.startswith("Withdrawn: ")


async def test_what_somebody_more_trusted_tells_later_is_told_anew(room):
    (story,) = await room.poll(news("a", H20))
    await room.decide(decisions.retract, story, "misread")
    room.desk.source = Wire(id="wire", name="Wire", trust=Trust.OFFICIAL)
    (anew,) = await room.poll(later(news("b", H20), 1))
    assert anew != story
    assert room.channel.told[-1][0] == "post"


async def test_what_is_retracted_before_it_is_out_is_never_posted(room):
    outcome = await room.desk.poll(news("a", H20))
    done = await room.decide(decisions.retract, outcome.changes[0].story, "satire")
    assert room.channel.told == []
    assert done.channels == 0


async def test_corrections_are_counted_by_year(room):
    (story,) = await room.poll(news("a", H20))
    await room.decide(decisions.retract, story, "misread")
    year = room.desk.now.year
    counts = [await room.desk.store.read(lambda conn, y=y: corrections.count(conn, y)) for y in (year - 1, year)]
    assert counts == [0, 1]


async def test_one_reader_has_one_report_of_a_story_waiting(room):
    (story,) = await room.poll(news("a", H20))
    at = room.desk.now
    write = room.desk.store.write
    numbers = [
        await write(lambda conn, r=r, w=w: decisions.report(conn, story, r, w, at))
        for r, w in (("m-1", "old"), ("m-1", "x" * 9000), ("m-2", "wrong chip"))
    ]
    assert numbers[0] == numbers[1] != numbers[2]
    waiting = await room.desk.store.read(reports.waiting)
    assert [(row.reporter, len(row.reason)) for row in waiting] == [("m-1", 500), ("m-2", 10)]
    await write(lambda conn: decisions.dismiss(conn, numbers[0], at, "olga"))
    with pytest.raises(UserError):
        await write(lambda conn: decisions.dismiss(conn, numbers[0], at, "olga"))


@pytest.mark.parametrize(
    ("decision", "words", "key"),
    [
        (decisions.merge, ("{a}", "{a}"), "errors.story_itself"),
        (decisions.merge, ("{a}", "s-none"), "errors.no_such_story"),
        (decisions.split, ("{a}", "https://wire.example/z"), "errors.not_in_story"),
        (decisions.split, ("{a}", "https://wire.example/a"), "errors.only_member"),
        (decisions.retract, ("{a}", "boredom"), "errors.no_such_cause"),
        (decisions.retract, ("s-none", "misread"), "errors.no_such_story"),
    ],
)
async def test_what_cannot_be_decided_is_said_and_changes_nothing(room, decision, words, key):
    (story,) = await room.poll(news("a", H20))
    with pytest.raises(UserError) as refused:
        await room.decide(decision, *(word.replace("{a}", story) for word in words))
    assert refused.value.key == key
    count = sa.select(sa.func.count()).select_from(schema.decisions)
    assert await room.desk.store.read(lambda conn: conn.execute(count).scalar()) == 0


async def test_a_story_is_taken_back_once(room):
    (story,) = await room.poll(news("a", H20))
    await room.decide(decisions.retract, story, "misread")
    with pytest.raises(UserError) as refused:
        await room.decide(decisions.retract, story, "misread")
    assert refused.value.key == "errors.story_retracted"

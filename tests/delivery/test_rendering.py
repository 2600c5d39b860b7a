"""What a channel gets is made of the newest that is stored: the card, the facts for machines, and how loud it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.card import plain
from bot.delivery.order import Order
from bot.delivery.rendering import Bundle, bundled, card_now, card_of, outgoing
from bot.model import Op
from bot.store import deliveries, gatherings, outbox_view, revisions
from bot.store.deliveries import Delivery
from bot.store.revisions import Issued
from tests.delivery.test_manners import TITLES, ids
from tests.delivery.test_timing import rise
from tests.pipeline.desk import Desk, news

REDLINE = {"section": "744.23", "new_date": "2026-05-29"}


async def told(desk: Desk) -> tuple[Delivery, list[Issued]]:
    """A story's first row in the outbox, and its revisions: told, then grown with a rise."""
    await desk.poll(news("s0", TITLES[0]))
    await rise(desk)
    (story,) = await ids(desk)
    (line, *_) = await desk.store.read(lambda conn: outbox_view.listing(conn, ["due"]))
    (row,) = await desk.store.read(lambda conn: deliveries.rows(conn, [line.id]))
    return row, await desk.store.read(lambda conn: [revisions.issued(conn, story, n) for n in (1, 2, 3)])


async def test_whoever_asks_for_a_story_sees_what_its_message_says_by_now(one_desk):
    _, (first, second, _) = await told(one_desk)
    assert card_now(first, "en") == card_of(first, Op.POST, "en")
    assert card_now(second, "en") == card_of(second, Op.EDIT, "en")
    assert card_of(second, Op.EDIT, "en") != card_of(second, Op.POST, "en")


@pytest.mark.parametrize(
    ("op", "rose", "shown"),
    [(Op.REPLY, ("severity",), True), (Op.REPLY, ("trust",), False), (Op.POST, ("severity",), False)],
)
async def test_a_reply_is_shown_in_the_channel_too_where_the_severity_rose(one_desk, op, rose, shown):
    row, (_, _, reply) = await told(one_desk)
    risen = replace(reply, revision=replace(reply.revision, rise=rose))
    assert outgoing(replace(row, op=op), risen, Order()).broadcast is shown


async def test_the_facts_say_what_the_message_does_here_and_where_it_goes(one_desk):
    row, (_, second, _) = await told(one_desk)
    order = Order(place="forum", tags=("law",))
    message = outgoing(replace(row, workspace="W", op=Op.REPLY), second, order, "@desk")
    facts = [message.facts[name] for name in ("op", "revision", "platform", "channel")]
    assert facts == ["reply", 2, "console", "console"]
    assert second.revision.op is Op.EDIT
    assert (message.channel, message.workspace, message.key) == ("console", "W", row.key)
    assert (message.mention, message.place, message.tags, message.broadcast) == ("@desk", "forum", ("law",), False)


async def test_a_gathering_says_for_machines_what_it_holds(one_desk):
    row, (first, *_) = await told(one_desk)
    begin = gatherings.begin
    day = await one_desk.store.write(lambda conn: begin(conn, row.subscription, "digest", one_desk.now, one_desk.now))
    message = bundled(replace(row, op=Op.POST), Bundle(day, [first]), Order())
    assert message.facts == {
        "op": "post",
        "gathering": "digest",
        "stories": [first.revision.story.id],
        "at": one_desk.now.isoformat(),
        "platform": "console",
        "channel": "console",
    }
    assert plain(message.card.title) == "Today: 1 story"  # an order that was changed to `now` meanwhile
    weekly = bundled(replace(row, op=Op.POST), Bundle(day, [first]), Order(pace="weekly"))
    assert plain(weekly.card.title) == "This week: 1 story"
    assert not message.broadcast
    assert bundled(replace(row, op=Op.REPLY), Bundle(day, [first]), Order()).broadcast

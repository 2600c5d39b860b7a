"""A stored order: what it may say, and that a file which says anything else is refused before it is in force."""

from __future__ import annotations

import pytest

from bot.commands.chipwatch.list import FORMAT, imported
from bot.delivery.order import Order, Quiet
from bot.errors import UserError
from bot.model import Severity, Trust
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import news


def test_every_wish_of_an_order_arrives():
    order = Order.of(
        {
            "chips": ["H20"], "words": ["Malaysia"], "all_words": ["H20", "SMIC"], "without_words": ["Stock"],
            "severity": "high", "trust": "press", "mention": "@law", "mention_from": "high", "tags": ["law", "chips"],
            "pace": "weekly", "at": "08:30", "weekday": 4, "quiet": ["21:30", "06:15"], "place": "forum",
            "growth": "new", "analyses": True, "publish": True, "bundle": False, "when_nothing": True,
        }
    )  # fmt: skip
    assert (order.chips, order.words, order.all_words) == (frozenset({"H20"}), ("malaysia",), ("h20", "smic"))
    assert (order.without_words, order.tags) == (("stock",), ("law", "chips"))
    assert (order.severity, order.trust, order.mention_from) == (Severity.HIGH, Trust.PRESS, Severity.HIGH)
    assert (order.pace, order.at, order.weekday, order.quiet) == ("weekly", "08:30", 4, Quiet("21:30", "06:15"))
    assert (order.place, order.growth, order.mention) == ("forum", "new", "@law")
    assert (order.analyses, order.publish, order.bundle, order.when_nothing) == (True, True, False, True)
    assert order.record["words"] == ["Malaysia"], "it is shown as it was typed"


def test_what_is_not_said_is_as_for_everybody():
    assert Order.of({}) == Order()
    assert Order.of({"quiet": None}).quiet is None
    assert Order.of({"a wish of a later version": 1}) == Order()
    assert Order.of({"record": "mine"}).record == {"record": "mine"}, "nobody writes the order's own copy"


@pytest.mark.parametrize(
    "record",
    [
        {"chips": "H20"},
        {"chips": [1]},
        {"words": "HBM"},
        {"words": [None]},
        {"weekday": 7},
        {"weekday": "1"},
        {"weekday": True},
        {"publish": "no"},
        {"mention": {"a": 1}},
        {"tags": "law"},
        {"growth": ["edit"]},
        {"at": "25:00"},
        {"quiet": ["22:00"]},
        {"growth": "sideways"},
        {"pace": "hourly"},
        {"place": "cellar"},
        {"trust": "hearsay"},
        {"mention_from": "huge"},
        {"quiet": ["22:00", "24:30"]},
        {"quiet": ["22", "07", "08"]},
        {"reminders": [-1]},
        {"reminders": "7"},
        {"severity": "loud"},
        {"directions": ["sideways"]},
    ],
)
def test_what_no_order_can_say_is_refused(record):
    """A text where a list is wanted broke every poll of every source, a weekday that never comes the outbox."""
    with pytest.raises(ValueError, match=next(iter(record))):
        Order.of(record)
    with pytest.raises(UserError, match="no_order_file"):
        imported(repr({"format": FORMAT, "order": record}).replace("'", '"').replace("None", "null").encode())


async def test_an_order_that_cannot_be_read_holds_up_no_other_channel(desk):
    """One stored by an earlier version, or by another hand: its channel gets nothing, the others all."""
    await desk.subscribe("spoilt", chips="H20", weekday=9)
    outcome = await desk.poll(news("a"))
    assert not outcome.failed
    chat = Chat()
    await Post(desk, chat).drain()
    assert [channel for _, channel, _ in chat.posted] == ["console"]

"""A stored order: what it may say, and that a file which says anything else is refused before it is in force."""

from __future__ import annotations

import pytest

from bot.commands.chipwatch.list import FORMAT, imported
from bot.delivery.order import Order
from bot.errors import UserError
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import news


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
        {"severity": "loud"},
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

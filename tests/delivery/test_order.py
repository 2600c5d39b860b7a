"""A stored order is read as it was meant, or refused."""

import pytest

from bot.delivery.order import Order, Quiet
from bot.model import Severity, Trust


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
    "wish",
    [
        {"growth": "sideways"}, {"pace": "hourly"}, {"place": "cellar"}, {"severity": "huge"}, {"trust": "hearsay"},
        {"mention_from": "huge"}, {"at": "25:00"}, {"quiet": ["22:00", "24:30"]}, {"quiet": ["22", "07", "08"]},
    ],
)  # fmt: skip
def test_a_wish_that_does_not_exist_is_refused(wish):
    with pytest.raises(ValueError):  # noqa: PT011  each has words of its own
        Order.of(wish)

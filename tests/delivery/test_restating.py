"""An order in words says each wish that was made, and none that was not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.delivery.order import Order
from bot.delivery.restating import order_words, stored_words, zone_name
from bot.locale.catalogue import LANGUAGES, catalogue

SAY = catalogue("en")
PLAIN = (
    "Everything on AI chips but analyses, rumours too, all severities, at once, in German. "
    "No mentions. A story that rises gets a reply."
)


def said(record: dict[str, Any], language: str = "de") -> str:
    return order_words(SAY, Order.of(record), language, "America/New_York", {"bis": "Bureau of Industry and Security"})


def test_an_order_without_a_wish_says_what_everybody_gets():
    assert said({}) == PLAIN


@pytest.mark.parametrize(
    ("record", "instead_of", "words"),
    [
        ({"analyses": True}, " but analyses", ""),
        ({"kinds": ["rule", "guidance"]}, "Everything on AI chips but analyses", "Rules on AI chips"),
        ({"kinds": ["bill", "rule"]}, "Everything on AI chips but analyses", "Rules and bills and plans on AI chips"),
        (
            {"without_kinds": ["enforcement"], "kinds": ["bill"]},
            "Everything on AI chips but analyses",
            "Bills and plans on AI chips",
        ),
        (
            {"without_kinds": ["bill", "enforcement", "no such kind"]},
            "Everything on AI chips but analyses",
            "Rules, licences, lists and talk on AI chips",
        ),
        ({"kinds": ["no such kind"]}, "", ""),
        ({"chips": ["h20", "a100"]}, "analyses, ", "analyses, about a100 and h20, "),
        ({"destinations": ["MY", "CN"]}, "analyses, ", "analyses, to China and Malaysia, "),
        ({"companies": ["Nvidia", "AMD"]}, "analyses, ", "analyses, about AMD and Nvidia, "),
        (
            {"companies": [f"c{n}" for n in range(8)]},
            "analyses, ",
            "analyses, about c0, c1, c2, c3, c4, c5, c6 and c7, ",
        ),
        (
            {"companies": [f"c{n}" for n in range(9)]},
            "analyses, ",
            "analyses, about c0, c1, c2, c3, c4, c5, c6, c7 and 1 more, ",
        ),
        ({"directions": ["restricts", "relaxes"]}, "analyses, ", "analyses, direction: eases and tightens, "),
        ({"trust": "official"}, "rumours too", "from official documents only"),
        ({"severity": "high"}, "all severities", "high and critical"),
        ({"severity": "critical"}, "all severities", "critical"),
        (
            {"sources": ["wire", "bis"]},
            "severities, ",
            "severities, only from Bureau of Industry and Security and wire, ",
        ),
        ({"words": ["A", "b"]}, "severities, ", "severities, with any of “a” and “b”, "),
        ({"all_words": ["a" * 50]}, "severities, ", f"severities, with all of “{'a' * 39}…”, "),
        ({"without_words": ["a"]}, "severities, ", "severities, without “a”, "),
        ({"pace": "daily", "at": "08:30"}, "at once", "once a day at 08:30 New York"),
        ({"pace": "weekly", "weekday": 6}, "at once", "once a week, Sunday at 09:00 New York"),
        ({"mention": "5"}, "No mentions", "Mentions the chosen role (critical)"),
        ({"mention": "5", "mention_from": "low"}, "No mentions", "Mentions the chosen role (all severities)"),
        ({"quiet": ["22:00", "07:00"]}, "mentions. ", "mentions. Quiet 22:00-07:00 New York except critical. "),
        (
            {"quiet": ["22:00", "07:00"], "breaks_through": False},
            "mentions. ",
            "mentions. Quiet 22:00-07:00 New York, critical too. ",
        ),
        ({"quiet": ["22:00", "07:00"], "pace": "daily"}, "at once", "once a day at 09:00 New York"),
        ({"growth": "edit"}, "A story that rises gets a reply", "A story that grows is edited in place"),
        ({"place": "thread"}, "reply.", "reply. Each story in a thread of its own."),
        ({"publish": True}, "reply.", "reply. Handed on to the servers that follow this channel."),
        ({"reminders": [7, 1]}, "reply.", "reply. Reminders of dates ahead so many days before: 1 and 7."),
    ],
)
def test_a_wish_changes_its_own_words_and_no_others(record: dict[str, Any], instead_of: str, words: str) -> None:
    assert said(record) == PLAIN.replace(instead_of, words)


def test_a_language_that_has_no_name_here_is_told_by_its_code():
    assert ", at once, eo. " in said({}, "eo")


def test_an_order_that_cannot_be_read_says_what_is_wrong_with_it():
    words = stored_words(SAY, {"chips": "H20"}, "de", "UTC", {})
    assert words == "chips cannot be read: a list of texts is wanted, not 'H20'"
    assert stored_words(SAY, {}, "de", "UTC", {}) == PLAIN
    assert len(stored_words(SAY, {"chips": "H" * 5000}, "de", "UTC", {})) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_ends_its_sentences_once(language):
    say = catalogue(language)
    words = order_words(say, Order.of({"quiet": ["22:00", "07:00"]}), language, "Europe/Berlin", {})
    assert words.count(say.text("order.stop")) == 4
    assert words.endswith(say.text("order.stop"))
    assert "Berlin" in words


@pytest.mark.parametrize(("zone", "name"), [("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")])
def test_a_zone_is_called_by_its_town(zone, name):
    assert zone_name(zone) == name

"""A reminder says what falls due, in how many days, in whose words."""

from __future__ import annotations

import pytest

from bot.cards.card import plain
from bot.cards.reminder import reminder_card
from tests.cards.test_icalendar import ROW


@pytest.mark.parametrize(
    ("language", "days", "begins"),
    [
        ("en", 7, "In 7 days, on 29 Oct 2026: Comments close: Guidance"),
        ("en", 1, "In 1 day, on 29 Oct 2026: Comments close"),
        ("de", 7, "In 7 Tagen, am 29. Oktober 2026: Ende der Stellungnahmefrist: Guidance"),
        ("zh", 7, "7 天后"),
    ],
)
def test_a_reminder_in_the_channel_s_language(language: str, days: int, begins: str) -> None:
    card = reminder_card(ROW, days, language)
    assert plain(card.title).startswith(begins)
    assert card.footer[0][0].url == "https://www.federalregister.gov/d/2026-19895"
    assert "October 29, 2026" in plain(card.lines[0])
    assert "24" in plain(card.lines[1])


def test_hostile_words_are_words() -> None:
    card = reminder_card(ROW | {"title": "@everyone **x** [a](http://b)", "citations": []}, 3)
    assert card.footer == ()
    assert all(span.url is None for span in card.title)

"""A card as JSON: nothing is lost, and nothing is there that the card does not have."""

from datetime import UTC, datetime

import orjson

from bot.cards.alert import alert_card
from bot.cards.card import Button, Card, Picture, Span, Style, Table, Tone
from bot.cards.card_json import card_json, card_of
from bot.cards.facts import facts_json
from bot.model import Op
from tests.cards.stories import FACTS, FIRST, H20_LAW, revision

FULL = Card(
    title=(Span("Title", Style.BOLD), Span(" gone", Style.STRIKE)),
    tone=Tone.LAW,
    language="zh",
    marks=(Span("● LAW"),),
    lines=((Span("See "), Span("here", url="https://example.org")), ()),
    table=Table(("a", "b"), (("1", "2"), ("3", "4"))),
    picture=Picture("a map", b"\x89PNG", "https://example.org/map.png"),
    footer=((Span("04:12 UTC", moment=datetime(2025, 7, 15, 4, 12, tzinfo=UTC)),),),
    buttons=(
        Button("Status", "status", (("chip", "H20"),)),
        Button("Page", url="https://example.org"),
        Button("⋯", "menu", menu=True),
    ),
)


def test_a_card_comes_back_as_it_was() -> None:
    for card in (FULL, Card(title=(Span("x"),)), alert_card(revision(FIRST), (H20_LAW,), "de")):
        assert card_of(orjson.loads(orjson.dumps(card_json(card)))) == card


def test_a_plain_card_is_short() -> None:
    assert card_json(Card(title=(Span("x"),))) == {"tone": "answer", "language": "en", "title": ["x"]}


def test_the_facts_are_the_object_of_the_command_line() -> None:
    found = facts_json(revision(FIRST, Op.EDIT), "console", "#chips")
    assert tuple(found) == FACTS
    assert found["op"] == "edit"
    assert found["at"] == "2025-07-15T06:12:00+00:00"
    assert found["documents"] == [
        {
            "url": member.url,
            "title": member.title,
            "source": member.source,
            "trust": member.trust.value,
            "published": member.joined_at.isoformat(),
        }
        for member in FIRST.members
    ]

"""Every document can be asked about: what it was judged to be, its story, and where it went or by what it did not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.card import plain
from bot.cards.why import why_card
from bot.pipeline.match import CLAUSES, UNREADABLE
from bot.pipeline.reading import retrieval
from bot.pipeline.reading.why import why, why_of
from bot.store import subscriptions
from tests.pipeline.desk import gossip, news


@pytest.fixture
async def asked(desk):
    """A desk with a known document, a story, a held document, gossip, and four channels."""
    await desk.poll(news("known"))
    await desk.subscribe("malaysia", destinations=["MY"])
    paused = await desk.subscribe("asleep")
    await desk.store.write(lambda conn: subscriptions.pause(conn, paused, desk.now, "gone"))
    old = replace(news("old"), url="https://wire.example/2023/10/17/old", aliases=("link:wire.example/2023/10/17/old",))
    await desk.poll(news("known"), news("a"), gossip("b"), old)
    await desk.subscribe("late")
    return lambda link, *shown: desk.store.read(lambda conn: why(conn, link, *shown))


async def test_a_told_document_names_its_reasons_its_story_and_each_channel(asked):
    found = await asked("https://www.wire.example/a/?utm_source=x#top")
    (document,) = found.documents
    assert (document.relevant, document.held, document.story) == (True, None, found.story.id)
    assert {"relevant", "kind", "chips", "trust"} <= {label for label, _, _ in document.labels}
    assert [(place.channel, place.state, place.clause) for place in found.places] == [
        ("console", "due", ""), ("malaysia", "refused", "destinations"),
        ("asleep", "paused", ""), ("late", "untold", ""),
    ]  # fmt: skip


async def test_a_reader_hears_of_the_channels_that_he_may_see(asked):
    found = await asked("https://wire.example/a", lambda row: row.channel == "malaysia")
    assert [place.channel for place in found.places] == ["malaysia"]


@pytest.mark.parametrize(
    ("link", "verdict"),
    [
        ("https://wire.example/known", "known from the first poll"),
        ("https://wire.example/b", "not about the export of AI chips"),
        ("https://wire.example/2023/10/17/old", "held, it looks like an old article"),
    ],
)
async def test_what_was_not_told_says_why(asked, link, verdict):
    found = await asked(link)
    assert (found.story, found.places) == (None, ())
    assert verdict in plain(why_card(found).lines[0])


@pytest.mark.parametrize("link", ["https://wire.example/none", "", "http://[::1", "x" * 100_000, "\x00\u202e@everyone"])
async def test_an_address_of_which_nothing_is_stored_is_said_in_every_language(asked, link):
    found = await asked(link)
    assert found.documents == ()
    for language in ("en", "de", "zh"):
        card = why_card(found, language)
        assert len(plain(card.title)) < 500
        assert card.lines == ()


async def test_of_a_story_that_is_known_the_reasons_are_those_of_its_head(one_desk):
    await one_desk.poll()
    await one_desk.poll(news("a"))
    (story,) = await one_desk.store.read(
        lambda conn: retrieval.at_links(conn, ["https://wire.example/a", "https://none.example/"])
    )
    found = await one_desk.store.read(lambda conn: why_of(conn, story))
    assert (found.link, found.documents, found.story) == ("", (), story)
    assert [place.channel for place in found.places] == ["console"]
    assert {"kind", "chips", "trust"} <= {reason.label for reason in found.reasons}
    issued = await one_desk.store.read(lambda conn: retrieval.latest(conn, story.id))
    assert issued.revision.number == 1
    assert await one_desk.store.read(lambda conn: retrieval.latest(conn, "s-none")) is None
    assert await one_desk.store.read(lambda conn: retrieval.at_links(conn, [])) == []


async def test_an_order_that_cannot_be_read_hides_nobody_else_s_answer(one_desk):
    await one_desk.poll()
    await one_desk.subscribe("spoilt", chips="H20")
    await one_desk.poll(news("a"))
    found = await one_desk.store.read(lambda conn: why(conn, "https://wire.example/a"))
    places = [(place.channel, place.state, place.clause) for place in found.places]
    assert places == [("console", "due", ""), ("spoilt", "refused", UNREADABLE)]


async def test_each_clause_of_an_order_has_its_word_on_the_card(asked):
    found = await asked("https://wire.example/a")
    for name in (*(name for name, _ in CLAUSES), UNREADABLE):
        place = replace(found.places[1], clause=name)
        for language in ("en", "de", "zh"):
            lines = why_card(replace(found, places=(place,)), language).lines
            assert "malaysia" in plain(lines[-1])

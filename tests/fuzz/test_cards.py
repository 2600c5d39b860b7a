"""Cards, feeds and tables of strangers' words: within each platform's limits, nobody mentioned, nothing run."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import strategies as st
from lxml import etree, html
from rich.console import Console as Terminal

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card
from bot.cards.card_json import card_json, card_of
from bot.cards.digest import Contents, Entry, digest_card, nothing_card
from bot.cards.icalendar import calendar_feed
from bot.cards.problem import problem_card
from bot.cards.roundup import announcement_card, roundup_card
from bot.cards.standing import standing_card
from bot.cards.watched import watched_card
from bot.clock import SetClock
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.model import Op, Revision, Story
from bot.platforms.console.render import print_card
from bot.platforms.discord.render import messages_of, plain_message
from bot.platforms.slack.modal import showing
from bot.platforms.slack.render import bare, message
from bot.settings import Settings
from bot.web.feeds import atom_of, json_feed_of
from bot.web.markup import card_markup
from bot.web.view import View
from tests.cards import test_hostile as hostile
from tests.conftest import SHARED
from tests.fuzz.target import Target, examine
from tests.platforms import checkers
from tests.platforms.discord.test_render import cards as discord_cards
from tests.platforms.discord.test_render import pack
from tests.platforms.slack.test_render import cards as slack_cards

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LANGUAGES = st.sampled_from(("en", "de", "zh"))
ALLOWED = {
    "article",
    "p",
    "h2",
    "strong",
    "em",
    "del",
    "code",
    "time",
    "a",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
TALKS = {"href", "rel", "class", "lang", "datetime", "scope", "tabindex"}
PROPERTIES = {
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "X-WR-CALNAME",
    "REFRESH-INTERVAL",
    "UID",
    "X-PUBLISHED-TTL",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "URL",
    "TRANSP",
    "",
}
CHECK_DISCORD = checkers.discord(SHARED) if SHARED.is_dir() else None
CHECK_SLACK = checkers.slack(SHARED).check if SHARED.is_dir() else None
"""The platforms' own rules, where they lie beside the checkout; without them our own promises are tried alone."""


def on_discord(given: Sequence[Card]) -> None:
    """Every message of every card is a request that Discord takes, and mentions nobody."""
    for made in (*messages_of(given, pack), plain_message(given[0], "https://e.example/a", key="k")):
        assert made.body["allowed_mentions"] == {"parse": []}
        json.dumps(made.body).encode("utf-8")
        if CHECK_DISCORD is not None:
            assert CHECK_DISCORD("POST", "/api/v10/channels/123/messages", made.body) == []


def said(payload: Any) -> Iterator[str]:
    """What of a payload is shown; the values that buttons and lists carry are not."""
    if isinstance(payload, list):
        for each in payload:
            yield from said(each)
    elif isinstance(payload, dict):
        for name, value in payload.items():
            if isinstance(value, str) and name in ("text", "alt_text"):
                yield value
            else:
                yield from said(value)


def on_slack(given: Card) -> None:
    """Every payload is one that Slack takes; no text of it calls anybody."""
    for made in (message(given), bare(given), showing((given,), "en")):
        for text in said(made):
            assert not any(mark in text for mark in ("<!channel", "<!here", "<!everyone", "<!subteam", "<@", "<#"))
        json.dumps(made).encode("utf-8")
        if CHECK_SLACK is not None:
            assert [found for found in CHECK_SLACK(made) if "private_metadata" not in found] == []


def in_a_terminal(given: Card) -> None:
    """No line is wider than the terminal, and nothing that a terminal obeys comes through."""
    written = io.StringIO()
    terminal = Terminal(file=written, width=60, highlight=False, emoji=False, markup=False, color_system=None)
    print_card(given, terminal=terminal)
    for char in written.getvalue():
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def on_a_page(given: Card) -> None:
    """The markup holds our own elements and attributes only, and links lead to the web or to the board."""
    page = html.fragment_fromstring(str(card_markup(given)))
    for element in page.iter():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= TALKS
        link = element.get("href")
        assert link is None or link.lower().startswith(("http://", "https://", "/stories/", "/status/"))


def as_json(given: Card) -> None:
    """What is stored of a card is the card."""
    kept = replace(given, picture=None, selects=())
    assert card_of(orjson.loads(orjson.dumps(card_json(kept)))) == kept


def _view(language: str) -> View:
    services: Any = SimpleNamespace(settings=Settings(), clock=SetClock(NOW))
    request = make_mocked_request("GET", "/feed.xml?q=%3Cb%3E&lang=de", headers={"Host": "board.example"})
    return View(request, services, catalogue(language))


def as_feeds(given: tuple[Story, str]) -> None:
    """Atom is well-formed with an entry a story, whatever its words; JSON Feed is JSON of any strict reader."""
    story, language = replace(given[0], id="s-1"), given[1]  # ids are made by us
    feed = etree.fromstring(atom_of(_view(language), [story]), etree.XMLParser(resolve_entities=False))
    assert len(feed.findall("{*}entry")) == 1
    assert feed.findtext("{*}entry/{*}title")
    found = json.loads(json.dumps(json_feed_of(_view(language), [story]), allow_nan=False).encode("utf-8"))
    assert len(found["items"]) == 1


def as_calendar(given: tuple[str, str, str]) -> None:
    """One event is one event: no word of it begins a line of its own, and no line is longer than 75 bytes."""
    title, words, url = given
    row = {
        "name": title,
        "title": title,
        "summary": words,
        "date": "2026-12-01",
        "citations": [{"title": words, "url": url}],
    }
    text = calendar_feed([row], NOW)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert [line.partition(":")[0] for line in lines if line.startswith(("BEGIN", "END"))].count("BEGIN") == 2
    assert {line.partition(":")[0].partition(";")[0] for line in lines if not line.startswith(" ")} <= PROPERTIES


def as_notices(given: tuple[str, str, str, Revision]) -> None:
    """Every card that Chipwatch sends unasked, in each language, is small and clean with any words in it."""
    words, other, language, revision = given
    story, at = revision.story, revision.story.grew_at
    hit = {"op": "added", "asked": words, "name": other, "score": 0.91, "note": words}
    entry = Entry(story, (), "https://discord.com/channels/1/2/3")
    made = [
        *(standing_card(kind, words, at, other, 90, language) for kind in ("lost", "regained")),
        watched_card({"list": other, "watched": 3, "url": words, "hits": [hit] * 9}, language),
        problem_card(UserError("errors.no_such_day", day=words), language),
        problem_card(UserError("errors.no_verb", verb=words, suggestion=other), language),
        alert_card(revision, (), language),
        reply_card(revision, (), language),
        roundup_card([entry] * 3, at, 2, language),
        announcement_card(revision, (), language),
        digest_card(Contents("daily", at, (entry,) * 3, 4), language),
        nothing_card("weekly", 3, 1, at, language),
    ]
    for card in made:
        hostile.check(card)
        on_a_page(card)


HARD = hostile.NASTY
REVISIONS = st.builds(Revision, hostile.stories(), st.integers(1, 9), st.sampled_from(Op), hostile.MOMENTS)
TARGETS: dict[str, Target] = {
    "Discord": Target(on_discord, st.lists(discord_cards, min_size=1, max_size=2), examples=3),
    "Slack": Target(on_slack, slack_cards, examples=4),
    "terminal": Target(in_a_terminal, discord_cards, examples=3),
    "card on a page": Target(on_a_page, discord_cards, examples=4),
    "stored card": Target(as_json, discord_cards, examples=3),
    "feeds": Target(as_feeds, st.tuples(hostile.stories(), LANGUAGES), examples=10),
    "calendar": Target(as_calendar, st.tuples(HARD, HARD, HARD), examples=20),
    "notices": Target(as_notices, st.tuples(hostile.OURS, hostile.OURS, LANGUAGES, REVISIONS), examples=3),
}


@pytest.mark.parametrize("name", TARGETS)
def test_the_promise_holds_for_whatever_comes(name: str) -> None:
    examine(TARGETS[name])

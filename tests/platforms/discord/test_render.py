"""Cards as Components V2: whatever a card brings, Discord takes the request, and its words read as typed."""

import dataclasses
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.cards.alert import alert_card
from bot.cards.card import (
    Button,
    Card,
    Field,
    FieldKind,
    Form,
    Option,
    Picture,
    Rich,
    Select,
    Span,
    Style,
    Table,
    Tone,
)
from bot.cards.cutting import graphemes
from bot.cards.status import status_card
from bot.commands.custom_id import pack as pack_custom_id
from bot.knowledge.library import Knowledge
from bot.platforms.discord import render
from bot.platforms.discord.forms import filled_in, modal_of
from bot.platforms.discord.markup import fit, markdown
from bot.platforms.discord.render import V2, message_of, messages_of, plain_message
from tools.gallery.cards import cards as cards_of_gallery
from tools.gallery.stories import SAID

KNOWLEDGE = Knowledge.load()
POST = ("POST", "/api/v10/channels/123/messages")
CALLBACK = ("POST", "/interactions/1/token/callback")
FAMILY = "👨‍👩‍👧‍👦"
HOSTILE = (
    "@everyone @here <@1> <@&2> [x](javascript:1) ``` ** # x\n- y > z ||s|| :smile: https://evil.example \u202eabc"
)


def pack(action, values):
    return (action + "?" + "&".join(f"{name}={value}" for name, value in values))[:100] or "-"


def texts(body):
    """Every text display of a message."""
    found = []
    for each in body["components"]:
        found += [each["content"]] if each["type"] == 10 else []
        found += texts(each) if "components" in each else []
    return found


words = st.text(max_size=120) | st.sampled_from(
    [HOSTILE, FAMILY * 30, "a" * 10_000, "🇩🇪" * 500, "e" + "\u0301" * 400, ""]
)
urls = (
    st.none() | st.sampled_from(["https://e.example/" + "x" * 600, "javascript:1", "https://a.example/(x) y>"]) | words
)
EDGES = (datetime(1990, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001  # the strategy adds the zone
spans = st.builds(
    Span,
    words,
    st.sampled_from(Style),
    urls,
    st.none() | st.datetimes(*EDGES, timezones=st.just(UTC)),
)
lines: st.SearchStrategy[Rich] = st.lists(spans, max_size=5).map(tuple)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
options = st.lists(st.builds(Option, words, words, words), max_size=40).map(tuple)
chosen = st.lists(words, max_size=5).map(tuple)
selects = st.builds(Select, words, words, words, options, chosen, st.integers(1, 40), pairs)
cards = st.builds(
    Card,
    title=lines,
    tone=st.sampled_from(Tone),
    language=st.sampled_from(["en", "de", "zh"]),
    marks=lines,
    lines=st.lists(lines, max_size=60).map(tuple),
    table=st.none() | st.builds(Table, st.just(("a", "b")), st.lists(st.tuples(words, words), max_size=60).map(tuple)),
    picture=st.none() | st.builds(Picture, words, st.none() | st.just(b"png"), urls),
    footer=st.lists(lines, max_size=8).map(tuple),
    buttons=st.lists(st.builds(Button, words, words, pairs, urls), max_size=40).map(tuple),
    selects=st.lists(
        st.builds(Select, words, words, words, options, chosen, st.integers(1, 40), pairs), max_size=8
    ).map(tuple),
)
fields = st.builds(
    Field, words, words, st.sampled_from(FieldKind), words, options, chosen, st.integers(1, 30), st.booleans(),
    st.none() | st.integers(0, 9000),
)  # fmt: skip
forms = st.builds(Form, words, words, st.lists(fields, min_size=1, max_size=9).map(tuple), pairs)
often = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def crowded(monkeypatch):
    """What was left out of messages. Arbitrary cards may have more controls than Discord allows."""
    found: list[str] = []
    monkeypatch.setattr(render, "tell_left_out", found.extend)
    return found


def test_where_controls_do_not_fit_buttons_come_first_and_the_rest_is_told(check, crowded):
    pairs = [(("n", str(n)),) for n in range(40)]
    card = Card(
        title=(Span("x"),),
        selects=tuple(Select("s", f"List {n}", "a", (Option("v", "V"),), values=pairs[n]) for n in range(18)),
        buttons=(Button("Save", "b"),),
    )
    (message,) = messages_of([card], pack)
    assert check(*POST, message.body) == []
    rows = [each["components"][0] for each in message.body["components"][0]["components"] if each["type"] == 1]
    assert [each.get("label") or each["placeholder"] for each in rows] == [*(f"List {n}" for n in range(18)), "Save"]
    card = dataclasses.replace(card, selects=(*card.selects, dataclasses.replace(card.selects[0], values=pairs[30])))
    (message,) = messages_of([card], pack)
    assert check(*POST, message.body) == []
    assert '"Save"' in json.dumps(message.body)
    assert crowded == ["List 0", "List 0"]


@often
@given(st.lists(cards, min_size=1, max_size=4), st.booleans(), st.sampled_from(["", "42"]))
def test_arbitrary_cards_are_requests_that_the_platform_takes(check, crowded, given_cards, private, role):
    for message in messages_of(given_cards, pack, private=private):
        assert check(*POST, message.body) == []
    message = message_of(given_cards[0], pack, key="s-1.1.2", mention=role)
    assert check(*POST, message.body) == []
    assert check(*POST, plain_message(given_cards[0], "https://e.example/a", key="k", mention=role).body) == []


@often
@given(forms)
@example(Form("t", "a", (Field("n", "l", FieldKind.ROLE, chosen=("00", "01", "9" * 40, "9" * 19, "7")),)))
def test_arbitrary_forms_are_windows_that_the_platform_takes(check, form):
    modal = modal_of(form, pack)
    if modal["components"]:
        assert [
            f for f in check(*CALLBACK, {"type": 9, "data": modal}) if "duplicate" not in f and "size 0" not in f
        ] == []


@often
@given(st.text(max_size=300), st.integers(1, 100))
@example(FAMILY * 40, 50)
@example("🇩🇪" * 60, 51)
def test_a_cut_falls_between_characters(text, limit):
    made = fit(text, limit)
    assert len(made) <= limit
    whole = list(graphemes(fit(text, 10_000)))
    assert list(graphemes(made.removesuffix("…"))) == whole[: len(list(graphemes(made.removesuffix("…"))))]


@often
@given(lines, st.integers(1, 2000))
def test_a_line_is_never_longer_than_it_may_be(line, limit):
    assert len(markdown(line, limit)) <= limit


def test_only_the_named_role_is_mentioned(check):
    message = message_of(Card(title=(Span("x"),)), pack, mention="77")
    assert message.body["allowed_mentions"] == {"parse": [], "roles": ["77"]}
    assert texts(message.body)[0] == "<@&77>"
    assert check(*POST, message.body) == []


def test_styles_links_and_moments():
    line = (
        Span("Law:", Style.BOLD),
        Span(" old ", Style.STRIKE),
        Span("new", Style.ITALIC),
        Span("a`b", Style.CODE),
        Span("text", url="https://e.example/a(b)"),
        Span("04:12 UTC", moment=datetime(2025, 7, 15, 4, 12, tzinfo=UTC)),
    )
    assert markdown(line, 500) == (
        "**Law:**\u200b ~~old~~ *new*\u200b`aˋb`[text](https://e.example/a%28b%29)<t:1752552720:t>"
    )


def test_what_does_not_fit_is_counted():
    card = Card(title=(Span("List"),), lines=tuple((Span(f"{n}: " + "x" * 200),) for n in range(50)))
    (message,) = messages_of([card], pack)
    body = texts(message.body)[1]
    kept = body.count("x" * 200)
    assert body.splitlines()[-1] == f"+{50 - kept} more lines"
    assert kept >= 15


def test_cards_that_do_not_fit_together_become_messages_in_order():
    many = [Card(title=(Span(f"Card {n}"),), lines=((Span("y" * 1400),), (Span("z" * 900),))) for n in range(3)]
    made = messages_of(many, pack)
    assert len(made) == 3
    assert ["Card 0" in json.dumps(m.body) for m in made] == [True, False, False]
    assert len(messages_of([Card(title=(Span("a"),)), Card(title=(Span("b"),))], pack)) == 1


def test_a_picture_goes_as_a_file_with_its_words_or_is_linked():
    card = Card(title=(Span("x"),), picture=Picture("H20 timeline", b"png", "https://e.example/p"))
    message = message_of(card, pack)
    assert message.files == (("picture.png", b"png"),)
    assert {"url": "attachment://picture.png"} in [
        item["media"] for c in message.body["components"][0]["components"] if c["type"] == 12 for item in c["items"]
    ]
    still = message_of(card, pack, pictures=False)
    assert still.files == ()
    assert "[H20 timeline](https://e.example/p)" in texts(still.body)


def test_a_double_button_stands_once_and_one_without_an_address_not_at_all():
    card = Card(
        title=(Span("x"),),
        buttons=(Button("a", "status"), Button("b", "status"), Button("c", url="javascript:1"), Button("", "menu")),
    )
    rows = [c for c in message_of(card, pack).body["components"][0]["components"] if c["type"] == 1]
    assert [b["label"] for row in rows for b in row["components"]] == ["a", "…"]


def test_the_plain_message_keeps_the_headline_and_the_components():
    message = plain_message(Card(title=(Span("H20 → China"),), marks=(Span("● LAW"),)), "https://e.example/a", key="k")
    assert message.body["flags"] & V2
    assert message.body["components"][0]["content"] == "● LAW H20 → China\nhttps://e.example/a"


def test_what_was_filled_in_comes_back_by_name():
    sent = [
        {"type": 18, "component": {"type": 4, "custom_id": "words", "value": "HBM"}},
        {"type": 18, "component": {"type": 3, "custom_id": "kinds", "values": ["rule", "list"]}},
        {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": "x"}]},
        "nonsense",
        {"type": 18, "component": {"custom_id": 7}},
    ]
    assert filled_in(sent) == {"words": "HBM", "kinds": ("rule", "list"), "old": "x"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_card_of_the_gallery_is_whole_and_its_buttons_are_carried(check, language):
    for title, (_, make) in cards_of_gallery(KNOWLEDGE).items():
        card = make(language)
        for message in messages_of([card], pack_custom_id):
            assert check(*POST, message.body) == [], title
        (message, *_) = messages_of([card], pack_custom_id)
        shown = [b for c in message.body["components"][0]["components"] if c["type"] == 1 for b in c["components"]]
        assert len(shown) == len(card.buttons) + len(card.selects), title
        assert "more line" not in json.dumps(message.body), title


hostile_members = st.builds(
    lambda title, outlet, url: dataclasses.replace(SAID.story.head, title=title, source_name=outlet, url=url),
    words, words, urls,
)  # fmt: skip


@often
@given(st.lists(hostile_members, min_size=1, max_size=30), st.sampled_from(["en", "de", "zh"]))
def test_arbitrary_stories_are_requests_that_the_platform_takes(check, members, language):
    story = dataclasses.replace(SAID.story, head=members[0], members=tuple(members))
    card = alert_card(dataclasses.replace(SAID, story=story), (), language)
    message = message_of(card, pack_custom_id, key="s-1.1.1")
    assert check(*POST, message.body) == []
    assert message.body["allowed_mentions"] == {"parse": []}


@often
@given(
    st.sampled_from(list(KNOWLEDGE.chips)),
    st.sampled_from(list(KNOWLEDGE.countries)),
    st.dates(date(2022, 8, 1), date(2026, 11, 1)),
    st.sampled_from(["en", "de", "zh"]),
)
def test_any_status_is_a_request_that_the_platform_takes(check, chip, place, day, language):
    card = status_card(KNOWLEDGE.status(chip, place, day), language, today=date(2026, 11, 25))
    for message in messages_of([card], pack_custom_id, private=True):
        assert check(*POST, message.body) == []

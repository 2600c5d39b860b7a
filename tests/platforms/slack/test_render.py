"""Cards in Block Kit: valid whatever they hold, the words of strangers dead, the facts still there."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards.card import Button, Card, Field, FieldKind, Form, Option, Picture, Select, Table, Tone
from bot.locale.rich import Span, Style
from bot.platforms.slack.call import Call, packed, unpacked
from bot.platforms.slack.modal import filled, showing, view
from bot.platforms.slack.mrkdwn import escape, length, mrkdwn, plain_text, unescape
from bot.platforms.slack.render import bare, blocks, message

HOSTILE = "<!channel> <@U1> <https://evil.example|bank> & <b>"
ESCAPED = "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|bank&gt; &amp; &lt;b&gt;"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

edges = st.builds(
    lambda char, limit, more: char * ((limit + more) // len(escape(char))),
    st.sampled_from(["x", "&", FAMILY]), st.sampled_from([24, 75, 150, 240, 2000, 3000]), st.integers(-9, 25),
)  # fmt: skip
words = st.one_of(
    edges,
    st.text(max_size=80),
    st.sampled_from(
        [HOSTILE, "*bold* _i_ ~s~ `c` :tada:", "> quoted", FAMILY * 30, "&" * 900, "x" * 4000, "\ud800", " ", ""]
    ),
    st.text(alphabet="&<>", max_size=3500),
)
moments = st.none() | st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
urls = st.none() | st.sampled_from(["https://e.example/?a=1&b=<2>|3", "javascript:1", "http://x.example/" + "y" * 5000])
spans = st.builds(Span, words, st.sampled_from(Style), urls, moments)
lines = st.lists(spans, max_size=4).map(tuple)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
buttons = st.builds(Button, words, words, pairs, urls, st.booleans())
option = st.builds(Option, words, words, words)
selects = st.builds(
    Select, words, words, words, st.lists(option, max_size=120).map(tuple), st.lists(words, max_size=3).map(tuple),
    st.integers(1, 5), pairs,
)  # fmt: skip
tables = st.none() | st.builds(
    Table,
    st.lists(words, max_size=23).map(tuple),
    st.lists(st.lists(words, max_size=6).map(tuple), max_size=8).map(tuple),
)
cards = st.builds(
    Card,
    title=lines,
    tone=st.sampled_from(Tone),
    language=st.sampled_from(["en", "de", "zh"]),
    marks=lines,
    lines=st.lists(lines, max_size=70).map(tuple),
    table=tables,
    picture=st.none() | st.builds(Picture, words, st.none(), urls),
    footer=st.lists(lines, max_size=14).map(tuple),
    buttons=st.lists(buttons, max_size=30).map(tuple),
    selects=st.lists(selects, max_size=3).map(tuple),
)
kinds = st.sampled_from(FieldKind)
fields = st.builds(
    Field, st.text(min_size=1, max_size=20), words, kinds, words, st.lists(option, max_size=5).map(tuple),
    st.lists(words, max_size=2).map(tuple), st.integers(1, 3), st.booleans(),
)  # fmt: skip
forms = st.builds(
    Form, words, words, st.lists(fields, min_size=1, max_size=5, unique_by=lambda f: f.name).map(tuple), pairs, words
)
ARBITRARY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def texts(payload: Any) -> list[str]:
    """Every string of a payload."""
    if isinstance(payload, dict):
        return [text for value in payload.values() for text in texts(value)]
    if isinstance(payload, list):
        return [text for value in payload for text in texts(value)]
    return [payload] if isinstance(payload, str) else []


@ARBITRARY
@given(cards, st.sampled_from(["", "S0AB", "here", "U1", "<!x>"]))
def test_every_card_is_a_valid_message(check, card, mention):
    made = message(card, mention=mention)
    assert check(made) == []
    assert made["text"].strip()
    assert (made["unfurl_links"], made["unfurl_media"]) == (False, False)
    json.dumps(made).encode("utf-8")
    assert sum(length(text) for text in texts(made["blocks"])) < 40_000
    assert check(bare(card)) == []


@ARBITRARY
@given(cards)
def test_every_card_fits_into_a_view(check, card):
    made = list(blocks(card, table=False))
    assert check({"type": "home", "blocks": made}) == []
    assert [finding for finding in check(showing((card, card), "en")) if "private_metadata" not in finding] == []


@ARBITRARY
@given(forms)
def test_every_form_is_a_valid_window(check, form):
    findings = [f for f in check(view(form, "T1 C1")) if "initial_conversation" not in f]
    assert findings == []


def words_of(made: dict[str, Any]) -> str:
    return "\n".join(texts(made))


@pytest.mark.parametrize("size", [149, 150, 151, 180, 2999, 3001])
@pytest.mark.parametrize("char", ["x", "&", FAMILY])
def test_titles_at_the_limits(check, size, char):
    assert check(message(Card((Span(char * (size // len(escape(char)))),)))) == []


def test_styles_links_and_moments_are_slacks_own():
    at = datetime(2025, 7, 15, 4, 12, tzinfo=UTC)
    line = (
        Span("Law:", Style.BOLD), Span(" unchanged "), Span("old", Style.STRIKE), Span(" see "),
        Span("the|act", url="https://e.example/?a=1&b=|"), Span(" at "), Span("04:12 UTC", moment=at),
        Span(" or "), Span("15 Jul, 04:12 UTC", moment=at),
    )  # fmt: skip
    assert mrkdwn(line).replace("\u200b", "") == (
        "*Law:* unchanged ~old~ see <https://e.example/?a=1&amp;b=%7C|the¦act> at "
        f"<!date^{int(at.timestamp())}^{{time}}|04:12 UTC> or "
        f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|15 Jul, 04:12 UTC>"
    )


@pytest.mark.parametrize("text", ["&" * 5000, FAMILY * 3000, "é" * 9000, "a&" * 3000, "中<" * 3000])
def test_a_text_is_cut_before_it_is_escaped_and_between_characters(text):
    for limit in (24, 75, 150, 3000):
        cut = plain_text(text, limit)
        assert length(cut) <= limit
        assert cut.endswith("…")
        kept = unescape(cut.removesuffix("…"))
        assert text.startswith(kept)
        assert escape(kept) == cut.removesuffix("…")
        assert not kept.endswith("\u200d")
        assert length(mrkdwn((Span(text),), limit)) <= limit


def test_what_does_not_fit_is_counted():
    card = Card((Span("t"),), lines=tuple((Span("x" * 400),) for _ in range(60)))
    made = message(card)
    shown = sum(block["text"]["text"].count("\n") + 1 for block in made["blocks"] if block["type"] == "section")
    assert f"and {60 - shown} more" in words_of(made)
    assert 15 < shown < 60


def test_an_address_that_slack_refuses_makes_no_button_and_no_link():
    card = Card(
        (Span("t"),), lines=((Span("here", url="javascript:1"),),),
        buttons=(Button("a", url="javascript:1"), Button("b", url="https://e/" + "x" * 3000), Button("c", "do")),
    )  # fmt: skip
    made = message(card)
    assert [e["text"]["text"] for b in made["blocks"] if b["type"] == "actions" for e in b["elements"]] == ["c"]
    assert "javascript" not in words_of(made)


@given(st.text(min_size=1, max_size=50), pairs, st.text(max_size=20))
def test_a_call_comes_back_as_it_was(action, values, name):
    text = packed(Call(action, values, name))
    assert text is None or unpacked(text) == Call(action, values, name)


@pytest.mark.parametrize(
    "text", [None, "", "x", "[]", "[1]", '["a",1]', '["a",["b"]]', '{"a":1}', "[" * 1900, "9" * 2001]
)
def test_what_is_no_call_is_none(text):
    assert unpacked(text) is None


def test_what_was_filled_in_is_read_by_field():
    state = {
        "values": {
            "a": {"value": {"type": "plain_text_input", "value": "x &lt; y"}},
            "b": {"value": {"type": "static_select", "selected_option": {"value": "1"}}},
            "c": {"value": {"type": "multi_static_select", "selected_options": [{"value": "1"}, {"value": "2"}]}},
            "d": {"value": {"type": "plain_text_input", "value": None}},
            "e": {"value": {"type": "conversations_select", "selected_conversation": "C1"}},
        }
    }
    assert filled(state) == {"a": "x < y", "b": "1", "c": ("1", "2"), "e": "C1"}

"""What strangers write into Slack is read as typed: it calls nobody, formats nothing and is escaped once."""

import pytest

from bot.cards.card import Button, Card, Field, FieldKind, Form, Option, Picture, Select, Table
from bot.locale.rich import Span, Style
from bot.platforms.slack.modal import view
from bot.platforms.slack.mrkdwn import mrkdwn, plain_text, safe_link, unescape
from bot.platforms.slack.render import bare, message
from tests.platforms.slack.test_render import ESCAPED, HOSTILE, words_of


def test_words_of_strangers_are_dead_everywhere_and_escaped_once():
    card = Card(
        title=(Span(HOSTILE),), marks=(Span(HOSTILE, Style.BOLD),), lines=((Span(HOSTILE, url="https://ok.example/"),),),
        table=Table((HOSTILE,), ((HOSTILE,),)), picture=Picture(HOSTILE, url="https://ok.example/p.png"),
        footer=((Span(HOSTILE),),), buttons=(Button(HOSTILE, "x"),),
        selects=(Select("s", HOSTILE, "a", (Option("v", HOSTILE, HOSTILE),)),),
    )  # fmt: skip
    form = Form(
        HOSTILE,
        "a",
        (
            Field("t", HOSTILE, chosen=(HOSTILE,), help=HOSTILE),
            Field("l", HOSTILE, FieldKind.LONG_TEXT, chosen=(HOSTILE,)),
        ),
    )
    for made in (message(card), bare(card), view(form)):
        said = words_of(made)
        assert "<!channel>" not in said
        assert "<@U1>" not in said
        assert "&amp;amp;" not in said
        assert "&amp;lt;" not in said
    assert ESCAPED in message(card)["text"]
    assert view(form)["blocks"][0]["element"]["initial_value"] == ESCAPED
    assert unescape(ESCAPED) == HOSTILE


def test_no_mark_of_a_stranger_formats_anything():
    made = mrkdwn((Span("*a* _b_ ~c~ `d` :tada: 10:30:00"),))
    assert "*a*" in made.replace("\u200b", "")
    for dead in ("*a*", "_b_", "~c~", "`d`", ":tada:"):
        assert dead not in made
    assert not mrkdwn((Span("> quoted"),)).startswith("&gt;")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "slack://open",
        "https://a.example/\u202egpj",
        "https://a.example/\n<!here>",
    ],
)
def test_a_link_that_is_none_of_the_web_is_no_link(url):
    assert safe_link(url) is None
    assert "<" not in mrkdwn((Span("words", url=url),))


@pytest.mark.parametrize("end", ["|", ">", "|<!here>", '"', " "])
def test_no_sign_in_an_address_ends_its_link(end):
    made = mrkdwn((Span("words", url=f"https://a.example/x{end}y"),))
    assert made.count("<") == made.count(">") == made.count("|") == 1


@pytest.mark.parametrize("obeyed", ["\u202e", "\u2066", "\u200e", "\x1b[31m", "\x00", "\r\n", "\x85"])
def test_what_turns_or_breaks_a_line_is_dropped(obeyed):
    for made in (mrkdwn((Span(f"a{obeyed}b"),)), plain_text(f"a{obeyed}b", 50)):
        assert not set(made) & set("\u202e\u2066\u200e\x1b\x00\r\n\x85")


def test_a_name_in_a_date_ends_no_date():
    from datetime import UTC, datetime

    made = mrkdwn((Span("04:12|<!channel>", moment=datetime(2025, 7, 15, tzinfo=UTC)),))
    assert "<!channel>" not in made
    assert made.count("|") == 1

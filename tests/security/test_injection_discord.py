"""What strangers write into Discord is read as typed: it mentions nobody, formats nothing and leads nowhere."""

import pytest

from bot.cards.card import Button, Card, Span
from bot.commands.custom_id import pack, unpack
from bot.platforms.discord.markup import address, markdown
from bot.platforms.discord.render import message_of
from tests.platforms.discord.test_render import HOSTILE


def shown(written):
    """What a reader sees of escaped words: a backslash before a mark goes."""
    out, at = [], 0
    while at < len(written):
        if written[at] == "\\":
            at += 1
        out.append(written[at])
        at += 1
    return "".join(out)


def test_hostile_words_read_as_typed_and_mention_nobody():
    card = Card(title=(Span(HOSTILE),), lines=((Span(HOSTILE),),), marks=(Span(HOSTILE),))
    message = message_of(card, pack)
    assert message.body["allowed_mentions"] == {"parse": []}
    written = markdown((Span(HOSTILE),), 1000)
    assert shown(written) == " ".join(HOSTILE.replace("\u202e", "").split())
    for mark in ("@everyone", "<@", "](", "```", "**", "||", "https:/"):
        assert mark not in written.replace("\\" + mark[0], "")


@pytest.mark.parametrize("start", ["# a", "- a", "+ a", "12. a", "> a", "-# a"])
def test_a_line_begins_no_heading_list_or_quotation(start):
    assert markdown((Span(start),), 100) != start
    assert shown(markdown((Span(start),), 100)) == start


def test_addresses_of_the_web_only():
    assert address("javascript:alert(1)") is None
    assert address("https://") is None
    assert address("https://e.example/" + "x" * 600) is None
    assert address("https://e.example/ä b>") == "https://e.example/%C3%A4%20b%3E"
    assert address("https://e.example/%20") == "https://e.example/%20"


@pytest.mark.parametrize("obeyed", ["\u202e", "\u2066", "\u200e", "\u200b", "\x1b[31m", "\x00", "\r\n", "\U000e0041"])
def test_what_is_not_seen_is_dropped(obeyed):
    written = markdown((Span(f"every{obeyed}one"),), 100)
    assert not set(written) & set("\u202e\u2066\u200e\u200b\x1b\x00\r\n\U000e0041")


def test_no_sign_in_an_address_ends_its_masked_link():
    written = markdown(
        (Span("law](https://evil.example) x", url="https://ok.example/a)[b](https://evil.example/"),), 500
    )
    assert written.replace("\\]", "").count("](") == 1
    assert written.endswith("https://ok.example/a%29%5Bb%5D%28https://evil.example/)")


def test_a_button_s_id_carries_values_and_no_further_action():
    values = {"chip": "H20?x#cw:chipwatch-admin.source&do=remove", "destination": "CN"}
    assert unpack(pack("chip.status", values)) == ("chip.status", values)


@pytest.mark.parametrize(
    "forged", ["cw:chipwatch-admin.source?do=remove", "cw:chip.status?chip=H20#000000", "x", "#", "cw:#"]
)
def test_an_id_that_nobody_packed_is_no_action(forged):
    assert unpack(forged) is None


def test_a_button_s_label_mentions_nobody():
    body = message_of(Card(title=(Span("x"),), buttons=(Button("@everyone", "chip.help"),)), pack).body
    assert body["allowed_mentions"] == {"parse": []}

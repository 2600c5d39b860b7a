"""The same alert and the same status say the same on Discord and on Slack: words, figures, times and addresses."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.cards.card import Card
from bot.commands.custom_id import pack
from bot.knowledge.library import Knowledge
from bot.platforms.discord.render import message_of
from bot.platforms.slack.mrkdwn import unescape
from bot.platforms.slack.render import message
from tools.gallery.cards import cards

NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def strings(payload: Any) -> list[str]:
    """What a payload shows: the texts of its blocks or components, without its ids and values."""
    if isinstance(payload, dict):
        shown = {
            k: v
            for k, v in payload.items()
            if k not in ("custom_id", "action_id", "block_id", "value", "type", "nonce")
        }
        return [text for value in shown.values() for text in strings(value)]
    if isinstance(payload, list):
        return [text for value in payload for text in strings(value)]
    return [payload] if isinstance(payload, str) else []


def on_slack(card: Card) -> str:
    return unescape("\n".join(strings(message(card)["blocks"]))).replace("\u200b", "")


def on_discord(card: Card) -> str:
    body = message_of(card, pack).body
    return re.sub(r"\\([^\w\s])", r"\1", "\n".join(strings(body["components"])))


def moments(text: str) -> set[int]:
    """Points in time as either platform writes them for its readers."""
    return {int(found) for found in re.findall(r"<!date\^(\d+)\^|<t:(\d+)", text) for found in found if found}


def figures(text: str) -> set[str]:
    """Every number that is shown as one; times, colours and addresses are looked at by themselves."""
    bare = re.sub(r"<!date\^[^>]*>|<t:[^>]*>|https?://[^\s)|>\]]+|[a-z]+:\d+(?=\n)", " ", text)
    return set(NUMBER.findall(bare))


def links(text: str) -> set[str]:
    return {found.rstrip("/") for found in re.findall(r"https?://[^\s)|>\]]+", text)}


KNOWN = Knowledge.load()
CARDS = cards(KNOWN)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("title", list(CARDS))
def test_both_platforms_carry_the_same_facts(title, language):
    _, make = CARDS[title]
    card = make(language)
    slack, discord = on_slack(card), on_discord(card)
    if card.table is None:  # a table's cells are cut to their columns on Discord
        assert figures(slack) == figures(discord)
    assert links(slack) == links(discord)
    assert moments(slack) == moments(discord)
    for line in (card.title, *card.lines, *card.footer):
        for span in line:
            words = " ".join(span.text.split())
            if span.moment is None and len(words) > 3:
                assert words in " ".join(slack.split()), f"{words!r} is not on Slack"
                assert words in " ".join(discord.split()), f"{words!r} is not on Discord"


def test_a_difference_would_be_seen():
    assert figures("TPP 15,832 on <t:1752552720:t>") == {"15,832"}
    assert moments("<t:1752552720:t>") == moments("<!date^1752552720^{time}|04:12 UTC>") == {1752552720}
    assert date(2025, 7, 15) == datetime.fromtimestamp(1752552720, UTC).date()
    assert json.dumps(strings({"text": "a", "custom_id": "b"})) == '["a"]'

"""The gallery shows what the code says today, and its page and pictures belong together."""

import re
import struct
from pathlib import Path

import pytest

from bot.cards.charts.painter import paint_now
from bot.knowledge.library import Knowledge
from tools.gallery import discord, slack
from tools.gallery.__main__ import described
from tools.gallery.cards import COLUMNS, cards, text_of
from tools.gallery.pictures import pictures

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURE = re.compile(r"!\[([^\]]+)\]\((gallery/[\w.-]+\.png)\)")


@pytest.fixture(scope="module")
def known():
    return Knowledge.load()


@pytest.fixture(scope="module")
def page():
    return (DOCS / "gallery.md").read_text(encoding="utf-8")


def test_every_picture_on_the_page_is_there_and_every_one_there_is_on_the_page(page, known):
    named = {name for _, name in PICTURE.findall(page)}
    assert named == {f"gallery/{file.name}" for file in (DOCS / "gallery").iterdir()}
    drawn = {f"gallery/{name}.{lang}.png" for name, shown in pictures(known).items() for lang in shown.languages}
    photographed = {f"gallery/slack-{name}.{language}.png" for name, language, _ in slack.pages(known)}
    photographed |= {f"gallery/discord-{name}.{language}.png" for name, language, _ in discord.pages(known)}
    assert named == drawn | photographed


def test_the_pictures_are_small_enough_to_be_kept(known):
    files = list((DOCS / "gallery").glob("*.png"))
    assert sum(file.stat().st_size for file in files) < 8_000_000
    for file in files:
        width, height = struct.unpack(">II", file.read_bytes()[16:24])
        assert 900 <= width <= 1000, file.name
        assert height <= 2 * 1000, f"{file.name}: longer than two screens of a phone"


def test_the_page_says_what_the_cards_say_today(page, known):
    stale = [
        f"{title} ({language})"
        for title, (op, card) in cards(known).items()
        for language in ("en", "de")
        if f"```text\n{text_of(card(language), op)}\n```" not in page
    ]
    assert stale == [], "run `make docs`"


def test_the_page_describes_the_pictures_of_today(page, known):
    told = {name: alt for alt, name in PICTURE.findall(page)}
    for name, shown in pictures(known).items():
        for language in shown.languages:
            assert told[f"gallery/{name}.{language}.png"] == described(shown.draw(language)["description"])


def test_a_card_is_as_wide_as_the_page_and_holds_no_colour_codes(known):
    op, card = cards(known)["Error"]
    lines = text_of(card("en"), op).splitlines()
    assert {len(line) for line in lines} == {COLUMNS}
    assert "\x1b" not in "".join(lines)


def test_a_picture_can_be_drawn(known):
    assert paint_now(pictures(known)["clocks-h20"].draw("de")).startswith(b"\x89PNG")

"""Cards in a terminal: every line in its frame, in every script; nothing of a stranger's text is obeyed."""

import io
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console as Terminal

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Button, Card, Picture, Span, Style, Table, Tone
from bot.cards.cutting import graphemes
from bot.cards.tables import SourceHealth, sources_card
from bot.locale.catalogue import LANGUAGES
from bot.model import Health, Op
from bot.platforms.console.render import print_card
from bot.platforms.console.wrapping import breaks
from tests.cards.stories import BOTH_LAW, FIRST, H20_LAW, THIRD, revision

SGR = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def shown(card: Card, width: int = 80, op: Op = Op.POST, colours: bool = False) -> str:
    out = io.StringIO()
    terminal = Terminal(file=out, width=width, force_terminal=colours, color_system="truecolor" if colours else None)
    print_card(card, op, terminal)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [30, 48, 80, 100, 200])
def test_every_line_has_the_same_width(language: str, width: int) -> None:
    for card in (alert_card(revision(FIRST), (H20_LAW,), language), reply_card(revision(THIRD), BOTH_LAW, language)):
        widths = {cell_len(line) for line in shown(card, width).splitlines()}
        assert widths == {min(width, 100)}


def test_chinese_lines_break_between_characters_and_never_before_a_stop() -> None:
    text = "马来西亚要求在离境前三十天申报，并取得许可。" * 4
    begins = [0, *breaks(text, 20), len(text)]
    lines = [text[a:b] for a, b in itertools.pairwise(begins)]
    assert all(cell_len(line) <= 20 for line in lines)
    assert all(cell_len(line) >= 16 for line in lines[:-1])
    assert not [line for line in lines if line[0] in "，。"]


def test_words_break_at_spaces_and_long_ones_at_the_edge() -> None:
    assert breaks("one two three", 8) == [8]
    assert breaks("abcdefghij", 4) == [4, 8]
    assert breaks("", 5) == breaks("short", 5) == []


@given(st.text(st.sampled_from("ab 中文，。é\u0301🇩🇪👍🏽"), max_size=80), st.integers(4, 30))
def test_no_line_is_wider_than_asked_and_no_character_is_broken(text: str, width: int) -> None:
    found = breaks(text, width)
    borders = {0}
    for cluster in graphemes(text):
        borders.add(max(borders) + len(cluster))
    assert found == sorted(set(found))
    assert set(found) <= borders
    begins = [0, *found, len(text)]
    for a, b in itertools.pairwise(begins):
        assert sum(cell_len(cluster) for cluster in graphemes(text[a:b].rstrip())) <= width


def test_source_text_is_no_markup_and_no_command_to_the_terminal() -> None:
    evil = "[bold red]x[/] :smile: \x1b[31m\x9b31m\x07\x1b]8;;https://evil.example\x1b\\ \u202eback"
    card = Card(
        title=(Span(evil),),
        tone=Tone.RUMOUR,
        lines=((Span(evil, Style.CODE, url="https://a.example/\x1b[2J"),),),
        table=Table((evil,), ((evil,),)),
        picture=Picture(evil),
        footer=((Span(evil),),),
        buttons=(Button(evil),),
    )
    plain_view = shown(card, 100)
    assert "[bold red]x[/] :smile:" in plain_view
    assert not set(plain_view) & set("\x1b\x9b\x07\u202e")
    left = SGR.sub("", shown(card, 100, colours=True))
    assert not set(left) & set("\x1b\x9b\x07\u202e")
    assert "evil.example\x1b" not in shown(card, 100, colours=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(20, 120))
def test_any_text_stays_in_its_frame(text: str, width: int) -> None:
    card = Card(title=(Span("t"),), lines=((Span(text),),), buttons=(Button(text),))
    assert not {c for c in shown(card, width) if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f"}


def test_a_colour_is_never_alone() -> None:
    card = alert_card(revision(FIRST), (H20_LAW,), "en")
    assert "\x1b[" in shown(card, colours=True)
    assert "◐ SAID, NOT LAW" in shown(card)


def test_tables_links_and_pictures() -> None:
    table = shown(sources_card([SourceHealth("来源甲", Health.FAILING, None, "timeout")], "zh"), 60)
    assert "来源甲" in table
    assert {cell_len(line) for line in table.splitlines()} == {60}
    card = Card(
        title=(Span("t"),), picture=Picture("a map of limits"), lines=((Span("x", url="https://e.example/1"),),)
    )
    assert "Picture: a map of limits" in shown(card)
    assert "https://e.example/1" in shown(card, colours=True)


def test_a_reply_says_that_it_is_one() -> None:
    assert "Antwort" in shown(reply_card(revision(THIRD), BOTH_LAW, "de"), op=Op.REPLY).splitlines()[0]


def test_a_terminal_that_knows_ascii_only_gets_question_marks_and_no_crash() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    print_card(alert_card(revision(FIRST), (H20_LAW,), "zh"), terminal=Terminal(file=file, width=80))
    file.flush()
    assert b"H20" in raw.getvalue()
    assert b"?" in raw.getvalue()

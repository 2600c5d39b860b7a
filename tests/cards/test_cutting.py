"""A cut never falls inside what a reader takes for one character; what is not text never gets through."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import Span, Style, plain
from bot.cards.cutting import LONGEST_CLUSTER, clean, count, cut, cut_rich, graphemes
from tests.liveness import lively

FAMILY = "👨‍👩‍👧‍👦"
CLUSTERS = [
    "a",
    "é",
    "e\u0301",
    "\u1100\u1161\u11a8",
    "각",
    "각\u11a8"[:1] + "\u11a8",
    "🇩🇪",
    "👍🏽",
    FAMILY,
    "❤️",
    "1️⃣",
    "नि",
    "क्षि",
    "กำ",
    "ﾊﾞ"[:1] + "\uff9e",
    "中",
    "🏳️‍🌈",
]


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_one_character_is_one(cluster: str) -> None:
    assert list(graphemes(cluster)) == [cluster]
    assert cut(cluster * 5, 3) in (cluster * 2 + "…", cluster * 2 + "…")


def test_neighbours_are_two() -> None:
    assert list(graphemes("🇩🇪🇫🇷🇨")) == ["🇩🇪", "🇫🇷", "🇨"]
    assert list(graphemes("각나")) == ["각", "나"]
    assert list(graphemes("a\r\nb")) == ["a", "\r\n", "b"]
    assert list(graphemes("中文")) == ["中", "文"]


@given(st.text(alphabet=st.sampled_from("".join(CLUSTERS) + "ab \n\u200d\u0301"), max_size=80))
def test_the_clusters_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(st.text(max_size=120), st.integers(0, 30))
def test_a_cut_is_a_beginning_of_the_text_and_no_longer_than_asked(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert count(found) <= limit
    if all(len(cluster) <= LONGEST_CLUSTER for cluster in graphemes(text)):
        assert text.startswith(found.removesuffix("…")) or found == ""
        assert found == text or count(text) > limit


@given(st.text(max_size=200), st.integers(1, 60))
def test_cleaned_text_is_one_visible_line(text: str, limit: int) -> None:
    found = clean(text, limit)
    assert count(found) <= limit
    assert "  " not in found
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff")


def test_what_is_cleaned_away() -> None:
    assert clean("\x1b[31mred\x1b[0m\u202eevil\u200b  and\n\tmore", 80) == "[31mred[0mevil and more"
    assert clean("a\ud800b", 80) == "a\ufffdb"
    assert clean("ab\u00adcd", 80) == "abcd"
    assert clean("全角\u3000空白", 80) == "全角 空白"


def test_a_tower_of_accents_is_cut_down() -> None:
    assert len(clean("Z" + "\u0301" * 5000 + "end", 10)) <= LONGEST_CLUSTER + 10


def test_a_huge_text_costs_no_more_than_what_is_kept() -> None:
    huge = "e\u0301" * 5_000_000
    with lively(0.05):
        assert count(clean(huge, 200)) == 200


def test_a_styled_line_is_cut_in_the_span_that_crosses_the_limit() -> None:
    line = (Span("one two ", Style.BOLD), Span("three four", url="https://example.org"), Span("five"))
    assert cut_rich(line, 40) is line
    found = cut_rich(line, 14)
    assert plain(found) == "one two three…"
    assert found[1].url == "https://example.org"
    assert plain(cut_rich((Span("12345678"), Span("9")), 8)) == "1234567…"

"""Strangers' markup made plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.plain_text import (
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    cut,
    looks_like_markup,
    once_encoded,
    summary_of,
    text_of_markup,
    title_of,
)
from tests.liveness import lively


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br/>Two<br>Three", "One\nTwo\nThree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<tr><td>a</td><td>b</td></tr>", "a b"),
        ("in<b>si</b>de", "inside"),
        ("A &amp; B &lt;b&gt; &#8217; &nbsp; C", "A & B <b> ’ C"),
        ("&amp;amp;", "&amp;"),
        ("?a=1&lang=en&copy=2", "?a=1&lang=en&copy=2"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("<SCRIPT>alert(1)</sCript >x", "x"),
        ("<script>never closed", ""),
        ("a<!-- hidden -->b<!-- open", "ab"),
        ("<![CDATA[x]]> y", "y"),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
        ('<img alt="a > b" src=x>end', 'b" src=x>end'),
        ('cut <a href="http://x', "cut"),
        ("<o:p>Office</o:p>", "Office"),
        ("<p onclick='x'>a</p >b", "a\nb"),
        ("a\u202eb\u0007c", "abc"),
        ("", ""),
    ],
)
def test_markup_to_text(markup: str, text: str) -> None:
    assert text_of_markup(markup) == text


@pytest.mark.parametrize(
    ("text", "is_markup"),
    [
        ("<b>bold</b>", True),
        ("line<br>line", True),
        ("AT&amp;T", True),
        ("R&D & chips", False),
        ("a < b", False),
        ("List<String> in Java", False),
        ("Use the <b> tag", False),
    ],
)
def test_what_looks_like_markup(text: str, is_markup: bool) -> None:
    assert looks_like_markup(text) is is_markup


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("KÃ¤ltewelle", "Kältewelle"),
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("Ð\xa0Ð¾Ñ\x81Ñ\x81Ð¸Ñ\x8f", "Россия"),
        ("Kältewelle in Österreich", "Kältewelle in Österreich"),
        ("«CAFÉ»", "«CAFÉ»"),
        ("50 µm für 3 €", "50 µm für 3 €"),
        ("芯片", "芯片"),
    ],
)
def test_what_was_encoded_twice_is_read_once_more(text: str, meant: str) -> None:
    assert once_encoded(text) == meant


def test_a_summary_ends_with_a_sentence() -> None:
    text = "The bureau revises its controls on chips. " * 40
    summary = summary_of(text, markup=False)
    assert 300 <= len(summary) <= SUMMARY_LIMIT
    assert summary.endswith("chips.")


def test_a_summary_in_chinese_ends_with_a_sentence() -> None:
    assert summary_of("商务部公布了新的出口规则。" * 100, markup=False).endswith("。")


def test_without_a_sentence_whole_words_are_kept() -> None:
    cut_text = cut("word " * 400, 600, 300)
    assert cut_text.endswith("word…")
    assert len(cut_text) <= 600


def test_without_a_blank_no_sign_is_torn_from_its_marks() -> None:
    text = "a" * (TITLE_LIMIT - 4) + "👩\u200d🔬" * 10
    title = title_of(text, markup=False)
    assert title == "a" * (TITLE_LIMIT - 4) + "…" or "\u200d…" not in title
    assert len(title) <= TITLE_LIMIT


@pytest.mark.parametrize(
    "hostile",
    [
        "<a " * 300_000,
        "<!--" * 300_000,
        '<a "' * 300_000,
        "<script>" * 200_000,
        "&#" * 400_000,
        "&a" * 400_000,
        "Ã¤" * 400_000,
    ],
)
def test_hostile_markup_costs_no_more_than_its_length(hostile: str) -> None:
    with lively(0.1):
        for made in (title_of, summary_of):
            made(hostile, markup=True)
            made(hostile, markup=False)
        looks_like_markup(hostile)


@given(st.text(alphabet="<>/!-pab&;#\"' ﬁ\x00\u202e\ud800bscript", max_size=400))
@settings(max_examples=600, deadline=None)
def test_anything_becomes_text_without_control_characters(text: str) -> None:
    for made in (title_of, summary_of):
        for markup in (True, False):
            plain = made(text, markup=markup)
            assert not any(sign in plain for sign in "\x00\u202e\r\ud800")
    assert "\n" not in title_of(text, markup=True)

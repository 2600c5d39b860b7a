"""Messages: markup is the catalogue's alone, values are words and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale.catalogue import catalogue
from bot.locale.message import fill, message_of, names_of
from bot.locale.rich import Rich, Span, Style, plain


def said(raw: str, **values: object) -> Rich:
    return fill(message_of(raw), values, catalogue("en").form.write)


def test_each_mark_is_a_style() -> None:
    assert said("a **b** *c* ~~d~~ `e`") == (
        Span("a "),
        Span("b", Style.BOLD),
        Span(" "),
        Span("c", Style.ITALIC),
        Span(" "),
        Span("d", Style.STRIKE),
        Span(" "),
        Span("e", Style.CODE),
    )


def test_a_backslash_takes_a_mark_its_meaning() -> None:
    assert said(r"2 \* 3 \{x\}") == (Span("2 * 3 {x}"),)


def test_a_value_takes_the_style_of_its_place() -> None:
    assert said("**{what} now**", what="law") == (Span("law now", Style.BOLD),)


def test_a_styled_value_keeps_its_links_and_styles() -> None:
    link = Span("text", url="https://example.org")
    assert said("**see {it}**", it=(link, Span("!", Style.CODE))) == (
        Span("see ", Style.BOLD),
        Span("text", Style.BOLD, "https://example.org"),
        Span("!", Style.CODE),
    )


@given(st.text())
def test_no_value_is_ever_read_as_markup(value: str) -> None:
    assert plain(said("**{a}** and {a}", a=value)) == f"{value} and {value}"
    assert {span.style for span in said("{a}", a=value)} <= {Style.PLAIN}


@pytest.mark.parametrize("empty", ["", None, (), []])
def test_an_option_goes_when_a_value_in_it_is_empty(empty: object) -> None:
    assert plain(said("a[[ and {b}]].", b=empty)) == "a."
    assert plain(said("a[[ and {b}]].", b="c")) == "a and c."
    assert plain(said("a[[ and {b}]].", b=0)) == "a and 0."


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        said("{a} {b}", a=1)


@pytest.mark.parametrize("raw", ["**a", "a]]", "[[a", "[[a [[b]] c]]", "**a *b* c**", "~~a"])
def test_broken_markup_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"markup|option|styles"):
        message_of(raw)


def test_the_names_of_a_message_are_those_in_its_options_too() -> None:
    assert names_of(message_of("{a} [[{b:date}]]")) == {"a", "b"}

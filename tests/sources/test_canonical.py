"""One form of a link for all the ways in which a page is linked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.canonical import canonical_link
from tests.liveness import lively

PAGE = "agency.example/a/b"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://agency.example/a/b",
        "http://agency.example/a/b",
        "HTTPS://Agency.Example/a/b",
        "https://www.agency.example/a/b/",
        "https://agency.example:443/a/b",
        "http://agency.example:80/a/b#top",
        "https://agency.example./a/b",
        "https://user@agency.example/a/b",
        "https://agency.example/a/b?utm_source=rss&utm_medium=feed",
        "https://agency.example/a/b?fbclid=1&gclid=2&at_medium=RSS&at_campaign=x",
        "https://agency.example/a/b?",
        "https://agency.example/%61/b",
        " https://agency.example/a/b\n",
    ],
)
def test_spellings_of_one_page(spelling: str) -> None:
    assert canonical_link(spelling) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?b=2&a=1", "http://www.a.example/x?a=1&b=2&utm_id=9"),
        ("https://a.example/%C3%BCber", "https://a.example/über"),
        ("https://a.example/%c3%bcber", "https://a.example/%C3%BCber"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/x?q=", "https://a.example/x?q"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%f%44f", "https://a.example/%25fDf"),
        ("https://a.example/x?b\x1f&a", "https://a.example/x?a&b%1f"),
    ],
)
def test_equal_pages(one: str, other: str) -> None:
    assert canonical_link(one) == canonical_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x%2Fy", "https://a.example/x/y"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://a.example/x?tag=a&tag=b", "https://a.example/x?tag=b&tag=a"),
        ("https://a.example/x?utm=1", "https://a.example/x"),
    ],
)
def test_different_pages(one: str, other: str) -> None:
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "urn:uuid:1",
        "mailto:a@b.example",
        "http://[",
        "http://",
        "no link at all",
        "//x/y",
        "https://a\x1e.example/",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert canonical_link(text) == text


@given(st.text(max_size=60) | st.text(alphabet="htps:/w.a%20?&=#[]@é", max_size=60).map("https://a.example/".__add__))
@settings(max_examples=1000, deadline=None)
def test_nothing_fails_and_twice_is_once(text: str) -> None:
    once = canonical_link(text)
    if once.startswith("a.example/"):
        assert canonical_link(f"https://{once}") == once


def test_a_long_link_costs_no_more_than_its_length() -> None:
    with lively(0.2):
        for part in ("/a", "%", "&utm_x", "&a=1", "-", "."):
            canonical_link("https://a.example" + part * 300_000)


@pytest.mark.parametrize("host", ["www..example", "www.-a.example", "www.www.example"])
def test_what_is_left_of_a_host_can_be_one(host: str) -> None:
    once = canonical_link(f"https://{host}/a")
    assert canonical_link(f"https://{once}") == once


def test_an_address_of_ipv6_keeps_its_brackets() -> None:
    """Without them a port and the last group of an address could not be told apart."""
    assert canonical_link("http://[2001:db8::1]:8080/a") == "[2001:db8::1]:8080/a"
    assert canonical_link("http://[2001:db8::1:8080]/a") == "[2001:db8::1:8080]/a"

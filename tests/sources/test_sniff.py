"""What kind an answer is of, when nobody has said so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.recorded import read_body
from bot.sources.sniff import sniff

FEEDS = Path(__file__).parent / "feeds"


def answer(body: bytes) -> Answer:
    return Answer("https://a.example/x", 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["rss20.xml", "atom10.xml", "rdf.xml", "json_feed.json", "half_a_feed.xml"])
def test_feeds_of_all_formats(name: str) -> None:
    kind, reading = sniff(answer((FEEDS / name).read_bytes()))
    assert kind == "feed"
    assert reading.documents


@pytest.mark.parametrize(
    "page",
    [{"count": 1, "results": [{"document_number": "2026-1", "title": "t"}]}, {"description": "none", "count": 0}],
)
def test_the_federal_register(page: dict[str, Any]) -> None:
    assert sniff(answer(json.dumps(page).encode()))[0] == "federal_register"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("challenge.html", "challenge"),
        ("plain.txt", "not_a_feed"),
    ],
)
def test_what_is_of_no_kind_has_a_name(name: str, error: str) -> None:
    with pytest.raises(SourceError) as caught:
        sniff(answer((FEEDS / name).read_bytes()))
    assert caught.value.name == error


def test_a_page_and_a_list_in_json_are_recognised() -> None:
    kind, reading = sniff(answer((FEEDS / "page.html").read_bytes()))
    assert kind == "page"
    assert [document.title for document in reading.documents] == ["News"]
    kind, reading = sniff(answer((FEEDS / "other.json").read_bytes()))
    assert kind == "json_api"
    assert [(document.key, document.title) for document in reading.documents] == [("1", "a shop")]


@pytest.mark.parametrize("body", [b'{"answer": 42}', b"[1, 2, 3]", b"[]", b'{"rows": [{"a": 1}]}'])
def test_json_without_a_list_of_titled_things_is_of_no_kind(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        sniff(answer(body))
    assert caught.value.name == "not_a_feed"


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="federal_register"):
        read_body("fed", b"")

"""Bytes flipped, cut out, doubled and spliced: whatever comes, it is a Reading or a SourceError."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.sources.base import KINDS, Reading
from bot.sources.recorded import read_body
from bot.sources.sniff import sniff
from tests.conftest import ROOT
from tests.fuzz.target import Target, bodies, examine

KEPT = [file.read_bytes() for file in sorted((ROOT / "tests/sources/feeds").iterdir())]
NAMES = {
    "not_a_feed", "challenge", "entity_declaration", "too_deep", "empty_document", "cut_short", "not_well_formed",
    "parse_timeout", "too_large", "bad_encoding",
}  # fmt: skip
PIECES = (
    b"<",
    b">",
    b"&",
    b'"',
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"</item>",
    b"</rss>",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
)


def outcome(body: bytes, url: str) -> Reading | str:
    try:
        return read_body("feed", body, url)
    except SourceError as error:
        return error.name


def feed(body: bytes) -> None:
    for url in ("", "https://a.example/feed"):
        reading = outcome(body, url)
        if isinstance(reading, str):
            assert reading in NAMES
            return
        keys = [document.key for document in reading.documents]
        assert all(keys)
        assert len(set(keys)) == len(keys)
        for document in reading.documents:
            assert len(document.summary) <= 601
            assert "\n" not in document.title
            (document.key + document.title + document.summary + (document.url or "")).encode("utf-8")


def sniffed(body: bytes) -> None:
    try:
        kind, reading = sniff(Answer("https://a.example/", 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC)))
    except SourceError:
        return
    assert kind in KINDS
    assert isinstance(reading, Reading)


TARGETS: dict[str, Target] = {
    "feed": bodies(feed, KEPT, PIECES, examples=200),
    "sniffed": bodies(sniffed, KEPT, PIECES, examples=300),
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_damaged_feed_is_a_reading_or_a_named_error(name: str) -> None:
    examine(TARGETS[name])

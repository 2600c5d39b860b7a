"""Bytes flipped, cut out, doubled and spliced: whatever comes, it is a Reading or a SourceError."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.sources.base import KINDS, Reading
from bot.sources.recorded import read_body
from bot.sources.sniff import sniff
from tests.conftest import ROOT
from tests.fuzz.mutation import EXAMPLES, mutated

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


@given(mutated(KEPT, PIECES), st.sampled_from(("", "https://a.example/feed")))
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_mutated_feed_is_a_reading_or_a_named_error(body: bytes, url: str) -> None:
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


@given(mutated(KEPT, PIECES))
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_mutated_body_is_sniffed_without_a_crash(body: bytes) -> None:
    from datetime import UTC, datetime

    from bot.fetch.exchange import Answer

    try:
        kind, reading = sniff(Answer("https://a.example/", 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC)))
    except SourceError:
        return
    assert kind in KINDS
    assert isinstance(reading, Reading)

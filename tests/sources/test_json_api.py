"""Any list in JSON: expressions, guesses, dates of all spellings, and services that complain in words with 200."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.model import State
from bot.sources.base import Reading, Source, source_from
from bot.sources.curated import load_sources
from bot.sources.kinds.json_api import moment_of_any
from bot.sources.recorded import read_body
from tests.conftest import ROOT

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GDELT = {
    "articles": [
        {
            "url": "https://news.example/a?utm_source=x",
            "url_mobile": "",
            "title": 'US tightens rules , Nvidia says : " no comment " !',
            "seendate": "20260601T031500Z",
            "socialimage": "",
            "domain": "news.example",
            "language": "Spanish",
            "sourcecountry": "Mexico",
        },
        {"url": "https://news.example/b", "title": "中国 芯片", "seendate": "20260601T030000Z", "language": "Chinese"},
    ]
}
HITS = {
    "hits": [
        {"objectID": "11", "title": "Chip rule", "url": "https://a.example/1", "created_at": "2026-06-01T10:00:00Z"},
        {"objectID": "12", "title": "Ask HN: chips?", "url": None, "created_at": "2016-12-08T19:39:07.000Z"},
        {"objectID": "13", "title": "Ask HN: no address at all", "created_at": "2026-06-01T09:00:00Z"},
        {
            "objectID": "14",
            "title": None,
            "url": None,
            "story_text": "10+ years",
            "created_at": "2012-04-02T08:23:08.000Z",
        },
    ],
    "nbHits": 4,
    "page": 0,
}
DOCKET = {
    "data": [
        {
            "type": "documents",
            "id": "BIS-2026-0001-0002",
            "attributes": {
                "frDocNum": "2026-19537",
                "documentType": "Rule",
                "withdrawn": False,
                "postedDate": "2026-09-24T04:00:00Z",
                "title": "A rule",
                "docketId": "BIS-2026-0001",
            },
        },
        {
            "type": "documents",
            "id": "BIS-1",
            "attributes": {"frDocNum": None, "withdrawn": True, "title": "Taken back"},
        },
        {"type": "documents", "id": "BIS-2", "attributes": None},
    ],
    "meta": {"totalElements": 3},
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Source]:
    return {source.id: source for source in load_sources(ROOT / "config/sources")}


def answer(body: Any) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("https://api.example/list", 200, {}, raw, NOW)


def read(body: Any, **table: Any) -> Reading:
    return source_from({"id": "j", "kind": "json_api", "url": "https://api.example/list"} | table).read(answer(body))


def name_of(body: Any, **table: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(body, **table)
    return caught.value


def test_gdelt_as_shipped(shipped):
    source = shipped["gdelt-chip-exports"]
    assert not source.enabled
    assert [request.pace for request in source.requests()] == [5]
    first, second = source.read(answer(GDELT)).documents
    assert first.title == 'US tightens rules, Nvidia says: " no comment "!'  # blanks before punctuation go
    assert (first.language, second.language) == ("es", "zh")
    assert first.published == datetime(2026, 6, 1, 3, 15, tzinfo=UTC)
    assert (first.key, first.url) == ("https://news.example/a?utm_source=x",) * 2
    assert first.aliases == ("link:news.example/a",)


def test_gdelt_finds_nothing_and_says_so_with_an_empty_object(shipped):
    assert shipped["gdelt-chip-exports"].read(answer({})).documents == ()


@pytest.mark.parametrize(
    "said",
    [
        b"Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries.",
        b"Too Many Requests",
        b"rate limit exceeded",
    ],
)
def test_too_often_is_said_in_words_with_200_and_waits(shipped, said):
    with pytest.raises(SourceError) as caught:
        shipped["gdelt-chip-exports"].read(answer(said))
    assert caught.value.name == "asked_to_wait"
    assert caught.value.retry_at is not None
    assert caught.value.retry_at - NOW >= timedelta(seconds=5)


def test_other_words_instead_of_json_are_passed_on_to_the_operator():
    error = name_of(b"Your query was too short or too long.", items="articles", key="url")
    assert (error.name, "too short" in error.detail) == ("refused", True)
    assert name_of(b"<html><body>hello</body></html>", items="a").name == "not_json"
    assert name_of(b"<html><title>Just a moment...</title></html>", items="a").name == "challenge"
    assert name_of(b"", items="a").name == "not_json"


def test_hacker_news_as_shipped(shipped):
    source = shipped["hacker-news-chip-exports"]
    assert not source.enabled
    one, two, three, four = source.read(answer(HITS)).documents
    assert one.url == "https://a.example/1"
    assert [d.url for d in (two, three)] == [f"https://news.ycombinator.com/item?id={n}" for n in (12, 13)]
    assert two.published == datetime(2016, 12, 8, 19, 39, 7, tzinfo=UTC)  # old answers stamp .000Z
    assert four.title == ""  # an old answer to a poll


def test_regulations_gov_as_shipped(shipped):
    source = shipped["regulations-gov-bis"]
    assert not source.enabled
    assert "fetch.data_gov_key" in str(source.rests("ops@example.org"))
    rule, back, bare = source.read(answer(DOCKET)).documents
    assert (rule.key, rule.kind) == ("BIS-2026-0001-0002", "Rule")
    assert rule.url == "https://www.regulations.gov/document/BIS-2026-0001-0002"
    assert "fr:2026-19537" in rule.aliases
    assert back.state is State.WITHDRAWN
    assert not any(alias.startswith("fr:") for alias in back.aliases)  # a null is no name
    assert (bare.key, bare.title) == ("BIS-2", "")


def test_a_list_that_is_not_there_names_what_is():
    error = name_of({"error": "bad", "code": 3}, items="articles", key="url")
    assert error.name == "no_list"
    assert "error, code" in error.detail
    assert name_of({"a": 1}, items="length(a)", key="x").name == "no_list"  # a function that does not fit


def test_an_expression_that_is_none_stops_the_start():
    for bad in ("articles[", "a.b..c", "a" * 600):
        with pytest.raises(ConfigError, match="items"):
            source_from({"id": "j", "kind": "json_api", "url": "https://a.example/", "items": bad})


def test_entries_without_a_key_are_known_by_their_link_and_equal_keys_count_once():
    rows = [{"u": "/a", "t": "A"}, {"u": "https://api.example/a#x", "t": "A again"}, {"t": "nothing"}]
    reading = read({"rows": rows}, items="rows", link="u", title="t")
    assert [(d.key, d.url) for d in reading.documents] == [("api.example/a", "https://api.example/a")]
    assert reading.warnings == ("without_key",)


def test_markup_in_a_post_is_made_plain():
    posts = [
        {"id": 1, "content": "<p>Chips &amp; licences<br>tomorrow</p><script>x</script>", "created_at": 1780000000}
    ]
    (found,) = read(posts, items="@", key="id", title="content", date="created_at").documents
    assert found.title == "Chips & licences tomorrow"
    assert found.published == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("20230918T031500Z", datetime(2023, 9, 18, 3, 15, tzinfo=UTC)),
        ("2026-01-02", date(2026, 1, 2)),
        ("2026-01-02T03:04:05.000Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("Fri, 02 Jan 2026 03:04:05 GMT", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (1767322800, datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
        (1767322800000, datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
        ("20231318T031500Z", None),
        ("soon", None),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_dates_of_all_spellings(value, moment):
    assert moment_of_any(value) == moment


@pytest.mark.parametrize(("body", "keys"), [(GDELT, 2), (HITS, 4), (DOCKET, 3)])
def test_a_list_that_nobody_described_is_understood_by_its_names(body, keys):
    reading = read_body("json_api", json.dumps(body).encode())
    assert len(reading.documents) == keys
    assert reading.documents[0].title
    assert reading.documents[0].published


def test_a_nested_answer_does_not_end_the_process():
    assert name_of(b"[" * 200_000, items="@", key="id").name in ("not_json", "refused")
    assert name_of(b'{"a": ' * 50_000, items="@", key="id").name in ("not_json", "refused")

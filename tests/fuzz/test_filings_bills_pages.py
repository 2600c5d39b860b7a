"""Answers of services and pages, damaged in every way: whatever comes, it is a Reading or a SourceError with a name."""

from __future__ import annotations

import json
from functools import partial

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.model import Assessment, Document
from bot.sources.base import Source, source_from
from bot.sources.curated import load_sources
from bot.sources.recorded import loose_source
from tests.conftest import ROOT
from tests.fuzz.target import Target, bodies, examine
from tests.sources.filings import FILING, filing, submissions
from tests.sources.test_congress import BILL, listed
from tests.sources.test_json_api import DOCKET, GDELT, HITS, NOW
from tests.sources.test_page import CONSENT, LIST, page

COMMON = {"challenge", "not_json"}
NAMES = {
    "edgar": {"not_edgar", "columns_differ"},
    "congress": {"not_congress", "refused"},
    "json_api": {"no_list", "refused", "asked_to_wait"},
    "page": {"not_a_page", "nothing_selected", "empty_page", "unavailable"},
}
A, B = "0000000042-26-000001", "0000000042-26-000002"
BODIES: dict[str, list[bytes]] = {
    "edgar": [
        json.dumps(submissions(filing(A, items="2.02,9.01"), filing(B, form="4"))).encode(),
        json.dumps(submissions(filing(A))["filings"]["recent"]).encode(),
    ],
    "congress": [
        json.dumps(
            listed(BILL, BILL | {"number": "7", "type": "S"}, next="https://api.congress.gov/v3/bill?a b")
        ).encode(),
        json.dumps({"bill": BILL, "request": {}}).encode(),
        json.dumps({"error": {"message": "no"}}).encode(),
    ],
    "json_api": [json.dumps(body).encode() for body in (GDELT, HITS, DOCKET)] + [b"Please limit requests to one"],
    "page": [page("More.").encode(), LIST.encode(), CONSENT.encode(), FILING.encode()],
}
PIECES = (
    b"null", b"true", b"-1", b"1e999", b"NaN", b'""', b"[]", b"{}", b"[[", b'{"', b'"', b"\\u0000", b"\\ud800", b"\x00",
    b"\xff", b"\xed\xa0\x80", b"<", b"</main>", b"<body>", b"<a href=//[>", b'<a href="http://[::1">', b"<!--", b"&#0;",
    b"99999999999999999999", b"%PDF", b"9999-99-99",
)  # fmt: skip
SHIPPED = {source.id: source for source in load_sources(ROOT / "config/sources")}
SOURCES: dict[str, list[Source]] = {
    "edgar": [loose_source("edgar"), SHIPPED["sec-nvidia-8k"]],
    "congress": [loose_source("congress"), SHIPPED["congress-chips"]],
    "json_api": [
        loose_source("json_api"),
        *(SHIPPED[id_] for id_ in ("gdelt-chip-exports", "hacker-news-chip-exports", "regulations-gov-bis")),
    ],
    "page": [
        loose_source("page"),
        source_from({"id": "p", "kind": "page", "url": "https://a.example/", "select": "main", "ignore": ["dates"]}),
        source_from({"id": "p", "kind": "page", "url": "https://a.example/", "entries": "li", "ignore": ["counters"]}),
    ],
}


def holds(kind: str, body: bytes) -> None:
    for source in SOURCES[kind]:
        try:
            documents = source.read(Answer("https://a.example/x", 200, {}, body, NOW)).documents
        except SourceError as error:
            assert error.name in NAMES[kind] | COMMON
            continue
        keys = [document.key for document in documents]
        assert all(keys)
        assert len(set(keys)) == len(keys)
        for document in documents:
            assert "\n" not in document.title
            assert len(document.title) <= 601
            assert len(document.summary) <= 601
            json.dumps(dict(document.details), allow_nan=False).encode("utf-8")
            (document.key + document.title + document.summary + (document.url or "")).encode("utf-8")
            source.follow_up(document, Assessment(False, 0.0))


def filed(body: bytes) -> None:
    """A damaged filing adds words or nothing."""
    document = Document("e", A, "CHIP CORP, 8-K", summary="Item 8.01: Other Events.")
    added = SOURCES["edgar"][0].read_follow_up(document, Answer("https://a.example/x", 200, {}, body, NOW))
    assert all(isinstance(passage, str) and len(passage) <= 281 for passage in added.get("passages", ()))
    json.dumps(added).encode("utf-8")


TARGETS: dict[str, Target] = {
    **{kind: bodies(partial(holds, kind), seeds, PIECES, examples=60) for kind, seeds in BODIES.items()},
    "filing": bodies(filed, [FILING.encode()], PIECES, examples=150),
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_damaged_answer_is_a_reading_or_a_named_error(name: str) -> None:
    examine(TARGETS[name])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("json_api", {"hits": [{"objectID": "a\ud800b", "title": "x\ud800", "url": "https://a.example/\ud800"}]}),
        ("congress", listed(BILL | {"title": "a\ud800", "latestAction": {"actionDate": "\ud800", "text": "t\ud800"}})),
        ("edgar", submissions(filing(f"{A}\ud800", form="8-K\ud800", items="2.02\ud800"), name="N\ud800")),
    ],
)
def test_half_a_character_ends_before_the_store(kind: str, body: object) -> None:
    """JSON can spell one; no file and no database can hold it."""
    source = loose_source(kind)
    documents = source.read(Answer("https://a.example/x", 200, {}, json.dumps(body).encode(), NOW)).documents
    assert documents
    for document in documents:
        told = (document.key, document.title, document.url, document.summary, document.kind, document.aliases)
        json.dumps([*told, dict(document.details)], ensure_ascii=False).encode("utf-8")

"""The Federal Register and its desk: whatever comes, it is a Reading or an error with a name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.knowledge.deadlines import deadlines_of
from bot.knowledge.drafts import draft_of
from bot.model import Assessment, Trust
from bot.sources.base import Reading
from bot.sources.full_text import read_full_text
from bot.sources.recorded import read_body
from bot.store.documents import digest
from tests.fuzz.mutation import mutated_json
from tests.fuzz.target import Target, bodies, examine
from tests.sources.test_federal_register import RULE
from tests.sources.test_full_text import RULE as TEXT
from tests.sources.test_public_inspection import CLOSED, FILED

NAMES = {"not_json", "challenge", "not_the_register", "refused"}
NEXT = "https://www.federalregister.gov/api/v1/documents?format=json&page=2"
PAGES: dict[str, list[Any]] = {
    "federal_register": [
        {"count": 2, "results": [RULE, RULE | {"document_number": "C1-2026-1"}], "next_page_url": NEXT},
        RULE,
    ],
    "public_inspection": [{"count": 1, "results": [FILED]}, FILED, CLOSED],
}


def outcome(kind: str, body: bytes) -> Reading | str:
    try:
        return read_body(kind, body)
    except SourceError as error:
        return error.name


def hold(reading: Reading | str) -> None:
    """What is promised of any answer, and of what is made from its documents."""
    if isinstance(reading, str):
        assert reading in NAMES
        return
    keys = [document.key for document in reading.documents]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    about = Assessment(relevant=True, score=1.0, trust=Trust.OFFICIAL)
    for document in reading.documents:
        assert digest(document)
        assert "\n" not in document.title
        (document.key + document.title + document.summary + (document.url or "")).encode("utf-8")
        json.dumps(dict(document.details))
        deadlines_of(document)
        draft_of(document, about)


def read(kind: str, body: bytes) -> None:
    hold(outcome(kind, body))


def full_text(body: bytes) -> None:
    answer = Answer("https://www.federalregister.gov/x.xml", 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC))
    try:
        found = read_full_text(answer, needs_lead=True, corrects=True)
    except SourceError as error:
        found = {"named": error.name in ("challenge", "no_full_text")}
    assert all(found.values())
    json.dumps(found)


TARGETS: dict[str, Target] = {
    **{
        kind: bodies(partial(read, kind), [json.dumps(page).encode() for page in pages], examples=300)
        for kind, pages in PAGES.items()
    },
    **{
        f"{kind} values": Target(partial(read, kind), mutated_json(pages), examples=300)
        for kind, pages in PAGES.items()
    },
    "full text": bodies(full_text, [TEXT.encode()], examples=300),
}


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_is_a_reading_or_a_named_error(name: str) -> None:
    examine(TARGETS[name])

"""What second requests add, and how many there are in a poll: the bound, and what stays when one fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import FOLLOWED, Document
from bot.pipeline.follow import MOST_ATTACHED, MOST_FOLLOWED, as_read, follow, keep_followed, title_told
from bot.sources.base import Reading, Source
from tests.pipeline.desk import Wire, news


class Telling(Source, kind="test_telling"):
    """A source whose documents each have a text of their own; `plain` ones have none."""

    def requests(self):
        return iter(())

    def read(self, answer):
        return Reading()

    def follow_up(self, document, assessment):
        return None if document.key.startswith("plain") else Request(document.url)

    def read_follow_up(self, document, answer):
        text = answer.text()
        return {"lead": text} if text else {}

    def attached(self, document, answer):
        return [Request(f"{document.url}/{n}") for n in range(5)] if document.key == "attached" else []

    def with_attached(self, document, values, answers):
        return {**values, "quote": " ".join(answer.text() for answer in answers)}


class Publisher:
    def __init__(self, *missing: str, empty: bool = False) -> None:
        self.missing, self.empty = missing, empty
        self.asked: list[str] = []

    async def get(self, request: Request) -> Answer:
        self.asked.append(request.url)
        if request.url in self.missing:
            raise SourceError("http_404", "not there")
        body = "" if self.empty else f"text of {request.url[21:]}"
        return Answer(request.url, 200, {}, body.encode(), datetime(2026, 6, 1, tzinfo=UTC))

    async def close(self) -> None:
        return None


async def all_fresh(source: str, found):
    return list(found)


async def read(publisher: Publisher, *documents: Document) -> list[Document]:
    return list(await follow(Telling(id="wire"), documents, publisher, all_fresh))


def url(key: str) -> str:
    return f"https://wire.example/{key}"


async def test_the_first_dozen_are_asked_for_and_the_others_stand_without() -> None:
    documents = [news(f"plain{n}") for n in range(3)] + [news(f"k{n}") for n in range(MOST_FOLLOWED + 2)]
    publisher = Publisher(url("k1"))
    found = await read(publisher, *documents)
    assert publisher.asked == [url(f"k{n}") for n in range(MOST_FOLLOWED)]
    assert [document.key for document in found] == [document.key for document in documents]
    told = [document.key for document in found if FOLLOWED in document.details]
    assert told == [f"k{n}" for n in range(MOST_FOLLOWED) if n != 1]
    assert found[3].details == {FOLLOWED: {"lead": "text of k0"}}


async def test_only_what_is_fresh_is_asked_for_and_what_a_document_says_besides_stays() -> None:
    async def second(source: str, found):
        assert source == "wire"
        return [document for document in found if document.key == "b"]

    publisher = Publisher()
    documents = [replace(news(key), details={"page": 7}) for key in "ab"]
    first, other = await follow(Telling(id="wire"), documents, publisher, second)
    assert publisher.asked == [url("b")]
    assert (first, other.details) == (documents[0], {"page": 7, FOLLOWED: {"lead": "text of b"}})


async def test_three_attachments_are_read_and_the_text_stands_without_those_that_are_not_there() -> None:
    publisher = Publisher(url("attached/1"))
    (found,) = await read(publisher, news("attached"))
    assert publisher.asked == [url("attached"), *(url(f"attached/{n}") for n in range(MOST_ATTACHED))]
    assert found.details[FOLLOWED] == {"lead": "text of attached", "quote": "text of attached/0 text of attached/2"}


async def test_an_answer_that_says_nothing_adds_nothing() -> None:
    (found,) = await read(Publisher(empty=True), news("a"))
    assert found.details == {}


async def test_a_kind_without_second_requests_asks_nobody() -> None:
    publisher = Publisher()
    assert await follow(Wire(id="wire"), [news("a")], publisher, all_fresh) == (news("a"),)
    assert publisher.asked == []


def test_what_was_added_is_read_in_the_place_of_the_summary_and_quoted_behind_the_title() -> None:
    document = replace(news("a", "Filing"), summary="8-K")
    told = replace(document, details={FOLLOWED: {"lead": "We took a charge.", "quote": "a charge"}})
    assert (as_read(told).summary, title_told(told)) == ("We took a charge.", "Filing: a charge")
    empty: list[dict[str, Any]] = [{}, {"lead": "", "quote": ""}, {"lead": 1, "quote": 2}]
    for nothing in ({}, *({FOLLOWED: each} for each in empty)):
        plain = replace(document, details=nothing)
        assert (as_read(plain), title_told(plain)) == (plain, "Filing")


def test_an_amendment_whose_second_request_failed_keeps_what_the_last_one_brought() -> None:
    before = replace(news("a"), details={FOLLOWED: {"lead": "old"}, "page": 1})
    now = replace(news("a", "A new title"), details={"page": 2})
    assert keep_followed(now, before) == replace(now, details={"page": 2, FOLLOWED: {"lead": "old"}})
    newer = replace(now, details={FOLLOWED: {"lead": "new"}})
    assert keep_followed(newer, before) == newer
    assert keep_followed(now, None) == keep_followed(now, news("a")) == now

"""One poll asks for all pages that it needs, goes on where it was cut short, and never takes a part for the whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import SetClock, iso
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Party
from bot.pipeline.poll import Polled, poll
from bot.sources.base import Reading, Source
from bot.store.sources import SourceState
from tests.pipeline.desk import news

NOW = datetime(2026, 9, 25, tzinfo=UTC)
FIRST, MIRROR = "https://wire.example/1", "https://mirror.example/1"
PARTIES = {"EL": (Party("EL", "Example Computing"),)}


class Book(Source, kind="test_book"):
    """A publisher whose answers are JSON: the keys on a page, its next page, and what else a test wants to be read."""

    at_once: tuple[str, ...] = (FIRST,)
    behind: bool = False

    def requests(self):
        return iter(Request(url) for url in self.at_once)

    def resume(self, bookmark):
        left = bookmark.cursor.get("next")
        return iter([Request(str(left))]) if left else self.requests()

    def catches_up(self, bookmark):
        return self.behind

    def cursor_after(self, bookmark, rest):
        return {"next": rest.url} if rest else {}

    def read(self, answer):
        told = answer.json()
        more = Request(told["more"]) if "more" in told else None
        stamp = datetime.fromisoformat(told["as_of"]) if "as_of" in told else None
        found = tuple(news(key, title=f"{key} on {answer.url[-1]}") for key in told.get("keys", ()))
        return Reading(
            found, more=more, as_of=stamp, ttl=told.get("ttl"), unready=told.get("unready", False),
            complete=told.get("complete", True), warnings=tuple(told.get("warnings", ())),
            parties=PARTIES if told.get("parties") else {}, details=told.get("details", {}),
        )  # fmt: skip


class Publisher:
    """Its pages by their addresses; an error in the place of a page is raised."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages = pages
        self.asked: list[Request] = []

    async def get(self, request: Request) -> Answer:
        self.asked.append(request)
        page = self.pages.get(request.url, SourceError("http_404", "no such page"))
        if isinstance(page, SourceError):
            raise page
        if isinstance(page, Answer):
            return page
        return Answer(request.url, 200, {"etag": f'"{request.url[-1]}"'}, json.dumps(page).encode(), NOW)

    async def close(self) -> None:
        return None

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.asked]


def page(number: int, keys: str, more: int | None = None, **told: Any) -> dict[str, Any]:
    """A page's address and what stands on it."""
    linked = {"more": f"https://wire.example/{more}"} if more else {}
    return {f"https://wire.example/{number}": {"keys": list(keys), **linked, **told}}


async def ask(
    publisher: Publisher, known: str = "", pages: int = 5, source: dict[str, Any] | None = None, **of: Any
) -> Polled:
    """Polls once; the documents of `known` are stored already, `of` is what is known of the source."""

    async def unknown(source: str, keys: list[str]) -> set[str]:
        return set(keys) - set(known)

    values: dict[str, Any] = dict.fromkeys(SourceState._fields)
    values |= {"id": "book", "validators": {}, "failures": 0, "baseline_at": NOW, **of}
    asked = Book(id="book", max_bytes=4096, **(source or {}))
    return await poll(asked, SourceState(**values), publisher, SetClock(NOW), unknown, pages)


def keys(polled: Polled) -> list[str]:
    assert polled.error is None, polled.error
    assert polled.reading is not None
    return [document.key for document in polled.reading.documents]


async def test_pages_are_read_until_one_says_nothing_new() -> None:
    publisher = Publisher({**page(1, "ab", 2), **page(2, "cd", 3), **page(3, "ef", 4), **page(4, "gh")})
    assert keys(await ask(publisher, known="efgh")) == list("abcdef")
    assert publisher.urls == [f"https://wire.example/{n}" for n in (1, 2, 3)]
    assert {request.max_bytes for request in publisher.asked} == {4096}
    assert keys(await ask(Publisher({**page(1, "ab", 2), **page(2, "cd")}), known="abcd")) == list("ab")


async def test_the_first_poll_reads_one_page_and_no_poll_more_than_it_may() -> None:
    many = {**page(1, "a", 2), **page(2, "b", 3), **page(3, "c")}
    assert keys(await ask(Publisher(many), baseline_at=None)) == ["a"]
    cut = await ask(Publisher(many), pages=2)
    assert (keys(cut), cut.cursor) == (["a", "b"], {"next": "https://wire.example/3"})
    whole = await ask(Publisher(many), pages=3)
    assert (keys(whole), whole.cursor) == (["a", "b", "c"], None)


async def test_a_page_that_is_not_there_ends_the_reading_and_one_that_fails_ends_the_poll() -> None:
    assert keys(await ask(Publisher(page(1, "ab", 2)))) == ["a", "b"]
    broken = {**page(1, "ab", 2), "https://wire.example/2": SourceError("http_500", "down")}
    polled = await ask(Publisher(broken))
    assert polled.error is not None
    assert (polled.error.name, polled.error.source, polled.reading) == ("http_500", "book", None)


async def test_a_poll_that_catches_up_reads_on_through_what_is_known_and_keeps_what_it_has() -> None:
    behind = {"behind": True}
    many = {**page(1, "a", 2), **page(2, "b", 3), **page(3, "c")}
    assert keys(await ask(Publisher(many), known="abc", source=behind)) == ["a", "b", "c"]
    many["https://wire.example/3"] = SourceError("http_500", "down")
    cut = await ask(Publisher(many), known="abc", source=behind)
    assert (keys(cut), cut.cursor) == (["a", "b"], {"next": "https://wire.example/3"})


@pytest.mark.parametrize("name", ["http_404", "http_400"])
async def test_a_cursor_that_leads_nowhere_any_more_is_dropped_and_all_is_asked_for(name: str) -> None:
    publisher = Publisher({**page(1, "ab", 3), **page(3, "c"), "https://wire.example/9": SourceError(name, "gone")})
    cursor = {"next": "https://wire.example/9", "as_of": iso(NOW)}
    polled = await ask(publisher, cursor=cursor)
    assert keys(polled) == ["a", "b", "c"]
    assert publisher.urls == ["https://wire.example/9", FIRST, "https://wire.example/3"]
    assert cursor == {"next": "https://wire.example/9", "as_of": iso(NOW)}


@pytest.mark.parametrize(("name", "cursor"), [("http_500", {"next": "https://wire.example/9"}), ("http_404", {})])
async def test_any_other_refusal_is_one(name: str, cursor: dict[str, str]) -> None:
    publisher = Publisher({"https://wire.example/9": SourceError(name, "no")})
    polled = await ask(publisher, cursor=cursor)
    assert polled.error is not None
    assert len(publisher.asked) == 1


async def test_a_copy_from_before_the_last_reading_says_nothing() -> None:
    for age, read in ((-1, False), (0, True), (1, True)):
        stamp = NOW + timedelta(hours=age)
        polled = await ask(Publisher(page(1, "a", as_of=stamp.isoformat())), cursor={"as_of": iso(NOW)})
        assert (polled.reading is not None) is read
        assert polled.cursor == ({"as_of": iso(stamp)} if read else None)
    assert keys(await ask(Publisher(page(1, "a")), cursor={"as_of": iso(NOW)})) == ["a"]


async def test_the_same_bytes_again_are_no_reading_unless_a_poll_goes_on() -> None:
    publisher = Publisher({**page(1, "a", ttl=900), **page(2, "b")})
    first = await ask(publisher)
    assert (first.wait, first.validators) == (900, {FIRST: ('"1"', None)})
    again = await ask(publisher, body_hash=first.body_hash)
    assert (again.reading, again.error) == (None, None)
    on = await ask(publisher, body_hash=first.body_hash, cursor={"next": FIRST})
    assert keys(on) == ["a"]
    assert (await ask(Publisher(page(1, "b")), body_hash=first.body_hash)).reading is not None


async def test_one_address_is_asked_with_its_validators_and_several_never_are() -> None:
    stored = {FIRST: ('"1"', "Mon"), MIRROR: ('"2"', None)}
    publisher = Publisher({**page(1, "a"), MIRROR: {"keys": ["b"]}})
    await ask(publisher, validators=stored)
    assert (publisher.asked[0].validators.etag, publisher.asked[0].validators.last_modified) == ('"1"', "Mon")
    await ask(publisher, validators=stored, source={"behind": True})
    await ask(publisher, validators=stored, source={"at_once": (FIRST, MIRROR)})
    assert {request.validators.etag for request in publisher.asked[1:]} == {None}


async def test_what_is_not_modified_is_quiet_and_waits_as_long_as_it_was_asked_to() -> None:
    unchanged = Answer(FIRST, 304, {}, b"", NOW, fresh_for=600.0)
    polled = await ask(Publisher({FIRST: unchanged}))
    assert (polled.reading, polled.error, polled.wait) == (None, None, 600.0)


async def test_several_answers_are_one_reading() -> None:
    stamps = [NOW.isoformat(), (NOW + timedelta(hours=1)).isoformat()]
    publisher = Publisher(
        {
            **page(1, "ab", ttl=60, as_of=stamps[1], warnings=["odd", "old"], details={"a": {"x": 1}}),
            MIRROR: {"keys": ["b", "c"], "ttl": 90, "as_of": stamps[0], "parties": True, "complete": False,
                     "warnings": ["old"], "details": {"c": {"y": 2}}},
        }
    )  # fmt: skip
    polled = await ask(publisher, source={"at_once": (FIRST, MIRROR)})
    assert keys(polled) == ["a", "b", "c"]
    reading = polled.reading
    assert reading is not None
    assert reading.documents[1].title == "b on 1"  # the first that says it speaks
    assert (reading.complete, reading.partial, reading.ttl, polled.wait) == (False, False, 90, 90)
    assert (reading.as_of, reading.warnings) == (NOW, ("odd", "old"))
    assert (reading.parties, reading.details) == (PARTIES, {"a": {"x": 1}, "c": {"y": 2}})
    unready = Publisher({**page(1, "ab"), MIRROR: {"keys": ["c"], "unready": True}})
    assert (await ask(unready, source={"at_once": (FIRST, MIRROR)})).reading is None


async def test_what_was_cut_off_is_a_part_and_takes_nothing_away() -> None:
    whole = Answer(FIRST, 200, {"etag": '"1"'}, json.dumps({"keys": ["a"]}).encode(), NOW)
    polled = await ask(Publisher({FIRST: replace(whole, cut=True)}))
    assert polled.reading is not None
    assert (polled.reading.partial, polled.reading.complete) == (True, False)
    assert polled.validators == {FIRST: (None, None)}


async def test_a_mistake_of_ours_is_an_error_of_this_source_with_its_words() -> None:
    polled = await ask(Publisher({FIRST: ["no", "page"]}))
    assert polled.error is not None
    assert (polled.error.name, polled.error.source) == ("unreadable", "book")
    assert "AttributeError" in polled.error.detail or "TypeError" in polled.error.detail

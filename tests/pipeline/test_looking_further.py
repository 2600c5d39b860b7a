"""What a document needs besides is fetched before it is taken in; what is not there loses nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.pipeline.poll import Polled, poll
from bot.sources.base import source_from
from bot.store.sources import SourceState
from tests.sources.test_ecfr import VERSION, xml

SOURCE = source_from({"id": "ecfr", "kind": "ecfr", "parts": [744]})
NOW = datetime(2026, 9, 25, tzinfo=UTC)
LATER = VERSION | {"date": "2026-09-24"}


class Service:
    """The Code's service, with a list of versions and the texts of some days."""

    def __init__(self, versions: list[Any], texts: dict[str, str | SourceError], *, busy: bool = False) -> None:
        self.versions, self.texts, self.busy = versions, texts, busy
        self.asked: list[str] = []

    async def get(self, request: Request) -> Answer:
        self.asked.append(request.url)
        body: Any = {"titles": [], "meta": {"import_in_progress": self.busy}}
        if "/versions/" in request.url:
            body = {"content_versions": self.versions}
        elif "/full/" in request.url:
            text = self.texts.get(request.url.split("/full/")[1][:10], SourceError("http_404", "No matching content"))
            if isinstance(text, SourceError):
                raise text
            return Answer(request.url, 200, {}, text.encode(), NOW)
        return Answer(request.url, 200, {}, json.dumps(body).encode(), NOW)

    async def close(self) -> None:
        return None


async def ask(service: Service, *, baseline: bool = True) -> Polled:
    before = {document.key: document for document in SOURCE.read(_listed([VERSION])).documents}

    async def unknown(source: str, keys: list[str]) -> set[str]:
        return set()

    async def stored(source: str, keys: list[str]) -> Any:
        return {key: before[key] for key in keys if key in before}

    values: dict[str, Any] = dict.fromkeys(SourceState._fields)
    values |= {"id": "ecfr", "validators": {}, "failures": 0, "baseline_at": NOW if baseline else None}
    state = SourceState(**values)
    return await poll(SOURCE, state, service, SetClock(NOW), unknown, 5, stored)


def _listed(versions: list[Any]) -> Answer:
    return Answer("https://x", 200, {}, json.dumps({"content_versions": versions}).encode(), NOW)


async def test_both_texts_are_fetched_and_compared() -> None:
    texts: dict[str, Any] = {"2026-01-15": xml("(a) Old."), "2026-09-24": xml("(a) New.")}
    polled = await ask(Service([VERSION, LATER], texts))
    assert polled.reading is not None
    assert polled.reading.details["744.23"]["changed"] == 1


async def test_what_has_not_changed_asks_for_no_text() -> None:
    service = Service([VERSION], {})
    polled = await ask(service)
    assert polled.reading is not None
    assert not polled.reading.details
    assert not any("/full/" in url for url in service.asked)


async def test_the_first_poll_fetches_no_texts() -> None:
    service = Service([VERSION, LATER], {})
    await ask(service, baseline=False)
    assert not any("/full/" in url for url in service.asked)


async def test_a_text_that_is_not_there_loses_nothing_of_what_was_read() -> None:
    polled = await ask(Service([VERSION, LATER], {"2026-01-15": xml("(a) Old.")}))
    assert polled.error is None
    assert polled.reading is not None
    record = polled.reading.details["744.23"]["redline"]
    assert isinstance(record, dict)
    assert record["compared"] is False


@pytest.mark.parametrize("name", ["http_504", "timeout", "asked_to_wait"])
async def test_a_service_that_fails_is_asked_again_for_all(name: str) -> None:
    polled = await ask(Service([VERSION, LATER], {"2026-01-15": SourceError(name, "later")}))
    assert polled.error is not None
    assert (polled.error.name, polled.reading) == (name, None)


async def test_an_import_under_way_is_neither_an_error_nor_a_reading() -> None:
    polled = await ask(Service([VERSION, LATER], {}, busy=True), baseline=False)
    assert (polled.error, polled.reading, polled.validators) == (None, None, None)

"""Asks a publisher: all pages of one poll, read into documents. Touches the network, not the store."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import Clock, iso, moment_of
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request, Transport, Validators
from bot.model import Document
from bot.sources.base import Bookmark, Reading, Source
from bot.store.sources import SourceState

_NOTHING: tuple[str | None, str | None] = (None, None)

Unknown = Callable[[str, list[str]], Awaitable[set[str]]]
"""Which of these keys of a source are not stored yet."""

Stored = Callable[[str, list[str]], Awaitable[Mapping[str, Document]]]
"""What is stored under these keys of a source."""

_NOT_THERE = frozenset(("http_404", "too_large"))
"""What a linked text may lack without loss: the document is taken in without it. Anything else is tried again."""


async def _nothing_stored(source: str, keys: list[str]) -> Mapping[str, Document]:
    return {}


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought.

    `reading` is None when nothing changed (a 304, or the same bytes again); `error` says why there is nothing.
    `validators`, `body_hash` and `cursor` are to be stored with the documents, in the same transaction; `wait` is how
    many seconds the publisher asks to be left alone.
    """

    source: Source
    state: SourceState
    at: datetime
    reading: Reading | None = None
    validators: Mapping[str, tuple[str | None, str | None]] | None = None
    body_hash: str | None = None
    wait: float | None = None
    error: SourceError | None = None
    cursor: Mapping[str, Any] | None = None


async def poll(
    source: Source,
    state: SourceState,
    transport: Transport,
    clock: Clock,
    unknown: Unknown,
    max_pages: int,
    stored: Stored = _nothing_stored,
) -> Polled:
    """Ask a source once. Never raises for what a publisher does: the error comes back in `Polled`."""
    try:
        try:
            polled = await _ask(source, state, transport, clock, unknown, max_pages)
        except SourceError as error:
            cursor = dict(state.cursor or {})
            if error.name not in ("http_400", "http_404") or cursor.pop("next", None) is None:
                raise
            polled = await _ask(source, state._replace(cursor=cursor), transport, clock, unknown, max_pages)
        if source.looks_further and polled.reading is not None and state.baseline_at is not None:
            polled = replace(polled, reading=await _settled(source, polled.reading, transport, stored))
        return polled
    except SourceError as error:
        error.source = source.id
        return Polled(source, state, clock.now(), error=error)
    except Exception as error:  # a mistake of ours in reading one publisher must not end the polls of all others
        what = SourceError("unreadable", f"{type(error).__name__}: {error}", source=source.id)
        return Polled(source, state, clock.now(), error=what)


async def _ask(
    source: Source, state: SourceState, transport: Transport, clock: Clock, unknown: Unknown, max_pages: int
) -> Polled:
    answers: list[Answer] = []
    wait: float | None = None
    validators: dict[str, tuple[str | None, str | None]] = {}
    bookmark = Bookmark(state.cursor or {}, state.last_success_at if state.baseline_at else None, clock.now())
    requests = list(source.resume(bookmark))
    # Where one poll asks several addresses, half of it "not modified" would make the other half look like all; and what
    # is asked for to catch up is not what the validators were given for.
    conditional = len(requests) == 1 and not source.catches_up(bookmark)
    for request in requests:
        known = state.validators.get(request.url, _NOTHING) if conditional else _NOTHING
        asked = replace(request, validators=Validators(*known), max_bytes=source.max_bytes)
        answer = await transport.get(asked)
        wait = max(wait or 0, answer.fresh_for or 0)
        if not answer.not_modified:
            validators[request.url] = _of(answer)
            answers.append(answer)
    if not answers:
        return Polled(source, state, clock.now(), wait=wait)
    body_hash = _hash(answers)
    if body_hash == state.body_hash and not bookmark.cursor.get("next"):
        return Polled(source, state, clock.now(), wait=wait)
    readings: list[Reading] = []
    rest: Request | None = None
    for answer in answers:
        reading = await _read(source, answer)
        readings.append(reading)
        if state.baseline_at is not None:
            pages, left = await _further_pages(source, reading, bookmark, transport, unknown, max_pages)
            readings += pages
            rest = rest or left
    reading = _joined(readings)
    if reading.unready or _is_older(reading, bookmark):
        return Polled(source, state, clock.now(), wait=wait)
    cursor = source.cursor_after(bookmark, rest)
    if reading.as_of is not None:
        cursor["as_of"] = iso(reading.as_of)
    wait = max(wait or 0, reading.ttl or 0) or None
    return Polled(source, state, clock.now(), reading, validators, body_hash, wait, cursor=cursor or None)


def _is_older(reading: Reading, bookmark: Bookmark) -> bool:
    """Whether an answer is a copy from before the one that was read last: what it lacks was not taken back."""
    before = moment_of(str(bookmark.cursor.get("as_of") or ""))
    return isinstance(before, datetime) and reading.as_of is not None and reading.as_of < before


async def _further_pages(
    source: Source, first: Reading, bookmark: Bookmark, transport: Transport, unknown: Unknown, max_pages: int
) -> tuple[list[Reading], Request | None]:
    """The pages behind the first, as long as each brings something new, and the page that was not reached. One that is
    not there ends it.

    A poll that catches up reads on through what is known: the oldest pages come first, and the gap lies behind them.
    """
    pages: list[Reading] = []
    reading = first
    catching_up = source.catches_up(bookmark)
    while reading.more is not None:
        if not catching_up and not await unknown(source.id, [document.key for document in reading.documents]):
            return pages, None
        if len(pages) + 1 >= max_pages:
            return pages, reading.more
        asked = replace(reading.more, max_bytes=source.max_bytes)
        try:
            reading = await _read(source, await transport.get(asked))
        except SourceError as error:
            if error.name == "http_404":
                return pages, None
            if catching_up:
                return pages, asked
            raise  # taking half would make the rest look known for ever; the next poll asks for all again
        pages.append(reading)
    return pages, None


async def _settled(source: Source, reading: Reading, transport: Transport, stored: Stored) -> Reading:
    """The reading with what each new or changed document needs besides."""
    before = await stored(source.id, [document.key for document in reading.documents])
    documents: list[Document] = []
    details: dict[str, Mapping[str, object]] = dict(reading.details)
    for document in reading.documents:
        known = before.get(document.key)
        answers = [await _linked(request, transport) for request in source.wanted(document, known)]
        settled, detail = await asyncio.to_thread(source.settled, document, known, answers)
        documents.append(settled)
        if detail:
            details[document.key] = detail
    return replace(reading, documents=tuple(documents), details=details)


async def _linked(request: Request, transport: Transport) -> Answer | None:
    try:
        return await transport.get(request)
    except SourceError as error:
        if error.name not in _NOT_THERE:
            raise
        return None


async def _read(source: Source, answer: Answer) -> Reading:
    """In a thread: a damaged answer may take seconds, and the bot answers meanwhile. What was cut off is no removal."""
    reading = await asyncio.to_thread(source.read, answer)
    return replace(reading, partial=True, complete=False) if answer.cut else reading


def _joined(readings: Iterable[Reading]) -> Reading:
    """The pages of a poll as one reading; a document that stands on two pages counts once."""
    all_readings = list(readings)
    if len(all_readings) == 1:
        return all_readings[0]
    documents = {document.key: document for reading in reversed(all_readings) for document in reading.documents}
    order = dict.fromkeys(document.key for reading in all_readings for document in reading.documents)
    return Reading(
        documents=tuple(documents[key] for key in order),
        partial=any(reading.partial for reading in all_readings),
        complete=all(reading.complete for reading in all_readings),
        ttl=max((reading.ttl for reading in all_readings if reading.ttl), default=None),
        warnings=tuple(dict.fromkeys(warning for reading in all_readings for warning in reading.warnings)),
        as_of=min((reading.as_of for reading in all_readings if reading.as_of), default=None),
        unready=any(reading.unready for reading in all_readings),
        parties={key: rows for reading in all_readings for key, rows in reading.parties.items()},
        details={key: detail for reading in all_readings for key, detail in reading.details.items()},
    )


def _of(answer: Answer) -> tuple[str | None, str | None]:
    found = answer.validators
    return found.etag, found.last_modified


def _hash(answers: Iterable[Answer]) -> str:
    total = hashlib.blake2b(digest_size=16)
    for answer in answers:
        total.update(answer.body)
    return total.hexdigest()

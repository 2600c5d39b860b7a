"""The second request: what a new or amended document says beyond the list that named it.

A source names the request (`Source.follow_up`) once the document has been assessed, and reads the answer
(`Source.read_follow_up`). What it adds stands in `details[FOLLOWED]`, outside the digest: the list will never say it,
and that is no amendment. Nothing is lost where the second request fails.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Transport
from bot.model import FOLLOWED, Document
from bot.pipeline.assess import assess
from bot.sources.base import Source

MOST_FOLLOWED = 12
"""So many second requests a poll, for the first documents of the answer."""

MOST_ATTACHED = 3
"""So many attachments of one document, each one more request."""

Fresh = Callable[[str, Sequence[Document]], Awaitable[list[Document]]]
"""Which of these documents of a source are new or amended, or still wait for their second answer."""


async def follow(source: Source, found: Sequence[Document], transport: Transport, fresh: Fresh) -> tuple[Document, ...]:
    """The documents of a reading, the new and amended ones with what their second requests brought."""
    if type(source).follow_up is Source.follow_up:
        return tuple(found)
    left = MOST_FOLLOWED
    added: dict[str, Document] = {}
    for document in await fresh(source.id, found):
        request = source.follow_up(document, assess(document, source.trust, source.label))
        if request is None:
            continue
        if left == 0:
            break
        left -= 1
        try:
            answer = await transport.get(request)
            values = await asyncio.to_thread(source.read_follow_up, document, answer)
            attached = await _attached(source, document, answer, transport)
            if attached:
                values = await asyncio.to_thread(source.with_attached, document, values, attached)
        except SourceError:
            continue
        if values:
            added[document.key] = replace(document, details={**document.details, FOLLOWED: dict(values)})
    return tuple(added.get(document.key, document) for document in found)


async def _attached(source: Source, document: Document, answer: Answer, transport: Transport) -> list[Answer]:
    """The attachments that are there; the text that names them stands without those that are not."""
    named = await asyncio.to_thread(source.attached, document, answer)
    found = []
    for request in named[:MOST_ATTACHED]:
        with contextlib.suppress(SourceError):
            found.append(await transport.get(request))
    return found


def as_read(document: Document) -> Document:
    """The document as it is assessed and compared: with the text of its second request where that has one."""
    added = document.details.get(FOLLOWED)
    lead = added.get("lead") if isinstance(added, dict) else None
    return replace(document, summary=lead) if isinstance(lead, str) and lead else document


def title_told(document: Document) -> str:
    """The title as a card quotes it: with the words of the document itself that its second request brought."""
    added = document.details.get(FOLLOWED)
    quote = added.get("quote") if isinstance(added, dict) else None
    return f"{document.title}: {quote}" if isinstance(quote, str) and quote else document.title


def keep_followed(document: Document, before: Document | None) -> Document:
    """An amended document whose second request failed keeps what the last one brought."""
    if before is None or FOLLOWED in document.details or FOLLOWED not in before.details:
        return document
    return replace(document, details={**document.details, FOLLOWED: before.details[FOLLOWED]})

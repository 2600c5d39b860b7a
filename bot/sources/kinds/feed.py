"""Feeds: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed 1 and 1.1, well-formed or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urljoin

from pydantic import field_validator

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document
from bot.sources.base import Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.challenge import refuse_challenge
from bot.sources.syndication.entry import Syndicate
from bot.sources.syndication.identity import Identity, identified
from bot.sources.syndication.reading import syndicate_of

_GZIP = b"\x1f\x8b\x08"
_SCRIPTED = ("javascript:", "data:", "vbscript:", "file:", "blob:", "about:")
"""Addresses that do something, or that lead into the reader's own machine: never a link."""


class Feed(Source, kind="feed"):
    """A feed at an address."""

    url: str

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        if "://" not in url or url.endswith("://"):
            raise ValueError("a feed has an address")
        return url

    def requests(self) -> Iterator[Request]:
        yield Request(self.url, max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The entries of a feed, in the feed's order; the same for the same bytes.

        A feed that is cut keeps its whole entries and is `partial`. A well-formed feed without entries is an empty
        Reading. Blocks for up to some seconds where a feed is damaged, so call it off the event loop.
        Raises SourceError `not_a_feed`, `challenge`, `entity_declaration`, `too_deep`, `empty_document`, `cut_short`,
        `not_well_formed`, `parse_timeout`, `too_large`, `bad_encoding`.
        """
        refuse_challenge(answer)
        if answer.body.startswith(_GZIP):
            answer = replace(answer, body=inflated(answer.body, self.max_bytes))
        if answer.body[-1:] >= b"\x80":
            answer = replace(answer, body=whole_characters(answer.body))
        text = answer.text()
        feed = syndicate_of(text)
        if feed is None:
            refuse_challenge(answer, text)
            raise SourceError("not_a_feed", "the answer is neither RSS, Atom, RDF nor JSON Feed")
        return self._reading(feed, answer.url)

    def _reading(self, feed: Syndicate, address: str) -> Reading:
        base = _base(feed, address)
        entries = [
            (entry, absolute(entry.link, base_of(entry.bases, address) or base if entry.bases else base))
            for entry in feed.entries
        ]
        warnings = list(feed.warnings)
        if any(not entry.id and not url for entry, url in entries):
            warnings.append("no_guid_no_link")
        found = identified(entries, canonical_link(base) if base else "", one_id_one_entry=feed.one_id_one_entry)
        if len(found) < len(entries):
            warnings.append("repeated_entry")
        spoken = language_of(feed.language) or language_of(self.language)
        return Reading(
            documents=tuple(self._document(one, spoken) for one in found),
            partial=feed.partial,
            ttl=feed.ttl,
            warnings=tuple(warnings),
        )

    def _document(self, one: Identity, spoken: str | None) -> Document:
        entry = one.entry
        details: dict[str, object] = {}
        if entry.author:
            details["author"] = entry.author
        if entry.categories:
            details["categories"] = list(dict.fromkeys(entry.categories))
        if entry.outlet:
            details["outlet"] = entry.outlet
        return Document(
            source=self.id,
            key=one.key,
            title=entry.title,
            url=one.url or None,
            published=entry.published,
            updated=entry.updated,
            summary=entry.summary,
            language=(language_of(entry.language) if entry.language else None) or spoken,
            aliases=one.aliases,
            details=details,
        )


def absolute(link: str, base: str) -> str:
    """A link made absolute; nothing is stripped. Without any base it stays as it is.

    Empty for a link that runs a script or leads into the reader's machine.
    """
    if not link.isprintable() or " " in link:
        link = "".join("%20" if sign == " " else sign for sign in link.strip() if sign.isprintable())
    if link.startswith(("https://", "http://")) or not link:
        return link
    if link.lower().startswith(_SCRIPTED):
        return ""
    try:
        joined = urljoin(base, link)
    except ValueError:
        return ""
    return f"https:{joined}" if joined.startswith("//") else joined


def base_of(bases: tuple[str, ...], address: str) -> str:
    """The base that a chain of `xml:base`s (the innermost first) gives at an address; empty where it is no http one."""
    base = address
    for outer in reversed(bases):
        try:
            base = urljoin(base, outer.strip())
        except ValueError:
            continue
    return base if base.startswith(("http://", "https://")) else ""


def _base(feed: Syndicate, address: str) -> str:
    """Against what relative links of a feed are resolved: its `xml:base`, else its home page, else its address."""
    return (base_of(feed.bases, address) if any(feed.bases) else "") or base_of((feed.link,), address)


def inflated(body: bytes, most: int) -> bytes:
    """A gzip body that does not say so. Raises SourceError `too_large` beyond `most` bytes, `bad_encoding`."""
    decompressor = zlib.decompressobj(31)
    try:
        whole = decompressor.decompress(body, most)
    except zlib.error as error:
        raise SourceError("bad_encoding", str(error)) from error
    if decompressor.unconsumed_tail:
        raise SourceError("too_large", f"more than {most} bytes")
    return whole


def whole_characters(body: bytes) -> bytes:
    """A body without the UTF-8 character in the midst of which it was cut, so that the rest still reads as UTF-8."""
    for back in range(1, min(4, len(body)) + 1):
        byte = body[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return body[:-back] if length > back else body
        if byte < 0x80:
            break
    return body


@lru_cache(maxsize=512)
def language_of(tag: str) -> str | None:
    """The language of a tag such as `en-US` in lower case (`en`), or None where it names none."""
    primary = tag.strip().replace("_", "-").partition("-")[0].lower()
    known = len(primary) in (2, 3) and primary.isascii() and primary.isalpha() and primary not in ("und", "mul", "zxx")
    return primary if known else None

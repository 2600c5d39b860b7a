"""Reading one answer that lies in a file, without a source table: what `chipwatch parse` does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.fetch.exchange import Answer
from bot.sources.base import KINDS, Reading, Source, kind_of

UNDETERMINED = "und"
"""The language tag of what states no language (BCP 47): nothing is assumed for a file."""


def read_file(kind: str, path: Path, url: str | None = None) -> Reading:
    """The documents in one recorded answer. Raises KeyError for an unknown kind, OSError, SourceError."""
    return read_body(kind, path.read_bytes(), url)


def read_body(kind: str, body: bytes, url: str | None = None) -> Reading:
    """The documents in one answer's body; `url` is the address it came from, for links that are relative."""
    answer = Answer(url=url or "", status=200, headers={}, body=body, at=datetime(1970, 1, 1, tzinfo=UTC))
    return loose_source(kind, url).read(answer)


def loose_source(kind: str, url: str | None = None) -> Source:
    """A source of a kind with nothing but an address. Raises KeyError, naming the kinds, for an unknown one."""
    try:
        cls = kind_of(kind)
    except KeyError:
        raise KeyError(f"there is no kind {kind!r}; known: {', '.join(KINDS)}") from None
    needed = {"url": url or "https://address.invalid/"} if cls.model_fields["url"].is_required() else {"url": url}
    return cls(id="file", language=UNDETERMINED, **needed, **cls.LOOSE)

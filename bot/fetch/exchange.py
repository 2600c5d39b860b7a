"""A request to a publisher and its answer: the two nouns that transports and sources share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.errors import SourceError

DEFAULT_MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional: the last answer's ETag and Last-Modified."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `params` are added to the query of `url`; a list of pairs where a name repeats.

    `max_bytes` caps the decompressed body. `headers` carries what the service demands besides (an API key). `pace` is
    the least number of seconds between two starts at its host, where the service states a limit.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = Validators()
    max_bytes: int = DEFAULT_MAX_BYTES
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a publisher answered to one request, redirects followed, body decompressed.

    `url` is the address that answered in the end; `headers` have lower-case names; `at` is when it was received (UTC).
    `not_modified` stands for a 304: the body is empty and nothing has changed.
    `fresh_for` is how many seconds the answer asks not to be asked again (Cache-Control, Expires), or None. `cut` says
    that the connection broke before the body was whole.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    fresh_for: float | None = None
    cut: bool = False

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def validators(self) -> Validators:
        """What to ask with next time. None after a cut answer: a 304 would keep its missing half away for ever."""
        if self.cut:
            return Validators()
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))

    def text(self) -> str:
        """The body as text: charset from header, BOM, XML declaration or meta, in that order; never fails."""
        from bot.fetch.charset import decode

        return decode(self.body, self.headers.get("content-type"))

    def json(self) -> Any:
        """The body as JSON. Raises SourceError `not_json`."""
        try:
            return json.loads(self.text())
        except (ValueError, RecursionError) as error:
            raise SourceError("not_json", str(error)) from error


class Transport(Protocol):
    """Whatever answers requests: the network, or a recording."""

    async def get(self, request: Request) -> Answer:
        """The answer, whatever its status below 400 and 304.

        Raises SourceError: `http_404` and the like for a refusal (also `http_304` when nothing was conditional and
        `http_302` without an address), `timeout`, `unreachable`, `bad_answer` (not HTTP), `address_refused`,
        `too_many_redirects`, `too_large`, `bad_encoding`, `asked_to_wait` (429 or 503, with `retry_at`).
        """
        ...

    async def close(self) -> None: ...

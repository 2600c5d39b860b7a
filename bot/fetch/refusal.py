"""What an answer that is no answer becomes: the same error from the network and from a recording."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from bot.errors import SourceError
from bot.fetch.exchange import Validators
from bot.fetch.freshness import retry_at

_WAITING = (429, 503)


class RefusalError(SourceError):
    """A publisher answered, at `at`, with a status that brings no document; `headers` have lower-case names."""

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        status: int,
        headers: Mapping[str, str],
        at: datetime,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(name, detail, retry_at=retry_at)
        self.status = status
        self.headers = headers
        self.at = at


def refusal(status: int, headers: Mapping[str, str], now: datetime) -> RefusalError:
    """The error for a status: `asked_to_wait` for 429 and 503 that say until when, else `http_` and the number."""
    until = retry_at(headers, now) if status in _WAITING else None
    if until is not None:
        detail = f"the publisher asks not to be asked before {until:%Y-%m-%d %H:%M:%S} UTC (status {status})"
        return RefusalError("asked_to_wait", detail, status=status, headers=headers, at=now, retry_at=until)
    if status == HTTPStatus.NOT_MODIFIED:
        detail = "the publisher says that nothing has changed, but nothing was known yet (status 304)"
    elif headers.get("cf-mitigated", "").strip().lower() == "challenge":
        detail = f"Cloudflare asks for a browser instead of answering (status {status})"
    else:
        detail = f"the publisher answered {status} {_phrase(status)}".rstrip()
    return RefusalError(f"http_{status}", detail, status=status, headers=headers, at=now)


def brings_nothing(status: int, asked: Validators) -> bool:
    """Whether a status, redirects apart, is a refusal. A 304 is one where the request named nothing known."""
    if status == HTTPStatus.NOT_MODIFIED:
        return asked.etag is None and asked.last_modified is None
    return status >= 300


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""

"""How long a publisher asks to be left alone: Cache-Control, Expires and Retry-After, read as strangers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.clock import as_utc

LONGEST_FRESH = 365 * 86400.0
"""Seconds; RFC 9111 lets caches take anything longer as forever."""
LONGEST_RETRY = timedelta(hours=24)
"""A Retry-After beyond this is cut to it: an outage announced for longer is worth one question a day."""

_SECONDS = re.compile(r"\s*([0-9]+)(?:\.[0-9]*)?\s*", re.ASCII)


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which an answer stays fresh (RFC 9111, private cache), or None when it does not say or says none.

    `max-age` less `Age`, else `Expires` less `Date`; `no-cache`, `no-store` and what is used up give None. `s-maxage`
    speaks to shared caches and is passed over. Names of headers in lower case.
    """
    control = headers.get("cache-control")
    if control is not None:
        directives = _directives(control)
        if "no-cache" in directives or "no-store" in directives:
            return None
        if "max-age" in directives:
            lifetime = _seconds(directives["max-age"])
            if lifetime is None:
                return None
            return _positive(min(lifetime, LONGEST_FRESH) - (_seconds(headers.get("age", "")) or 0.0))
    if (expires := http_date(headers.get("expires"))) is None:
        return None
    sent = http_date(headers.get("date")) or now
    return _positive(min((expires - sent).total_seconds(), LONGEST_FRESH))


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When Retry-After allows the next request: between now and a day from now; None without one or for nonsense."""
    text = headers.get("retry-after")
    if text is None:
        return None
    seconds = _seconds(text)
    if seconds is not None:
        return now + min(timedelta(seconds=min(seconds, 1e9)), LONGEST_RETRY)
    moment = http_date(text)
    return None if moment is None else min(max(moment, now), now + LONGEST_RETRY)


def http_date(text: str | None) -> datetime | None:
    """A date of HTTP in any of its three spellings, in UTC; None for anything else."""
    if not text or len(text) > 64:
        return None
    try:
        return as_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _directives(control: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in control.lower().split(","))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _seconds(text: str) -> float | None:
    found = _SECONDS.fullmatch(text)
    if found is None:
        return None
    return float(found[1]) if len(found[1]) < 16 else LONGEST_FRESH


def _positive(seconds: float) -> float | None:
    return seconds if seconds > 0 else None

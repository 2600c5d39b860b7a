"""What of an address is compared when a recording answers for a publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from bot.logs import SECRET_PARAMETERS

PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:\w[\w.-]*|\[[0-9A-Fa-f:.]+\])(?::\d*)?")

Place = tuple[str, str, str]
"""Scheme, host (with its port when unusual) and path, percent-decoded."""
Query = frozenset[tuple[str, str]]
"""Name and value of each parameter, percent-decoded."""


def taken_apart(url: str, params: Iterable[tuple[str, str]] = ()) -> tuple[Place, Query]:
    """Where an address leads and what it asks there, `params` included. Raises ValueError for what is no address."""
    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    if port is not None and port != PORTS.get(scheme):
        host = f"{host}:{port}"
    query = parse_qsl(parts.query, keep_blank_values=True)
    return (scheme, host, unquote(parts.path) or "/"), frozenset([*query, *params])


def without_secrets(url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """The address as it may be written down: `params` added, keys and tokens, user names and the fragment left out.

    A replay finds it all the same, since a request may have more parameters than the recorded address.
    """
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *params]
    kept = [(name, value) for name, value in query if name.lower() not in SECRET_PARAMETERS]
    text = urlencode(kept, quote_via=quote, safe="[]") if len(kept) < len(query) or params else parts.query
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, text, ""))


def names_host(netloc: str) -> bool:
    """Whether that part of an address names what can be a host: letters of any script, or numbers in brackets."""
    return _HOST.fullmatch(netloc.rpartition("@")[2]) is not None


def is_address(url: str) -> bool:
    """Whether it begins with http:// or https:// and names what can be a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in PORTS and names_host(parts.netloc) and parts.port != 0
    except ValueError:
        return False

"""Asks publishers over the network: conditional, capped, within a deadline, and only at addresses that are theirs."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.clock import Clock, SystemClock
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request, Validators
from bot.fetch.freshness import fresh_for
from bot.fetch.guard import ForbiddenAddressError, Guard, refuse_odd_address
from bot.fetch.inflate import ACCEPT_ENCODING, inflater
from bot.fetch.pacing import Pacer
from bot.fetch.refusal import brings_nothing, refusal

REDIRECTS = frozenset({301, 302, 303, 307, 308})
REMEMBERED = 4096
"""Prepared addresses kept; they are few and the same at every poll."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that was looked at: where to ask, whose door it is, and what a wish for quiet there covers."""

    url: URL
    host: str
    quiet: str
    own: bool


class Network:
    """The one HTTP client for sources, over one aiohttp session that opens with the first request.

    `user_agent` and `contact` make the User-Agent header; `allow_private` lists addresses or networks that the guard
    lets through; `deadline` is seconds for one answer, redirects included, its turn in the host's queue not;
    `per_host` requests run at a time and `pace` seconds pass between two starts at one host; `resolver` replaces the
    system's. Hosts that `allow_private` names by address are the operator's own: not paced, asked more at a time, and
    a Retry-After there is for the one address that sent it (a feed generator passes on what many say).
    """

    def __init__(
        self,
        *,
        user_agent: str = "Chipwatch",
        contact: str = "",
        allow_private: tuple[str, ...] = (),
        deadline: float = 30.0,
        max_redirects: int = 5,
        per_host: int = 2,
        pace: float = 0.0,
        clock: Clock | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        reach = f"+{contact}" if contact.startswith("http") else contact  # the custom among robots
        name = f"{user_agent} ({reach})" if contact else user_agent
        self._headers = {"User-Agent": _CONTROL.sub(" ", name).strip(), "Accept-Encoding": ACCEPT_ENCODING}
        self._guard = Guard(allow_private)
        self._deadline = deadline
        self._max_redirects = max_redirects
        self._clock = clock or SystemClock()
        self._pacer = Pacer(self._clock, per_host, pace)
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._targets: dict[tuple[str, tuple[tuple[str, str], ...]], _Target] = {}

    async def get(self, request: Request) -> Answer:
        """As `Transport.get`: redirects followed, each checked like the first address."""
        target = self._target(request.url, request.params)
        headers = _conditional(request)
        left = self._deadline
        seen = {target.url}
        for _ in range(self._max_redirects + 1):
            gate = await self._pacer.enter(target.host, target.quiet, own=target.own, pace=request.pace)
            began = time.monotonic()
            try:
                answer = await self._within(left, target, headers, request)
            finally:
                self._pacer.leave(gate)
            if isinstance(answer, Answer):
                return answer
            left -= time.monotonic() - began
            following = self._target(answer)
            if following.url in seen:
                raise SourceError("too_many_redirects", f"{target.host} sends in circles, to {following.host} again")
            seen.add(following.url)
            if following.url.origin() != target.url.origin() and request.headers:
                headers = _conditional(Request(request.url, validators=request.validators))
            target = following
        raise SourceError("too_many_redirects", f"more than {self._max_redirects} redirects, the last to {target.host}")

    async def close(self) -> None:
        """Close every connection. The next request would open a new session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _within(self, left: float, target: _Target, headers: Mapping[str, str], request: Request) -> Answer | str:
        """One request inside what is left of the deadline: the answer, or the address it redirects to."""
        try:
            async with asyncio.timeout(left):
                return await self._ask(target, headers, request)
        except TimeoutError as error:
            raise SourceError("timeout", f"{target.host} did not finish within {self._deadline:g} s") from error
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise _explained(error, target.host) from error

    async def _ask(self, target: _Target, headers: Mapping[str, str], request: Request) -> Answer | str:
        session = self._session or self._open()
        async with session.get(target.url, headers=headers, allow_redirects=False) as response:
            status, received = response.status, _plain(response.headers)
            if status in REDIRECTS and (location := received.get("location", "").strip()):
                return _joined(target.url, location)
            now = self._clock.now()
            if brings_nothing(status, request.validators):
                error = refusal(status, received, now)
                if error.retry_at is not None:
                    self._pacer.keep_quiet(target.quiet, error.retry_at)
                raise error
            body, cut = (b"", False) if status == 304 else await _body(response, target.host, request.max_bytes)
            return Answer(str(target.url), status, received, body, now, fresh_for(received, now), cut)

    def _target(self, text: str, params: tuple[tuple[str, str], ...] = ()) -> _Target:
        """The address, looked at. Raises SourceError `address_refused`."""
        key = (text, params)
        if (known := self._targets.get(key)) is not None:
            return known
        text = text.strip()
        refuse_odd_address(text)
        try:
            url = URL(text).with_fragment(None)
            if params:
                url = url.extend_query(params)
            host = url.raw_host or ""
            ambiguous = host != _host_for_others(text)
        except ValueError as error:
            raise SourceError("address_refused", f"{text.partition('?')[0][:200]!r} is no address: {error}") from error
        if ambiguous:
            raise SourceError("address_refused", f"{host} is not asked: its address can be read in two ways")
        own = self._guard.is_own(host)
        host = host.rstrip(".")
        target = _Target(url, host, str(url.with_query(None)) if own else host, own)
        if len(self._targets) >= REMEMBERED:
            self._targets.clear()
        self._targets[key] = target
        return target

    def _open(self) -> aiohttp.ClientSession:
        resolver = _GuardedResolver(self._guard, self._resolver or aiohttp.resolver.DefaultResolver())
        connector = aiohttp.TCPConnector(resolver=resolver, socket_factory=self._guard.socket_for, limit=0)
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # one deadline, kept in `_within`
            auto_decompress=False,
            trust_env=False,  # a proxy from the environment would do the dialling, out of the guard's sight
        )
        return self._session


class _GuardedResolver(AbstractResolver):
    """Refuses a name outright when any of its addresses is refused; what is dialled is judged once more."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            if reason := self._guard.reason_against(result["host"]):
                raise ForbiddenAddressError(reason)
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _host_for_others(text: str) -> str:
    """The host of an address as the standard library cuts it out, spelled as yarl spells hosts."""
    return URL.build(scheme="http", host=urlsplit(text).hostname or "").raw_host or ""


def _conditional(request: Request) -> dict[str, str]:
    headers = dict(request.headers)
    validators: Validators = request.validators
    if validators.etag is not None:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified is not None:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _plain(headers: Any) -> dict[str, str]:
    """Headers with lower-case names; a repeated one joined by commas; bytes that are no UTF-8 read as Latin-1."""
    plain: dict[str, str] = {}
    for name, value in headers.items():
        text = value if value.isascii() else _well_formed(value)
        key = name.lower()
        plain[key] = f"{plain[key]}, {text}" if key in plain else text
    return plain


def _well_formed(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _joined(base: URL, location: str) -> str:
    """Where a redirect leads. What is no address at all goes back as it stands and is refused by its looks."""
    try:
        return str(base.join(URL(location))) if "\\" not in location else location
    except ValueError:
        return location


async def _body(response: aiohttp.ClientResponse, host: str, max_bytes: int) -> tuple[bytes, bool]:
    """The unpacked body, and whether it was cut off. Raises SourceError `too_large`, `bad_encoding`, `unreachable`."""
    unpack = inflater(response.headers.get("Content-Encoding", ""))
    if (response.content_length or 0) > max_bytes:
        raise _too_large(host, max_bytes)
    body = bytearray()  # not a list: a sender of single bytes would make millions of entries
    taken, cut = 0, False
    try:
        async for chunk in response.content.iter_any():
            taken += len(chunk)
            if unpack is None:
                body += chunk
            else:
                for piece in unpack.feed(chunk):
                    body += piece
                    if len(body) > max_bytes:
                        break
            if taken > max_bytes or len(body) > max_bytes:
                raise _too_large(host, max_bytes)
    except (aiohttp.ClientPayloadError, aiohttp.ClientOSError, aiohttp.ServerDisconnectedError, ConnectionError):
        cut = True
    if unpack is not None and taken and not unpack.finished:
        cut = True
    if cut and not body:
        raise SourceError("unreachable", f"{host} closed the connection before its answer began")
    return bytes(body), cut


def _too_large(host: str, max_bytes: int) -> SourceError:
    remedy = "`max_bytes` of the source allows more"
    return SourceError("too_large", f"{host} sends more than {max_bytes:,} bytes; {remedy}")


def _explained(error: Exception, host: str) -> SourceError:
    """What went wrong below HTTP, as a sentence."""
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, ForbiddenAddressError):
        return SourceError("address_refused", f"{host} is not asked: {cause.reason} (see fetch.allow_private)")
    if isinstance(error, aiohttp.InvalidURL):
        return SourceError("address_refused", f"{host} is not asked: the address cannot be read")
    if isinstance(error, aiohttp.ClientConnectorDNSError | UnicodeError):
        return SourceError("unreachable", f"the name {host} has no address")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", "") or error.certificate_error
        return SourceError("unreachable", f"the TLS certificate of {host} is not valid: {why}")
    if isinstance(error, aiohttp.ClientSSLError):
        return SourceError("unreachable", f"{host} does not speak TLS as it should: {cause}")
    if isinstance(cause, ConnectionRefusedError):
        return SourceError("unreachable", f"{host} refused the connection")
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError):
        return SourceError("unreachable", f"{host} closed the connection without an answer")
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return SourceError("bad_answer", f"{host} does not answer in HTTP: {_one_line(error)}")
    return SourceError("unreachable", f"{host} cannot be reached: {_one_line(cause)}")


def _one_line(error: object) -> str:
    return _CONTROL.sub(" ", str(getattr(error, "message", "") or getattr(error, "strerror", "") or error))[:200]

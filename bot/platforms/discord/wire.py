"""Requests to Discord's REST API: paced, counted, and every refusal told as what it means for a delivery."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import orjson

from bot.clock import Clock
from bot.errors import DeliveryError, Reach
from bot.platforms.discord.pace import Pace

LONGEST_S = 25.0
"""Seconds that one request may take, with the library's own retries; then the outbox decides."""
_UNPACED = re.compile(r"/(interactions|webhooks)/")
LOST: dict[int, Reach] = {
    10003: "channel",  # unknown channel
    10004: "workspace",  # unknown server
    40067: "channel",  # the forum wants a tag
    50001: "channel",  # missing access
    50008: "channel",  # no channel for text
    50013: "channel",  # missing permissions
    50083: "channel",  # an archived thread
    160005: "channel",  # a locked thread
}
"""Refusals that somebody on the server must mend, and how much they concern."""
EDITED_TOO_OFTEN = 30046
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
MISSING_PERMISSIONS = 50013
NO_MESSAGES_HERE = frozenset({50008, 50024})
"""Refusals of a channel that holds no messages itself: a forum."""
CROSSPOSTED = 40033


class RefusedError(DeliveryError):
    """The API's own refusal, with its code: for callers who know a way around it."""

    def __init__(self, reason: str, status: int, code: int, **what: Any) -> None:
        super().__init__(reason, **what)
        self.status = status
        self.code = code


class Wire:
    """The REST side of a client. It logs in by itself, so that messages go out while the gateway is away."""

    def __init__(self, token: str, clock: Clock, pace: Pace) -> None:
        self.clock = clock
        self.pace = pace
        self.own_id = ""
        self._token = token
        self._client: discord.Client | None = None
        self._login = asyncio.Lock()
        self._dead = ""

    def use(self, client: discord.Client) -> None:
        """Send through this client's connections."""
        self._client = client

    @property
    def trouble(self) -> str:
        """Why nothing is asked any more; empty while the token is good."""
        return self._dead

    def trace(self) -> aiohttp.TraceConfig:
        """What each try of a request, the library's own retries included, passes before and after."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._before)
        trace.on_request_end.append(self._after)
        return trace

    async def _before(self, session: Any, context: Any, request: aiohttp.TraceRequestStartParams) -> None:
        rests = self.pace.rests_until
        if rests is not None:
            reason = "too many refused requests; resting before Discord bans us"
            raise DeliveryError(reason, retry_at=rests, slowed="platform")
        if not _UNPACED.search(request.url.path):
            await self.pace.wait()

    async def _after(self, session: Any, context: Any, request: aiohttp.TraceRequestEndParams) -> None:
        status, headers = request.response.status, request.response.headers
        if status in (401, 403) or (status == 429 and headers.get("X-RateLimit-Scope") != "shared"):
            self.pace.refused()

    async def login(self) -> None:
        """See that the token is good; who we are is known afterwards. Raises DeliveryError."""
        async with self._login:
            if self.own_id or self._client is None:
                return
            try:
                if self._client.user is None:
                    async with asyncio.timeout(LONGEST_S):
                        await self._client.login(self._token)
            except discord.LoginFailure as error:
                raise self.end(str(error)) from error
            except Exception as error:
                raise _failure(error, self.clock, method="GET") from error
            user = self._client.user
            self.own_id = str(user.id) if user else ""

    async def call(
        self, method: str, path: str, body: Any = None, files: Sequence[tuple[str, bytes]] = (), **params: Any
    ) -> Any:
        """One request; what the API answers. `path` is filled by the library's names (`{channel_id}`), the rest of
        `params` are the query. Raises DeliveryError; RefusedError where the API itself says no."""
        if self._dead:
            raise DeliveryError(self._dead, lost="platform")
        await self.login()
        if self._client is None:
            raise DeliveryError("Discord is not started")
        named = {name: params.pop(name) for name in list(params) if f"{{{name}}}" in path}
        route = discord.http.Route(method, path, **named)
        content = _content(body, files) | ({"params": params} if params else {})
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._client.http.request(route, **content)
        except DeliveryError:
            raise
        except Exception as error:
            failure = _failure(error, self.clock, method)
            if isinstance(failure, RefusedError) and failure.status == 401:
                raise self.end(failure.reason) from error
            raise failure from error

    def end(self, reason: str) -> DeliveryError:
        """The token is no longer good: nothing more is asked with it."""
        self._dead = f"Discord does not take the token: {reason}"
        return DeliveryError(self._dead, lost="platform")


def _content(body: Any, files: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    if not files:
        return {"json": body} if body is not None else {}
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": orjson.dumps(body).decode()}]
    form += [
        {"name": f"files[{number}]", "value": content, "filename": name, "content_type": "application/octet-stream"}
        for number, (name, content) in enumerate(files)
    ]
    return {"form": form}


def _failure(error: Exception, clock: Clock, method: str) -> DeliveryError:
    """What an exception of the library or of the network means."""
    changes = method != "GET"
    match error:
        case discord.RateLimited():
            at = clock.now() + timedelta(seconds=error.retry_after)
            return DeliveryError("Discord asks us to wait", retry_at=at, slowed="channel")
        case discord.HTTPException():
            return refusal(error, clock, changes=changes)
        case aiohttp.ClientConnectorError():
            return DeliveryError(f"Discord cannot be reached: {type(error).__name__}", slowed="platform")
        case TimeoutError():
            return DeliveryError("Discord did not answer in time", unknown=changes)
        case aiohttp.ClientError() | OSError():
            return DeliveryError(f"the connection broke: {type(error).__name__}", unknown=changes)
        case _:
            return DeliveryError(f"{type(error).__name__}: {error}", unknown=changes)


def refusal(error: discord.HTTPException, clock: Clock, *, changes: bool) -> DeliveryError:
    """What an answer other than 2xx means."""
    status, code = error.status, error.code
    reason = f"{status} {code}: {error.text or 'refused'}"[:300]
    now = clock.now()
    if code == EDITED_TOO_OFTEN:
        return RefusedError(reason, status, code, retry_at=now + timedelta(hours=1))
    if status == 429:
        at = now + timedelta(seconds=max(_seconds(error.response.headers.get("Retry-After")), 60.0))
        return DeliveryError(f"Discord turns us away: {reason}", retry_at=at, slowed="platform")
    if status >= 500:
        return DeliveryError(reason, unknown=changes)
    if code in LOST:
        return RefusedError(reason, status, code, lost=LOST[code])
    if status == 403 and code != 50007:
        return RefusedError(reason, status, code, lost="channel")
    return RefusedError(reason, status, code, permanent=True)


def _seconds(text: str | None) -> float:
    try:
        return min(max(float(text or 0), 0.0), 86400.0)
    except ValueError:
        return 0.0

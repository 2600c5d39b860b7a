"""Calls of the Web API: one session for all workspaces, each call with its workspace's token, never sent twice.

slack_sdk's own client sends again when a connection breaks. That is right for reading and wrong for posting: Slack
knows no idempotency, and the first request may have arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from bot.clock import Clock
from bot.errors import DeliveryError
from bot.platforms.slack.refusals import refusal

if TYPE_CHECKING:
    import aiohttp
    from slack_sdk.web.async_client import AsyncWebClient

SLACK = "https://slack.com/api/"
DEADLINE_S = 20
_TAKES_JSON = frozenset({
    "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.open",
    "views.open", "views.push", "views.update", "views.publish",
})  # fmt: skip
"""The methods that read JSON; the others see nothing in it and want a form."""


class Tokens(Protocol):
    """Whose token speaks in a workspace."""

    async def token(self, workspace: str) -> str:
        """The bot token of a workspace. Raises DeliveryError(`lost="workspace"`) where there is none."""
        ...


def _form(arguments: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in arguments.items()
    }


class OneToken:
    """The one workspace of a bot with a token of its own in the settings."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, workspace: str) -> str:
        return self._token


class Api:
    """`api_url` is the base address; empty: Slack's own. Close it at the end."""

    def __init__(self, tokens: Tokens, clock: Clock, api_url: str = "") -> None:
        self.tokens = tokens
        self.clock = clock
        self.base = (api_url or SLACK).rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def session(self) -> aiohttp.ClientSession:
        """The connections of this process to Slack."""
        import aiohttp

        if self._closed:
            raise DeliveryError("the connections to Slack are closed")
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=64, keepalive_timeout=30)
            timeout = aiohttp.ClientTimeout(total=DEADLINE_S)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client of the SDK that sends nothing twice."""
        from slack_sdk.web.async_client import AsyncWebClient

        return AsyncWebClient(
            token=token, base_url=self.base, session=self.session(), retry_handlers=[], timeout=DEADLINE_S
        )

    async def call(self, workspace: str, method: str, **arguments: Any) -> Mapping[str, Any]:
        """The answer of a method. Raises DeliveryError for every refusal, as `refusals` classifies them.

        A connection that breaks after a message was handed over leaves it unknown whether Slack has it.
        """
        return await self.call_as(await self.tokens.token(workspace), method, **arguments)

    async def call_as(self, token: str, method: str, **arguments: Any) -> Mapping[str, Any]:
        """The same with a token."""
        import aiohttp
        from slack_sdk.errors import SlackApiError

        given = {name: value for name, value in arguments.items() if value is not None}
        body = {"json": given} if method in _TAKES_JSON else {"data": _form(given)}
        try:
            answer = await self.client(token).api_call(method, **body)
        except SlackApiError as error:
            response = error.response
            data = response.data if isinstance(response.data, dict) else {}
            raise refusal(method, response.status_code, data, response.headers, self.clock.now()) from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise DeliveryError(f"{method}: Slack cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            sent = method == "chat.postMessage"
            raise DeliveryError(f"{method}: the line broke ({type(error).__name__})", unknown=sent) from error
        return answer.data if isinstance(answer.data, dict) else {}

    async def upload(
        self, workspace: str, name: str, content: bytes, alt: str = "", *, channel: str = "", thread: str = ""
    ) -> str:
        """Put a file into Slack, into a channel or none; its id. Raises DeliveryError."""
        import aiohttp

        size = {"filename": name, "length": len(content), "alt_txt": alt or None}
        place = await self.call(workspace, "files.getUploadURLExternal", **size)
        try:
            async with self.session().post(str(place["upload_url"]), data=content) as answer:
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryError(f"the upload broke ({type(error).__name__})") from error
        files = [{"id": place["file_id"], "title": name}]
        where = {"channel_id": channel or None, "thread_ts": thread or None}
        await self.call(workspace, "files.completeUploadExternal", files=files, **where)
        return str(place["file_id"])

    async def respond(self, url: str, payload: Mapping[str, Any]) -> int:
        """Post to a response address; the status, 0 where it cannot be reached."""
        import aiohttp

        if self._closed:
            return 0
        try:
            async with self.session().post(url, json=dict(payload)) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    async def close(self) -> None:
        """Let go of the connections."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

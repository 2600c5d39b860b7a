"""Socket Mode: envelopes over a web socket, with a watchdog for the socket that goes deaf.

A socket can answer pings and bring nothing (bolt-python #1529). Nobody can tell such a one from a quiet day, so after
some minutes without a sign of life the bot asks who it is and connects anew: that costs one request.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from bot.clock import Clock
from bot.errors import ConfigError, DeliveryError
from bot.logs import logger
from bot.platforms.slack.api import Api
from bot.platforms.slack.refusals import WORKSPACE_GONE, error_name

if TYPE_CHECKING:
    from aiohttp import WSMessage
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.app.async_app import AsyncApp

SILENCE_S = 300.0
"""Without an event for so long, the connection is made anew."""
HELLO_S = 20.0
"""A new connection that has not said hello by then is made anew."""
BEAT_S = 5.0
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0


class Socket:
    """One connection of the app. `open` comes back once it stands or Slack cannot be reached: it is tried on then."""

    def __init__(
        self, app: AsyncApp, api: Api, app_token: str, clock: Clock, *, workspace: str = "", silence: float = SILENCE_S,
        hello: float = HELLO_S, beat: float = BEAT_S,
    ) -> None:  # fmt: skip
        self._app = app
        self._api = api
        self._token = app_token
        self._clock = clock
        self._workspace = workspace
        self._silence = silence
        self._hello_within = hello
        self._beat = beat
        self._heard = 0.0
        self._greeted = False
        self._handler: AsyncSocketModeHandler | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._log: Any = logger("slack")
        self.reconnects = 0

    async def open(self) -> None:
        """Connect. Raises ConfigError for a token that Slack does not take."""
        self._sign()
        first = None
        with contextlib.suppress(TimeoutError):
            first = await asyncio.wait_for(self._url(strict=True), self._hello_within)
        self._handler = self._made()
        connecting = self._start(self._connect(first))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(connecting), self._hello_within)
        self._start(self._watch())

    async def close(self) -> None:
        """Take no more envelopes."""
        for task in self._tasks:
            task.cancel()
        if self._handler is not None:
            closing: Any = self._handler.client.close()  # type: ignore[no-untyped-call]
            await closing
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _made(self) -> AsyncSocketModeHandler:
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

        quiet = logging.getLogger("slack_sdk.socket_mode.chipwatch")
        quiet.setLevel(logging.CRITICAL)  # it repeats each failed try with its whole stack; we say it once
        handler = AsyncSocketModeHandler(
            self._app, self._token, logger=quiet, web_client=self._api.client(self._token), ping_interval=self._beat
        )
        # the SDK's own breaks where Slack answers with a page instead of JSON
        handler.client.issue_new_wss_url = self._url  # type: ignore[method-assign]
        handler.client.on_message_listeners.append(self._on_message)
        return handler

    async def _connect(self, url: str | None) -> None:
        assert self._handler is not None
        client: Any = self._handler.client
        if url is None:
            await client.connect_to_new_endpoint(force=True)
        else:
            client.wss_uri = url
            await client.connect()

    async def _url(self, *, strict: bool = False) -> str:
        """An address to connect to, good once; asked for until there is one, ever more slowly. `strict` raises
        ConfigError for a token that Slack does not take."""
        wait = FIRST_WAIT_S
        while True:
            try:
                return str((await self._api.call_as(self._token, "apps.connections.open"))["url"])
            except DeliveryError as error:
                name = error_name(error)
                if strict and (name in WORKSPACE_GONE or name in ("missing_scope", "not_allowed_token_type")):
                    remedy = "make an app-level token with the scope connections:write"
                    raise ConfigError(f"slack.app_token: Slack says {name}; {remedy}") from error
                self._log.warning("slack_not_connected", error=error.reason)
                told = (error.retry_at - self._clock.now()).total_seconds() if error.retry_at else wait
            await asyncio.sleep(max(told, 0.1))
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _reachable(self) -> bool:
        try:
            await self._api.call_as(self._token, "auth.test")
        except DeliveryError as error:
            self._log.warning("slack_unreachable", error=error.reason)
            return False
        return True

    async def _on_message(self, message: WSMessage) -> None:
        self._heard = asyncio.get_running_loop().time()
        self._greeted = True

    def _sign(self) -> None:
        self._heard = asyncio.get_running_loop().time()
        self._greeted = False

    async def _watch(self) -> None:
        """Connect anew where no sign of life came."""
        while True:
            await asyncio.sleep(min(self._beat, self._silence, self._hello_within) / 2)
            silent = asyncio.get_running_loop().time() - self._heard
            if silent < (self._silence if self._greeted else self._hello_within):
                continue
            self._log.warning("slack_socket_silent", seconds=round(silent), greeted=self._greeted)
            await self._again("silent")

    async def _again(self, why: str) -> None:
        """A new connection in the place of the old one, when Slack can be reached."""
        assert self._handler is not None
        self._sign()
        if not await self._reachable():
            return
        try:
            client: Any = self._handler.client
            await asyncio.wait_for(client.connect_to_new_endpoint(force=True), self._hello_within)
            self.reconnects += 1
        except Exception as error:  # whatever it is, the next beat tries again
            self._log.warning("slack_not_connected", why=why, error=f"{type(error).__name__}: {error}")

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

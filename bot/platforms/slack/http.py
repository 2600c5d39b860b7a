"""Signed HTTP: `/slack/events` for all that Slack sends, `/slack/install` and `/slack/oauth_redirect` to install."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.platforms.slack.api import Api
from bot.platforms.slack.installations import STATE_LIVES_S, Installations
from bot.platforms.slack.visit import workspace_of

if TYPE_CHECKING:
    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.oauth.async_callback_options import AsyncSuccessArgs
    from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
    from slack_bolt.response import BoltResponse
    from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

MOST_BYTES = 1024 * 1024
EVENTS, INSTALL, REDIRECT = "/slack/events", "/slack/install", "/slack/oauth_redirect"
AUTHORIZE = "https://slack.com/oauth/v2/authorize"

Joined = Callable[[str, str, str], Awaitable[None]]
"""Hears of an install: workspace, its name, who installed."""


class Pages:
    """The three addresses. `flow` is None where the one workspace has its token in the settings."""

    def __init__(self, app: AsyncApp, flow: AsyncOAuthFlow | None = None) -> None:
        self._app = app
        self._flow = flow

    def mount(self, application: web.Application) -> None:
        """Put the addresses into the bot's web application."""
        application.router.add_post(EVENTS, self._events)
        if self._flow is not None:
            application.router.add_get(INSTALL, self._install)
            application.router.add_get(REDIRECT, self._redirect)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        return await self._answered(request, body, self._app.async_dispatch)

    async def _install(self, request: web.Request) -> web.StreamResponse:
        assert self._flow is not None
        return await self._answered(request, "", self._flow.handle_installation)

    async def _redirect(self, request: web.Request) -> web.StreamResponse:
        assert self._flow is not None
        return await self._answered(request, "", self._flow.handle_callback)

    async def _answered(
        self, request: web.Request, body: str, handle: Callable[[Any], Awaitable[BoltResponse]]
    ) -> web.StreamResponse:
        from slack_bolt.adapter.aiohttp import to_aiohttp_response
        from slack_bolt.request.async_request import AsyncBoltRequest

        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:  # before the signature has been looked at: anybody may have sent it
            asked = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            return web.Response(status=400)
        return await to_aiohttp_response(await handle(asked))


async def _read(request: web.Request) -> str | None:
    """The raw body, as it was signed; None where it is larger than anything that Slack sends."""
    parts, size = [], 0
    async for part in request.content.iter_chunked(64 * 1024):
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


def install_flow(
    api: Api, client_id: str, client_secret: str, scopes: Sequence[str], installations: Installations,
    states: AsyncOAuthStateStore, joined: Joined, public_url: str = "",
) -> AsyncOAuthFlow:  # fmt: skip
    """The way of an install: a state that is good once, a code that is good once, a stored installation."""
    from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, DefaultAsyncCallbackOptions
    from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
    from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings

    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(scopes),
        user_scopes=[],
        redirect_uri=public_url.rstrip("/") + REDIRECT if public_url else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=STATE_LIVES_S,
        authorization_url=AUTHORIZE,
    )
    flow = AsyncOAuthFlow(client=api.client(), settings=settings)
    usual = DefaultAsyncCallbackOptions(
        logger=flow.logger,
        state_utils=settings.state_utils,
        redirect_uri_page_renderer=settings.redirect_uri_page_renderer,
    )

    async def success(arguments: AsyncSuccessArgs) -> BoltResponse:
        made = arguments.installation
        workspace = workspace_of(made.team_id or "", made.enterprise_id or "", made.is_enterprise_install)
        await joined(workspace, made.team_name or made.enterprise_name or "", made.user_id or "")
        return await usual.success(arguments)

    flow.success_handler = success
    flow.failure_handler = usual.failure
    settings.callback_options = AsyncCallbackOptions(success=success, failure=usual.failure)
    return flow

"""Slack as the settings want it: by two tokens over a socket, by signed HTTP, or installed by many workspaces."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands.ask import Services
from bot.commands.desk import Desk
from bot.delivery.platform import PresenceKeeper
from bot.errors import ConfigError, DeliveryError
from bot.logs import logger
from bot.platforms.slack.api import Api, OneToken, Tokens
from bot.platforms.slack.counter import Counter
from bot.platforms.slack.home import Home
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.people import People
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.refusals import WORKSPACE_GONE, error_name
from bot.platforms.slack.triaging import Triaging
from bot.settings.tables import Settings
from bot.store import glance

if TYPE_CHECKING:
    from aiohttp import web
    from slack_bolt.app.async_app import AsyncApp
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.platforms.slack.http import Pages
    from bot.platforms.slack.installations import Installations, InstalledTokens
    from bot.platforms.slack.socket import Socket


GRACE_S = 4.0


@dataclass(slots=True)
class Us:
    """Who the bot is in its one workspace, once Slack has said so."""

    workspace: str = ""
    enterprise: str = ""
    user: str = ""
    bot: str = ""


class Connection:
    """Slack, built. `platform` posts; `open` and `close` are the door's; `mount` puts its pages into the bot's web
    application where HTTP is used."""

    def __init__(
        self, settings: Settings, services: Services, desk: Desk, presence: PresenceKeeper, *,
        report: Callable[[str, Mapping[str, Any]], None] | None = None,
    ) -> None:  # fmt: skip
        self._slack, self._services, self._presence = settings.slack, services, presence
        self._log: Any = logger("slack")
        self._us = Us()
        self._engine: AsyncEngine | None = None
        self._installations: Installations | None = None
        self._installed: InstalledTokens | None = None
        self._socket: Socket | None = None
        self._pages: Pages | None = None
        self.api = Api(self._tokens(settings), services.clock, settings.slack.api_url)
        if self._installed is not None:
            self._installed.api = self.api
        self.platform = Slack(
            self.api, services.clock, home_of=self._home_of, report=report or self._complain, alone=self._alone
        )
        self.listeners = self._listeners(settings, desk)
        self.app = self._made()
        self.listeners.attach(self.app)
        if self._slack.app_token and not self._installed:
            self._socket = self._made_socket()
        elif self._slack.signing_secret:
            self._pages = self._made_pages()
        else:
            self._log.warning("slack_posts_only", missing="slack.app_token or slack.signing_secret")

    def mount(self, application: web.Application) -> None:
        """Put the pages, if there are any, into a web application."""
        if self._pages is not None:
            self._pages.mount(application)

    async def open(self) -> None:
        """Begin to answer. Raises ConfigError for tokens that Slack does not take."""
        if self._installations is not None and self._engine is not None:
            from bot.platforms.slack.installations import states

            store = states(self._engine)
            async with self._engine.begin() as conn:
                await conn.run_sync(self._installations.metadata.create_all)
                await conn.run_sync(store.metadata.create_all)
        else:
            await self._learn()
        if self._socket is not None:
            await self._socket.open()

    async def close(self) -> None:
        """Stop answering, what is being answered is finished within a few seconds; the platform can still post."""
        if self._socket is not None:
            await self._socket.close()
        await self.listeners.finish(GRACE_S)

    async def shut(self) -> None:
        """Let go of everything."""
        await self.platform.close()
        if self._engine is not None:
            await self._engine.dispose()

    def _tokens(self, settings: Settings) -> Tokens:
        slack = self._slack
        if not (slack.client_id and slack.client_secret):
            return OneToken(slack.bot_token.reveal())
        from bot.platforms.slack.installations import Cipher, Installations, InstalledTokens, engine_of

        if not slack.encryption_key:
            raise ConfigError(
                "slack.encryption_key: tokens of workspaces are stored encrypted; "
                "make a key with `python -m bot.platforms.slack.key`"
            )
        if not slack.signing_secret:
            raise ConfigError("slack.signing_secret: without it nobody can tell Slack's requests from anybody's")
        self._engine = engine_of(settings.store.url)
        cipher = Cipher(slack.encryption_key.reveal().split(","))
        self._installations = Installations(slack.client_id, self._engine, cipher)
        self._installed = InstalledTokens(self._installations, slack.client_id, slack.client_secret.reveal())
        return self._installed

    def _listeners(self, settings: Settings, desk: Desk) -> Listeners:
        slack, services = self._slack, self._services
        people = People(
            self.api,
            services.clock,
            language=settings.bot.language,
            operators=slack.operators,
            managers_group=slack.managers_group,
            creators=slack.channel_creators,
        )
        triaging = Triaging(self.platform, services)
        self.platform.dress, self.platform.placed = triaging.dress, triaging.placed
        return Listeners(
            self.platform,
            desk,
            services,
            people,
            self._presence,
            Counter(self.platform),
            Home(self.platform, services),
            triaging,
            slack.command,
            slack.short_command,
            self._installations.forget if self._installations is not None else None,
        )

    def _made(self) -> AsyncApp:
        from slack_bolt.app.async_app import AsyncApp

        async def authorize(
            enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
        ) -> Any:  # Bolt looks at the names of the arguments and stumbles over a method's `self`
            return await self._authorize(enterprise_id, team_id, bool(is_enterprise_install))

        quiet = logging.getLogger("slack_bolt.chipwatch")
        quiet.setLevel(logging.ERROR)  # what nobody listens to is no news
        return AsyncApp(
            name="chipwatch",
            logger=quiet,
            signing_secret=self._slack.signing_secret.reveal() or "-",
            client=self.api.client(),
            authorize=authorize,
            attaching_function_token_enabled=False,
        )

    def _made_socket(self) -> Socket:
        from bot.platforms.slack.socket import Socket

        token = self._slack.app_token.reveal()
        return Socket(self.app, self.api, token, self._services.clock, silence=self._slack.silence)

    def _made_pages(self) -> Pages:
        from bot.platforms.slack.http import Pages, install_flow

        if self._installations is None or self._engine is None:
            return Pages(self.app)
        from bot.platforms.slack.installations import states

        flow = install_flow(
            self.api,
            self._slack.client_id,
            self._slack.client_secret.reveal(),
            sorted(SCOPES),
            self._installations,
            states(self._engine),
            self._joined,
            self._slack.public_url,
        )
        return Pages(self.app, flow)

    async def _authorize(
        self, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool = False
    ) -> Any:
        """Whose token answers. Nothing is asked of Slack here: what came in waits to be acknowledged."""
        from slack_bolt.authorization import AuthorizeResult

        if self._installations is None:
            token, us = self._slack.bot_token.reveal(), self._us
            ids = {"bot_user_id": us.user or None, "bot_id": us.bot or None}
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token, **ids)
        team = (
            f"{enterprise_id}/{team_id or ''}" if enterprise_id and (is_enterprise_install or not team_id) else team_id
        )
        found = await self._installations.bot(team or "")
        if found is None and enterprise_id:
            found = await self._installations.bot(f"{enterprise_id}/{team_id or ''}")
        if found is None or not found.bot_token:
            # what says that the app was removed comes from workspaces that have no token any more
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="-")  # noqa: S106
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=found.bot_token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )

    async def _learn(self) -> None:
        try:
            answer = await self.platform.learn("")
        except DeliveryError as error:
            if error_name(error) in WORKSPACE_GONE:
                raise ConfigError(f"slack.bot_token: Slack says {error_name(error)}; install the app anew") from error
            self._log.warning("slack_unreachable", error=error.reason)
            return
        found = {
            name: str(answer.get(name) or "") for name in ("team_id", "enterprise_id", "user_id", "bot_id", "team")
        }
        self._us = Us(found["team_id"], found["enterprise_id"], found["user_id"], found["bot_id"])
        await self.platform.learn(self._us.workspace)
        await self._presence.joined("slack", self._us.workspace, found["team"])

    async def _joined(self, workspace: str, name: str, who: str) -> None:
        await self._presence.joined("slack", workspace, name, f"{workspace}/{who}" if who else "")

    async def _home_of(self, channel: str) -> str:
        return await self._services.store.read(lambda conn: glance.workspace_of(conn, "slack", channel))

    def _alone(self) -> str:
        return self._us.workspace

    def _complain(self, what: str, facts: Mapping[str, Any]) -> None:
        self._log.error(f"slack_{what}", **facts)

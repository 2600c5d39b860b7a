"""The workspaces that installed the app: the SDK's own tables, with tokens encrypted at rest and renewed in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from bot.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.platforms.slack.api import Api

MARK = "fernet:"
_SECRETS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
ROTATE_BEFORE_MIN = 120
STATE_LIVES_S = 600


class Cipher:
    """`keys` are Fernet keys, the newest first: it encrypts, all of them decrypt. Raises ConfigError for no key."""

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys if key.strip()])
        except ValueError as error:
            raise ConfigError(
                "slack.encryption_key: no Fernet key; make one with `python -m bot.platforms.slack.key`"
            ) from error

    def hide(self, text: str | None) -> str | None:
        """A token as it is stored."""
        return MARK + self._fernet.encrypt(text.encode()).decode() if text else text

    def show(self, text: str | None) -> str | None:
        """A token as it is used; None where no key opens it."""
        from cryptography.fernet import InvalidToken

        if not text or not text.startswith(MARK):
            return text
        try:
            return self._fernet.decrypt(text.removeprefix(MARK).encode()).decode()
        except InvalidToken:
            return None


class Installations(AsyncSQLAlchemyInstallationStore):
    """The SDK's store; what is secret in a row is encrypted. One row a workspace: a new install replaces the old."""

    def __init__(self, client_id: str, engine: AsyncEngine, cipher: Cipher) -> None:
        import sqlalchemy as sa

        super().__init__(client_id, engine)
        for table in (self.bots, self.installations):
            for name in _SECRETS:
                if name in table.c:
                    table.c[name].type = sa.Text()  # an encrypted token is longer than the SDK's 200 characters
        self._cipher = cipher

    async def async_save(self, installation: Installation) -> None:
        await self.async_delete_installation(enterprise_id=installation.enterprise_id, team_id=installation.team_id)
        await self.async_delete_bot(enterprise_id=installation.enterprise_id, team_id=installation.team_id)
        hidden = self._through(installation, self._cipher.hide)
        await super().async_save(hidden)

    async def async_save_bot(self, bot: Bot) -> None:
        hidden = self._through(bot, self._cipher.hide) if not str(bot.bot_token).startswith(MARK) else bot
        await super().async_save_bot(hidden)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await super().async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return self._through(found, self._cipher.show) if found is not None else None

    async def async_find_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:  # fmt: skip
        found = await super().async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, is_enterprise_install=is_enterprise_install
        )
        return self._through(found, self._cipher.show) if found is not None else None

    def _through(self, kept: Any, change: Any) -> Any:
        made = copy(kept)
        for name in _SECRETS:
            if getattr(made, name, None):
                setattr(made, name, change(getattr(made, name)))
        return made

    async def bot(self, workspace: str) -> Bot | None:
        """The bot of a workspace (`T...`, or `E.../T...`): its own install, else that of its organisation."""
        enterprise, _, team = workspace.rpartition("/")
        if enterprise:
            found = await self.async_find_bot(enterprise_id=enterprise, team_id=None, is_enterprise_install=True)
            if found is not None:
                return found
        return await self._by_team(team)

    async def _by_team(self, team: str) -> Bot | None:
        """A workspace of its own may belong to an organisation all the same: the team alone says which row it is."""
        import sqlalchemy as sa

        c = self.bots.c
        query = sa.select(c.enterprise_id).where(c.client_id == self.client_id, c.team_id == team)
        async with self.engine.connect() as conn:
            row = (await conn.execute(query.order_by(c.installed_at.desc()).limit(1))).first()
        if row is None:
            return None
        return await self.async_find_bot(enterprise_id=row.enterprise_id, team_id=team)

    async def forget(self, workspace: str, _: str = "") -> None:
        """Delete all tokens of a workspace, or of an organisation. What is not there is no error."""
        enterprise, _slash, team = workspace.rpartition("/")
        bot = await self.bot(workspace)
        ids: list[tuple[str | None, str | None]] = [(enterprise, None)] if enterprise else []
        ids += [(bot.enterprise_id, bot.team_id)] if bot is not None else [(None, team)]
        for enterprise_id, team_id in ids:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)
            await self.async_delete_installation(enterprise_id=enterprise_id, team_id=team_id)


class InstalledTokens:
    """Tokens by workspace, renewed two hours before they end where the app rotates them."""

    def __init__(self, installations: Installations, client_id: str, client_secret: str) -> None:
        self._installations = installations
        self._client = (client_id, client_secret)
        self._renewing: dict[str, asyncio.Lock] = {}
        self.api: Api | None = None

    async def bot(self, workspace: str) -> Bot | None:
        """The bot of a workspace with a token that is good for now."""
        found = await self._installations.bot(workspace)
        if found is None or not found.bot_token or found.bot_token_expires_at is None or self.api is None:
            return found
        key = f"{found.enterprise_id}/{found.team_id}"
        async with self._renewing.setdefault(key, asyncio.Lock()):
            fresh = await self._installations.bot(workspace)
            return await self._renewed(fresh) if fresh is not None else None

    async def _renewed(self, bot: Bot) -> Bot:
        assert self.api is not None
        rotator = AsyncTokenRotator(client_id=self._client[0], client_secret=self._client[1], client=self.api.client())
        try:
            renewed = await rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=ROTATE_BEFORE_MIN)
        except (SlackTokenRotationError, SlackApiError):
            return bot  # what is left of the old one is used up; Slack says so when it is over
        if renewed is None:
            return bot
        await self._installations.async_save_bot(renewed)
        return renewed

    async def token(self, workspace: str) -> str:
        found = await self.bot(workspace)
        if found is None or not found.bot_token:
            raise DeliveryError(f"tokens: app_uninstalled ({workspace})", lost="workspace")
        return str(found.bot_token)


def states(engine: AsyncEngine) -> AsyncSQLAlchemyOAuthStateStore:
    """The states of installs under way: each good once, for ten minutes."""
    return AsyncSQLAlchemyOAuthStateStore(expiration_seconds=STATE_LIVES_S, engine=engine)


def engine_of(url: str) -> AsyncEngine:
    """An engine for the SDK's tables in the store's own database."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    address = make_url(url)
    driver = "sqlite+aiosqlite" if address.get_backend_name() == "sqlite" else "postgresql+asyncpg"
    return create_async_engine(address.set(drivername=driver), poolclass=NullPool)

"""The library's client as Chipwatch uses it: sharded, with the intent GUILDS alone, where the settings point it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import yarl

from bot.platforms.discord.wire import Wire

if TYPE_CHECKING:
    from bot.settings.tables import DiscordSettings


def use_addresses(settings: DiscordSettings) -> None:
    """Point the library at other servers than Discord's own; it knows one address for the whole process."""
    if settings.api_url:
        discord.http.Route.BASE = settings.api_url.rstrip("/")
    if settings.gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)


QUIET_S = 0.5
"""Seconds without another server after which all are taken to have come; the library's own two would be nearly half of
a start. A later one is heard of all the same."""


class Client(discord.AutoShardedClient):
    """Keeps nothing of members and messages: servers, channels and roles are enough."""

    def __init__(self, wire: Wire, presence: str, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            http_trace=wire.trace(),
            **{"guild_ready_timeout": QUIET_S, **options},
        )
        self.ready = asyncio.Event()
        self._presence = presence
        self._opened = False
        self._listen_for_servers()
        wire.use(self)

    def _listen_for_servers(self) -> None:
        """Hear which servers a new session names: the event `servers_named` with the shard, how many there are, and the
        ids. The library tells nobody, and keeps those that are gone."""
        parsers = self._connection.parsers
        known = parsers["READY"]

        def ready(data: Any) -> None:
            shard, shards = data.get("shard") or (0, 1)
            named = {int(each["id"]) for each in data["guilds"]}
            for guild in [each for each in self.guilds if each.shard_id == shard and each.id not in named]:
                self._connection._remove_guild(guild)  # noqa: SLF001  # as it does where it hears of it
            known(data)
            self.dispatch("servers_named", shard, shards, named)

        parsers["READY"] = ready

    async def login(self, token: str) -> None:
        """Begin the session over which requests go."""
        self._opened = True
        await super().login(token)

    async def close(self) -> None:
        """Let go of the network. The library cannot close what was never opened: a process that had nothing to send."""
        if self._opened:
            await super().close()

    async def on_ready(self) -> None:
        """Every server that will come has come. The presence is shown anew after each new session."""
        await self.change_presence(activity=discord.CustomActivity(self._presence))
        self.ready.set()

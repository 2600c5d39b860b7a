"""What the gateway tells of servers: joined, left, a channel deleted, a right taken away or given back."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import discord

from bot.delivery.platform import PresenceKeeper

SETTLE_S = 2.0
"""Seconds that a change of roles may take to be whole before lost channels are looked at again."""


class Servers:
    """Listens to a client's events. A server that is only unavailable has an outage and is not left."""

    def __init__(self, client: discord.Client, presence: PresenceKeeper) -> None:
        self._client = client
        self._presence = presence
        self._looking: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Take the events."""
        for event in (
            self.on_guild_join, self.on_guild_available, self.on_guild_remove, self.on_guild_channel_delete,
            self.on_guild_channel_update, self.on_guild_role_update, self.on_guild_role_delete, self.on_member_update,
            self.on_raw_thread_delete, self.on_servers_named,
        ):  # fmt: skip
            setattr(self._client, event.__name__, event)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.on_guild_available(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """At the start every server comes so; who waits for its return is told."""
        fallbacks = []
        if guild.system_channel is not None:
            fallbacks.append(str(guild.system_channel.id))
        if guild.owner_id:
            fallbacks.append(f"person:{guild.owner_id}")
        await self._presence.joined("discord", str(guild.id), guild.name, "", fallbacks)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Thrown out or deleted; the library tells outages by another event."""
        await self._presence.left("discord", str(guild.id))

    async def on_servers_named(self, shard: int, shards: int, named: Collection[int]) -> None:
        """A new session names every server of its shard, those with an outage too: who put us out while we were away is
        not among them. One that we were added to since is."""
        added = {guild.id for guild in self._client.guilds}
        standing = {str(id_) for id_ in (*named, *added)}

        def concerns(id_: str) -> bool:
            return id_.isdecimal() and (int(id_) >> 22) % shards == shard

        await self._presence.only("discord", standing, concerns)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._presence.lost("discord", "channel", str(channel.id), "the channel was deleted")

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._presence.lost("discord", "channel", str(payload.thread_id), "the thread was deleted")

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's own exceptions changed: whether we may post is known at once."""
        could, can = _may_post(before), _may_post(after)
        if could and not can:
            await self._presence.lost("discord", "channel", str(after.id), "the right to send messages was taken away")
        elif can and not could:
            await self._presence.regained("discord", "channel", str(after.id))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.permissions != after.permissions:
            self._look_again()

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self._look_again()

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if self._client.user is not None and after.id == self._client.user.id and before.roles != after.roles:
            self._look_again()

    def _look_again(self) -> None:
        """Soon, once for all changes that come together. What was lost by a role is told by the next message."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(SETTLE_S)
        await self._presence.look_again()


def _may_post(channel: discord.abc.GuildChannel) -> bool:
    held = channel.permissions_for(channel.guild.me)
    return held.view_channel and held.send_messages

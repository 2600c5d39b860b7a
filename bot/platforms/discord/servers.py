"""What the gateway tells of servers: joined, left, a channel deleted, a right taken away or given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import discord

from bot.errors import Reach

SETTLE_S = 2.0
"""Seconds that a change of roles may take to be whole before lost channels are looked at again."""


class Standing(Protocol):
    """Who keeps account of where messages can be posted."""

    async def lost(self, platform: str, reach: Reach, id_: str, reason: str) -> Any:
        """A channel, a server or the whole platform can no longer be posted in."""
        ...

    async def regained(self, platform: str, reach: Reach, id_: str) -> Any:
        """It can be posted in again."""
        ...

    async def joined(
        self, platform: str, workspace: str, name: str, added_by: str = "", fallbacks: Sequence[str] = ()
    ) -> None:
        """We were added to a server, or see that we still are."""
        ...

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        """We were put out of a server."""
        ...

    async def look_again(self) -> Any:
        """Ask whether lost channels can be posted in again."""
        ...


class Servers:
    """Listens to a client's events. A server that is only unavailable has an outage and is not left."""

    def __init__(self, client: discord.Client, standing: Standing) -> None:
        self._client = client
        self._standing = standing
        self._looking: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Take the events."""
        for event in (
            self.on_guild_join, self.on_guild_available, self.on_guild_remove, self.on_guild_channel_delete,
            self.on_guild_channel_update, self.on_guild_role_update, self.on_guild_role_delete, self.on_member_update,
            self.on_raw_thread_delete,
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
        await self._standing.joined("discord", str(guild.id), guild.name, "", fallbacks)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Thrown out or deleted; the library tells outages by another event."""
        await self._standing.left("discord", str(guild.id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._standing.lost("discord", "channel", str(channel.id), "the channel was deleted")

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._standing.lost("discord", "channel", str(payload.thread_id), "the thread was deleted")

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's own exceptions changed: whether we may post is known at once."""
        could, can = _may_post(before), _may_post(after)
        if could and not can:
            await self._standing.lost("discord", "channel", str(after.id), "the right to send messages was taken away")
        elif can and not could:
            await self._standing.regained("discord", "channel", str(after.id))

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
        await self._standing.look_again()


def _may_post(channel: discord.abc.GuildChannel) -> bool:
    held = channel.permissions_for(channel.guild.me)
    return held.view_channel and held.send_messages


class Reported:
    """A Standing for a process that keeps no account of orders: what happens is reported and nothing else."""

    def __init__(self, report: Callable[[str, str], None]) -> None:
        self._report = report

    async def lost(self, platform: str, reach: Reach, id_: str, reason: str) -> None:
        self._report(id_ or platform, f"{reach} lost: {reason}")

    async def regained(self, platform: str, reach: Reach, id_: str) -> None:
        self._report(id_ or platform, f"{reach} regained")

    async def joined(
        self, platform: str, workspace: str, name: str, added_by: str = "", fallbacks: Sequence[str] = ()
    ) -> None:
        """Every server says so at each start: no news."""

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        self._report(workspace, f"left: {reason}")

    async def look_again(self) -> None:
        """Nothing is waiting."""

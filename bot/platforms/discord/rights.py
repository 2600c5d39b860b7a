"""Discord's permissions: what Chipwatch needs and no more, and what it has in a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.platforms.discord.wire import Wire

VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
EVERYTHING = (1 << 53) - 1
THREADS = frozenset({10, 11, 12})
"""The types of channels that have no rights of their own."""

NEEDED: Mapping[str, int] = {
    "View Channel": VIEW_CHANNEL,
    "Send Messages": SEND_MESSAGES,
    "Embed Links": EMBED_LINKS,
    "Attach Files": ATTACH_FILES,
    "Read Message History": READ_MESSAGE_HISTORY,
    "Create Public Threads": CREATE_PUBLIC_THREADS,
    "Send Messages in Threads": SEND_MESSAGES_IN_THREADS,
}
"""By Discord's own names. History is read to find out, after a crash, whether a message stands there already."""
INVITATION = sum(NEEDED.values())
"""The permission integer of the invitation. Mentioning a role needs nothing more where the role may be mentioned."""


def invitation(application: str) -> str:
    """The address that adds the bot to a server with exactly these rights. Raises ValueError for an id that is none."""
    if not (application.isascii() and application.isdigit()):
        raise ValueError(f"an application's id is a number, not {application!r}")
    return (
        "https://discord.com/oauth2/authorize"
        f"?client_id={application}&scope=bot+applications.commands&permissions={INVITATION}&integration_type=0"
    )


def application_of(token: str) -> str | None:
    """The application's id, which stands in the first part of a bot's token; None for a text that is no token."""
    import base64
    import binascii

    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return found if found.isdigit() else None


async def held_in(wire: Wire, channel: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
    """The server of a channel, as the API shows it, and the bot's permissions there; a thread has its channel's."""
    guild = await wire.call("GET", "/guilds/{guild_id}", guild_id=channel["guild_id"])
    me = await wire.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild["id"], user_id=wire.own_id)
    place = channel
    if channel["type"] in THREADS and channel.get("parent_id"):
        place = await wire.call("GET", "/channels/{channel_id}", channel_id=channel["parent_id"])
    return guild, permissions_in(place, guild, me, wire.own_id)


def permissions_in(channel: Mapping[str, Any], guild: Mapping[str, Any], member: Mapping[str, Any], own_id: str) -> int:
    """The permissions of a member in a channel: the roles' together, then the channel's exceptions for everybody, for
    roles and for the member, each taking away before it gives. Objects as the API shows them."""
    if guild.get("owner_id") == own_id:
        return EVERYTHING
    mine = {*member.get("roles", ()), guild["id"]}
    held = 0
    for role in guild.get("roles", ()):
        held |= int(role["permissions"]) if role["id"] in mine else 0
    if held & ADMINISTRATOR:
        return EVERYTHING
    exceptions = {each["id"]: each for each in channel.get("permission_overwrites") or ()}
    held = _with(held, [exceptions[guild["id"]]] if guild["id"] in exceptions else [])
    held = _with(held, [each for id_, each in exceptions.items() if id_ in mine and id_ != guild["id"]])
    held = _with(held, [exceptions[own_id]] if own_id in exceptions else [])
    return held if held & VIEW_CHANNEL else 0


def _with(held: int, exceptions: Iterable[Mapping[str, Any]]) -> int:
    denied = allowed = 0
    for each in exceptions:
        denied |= int(each["deny"])
        allowed |= int(each["allow"])
    return held & ~denied | allowed


def missing(held: int, *, thread: bool) -> tuple[str, ...]:
    """Discord's names of the rights that are needed and not there; those of threads only where one is asked for."""
    threads = ("Create Public Threads", "Send Messages in Threads")
    return tuple(name for name, bit in NEEDED.items() if not held & bit and (thread or name not in threads))

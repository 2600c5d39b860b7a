"""Whether a message of ours stands there already: looked for where it was to stand, from the moment at which it was
tried first to the present."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from bot.delivery.platform import CLOCKS_APART, MessageRef
from bot.errors import DeliveryError
from bot.platforms.discord import rights
from bot.platforms.discord.render import marker
from bot.platforms.discord.wire import (
    MISSING_PERMISSIONS,
    NO_MESSAGES_HERE,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    RefusedError,
    Wire,
)

PAGE = 100
MOST_PAGES = 20
"""Pages that are looked through; what a busier channel has said since then nobody reads."""
MOST_POSTS = 100
"""Forum posts whose first message is looked at."""
_EPOCH_MS = 1_420_070_400_000
_DIRECT = frozenset({1, 3})
Message = Mapping[str, Any]


def snowflake(moment: datetime) -> int:
    """The smallest id that something made at a moment can have."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


async def find(wire: Wire, channel: str, key: str, since: datetime, head: MessageRef | None) -> MessageRef | None:
    """The message that bears the number of `key`, by us, in a channel or under `head`; None where there is none.

    A reply stands in the thread under its head, in the head's forum post, or in the channel: all are looked through,
    since the order may have changed meanwhile. Raises DeliveryError(`unknown`) where more was said than is looked
    through, or where the right to read what was said is missing: Discord then shows an empty channel.
    """
    earliest = snowflake(since - CLOCKS_APART)
    try:
        if head is None:
            return await _new(wire, channel, key, earliest)
        earliest = max(earliest, int(head.message))
        for place in dict.fromkeys((head.message, head.channel)):
            found = await _reply(wire, place, key, earliest)
            if found is not None:
                return found
        return None
    except RefusedError as error:
        if error.code != MISSING_PERMISSIONS:
            raise
        raise DeliveryError(f"may not look: {error.reason}", unknown=True) from error


async def _new(wire: Wire, channel: str, key: str, earliest: int) -> MessageRef | None:
    try:
        return await _among_messages(wire, channel, key, earliest)
    except RefusedError as error:
        if error.code not in NO_MESSAGES_HERE:
            raise
    return await _among_posts(wire, channel, key, earliest)


async def _reply(wire: Wire, place: str, key: str, earliest: int) -> MessageRef | None:
    """A reply in one of the places where it may stand: the thread may never have been begun."""
    try:
        return await _among_messages(wire, place, key, earliest)
    except RefusedError as error:
        if error.code != UNKNOWN_CHANNEL:
            raise
        return None


async def _among_messages(wire: Wire, channel: str, key: str, earliest: int) -> MessageRef | None:
    """The newest first, where it nearly always stands; then from the earliest on, so that it is found soon however long
    the bot was away."""
    newest = await _page(wire, channel)
    if not newest and not await _may_read(wire, channel):
        raise DeliveryError(f"may not read what was said in {channel}", unknown=True)
    found = _mine(wire, channel, newest, key)
    if found is not None or len(newest) < PAGE:
        return found
    after, until = earliest, min(int(each["id"]) for each in newest)
    for _ in range(MOST_PAGES):
        if after >= until:
            return None
        page = await _page(wire, channel, after=str(after))
        found = _mine(wire, channel, page, key)
        if found is not None or not page:
            return found
        after = max(int(each["id"]) for each in page)
    raise DeliveryError(f"more was said in {channel} than is looked through", unknown=True)


async def _page(wire: Wire, channel: str, **where: Any) -> list[Message]:
    path = "/channels/{channel_id}/messages"
    found: list[Message] = await wire.call("GET", path, channel_id=channel, limit=PAGE, **where)
    return found


def _mine(wire: Wire, channel: str, messages: list[Message], key: str) -> MessageRef | None:
    return next((MessageRef(channel, each["id"]) for each in messages if bears(each, key, wire.own_id)), None)


def bears(message: Message, key: str, own_id: str) -> bool:
    """Whether a message is ours and was sent with `key`, whose number its text or container has."""
    mine = message.get("author", {}).get("id") == own_id
    return mine and any(each.get("id") == marker(key) for each in message.get("components") or ())


async def _may_read(wire: Wire, channel: str) -> bool:
    found = await wire.call("GET", "/channels/{channel_id}", channel_id=channel)
    if found["type"] in _DIRECT:
        return True
    _, held = await rights.held_in(wire, found)
    return bool(held & rights.READ_MESSAGE_HISTORY)


async def _among_posts(wire: Wire, forum: str, key: str, earliest: int) -> MessageRef | None:
    """A forum post of ours by its first message. One that was put away meanwhile counts."""
    looked = 0
    async for post in _posts(wire, forum, earliest):
        if post.get("owner_id") != wire.own_id or int(post["id"]) < earliest:
            continue
        looked += 1
        if looked > MOST_POSTS:
            raise DeliveryError(f"more posts in {forum} than are looked through", unknown=True)
        place = {"channel_id": post["id"], "message_id": post["id"]}
        try:
            first = await wire.call("GET", "/channels/{channel_id}/messages/{message_id}", **place)
        except RefusedError as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            continue
        if bears(first, key, wire.own_id):
            return MessageRef(post["id"], post["id"])
    return None


async def _posts(wire: Wire, forum: str, earliest: int) -> AsyncIterator[Message]:
    """The posts of a forum: the open ones, the newest first, then those that were put away since then."""
    about = await wire.call("GET", "/channels/{channel_id}", channel_id=forum)
    active = await wire.call("GET", "/guilds/{guild_id}/threads/active", guild_id=about["guild_id"])
    here = [post for post in active["threads"] if post.get("parent_id") == forum]
    for post in sorted(here, key=lambda each: int(each["id"]), reverse=True):
        yield post
    where: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        path = "/channels/{channel_id}/threads/archived/public"
        put_away = await wire.call("GET", path, channel_id=forum, limit=PAGE, **where)
        for post in put_away["threads"]:
            yield post
        last = put_away["threads"][-1]["thread_metadata"]["archive_timestamp"] if put_away["threads"] else ""
        if not put_away.get("has_more") or not last or snowflake(datetime.fromisoformat(last)) < earliest:
            return
        where = {"before": last}
    raise DeliveryError(f"more posts in {forum} than are looked through", unknown=True)

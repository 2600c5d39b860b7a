"""Discord as a platform: posts, edits, replies, threads, forum posts, announcements and direct messages."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.clock import Clock
from bot.delivery.platform import Limits, MessageRef, Outgoing, Surroundings
from bot.errors import DeliveryError
from bot.platforms.discord import finding, rights
from bot.platforms.discord.markup import fit
from bot.platforms.discord.render import Body, Message, Pack, first_link, message_of, plain_message
from bot.platforms.discord.wire import CROSSPOSTED, NO_MESSAGES_HERE, UNKNOWN_CHANNEL, RefusedError, Wire

THREAD_NAME_LIMIT, TAGS = 100, 5
KEPT_OPEN_MIN = 4320
"""Minutes after which a quiet thread is put away: three days."""
PUBLISHED_PER_HOUR = 10
_KINDS = {0: "text", 1: "direct", 3: "direct", 5: "announcement", 10: "thread", 11: "thread", 12: "thread", 15: "forum"}
_ARCHIVED = 50083


class Discord:
    """`report` hears of cards that the platform refused, with the channel and its reason: they went out as headline and
    link."""

    name = "discord"
    limits = Limits(
        per_second=46.0,
        burst=2,
        edit_gap=timedelta(seconds=5),
        old_edit_gap=timedelta(minutes=1),
        at_once=50,
        workspace_share=10,
    )
    """Below Discord's 50 requests a second for one bot, shared by all workers; edits of messages older than an hour are
    capped (error 30046), so they wait for one another."""

    def __init__(
        self,
        wire: Wire,
        pack: Pack,
        *,
        clock: Clock,
        report: Callable[[str, str], None] = lambda channel, reason: None,
    ) -> None:
        self._wire = wire
        self._pack = pack
        self._clock = clock
        self._report = report
        self._published: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=PUBLISHED_PER_HOUR))
        self._done: deque[str] = deque(maxlen=10_000)
        self._direct: dict[str, str] = {}
        self._in_order: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def trouble(self) -> str:
        """Why nothing can be posted until an operator acts; empty while all is well."""
        return self._wire.trouble

    async def send(self, message: Outgoing) -> MessageRef:
        """A new message; with a thread under it, or a forum post, where the order says so."""
        if message.place == "forum":
            return await self._forum_post(message)
        sent = await self._post(message.channel, message)
        if message.place == "thread":
            await self._begin_thread(sent, message.card)
        return sent

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """Put `message` in the place of `head`; a thread that was put away meanwhile is taken out for it."""
        path, place = "/channels/{channel_id}/messages/{message_id}", _place(head)

        async def patch(made: Message) -> Any:
            return await self._wire.call("PATCH", path, made.body, made.files, **place)

        try:
            await self._gentle(head.channel, message, patch)
        except RefusedError as error:
            if message.place == "forum" and error.code == UNKNOWN_CHANNEL:  # the post was deleted, not the forum
                raise DeliveryError(error.reason, permanent=True) from error
            raise
        return head

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """A message under `head`: in its thread or forum post where it has one, else as a reply."""
        if message.place == "forum":
            try:
                return await self._post(head.channel, message)
            except RefusedError as error:
                if error.code != UNKNOWN_CHANNEL:
                    raise
                return await self._forum_post(message)  # the post was deleted; if it was the forum, this says so
        if message.place == "thread":
            try:
                return await self._post(head.message, message)
            except DeliveryError as error:
                if error.lost != "channel":  # the thread is gone or was never begun: the channel may be there
                    raise
        under = {"message_id": head.message, "channel_id": head.channel, "fail_if_not_exists": False}
        return await self._post(head.channel, message, {"message_reference": under})

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        """The message that an earlier try with `key` left: by the number that its text or container bears. The nonce
        keeps it from standing twice for a few minutes only."""
        return await finding.find(self._wire, channel, key, since, head)

    async def publish(self, ref: MessageRef) -> None:
        """Hand an announcement on to the servers that follow the channel: each message once, ten an hour at most."""
        if ref.message in self._done:
            return
        recent, now = self._published[ref.channel], self._clock.now()
        if len(recent) == PUBLISHED_PER_HOUR and recent[0] > now - timedelta(hours=1):
            raise DeliveryError("ten were published within an hour", retry_at=recent[0] + timedelta(hours=1))
        try:
            await self._wire.call("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", **_place(ref))
        except RefusedError as error:
            if error.code in NO_MESSAGES_HERE:  # no announcement channel: nobody follows it
                return
            if error.code != CROSSPOSTED:
                raise
        self._done.append(ref.message)
        recent.append(now)

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        """What the channel is called and what may be done in it; asked of the API each time."""
        found = await self._wire.call("GET", "/channels/{channel_id}", channel_id=channel)
        kind = _KINDS.get(found["type"], "text")
        name = clean(found.get("name") or "", 100)
        if not found.get("guild_id"):
            return Surroundings(name, "direct", post=True, thread=False, mention=False, publish=False)
        guild, held = await rights.held_in(self._wire, found)
        return _surroundings(name, kind, guild, held)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        """A direct message. Raises DeliveryError(`permanent`) for a person who takes none."""
        if person not in self._direct:
            opened = await self._wire.call("POST", "/users/@me/channels", {"recipient_id": person})
            self._direct[person] = opened["id"]
        return await self._post(self._direct[person], Outgoing(self._direct[person], card, key, {}))

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        """The address of a message; of a direct one where no server is named."""
        return f"https://discord.com/channels/{workspace or '@me'}/{ref.channel}/{ref.message}"

    async def _post(self, channel: str, message: Outgoing, more: Body | None = None) -> MessageRef:
        """One after another in each channel: what was handed over first stands first."""
        extra = {"nonce": nonce(message.key), "enforce_nonce": True, **(more or {})}

        async def create(made: Message) -> Any:
            path = "/channels/{channel_id}/messages"
            return await self._wire.call("POST", path, made.body | extra, made.files, channel_id=channel)

        async with self._in_order[channel]:
            sent = await self._gentle(channel, message, create)
        return MessageRef(channel, str(sent["id"]))

    async def _gentle(self, channel: str, message: Outgoing, hand_over: Callable[[Message], Any]) -> Any:
        """Hand a card over; take a thread out of the archive for it; if the platform does not take the card for what it
        is, hand over its headline and a link and tell the operators."""
        pictures = message.place != "announcement"  # one that may be edited there keeps the old picture at followers
        made = message_of(message.card, self._pack, key=message.key, mention=message.mention, pictures=pictures)
        try:
            try:
                return await hand_over(made)
            except RefusedError as error:
                if error.code != _ARCHIVED:
                    raise
                await self._wire.call("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=channel)
                return await hand_over(made)
        except RefusedError as error:
            if error.status != 400 or not error.permanent:
                raise
            self._report(channel, error.reason)
            card = message.card
            return await hand_over(plain_message(card, first_link(card), key=message.key, mention=message.mention))

    async def _begin_thread(self, sent: MessageRef, card: Card) -> None:
        """The thread under a post has the post's id. Where it cannot be begun, replies go into the channel."""
        body = {"name": _thread_name(card), "auto_archive_duration": KEPT_OPEN_MIN}
        try:
            await self._wire.call("POST", "/channels/{channel_id}/messages/{message_id}/threads", body, **_place(sent))
        except DeliveryError as error:
            self._report(sent.channel, f"no thread: {error.reason}")

    async def _forum_post(self, message: Outgoing) -> MessageRef:
        body = {"name": _thread_name(message.card), "auto_archive_duration": KEPT_OPEN_MIN}
        if message.tags:
            body["applied_tags"] = await self._tags(message.channel, message.tags)

        async def create(made: Message) -> Any:
            path = "/channels/{channel_id}/threads"
            whole = body | {"message": made.body}
            return await self._wire.call("POST", path, whole, made.files, channel_id=message.channel)

        async with self._in_order[message.channel]:
            made = await self._gentle(message.channel, message, create)
        return MessageRef(str(made["id"]), str(made["id"]))

    async def _tags(self, channel: str, wanted: tuple[str, ...]) -> list[str]:
        """The ids of a forum's tags, which an order names by id or by name; unknown ones are left out."""
        found = await self._wire.call("GET", "/channels/{channel_id}", channel_id=channel)
        known = {each["id"]: each["name"].casefold() for each in found.get("available_tags") or ()}
        names = {each.casefold() for each in wanted}
        return [id_ for id_, name in known.items() if id_ in wanted or name in names][:TAGS]


def nonce(key: str) -> str:
    """A delivery's key in at most 25 characters, the same for every try: the platform stores it once."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()


def _place(ref: MessageRef) -> dict[str, Any]:
    return {"channel_id": ref.channel, "message_id": ref.message}


def _thread_name(card: Card) -> str:
    title = replace(card, marks=()).fallback
    return fit(title, THREAD_NAME_LIMIT) or "…"


def _surroundings(name: str, kind: str, guild: Mapping[str, Any], held: int) -> Surroundings:
    into_threads = kind in ("thread", "forum")
    say = rights.SEND_MESSAGES_IN_THREADS if kind == "thread" else rights.SEND_MESSAGES
    return Surroundings(
        name,
        kind,
        post=bool(held & rights.VIEW_CHANNEL and held & say),
        thread=bool(held & rights.CREATE_PUBLIC_THREADS and held & rights.SEND_MESSAGES_IN_THREADS),
        mention=bool(held & rights.MENTION_EVERYONE),
        publish=kind == "announcement" and bool(held & rights.SEND_MESSAGES),
        workspace=guild["id"],
        workspace_name=clean(guild.get("name") or "", 100),
        missing=rights.missing(held, thread=into_threads),
    )

"""Slack as a platform: posts, edits, replies in threads, and what a channel is called and allows."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.cards.card import Card
from bot.clock import Clock
from bot.delivery.platform import CLOCKS_APART, Limits, MessageRef, Outgoing, Role, Surroundings
from bot.errors import DeliveryError
from bot.platforms.slack.api import Api
from bot.platforms.slack.groups import Groups
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.refusals import GONE_MESSAGES, MALFORMED, MAY_NOT_LOOK, error_name
from bot.platforms.slack.render import bare, message, without_picture

EVENT = "chipwatch_delivery"
"""The type of the metadata that every message carries: by it a message is found again."""
PAGE, MOST_PAGES = 200, 10
"""Messages in a page, and pages, that one is looked for among."""
MOST_KEPT = 20_000
_PICTURES = 500


Dress = Callable[[Outgoing, dict[str, Any], str], Awaitable[dict[str, Any]]]
"""What a channel wants added to a message: the message, its payload, its workspace; gives the payload."""
Placed = Callable[[Outgoing, str], Awaitable[None]]
"""Hears where a new message stands."""


async def undressed(out: Outgoing, payload: dict[str, Any], workspace: str) -> dict[str, Any]:
    """A message as it is."""
    return payload


async def unheard(out: Outgoing, message: str) -> None:
    """Nobody wants to know."""


async def nowhere(channel: str) -> str:
    """Where a channel belongs when nobody knows."""
    return ""


class Slack:
    """`home_of` says to which workspace a channel belongs, for calls that do not name it; `report` hears of payloads
    that Slack refused: our bugs. Workspaces are `T...`, or `E.../T...` where the bot is installed for a whole
    organisation; persons are `T.../U...`; channels are Slack's own ids."""

    name = "slack"
    limits = Limits(
        channel_interval=timedelta(seconds=1), edit_gap=timedelta(seconds=3), at_once=100, workspace_share=50
    )
    """About one message a second a channel, others unaffected; chat.update has a limit of its own per workspace."""

    def __init__(
        self,
        api: Api,
        clock: Clock,
        *,
        home_of: Callable[[str], Awaitable[str]] = nowhere,
        report: Callable[[str, Mapping[str, Any]], None] = lambda what, facts: None,
        alone: Callable[[], str] = lambda: "",
        pace: Pace | None = None,
    ) -> None:
        self.api = api
        self._clock = clock
        self._home_of = home_of
        self._report = report
        self._alone = alone
        self._groups = Groups(api, clock)
        self.dress: Dress = undressed
        self.placed: Placed = unheard
        self._pace = pace or Pace(clock)
        self._homes: OrderedDict[str, str] = OrderedDict()
        self._sites: dict[str, str] = {}
        self._pictures: OrderedDict[str, str] = OrderedDict()
        self._blind: set[tuple[str, str]] = set()
        self.trouble = ""
        """Why nothing can be posted until an operator acts: the only workspace's token is dead."""

    def belongs(self, channel: str, workspace: str) -> None:
        """Remember where a channel is."""
        if channel and workspace:
            self._homes[channel] = workspace
            self._homes.move_to_end(channel)
            if len(self._homes) > MOST_KEPT:
                self._homes.popitem(last=False)

    async def home(self, channel: str, named: str = "") -> str:
        """The workspace of a channel: as named, as `home_of` says, as remembered, or the only one there is. Of a shared
        channel only who was there last is remembered."""
        found = named or await self._home_of(channel) or self._homes.get(channel) or self._alone()
        self.belongs(channel, found)
        return found

    async def send(self, message: Outgoing) -> MessageRef:
        """A new message."""
        return await self._post(message)

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """A message in the thread under `head`, shown in the channel too where `broadcast` says so."""
        more: dict[str, Any] = {"thread_ts": head.message}
        if message.broadcast:
            more["reply_broadcast"] = True
        return await self._post(message, head.channel, more)

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """Put `message` in the place of `head`. Mentions of an edit call nobody, so none are written."""
        workspace = await self.home(head.channel, message.workspace)
        payload = await self._payload(workspace, message, "")
        given = {"channel": head.channel, "ts": head.message, "metadata": metadata(message.key)}
        await self._taken(workspace, "chat.update", head.channel, payload, given, message)
        return head

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        """The message of an earlier try, by its metadata: a reply in the thread of `head` (the channel's history has
        none), else in the channel. Reading needs a scope that the manifest does not ask for; without it nobody knows.
        """
        workspace = await self.home(channel)
        method, place = "conversations.history", {"channel": channel}
        if head is not None:
            method, place = "conversations.replies", {"channel": head.channel, "ts": head.message}
        if (workspace, channel) in self._blind:
            raise DeliveryError(f"{method}: no scope to look", unknown=True)
        asked = {**place, "oldest": stamp(since - CLOCKS_APART), "limit": PAGE, "include_all_metadata": True}
        for number in range(MOST_PAGES):
            try:
                answer = await self.api.call(workspace, method, **asked)
            except DeliveryError as error:
                if error_name(error) == "missing_scope":
                    self._blind.add((workspace, channel))
                if error_name(error) in GONE_MESSAGES:
                    return None
                if error_name(error) in MAY_NOT_LOOK or number:  # what is asked once a minute never comes to an end
                    raise DeliveryError(error.reason, unknown=True) from error
                raise
            messages = answer.get("messages", ())
            if any(not isinstance(found, dict) for found in messages):
                raise DeliveryError(f"{method}: more than can be read", unknown=True)
            for found in messages:
                told = found.get("metadata") or {}
                if told.get("event_type") == EVENT and (told.get("event_payload") or {}).get("key") == key:
                    return MessageRef(place["channel"], str(found["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not answer.get("has_more"):
                return None
            if not cursor:
                break
            asked["cursor"] = cursor
        raise DeliveryError(f"{method}: more than is looked through", unknown=True)

    async def publish(self, ref: MessageRef) -> None:
        """Slack has no followers of a channel."""

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        """What the channel is called and whether the bot may post in it. Raises DeliveryError(`lost="channel"`)."""
        workspace = workspace or await self.home(channel)
        answer = await self.api.call(workspace, "conversations.info", channel=channel)
        found = answer.get("channel") or {}
        direct = bool(found.get("is_im"))
        post = (bool(found.get("is_member")) or direct) and not found.get("is_archived")
        missing = "is_archived" if found.get("is_archived") else "" if post else "not_in_channel"
        return Surroundings(
            name=str(found.get("name") or ""),
            kind="direct" if direct else "text",
            post=post,
            thread=post,
            mention=post,
            publish=False,
            workspace=workspace,
            workspace_name=str((await self._site(workspace)).get("team") or ""),
            missing=(missing,) if missing else (),
        )

    async def role(self, workspace: str, text: str) -> Role | None:
        """Whom a handle or an id means."""
        return await self._groups.role(workspace, text)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        """A direct message to a person (`T.../U...`)."""
        workspace, _, user = person.rpartition("/")
        answer = await self.api.call(workspace, "conversations.open", users=user)
        channel = str((answer.get("channel") or {}).get("id", ""))
        return await self._post(Outgoing(channel, card, key, {}, workspace=workspace))

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        """The address of a message, built as chat.getPermalink builds it; Slack's own door for every workspace where
        the workspace's address is not known yet."""
        known = self._sites.get(workspace or self._homes.get(ref.channel, "") or self._alone())
        stamp = ref.message.replace(".", "")
        if known:
            return f"{known}archives/{ref.channel}/p{stamp}"
        return f"https://app.slack.com/archives/{ref.channel}/p{stamp}"

    async def close(self) -> None:
        """Let go of the connections."""
        await self.api.close()

    async def _post(self, out: Outgoing, place: str = "", more: Mapping[str, Any] | None = None) -> MessageRef:
        channel = place or out.channel
        workspace = await self.home(channel, out.workspace)
        payload = await self._payload(workspace, out, out.mention)
        given = {"channel": channel, "metadata": metadata(out.key), **(more or {})}
        answer = await self._taken(workspace, "chat.postMessage", channel, payload, given, out)
        ref = MessageRef(str(answer.get("channel") or channel), str(answer["ts"]))
        if more is None:
            await self.placed(out, ref.message)
        return ref

    async def _payload(self, workspace: str, out: Outgoing, mention: str) -> dict[str, Any]:
        made = message(out.card, picture=await self.picture(workspace, out.card), mention=mention)
        return await self.dress(out, made, workspace)

    async def _taken(
        self,
        workspace: str,
        method: str,
        channel: str,
        payload: Mapping[str, Any],
        given: Mapping[str, Any],
        out: Outgoing,
    ) -> Mapping[str, Any]:
        """Hand a message over in the channel's turn. Where Slack refuses its blocks it goes without the picture (which
        may not be ready yet), then as the bare headline; each refusal is reported."""
        lesser = [payload, *without_picture(payload), bare(out.card)]
        for number, made in enumerate(lesser):
            async with self._pace.turn(channel):
                try:
                    taken = await self.api.call(workspace, method, **made, **given)
                    self.trouble = ""
                    return taken
                except DeliveryError as error:
                    if error.lost == "workspace" and workspace and workspace == self._alone():
                        self.trouble = f"Slack does not take the token: {error.reason}"
                    if error_name(error) not in MALFORMED or number == len(lesser) - 1:
                        self._slow(channel, error)
                        raise self._told(error) from error
                    facts = {"channel": channel, "workspace": workspace, "error": error.reason, "key": out.key}
                    self._report("payload_refused", facts)
        raise DeliveryError(f"{method}: nothing to send", permanent=True)

    def _slow(self, channel: str, error: DeliveryError) -> None:
        if error.retry_at is not None and error.slowed == "channel":
            self._pace.hold(channel, error.retry_at)

    def _told(self, error: DeliveryError) -> DeliveryError:
        """A message that is gone ends its edits and replies, and nothing else."""
        if error_name(error) in GONE_MESSAGES:
            return DeliveryError(error.reason, permanent=True)
        return error

    async def picture(self, workspace: str, card: Card) -> str | None:
        """The file of a card's picture, uploaded once a workspace; None where there is none or it cannot be."""
        png = card.picture.png if card.picture is not None else None
        if card.picture is None or png is None:
            return None
        name = workspace + hashlib.sha256(png).hexdigest()
        if name not in self._pictures:
            try:
                self._pictures[name] = await self.api.upload(workspace, "chipwatch.png", png, card.picture.alt[:1000])
            except DeliveryError as error:
                self._report("picture_refused", {"workspace": workspace, "error": error.reason})
                return None
            if len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[name]

    async def learn(self, workspace: str) -> Mapping[str, Any]:
        """Ask who we are in a workspace: checks the token and learns the workspace's address."""
        answer = await self.api.call(workspace, "auth.test")
        if answer.get("url"):
            self._sites[workspace] = str(answer["url"])
        return answer

    async def _site(self, workspace: str) -> Mapping[str, Any]:
        try:
            return await self.learn(workspace)
        except DeliveryError:
            return {}


def metadata(key: str) -> dict[str, Any]:
    """What a message carries so that it can be found again."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


def stamp(moment: datetime) -> str:
    """A moment as Slack writes the moments of messages."""
    return f"{moment.timestamp():.6f}"

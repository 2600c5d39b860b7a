"""What a platform must do. `bot.app` hands the adapters in, so nothing in this room knows which ones there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot.cards.card import Card
from bot.errors import Reach

CLOCKS_APART = timedelta(hours=1)
"""So far our clock and a platform's may be apart: a message is looked for from so long before its first try."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message stands, in the platform's own terms: enough to edit it and to reply under it."""

    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send.

    `key` is the same for every try of the same delivery, so that a platform that can tell (a nonce, metadata) never
    stores it twice. `facts` is the JSON of the command line's `replay` line, for machine readers (console).
    `mention` is the role or user group to mention, of the platform's own; `place` and `tags` are the order's;
    `broadcast` shows a reply in the channel too, where the platform has threads.
    """

    channel: str
    card: Card
    key: str
    facts: dict[str, object]
    workspace: str = ""
    mention: str = ""
    place: str = "post"
    tags: tuple[str, ...] = ()
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel is called and what may be done in it. `kind` is text, announcement, forum, thread or direct."""

    name: str
    kind: str
    post: bool
    thread: bool
    mention: bool
    publish: bool
    workspace: str = ""
    workspace_name: str = ""
    missing: tuple[str, ...] = ()
    """What the platform calls the rights that are missing for what was asked."""


@dataclass(frozen=True, slots=True)
class Role:
    """Whom a message may mention: a role or group of people, where `of_people` is so, else one person or whoever is
    there. `name` is as people write it; empty where the platform does not say."""

    id: str
    name: str = ""
    of_people: bool = True


@runtime_checkable
class KnowsRoles(Protocol):
    """A platform on which roles are written by hand, and not chosen from a list of its own."""

    async def role(self, workspace: str, text: str) -> Role | None:
        """The role of a workspace by its id or name; None where there is none. May raise DeliveryError."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform bears, so that it never has to complain: an adapter that has limits says so as `limits`.

    `per_second` messages to the platform as a whole (None: no limit), `burst` of them at once: in any second at most
    the sum of both. `channel_interval` lies between two messages to one channel. A message may be edited every
    `edit_gap`, one older than `old_after` every `old_edit_gap`. `at_once` messages are in work at the same time, of
    one workspace at most `workspace_share`.
    """

    per_second: float | None = None
    burst: int = 1
    channel_interval: timedelta = timedelta(0)
    edit_gap: timedelta = timedelta(0)
    old_after: timedelta = timedelta(hours=1)
    old_edit_gap: timedelta = timedelta(0)
    at_once: int = 20
    workspace_share: int = 0


class Platform(Protocol):
    """A place where messages are posted. All may raise DeliveryError, which says whether another try makes sense.

    An adapter may have `limits: Limits` besides, and `trouble: str`: why nothing can be posted until an operator acts.
    """

    @property
    def name(self) -> str: ...

    async def send(self, message: Outgoing) -> MessageRef:
        """A new message."""
        ...

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """Put `message` in the place of `head`."""
        ...

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """A message under `head`."""
        ...

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        """The message that an earlier try with `key` left, or None where there is none: by `head` if it was to stand
        under one, else in the channel. `since` is when it was tried first: nothing older need be looked at.

        Raises DeliveryError(`unknown`) where the platform cannot tell, or not all since then could be looked through.
        """
        ...

    async def publish(self, ref: MessageRef) -> None:
        """Hand a message of an announcement channel on to its followers; elsewhere nothing happens."""
        ...

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        """What the channel is called and what may be done in it. Raises DeliveryError(`lost`) for one out of reach.
        `workspace` is the one that asks, for platforms on which each sees its own channels only."""
        ...

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        """A direct message to a person."""
        ...

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        """The address of a message, for people who may see it; None where the platform has none."""
        ...


class PresenceKeeper(Protocol):
    """Who keeps account of where messages can be posted; adapters report here what they notice."""

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

    async def only(self, platform: str, standing: Collection[str], concerns: Callable[[str], bool]) -> None:
        """We are in these servers, and in no other of those for which `concerns` holds."""
        ...

    async def look_again(self) -> Any:
        """Ask whether lost channels can be posted in again."""
        ...


class Door(Protocol):
    """The side of a platform on which people come in: commands, buttons, joining and leaving."""

    async def open(self) -> None:
        """Begin to answer; comes back when the platform is ready, or raises ConfigError with what to mend."""
        ...

    async def close(self) -> None:
        """Stop answering; what is being answered is finished within a few seconds."""
        ...

"""What a platform must do. `app.py` hands the adapters in, so nothing in this room knows which ones there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.cards.card import Card


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
    """

    channel: str
    card: Card
    key: str
    facts: dict[str, object]


class Platform(Protocol):
    """A place where messages are posted. All may raise DeliveryError, which says whether another try makes sense."""

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

    async def find(self, channel: str, key: str) -> MessageRef | None:
        """The message that an earlier try with `key` left, or None where there is none or the platform cannot tell.

        Raises DeliveryError(`unknown`) where the platform has no means to know.
        """
        ...

"""One window: messages in the order in which they are posted, for one reader, kept no longer than he looks."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.cards.card import Card
from bot.delivery.platform import MessageRef, Outgoing, Surroundings
from bot.model import Op


class Window:
    """A platform without accounts and without a memory. `messages` gives what is posted: what it does, the key of the
    message that it is or belongs to, and its card; None ends it."""

    name = "console"

    def __init__(self) -> None:
        self.messages: asyncio.Queue[tuple[Op, str, Card] | None] = asyncio.Queue()

    async def send(self, message: Outgoing) -> MessageRef:
        """A new message."""
        return self._show(Op.POST, MessageRef(message.channel, message.key), message.card)

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """The message in the place of `head`."""
        return self._show(Op.EDIT, head, message.card)

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """A message under `head`."""
        return self._show(Op.REPLY, head, message.card)

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        """A window remembers nothing."""
        return None

    async def publish(self, ref: MessageRef) -> None:
        """Nobody follows a window."""

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        """Everything may be done in a window."""
        return Surroundings(channel, "text", post=True, thread=True, mention=False, publish=False)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        """A message to the one who looks."""
        return self._show(Op.POST, MessageRef(person, key), card)

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        """A window has no addresses."""
        return None

    def close(self) -> None:
        """Nothing more will be posted."""
        self.messages.put_nowait(None)

    def _show(self, op: Op, ref: MessageRef, card: Card) -> MessageRef:
        self.messages.put_nowait((op, ref.message, card))
        return ref

"""The console as a platform: what it posts goes into the journal first, then on the screen."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bot.cards.card import Card
from bot.cards.card_json import card_json
from bot.delivery.platform import MessageRef, Outgoing, Surroundings
from bot.errors import DeliveryError
from bot.model import Op
from bot.platforms.console.journal import Journal


class Console:
    """A platform without accounts. `journal` is its channel's memory on disk (None: only the screen); `as_json` prints
    the objects of the command line instead of cards."""

    name = "console"

    def __init__(self, *, journal: Path | None = None, as_json: bool = False) -> None:
        self._journal = Journal(journal) if journal is not None else None
        self._as_json = as_json
        self._one_at_a_time = asyncio.Lock()

    async def send(self, message: Outgoing) -> MessageRef:
        """A new message."""
        return await self._post(Op.POST, message, MessageRef(message.channel, message.key))

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """The message once more, marked as an edit: a terminal cannot take back what it printed."""
        return await self._post(Op.EDIT, message, head)

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        """A message under `head`."""
        return await self._post(Op.REPLY, message, MessageRef(message.channel, message.key))

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        """The message that an earlier try with `key` left, by the journal; without one nothing outlives the process."""
        if self._journal is None:
            return None
        async with self._one_at_a_time:
            try:
                message = await asyncio.to_thread(self._journal.find, channel, key)
            except OSError as error:
                raise DeliveryError(f"the console's journal cannot be read: {error}", unknown=True) from error
        return MessageRef(channel, message) if message is not None else None

    async def publish(self, ref: MessageRef) -> None:
        """Nobody follows a console."""

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        """Everything is allowed in one's own terminal."""
        return Surroundings(channel, "text", post=True, thread=True, mention=False, publish=False)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        """A message in a channel named after the person."""
        return await self.send(Outgoing(person, card, key, {}))

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        """A terminal has no addresses."""
        return None

    async def _post(self, op: Op, message: Outgoing, ref: MessageRef) -> MessageRef:
        card = card_json(message.card)
        async with self._one_at_a_time:
            if self._journal is not None:
                line = {
                    "key": message.key,
                    "op": op.value,
                    "channel": message.channel,
                    "message": ref.message,
                    "facts": message.facts,
                    "card": card,
                }
                try:
                    await asyncio.to_thread(self._journal.append, line)
                except OSError as error:
                    raise DeliveryError(f"the console's journal cannot be written: {error}") from error
            self._show(op, message, card)
        return ref

    def _show(self, op: Op, message: Outgoing, card: dict[str, Any]) -> None:
        """What is on the screen is a view: the message stands in the journal already."""
        if self._as_json:
            line = {**message.facts, "op": op.value, "card": card}
            sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()
            return
        from bot.platforms.console.render import print_card

        at = message.facts.get("at")
        print_card(message.card, op, at=datetime.fromisoformat(at) if isinstance(at, str) else None)

"""The adapter of the chat service in chat_server.py: what a platform's adapter makes of answers and failures."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.cards.card import Card
from bot.clock import Clock
from bot.delivery.platform import Limits, MessageRef, Outgoing, Surroundings
from bot.errors import DeliveryError


class HttpChat:
    """A platform of its own name over HTTP."""

    name = "chat"

    def __init__(self, url: str, clock: Clock, limits: Limits | None = None) -> None:
        self.url = url
        self.clock = clock
        self.limits = limits or Limits()
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message: Outgoing) -> MessageRef:
        return MessageRef(message.channel, await self._ask("post", message))

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        await self._ask("edit", message, head=head.message)
        return head

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        return MessageRef(message.channel, await self._ask("reply", message, head=head.message))

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        found = await self._call({"do": "find", "channel": channel, "key": key}, unknown=False)
        return MessageRef(channel, found["id"]) if found["id"] else None

    async def publish(self, ref: MessageRef) -> None:
        """Nobody follows."""

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        return Surroundings(channel, "text", post=True, thread=True, mention=True, publish=False)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        return await self.send(Outgoing(person, card, key, {}))

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(self, do: str, message: Outgoing, head: str = "") -> str:
        documents = message.facts.get("documents") or []
        assert isinstance(documents, list)
        asked = {"do": do, "channel": message.channel, "key": message.key, "head": head, "pid": os.getpid()}
        asked["at"] = time.monotonic()
        return str((await self._call({**asked, "documents": [d["url"] for d in documents]}, unknown=True))["id"])

    async def _call(self, asked: dict[str, Any], *, unknown: bool) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        try:
            async with self._session.post(self.url, json=asked) as answer:
                body: dict[str, Any] = await answer.json(content_type=None)
                status = answer.status
        except aiohttp.ClientConnectorError as error:
            raise DeliveryError(f"not reached: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError(f"no answer: {type(error).__name__}", unknown=unknown) from error
        if status == 429:
            wait = timedelta(seconds=body["retry_after"])
            raise DeliveryError("429", retry_at=self.clock.now() + wait, slowed="platform")
        if status == 501:
            raise DeliveryError("no means to tell", unknown=True)
        if status >= 500:
            raise DeliveryError(f"{status}")
        return body
